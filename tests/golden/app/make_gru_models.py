#!/usr/bin/env python3
"""Models of Marian and Nematus with random weights, and what they say: the equations of both toolkits
written out in float64 (Marian: src/models/s2s.h, src/rnn/{cells,attention}.h and GRUFastForward; Nematus:
rnn_model.py, layers.py and theano_tf_convert.py). Writes *.npz and their vocabularies, gru_models.json
with the log-probabilities of each target token, and arrays.npz, numbers in many forms."""

import json
import os

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
E, H, C = 4, 3, 6
SOURCE = ["</s>", "<unk>", "das", "haus", "ist", "klein", "."]
TARGET = ["</s>", "<unk>", "the", "house", "is", "small", ".", "very"]
SENTENCES = [("das haus ist klein .", "the house is small ."), ("klein", "very small"),
             ("ein haus ist klein klein", "house very tiny")]  # "ein" and "tiny" are unknown
TRANSPOSED = ["marian_s2s", "marian_nematus"]  # as Marian writes models since version 1.8
random = np.random.RandomState(1)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


class Weights(dict):
    """Random numbers as float32, made when they are asked for; float64 in the equations."""

    def get(self, name, *shape):
        if name not in self:
            self[name] = (random.randn(*shape) * 0.7).astype(np.float32)
        return self[name].astype(np.float64)


def ids_of(text, words):
    return [words.index(word) if word in words else 1 for word in text.split()] + [0]


# Marian


def marian_gru(w, name, state, x=None, final=False):
    hidden = state.shape[0]
    u = np.concatenate([w.get(name + "_U", hidden, 2 * hidden), w.get(name + "_Ux", hidden, hidden)], 1)
    xw = np.zeros(3 * hidden)
    if x is not None:
        xw = x @ np.concatenate([w.get(name + "_W", len(x), 2 * hidden),
                                 w.get(name + "_Wx", len(x), hidden)], 1)
    b = np.concatenate([w.get(name + "_b", 1, 2 * hidden), w.get(name + "_bx", 1, hidden)], 1)[0]
    su = state @ u
    h = hidden
    r = sigmoid(xw[:h] + su[:h] + b[:h])
    z = sigmoid(xw[h:2 * h] + su[h:2 * h] + b[h:2 * h])
    if final:
        n = np.tanh(xw[2 * h:] + (su[2 * h:] + b[2 * h:]) * r)
    else:
        n = np.tanh(xw[2 * h:] + su[2 * h:] * r + b[2 * h:])
    return (1 - z) * n + z * state


def marian_stack(w, prefix, layers, depth, inputs, directions, skip, first_suffix):
    for layer in range(1, layers + 1):
        state, outputs = np.zeros(H), [None] * len(inputs)
        order = range(len(inputs)) if directions(layer) == "forward" else reversed(range(len(inputs)))
        for j in order:
            for cell in range(1, depth + 1):
                name = prefix + ("" if layer == 1 else "_l%d" % layer)
                if layer > 1 or cell > 1 or first_suffix:
                    name += "_cell%d" % cell
                state = marian_gru(w, name, state, inputs[j] if cell == 1 else None)
            outputs[j] = state
        inputs = [o + i for o, i in zip(outputs, inputs)] if skip and layer > 1 else outputs
    return inputs


def marian_encoder(w, o, embedded):
    layers, depth, skip = o["enc-depth"], o["enc-cell-depth"], o["skip"]
    kind = o["enc-type"]
    first = layers if kind != "bi-unidirectional" else 1
    turned = lambda layer: kind == "alternating" and layer % 2 == 0
    forward = marian_stack(w, "encoder_bi", first, depth, embedded,
                           lambda l: "backward" if turned(l) else "forward", skip, False)
    backward = marian_stack(w, "encoder_bi_r", first, depth, embedded,
                            lambda l: "forward" if turned(l) else "backward", skip, False)
    context = [np.concatenate(pair) for pair in zip(forward, backward)]
    for layer in range(2, layers - first + 2):
        state, outputs = np.zeros(H), []
        for x in context:
            for cell in range(1, depth + 1):
                state = marian_gru(w, "encoder_l%d_cell%d" % (layer, cell), state, x if cell == 1 else None)
            outputs.append(state)
        context = [a + b for a, b in zip(outputs, context)] if skip and layer > 2 else outputs
    return np.stack(context)


