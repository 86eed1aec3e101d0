#!/usr/bin/env bash
# Captions of photographs: a frozen network, and attention to its 7 x 7 places. Writes captions of the 1,000 test pictures, scores them
# against five references each, and where the words of people's captions are looked for against boxes that people drew.
#   DATA_DIR=folder NETWORK=file [CAPTIONS=zh] [GUIDED=WEIGHT] [WEIGHTS=best] recipes/flickr8k/run.sh [NAME [--set KEY=VALUE ...]]
# DATA_DIR holds images/*.jpg, train.pairs.images and train.pairs.en side by side, valid.images and test.images with valid.en.0 to
# test.en.4 beside them, and entities.jsonl (Flickr30k Entities); for Chinese captions (CAPTIONS=zh) the same with zh instead of en.
# NETWORK is a TorchScript, uint8 [B, 3, 224, 224] to [B, D, h, w], which is a program, and is run; or google-coral's MobileNetV2
# (mobilenet.py says where it is), of which one is made. GUIDED: attention, and an alignment head beside it, are taught by the boxes of
# the training pictures, with this weight. NAME is of the model: soft, unless another is told. What is scored are the weights after the
# last epoch, or, with WEIGHTS=best, those that had the best BLEU on the first captions of the validation pictures.
set -euo pipefail
cd "$(dirname "$0")/../.."
: "${DATA_DIR:?is the folder of Flickr8k}" "${NETWORK:?is a TorchScript}"
recipes/build.sh

run=runs/flickr8k
data=$run/data
name=${1:-soft}
shift || true
language=${CAPTIONS:-en}
tokenizer=none
settings=()
if [[ $language == zh ]]; then  # no blanks between words
  tokenizer=zh
  settings=(--set vocabulary.type=sentencepiece --set vocabulary.target_size=2000 --set training.validation.tokenizer=zh
    --set data.train_target=$data/train.zh --set data.valid_target=$data/valid.zh.0)
fi
if [[ -n "${GUIDED:-}" ]]; then
  settings+=(--set training.guided_alignment.regions="$DATA_DIR/entities.jsonl" --set training.guided_alignment.weight="$GUIDED"
    --set training.guided_alignment.half_life=0 --set model.alignment_head.width=256)
fi
mkdir -p $data
recipes/flickr8k/network.sh "$NETWORK" $run/network.pt
small() { tr '[:upper:]' '[:lower:]' <"$1"; }
# Without punctuation, as captions are scored elsewhere.
bare() { sed -E 's/[[:punct:]]+//g; s/ +/ /g; s/^ | $//g' "$1"; }
small "$DATA_DIR/train.pairs.$language" >$data/train.$language
cp "$DATA_DIR/train.pairs.images" $data/train.images
for part in valid test; do
  cp "$DATA_DIR/$part.images" $data/$part.images
  for i in 0 1 2 3 4; do
    small "$DATA_DIR/$part.$language.$i" >$data/$part.$language.$i
    bare $data/$part.$language.$i >$data/$part.$language.bare.$i
  done
done

start=$SECONDS
build/weft train -c recipes/flickr8k/config.yaml -m $run/$name --set data.source_root="$DATA_DIR/images" "${settings[@]}" "$@"
echo "   (trained in $((SECONDS - start)) s)"

model=$run/$name
if [[ ${WEIGHTS:-last} == last ]]; then
  model=$run/$name-last
  rm -rf $model
  build/weft -q average $run/$name/training/checkpoint.safetensors -o $model
fi
for part in valid test; do
  echo "== $part"
  build/weft -q translate -m $model -i $data/$part.images -o $run/$name.$part.$language
  bare $run/$name.$part.$language >$run/$name.$part.bare
  build/weft evaluate -i $run/$name.$part.bare -r $data/$part.$language.bare.{0,1,2,3,4} --tokenizer $tokenizer --metrics bleu,rouge-l,cider
done

# A model without attention looks nowhere, and the boxes are of English captions.
grep -q 'score: none' $model/config.yaml && exit
[[ $language == en ]] || exit 0
views=(attention)
[[ -z "${GUIDED:-}" ]] || views+=(head)
for part in valid test; do
  for view in "${views[@]}"; do
    echo "== Where the words of the $part captions are looked for: $view"
    for i in 0 1 2 3 4; do
      build/weft -q align -m $model -s $data/$part.images -t $data/$part.en.$i --format json --alignment-from $view
    done | build/weft evaluate -i - --regions "$DATA_DIR/entities.jsonl"
  done
done
