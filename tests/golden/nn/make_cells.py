"""Writes cells.json, the golden file of tests/nn/cell_golden_test.cpp: recurrent cells with random weights, and what
they compute over sentences of different lengths, with gradients.

nn.RNNCell, nn.GRUCell and nn.LSTMCell are PyTorch's own; the other cells are written from their papers with
PyTorch's functions, one sentence and one step at a time, in float64: the GRU of Cho et al. 2014 (arXiv:1406.1078),
layer normalisation of Ba et al. 2016 (arXiv:1607.06450), the multiplicative LSTM of Krause et al. 2016
(arXiv:1609.07959), the SRU of Lei et al. 2018 (arXiv:1709.02755), the SSRU of Kim et al. 2019 (D19-5632) and deep
transitions of Miceli Barone et al. 2017 (arXiv:1707.07631). Weights are numbers that float32 holds exactly.

Run: python3 make_cells.py   (needs PyTorch)
"""

import json
import pathlib

import torch
from torch import nn
from torch.nn import functional as F

INPUTS, HIDDEN = 3, 4
LENGTHS = [2, 4, 1]
CASES = [("rnn", 1), ("gru", 1), ("lstm", 1), ("gru_reset_before", 1), ("ln_gru", 1), ("ln_lstm", 1), ("mlstm", 1),
         ("sru", 1), ("ssru", 1), ("rnn", 2), ("gru", 3), ("lstm", 2), ("gru_reset_before", 2), ("ln_gru", 2),
         ("ln_lstm", 2), ("mlstm", 2)]
sigmoid, tanh = torch.sigmoid, torch.tanh


def norm(a, gain, bias):
    return F.layer_norm(a, a.shape[-1:], gain, bias, eps=1e-5)


class Cell:
    """A transition with parameters under Weft's names; x is None where there is no input."""

    def __init__(self, has_input):
        self.has_input, self.parameters = has_input, {}

    def add(self, name, *shape):
        values = (torch.randn(*shape) * 0.5).float().double()
        self.parameters[name] = values.requires_grad_()

    def __getattr__(self, name):
        return self.__dict__["parameters"][name]

    def add_gates(self, inputs, states):
        if self.has_input:
            self.add("weight_ih", inputs * HIDDEN, INPUTS)
        self.add("bias_ih", inputs * HIDDEN)
        if states:
            self.add("weight_hh", states * HIDDEN, HIDDEN)
            self.add("bias_hh", states * HIDDEN)

    def read(self, x):
        return self.bias_ih if x is None else self.weight_ih @ x + self.bias_ih

    def output(self, state):
        return state[:HIDDEN]



class OfPyTorch(Cell):
    module, gates, width = None, None, HIDDEN

    def __init__(self, has_input):
        super().__init__(has_input)
        self.add_gates(self.gates, self.gates)

    def step(self, x, state):
        module = self.module(INPUTS, HIDDEN).double()
        weights = dict(self.parameters)
        if x is None:
            weights["weight_ih"] = torch.zeros(self.gates * HIDDEN, INPUTS, dtype=torch.float64)
            x = torch.zeros(INPUTS, dtype=torch.float64)
        names = ["weight_ih", "weight_hh", "bias_ih", "bias_hh"]
        for name in names:
            delattr(module, name)
            setattr(module, name, weights[name])
        given = state[None] if self.width == HIDDEN else (state[None, :HIDDEN], state[None, HIDDEN:])
        result = module(x[None], given)
        return torch.cat(result, 1)[0] if isinstance(result, tuple) else result[0]


class Rnn(OfPyTorch):
    module, gates = nn.RNNCell, 1


class Gru(OfPyTorch):
    module, gates = nn.GRUCell, 3


class Lstm(OfPyTorch):
    module, gates, width = nn.LSTMCell, 4, 2 * HIDDEN


class GruResetBefore(Cell):
    width = HIDDEN

    def __init__(self, has_input):
        super().__init__(has_input)
        self.add_gates(3, 3)

    def step(self, x, h):
        x_r, x_z, x_n = self.read(x).split(HIDDEN)
        u_r, u_z, u_n = self.weight_hh.split(HIDDEN)
        c_r, c_z, c_n = self.bias_hh.split(HIDDEN)
        r = sigmoid(x_r + u_r @ h + c_r)
        z = sigmoid(x_z + u_z @ h + c_z)
        n = tanh(x_n + u_n @ (r * h) + c_n)
        return (1 - z) * n + z * h


class LnGru(Cell):
    width = HIDDEN

    def __init__(self, has_input):
        super().__init__(has_input)
        self.add_gates(3, 3)
        self.add("gain_hh", 3 * HIDDEN)
        if has_input:
            self.add("gain_ih", 3 * HIDDEN)

    def step(self, x, h):
        parts = [slice(0, 2 * HIDDEN), slice(2 * HIDDEN, 3 * HIDDEN)]
        of_h = [norm(self.weight_hh[p] @ h, self.gain_hh[p], self.bias_hh[p]) for p in parts]
        if x is None:
            of_x = [self.bias_ih[p] for p in parts]
        else:
            of_x = [norm(self.weight_ih[p] @ x, self.gain_ih[p], self.bias_ih[p]) for p in parts]
        r, z = sigmoid(of_x[0] + of_h[0]).split(HIDDEN)
        n = tanh(of_x[1] + r * of_h[1])
        return (1 - z) * n + z * h


