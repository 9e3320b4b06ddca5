#!/usr/bin/env bash
# run.sh DIR SECONDS TARGET... - run each fuzz target in DIR for so long, one after the other.
#
# A target begins with what it found before (DIR/corpus/TARGET) and with seeds: the lines of
# spec/c/fuzz/TARGET.seeds (one each, with the escapes of printf), every file of spec/fixtures,
# and every event of the streams among them. The last line is "N passed, N failed".
set -u
dir=$1 seconds=$2
shift 2
here=$(dirname "$0")
passed=0 failed=0

# split FOLDER: one file for each line of stdin
split() {
  local i=0 line
  while IFS= read -r line || [ -n "$line" ]; do
    i=$((i + 1))
    printf '%b' "$line" >"$1-$i"
  done
}

seed() {
  rm -rf "$2" && mkdir -p "$2"
  if [ -e "$here/$1.seeds" ]; then split "$2/seed" <"$here/$1.seeds"; fi
  find "$here/../../fixtures" -type f -size -256k -exec cp -t "$2" {} + 2>/dev/null
  find "$here/../../fixtures" -type f -name '*.sse' -size -256k -exec cat {} + 2>/dev/null |
    sed -n 's/^data: *{/{/p' | sed 's/\\/\\\\/g' | head -n 500 | split "$2/event"
}

mkdir -p "$dir/crashes"
for target in "$@"; do
  seed "$target" "$dir/seeds/$target"
  mkdir -p "$dir/corpus/$target"
  options=(-max_total_time="$seconds" -timeout=20 -rss_limit_mb=2048 -max_len=4096
    -artifact_prefix="$dir/crashes/$target-")
  if [ -e "$here/$target.dict" ]; then options+=(-dict="$here/$target.dict"); fi
  if "$dir/$target" "${options[@]}" "$dir/corpus/$target" "$dir/seeds/$target" \
    >"$dir/$target.log" 2>&1; then
    passed=$((passed + 1))
    echo "$target: $(sed -n 's/^Done \([0-9]*\) runs.*/\1 runs/p' "$dir/$target.log")"
  else
    failed=$((failed + 1))
    echo "$target: failed; all of it is in $dir/$target.log"
    grep -vE '^#[0-9]+|# Uses' "$dir/$target.log" | tail -n 40
  fi
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