def marian_scores(w, o, source, target):
    tied_all = o["tied-embeddings-all"]
    source_table = w.get("Wemb" if tied_all else "encoder_Wemb", o["dim-vocabs"][0], E)
    table = source_table if tied_all else w.get("decoder_Wemb", o["dim-vocabs"][1], E)
    context = marian_encoder(w, o, [source_table[i] for i in source])
    width = context.shape[1]
    start = np.tanh(context.mean(0) @ w.get("decoder_ff_state_W", width, H)
                    + w.get("decoder_ff_state_b", 1, H)[0])
    states = [start] * o["dec-depth"]
    keys = context @ w.get("decoder_Wc_att", width, width) + w.get("decoder_b_att", 1, width)[0]
    y, scores = np.zeros(E), []
    for token in target:
        state = marian_gru(w, "decoder_cell1", states[0], y)
        query = state @ w.get("decoder_W_comb_att", H, width)
        energies = (np.tanh(keys + query) @ w.get("decoder_U_att", width, 1))[:, 0]
        weights = np.exp(energies - energies.max())
        attended = (weights / weights.sum()) @ context
        for cell in range(2, o["dec-cell-base-depth"] + 1):
            state = marian_gru(w, "decoder_cell%d" % cell, state, attended if cell == 2 else None, True)
        new, x = [state], state
        for layer in range(2, o["dec-depth"] + 1):
            state = states[layer - 1]
            for cell in range(1, o["dec-cell-high-depth"] + 1):
                state = marian_gru(w, "decoder_l%d_cell%d" % (layer, cell), state, x if cell == 1 else None)
            new.append(state)
            x = state + x if o["skip"] else state
        states = new
        hidden = 0
        for k, part in enumerate([y, x, attended]):
            hidden = hidden + part @ w.get("decoder_ff_logit_l1_W%d" % k, len(part), E)
            hidden = hidden + w.get("decoder_ff_logit_l1_b%d" % k, 1, E)[0]
        tied = tied_all or o["tied-embeddings"]
        output = table.T if tied else w.get("decoder_ff_logit_l2_W", E, len(table))
        logits = np.tanh(hidden) @ output + w.get("decoder_ff_logit_l2_b", 1, len(table))[0]
        scores.append(logits[token] - np.log(np.exp(logits - logits.max()).sum()) - logits.max())
        y = table[token]
    return scores


def marian_model(name, **changes):
    o = dict(type="s2s", **{"enc-cell": "gru", "dec-cell": "gru", "enc-type": "bidirectional",
                            "enc-cell-depth": 1, "enc-depth": 1, "dec-depth": 1,
                            "dec-cell-base-depth": 2, "dec-cell-high-depth": 1, "skip": False,
                            "layer-normalization": False, "tied-embeddings": False,
                            "tied-embeddings-all": False, "tied-embeddings-src": False,
                            "right-left": False, "dim-emb": E, "dim-rnn": H})
    o.update(changes)
    target_words = SOURCE if o["tied-embeddings-all"] else TARGET
    o["dim-vocabs"] = [len(SOURCE), len(target_words)]
    w, all_scores = Weights(), []
    for source, target in SENTENCES:
        all_scores.append(marian_scores(w, o, ids_of(source, SOURCE), ids_of(target, target_words)))
    arrays = {theano_name(key, o) if o["type"] == "nematus" else key: value for key, value in w.items()}
    if name in TRANSPOSED:
        arrays["decoder_ff_logit_l2_Wt"] = arrays.pop(
            "ff_logit_W" if o["type"] == "nematus" else "decoder_ff_logit_l2_W").T.copy()
    if o["type"] == "nematus":
        arrays["decoder_c_tt"] = np.zeros((1, 0), np.float32)
    settings = "".join("%s: %s\n" % (key, json.dumps(value)) for key, value in o.items())
    arrays["special:model.yml"] = np.frombuffer(settings.encode() + b"\0", np.int8)
    np.savez_compressed(os.path.join(HERE, name + ".npz"), **arrays)
    return dict(name=name, toolkit="marian",
                vocabularies=["source.yml", "source.yml" if o["tied-embeddings-all"] else "target.yml"],
                scores=all_scores)


