#!/bin/sh
# needs.sh LUA - is there what a build needs: a compiler, and the headers of libcurl and of Lua? All
# that is missing is named, with what to do about it; nothing is installed.
#
# CC, CURL_INC, LUA_INC  as the build uses them
lua=$1
missing=

includes() { # includes CODE: do these lines pass the preprocessor?
  printf '%b\n' "$1" | $CC $CURL_INC $LUA_INC -E - >/dev/null 2>&1
}

miss() {
  missing="$missing
  $1"
}

number=$(printf '#include <curl/curl.h>\n#include <lauxlib.h>\n#include <lua.h>\nLUA_VERSION_NUM\n' |
  $CC $CURL_INC $LUA_INC -E - 2>/dev/null | tail -n 1)

case $lua in
  */*) [ -x "$lua" ] || miss "$lua, the interpreter that LUA= names" ;;
esac
if ! command -v "${CC%% *}" >/dev/null; then
  miss "a C compiler, $CC: Debian's gcc and libc6-dev, or CC="
else
  includes '#include <curl/curl.h>' ||
    miss "curl/curl.h: Debian's libcurl4-openssl-dev, or CURL_INC=-I... CURL_LIB='-L... -lcurl'"
  includes '#include <curl/curl.h>\n#if LIBCURL_VERSION_NUM < 0x074400\n#error\n#endif' ||
    ! includes '#include <curl/curl.h>' || miss "libcurl 7.68 or later: what is there is older"
  includes '#include <lua.h>\n#include <lauxlib.h>' ||
    miss "lua.h and lauxlib.h of $lua: Debian's -dev package of it, or LUA_INC=, the folder where they are"
fi
if [ -n "$missing" ]; then
  echo "not found:$missing" >&2
  case $lua in
    */*) ;;
    *) echo "Debian's packages are installed by root with: make deps LUA=$lua" >&2 ;;
  esac
  exit 1
fi

# A folder of another Lua's headers is found out here, not when the module is loaded.
runs=$("$lua" -e "io.write((_VERSION:gsub('%D+', '')))" 2>/dev/null) || exit 0
[ "$number" = "${runs%?}0${runs#?}" ] || {
  echo "the headers ($LUA_INC) are those of Lua ${number%??}.${number#??}, but $lua is Lua ${runs%?}.${runs#?}" >&2
  exit 1
}
