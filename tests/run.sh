#!/usr/bin/env bash
# Installs what is missing, builds everything with warnings as errors, runs the whole suite (the sanitizers' build too)
# and ends with the line "N passed, N failed". Exit status 0 if none failed.
#   tests/run.sh [ctest options]      for example: tests/run.sh -L unit
set -euo pipefail
cd "$(dirname "$0")/.."
recipes/install-dependencies.sh --tests
export CCACHE_SLOPPINESS=pch_defines,time_macros

passed=0
failed=0

# run_suite PRESET [ctest options]: builds a preset and adds its results to the counts.
run_suite() {
  local preset=$1 report
  shift
  cmake --preset "$preset" >"build-$preset.log" 2>&1 || { cat "build-$preset.log"; exit 1; }
  cmake --build --preset "$preset" -j2 >>"build-$preset.log" 2>&1 || { tail -n 60 "build-$preset.log"; exit 1; }
  report=$(mktemp)
  ctest --preset "$preset" -j2 --output-on-failure --output-junit "$report" "$@" || true
  local tests failures
  tests=$(grep -oP '<testsuite[^>]*\btests="\K[0-9]+' "$report" | head -n 1)
  failures=$(grep -oP '<testsuite[^>]*\bfailures="\K[0-9]+' "$report" | head -n 1)
  local skipped
  skipped=$(grep -oP '<testsuite[^>]*\bskipped="\K[0-9]+' "$report" | head -n 1)
  passed=$((passed + tests - failures - skipped))
  failed=$((failed + failures + skipped)) # nothing may be skipped in silence
  rm -f "$report"
}

run_suite dev "$@"
run_suite sanitizers "$@"

echo "$passed passed, $failed failed"
((failed == 0 && passed > 0))