def theano_name(key, o):
    """What --type nematus calls a parameter of a shallow model."""
    for marian, theano in [("encoder_bi_r_", "encoder_r_"), ("encoder_bi_", "encoder_"),
                           ("decoder_cell1_", "decoder_"), ("decoder_ff_state_", "ff_state_")]:
        if key.startswith(marian):
            return theano + key[len(marian):]
    fixed = {"decoder_cell2_U": "decoder_U_nl", "decoder_cell2_Ux": "decoder_Ux_nl",
             "decoder_cell2_W": "decoder_Wc", "decoder_cell2_Wx": "decoder_Wcx",
             "decoder_cell2_b": "decoder_b_nl", "decoder_cell2_bx": "decoder_bx_nl",
             "decoder_ff_logit_l1_W0": "ff_logit_prev_W", "decoder_ff_logit_l1_W1": "ff_logit_lstm_W",
             "decoder_ff_logit_l1_W2": "ff_logit_ctx_W", "decoder_ff_logit_l1_b0": "ff_logit_prev_b",
             "decoder_ff_logit_l1_b1": "ff_logit_lstm_b", "decoder_ff_logit_l1_b2": "ff_logit_ctx_b",
             "decoder_ff_logit_l2_W": "ff_logit_W", "decoder_ff_logit_l2_b": "ff_logit_b",
             "encoder_Wemb": "Wemb", "decoder_Wemb": "Wemb_dec"}
    return fixed.get(key, key)


# Nematus


def nematus_gru(w, names, state, x, bias_on_state):
    """GRUStep without layer normalisation; names of U, Ux, W, Wx, b, bx; None: no such array."""
    u, ux, wx_gates, wx, b, bx = names
    hidden = len(state)
    b = np.zeros(2 * hidden) if b is None else w.get(b, 2 * hidden)
    bx = np.zeros(hidden) if bx is None else w.get(bx, hidden)
    gates = state @ w.get(u, hidden, 2 * hidden) + b
    proposal = state @ w.get(ux, hidden, hidden)
    if bias_on_state:
        proposal = proposal + bx
    if x is not None:
        gates = gates + x @ w.get(wx_gates, len(x), 2 * hidden)
    read, update = np.split(sigmoid(gates), 2)
    proposal = proposal * read
    if not bias_on_state:
        proposal = proposal + bx
    if x is not None:
        proposal = proposal + x @ w.get(wx, len(x), hidden)
    return update * state + (1 - update) * np.tanh(proposal)


class TheanoNames:
    bias_on_state_above = False

    def encoder(self, backward, layer, transition):
        from_right = backward != (layer % 2 == 1)
        before = ("encoder_r_" if from_right else "encoder_") + ("" if layer == 0 else "%d_" % (layer + 1))
        after = "" if transition == 0 else "_drt_%d" % transition
        return [before + name + after for name in ["U", "Ux", "W", "Wx", "b", "bx"]]

    def first(self):
        return ["decoder_" + name for name in ["U", "Ux", "W", "Wx", "b", "bx"]]

    def context(self, transition):
        after = "" if transition == 0 else "_drt_%d" % transition
        return ["decoder_" + name + after for name in ["U_nl", "Ux_nl", "Wc", "Wcx", "b_nl", "bx_nl"]]

    def upper(self, layer, transition):
        after = "" if transition == 0 else "_drt_%d" % transition
        return ["decoder_%d_" % (layer + 1) + name + after for name in ["U", "Ux", "W", "Wx", "b", "bx"]]

    other = dict(source="Wemb", target="Wemb_dec", state_W="ff_state_W", state_b="ff_state_b",
                 energy="decoder_U_att", query="decoder_W_comb_att", key="decoder_Wc_att",
                 key_b="decoder_b_att", prev_W="ff_logit_prev_W", prev_b="ff_logit_prev_b",
                 lstm_W="ff_logit_lstm_W", lstm_b="ff_logit_lstm_b", ctx_W="ff_logit_ctx_W",
                 ctx_b="ff_logit_ctx_b", out_W="ff_logit_W", out_b="ff_logit_b")


