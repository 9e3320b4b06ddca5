#!/usr/bin/env bash
# with_tiktoken.sh COMMAND... - run a command with TIKTOKEN set to a copy of the reference
# implementation (npm's tiktoken, WebAssembly), fetched into a folder that is removed again.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
(cd "$folder" && npm pack --silent tiktoken@1.0.22 >name && tar xzf "$(cat name)")
TIKTOKEN="$folder/package" "$@"
