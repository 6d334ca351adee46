#!/usr/bin/env bash
# Prints the path of a Chromium to test with: the one named by $CHROMIUM, one that is there, or one
# installed now where that can be done without asking anybody (root, apt-get).
set -uo pipefail

look() {
  if [ -n "${CHROMIUM:-}" ]; then
    command -v "$CHROMIUM" && return
    echo "There is no browser at $CHROMIUM. Set CHROMIUM to one, or to nothing." >&2
    exit 1
  fi
  local name
  for name in chromium chromium-browser google-chrome google-chrome-stable; do
    command -v "$name" && return
  done
  name='/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'
  [ -x "$name" ] && echo "$name"
}

look && exit
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo 'Installing Chromium for the tests of the report.' >&2
  { apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends chromium; } >&2
  look && exit
fi
echo 'Missing: Chromium, in which the report is tested. Debian: apt-get install chromium. Others: install Chrome or Chromium and set CHROMIUM to its path.' >&2
exit 1
