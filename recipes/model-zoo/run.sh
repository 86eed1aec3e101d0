#!/usr/bin/env bash
# Every preset of configs/ on the corpus of the quickstart, one after another, and a table of what each reaches:
#   recipes/model-zoo/run.sh [PRESET ...]
set -euo pipefail
cd "$(dirname "$0")/../.."
recipes/build.sh
recipes/install-dependencies.sh --plots
zoo=recipes/model-zoo

data=runs/quickstart/data
mkdir -p "$data" runs/model-zoo
build/weft-quickstart-corpus --grammar recipes/quickstart/grammar.txt --output "$data" --seed 7

presets=("$@")
if [[ ${#presets[@]} -eq 0 ]]; then
  for config in configs/*.yaml; do
    preset=$(basename "$config" .yaml)
    [[ $preset == reference ]] || presets+=("$preset")
  done
fi

for preset in "${presets[@]}"; do
  echo "== $preset"
  "$zoo/measure.sh" "$preset" "$data" "runs/model-zoo/$preset"
done

{
  echo "| preset | parameters | training, s | target words/s | BLEU | AER |"
  echo "|---|---|---|---|---|---|"
  for preset in "${presets[@]}"; do cat "runs/model-zoo/$preset/row.md"; done
} | tee runs/model-zoo/table.md
"$zoo/plot.sh" runs/model-zoo "${presets[@]}"
