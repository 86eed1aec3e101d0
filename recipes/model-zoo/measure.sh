#!/usr/bin/env bash
# One preset: trains it, translates the test set, and leaves row.md (its row of the table) and lengths.tsv (BLEU by
# sentence length) in OUTPUT.
#   measure.sh PRESET DATA OUTPUT
set -euo pipefail
preset=$1 data=$2 output=$3
mkdir -p "$output"

build/weft train -c "configs/$preset.yaml" -m "$output/model" 2>&1 | tee "$output/train.log" | grep -E "best|ends" || true
build/weft translate -m "$output/model" -i "$data/test.en" -o "$output/test.zh"

bleu() { build/weft evaluate -i "$1" -r "$2" --tokenizer none --metrics bleu | sed -E 's/^[^=]*= ([0-9.]+).*/\1/'; }

# A model without attention has no alignment: then there is no number.
aer=$({ build/weft align -m "$output/model" -s "$data/test.en" -t "$data/test.zh" --gold "$data/test.align" 2>&1 || true; } |
  sed -nE 's/.*AER ([0-9.]+).*/\1/p')
parameters=$(sed -nE 's/.*model: ([0-9]+) parameters.*/\1/p' "$output/train.log")
updates=$output/model/metrics.jsonl
seconds=$(sed -nE '/"event":"update"/s/.*"seconds":([0-9.]+).*/\1/p' "$updates" | tail -n 1)
speed=$(sed -nE 's/.*"target_tokens_per_second":([0-9.]+).*/\1/p' "$updates" | sort -n |
  awk '{value[NR] = $1} END {printf "%.0f", value[int((NR + 1) / 2)]}')
printf '| [%s](../../configs/%s.yaml) | %s | %.0f | %s | %s | %s |\n' "$preset" "$preset" "$parameters" "$seconds" "$speed" \
  "$(bleu "$output/test.zh" "$data/test.zh")" "${aer:--}" >"$output/row.md"

# Longest sentence of a bucket, in words of the source; BLEU of the sentences in it.
: >"$output/lengths.tsv"
shortest=1
for longest in 6 8 10 13 100; do
  for file in "$output/test.zh" "$data/test.zh"; do
    paste "$data/test.en" "$file" | awk -F'\t' -v a="$shortest" -v b="$longest" \
      '{n = split($1, words, " ")} n >= a && n <= b {print $2}' >"$output/bucket.$(basename "$(dirname "$file")")"
  done
  hypotheses=$output/bucket.$(basename "$output") references=$output/bucket.$(basename "$data")
  printf '%s-%s\t%s\t%s\n' "$shortest" "$longest" "$(wc -l <"$references")" "$(bleu "$hypotheses" "$references")" \
    >>"$output/lengths.tsv"
  shortest=$((longest + 1))
done
rm -f "$output"/bucket.*
