#!/usr/bin/env bash
# Presets on Multi30k, English to German, under one budget: everything but the model section is that of
# recipes/multi30k-en-de, and every model has its widths, its dropout and its tied embeddings.
#   DATA_DIR=folder recipes/model-zoo/multi30k.sh [PRESET ...] [-- --set KEY=VALUE ...]
# Without names: rnnsearch, luong2015, nematus and ssru. What follows -- goes to weft train.
set -euo pipefail
cd "$(dirname "$0")/../.."
[[ -n ${DATA_DIR:-} ]] || { echo "DATA_DIR: the folder with train.en, train.de, val.en, ..." >&2; exit 2; }
[[ -n ${WEFT:-} ]] || recipes/build.sh

presets=()
while [[ $# -gt 0 && $1 != -- ]]; do presets+=("$1"); shift; done
[[ $# -eq 0 ]] || shift
[[ ${#presets[@]} -gt 0 ]] || presets=(rnnsearch luong2015 nematus ssru)

weft=${WEFT:-build/weft}
zoo=${RUN_DIR:-runs/model-zoo/multi30k}
mkdir -p "$zoo"
inside='/^[a-z]/ {inside = /^model:/}'  # awk: whether a line belongs to the model section
bleu() { "$weft" evaluate -i "$1" -r "$2" --metrics bleu | sed -E 's/^[^=]*= ([0-9.]+).*/\1/'; }
last() { sed -nE "s/.*\"$1\":([0-9.]+).*/\1/p" | tail -n 1; }

for preset in "${presets[@]}"; do
  echo "== $preset"
  config=$zoo/$preset.yaml model=$zoo/$preset
  { awk "$inside !inside" recipes/multi30k-en-de/config.yaml; awk "$inside inside" "configs/$preset.yaml"; } >"$config"
  "$weft" train -c "$config" -m "$model" \
    --set data.train_source="$DATA_DIR/train.en" --set data.train_target="$DATA_DIR/train.de" \
    --set data.valid_source="$DATA_DIR/val.en" --set data.valid_target="$DATA_DIR/val.de" \
    --set model.embedding.source=256 --set model.embedding.target=256 --set model.embedding.tying=all \
    --set model.encoder.hidden=512 --set model.attention.width=512 --set model.decoder.hidden=512 \
    --set model.decoder.readout=256 --set model.dropout.embedding=0.3 --set model.dropout.hidden=0.4 \
    --set model.dropout.readout=0.3 --set model.dropout.source_word=0.05 --set model.dropout.target_word=0.05 \
    --set training.stop_after=10e "$@" 2>&1 | tee "$zoo/$preset.log"
  "$weft" translate -m "$model" -i "$DATA_DIR/test_2016_flickr.en" -o "$zoo/$preset.de"
  best=$(grep '"event":"validation"' "$model/metrics.jsonl" | sed -nE 's/.*"bleu":([0-9.]+).*/\1/p' | sort -n | tail -n 1)
  parameters=$(sed -nE 's/.*model: ([0-9]+) parameters.*/\1/p' "$zoo/$preset.log" | head -n 1)
  printf '| [%s](../../configs/%s.yaml) | %s | %.0f | %s | %s |\n' "$preset" "$preset" "$parameters" \
    "$(last seconds <"$model/metrics.jsonl")" "$best" "$(bleu "$zoo/$preset.de" "$DATA_DIR/test_2016_flickr.de")" \
    >"$zoo/$preset.row"
done

{
  echo "| preset | parameters | training, s | validation BLEU | test_2016_flickr BLEU |"
  echo "|---|---|---|---|---|"
  for preset in "${presets[@]}"; do cat "$zoo/$preset.row"; done
} | tee "$zoo/table.md"
