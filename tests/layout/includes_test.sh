#!/usr/bin/env bash
# Dependencies point one way: a folder of src includes only itself and the folders it may see (CONTRIBUTING.md, "How the
# code is laid out").
set -euo pipefail
cd "$(dirname "$0")/../../src"

declare -A may_see=(
  [base]="base"
  [align]="align base"
  [aligner]="aligner align base"
  [markup]="markup align base"
  [metrics]="metrics base"
  [plot]="plot metrics align base"
  [config]="config base"
  [media]="media config align base"
  [text]="text config base"
  [data]="data text media config base"
  [init]="init data text media config base"
  [kernels]="kernels config base"
  [tensor]="tensor kernels base"
  [ops]="ops kernels config base"
  [nn]="nn ops config base"
  [model]="model nn ops data text media config base"
  [search]="search model nn ops kernels data text media config align base"
  [train]="train search model nn ops kernels data text media config metrics aligner align base"
  [app]="app search model nn ops kernels data text media config plot aligner markup align metrics base"
  [alone]="alone model nn ops kernels data config base"
  [serve]="serve app search model nn ops kernels data text media config aligner markup align metrics base"
)

status=0
for folder in */; do
  [[ -n ${may_see[${folder%/}]:-} ]] || { echo "src/$folder is in no row of the table"; status=1; }
done
declare -A includes  # of each file, what it includes of src
while IFS=: read -r file line include; do
  folder=${file%%/*}
  allowed=${may_see[$folder]:-}
  header=${include#*\"}
  header=${header%%\"*}
  includes[$file]+="$header "
  [[ -z $allowed || " $allowed " == *" ${header%%/*} "* ]] && continue
  echo "src/$file:$line: $folder may not include from ${header%%/*} (it may: $allowed)"
  status=1
done < <(grep -rnE '^#include "[a-z_]+/' --include='*.h' --include='*.cpp' -- *)
# align, aligner, metrics and what is below the data know no tensors.
if grep -rnE '#include <(torch|ATen|c10)/' base align aligner markup metrics plot config media text; then
  echo "these folders may not use LibTorch"
  status=1
fi
# Beam search knows no model: of src/search only these may include, directly or through another header, from model, or
# from kernels themselves. They adapt models to it, or are no part of it.
adapters=" ensemble.h ensemble.cpp forced_aligner.cpp load_translator.cpp translator.cpp "

# What a file includes of src, and what that includes.
closure() {
  local pending=("$1") seen=" " file header
  while ((${#pending[@]})); do
    file=${pending[0]}
    pending=("${pending[@]:1}")
    for header in ${includes[$file]:-}; do
      [[ $seen == *" $header "* ]] && continue
      seen+="$header "
      [[ -f $header ]] && pending+=("$header")
    done
  done
  tr ' ' '\n' <<<"$seen"
}

for file in search/*.h search/*.cpp; do
  [[ $adapters == *" ${file#search/} "* ]] && continue
  if found=$(closure "$file" | grep -E '^model/' || grep -oE '"kernels/[^"]*' "$file"); then
    echo "src/$file may know no model, but reads" $found
    status=1
  fi
done
# A program that translates or aligns needs no header of LibTorch.
for file in search/translator.h search/forced_aligner.h; do
  for header in $file $(closure "$file"); do
    if grep -nE '#include <(torch|ATen|c10)/' "$header"; then
      echo "src/$header, which src/$file reads, may not include from LibTorch"
      status=1
    fi
  done
done
exit $status