class TensorFlowNames:
    bias_on_state_above = True
    GRU = ["state_to_gates", "state_to_proposal", "input_to_gates", "input_to_proposal", "gates_bias",
           "proposal_bias"]

    def of(self, scope, transition, has_bias=True):
        names = [scope + name + ":0" for name in self.GRU]
        return names if transition == 0 or has_bias else names[:4] + [None, None]

    def encoder(self, backward, layer, transition):
        scope = "encoder/%s-stack/level%d/gru%d/" % ("backward" if backward else "forward", layer, transition)
        return self.of(scope, transition, has_bias=False)

    def first(self):
        return self.of("decoder/base/gru0/", 0)

    def context(self, transition):
        return self.of("decoder/base/gru%d/" % (transition + 1), transition)

    def upper(self, layer, transition):
        return self.of("decoder/high/level%d/gru%d/" % (layer - 1, transition), transition)

    other = {key: "decoder/" + value + ":0" for key, value in dict(
        target="embedding/embeddings", state_W="initial_state_constructor/W",
        state_b="initial_state_constructor/b", energy="base/attention/hidden_to_score",
        query="base/attention/state_to_hidden", key="base/attention/context_to_hidden",
        key_b="base/attention/hidden_bias", prev_W="next_word_predictor/prev_emb_to_hidden/W",
        prev_b="next_word_predictor/prev_emb_to_hidden/b", lstm_W="next_word_predictor/state_to_hidden/W",
        lstm_b="next_word_predictor/state_to_hidden/b",
        ctx_W="next_word_predictor/attended_context_to_hidden/W",
        ctx_b="next_word_predictor/attended_context_to_hidden/b",
        out_W="next_word_predictor/hidden_to_logits/W",
        out_b="next_word_predictor/hidden_to_logits/b").items()}
    other["source"] = "encoder/embedding/embeddings:0"


def nematus_stack(w, names, o, embedded, backward):
    inputs = embedded
    for layer in range(o["enc_depth"]):
        left_to_right = (layer % 2 == 1) if backward else (layer % 2 == 0)
        order = range(len(inputs)) if left_to_right else reversed(range(len(inputs)))
        state, outputs = np.zeros(H), [None] * len(inputs)
        for j in order:
            for t in range(o["enc_transitions"]):
                state = nematus_gru(w, names.encoder(backward, layer, t), state,
                                    inputs[j] if t == 0 else None, False)
            outputs[j] = state
        inputs = outputs if layer < 1 else [i + h for i, h in zip(inputs, outputs)]
    return inputs


def nematus_scores(w, names, o, source, target):
    n = names.other
    source_table, table = w.get(n["source"], len(SOURCE), E), w.get(n["target"], len(TARGET), E)
    embedded = [source_table[i] for i in source]
    forward, backward = (nematus_stack(w, names, o, embedded, side) for side in (False, True))
    halves = (backward, forward) if o["enc_depth"] % 2 == 0 else (forward, backward)
    context = np.stack([np.concatenate(pair) for pair in zip(*halves)])
    start = np.tanh(context.mean(0) @ w.get(n["state_W"], C, H) + w.get(n["state_b"], H))
    states, y, scores = [start] * o["dec_depth"], np.zeros(E), []
    keys = context @ w.get(n["key"], C, C) + w.get(n["key_b"], C)
    for token in target:
        state = nematus_gru(w, names.first(), states[0], y, False)
        energies = (np.tanh(keys + state @ w.get(n["query"], H, C)) @ w.get(n["energy"], C, 1))[:, 0]
        weights = np.exp(energies - energies.max())
        attended = (weights / weights.sum()) @ context
        for t in range(o["dec_transitions"]):
            state = nematus_gru(w, names.context(t), state, attended if t == 0 else None, True)
        new, x = [state], state
        for layer in range(1, o["dec_depth"]):
            state = states[layer]
            read = np.concatenate([x, attended]) if o["deep_context"] else x
            for t in range(o["dec_transitions"]):
                state = nematus_gru(w, names.upper(layer, t), state, read if t == 0 else None,
                                    names.bias_on_state_above)
            new.append(state)
            x = x + state
        states = new
        hidden = (y @ w.get(n["prev_W"], E, E) + w.get(n["prev_b"], E) + x @ w.get(n["lstm_W"], H, E)
                  + w.get(n["lstm_b"], E) + attended @ w.get(n["ctx_W"], C, E) + w.get(n["ctx_b"], E))
        output = table.T if o["tied"] else w.get(n["out_W"], E, len(TARGET))
        logits = np.tanh(hidden) @ output + w.get(n["out_b"], len(TARGET))
        scores.append(logits[token] - np.log(np.exp(logits - logits.max()).sum()) - logits.max())
        y = table[token]
    return scores


