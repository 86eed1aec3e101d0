#!/usr/bin/env bash
# Trains in several processes of this machine: local.sh COUNT -c config.yaml -m model
# (torchrun --nproc-per-node COUNT --no-python weft train ... does the same.)
set -euo pipefail
count=${1:?give a number of processes}
shift
here=$(cd "$(dirname "$0")" && pwd)
printf -v hosts 'here%.0s ' $(seq "$count")
HOSTS=$hosts MASTER_ADDR=127.0.0.1 MASTER_PORT=${MASTER_PORT:-$((20000 + RANDOM % 9000))} \
  REMOTE="$here/on-this-host.sh" exec "$here/ssh.sh" "$@"
