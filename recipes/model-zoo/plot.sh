#!/usr/bin/env bash
# BLEU by sentence length of some presets, as bleu-by-length.svg.
#   plot.sh DIRECTORY PRESET ...
set -euo pipefail
directory=$1
shift
if ! command -v gnuplot >/dev/null; then
  echo "no gnuplot: the numbers of the plot are in $directory/*/lengths.tsv" >&2
  exit 0
fi
curves=()
for preset in "$@"; do
  curves+=("'$directory/$preset/lengths.tsv' using 0:3:xtic(1) with linespoints title '$preset'")
done
gnuplot <<PLOT
set terminal svg size 900,500
set output '$directory/bleu-by-length.svg'
set datafile separator tab
set xlabel 'words of the source'
set ylabel 'BLEU'
set key outside
plot $(IFS=,; echo "${curves[*]}")
PLOT
echo "$directory/bleu-by-length.svg"
