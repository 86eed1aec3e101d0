#!/usr/bin/env bash
# network.sh NETWORK OUTPUT: the network of photographs as TorchScript. NETWORK is one already, uint8 [B, 3, 224, 224] to [B, D, h, w], and
# is copied; or it is google-coral's MobileNetV2, of which one is made.
set -euo pipefail
if [[ $1 == *.tflite ]]; then
  [[ -e $2 ]] || python3 "$(dirname "$0")/mobilenet.py" "$1" "$2"
else
  cmp -s "$1" "$2" || cp "$1" "$2"
fi
