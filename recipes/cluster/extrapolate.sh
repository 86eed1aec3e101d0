#!/usr/bin/env bash
# How an update's time would grow with hosts, by the model in README.md; every number is given, none is hidden:
#   extrapolate.sh SECONDS_PER_BATCH MEGABYTES BATCHES_PER_HOST LATENCY_US GBIT_PER_S MEGABYTES_OF_LAST_BUCKET
# Prints, for 1 to 64 hosts, seconds of an update if sums begin after the backward pass (none hidden) and if the last backward
# pass hides what it can (hidden), and what part of the time is computation.
set -euo pipefail
(($# == 6)) || { sed -n '2,4s/^# //p' "$0" >&2; exit 2; }
awk -v c="$1" -v mb="$2" -v k="$3" -v us="$4" -v gbit="$5" -v end="$6" 'BEGIN {
  bucket = 4.194304                              # megabytes of a bucket, src/train/gradient_buckets.h
  buckets = int((mb + bucket - 1e-9) / bucket); if (buckets < 1) buckets = 1
  print "hosts  none hidden  efficiency  hidden  efficiency"
  for (w = 1; w <= 64; w *= 2) {
    steps = 2 * (w - 1)                          # of a ring: reduce-scatter, then allgather
    news = steps * us * 1e-6                     # the small sum of losses
    sums = buckets * steps * us * 1e-6 + 2 * (w - 1) / w * mb * 8e6 / (gbit * 1e9)
    work = k * c
    hides = 2.0 / 3 * c                          # the last backward pass
    left = sums > hides ? sums - hides : 0
    last = w > 1 ? 2 * (w - 1) / w * end * 8e6 / (gbit * 1e9) + steps * us * 1e-6 : 0
    if (left < last) left = last                 # the last bucket sets out when there is nothing left to compute
    printf "%5d  %11.3f  %9.0f%%  %6.3f  %9.0f%%\n", w, work + sums + news, 100 * work / (work + sums + news), work + left + news, 100 * work / (work + left + news)
  }
}'
