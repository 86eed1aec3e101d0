#!/usr/bin/env bash
# BLEU by sentence length of some presets, as bleu-by-length.svg.
#   plot.sh DIRECTORY PRESET ...
set -euo pipefail
directory=$1
shift
curves=()
for preset in "$@"; do
  curves+=("'$directory/$preset/lengths.tsv' using 0:3:xtic(1) with linespoints title '$preset'")
done
gnuplot <<PLOT
set terminal svg size 900,500 background 'white' linewidth 1.5
set output '$directory/bleu-by-length.svg'
set datafile separator tab
set xlabel 'words of the source'
set ylabel 'BLEU'
set key outside
set yrange [0:100]
set grid ytics
set offsets 0.2, 0.2, 0, 0
plot $(IFS=,; echo "${curves[*]}")
PLOT
echo "$directory/bleu-by-length.svg"
