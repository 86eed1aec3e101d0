"""Writes the golden files of tests/model: tiny models with random weights, and what they compute.

The models are put together from PyTorch's own layers (nn.GRU and nn.LSTM over packed sequences, nn.GRUCell and
nn.LSTMCell, nn.Linear), in float64, from the formulas of Bahdanau et al. 2015 (arXiv:1409.0473) and of the
conditional GRU (arXiv:1703.04357). Their weights are numbers that float32 holds exactly.

Run: python3 make_golden.py   (needs PyTorch; writes one .safetensors per case beside itself)
"""

import json
import pathlib
import struct

import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

SMOOTHING = 0.1
SOURCE_LENGTHS = [5, 2, 1]
TARGET_LENGTHS = [3, 4, 2]
FIRST_ORDINARY_ID, BEGIN, END = 4, 2, 3

# name: encoder cell, encoder layers, decoder cell, decoder layers, attention place, tying
CASES = {
    "gru_between_target": ("gru", 1, "gru", 1, "between", "target"),
    "gru_before_none": ("gru", 2, "gru", 1, "before", "none"),
    "lstm_between_none": ("lstm", 1, "lstm", 2, "between", "none"),
    "lstm_before_all": ("lstm", 2, "lstm", 3, "before", "all"),
    "lstm_gru_between_all": ("lstm", 1, "gru", 2, "between", "all"),
}
ANNOTATION_HALF, HIDDEN, ATTENTION = 3, 4, 5


class Model(nn.Module):
    def __init__(self, encoder_cell, encoder_layers, cell, layers, place, tying):
        super().__init__()
        self.tying, self.place, self.layers, self.cell = tying, place, layers, cell
        self.source_width = 4 if tying == "all" else 2
        self.target_width = 4 if tying == "all" else 3
        self.readout_width = 5 if tying == "none" else self.target_width
        self.target_size = 8
        self.source_size = self.target_size if tying == "all" else 9
        recurrent = {"gru": nn.GRU, "lstm": nn.LSTM}
        single = {"gru": nn.GRUCell, "lstm": nn.LSTMCell}
        c = 2 * ANNOTATION_HALF
        self.target_embedding = nn.Embedding(self.target_size, self.target_width)
        self.source_embedding = (
            self.target_embedding if tying == "all" else nn.Embedding(self.source_size, self.source_width))
        self.encoder = recurrent[encoder_cell](
            self.source_width, ANNOTATION_HALF, encoder_layers, batch_first=True, bidirectional=True)
        self.initial = nn.Linear(c, layers * HIDDEN)
        self.query = nn.Linear(HIDDEN, ATTENTION, bias=False)
        self.key = nn.Linear(c, ATTENTION)
        self.energy = nn.Linear(ATTENTION, 1, bias=False)
        if place == "before":
            self.first = single[cell](self.target_width + c, HIDDEN)
        else:
            self.first = single[cell](self.target_width, HIDDEN)
            self.second = single[cell](c, HIDDEN)
        if layers > 1:
            self.upper = nn.ModuleList(recurrent[cell](HIDDEN, HIDDEN, batch_first=True) for _ in range(layers - 1))
        self.readout = nn.Linear(HIDDEN + self.target_width + c, self.readout_width)
        self.output = nn.Linear(self.readout_width, self.target_size)
        if tying != "none":
            self.output.weight = self.target_embedding.weight

    def encode(self, ids, lengths):
        packed = pack_padded_sequence(self.source_embedding(ids), lengths, batch_first=True, enforce_sorted=False)
        states, _ = pad_packed_sequence(self.encoder(packed)[0], batch_first=True)
        summary = torch.stack([states[b, :n].mean(0) for b, n in enumerate(lengths)])
        return states, summary

    def attend(self, query, annotations):
        """One query [H] and the annotations [n, C] of a sentence without padding."""
        energies = self.energy(torch.tanh(self.query(query) + self.key(annotations))).squeeze(1)
        weights = torch.softmax(energies, 0)
        return weights @ annotations, weights

    def attend_all(self, queries, annotations, lengths):
        contexts, weights = [], []
        for query, states, n in zip(queries, annotations, lengths):
            context, of_tokens = self.attend(query, states[:n])
            contexts.append(context)
            weights.append(nn.functional.pad(of_tokens, (0, annotations.shape[1] - n)))
        return torch.stack(contexts), torch.stack(weights)

    def forward(self, source, source_lengths, target_input):
        annotations, summary = self.encode(source, source_lengths)
        starts = torch.tanh(self.initial(summary)).split(HIDDEN, 1)
        embedded = self.target_embedding(target_input)

        def hidden(state):
            return state[0] if self.cell == "lstm" else state

        def begun(start):
            return (start, torch.zeros_like(start)) if self.cell == "lstm" else start

        state = begun(starts[0])
        states, contexts, attention = [], [], []
        for y in embedded.unbind(1):
            if self.place == "before":
                context, weights = self.attend_all(hidden(state), annotations, source_lengths)
                state = self.first(torch.cat([y, context], 1), state)
            else:
                state = self.first(y, state)
                context, weights = self.attend_all(hidden(state), annotations, source_lengths)
                state = self.second(context, state)
            states.append(hidden(state))
            contexts.append(context)
            attention.append(weights)
        top = torch.stack(states, 1)
        for layer in range(1, self.layers):
            start = starts[layer].unsqueeze(0).contiguous()
            top, _ = self.upper[layer - 1](top, begun(start))
        readout = torch.tanh(self.readout(torch.cat([top, embedded, torch.stack(contexts, 1)], 2)))
        return readout, torch.stack(attention, 1), torch.log_softmax(self.output(readout), 2)


