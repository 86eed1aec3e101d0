#!/usr/bin/env bash
# Runs a line of shell here, whatever the host is called: on-this-host.sh HOST LINE
exec bash -c "$2"
