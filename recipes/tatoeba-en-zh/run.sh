#!/usr/bin/env bash
# Tatoeba English-Chinese: trains on raw text, translates, draws alignment matrices, and measures the alignment error
# rate of forced decoding against gold links.
#   DATA_DIR=folder GOLD_DIR=folder recipes/tatoeba-en-zh/run.sh [--set KEY=VALUE ...]
# DATA_DIR holds train.en, train.zh, train.seg.zh (cut into words), valid.*, test.*; GOLD_DIR holds test.en, test.zh (cut into words) and test.talp (zh-en).
set -euo pipefail
cd "$(dirname "$0")/../.."
: "${DATA_DIR:?give DATA_DIR, a folder with train.en, train.zh, valid.en, valid.zh, test.en, test.zh}"
recipe=recipes/tatoeba-en-zh
run=${RUN_DIR:-runs/tatoeba-en-zh}
recipes/build.sh

build/weft train -c $recipe/config.yaml -m "$run/model" \
  --set data.train_source="$DATA_DIR/train.en" --set data.train_target="$DATA_DIR/train.zh" \
  --set data.valid_source="$DATA_DIR/valid.en" --set data.valid_target="$DATA_DIR/valid.zh" "$@"

build/weft translate -m "$run/model" -i "$DATA_DIR/test.en" -o "$run/test.zh"
build/weft evaluate -i "$run/test.zh" -r "$DATA_DIR/test.zh" --tokenizer zh
sed -n '3p;40p;200p;333p' "$DATA_DIR/test.en" | build/weft translate -m "$run/model" --alignment text --alignment-from head

# Of test sentences with their human translations, then with translations that a model of this recipe has made.
for translation in gold translation; do
  for from in attention head aligner combined; do
    echo "== Alignment error rate, forced decoding of $translation.zh, alignments from $from"
    build/weft align -m "$run/model" -s $recipe/gold.en -t $recipe/$translation.zh --join-target --gold $recipe/$translation.talp --alignment-from $from
  done
done
echo "== Alignment error rate of the word aligner"
build/weft aligner -s "$DATA_DIR/train.en" -t "$DATA_DIR/train.seg.zh" \
  --test-source $recipe/gold.en --test-target $recipe/gold.zh --gold $recipe/gold.talp

if [[ -n "${GOLD_DIR:-}" ]]; then
  echo "== Alignment error rate, one direction, unsymmetrised"
  build/weft align -m "$run/model" -s "$GOLD_DIR/test.en" -t "$GOLD_DIR/test.zh" --join-target \
    --gold "$GOLD_DIR/test.talp" --gold-reversed
fi
