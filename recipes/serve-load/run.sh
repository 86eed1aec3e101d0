#!/usr/bin/env bash
# Requests a second and latencies of weft serve on this machine, by the number of clients that ask at once, a line each: with
# batches across requests, and one line at a time.
#   recipes/serve-load/run.sh MODEL LINES [SECONDS]      LINES: a file of source lines; needs Debian's wrk
set -euo pipefail
model=$1 lines=$2 seconds=${3:-10}
here=$(cd "$(dirname "$0")" && pwd)
weft=$here/../../build/weft
command -v wrk >/dev/null || { echo "run.sh: wrk is missing (apt-get install wrk)" >&2; exit 2; }
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# measure NAME SERVE_OPTION...
measure() {
  local name=$1 server clients url
  shift
  "$weft" serve -q -m model="$model" --port 0 "$@" >"$scratch/url" &
  server=$!
  until [[ -s $scratch/url ]]; do
    kill -0 "$server"
    sleep 0.1
  done
  url=$(<"$scratch/url")
  wrk -c 8 -t 1 -d 2 -s "$here/post.lua" "$url/translate" -- "$lines" >/dev/null
  for clients in 1 8 64; do
    wrk -c "$clients" -t 1 -d "$seconds" --timeout 60 -s "$here/post.lua" "$url/translate" -- "$lines" |
      awk -v name="$name" -v clients="$clients" '/^RESULT/ { printf "| %s | %d | %s | %s | %s | %s |\n", name, clients, $2, $3, $4, $5 }'
  done
  kill "$server"
  wait "$server"
  : >"$scratch/url"
}

echo "| batches | clients | requests/s | p50 ms | p99 ms | errors |"
echo "|---|---|---|---|---|---|"
measure "of up to 128 lines, within 2 ms"
measure "none: a line at a time" --batch 1 --max-delay 0
