#!/usr/bin/env bash
# Installs what is missing and builds the program: build/weft.
set -euo pipefail
cd "$(dirname "$0")/.."
recipes/install-dependencies.sh
export CCACHE_SLOPPINESS=pch_defines,time_macros  # lets ccache work with the precompiled header
export CMAKE_CXX_COMPILER_LAUNCHER=ccache
[[ -f build/CMakeCache.txt ]] || cmake --preset release >&2
cmake --build build --target weft weft-quickstart-corpus -j2 >&2
