#!/bin/sh
# bundle.sh LUA FOLDER LINKED MODULE... - put into FOLDER all that a host of this Lua needs to
# `require "lualogue"`: the Lua files, the modules, lua-cjson, and `setup.lua`, which makes them
# found. The folder may be moved and shipped; it needs libcurl on the machine that it runs on.
#
# LINKED     the lua-cjson that is linked into the module; empty: there is none
# CJSON_SO   the lua-cjson to take; else the one that this Lua finds
set -eu
lua=$1 to=$2 linked=$3
shift 3

if [ -z "$linked" ] && [ -z "${CJSON_SO:-}" ]; then
  CJSON_SO=$("$lua" - <<'LUA'
    for template in package.cpath:gmatch "[^;]+" do
      local path = template:gsub("%?", "cjson")
      local file = io.open(path, "rb")
      if file then file:close() io.write(path) break end
    end
LUA
  )
  [ -n "$CJSON_SO" ] || {
    echo "$lua finds no lua-cjson to put into the folder: install it for this Lua, or CJSON_SO=/path/of/cjson.so" >&2
    exit 1
  }
fi

# What an earlier version has left there.
[ ! -e "$to/lualogue/init.lua" ] || rm -r "$to/lualogue"
mkdir -p "$to"
to=$(cd "$to" && pwd)
cp -R lua/lualogue "$to/"
install -m 755 "$@" "$to/lualogue/"
install -m 644 LICENSE "$to/lualogue/"
rm -f "$to/cjson.so" "$to/LICENSE.lua-cjson"
if [ -z "$linked" ]; then
  install -m 755 "$CJSON_SO" "$to/cjson.so"
  # Its licence is to go with it.
  for text in /usr/share/doc/lua-cjson/copyright "$(dirname "$CJSON_SO")/LICENSE"; do
    if [ -f "$text" ]; then install -m 644 "$text" "$to/LICENSE.lua-cjson" && break; fi
  done
fi
cat >"$to/setup.lua" <<'LUA'
-- Makes `require "lualogue"` find what lies in this folder: dofile "/path/of/this/setup.lua".
local here = debug.getinfo(1, "S").source:match "^@(.*[/\\])" or "./"
package.path = here .. "?.lua;" .. here .. "?/init.lua;" .. package.path
package.cpath = here .. "?.so;" .. package.cpath
LUA

# Does it work with nothing else?
(
  cd /
  unset LUA_PATH LUA_CPATH LUA_INIT LUA_PATH_5_2 LUA_PATH_5_3 LUA_PATH_5_4 \
    LUA_CPATH_5_2 LUA_CPATH_5_3 LUA_CPATH_5_4 LUA_INIT_5_2 LUA_INIT_5_3 LUA_INIT_5_4
  "$lua" - "$to" <<'LUA'
    package.path, package.cpath = "", ""
    dofile(arg[1] .. "/setup.lua")
    local lualogue = require "lualogue"
    lualogue.new { base_url = "http://127.0.0.1:9/v1" }
    assert(require("lualogue.tokens").for_model("gpt-4o"):count "Hello" == 1)
    print("all of lualogue for " .. _VERSION .. " (JSON: " .. lualogue.json.library() .. ") is in " .. arg[1])
    print [[its contents go where a host looks, such as lua/ of a Neovim plugin or the folder of a game;
elsewhere: dofile "FOLDER/setup.lua". The machine must have libcurl.]]
LUA
)
