#!/bin/bash
# tests/e2e/full_disk.sh WEFT
#
# What training does on a disk that is full, and in a directory that has become read-only, on file systems of its own (in a user's
# mount namespace: needs no privileges where the kernel grants those, else root). It must say so in one line, end with exit status 2,
# leave the last checkpoint as it was and nothing half written, and, once there is room again, end byte for byte where a run ends
# that never met any of it. Prints what each disk did; exit status 1 if one of these does not hold.
set -euo pipefail
weft=$(realpath "$1")
if [ -z "${WEFT_IN_NAMESPACE:-}" ]; then
  export WEFT_IN_NAMESPACE=1
  [ "$(id -u)" = 0 ] && exec unshare --mount "$0" "$weft"
  exec unshare --user --map-root-user --mount "$0" "$weft"
fi
work=$(mktemp -d) && trap 'umount -l "$work/disk" 2>/dev/null || true; rm -rf "$work"' EXIT
cd "$work" && mkdir disk

# The same text each time: a letter, as often as its place says, and back.
for i in $(seq 400); do
  line=$(((i * 7919) % 1009)) source="" target=""
  while [ $line -gt 0 ]; do
    letter=$(printf "\\x$(printf %x $((97 + line % 8)))") line=$((line / 8))
    source="$source $letter" target="${letter^} $target"
  done
  echo "${source# }" >>text.src && echo "${target% }" >>text.trg
done
cat >config.yaml <<END
data: {train_source: [text.src, text.src], train_target: [text.trg, text.trg], valid_source: text.src, valid_target: text.trg,
  corpora: {weights: [1, 2]}, subword_sampling: {source: 0.2, target: 0.2}, tempdir: $work}
vocabulary: {source_size: 40, target_size: 40, byte_fallback: false, model: bpe}
model: {embedding: {source: 16, target: 16}, encoder: {hidden: 16}, attention: {width: 16}, decoder: {hidden: 16, readout: 16},
  dropout: {hidden: 0.2}}
training: {threads: 1, batch_tokens: 300, accumulate: 2, stop_after: 60u, checkpoint_every: 3u, log_every: 10u, exponential_smoothing: 0.99,
  validation: {every: 20u, metric: loss, tokenizer: none, beam_size: 1}}
END
train() { "$weft" train -c config.yaml -m "$1" 2>&1 >/dev/null; }
train straight >/dev/null

fail() { echo "FAILED: $*" && exit 1; }
content() { (cd "$1" && sha256sum weights.safetensors config.yaml source.spm target.spm); }
# What differs by the clock alone is left out.
tensors() { tail -c +$((9 + $(od -An -tu8 -N8 "$1/training/checkpoint.safetensors"))) "$1/training/checkpoint.safetensors" | sha256sum; }
metrics() { sed -E '/"event":"resume"/d; s/"(seconds|target_tokens_per_second|source_tokens_per_second)":[^,}]*//g' "$1/metrics.jsonl"; }
ends_like_straight() {
  train disk/model >log || fail "$1: the run does not go on: $(cat log)"
  [ "$(content disk/model)" = "$(content straight)" ] || fail "$1: another model"
  [ "$(tensors disk/model)" = "$(tensors straight)" ] || fail "$1: another state of training"
  [ "$(metrics disk/model)" = "$(metrics straight)" ] || fail "$1: other metrics"
}
refused() {
  [ $1 = 2 ] || fail "$2: exit status $1: $(tail -n 3 log)"
  echo "$2: $(tail -n 1 log)"
  [ -z "$(find disk -name '*.tmp-*')" ] || fail "$2: a file is left half written"
}

# From a disk that holds the vocabularies alone to one that lacks a little for the second checkpoint, which is there beside the first.
whole=$(du -sk straight | cut -f 1) full=0
for percent in 40 55 70 80 85 90 95 100 105 110 115 120; do
  kilobytes=$((whole * percent / 100))
  mount -t tmpfs -o size=${kilobytes}k disk disk
  status=0 && train disk/model >log || status=$?
  if [ $status != 0 ]; then
    refused $status "disk of $kilobytes kB"
    full=$((full + 1))
  fi
  mount -o remount,size=100m disk
  ends_like_straight "disk of $kilobytes kB"
  umount disk
done
[ $full -ge 5 ] || fail "only $full sizes of disk were too small"

for updates in 0 7 31; do
  mount -t tmpfs -o size=100m disk disk
  [ $updates = 0 ] || "$weft" train -c config.yaml -m disk/model --set training.stop_after=${updates}u 2>/dev/null
  before=$(find disk -type f -exec sha256sum {} + | sort)
  mount -o remount,ro disk
  status=0 && train disk/model >log || status=$?
  refused $status "read-only after $updates updates"
  [ "$before" = "$(find disk -type f -exec sha256sum {} + | sort)" ] || fail "read-only: a file has changed"
  mount -o remount,rw disk
  ends_like_straight "read-only after $updates updates"
  umount disk
done
echo "$full disks that were full and 3 that were read-only: nothing was lost"
