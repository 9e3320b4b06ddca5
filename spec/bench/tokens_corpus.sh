#!/usr/bin/env bash
# tokens_corpus.sh FOLDER - texts to count: English (Debian's licences), code (this project),
# Chinese (Debian's Chinese manual pages, prose lines alone), and what is hard to merge.
set -euo pipefail

folder=$1
mkdir -p "$folder"
cat /usr/share/common-licenses/{Apache-2.0,Artistic,CC0-1.0,GFDL-1.3,GPL-1,GPL-3,LGPL-2.1,MPL-2.0} \
  >"$folder/english.txt"
git ls-files -z '*.c' '*.h' '*.lua' | xargs -0 cat >"$folder/code.txt"
if [ ! -s "$folder/chinese.txt" ]; then
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  (cd "$work" && apt-get -qq download manpages-zh 2>/dev/null && dpkg-deb -x manpages-zh*.deb .)
  # Lines that begin with a Han character and have no Latin letters.
  find "$work" -name '*.gz' -print0 | LC_ALL=C sort -z | xargs -0 zcat \
    | LC_ALL=C grep -E $'^[\xe4-\xe9]' | LC_ALL=C grep -v '[A-Za-z\\]' \
    | LC_ALL=C awk '(n += length($0) + 1) < 900000' | iconv -c -f UTF-8 -t UTF-8 >"$folder/chinese.txt"
fi
head -c 1000000 /dev/zero | tr '\0' a >"$folder/one_letter.txt"
head -c 1000000 /dev/zero | tr '\0' ' ' >"$folder/spaces.txt"
awk 'BEGIN { srand(7); for (i = 0; i < 1000000; i++) printf "%c", 97 + int(26 * rand()) }' \
  >"$folder/random_letters.txt"
wc -c "$folder"/*.txt | sed 's/^/# /'
