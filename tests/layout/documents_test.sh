#!/usr/bin/env bash
# The tables of the documents name what is there: every preset once, every block once, and files that exist.
set -euo pipefail
cd "$(dirname "$0")/../.."

status=0
complain() {
  echo "$1"
  status=1
}

presets=$(sed -n '/^| preset/,/^$/p' configs/README.md)
for config in configs/*.yaml; do
  name=$(basename "$config" .yaml)
  [[ $name == reference ]] && continue
  count=$(grep -cE "^\|[^|]*\`$name\`" <<<"$presets" || true)
  [[ $count -eq 1 ]] || complain "configs/README.md has $count rows of the preset $name; expected one"
done

doubled=$(sed -n '/^| key/,$p' configs/README.md | grep -E '^\| `' | cut -d'|' -f2 | sed 's/ (.*//' | sort | uniq -d)
[[ -z $doubled ]] || complain "configs/README.md has several rows of $doubled"

# "`data/corpus_encoder.cpp`, `pair_store.cpp`": the second is in the folder of the first.
check_files() { # DOCUMENT ROOT COLUMN
  local cell name folder
  while IFS= read -r cell; do
    folder=""
    for name in $(grep -oE '`[^`]*`' <<<"$cell" | tr -d '`'); do
      [[ $name == */* ]] && folder=$(dirname "$name")/ || name=$folder$name
      compgen -G "$2$name" >/dev/null || complain "$1 names $2$name, which does not exist"
    done
  done < <(grep -E '^\|.*\.(h|cpp)`' "$1" | cut -d'|' -f"$3")
}
check_files configs/README.md src/ 5
check_files README.md "" 3

exit $status
