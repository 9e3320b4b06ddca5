#!/bin/sh
# cjson_probe.sh CC LUA_INC [LIBRARY] - print the static lua-cjson that can be linked into our
# module, or nothing. A library that is not position independent cannot (Debian 12's is not
# on amd64). Which Lua it must be for is what the headers say: LuaRocks names nothing else.
cc=$1 inc=$2 asked=$3

links() {
  out=$(mktemp) || return 1
  $cc -shared -o "$out" -Wl,-u,luaopen_cjson "$1" -lm >/dev/null 2>&1
  status=$?
  rm -f "$out"
  return $status
}

number=$(printf '#include <lua.h>\nLUA_VERSION_NUM\n' | $cc -E $inc - 2>/dev/null | tail -n 1)
case $number in
  [0-9][0-9][0-9]) lua=lua${number%??}.${number#??} ;;
  *) lua=lua ;;
esac
library=${asked:-$(pkg-config --variable=libdir "$lua-cjson" 2>/dev/null)/lib$lua-cjson.a}
if [ -f "$library" ] && links "$library"; then echo "$library"; fi
