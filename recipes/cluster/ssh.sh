#!/usr/bin/env bash
# Trains on hosts that are reached by ssh, one process on each; the first one has the model directory.
#   HOSTS="node1 node2" recipes/cluster/ssh.sh -c config.yaml -m model
# The program, the config and the training text lie at the same path on all hosts (a shared disk, or copies).
#   WEFT         the program there [this tree's build/weft]
#   MASTER_ADDR  address of the first host [its name in HOSTS]    MASTER_PORT [29500]
#   REMOTE       what starts a command on a host: "$REMOTE HOST COMMAND" [ssh -o BatchMode=yes]
set -euo pipefail
: "${HOSTS:?give HOSTS, the names of the hosts}"
read -r -a hosts <<<"$HOSTS"
read -r -a remote <<<"${REMOTE:-ssh -o BatchMode=yes}"
weft=${WEFT:-$(cd "$(dirname "$0")/../.." && pwd)/build/weft}
address=${MASTER_ADDR:-${hosts[0]}}
port=${MASTER_PORT:-29500}

# Hosts read from a pipe that nobody writes to. At its end, when this script is asked to stop or is gone, each tells its process to
# stop, which leaves a checkpoint: a signal to ssh would end the connection alone.
pipe=$(mktemp -d)
trap 'rm -r "$pipe"' EXIT
mkfifo "$pipe/alive"
exec 9<>"$pipe/alive"
trap 'exec 9>&-' INT TERM HUP
# shellcheck disable=SC2016  # expands there
there='exec 3<&0; "$@" </dev/null 3<&- & process=$!; '\
'{ while read -r line <&3; do :; done; kill -TERM $process; } >/dev/null 2>&1 & '\
'wait $process; code=$?; kill $! 2>/dev/null; exit $code'

pids=()
for rank in "${!hosts[@]}"; do
  command=$(printf '%q ' sh -c "$there" sh env "RANK=$rank" "WORLD_SIZE=${#hosts[@]}" LOCAL_RANK=0 "MASTER_ADDR=$address" \
    "MASTER_PORT=$port" ${GLOO_SOCKET_IFNAME:+"GLOO_SOCKET_IFNAME=$GLOO_SOCKET_IFNAME"} "$weft" train "$@")
  "${remote[@]}" "${hosts[rank]}" "cd $(printf %q "$PWD") && exec $command" <"$pipe/alive" 9>&- &
  pids+=($!)
done
status=0
for pid in "${pids[@]}"; do
  while :; do
    code=0
    wait "$pid" || code=$?
    kill -0 "$pid" 2>/dev/null || break  # wait was interrupted by a signal that has been handed on
  done
  ((code == 0)) || status=$code
done
exit "$status"
