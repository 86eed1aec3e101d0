#!/usr/bin/env bash
# AN4 from its cepstra, by attention alone: trains, writes down the 130 test utterances, reports error rates of words and characters.
#   DATA_DIR=folder recipes/an4/run.sh [--set KEY=VALUE ...]
# DATA_DIR holds etc/an4_train.fileids, etc/an4_train.transcription, feat/an4_clstk/fash/an251-fash-b.mfc and so on, as Sphinx makes
# them. The first 100 training utterances, of eight speakers, are for validation.
set -euo pipefail
cd "$(dirname "$0")/../.."
: "${DATA_DIR:?is the folder of AN4, with etc and feat}"
recipes/build.sh

run=runs/an4
data=$run/data
mkdir -p $data
# words SET: its transcriptions without the names behind them; items SET: the files, in the same order.
words() { sed -E 's/ *\([^()]*\)$//; s/^<s> *//; s/ *<\/s>$//' "$DATA_DIR/etc/an4_$1.transcription"; }
items() { sed 's/$/.mfc/' "$DATA_DIR/etc/an4_$1.fileids"; }
words train | head -n 100 >$data/valid.en
items train | head -n 100 >$data/valid.mfc
words train | tail -n +101 >$data/train.en
items train | tail -n +101 >$data/train.mfc
words test >$data/test.en
items test >$data/test.mfc

build/weft train -c recipes/an4/config.yaml -m $run/model --set data.source_root="$DATA_DIR/feat" "$@"
for part in valid test; do
  echo "== $part"
  build/weft -q translate -m $run/model -i $data/$part.mfc -o $run/$part.en
  build/weft evaluate -i $run/$part.en -r $data/$part.en --metrics wer,cer
done