def nematus_model(name, names, **o):
    w = Weights()
    scores = [nematus_scores(w, names, o, ids_of(source, SOURCE), ids_of(target, TARGET))
              for source, target in SENTENCES]
    arrays = dict(w)
    if names.other["source"] == "Wemb":
        arrays["decoder_c_tt"] = np.zeros(1, np.float32)
        arrays["history_errs"] = np.array([3.0, 2.0])
        arrays["uidx"] = np.array(7)
        arrays["decoder_U"] = np.asfortranarray(arrays["decoder_U"])
    np.savez_compressed(os.path.join(HERE, name + ".npz"), **arrays)
    return dict(name=name, toolkit="nematus", vocabularies=["source.json", "target.json"], scores=scores)


def write_vocabularies():
    for side, words in [("source", SOURCE), ("target", TARGET)]:
        with open(os.path.join(HERE, side + ".yml"), "w") as file:
            file.write("".join('"%s": %d\n' % (word, i) for i, word in enumerate(words)))
        with open(os.path.join(HERE, side + ".json"), "w") as file:
            json.dump({{"</s>": "eos", "<unk>": "UNK"}.get(word, word): i for i, word in enumerate(words)},
                      file, indent=1)


def write_arrays():
    numbers = np.arange(6).reshape(2, 3) / 4
    np.savez(os.path.join(HERE, "arrays.npz"), f2=numbers.astype("<f2"), f4=numbers.astype("<f4"),
             f8=numbers, big=numbers.astype(">f4"), fortran=np.asfortranarray(numbers),
             i8=np.arange(3), text=np.array(b"words"), scalar=np.float32(2.5),
             pickled=np.array([None, 1], dtype=object), nan=np.array([np.nan]))


write_vocabularies()
write_arrays()
deep = {"enc-depth": 2, "dec-depth": 2}
models = [
    marian_model("marian_s2s"),
    marian_model("marian_tied", **{"tied-embeddings": True}, **deep, **{"enc-type": "alternating", "skip": True}),
    marian_model("marian_stacks", **{"tied-embeddings-all": True, "enc-cell-depth": 2,
                                     "dec-cell-base-depth": 3, "dec-cell-high-depth": 2, "skip": True}, **deep),
    marian_model("marian_unidirectional", **{"enc-type": "bi-unidirectional", "enc-depth": 3, "skip": True,
                                             "dec-depth": 2}),
    marian_model("marian_nematus", type="nematus", **{"enc-cell": "gru-nematus", "dec-cell": "gru-nematus"}),
    nematus_model("nematus_theano", TheanoNames(), enc_depth=2, enc_transitions=2, dec_depth=2,
                  dec_transitions=2, deep_context=True, tied=False),
    nematus_model("nematus_tensorflow", TensorFlowNames(), enc_depth=1, enc_transitions=2, dec_depth=2,
                  dec_transitions=2, deep_context=False, tied=True),
    marian_model("marian_deep", **{"enc-type": "alternating", "enc-depth": 2, "enc-cell-depth": 2, "dec-depth": 2,
                                   "dec-cell-base-depth": 4, "dec-cell-high-depth": 2, "skip": True}),
]
with open(os.path.join(HERE, "gru_models.json"), "w") as file:
    json.dump(dict(sentences=SENTENCES, models=models), file, indent=1)
    file.write("\n")
