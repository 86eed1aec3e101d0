#!/usr/bin/env bash
# Multi30k English-German: trains, translates the test sets that are there, reports BLEU and chrF.
#   DATA_DIR=folder [FROM=de TO=en] recipes/multi30k-en-de/run.sh [--set KEY=VALUE ...]
# DATA_DIR holds train.en, train.de, val.en, val.de, test_2016_flickr.en, ...; without it the public files are fetched.
set -euo pipefail
cd "$(dirname "$0")/../.."
recipe=recipes/multi30k-en-de
from=${FROM:-en} to=${TO:-de}
run=${RUN_DIR:-runs/multi30k-$from-$to}
recipes/build.sh

data=${DATA_DIR:-$run/data}
if [[ -z "${DATA_DIR:-}" && ! -f $data/train.en ]]; then
  mkdir -p "$data"
  for name in train val test_2016_flickr test_2017_flickr test_2017_mscoco; do
    for language in en de; do
      wget -q -O - "https://raw.githubusercontent.com/multi30k/dataset/master/data/task1/raw/$name.$language.gz" |
        gunzip >"$data/$name.$language"
    done
  done
fi

/usr/bin/env time -v true 2>/dev/null && measure=(/usr/bin/env time -v) || measure=()
"${measure[@]}" build/weft train -c $recipe/config.yaml -m "$run/model" \
  --set data.train_source="$data/train.$from" --set data.train_target="$data/train.$to" \
  --set data.valid_source="$data/val.$from" --set data.valid_target="$data/val.$to" "$@"

for path in "$data"/test_*."$from"; do
  test=$(basename "$path" ".$from")
  "${measure[@]}" build/weft translate -m "$run/model" -i "$path" -o "$run/$test.$to"
  echo "== $test"
  build/weft evaluate -i "$run/$test.$to" -r "$data/$test.$to"
done
