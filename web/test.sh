#!/usr/bin/env bash
# Tests of the page: its logic (Vitest), then all of it in Chromium against real nodes of the built program.
#   web/test.sh [FILE …]       only these browser tests
# WAGGLE_PICTURES=1 writes the pictures of the documentation anew; CHROMIUM names another browser of that kind.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
./build.sh modules
mkdir -p target
result=0 passed=0 failed=0 skipped=0

add() { # PASSED FAILED of a log, by their patterns
  passed=$((passed + $(grep -c "$1" "$3" || true)))
  failed=$((failed + $(grep -c "$2" "$3" || true)))
}

if [ $# -eq 0 ]; then
  node_modules/.bin/vitest run --reporter=tap-flat 2>&1 | tee target/vitest.log || result=1
  add '^ok ' '^not ok ' target/vitest.log
  set -- browser/*.test.mjs
fi

for candidate in ${CHROMIUM:-} chromium chromium-browser google-chrome; do
  if command -v "$candidate" >/dev/null; then CHROMIUM=$(command -v "$candidate"); export CHROMIUM; break; fi
done
if [ -z "${CHROMIUM:-}" ]; then
  echo "waggle: chromium is missing, the page is not tested in a browser"
  skipped=$#
else
  # Two at a time what only waits until all is shown; one at a time what says how long something took.
  patient=() alone=()
  for file in "$@"; do if grep -qE 'Date\.now|performance\.now' "$file"; then alone+=("$file"); else patient+=("$file"); fi; done
  browser() { # HOW-MANY FILE …
    [ $# -gt 1 ] || return 0
    node --test --test-concurrency="$1" --test-timeout=300000 --test-reporter=tap "${@:2}" 2>&1 | tee target/browser.log || result=1
    add '^ok ' '^not ok ' target/browser.log
  }
  browser 2 ${patient[@]+"${patient[@]}"}
  browser 1 ${alone[@]+"${alone[@]}"}
fi
echo "page: $passed passed, $failed failed, $skipped skipped"
exit $result
