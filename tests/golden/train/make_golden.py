"""Writes optimizers.json and schedules.json, the golden files of tests/train/optimizer_test.cpp and schedule_test.cpp.

The optimizers are torch.optim's own; Adafactor, which PyTorch 1.13 lacks, is written out here from its paper
(arXiv:1804.04235, algorithms 4 and 5, constants of section 9). The schedules are torch.optim.lr_scheduler's own, the
inverse square root a LambdaLR. All in float64, from numbers that float32 holds exactly.

Run: python3 make_golden.py   (needs PyTorch)
"""

import json
import math
import pathlib

import torch
from torch.optim import lr_scheduler

UPDATES = 6
SHAPES = {"a": [3], "b": [3, 4], "c": [1]}
RATES = [0.5, 0.25, 0.125, 0.5, 0.0625, 0.25]  # whatever the schedule says
CASES = [
    ("sgd", {}, torch.optim.SGD, {}),
    ("sgd", {"momentum": 0.75}, torch.optim.SGD, {"momentum": 0.75}),
    ("sgd", {"momentum": 0.75, "nesterov": True}, torch.optim.SGD, {"momentum": 0.75, "nesterov": True}),
    ("adam", {"beta1": 0.75, "beta2": 0.875, "epsilon": 0.001}, torch.optim.Adam,
     {"betas": (0.75, 0.875), "eps": 0.001}),
    ("adamw", {"beta1": 0.75, "beta2": 0.875, "epsilon": 0.001, "weight_decay": 0.25}, torch.optim.AdamW,
     {"betas": (0.75, 0.875), "eps": 0.001, "weight_decay": 0.25}),
    ("adagrad", {"epsilon": 0.001}, torch.optim.Adagrad, {"eps": 0.001}),
    ("adadelta", {"beta2": 0.875, "epsilon": 0.001}, torch.optim.Adadelta, {"rho": 0.875, "eps": 0.001}),
    ("rmsprop", {"beta2": 0.875, "epsilon": 0.001}, torch.optim.RMSprop, {"alpha": 0.875, "eps": 0.001}),
    ("rmsprop", {"beta2": 0.875, "epsilon": 0.001, "momentum": 0.5}, torch.optim.RMSprop,
     {"alpha": 0.875, "eps": 0.001, "momentum": 0.5}),
]


def numbers(shape):
    return torch.randn(shape).float().double()


def rms(x):
    return x.pow(2).mean().sqrt().item()


class Adafactor:
    """Of matrices and vectors, written with the paper's names."""

    def __init__(self, parameters):
        self.parameters, self.t = parameters, 0
        self.state = [{} for _ in parameters]

    def step(self, rho):
        self.t += 1
        epsilon1, epsilon2, d = 1e-30, 1e-3, 1.0
        beta2 = 1 - self.t**-0.8
        for x, state in zip(self.parameters, self.state):
            g = x.grad
            alpha = max(epsilon2, rms(x)) * rho
            square = g * g + epsilon1
            if g.dim() == 2:
                n, m = g.shape
                r = state.get("R", torch.zeros(n, 1).double())
                c = state.get("C", torch.zeros(1, m).double())
                state["R"] = r = beta2 * r + (1 - beta2) * square @ torch.ones(m, 1).double()
                state["C"] = c = beta2 * c + (1 - beta2) * torch.ones(1, n).double() @ square
                v = r @ c / (torch.ones(1, n).double() @ r)
            else:
                state["V"] = v = beta2 * state.get("V", torch.zeros_like(g)) + (1 - beta2) * square
            u = g / v.sqrt()
            x.sub_(alpha * u / max(1.0, rms(u) / d))


