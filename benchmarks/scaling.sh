#!/usr/bin/env bash
# How cost grows: with the pairs that are trained on, with the length of sentences, with the lines that are translated.
# Prints three tables. The text comes from the quickstart's grammar, so nothing is downloaded; it takes 1 GB of
# temporary files (TMPDIR). Run it after recipes/build.sh, with nothing else running.
# Settings (defaults): BUILD=build THREADS=(all) PAIRS="20000 200000 2000000" UPDATES=300
#   LENGTHS="20 50 100 200 500" LINE_COUNTS="1000 10000 100000"
set -euo pipefail
cd "$(dirname "$0")/.."
weft=${BUILD:-build}/weft
threads=${THREADS:-$(nproc)}
updates=${UPDATES:-300}
pair_counts=${PAIRS:-20000 200000 2000000}
lengths=${LENGTHS:-20 50 100 200 500}
line_counts=${LINE_COUNTS:-1000 10000 100000}
log_every=$(((updates + 2) / 3))  # the first third warms up and is not counted
length_words=400000               # of each side, for every length

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cat > "$work/config.yaml" <<EOF
data: {train_source: $work/train.en, train_target: $work/train.zh, max_length: 600}
vocabulary: {source_size: 800, target_size: 1700}
model:
  embedding: {source: 128, target: 128, tying: target}
  encoder: {hidden: 128}
  attention: {width: 128}
  decoder: {hidden: 128, readout: 128}
training: {threads: $threads, batch_tokens: 4000, log_every: ${log_every}u, checkpoint_every: 0}
decoding: {max_length_factor: 1.0}
EOF

# train NAME TEXT UPDATES KEY=VALUE...: trains NAME on TEXT.en and TEXT.zh; its log is NAME.log.
train() {
  local name=$1 text=$2 count=$3 settings=()
  shift 3
  for setting in "data.train_source=$text.en" "data.train_target=$text.zh" "training.stop_after=${count}u" "$@"; do
    settings+=(--set "$setting")
  done
  "$weft" train -c "$work/config.yaml" -m "$work/$name" "${settings[@]}" 2> "$work/$name.log" ||
    { cat "$work/$name.log" >&2; exit 1; }
}

# first_lines COUNT TEXT: the first pairs of the large corpus.
first_lines() {
  for side in en zh; do head -n "$1" "$work/corpus/train.$side" > "$2.$side"; done
}

# number_after WORDS FILE: the last number that follows WORDS in FILE.
number_after() { grep -o "$1 [0-9.]*" "$2" | tail -n 1 | grep -o '[0-9.]*$'; }

# metric NAME KEY: the mean of a value over the log lines of a run, the first of them left out.
metric() {
  grep '"event":"update"' "$work/$1/metrics.jsonl" | tail -n +2 | grep -o "\"$2\":[0-9.]*" |
    awk -F: '{ sum += $2 } END { printf "%.0f", sum / NR }'
}

most=$(tr ' ' '\n' <<< "$pair_counts $line_counts" | sort -n | tail -n 1)
mkdir "$work/corpus"
"${BUILD:-build}"/weft-quickstart-corpus --grammar recipes/quickstart/grammar.txt --output "$work/corpus" \
  --train "$most" --seed 7
first_lines 20000 "$work/first"
train vocabulary "$work/first" 1
vocabularies=("vocabulary.source_file=$work/vocabulary/source.spm" "vocabulary.target_file=$work/vocabulary/target.spm")

echo "Training, $threads threads, $updates updates: the first third is not counted."
printf '%9s | %8s | %14s | %14s | %9s\n' pairs 'encode s' 'source tokens/s' 'target tokens/s' 'peak MB'
for pairs in $pair_counts; do
  first_lines "$pairs" "$work/text"
  train "pairs$pairs" "$work/text" "$updates" "${vocabularies[@]}"
  printf '%9s | %8s | %14s | %14s | %9s\n' "$pairs" "$(number_after 'encoded in' "$work/pairs$pairs.log")" \
    "$(metric "pairs$pairs" source_tokens_per_second)" "$(metric "pairs$pairs" target_tokens_per_second)" \
    "$(number_after 'peak memory' "$work/pairs$pairs.log")"
done

# Texts of the same words, cut into lines of LENGTH; the vocabulary is of words, so a word is a token.
echo
echo "Sentence length, $threads threads: one update per 4000 tokens; translated with beam 5, $((length_words / 20)) words."
printf '%6s | %17s | %10s | %15s | %15s | %9s\n' tokens 'training us/token' 'peak MB' 'words out' 'beam us/word out' 'peak MB'
for length in $lengths; do
  for side in en zh; do
    awk -v length_="$length" -v most="$length_words" '
      { for (i = 1; i <= NF && n < most; ++i) printf "%s%s", $i, ++n % length_ == 0 ? "\n" : " " }
      n >= most { exit }' "$work/corpus/train.$side" > "$work/length.$side"
  done
  train "length$length" "$work/length" "$updates" vocabulary.type=words
  head -n "$((length_words / 20 / length))" "$work/length.en" > "$work/input"
  "$weft" translate -m "$work/length$length" -i "$work/input" -o "$work/output" --threads "$threads" 2> "$work/translate.log"
  words=$(wc -w < "$work/output")
  seconds=$(grep -o 'in [0-9.]* s:' "$work/translate.log" | grep -o '[0-9.]*')
  printf '%6s | %17s | %10s | %15s | %15s | %9s\n' "$length" \
    "$(awk -v rate="$(metric "length$length" target_tokens_per_second)" 'BEGIN { printf "%.1f", 1e6 / rate }')" \
    "$(number_after 'peak memory' "$work/length$length.log")" "$words" \
    "$(awk -v seconds="$seconds" -v words="$words" 'BEGIN { printf "%.1f", 1e6 * seconds / (words + 1e-9) }')" \
    "$(number_after 'peak memory' "$work/translate.log")"
done

echo
echo "Translating, $threads threads, beam 5, with the model trained on ${pair_counts%% *} pairs."
printf '%7s | %8s | %9s\n' lines 'words/s' 'peak MB'
for lines in $line_counts; do
  first_lines "$lines" "$work/text"
  "$weft" translate -m "$work/pairs${pair_counts%% *}" -i "$work/text.en" -o "$work/output" --threads "$threads" \
    2> "$work/translate.log"
  printf '%7s | %8s | %9s\n' "$lines" "$(grep -o '[0-9.e+]* source words/s' "$work/translate.log" | grep -o '^[0-9.e+]*')" \
    "$(number_after 'peak memory' "$work/translate.log")"
done
