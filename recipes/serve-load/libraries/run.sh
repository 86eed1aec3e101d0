#!/usr/bin/env bash
# What HTTP libraries of Debian cost by themselves: requests a second and latencies of the least server on each, by the number of clients.
#   recipes/serve-load/libraries/run.sh [SECONDS]      needs g++, libboost-dev, libcpp-httplib-dev, wrk
set -euo pipefail
seconds=${1:-5} port=18400
here=$(cd "$(dirname "$0")" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cat >"$scratch/post.lua" <<'LUA'
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.body = '{"text": "The dog sees a cat.", "target_language": "de"}'
done = function(summary, latency)
  local errors = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout
  print(string.format("RESULT %.0f %.2f %.2f %d", summary.requests / summary.duration * 1e6, latency:percentile(50) / 1e3,
                      latency:percentile(99) / 1e3, errors))
end
LUA
echo "| library | clients | requests/s | p50 ms | p99 ms | errors | KiB | seconds to compile | of 64 open connections answered in 1 s |"
echo "|---|---|---|---|---|---|---|---|---|"
for library in beast httplib; do
  begin=$(date +%s)
  links=()
  [[ $library == httplib ]] && links=(-lcpp-httplib)
  g++ -std=c++20 -O2 "$here/$library.cpp" -o "$scratch/$library" -pthread "${links[@]}"
  taken=$(($(date +%s) - begin))
  "$scratch/$library" $port &
  server=$!
  sleep 1
  answered=$(python3 "$here/open_connections.py" $port)
  for clients in 1 8 64; do
    line=$(wrk -c $clients -t 1 -d "$seconds" --timeout 2 -s "$scratch/post.lua" "http://127.0.0.1:$port/translate" | grep '^RESULT')
    read -r _ rate p50 p99 errors <<<"$line"
    echo "| $library | $clients | $rate | $p50 | $p99 | $errors | $(awk '/^VmRSS/ { print $2 }' /proc/$server/status) | $taken | $answered |"
  done
  kill $server
  wait $server 2>/dev/null || true
done
