#!/usr/bin/env bash
# Connected digits: joins recordings of single digits, of which it is known where each begins and ends, learns to write them down, and
# scores what it writes, and whether each word listened to its digit.
#   DATA_DIR=folder recipes/spoken-digits/run.sh [--set KEY=VALUE ...]
# DATA_DIR holds the recordings of the Free Spoken Digit Dataset, 0_george_0.wav and so on; without it they are fetched.
set -euo pipefail
cd "$(dirname "$0")/../.."
recipes/install-dependencies.sh
recipes/build.sh

run=runs/spoken-digits
data=$run/data
recordings=${DATA_DIR:-$run/recordings}
if [[ -z "${DATA_DIR:-}" && ! -d $recordings ]]; then
  git clone -q https://github.com/Jakobovski/free-spoken-digit-dataset "$run/free-spoken-digit-dataset"
  git -C "$run/free-spoken-digit-dataset" checkout -q 26eb9aaf76e8
  mv "$run/free-spoken-digit-dataset/recordings" "$recordings"
fi
[[ -e $data/train.sounds ]] || build/weft-spoken-digits --recordings "$recordings" --output "$data" --train 12000 --cuts 150

build/weft train -c recipes/spoken-digits/config.yaml -m $run/model "$@"

for part in valid test unseen; do
  echo "== $part"
  build/weft -q translate -m $run/model -i $data/$part.sounds -o $run/$part.en
  build/weft evaluate -i $run/$part.en -r $data/$part.en --metrics wer
  build/weft -q translate -m $run/model -i $data/$part.sounds --alignment json |
    build/weft evaluate -i - --regions $data/$part.en.regions
done
echo "== Pictures of it: $run/pictures"
head -n 6 $data/test.sounds | build/weft -q translate -m $run/model --picture $run/pictures
