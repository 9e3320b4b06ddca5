#!/usr/bin/env bash
# keys.sh KEEP_FILES.SO COMMAND... - run specs, and search all that they have written for the keys
# that were used: their output, and every file that they made and removed again. A key is whatever
# the fixture server was shown to be let in with.
set -u
aid=$1
shift
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
mkdir "$place/keys" "$place/files"

FIXTURE_KEYS=$place/keys KEEP_FILES=$place/files LD_PRELOAD=$aid "$@" 2>&1 | tee "$place/output"
status=${PIPESTATUS[0]}

sort -u "$place"/keys/* >"$place/list" 2>/dev/null
keys=$(wc -l <"$place/list") kept=$(find "$place/files" -type f | wc -l)
# A file that a key is read from has it, in a line that nothing but a spec writes.
found=$(grep -laFf "$place/list" "$place/output" -r "$place/files" | while read -r file; do
  grep -aFf "$place/list" "$file" | grep -qav '^[A-Z_]*API_KEY=' && echo "$file"
done)
if [ "$keys" -eq 0 ] || [ "$kept" -eq 0 ]; then
  echo "nothing was searched: $keys keys, $kept files"
  found=nothing
elif [ -n "$found" ]; then
  for file in $found; do
    echo "a key is in ${file#"$place/"}:"
    grep -aFf "$place/list" "$file" | head -n 3 | cut -c1-300
  done
else
  echo "$keys keys were used; none is in $(wc -l <"$place/output") lines of output and $kept files"
fi
if [ -n "$found" ]; then echo "0 passed, 1 failed, 0 skipped"; else echo "1 passed, 0 failed, 0 skipped"; fi
[ "$status" -eq 0 ] && [ -z "$found" ]
