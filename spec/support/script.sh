#!/usr/bin/env bash
# script.sh LUA LUADIR LIBDIR - the command `lualogue` for one Lua, which finds its modules there.
set -eu
lua=$(command -v "$1") || { echo "there is no $1" >&2; exit 1; }
source=${0%/*}/../../lua/lualogue/command/lualogue
quoted() { printf '"%s"' "$(sed 's/[\\"]/\\&/g' <<<"$1")"; }
{
  echo "#!$lua"
  sed -n 2p "$source"
  echo "local lua, lib = $(quoted "$2"), $(quoted "$3")"
  echo 'package.path = lua .. "/?.lua;" .. lua .. "/?/init.lua;" .. package.path'
  echo 'package.cpath = lib .. "/?.so;" .. package.cpath'
  tail -n 1 "$source"
}