def registered(model):
    """The parameters under Weft's names, as functions of a module's tensors (weights or their gradients)."""
    names = {}

    def add(name, parameter, columns=slice(None)):
        names[name] = (parameter, columns)

    def add_cell(name, module, ending=""):
        for kind in ["weight_ih", "weight_hh", "bias_ih", "bias_hh"]:
            add(f"{name}.{kind}", getattr(module, kind + ending))

    for layer in range(model.encoder.num_layers):
        add_cell(f"encoder.forward_{layer}", model.encoder, f"_l{layer}")
        add_cell(f"encoder.backward_{layer}", model.encoder, f"_l{layer}_reverse")
    add_cell("decoder.cell", model.first)
    if model.place == "before":
        add("decoder.cell.weight_ih", model.first.weight_ih, slice(0, model.target_width))
        add("decoder.context_gates.weight", model.first.weight_ih, slice(model.target_width, None))
    else:
        add_cell("decoder.context_cell", model.second)
    for layer in range(1, model.layers):
        add_cell(f"decoder.upper_{layer}", model.upper[layer - 1], "_l0")
    add("decoder.attention.query.weight", model.query.weight)
    add("decoder.attention.key.weight", model.key.weight)
    add("decoder.attention.key.bias", model.key.bias)
    add("decoder.attention.energy", model.energy.weight)
    add("decoder.initial.weight", model.initial.weight)
    add("decoder.initial.bias", model.initial.bias)
    h, e = HIDDEN, model.target_width
    add("readout.hidden.weight", model.readout.weight, slice(0, h))
    add("readout.hidden.bias", model.readout.bias)
    add("readout.embedding.weight", model.readout.weight, slice(h, h + e))
    add("readout.context.weight", model.readout.weight, slice(h + e, None))
    add("target_embedding", model.target_embedding.weight)
    if model.tying != "all":
        add("source_embedding", model.source_embedding.weight)
    if model.tying == "none":
        add("output_weight", model.output.weight)
    add("output_bias", model.output.bias)
    return names


def part(tensor, columns, name):
    tensor = tensor.detach()
    if name == "decoder.attention.energy":
        return tensor[0]
    return tensor[:, columns] if tensor.dim() == 2 else tensor


def random_ids(lengths, size):
    ids = torch.zeros(len(lengths), max(lengths), dtype=torch.int64)
    for row, n in zip(ids, lengths):
        row[: n - 1] = torch.randint(FIRST_ORDINARY_ID, size, (n - 1,))
        row[n - 1] = END
    return ids


def write(path, tensors, metadata):
    """The safetensors format: int64 before float32, so that all are aligned."""
    kinds = {torch.int64: ("I64", "q"), torch.float32: ("F32", "f")}
    header, body = {"__metadata__": metadata}, b""
    for name, tensor in sorted(tensors.items(), key=lambda item: (item[1].dtype != torch.int64, item[0])):
        kind, code = kinds[tensor.dtype]
        data = struct.pack(f"<{tensor.numel()}{code}", *tensor.flatten().tolist())
        header[name] = {"dtype": kind, "shape": list(tensor.shape), "data_offsets": [len(body), len(body) + len(data)]}
        body += data
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + body)


def main():
    for seed, (name, case) in enumerate(CASES.items(), 1):
        torch.manual_seed(seed)
        model = Model(*case).double()
        with torch.no_grad():
            for parameter in model.parameters():
                parameter.copy_(parameter.normal_(0, 0.5).float())
        source = random_ids(SOURCE_LENGTHS, model.source_size)
        target = random_ids(TARGET_LENGTHS, model.target_size)
        target_input = torch.cat([torch.full((len(target), 1), BEGIN), target[:, :-1]], 1)
        mask = torch.arange(target.shape[1]) < torch.tensor(TARGET_LENGTHS).unsqueeze(1)
        readout, attention, log_probs = model(source, SOURCE_LENGTHS, target_input)
        of_target = log_probs.gather(2, target.unsqueeze(2)).squeeze(2)
        loss = nn.functional.cross_entropy(
            log_probs[mask], target[mask], reduction="sum", label_smoothing=SMOOTHING)
        loss.backward()
        results = {
            "source": source, "source_lengths": torch.tensor(SOURCE_LENGTHS),
            "target_input": target_input, "target_output": target, "target_lengths": torch.tensor(TARGET_LENGTHS),
            "readout": readout, "attention": attention, "log_probs": of_target * mask, "loss": loss.reshape(1),
            "negative_log_likelihood": -of_target[mask].sum().reshape(1),
        }
        for key, (parameter, columns) in registered(model).items():
            results["weight." + key] = part(parameter, columns, key)
            results["gradient." + key] = part(parameter.grad, columns, key)
        encoder_cell, encoder_layers, cell, layers, place, tying = case
        options = {
            "source_embedding": model.source_width, "target_embedding": model.target_width, "tying": tying,
            "encoder_cell": encoder_cell, "encoder_hidden": ANNOTATION_HALF, "encoder_layers": encoder_layers,
            "attention_width": ATTENTION, "decoder_cell": cell, "decoder_hidden": HIDDEN, "decoder_layers": layers,
            "attention_place": place, "readout": model.readout_width, "source_size": model.source_size,
            "target_size": model.target_size, "smoothing": SMOOTHING,
        }
        tensors = {k: v.detach() if v.dtype == torch.int64 else v.detach().float() for k, v in results.items()}
        write(pathlib.Path(__file__).parent / f"{name}.safetensors", tensors, {"options": json.dumps(options)})


if __name__ == "__main__":
    main()
