#!/usr/bin/env bash
# Hosts without hosts: makes network namespaces that a bridge connects, runs a command, and removes them. Needs root.
#   recipes/cluster/namespaces.sh COUNT COMMAND...
# The command finds HOSTS ("weft-host0 weft-host1 ..."), MASTER_ADDR (10.77.0.1, the first) and REMOTE ("ip netns" instead of
# ssh), which ssh.sh beside this file reads. RATE=1gbit and DELAY=1ms make each link that slow, DELAY where the kernel has netem.
# Cutting a link:
#   ip -n weft-host1 link set eth0 down
set -euo pipefail
count=${1:?give a number of hosts}
shift
here=$(cd "$(dirname "$0")" && pwd)

remove() {
  for ((i = 0; i < count; ++i)); do
    ip link delete "weft-veth$i" 2>/dev/null || true  # its namespace may live on for a while
    ip netns delete "weft-host$i" 2>/dev/null || true
  done
  ip link delete weft-bridge 2>/dev/null || true
}
trap remove EXIT
remove
ip link add weft-bridge type bridge
ip link set weft-bridge up
hosts=()
for ((i = 0; i < count; ++i)); do
  host=weft-host$i
  ip netns add "$host"
  ip link add "weft-veth$i" type veth peer name eth0 netns "$host"
  ip link set "weft-veth$i" master weft-bridge up
  ip -n "$host" address add "10.77.0.$((i + 1))/24" dev eth0
  ip -n "$host" link set eth0 up
  ip -n "$host" link set lo up
  if [[ -n ${DELAY:-} ]]; then
    tc -n "$host" qdisc add dev eth0 root netem delay "$DELAY" ${RATE:+rate "$RATE"}
  elif [[ -n ${RATE:-} ]]; then
    tc -n "$host" qdisc add dev eth0 root tbf rate "$RATE" burst 256kb latency 100ms
  fi
  hosts+=("$host")
done
export HOSTS="${hosts[*]}" MASTER_ADDR=10.77.0.1 REMOTE="$here/in-namespace.sh"
"$@"
