#!/usr/bin/env bash
# Word alignment: error rates on gold links, a learning curve, what each part of the aligner is worth, and time and memory.
#   DATA_DIR=folder GOLD_DIR=folder recipes/word-alignment/run.sh [gold|curve|parts|speed]...      (all of them if none is named)
# DATA_DIR holds tatoeba-en-zh/train.{en,seg.zh} and tatoeba-en-de/train.{en,de}; GOLD_DIR zhen/test.{zh,en,talp} and
# deen/test.{de,en,talp}. Needs no LibTorch: builds the aligner alone.
set -euo pipefail
cd "$(dirname "$0")/../.."
: "${DATA_DIR:?give DATA_DIR, a folder with tatoeba-en-zh and tatoeba-en-de}"
: "${GOLD_DIR:?give GOLD_DIR, a folder with zhen and deen}"
recipes/install-dependencies.sh
cmake --preset aligner >/dev/null
cmake --build --preset aligner -j2 >&2
weft=build-aligner/weft
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Pairs: NAME, the source and the target text, the folder of gold links, their endings. Gold sentences are aligned together with
# the text, as every aligner that learns from the text alone does it.
zhen=("$DATA_DIR/tatoeba-en-zh/train.seg.zh" "$DATA_DIR/tatoeba-en-zh/train.en" "$GOLD_DIR/zhen" zh en)
deen=("$DATA_DIR/tatoeba-en-de/train.de" "$DATA_DIR/tatoeba-en-de/train.en" "$GOLD_DIR/deen" de en)

# error_rate PAIR LINES [options]: "AER ...", of the first LINES pairs of text.
error_rate() {
  local -n pair=$1
  local lines=$2
  shift 2
  head -n "$lines" "${pair[0]}" >"$work/source"
  head -n "$lines" "${pair[1]}" >"$work/target"
  "$weft" aligner -q -s "$work/source" -t "$work/target" --test-source "${pair[2]}/test.${pair[3]}" \
    --test-target "${pair[2]}/test.${pair[4]}" -o "$work/links" --gold "${pair[2]}/test.talp" "$@" >"$work/rates"
  "$weft" evaluate-alignment "$work/links" --gold "${pair[2]}/test.talp" | sed 's/  [^ ]*$//'
}

# one_by_one PAIR [options]: grow-diag-final-and of two models that do not know each other.
one_by_one() {
  local name=$1
  local -n both=$1
  shift
  error_rate "$name" 1000000000 --direction forward "$@" >/dev/null
  mv "$work/links" "$work/forward"
  error_rate "$name" 1000000000 --direction backward "$@" >/dev/null
  "$weft" symmetrize "$work/forward" "$work/links" -o "$work/joined"
  "$weft" evaluate-alignment "$work/joined" --gold "${both[2]}/test.talp" | sed 's/  [^ ]*$//'
}

# say LABEL COMMAND...: the label, and what the command prints; ends the script if the command fails.
say() {
  local label=$1 rate
  shift
  rate=$("$@")
  printf '%s %s\n' "$label" "$rate"
}

all=1000000000  # lines

gold() {
  local name rule
  for name in zhen deen; do
    for rule in posterior grow-diag-final-and intersection union; do
      say "$name $rule:" error_rate "$name" $all --symmetrize "$rule"
    done
  done
}

curve() {
  local lines
  for lines in 1000 3000 10000 26466; do say "zhen $lines:" error_rate zhen "$lines"; done
  for lines in 1000 3000 10000 26000 80000 163399; do say "deen $lines:" error_rate deen "$lines"; done
}

parts() {
  local both=(error_rate zhen $all --symmetrize grow-diag-final-and)
  local still=(--no-fertility --nothing 0.2 --detour 0 --uniform-jumps 0 --no-target-classes)  # what the last rows add
  local plain=("${still[@]}" --model1-iterations 5 --hmm-iterations 6 --jump-classes 0 --no-romanize)
  say "IBM 1 in each direction, 5 iterations:" one_by_one zhen "${still[@]}" --model1-iterations 5 --hmm-iterations 0 --jump-classes 0 \
    --backoff 0 --spelling 0 --uniform 1e-3
  say "+ HMM, 6 iterations:" one_by_one zhen "${plain[@]}" --backoff 0 --spelling 0 --uniform 1e-3
  say "+ agreement by product:" "${both[@]}" "${plain[@]}" --backoff 0 --spelling 0 --uniform 1e-3 --agreement product
  say "+ agreement by odds:" "${both[@]}" "${plain[@]}" --backoff 0 --spelling 0 --uniform 1e-3
  say "+ parts of words, 5 pseudo-counts:" "${both[@]}" "${plain[@]}" --backoff 5 --spelling 0 --uniform 1e-3
  say "+ equal words and numbers, 5 pseudo-counts:" "${both[@]}" "${plain[@]}" --backoff 5 --uniform 1e-3
  say "+ uniform 0.001 -> 0.0003:" "${both[@]}" "${plain[@]}" --backoff 5 --uniform 3e-4
  say "+ romanised names, 10 pseudo-counts, uniform 0.0002, 3 + 5 iterations:" "${both[@]}" "${still[@]}" --jump-classes 0
  say "+ jumps by class of the source word:" "${both[@]}" "${still[@]}"
  say "+ jumps by class of the target word:" "${both[@]}" "${still[@]:0:7}"
  say "+ detours, uniform jumps, more nothing:" "${both[@]}" --no-fertility
  say "+ fertility:" "${both[@]}"
  say "that with agreement by product:" "${both[@]}" --agreement product
  say "that with plain expectation maximisation:" "${both[@]}" --no-variational
  say "+ links by their strength, not by grow-diag-final-and (the default):" error_rate zhen $all
}

# timed NAME FILE: seconds and peak memory of aligning a file of "source ||| target" lines, with two threads and one.
timed() {
  local threads
  for threads in 2 1; do
    /usr/bin/time -f "$1, $threads threads: %e s, %M kB" "$weft" aligner -q -i "$2" -o "$work/links.$threads" --threads "$threads" 2>&1
  done
  cmp "$work/links.1" "$work/links.2" && echo "$1: the same links with one thread and with two"
}

speed() {
  local pairs
  paste -d '\t' "${zhen[0]}" "${zhen[1]}" | sed 's/\t/ ||| /' >"$work/zh"
  timed "26 thousand pairs" "$work/zh"
  paste -d '\t' "${deen[0]}" "${deen[1]}" | sed 's/\t/ ||| /' >"$work/de"
  timed "163 thousand pairs" "$work/de"
  # Two pairs on a line, drawn at random; one word in fifty is made a new one, so that the vocabulary grows as a real one does.
  for pairs in 2000000; do
    awk -F ' [|][|][|] ' -v pairs=$pairs 'function strange(line, n,   words, count, i, out) {
        count = split(line, words, " ")
        for (i = 1; i <= count; ++i) out = out (i > 1 ? " " : "") words[i] (rand() < 0.02 ? int(rand() * n / 4) : "")
        return out
      }
      { source[NR] = $1; target[NR] = $2 }
      END { srand(1)
        for (n = 1; n <= pairs; ++n) {
          a = int(rand() * NR) + 1; b = int(rand() * NR) + 1
          print strange(source[a] " " source[b], n) " ||| " strange(target[a] " " target[b], n)
        } }' "$work/de" >"$work/large"
    timed "$pairs pairs" "$work/large"
  done
}

for what in "${@:-gold curve parts speed}"; do
  for part in $what; do
    echo "== $part"
    "$part"
  done
done
