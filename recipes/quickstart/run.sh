#!/usr/bin/env bash
# From nothing to a translator in under ten minutes on two cores: installs what is missing, builds, makes an
# English-Chinese corpus, trains on it, translates sentences the model has not seen, and draws what it looked at.
set -euo pipefail
cd "$(dirname "$0")/../.."
# took PART: says how long it took since the last call.
since=0
took() {
  echo "   ($1: $((SECONDS - since)) s)"
  since=$SECONDS
}
recipes/install-dependencies.sh
took "installing what was missing"
recipes/build.sh
took "building"

run=runs/quickstart
data=$run/data
mkdir -p "$data"

echo "== The corpus: a synchronous grammar writes English, Chinese and the links between their words."
build/weft-quickstart-corpus --grammar recipes/quickstart/grammar.txt --output "$data" --seed 7
paste -d '\n' <(head -n 2 "$data/train.en") <(head -n 2 "$data/train.zh") <(head -n 2 "$data/train.align")

echo "== Training."
build/weft train -c recipes/quickstart/config.yaml -m "$run/model"
took "the corpus and training"

echo "== The held-out test set: sentences that share none with training."
build/weft translate -m "$run/model" -i "$data/test.en" -o "$run/test.zh"
build/weft evaluate -i "$run/test.zh" -r "$data/test.zh" --tokenizer none
build/weft align -m "$run/model" -s "$data/test.en" -t "$data/test.zh" --gold "$data/test.align"

echo "== What the model looked at (columns: source, rows: translation, darker: more)."
head -n 3 "$data/test.en" | build/weft translate -m "$run/model" --alignment text
took "translating"
echo "All together: $SECONDS s."
echo "Try: echo 'Tom chases Jerry .' | build/weft translate -m $run/model --alignment text"
