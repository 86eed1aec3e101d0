#!/usr/bin/env bash
# Installs what is missing, builds everything with warnings as errors, runs the whole suite, and runs the tests that do
# without LibTorch once more under AddressSanitizer and UndefinedBehaviorSanitizer.
# Ends with the line "N passed, N failed". A test that is skipped or not run counts as failed, as does a build. Exit
# status 0 if none failed.
#   tests/run.sh [ctest options]      for example: tests/run.sh -L unit
set -euo pipefail
cd "$(dirname "$0")/.."
exec </dev/null
recipes/install-dependencies.sh --tests
export CMAKE_CXX_COMPILER_LAUNCHER=ccache
export OMP_WAIT_POLICY=PASSIVE  # tests run side by side: threads that spin while they wait slow the others down
export CCACHE_SLOPPINESS=pch_defines,time_macros  # lets ccache work with the precompiled header

passed=0
failed=0

# build PRESET: its output is shown only if it fails.
build() {
  local preset=$1 log=build-$1.log
  echo "== building: $preset"
  { cmake --preset "$preset" && cmake --build --preset "$preset" -j"$(nproc)"; } >"$log" 2>&1 && return
  tail -n 80 "$log"
  return 1
}

# count REPORT: adds the results in a JUnit file to the counts.
count() {
  local tests runs
  tests=$(grep -c '<testcase ' "$1" || true)
  runs=$(grep '<testcase ' "$1" | grep -c 'status="run"' || true)
  passed=$((passed + runs))
  failed=$((failed + tests - runs))
}

# run_suite PRESET [ctest options]
run_suite() {
  local preset=$1 report
  shift
  if ! build "$preset"; then
    failed=$((failed + 1))
    return
  fi
  echo "== testing: $preset"
  report=$(mktemp)
  ctest --preset "$preset" -j"$(nproc)" --output-junit "$report" "$@" || true
  count "$report"
  rm -f "$report"
}

run_suite dev "$@"
run_suite sanitizers "$@"

echo "$passed passed, $failed failed"
((failed == 0 && passed > 0))
