#!/usr/bin/env bash
# Installs what Weft needs from Debian's packages (12 or 13), and only what is missing.
#   recipes/install-dependencies.sh [--tests] [--plots]     also what the test suite, or drawing plots, needs
set -euo pipefail

packages=(
  build-essential cmake ninja-build ccache pkg-config  # the build
  file                                                 # by which cpack -G DEB finds out what the package depends on
  clang-19                                             # the compiler: half of GCC 12's time, and faster loops
  libtorch-dev libopenblas0-openmp                     # tensors; the OpenMP flavour alone: the pthread one fights with LibTorch's threads
  libgloo-dev                                          # processes that train together (c10d's headers read it)
  libdnnl-dev                                          # matrix products with packed weights
  libsentencepiece-dev                                 # subword vocabularies
  libyaml-cpp-dev libcli11-dev nlohmann-json3-dev      # configs, command lines, JSON
  libspdlog-dev libfmt-dev                             # logging
  libboost-dev                                         # the server (Boost.Beast)
  libzip-dev                                           # models of other toolkits
  libicu-dev zlib1g-dev libzstd-dev libxxhash-dev      # Unicode, compressed corpora, caches
  libturbojpeg0-dev libpng-dev libwebp-dev             # pictures
  libsndfile1-dev libsoxr-dev libkissfft-dev           # sound
)
for option in "$@"; do
  case $option in
    # libclang-rt: the sanitizers; Chromium: the pages
    --tests) packages+=(libgtest-dev libgmock-dev libbenchmark-dev libclang-rt-19-dev chromium) ;;
    --plots) packages+=(gnuplot-nox) ;;
    *)
      echo "install-dependencies.sh: unknown option '$option'; expected --tests or --plots" >&2
      exit 2
      ;;
  esac
done

missing=()
for package in "${packages[@]}"; do
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q '^install ok installed$' || missing+=("$package")
done
if ((${#missing[@]})); then
  echo "installing: ${missing[*]}" >&2
  as_root=()
  [[ $EUID -eq 0 ]] || as_root=(sudo)
  "${as_root[@]}" apt-get update -qq
  DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2
fi
