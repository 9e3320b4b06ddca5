#!/usr/bin/env bash
# gates.sh TARGET... - make each target, as one gate of the tests, and sum what they report.
#
# A gate that prints lines such as "12 passed, 0 failed, 1 skipped" brings these numbers;
# any other counts as one test. The last line is the sum; the exit status is 0 only if
# something passed and nothing failed.
#
# GATE_SECONDS   how long one gate may take (600)
# GATES_SECONDS  how long all may take: a gate that no longer fits is a skip (no limit)
set -u
make=${MAKE:-make}
started=$EPOCHSECONDS
passed=0 failed=0 skipped=0 notes=()
log=$(mktemp)
trap 'rm -f "$log"' EXIT

for gate in "$@"; do
  limit=${GATE_SECONDS:-600}
  if [ -n "${GATES_SECONDS:-}" ]; then
    left=$((GATES_SECONDS - (EPOCHSECONDS - started)))
    if [ "$left" -lt 45 ]; then
      skipped=$((skipped + 1))
      notes+=("skipped: $gate: the time for all gates (${GATES_SECONDS} s) is spent")
      continue
    fi
    limit=$((left < limit ? left : limit))
  fi

  echo "== $gate"
  gate_started=$EPOCHSECONDS
  timeout -k 10 "$limit" $make --no-print-directory "$gate" </dev/null 2>&1 | tee "$log"
  status=${PIPESTATUS[0]}

  read -r lines p f s < <(awk '
    /^[0-9]+ passed, [0-9]+ failed(, [0-9]+ skipped)?$/ { n++; p += $1; f += $3; s += $5 }
    END { print n + 0, p + 0, f + 0, s + 0 }' "$log")
  if [ "$lines" -eq 0 ]; then
    if [ "$status" -eq 0 ]; then p=1; else f=1; fi
  elif [ "$status" -ne 0 ] && [ "$f" -eq 0 ]; then
    f=1
  fi
  # It ended because all the time is spent, not its own, and nothing had failed by then.
  if [ "$status" -eq 124 ] && [ "$limit" -lt "${GATE_SECONDS:-600}" ] && ! grep -q '^FAILED ' "$log"; then
    f=0 s=$((s + 1))
    notes+=("skipped: the rest of $gate: the time for all gates (${GATES_SECONDS} s) is spent")
  fi
  [ "$f" -eq 0 ] || notes+=("failed: $gate ($f, exit status $status$(
    [ "$status" -ne 124 ] || echo ", out of time after $limit s"))")
  passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
  echo "== $gate: $((EPOCHSECONDS - gate_started)) s"
done

[ ${#notes[@]} -eq 0 ] || printf '%s\n' "${notes[@]}"
[ "$passed" -gt 0 ] || echo "no test passed"
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
