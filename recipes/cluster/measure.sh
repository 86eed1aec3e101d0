#!/usr/bin/env bash
# What several processes cost: seconds of an update, by the clock and of processor time of all processes together, with 1, 2
# and 4 processes of one thread each that share its 4 batches. Multi30k's model; what starting takes is not in the numbers.
#   DATA_DIR=folder recipes/cluster/measure.sh [UPDATES]      DATA_DIR holds train.en, train.de
set -euo pipefail
cd "$(dirname "$0")/../.."
: "${DATA_DIR:?give DATA_DIR, a folder with train.en and train.de}"
updates=${1:-16}
run=$(mktemp -d)
trap 'rm -rf "$run"' EXIT
TIMEFORMAT='%U %S'

train() { # PROCESSES UPDATES MODEL [--set ...]
  recipes/cluster/local.sh "$1" -c recipes/multi30k-en-de/config.yaml -m "$run/$3" "${@:4}" \
    --set data.train_source="$DATA_DIR/train.en" --set data.train_target="$DATA_DIR/train.de" \
    --set data.valid_source= --set data.valid_target= --set training.validation.every=0 \
    --set training.threads=1 --set training.accumulate=4 --set training.precision=float32 \
    --set training.stop_after="$2u" --set training.log_every=2u --set training.checkpoint_every=0 2>"$run/log" ||
    { cat "$run/log" >&2; exit 1; }
}

by_the_clock() { # METRICS: seconds of an update, between the first log line and the last
  sed -nE 's/.*"event":"update","updates":([0-9]+),.*"seconds":([0-9.]+).*/\1 \2/p' "$1" |
    awk 'NR == 1 { u = $1; s = $2 } { lu = $1; ls = $2 } END { print (ls - s) / (lu - u) }'
}

train 1 1 first  # makes the vocabulary that all of the others load
shared=(--set vocabulary.source_file="$run/first/shared.spm" --set vocabulary.target_file="$run/first/shared.spm")
echo "processes  s/update  processor s/update  megabytes of weights"
for processes in ${PROCESSES:-1 2 4}; do
  few=$({ time train "$processes" 2 "few$processes" "${shared[@]}"; } 2>&1)
  many=$({ time train "$processes" "$((updates + 2))" "many$processes" "${shared[@]}"; } 2>&1)
  processor=$(awk -v few="$few" -v many="$many" -v u="$updates" \
    'BEGIN { split(few, a); split(many, b); printf "%.2f", (b[1] + b[2] - a[1] - a[2]) / u }')
  printf '%9d  %8.2f  %18s  %20d\n' "$processes" "$(by_the_clock "$run/many$processes/metrics.jsonl")" "$processor" \
    "$(($(stat -c %s "$run/many$processes/weights.safetensors") / 1000000))"
done
