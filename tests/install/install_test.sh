#!/usr/bin/env bash
# Installs Weft into a folder and uses it from there alone, as a person does who has installed the package: the program, the
# library from a program of its own (examples/embed), the headers, the manual page and the completion.
#   install_test.sh SOURCE BUILD MODEL      MODEL translates "The dog sees a cat."
set -euo pipefail
source=$1 build=$2 model=$3
prefix=$(mktemp -d)
trap 'rm -rf "$prefix"' EXIT
line="The dog sees a cat."
fail() {
  echo "$1" >&2
  exit 1
}
# equal WHAT FOUND EXPECTED
equal() { [[ $2 == "$3" ]] || fail "$1: found '$2', expected '$3'"; }

DESTDIR='' cmake --install "$build" --prefix "$prefix" >/dev/null
expected=$("$build/weft" translate -m "$model" <<<"$line" 2>/dev/null)
[[ -n $expected ]] || fail "the model translates nothing"
equal "the installed program" "$("$prefix/bin/weft" translate -m "$model" <<<"$line" 2>/dev/null)" "$expected"

cmake -S "$source/examples/embed" -B "$prefix/embed" -DCMAKE_BUILD_TYPE=Release -DCMAKE_PREFIX_PATH="$prefix" \
  -DCMAKE_CXX_FLAGS="-Wall -Wextra -Werror" >/dev/null
cmake --build "$prefix/embed" >/dev/null
"$prefix/embed/embed" "$model" <<<"$line" >"$prefix/answer"
equal "the embedded library" "$(head -n 1 "$prefix/answer")" "$expected"
tail -n +2 "$prefix/answer" | awk '{ sum = 0; for (i = 2; i <= NF; ++i) { sub(/.*:/, "", $i); sum += $i }
  if (NF != 6 || sum < 0.999 || sum > 1.001) { print "no distribution over five words: " $0; bad = 1 } }
  END { if (NR == 0) print "no matrix"; exit bad || NR == 0 }' >&2
status=0
"$prefix/embed/embed" "$prefix/nothing" </dev/null 2>"$prefix/mistake" || status=$?
equal "the status of a wrong model" "$status" 2

cd "$prefix/include"
find weft -name '*.h' | sort >"$prefix/headers"
[[ -s $prefix/headers ]] || fail "no headers"
while read -r header; do
  echo "#include <$header>" | g++ -std=c++20 -I . -M -x c++ - >"$prefix/needs" || fail "$header does not stand alone"
  if grep -oE '[^ ]*/(torch|ATen|c10|yaml-cpp|nlohmann|spdlog)/[^ ]*' "$prefix/needs" >&2; then fail "$header needs these"; fi
done <"$prefix/headers"

gzip -dc "$prefix/share/man/man1/weft.1.gz" >"$prefix/man"
for option in '\\-\\-alignment\\-threshold' '\\-\\-dump\\-config' '.SS weft bench translate'; do
  grep -qF -- "${option//\\\\/\\}" "$prefix/man" || fail "the manual page lacks $option"
done
# complete WORDS...: what bash offers for the last one.
complete_words() {
  bash -c 'source "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _weft; echo "${COMPREPLY[*]}"' \
    "$prefix/share/bash-completion/completions/weft" "$@"
}
equal "completion of a command" "$(complete_words weft tr)" "train translate"
equal "completion below a command" "$(complete_words weft bench tr)" "train translate"
equal "completion of an option" "$(complete_words weft -q translate --alignment-t)" "--alignment-threshold"
equal "completion of a value" "$(complete_words weft align --format so)" "soft"
test -f "$prefix/share/weft/configs/rnnsearch.yaml" || fail "the presets are missing"
