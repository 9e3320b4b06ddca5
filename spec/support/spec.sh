#!/usr/bin/env bash
# spec.sh INTERPRETER [BUSTED ARGUMENT...] - run the specs under one Lua.
#
# LUA_PATH and LUA_CPATH say which build is meant (make env). INTERPRETER may be several
# words ("valgrind -q lua5.4"). Whatever a spec started and did not end, and whatever it left
# in the temporary folder, counts as one more failed test.
set -u
read -ra interpreter <<<"$1"
shift
[ $# -gt 0 ] || set -- spec
busted=$(command -v busted) || { echo "busted is missing (Debian: lua-busted)" >&2; exit 1; }

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export TMPDIR=$scratch LLG_SPEC_RUN=$$-$EPOCHSECONDS LC_ALL=C.UTF-8
# A key or a server of the person who runs this must not change what is tested.
unset OPENAI_API_KEY OPENAI_BASE_URL OPENAI_ORG_ID OPENAI_PROJECT_ID
unset LUALOGUE_CASSETTE LUALOGUE_RECORD LUALOGUE_OFFLINE
# Nor what is trusted, and by which way it is reached.
unset CURL_CA_BUNDLE SSL_CERT_FILE SSL_CERT_DIR
unset {http,https,all,no}_proxy {HTTP,HTTPS,ALL,NO}_PROXY

"${interpreter[@]}" "$busted" --output=spec/support/report.lua "$@"
status=$?

# "PID command" of each process that carries our mark in its environment.
strays() {
  grep -lzxF "LLG_SPEC_RUN=$LLG_SPEC_RUN" /proc/[0-9]*/environ 2>/dev/null | while read -r environ; do
    pid=${environ//[^0-9]/}
    # Gone since, or this function itself: nothing to say.
    command=$({ tr "\0" " " <"/proc/$pid/cmdline"; } 2>/dev/null) || continue
    case $command in "" | grep\ -lzxF*) continue ;; esac
    echo "$pid $command"
  done
}

# A server ends when its pipe does: give it a moment.
for _ in 1 2 3 4 5 6 7 8 9 10; do
  left=$(strays)
  [ -n "$left" ] || break
  sleep 0.2
done
files=$(find "$scratch" -mindepth 1)
if [ -n "$left$files" ]; then
  [ -z "$left" ] || printf 'a process was left behind:\n%s\n' "$left"
  [ -z "$files" ] || printf 'a file was left behind:\n%s\n' "$files"
  for pid in $(cut -d' ' -f1 <<<"$left"); do kill "$pid"; done
  echo "0 passed, 1 failed"
  status=1
fi
exit "$status"
