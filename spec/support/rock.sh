#!/usr/bin/env bash
# rock.sh TREE - is the rockspec right? Lint it, build and install for two Luas, and use what
# was installed from another folder. The lua-cjson rock is not fetched: the system's is used.
set -eu
tree=$1
rockspec=$PWD/$(ls ./*.rockspec)
luarocks lint "$rockspec"

for version in 5.4 5.1; do
  rm -rf "$tree"
  log=$(mktemp)
  luarocks make --tree "$tree" --lua-version="$version" --deps-mode=none "$rockspec" >"$log" 2>&1 \
    || { cat "$log"; rm -f "$log"; exit 1; }
  rm -f "$log"
  (
    cd /
    export LUA_PATH="$tree/share/lua/$version/?.lua;$tree/share/lua/$version/?/init.lua;;"
    export LUA_CPATH="$tree/lib/lua/$version/?.so;;"
    "lua$version" - "$tree" <<'LUA'
      local tree = arg[1]
      for name in pairs({ lualogue = 1, ["lualogue.core"] = 1, ["lualogue.tokens"] = 1 }) do
        assert(type(require(name)) == "table", name)
      end
      local client = require("lualogue").new({ base_url = "http://127.0.0.1:9/v1", api_key = false })
      local reply, err = client:chat({ model = "m", messages = {} }, { max_retries = 0 })
      assert(reply == nil and err.kind == "connection", tostring(err))
      assert(require("lualogue.tokens").for_model("gpt-4o"):count("Hello") == 1)
      local core = assert(package.searchpath and package.searchpath("lualogue.core", package.cpath)
        or tree)
      assert(core:sub(1, #tree) == tree, core)
LUA
    unset LUA_PATH LUA_CPATH
    "$tree/bin/lualogue" --version | grep -q "^lualogue .*Lua $version"
    "$tree/bin/lualogue" --dry-run hello </dev/null 2>/dev/null | grep -q '"content":"hello"'
  )
done
rm -rf "$tree"
