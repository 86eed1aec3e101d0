#!/usr/bin/env bash
# Captions of pictures, and where each word was seen: draws scenes, trains attention over a picture's places, writes captions of
# pictures that the model has not seen, and scores where it looked against the exact regions. Beside it, the same model without
# attention: what it knows of the picture is one vector.
set -euo pipefail
cd "$(dirname "$0")/../.."
recipes/install-dependencies.sh
recipes/build.sh

run=runs/picture-captions
data=$run/data
[[ -e $data/train.images ]] || build/weft-picture-captions --output "$data"

# learn NAME SETTING...: trains the config, changed by the settings, and scores captions of the test pictures, and of those
# with purple stars, which no training picture has.
learn() {
  local name=$1 start=$SECONDS part
  shift
  echo "== $name"
  build/weft train -c recipes/picture-captions/config.yaml -m "$run/$name" "$@"
  echo "   (trained in $((SECONDS - start)) s)"
  for part in test unseen; do
    build/weft translate -m "$run/$name" -i $data/$part.images -o "$run/$name.$part.en"
    build/weft evaluate -i "$run/$name.$part.en" -r $data/$part.en --tokenizer none
  done
}
learn attention
# What has no attention learns more slowly, and is given half as many epochs again.
learn fixed-vector --set model.attention.score=none --set model.attention.normalization=softmax --set model.decoder.context_gate=none \
  --set training.attention_entropy=0 --set training.schedule.cosine_steps=4512 --set training.stop_after=24e

echo "== Where it looked, in captions of its own."
build/weft -q translate -m $run/attention -i $data/test.images --alignment json \
  | build/weft evaluate -i - --regions $data/test.en.regions
echo "== Pictures of it: $run/pictures"
head -n 6 $data/test.images | build/weft translate -m $run/attention --picture $run/pictures
