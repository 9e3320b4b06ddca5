#!/bin/sh
# cjson_probe.sh CC LUA [LIBRARY] - print the static lua-cjson that can be linked into our
# module, or nothing. A library that is not position independent cannot (Debian 12's is not
# on amd64).
cc=$1 lua=$2 asked=$3

links() {
  out=$(mktemp) || return 1
  $cc -shared -o "$out" -Wl,-u,luaopen_cjson "$1" -lm >/dev/null 2>&1
  status=$?
  rm -f "$out"
  return $status
}

[ "$lua" = luajit ] && lua=lua5.1
library=${asked:-$(pkg-config --variable=libdir "$lua-cjson" 2>/dev/null)/lib$lua-cjson.a}
if [ -f "$library" ] && links "$library"; then echo "$library"; fi
