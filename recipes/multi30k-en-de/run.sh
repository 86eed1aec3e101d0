#!/usr/bin/env bash
# Multi30k English-German: trains, translates the 2016 and 2017 flickr test sets, reports BLEU and chrF.
#   DATA_DIR=folder recipes/multi30k-en-de/run.sh [--set KEY=VALUE ...]
# DATA_DIR holds train.en, train.de, val.en, val.de, test_2016_flickr.en, ...; without it the public files are fetched.
set -euo pipefail
cd "$(dirname "$0")/../.."
recipe=recipes/multi30k-en-de
run=${RUN_DIR:-runs/multi30k-en-de}
recipes/build.sh

data=${DATA_DIR:-$run/data}
if [[ -z "${DATA_DIR:-}" && ! -f $data/train.en ]]; then
  mkdir -p "$data"
  for name in train val test_2016_flickr test_2017_flickr; do
    for language in en de; do
      wget -q -O - "https://raw.githubusercontent.com/multi30k/dataset/master/data/task1/raw/$name.$language.gz" |
        gunzip >"$data/$name.$language"
    done
  done
fi

/usr/bin/env time -v true 2>/dev/null && measure=(/usr/bin/env time -v) || measure=()
"${measure[@]}" build/weft train -c $recipe/config.yaml -m "$run/model" \
  --set data.train_source="$data/train.en" --set data.train_target="$data/train.de" \
  --set data.valid_source="$data/val.en" --set data.valid_target="$data/val.de" "$@"

for test in test_2016_flickr test_2017_flickr; do
  "${measure[@]}" build/weft translate -m "$run/model" -i "$data/$test.en" -o "$run/$test.de"
  echo "== $test"
  build/weft evaluate -i "$run/$test.de" -r "$data/$test.de"
done
