#!/usr/bin/env bash
# Tests of the pages: the committed files are what the sources give, their style, the kernels in
# WebAssembly, and both pages in headless Chromium. Ends with "N passed, N failed".
# WEIR: the weir command to compare with; build/release/weir if it is not set.
# CHROMIUM: the browser; chromium in PATH if it is not set.
set -uo pipefail
cd "$(dirname "$0")"
exec </dev/null

export WEIR=${WEIR:-$PWD/../build/release/weir}
export CHROMIUM=${CHROMIUM:-$(command -v chromium || echo chromium)}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0
failed=0

# check NAME COMMAND...: one test.
check() {
  if "${@:2}" >"$work/log" 2>&1; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    echo "FAILED: $1"
    tail -40 "$work/log"
  fi
}

# What the tests need, all of it at once.
missing=()
for program in node npm clang++-14 wasm-ld-14 "$CHROMIUM"; do
  command -v "$program" >/dev/null || missing+=("$program")
done
for file in "$WEIR" /usr/include/hwy/highway.h /usr/include/wasm32-wasi/c++/v1/vector; do
  [ -e "$file" ] || missing+=("$file")
done
if [ ${#missing[@]} -gt 0 ]; then
  echo "missing: ${missing[*]}"
  echo "As root, run scripts/install_packages.sh test_packages.txt; build weir with make build."
  echo "0 passed, 1 failed"
  exit 1
fi

if ! npm ci --ignore-scripts --no-audit --no-fund >"$work/npm.log" 2>&1; then
  tail -20 "$work/npm.log"
  echo "npm could not install what web/package-lock.json names"
  echo "0 passed, 1 failed"
  exit 1
fi

check "style of web/" npx --no-install prettier --check .
check "build" node build.mjs --out "$work/dist"
check "web/dist is what the sources give; run: npm run build" diff -rq "$work/dist" dist

# Something to report: five small nets, twice each.
export REPORTS=$work/runs/c-smoke
check "a small comparison" "$WEIR" compare ../configs/compare/c_smoke.yaml --out "$work/runs"

node --test --test-concurrency=1 --test-reporter=tap tests/*.test.mjs >"$work/tap" 2>&1
counts=$(sed -nE 's/^# (pass|fail|cancelled|skipped) ([0-9]+)$/\2/p' "$work/tap" | tr '\n' ' ')
read -r pass fail cancelled skipped <<<"$counts"
if [ -z "${skipped:-}" ]; then
  tail -40 "$work/tap"
  echo "FAILED: node ran no test"
  fail=1 pass=0 cancelled=0 skipped=0
fi
[ $((fail + cancelled + skipped)) -eq 0 ] || grep -vE '^ *(ok|---|\.\.\.|duration_ms)' "$work/tap" | head -150
grep -E '[0-9]+ (conformance cases|walks compared)' "$work/tap"
passed=$((passed + pass))
failed=$((failed + fail + cancelled + skipped))

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
