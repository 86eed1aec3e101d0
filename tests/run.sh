#!/usr/bin/env bash
# Installs what is missing, builds everything with warnings as errors, and runs the whole suite: the program, and the tests
# that need LibTorch, as they are installed; those that do without it under AddressSanitizer and UndefinedBehaviorSanitizer, the
# tests of kernels and of the aligner both ways; those of threads under ThreadSanitizer too.
# Ends with the line "N passed, N failed". A test that is skipped or not run counts as failed, as does a build; but one that
# needs what this machine lacks (instructions of a processor, a GPU, a browser) is counted apart, by name. Exit status 0 if none failed.
#   tests/run.sh [ctest options]      for example: tests/run.sh -L unit
# One test of a program: build/model_test --gtest_filter=TranslationModel.*
set -euo pipefail
cd "$(dirname "$0")/.."
exec </dev/null
recipes/install-dependencies.sh --tests
export CMAKE_CXX_COMPILER_LAUNCHER=ccache
export OMP_WAIT_POLICY=PASSIVE  # tests run side by side: threads that spin while they wait slow the others down
export CCACHE_SLOPPINESS=pch_defines,time_macros  # lets ccache work with the precompiled header

passed=0
failed=0
unsupported=()  # names of tests this machine cannot run

# build PRESET FOLDER: its output is shown only if it fails; how long it took, by the clock and in processor time, always.
build() {
  local preset=$1 log=build-$1.log begin=$SECONDS TIMEFORMAT='%U %S' used status=0 fresh=()
  # CMake forgets what a preset says where the folder knows another compiler.
  grep -qs '^CMAKE_CXX_COMPILER:.*clang++-19$' "$2/CMakeCache.txt" || fresh=(--fresh)
  echo "== building: $preset"
  used=$({ time { cmake "${fresh[@]}" --preset "$preset" && cmake --build --preset "$preset" -j"$(nproc)"; } >"$log" 2>&1; } 2>&1) || status=1
  awk -v wall=$((SECONDS - begin)) '{ printf "   %d s, %d s of processor time\n", wall, $1 + $2 }' <<<"$used"
  ((status == 0)) || tail -n 80 "$log"
  return $status
}

# attribute NAME FILE: its number in the first line of a GoogleTest report that has it.
attribute() { sed -nE "s/.*[ <]$1=\"([0-9]+)\".*/\1/p" "$2" | head -n 1; }

# unsupported_in FILE: the tests in a GoogleTest report that were skipped because of the machine.
unsupported_in() {
  awk 'match($0, /<testcase name="[^"]*"/) { name = substr($0, RSTART + 16, RLENGTH - 17); class = $0
         sub(/.*classname="/, "", class); sub(/".*/, "", class) }
       /<skipped message=/ && /this (processor|machine) has no/ { print class "." name }' "$1"
}

# count REPORT FOLDER: adds the results in a JUnit file to the counts. A program that ctest ran as one test has a report of
# its own in FOLDER; without it (a crash), or if it failed with no test that did, that is one failure.
count() {
  local name status report ran bad test lacking
  while read -r status name; do
    report=$2/$name.xml
    ran=1 bad=0
    if [[ -f $report ]]; then
      mapfile -t lacking < <(unsupported_in "$report")
      for test in "${lacking[@]}"; do unsupported+=("$name: $test"); done
      ran=$(($(attribute tests "$report") - ${#lacking[@]}))
      bad=$(($(attribute failures "$report") + $(grep -cE 'status="notrun"|result="skipped"' "$report" || true) - ${#lacking[@]}))
    fi
    [[ $status == run || $bad -gt 0 ]] || bad=1
    passed=$((passed + ran - bad))
    failed=$((failed + bad))
  done < <(sed -nE 's/.*<testcase name="([^"]*)".* status="([^"]*)".*/\2 \1/p' "$1")
}

# run_suite PRESET FOLDER [ctest options]: FOLDER is where the preset builds.
run_suite() {
  local preset=$1 folder=$2 report
  local reports=$folder/reports
  shift 2
  if ! build "$preset" "$folder"; then
    failed=$((failed + 1))
    return
  fi
  echo "== testing: $preset"
  report=$(mktemp)
  rm -rf "$reports"
  ctest --preset "$preset" -j"$(nproc)" --output-junit "$report" "$@" || true
  count "$report" "$reports"
  rm -f "$report"
}

run_suite dev build "$@"
run_suite sanitizers build-asan "$@"
run_suite thread-sanitizer build-threads "$@"

if ((${#unsupported[@]})); then
  echo "not run, because this machine lacks the instructions, the GPU or the browser: ${#unsupported[@]}"
  printf '  %s\n' "${unsupported[@]}"
fi
echo "$passed passed, $failed failed"
((failed == 0 && passed > 0))
