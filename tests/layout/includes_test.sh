#!/usr/bin/env bash
# Dependencies point one way: a folder of src includes only itself and the folders it may see (CONTRIBUTING.md, "How the
# code is laid out").
set -euo pipefail
cd "$(dirname "$0")/../../src"

declare -A may_see=(
  [base]="base"
  [align]="align base"
  [metrics]="metrics base"
  [config]="config base"
  [text]="text config base"
  [data]="data text config base"
  [init]="init data text config base"
  [kernels]="kernels config base"
  [nn]="nn kernels config base"
  [model]="model nn kernels data text config base"
  [search]="search model nn kernels data text config align base"
  [train]="train search model nn kernels data text config metrics base"
)

status=0
for folder in */; do
  folder=${folder%/}
  allowed=${may_see[$folder]:-}
  [[ -n $allowed ]] || { echo "src/$folder is in no row of the table"; status=1; continue; }
  while IFS=: read -r file line include; do
    target=$(sed -E 's/.*#include "([a-z_]+)\/.*/\1/' <<<"$include")
    [[ " $allowed " == *" $target "* ]] && continue
    echo "src/$file:$line: $folder may not include from $target (it may: $allowed)"
    status=1
  done < <(grep -rnE '^#include "[a-z_]+/' "$folder" --include='*.h' --include='*.cpp')
done
# align, metrics and what is below the data know no tensors.
if grep -rnE '#include <(torch|ATen|c10)/' base align metrics config text; then
  echo "these folders may not use LibTorch"
  status=1
fi
exit $status
