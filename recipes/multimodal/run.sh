#!/usr/bin/env bash
# Does a picture help to translate its caption? English to German, of the 6,993 training pairs of Multi30k whose photograph is in
# Flickr8k: the text alone, then text and picture, for as many updates.
#   DATA_DIR=folder PICTURES_DIR=folder NETWORK=file recipes/multimodal/run.sh [--set KEY=VALUE ...]
# DATA_DIR holds Multi30k's train.en, val.en, test_2016_flickr.en and the same in German. PICTURES_DIR holds images/*.jpg and
# multi30k.train.lines, multi30k.val.lines and multi30k.test_2016_flickr.lines: a number of a line and a picture's name. NETWORK is as in
# recipes/flickr8k/run.sh.
set -euo pipefail
cd "$(dirname "$0")/../.."
: "${DATA_DIR:?is the folder of Multi30k}" "${PICTURES_DIR:?is the folder of the photographs}" "${NETWORK:?is a TorchScript}"
recipes/build.sh

run=runs/multimodal
data=$run/data
mkdir -p $data
recipes/flickr8k/network.sh "$NETWORK" $run/network.pt
# pick PART SPLIT: the pairs of a split that have a picture, and its name.
pick() {
  local lines=$PICTURES_DIR/multi30k.$2.lines language
  cut -f 2 "$lines" >$data/$1.images
  for language in en de; do
    awk -F '\t' 'NR == FNR {wanted[$1]; next} FNR in wanted' "$lines" "$DATA_DIR/$2.$language" >$data/$1.$language
  done
}
pick train train
pick valid val
pick test test_2016_flickr
images=$(realpath "$PICTURES_DIR/images")

# learn NAME SETTING...
learn() {
  local name=$1 start=$SECONDS
  shift
  echo "== $name"
  build/weft train -c recipes/multimodal/config.yaml -m $run/$name --set data.source_root="$images" "$@"
  echo "   (trained in $((SECONDS - start)) s)"
}
learn text --set data.source_kind=[text] --set data.train_source=$data/train.en --set data.valid_source=$data/valid.en \
  --set model.input.pretrained= "$@"
learn picture "$@"

build/weft -q translate -m $run/text -i $data/test.en -o $run/text.de
build/weft -q translate -m $run/picture -i $data/test.en -i $data/test.images -o $run/picture.de
for name in text picture; do
  echo "== $name"
  build/weft evaluate -i $run/$name.de -r $data/test.de
done
