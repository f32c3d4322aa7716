#!/usr/bin/env bash
# Everything that `make test` promises. Goes on after a failure, and ends with one line that counts:
# "N passed, N failed". Exit status 0 only when nothing failed.
set -uo pipefail
cd "$(dirname "$0")/.."
exec </dev/null

jobs=$(nproc)
passed=0
failed=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

headline() { printf '\n== %s  (%d s)\n' "$1" "$SECONDS"; }

fail_step() {
  failed=$((failed + 1))
  echo "FAILED: $1"
}

# check NAME COMMAND...: one test.
check() {
  headline "$1"
  if "${@:2}"; then passed=$((passed + 1)); else fail_step "$1"; fi
}

# build PRESET [TARGET...]: counts only when it fails.
build() {
  local preset=$1 log="$work/build-$1.log"
  headline "build: $preset"
  if ! { cmake --preset "$preset" &&
         cmake --build --preset "$preset" -j "$jobs" ${2:+--target "${@:2}"}; } >"$log" 2>&1; then
    grep -E 'FAILED|error|warning' "$log" | head -40
    tail -20 "$log"
    fail_step "build of preset $preset"
    return 1
  fi
}

# unit_tests PRESET [CTEST OPTION...]: counts every test of CTest.
unit_tests() {
  local preset=$1 log="$work/ctest-$1.log" summary
  headline "tests: $preset"
  ctest --preset "$preset" -j "$jobs" "${@:2}" >"$log" 2>&1
  summary=$(grep -E 'tests passed, [0-9]+ tests failed out of [0-9]+' "$log" | tail -1)
  if [[ ! $summary =~ \ ([0-9]+)\ tests\ failed\ out\ of\ ([0-9]+) ]]; then
    tail -20 "$log"
    fail_step "ctest of preset $preset ran no test"
    return 1
  fi
  passed=$((passed + BASH_REMATCH[2] - BASH_REMATCH[1]))
  failed=$((failed + BASH_REMATCH[1]))
  grep -E '\*\*\*Skipped|\(Skipped\)' "$log" | sort -u | head -20
  [ "${BASH_REMATCH[1]}" -eq 0 ] || grep -vE ' Passed | Start +[0-9]+:|\*\*\*Skipped' "$log"
  echo "$summary"
}

# A program that uses the installed library through find_package(Weir), and nothing else of ours.
consumer() {
  local prefix="$work/prefix" tree="$work/consumer"
  cmake --install build/dev --prefix "$prefix" >"$work/install.log" &&
    cmake -S tests/consumer -B "$tree" -G Ninja -DCMAKE_PREFIX_PATH="$prefix" >"$work/consumer.log" &&
    cmake --build "$tree" &&
    "$tree/consumer" &&
    "$prefix/bin/weir" --version
}

# The demo in small: the quick start for a few steps, into a folder of its own.
demo_smoke() {
  build/dev/weir train train.epochs=1 data.limit=256 --out "$work/runs" 2>"$work/demo.log" ||
    { tail -20 "$work/demo.log"; return 1; }
  local file
  for file in config.yaml metrics.csv result.json weights/best.safetensors weights/last.safetensors; do
    [ -n "$(find "$work/runs" -path "*/$file" -size +0)" ] || { echo "the run has no $file"; return 1; }
  done
}

bench_smoke() {
  local program
  for program in $(find build/dev/bench -maxdepth 1 -type f -executable); do
    echo "$program"
    timeout 240 "$program" --benchmark_min_time=0.01 >"$work/bench.log" 2>&1 ||
      { tail -20 "$work/bench.log"; return 1; }
  done
}

# The pages of web/: counts every test of them.
pages() {
  local log="$work/pages.log"
  headline "tests: pages"
  WEIR="$PWD/build/dev/weir" web/test.sh >"$log" 2>&1
  cat "$log"
  if [[ ! $(tail -1 "$log") =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed$ ]]; then
    fail_step "web/test.sh ended without a count"
    return 1
  fi
  passed=$((passed + BASH_REMATCH[1]))
  failed=$((failed + BASH_REMATCH[2]))
}

check "format" scripts/format.sh --check
if build dev; then
  unit_tests dev
  check "install and find_package(Weir)" consumer
  check "demo in small" demo_smoke
  check "benchmarks start" bench_smoke
  check "peers start" bench/peers/smoke.sh build/dev
  pages
fi
# Ten steps of the larger networks judge numbers: under sanitizers they take minutes, and their kernels have tests.
build sanitize && unit_tests sanitize -E '^Trajectory.(VggMini|AllCnnC)'
build tsan runtime_tests && unit_tests tsan -L runtime

headline "done"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
