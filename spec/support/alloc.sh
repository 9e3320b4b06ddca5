#!/usr/bin/env bash
# alloc.sh HOST SCRIPT... - run the scripts with every allocation failing, beside the offline
# model, whose address they find in OPENAI_BASE_URL. The model ends with its standard input.
set -u
coproc MODEL { env -u LUA_PATH -u LUA_CPATH OFFLINE_DELAY_MS=0 luajit examples/offline/server.lua --parent-pipe; }
read -r OPENAI_BASE_URL <&"${MODEL[0]}" || { echo "the offline model does not start" >&2; exit 1; }
export OPENAI_BASE_URL
"$@"
status=$?
pid=$MODEL_PID
eval "exec ${MODEL[1]}>&-"
wait "$pid"
exit "$status"
