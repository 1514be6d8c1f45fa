#!/usr/bin/env bash
# Builds the page into web/target/page, when something it is made of is newer; Maven puts that into the node's jar. Needs Node.js and npm; after the
# first time no network.
#   web/build.sh               the page
#   web/build.sh modules       only the libraries (node_modules)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

say()  { printf 'waggle: %s\n' "$*"; }
fail() { printf 'waggle: %s\n' "$@"; exit 1; }

need_node() {
  command -v node >/dev/null && command -v npm >/dev/null || fail "Node.js with npm (20.19 or newer) is missing: it builds the page." \
    "  Debian, Ubuntu: apt-get install nodejs npm" "  macOS:          brew install node" "  anywhere:       nodejs.org"
  node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' ||
    fail "Node.js $(node --version) is too old to build the page: 20.19 or newer is needed."
}

# npm's own lock of what is installed, compared with what should be.
modules() {
  if cmp -s package-lock.json node_modules/.waggle-lock; then return; fi
  need_node
  mkdir -p target
  say "fetching the page's libraries (npm, once, until package-lock.json changes)"
  npm ci --prefer-offline --no-audit --no-fund > target/npm.log 2>&1 || { tail -n 20 target/npm.log | sed 's/^/waggle:   /'; fail "the page's libraries could not be fetched; all of npm's output is in web/target/npm.log"; }
  cp package-lock.json node_modules/.waggle-lock
}

page() {
  if [ -f target/page/index.html ] && [ -z "$(find src index.html package.json package-lock.json vite.config.ts tsconfig.json build.sh -newer target/page/index.html -print -quit)" ]; then return; fi
  modules
  need_node
  mkdir -p target
  say "building the page"
  npm run --silent build > target/page.log 2>&1 || { tail -n 40 target/page.log | sed 's/^/waggle:   /'; fail "the page does not build; all of the output is in web/target/page.log"; }
  touch target/page/index.html
}

case ${1:-page} in
  modules) modules ;;
  page) page ;;
  *) fail "usage: web/build.sh [modules]" ;;
esac