def lstm(sums, c):
    i, f, g, o = sums.split(HIDDEN)
    return sigmoid(f) * c + sigmoid(i) * tanh(g), sigmoid(o)


class LnLstm(Cell):
    width = 2 * HIDDEN

    def __init__(self, has_input):
        super().__init__(has_input)
        self.add_gates(4, 4)
        self.add("gain_hh", 4 * HIDDEN)
        if has_input:
            self.add("gain_ih", 4 * HIDDEN)
        self.add("gain_memory", HIDDEN)
        self.add("bias_memory", HIDDEN)

    def step(self, x, state):
        h, c = state.split(HIDDEN)
        of_x = self.bias_ih if x is None else norm(self.weight_ih @ x, self.gain_ih, self.bias_ih)
        c, o = lstm(of_x + norm(self.weight_hh @ h, self.gain_hh, self.bias_hh), c)
        return torch.cat([o * tanh(norm(c, self.gain_memory, self.bias_memory)), c])


class Mlstm(Cell):
    width = 2 * HIDDEN

    def __init__(self, has_input):
        super().__init__(has_input)
        self.add_gates(5, 4)
        self.add("weight_mh", HIDDEN, HIDDEN)

    def step(self, x, state):
        h, c = state.split(HIDDEN)
        read = self.read(x)
        m = read[4 * HIDDEN:] * (self.weight_mh @ h)
        c, o = lstm(read[:4 * HIDDEN] + self.weight_hh @ m + self.bias_hh, c)
        return torch.cat([o * tanh(c), c])


class Sru(Cell):
    width = 2 * HIDDEN

    def __init__(self, has_input):
        super().__init__(has_input)
        self.add_gates(4, 0)
        self.add("peephole", 2 * HIDDEN)

    def step(self, x, state):
        c = state[HIDDEN:]
        x_f, x_r, x_c, x_h = self.read(x).split(HIDDEN)
        v_f, v_r = self.peephole.split(HIDDEN)
        f = sigmoid(x_f + v_f * c)
        r = sigmoid(x_r + v_r * c)
        c = f * c + (1 - f) * x_c
        return torch.cat([r * c + (1 - r) * x_h, c])


class Ssru(Cell):
    width = HIDDEN

    def __init__(self, has_input):
        super().__init__(has_input)
        self.add_gates(2, 0)

    def step(self, x, c):
        x_f, x_c = self.read(x).split(HIDDEN)
        f = sigmoid(x_f)
        return f * c + (1 - f) * x_c

    def output(self, state):
        return F.relu(state)


KINDS = {"rnn": Rnn, "gru": Gru, "lstm": Lstm, "gru_reset_before": GruResetBefore, "ln_gru": LnGru, "ln_lstm": LnLstm,
         "mlstm": Mlstm, "sru": Sru, "ssru": Ssru}


def run(transitions, sentence, initial, positions):
    state, outputs = initial, [None] * len(sentence)
    for t in positions:
        for k, transition in enumerate(transitions):
            state = transition.step(sentence[t] if k == 0 else None, state)
        outputs[t] = transitions[0].output(state)
    return torch.stack(outputs)


def numbers(tensor):
    return {"shape": list(tensor.shape), "values": tensor.detach().flatten().tolist()}


def case(seed, kind, depth):
    torch.manual_seed(seed)
    transitions = [KINDS[kind](k == 0) for k in range(depth)]
    sentences = [torch.randn(n, INPUTS).double() for n in LENGTHS]
    width = max(LENGTHS)
    initial = (0.5 * torch.randn(len(LENGTHS), transitions[0].width)).double().requires_grad_()
    weighting = torch.randn(2, len(LENGTHS), width, HIDDEN).double()
    loss, outputs = 0, []
    for d, order in enumerate([lambda n: range(n), lambda n: reversed(range(n))]):
        rows = [F.pad(run(transitions, s, h, order(len(s))), (0, 0, 0, width - len(s)))
                for s, h in zip(sentences, initial)]
        outputs.append(torch.stack(rows))
        loss = loss + (outputs[d] * weighting[d]).sum()
    loss.backward()
    names = {}
    for k, transition in enumerate(transitions):
        prefix = f"transition_{k}." if depth > 1 else ""
        names.update({prefix + name: value for name, value in transition.parameters.items()})
    padded = torch.stack([F.pad(s, (0, 0, 0, width - len(s))) for s in sentences])
    return {
        "cell": kind, "depth": depth, "lengths": LENGTHS, "input": numbers(padded), "initial": numbers(initial),
        "weighting": numbers(weighting), "outputs": numbers(torch.stack(outputs)),
        "initial_gradient": numbers(initial.grad),
        "weights": {name: numbers(value) for name, value in names.items()},
        "gradients": {name: numbers(value.grad) for name, value in names.items()},
    }


def main():
    cases = [case(seed, kind, depth) for seed, (kind, depth) in enumerate(CASES, 1)]
    lines = ",\n".join(json.dumps(c) for c in cases)
    (pathlib.Path(__file__).parent / "cells.json").write_text(f"[\n{lines}\n]\n")


if __name__ == "__main__":
    main()
