#!/usr/bin/env bash
# run.sh DESCRIPTION FOLDER COMMAND... - judge requests by the API's description: those that COMMAND,
# the specs, makes the fixture server get, and some made up for each operation. FOLDER keeps the
# validator (npm's ajv) and what came. LUA_PATH and LUA_CPATH say which build is meant.
set -eu
description=$1 folder=$2
shift 2
[ -f "$description" ] || {
  echo "DESCRIPTION= is to name the API's OpenAPI description as JSON (openai/openai-openapi on GitHub); there is no $description" >&2
  exit 1
}
command -v npm >/dev/null || { echo "npm and node are needed (Debian: nodejs npm)" >&2; exit 1; }
mkdir -p "$folder"
export VALIDATE_NPM=$folder/npm
[ -d "$VALIDATE_NPM/node_modules/ajv" ] || {
  mkdir -p "$VALIDATE_NPM"
  echo '{ "private": true }' >"$VALIDATE_NPM/package.json"
  npm install --prefix "$VALIDATE_NPM" --no-audit --no-fund --silent ajv@8.17.1 ajv-formats@3.0.1
}
rm -rf "$folder/suite" "$folder/made_up"
mkdir "$folder/suite" "$folder/made_up"

bad=0
node spec/validate/main.mjs cases "$description" "$folder/cases.jsonl"
FIXTURE_RECORD=$folder/made_up "${LLG_LUA:-lua5.4}" spec/validate/call.lua "$folder/cases.jsonl" || bad=1
node spec/validate/main.mjs judge "$description" "$folder/made_up" "$folder/cases.jsonl" || bad=1
FIXTURE_RECORD=$folder/suite "$@" || bad=1
node spec/validate/main.mjs judge "$description" "$folder/suite" || bad=1
exit $bad