def optimizers():
    torch.manual_seed(3)
    start = {name: numbers(shape) for name, shape in SHAPES.items()}
    gradients = [{name: numbers(shape) for name, shape in SHAPES.items()} for _ in range(UPDATES)]
    lists = lambda tensors: {name: tensor.flatten().tolist() for name, tensor in tensors.items()}
    result = {"shapes": SHAPES, "rates": RATES, "start": lists(start), "gradients": [lists(g) for g in gradients],
              "cases": []}
    with torch.no_grad():
        for name, options, kind, settings in CASES + [("adafactor", {}, None, None)]:
            parameters = {key: tensor.clone().requires_grad_() for key, tensor in start.items()}
            tensors = list(parameters.values())
            optimizer = kind(tensors, lr=1.0, **settings) if kind else Adafactor(tensors)
            after = []
            for gradient, rate in zip(gradients, RATES):
                for key, parameter in parameters.items():
                    parameter.grad = gradient[key].clone()
                if kind:
                    optimizer.param_groups[0]["lr"] = rate
                    optimizer.step()
                else:
                    optimizer.step(rate)
                after.append(lists(parameters))
            result["cases"].append({"type": name, "options": options, "after": after})
    return result


def rates_of(make, peak, count):
    """The rates of `count` updates: PyTorch's epoch k is update k + 1."""
    optimizer = torch.optim.SGD([torch.zeros(1)], lr=peak)
    scheduler, rates = make(optimizer), []
    for _ in range(count):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    return rates


def after_warmup(optimizer, warmup, then):
    """Update t < warmup has t / warmup of the rate; from update `warmup` on, `then` begins."""
    first = lr_scheduler.LinearLR(optimizer, start_factor=1 / warmup, total_iters=warmup - 1)
    return lr_scheduler.SequentialLR(optimizer, [first, then(optimizer)], [warmup - 1])


def plateau_rates(losses, peak, patience, factor):
    """PyTorch waits for one validation more than its patience."""
    optimizer = torch.optim.SGD([torch.zeros(1)], lr=peak)
    scheduler = lr_scheduler.ReduceLROnPlateau(optimizer, factor=factor, patience=patience - 1, threshold=0, eps=0)
    rates = []
    for loss in losses:
        scheduler.step(loss)
        rates.append(optimizer.param_groups[0]["lr"])
    return rates


def schedules():
    peak, warmup, count = 0.75, 5, 40
    inverse_sqrt = lambda start: lambda o: lr_scheduler.LambdaLR(o, lambda k: min(1, math.sqrt(start / (k + 1))))
    # Both factors at once, by the formula: what a warm-up beyond inverse_sqrt_steps comes to.
    both = lambda o: lr_scheduler.LambdaLR(o, lambda k: min(1, (k + 1) / 20) * min(1, math.sqrt(4 / (k + 1))))
    cosine = lambda o: lr_scheduler.CosineAnnealingLR(o, 30 - warmup, eta_min=0.125)
    exponential = lambda o: lr_scheduler.ExponentialLR(o, 0.25**(1 / 10))
    plateau = [9, 8, 8, 8.5, 8.25, 7, 7, 6, 6.5, 6.5, 6.5, 6.5, 6.5, 5]
    cases = [
        ({}, lambda o: lr_scheduler.ConstantLR(o, 1.0), count),
        ({"warmup_steps": warmup}, lambda o: lr_scheduler.LinearLR(o, 1 / warmup, total_iters=warmup - 1), count),
        ({"inverse_sqrt_steps": 9}, inverse_sqrt(9), count),
        ({"warmup_steps": 20, "inverse_sqrt_steps": 4}, both, count),
        ({"warmup_steps": warmup, "exponential_steps": 10, "exponential_factor": 0.25},
         lambda o: after_warmup(o, warmup, exponential), count),
        # PyTorch's cosine rises again behind its end.
        ({"warmup_steps": warmup, "cosine_steps": 30, "minimum_rate": 0.125},
         lambda o: after_warmup(o, warmup, cosine), 30),
    ]
    return {"peak": peak,
            "cases": [{"options": options, "rates": rates_of(make, peak, n)} for options, make, n in cases],
            "plateau": {"losses": plateau, "patience": 2, "factor": 0.5,
                        "rates": plateau_rates(plateau, peak, 2, 0.5)}}


if __name__ == "__main__":
    folder = pathlib.Path(__file__).parent
    for name, content in (("optimizers", optimizers()), ("schedules", schedules())):
        (folder / (name + ".json")).write_text(json.dumps(content) + "\n")
