#!/usr/bin/env python3
"""Writes the golden files of tests/text: models trained by SentencePiece's Python module (package
python3-sentencepiece) and what it makes of lines.txt with them.

  unigram.model  NFKC, byte fallback, Weft's ids (pad 0, unknown 1, begin 2, end 3)
  default.model  spm_train's default ids (unknown 0, begin 1, end 2, no pad), BPE, no normalisation
  pieces.json    for each model and line: ids, pieces, their surfaces, the text decoded from the ids
"""
import io
import itertools
import json
import os

import sentencepiece

HERE = os.path.dirname(os.path.abspath(__file__))


def corpus():
    english = itertools.product(
        ["A man", "A woman", "Two children", "A brown dog", "The young girl"],
        ["sits", "stands", "is running", "plays", "looks at something"],
        ["in the park.", "on a bench near the river.", "in front of an orange house.", "with a hat on."])
    german = itertools.product(
        ["Ein Mann", "Eine Frau", "Zwei Kinder", "Ein brauner Hund"],
        ["sitzt", "steht", "läuft", "spielt"],
        ["im Park.", "auf einer Bank am Fluss.", "vor einem Haus, das schön ist.", "und trägt einen Hut."])
    chinese = itertools.product(["我", "你", "他们"], ["喜欢", "不喜欢", "正在"], ["学习中文。", "看书。", "跑步。"])
    return [" ".join(words) for words in itertools.chain(english, german)] + ["".join(words) for words in chinese]


def train(name, **options):
    model = io.BytesIO()  # a model_prefix would be written into the model
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(corpus()), model_writer=model, num_threads=1, minloglevel=2, **options)
    with open(os.path.join(HERE, name + ".model"), "wb") as file:
        file.write(model.getvalue())


def describe(name, lines):
    model = sentencepiece.SentencePieceProcessor(model_file=os.path.join(HERE, name + ".model"))
    result = []
    for line in lines:
        encoded = model.encode(line, out_type="immutable_proto").pieces
        ids = [piece.id for piece in encoded]
        result.append({
            "line": line,
            "ids": ids,
            "pieces": [piece.piece for piece in encoded],
            "surfaces": [piece.surface for piece in encoded],
            "decoded": model.decode(ids)})
    return {"size": model.get_piece_size(), "lines": result}


def main():
    train("unigram", model_type="unigram", vocab_size=360, byte_fallback=True, character_coverage=1.0,
          pad_id=0, unk_id=1, bos_id=2, eos_id=3)
    train("default", model_type="bpe", vocab_size=200, normalization_rule_name="identity")
    with open(os.path.join(HERE, "lines.txt"), encoding="utf-8", newline="\n") as file:
        lines = file.read().split("\n")[:-1]
    golden = {name: describe(name, lines) for name in ("unigram", "default")}
    with open(os.path.join(HERE, "pieces.json"), "w", encoding="utf-8") as file:
        json.dump(golden, file, ensure_ascii=False, indent=1)
        file.write("\n")


if __name__ == "__main__":
    main()
