#!/bin/sh
# run.sh [PORT] - nginx with the relay, in a folder that is gone when it ends.
here=$(cd "$(dirname "$0")" && pwd)
folder=$(mktemp -d) && trap 'rm -rf "$folder"' EXIT
sed "s|HERE|$here|; s|PORT|${1:-8090}|; s|MODULES|${NGINX_MODULES:-/usr/lib/nginx/modules}|" \
  "$here/nginx.conf" >"$folder/nginx.conf"
export LUA_PATH="$here/?.lua;$here/../?/init.lua;${LUA_PATH:-;;}"
PATH=$PATH:/usr/sbin nginx -p "$folder" -c "$folder/nginx.conf" &
trap 'kill $!' INT TERM
wait $! # a signal ends this wait, the next one is for nginx itself
wait $!
