#!/usr/bin/env bash
# Runs a line of shell on a host of namespaces.sh, as ssh would: in-namespace.sh HOST LINE
exec ip netns exec "$1" bash -c "$2"
