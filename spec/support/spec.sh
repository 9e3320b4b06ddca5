#!/usr/bin/env bash
# spec.sh INTERPRETER [BUSTED ARGUMENT...] - run the specs under one Lua.
#
# LUA_PATH and LUA_CPATH say which build is meant (make env). INTERPRETER may be several
# words ("valgrind -q lua5.4"). An argument that begins with "-" is busted's, any other a spec
# file or a folder of them; without one, all of them. The files are dealt out to as many runs as there are
# processors. Whatever a spec started and did not end, and whatever it left in the temporary
# folder, counts as one more failed test. The last line is the sum of all runs.
#
# SPEC_JOBS  how many runs at once (the number of processors, at most 4)
set -u
read -ra interpreter <<<"$1"
shift
options=() files=()
for argument; do
  case $argument in
    -*) options+=("$argument") ;;
    *.lua) files+=("$argument") ;;
    *) mapfile -t -O ${#files[@]} files < <(find "$argument" -name '*_spec.lua' | sort) ;;
  esac
done
[ ${#files[@]} -gt 0 ] || mapfile -t files < <(find spec -name '*_spec.lua' | sort)
busted=$(command -v busted) || { echo "busted is missing (Debian: lua-busted)" >&2; exit 1; }
jobs=${SPEC_JOBS:-$(nproc)}
[ "$jobs" -le 4 ] || jobs=4
[ "$jobs" -le ${#files[@]} ] || jobs=${#files[@]}

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
# What runs in the background does not hear Ctrl-C.
trap 'kill 0' INT
export LLG_SPEC_RUN=$$-$EPOCHSECONDS LC_ALL=C.UTF-8
# A key or a server of the person who runs this must not change what is tested.
unset OPENAI_API_KEY OPENAI_BASE_URL OPENAI_ORG_ID OPENAI_PROJECT_ID
unset LUALOGUE_CASSETTE LUALOGUE_RECORD LUALOGUE_OFFLINE
# Nor what is trusted, and by which way it is reached.
unset CURL_CA_BUNDLE SSL_CERT_FILE SSL_CERT_DIR
unset {http,https,all,no}_proxy {HTTP,HTTPS,ALL,NO}_PROXY

totals='^[0-9]+ passed, [0-9]+ failed, [0-9]+ skipped$'

# run JOB: every jobs-th file, from the JOB-th on, in a temporary folder of its own. Its lines go
# to descriptor 3, its sum to standard output.
run() {
  local job=$1 said=$scratch/said-$1 mine=() i pid status
  for ((i = job; i < ${#files[@]}; i += jobs)); do mine+=("${files[i]}"); done
  mkdir "$scratch/$job"
  : >"$said"
  # Into a file: a pipe would not end before the last process that inherited it. What runs in the
  # background ignores Ctrl-C, and so would what the specs start.
  TMPDIR=$scratch/$job env --default-signal=INT,QUIT "${interpreter[@]}" "$busted" --output=spec/support/report.lua \
    ${options[@]+"${options[@]}"} "${mine[@]}" >"$said" &
  pid=$!
  tail -n +1 -s 0.2 -f --pid="$pid" "$said" | grep --line-buffered -vE "$totals" >&3
  wait "$pid"
  status=$?
  # Without a sum it ended before it could say so.
  grep -E "$totals" "$said" || echo "0 passed, 1 failed, 0 skipped"
  return "$status"
}

# "PID command" of each process that carries our mark in its environment.
strays() {
  grep -lzxF "LLG_SPEC_RUN=$LLG_SPEC_RUN" /proc/[0-9]*/environ 2>/dev/null | while read -r environ; do
    pid=${environ//[^0-9]/}
    # Gone since, or this script itself: nothing to say.
    [ "$pid" != $$ ] || continue
    command=$({ tr "\0" " " <"/proc/$pid/cmdline"; } 2>/dev/null) || continue
    case $command in "" | grep\ -lzxF* | *spec/support/spec.sh*) continue ;; esac
    echo "$pid $command"
  done
}

runs=() status=0
for ((job = 0; job < jobs; job++)); do
  run "$job" 3>&1 >"$scratch/totals-$job" &
  runs+=($!)
done
for pid in "${runs[@]}"; do wait "$pid" || status=$?; done

# A server ends when its pipe does: give it a moment.
for _ in 1 2 3 4 5 6 7 8 9 10; do
  left=$(strays)
  [ -n "$left" ] || break
  sleep 0.2
done
files_left=$(find "$scratch" -mindepth 2)
if [ -n "$left$files_left" ]; then
  [ -z "$left" ] || printf 'a process was left behind:\n%s\n' "$left"
  [ -z "$files_left" ] || printf 'a file was left behind:\n%s\n' "$files_left"
  for pid in $(cut -d' ' -f1 <<<"$left"); do kill "$pid"; done
  echo "0 passed, 1 failed, 0 skipped" >"$scratch/totals-left"
  status=1
fi
cat "$scratch"/totals-* | awk '{ p += $1; f += $3; s += $5 }
  END { printf "%d passed, %d failed, %d skipped\n", p, f, s }'
exit "$status"
