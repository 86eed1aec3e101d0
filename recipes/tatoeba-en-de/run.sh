#!/usr/bin/env bash
# Tatoeba English-German: trains on raw text with attention that the word aligner guides, translates, and measures the alignment
# error rate of its attention, and of the word aligner, against the links of 150 test sentences that stand beside this file.
#   DATA_DIR=folder recipes/tatoeba-en-de/run.sh [--set KEY=VALUE ...]
# DATA_DIR holds train.en, train.de, valid.*, test.*.  Without guidance: --set training.guided_alignment.weight=0
set -euo pipefail
cd "$(dirname "$0")/../.."
: "${DATA_DIR:?give DATA_DIR, a folder with train.en, train.de, valid.en, valid.de, test.en, test.de}"
recipe=recipes/tatoeba-en-de
run=${RUN_DIR:-runs/tatoeba-en-de}
recipes/build.sh

build/weft train -c $recipe/config.yaml -m "$run/model" \
  --set data.train_source="$DATA_DIR/train.en" --set data.train_target="$DATA_DIR/train.de" \
  --set data.valid_source="$DATA_DIR/valid.en" --set data.valid_target="$DATA_DIR/valid.de" "$@"

build/weft translate -m "$run/model" -i "$DATA_DIR/test.en" -o "$run/test.de"
build/weft evaluate -i "$run/test.de" -r "$DATA_DIR/test.de"
sed -n '1001p;1802p;2202p' "$DATA_DIR/test.en" | build/weft translate -m "$run/model" --alignment text --alignment-from head

# Of test sentences with their human translations, then with translations that a model of this recipe has made.
for translation in gold translation; do
  for from in attention head aligner combined; do
    echo "== Alignment error rate, forced decoding of $translation.de, alignments from $from"
    build/weft align -m "$run/model" -s $recipe/gold.en -t $recipe/$translation.de --gold $recipe/$translation.talp --alignment-from $from
  done
done
echo "== Alignment error rate of the word aligner"
build/weft aligner -s "$DATA_DIR/train.en" -t "$DATA_DIR/train.de" \
  --test-source $recipe/gold.en --test-target $recipe/gold.de --gold $recipe/gold.talp
