"""Writes convolution.json, a golden file of tests/model/annotation_input_test.cpp: the six layers of Deng et al. 2017
(arXiv:1609.04938, table 1; what each pooling leaves is rounded up), of PyTorch's own modules in float64, with group
normalisation of one group where theirs are batch normalisations. Numbers are ones that float32 holds exactly.

Run: python3 make_convolution.py   (needs PyTorch)
"""

import json
import pathlib

import torch
from torch import nn

UNITS = 8


def convolution(inputs, outputs):
    return nn.Conv2d(inputs, outputs, 3, padding=1)


def pool(rows, columns):
    return nn.MaxPool2d((rows, columns), ceil_mode=True)


torch.manual_seed(1)
network = nn.Sequential(
    convolution(3, UNITS // 8), nn.ReLU(), pool(2, 2),
    convolution(UNITS // 8, UNITS // 4), nn.ReLU(), pool(2, 2),
    convolution(UNITS // 4, UNITS // 2), nn.GroupNorm(1, UNITS // 2), nn.ReLU(),
    convolution(UNITS // 2, UNITS // 2), nn.ReLU(), pool(2, 1),
    convolution(UNITS // 2, UNITS), nn.GroupNorm(1, UNITS), nn.ReLU(), pool(1, 2),
    convolution(UNITS, UNITS), nn.GroupNorm(1, UNITS), nn.ReLU()).double()

parameters, layer = {}, -1
for module in network:
    if not list(module.parameters()):
        continue
    layer += isinstance(module, nn.Conv2d)
    kind = "layer" if isinstance(module, nn.Conv2d) else "norm"
    for name, parameter in module.named_parameters():
        parameter.data = (parameter.data + torch.randn_like(parameter) * 0.1).float().double()
        parameters[f"{kind}_{layer}.{name}"] = {"shape": list(parameter.shape), "numbers": parameter.flatten().tolist()}

picture = torch.randint(256, (1, 3, 19, 13))
made = network(picture.double() / 127.5 - 1)
path = pathlib.Path(__file__).parent / "convolution.json"
path.write_text(json.dumps({
    "picture": {"shape": list(picture.shape), "numbers": picture.flatten().tolist()},
    "parameters": parameters,
    "made": {"shape": list(made.shape), "numbers": made.flatten().tolist()},
}) + "\n")
