#!/usr/bin/env bash
# packages.sh PACKAGE... - install the Debian packages that are missing, and say which.
# "a/b" is satisfied by either; if neither is there, a is installed. Asks nothing.
set -euo pipefail

if ! command -v dpkg-query >/dev/null; then
  echo "not a Debian system, nothing is installed; needed are: $*" >&2
  exit 0
fi

installed() {
  dpkg-query -W -f='${Status}\n' "$1" 2>/dev/null | grep -q '^install ok installed'
}

missing=()
for wanted in "$@"; do
  found=
  for package in ${wanted//\// }; do
    if installed "$package"; then found=yes; fi
  done
  [ -n "$found" ] || missing+=("${wanted%%/*}")
done
[ ${#missing[@]} -gt 0 ] || exit 0

if [ "$(id -u)" -ne 0 ]; then
  echo "packages are missing; as root: apt-get install --no-install-recommends ${missing[*]}" >&2
  exit 1
fi

echo "installing Debian packages: ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
log=$(mktemp)
trap 'rm -f "$log"' EXIT
apt() { apt-get -qq -o DPkg::Lock::Timeout=300 "$@" </dev/null >"$log" 2>&1; }
install() { apt install -y --no-install-recommends "${missing[@]}"; }
# The lists may be absent or older than the archive.
install || { apt update && install; } || { tail -n 20 "$log" >&2; exit 1; }
