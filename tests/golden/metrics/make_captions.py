#!/usr/bin/env python3
"""Writes rates.json and captions.json beside itself: what jiwer and pycocoevalcap say of the texts below.

    make_captions.py JIWER RAPIDFUZZ PYCOCOEVALCAP

The arguments are checkouts of github.com/jitsi/jiwer (c1b0d5e), rapidfuzz/RapidFuzz (384c676, which jiwer uses; its Python
alone will do) and salaniz/pycocoevalcap (ad63453).
"""

import json
import os
import pathlib
import random
import sys

os.environ["RAPIDFUZZ_IMPLEMENTATION"] = "python"
jiwer_path, rapidfuzz_path, coco_path = map(pathlib.Path, sys.argv[1:])
sys.path[:0] = [str(jiwer_path / "src"), str(rapidfuzz_path / "src"), str(coco_path.parent)]

import jiwer  # noqa: E402
from pycocoevalcap.cider.cider import Cider  # noqa: E402
from pycocoevalcap.rouge.rouge import Rouge  # noqa: E402

HERE = pathlib.Path(__file__).parent

PICTURES = [
    ["A brown dog runs over the wet grass .", "a dog is running in a field", "The brown dog is running outside ."],
    ["Two children sit on a red bench .", "two kids sitting on a bench", "A boy and a girl sit on a bench ."],
    ["A man in a blue shirt climbs a rock .", "a climber on a steep rock", "A man is climbing up a rock wall ."],
    ["A woman's bike leans on the wall .", "the bike of a woman , in the rain", "a bicycle by a wall"],
    ["People don't look at the camera .", "people look away from the camera", "Nobody looks at the camera !"],
    ["A black-and-white cat sleeps .", "a cat ( black and white ) sleeps", "a sleeping cat"],
    ["a boat", "A boat on the lake .", "one small boat"],
]
CAPTIONS = [
    "A brown dog is running over the grass .", "two children on a red bench", "a man climbs a rock",
    "The bike leans on the wall", "people look at the camera .", "a a a a cat cat sleeps", "",
]
SPEECH = {
    "some errors": (["one two three", "four five six seven", "eight", "nine oh one two"],
                    ["one three three", "four five seven", "eight eight", "nine oh one two"]),
    "letters": (["the cat sat on the mat", "ＡＢ 你好 世界"], ["a cat sits on  the mat ", "ＡＢ 您好世界"]),
    "nothing heard": (["one two", "three"], ["", ""]),
    "perfect": (["so it is"], ["so it is"]),
}


def random_speech(seed):
    draw = random.Random(seed)
    references, hypotheses = [], []
    for _ in range(40):
        words = [draw.choice("abcdefgh") * draw.randint(1, 3) for _ in range(draw.randint(1, 12))]
        heard = []
        for word in words:
            change = draw.random()
            heard += [draw.choice("abcdefgh")] if change < 0.15 else [] if change < 0.25 else [word, "x"] if change < 0.35 else [word]
        references.append(" ".join(words))
        hypotheses.append(" ".join(heard))
    return references, hypotheses


def rates(name, references, hypotheses):
    words = jiwer.process_words(references, hypotheses)
    letters = jiwer.Compose([jiwer.RemoveMultipleSpaces(), jiwer.Strip(), jiwer.ReduceToListOfListOfChars()])
    characters = jiwer.process_characters(references, hypotheses, letters, letters)
    count = lambda o: {"substitutions": o.substitutions, "deletions": o.deletions, "insertions": o.insertions, "hits": o.hits}
    return {"name": name, "references": references, "hypotheses": hypotheses, "wer": words.wer, "words": count(words),
            "cer": characters.cer, "characters": count(characters)}


def captions():
    plain = lambda text: " ".join(text.lower().split())
    tokens = {"references": {i: [plain(c) for c in cs] for i, cs in enumerate(PICTURES)},
              "hypotheses": {i: [plain(c)] for i, c in enumerate(CAPTIONS)}}
    cases = []
    for name, references, hypotheses in [
            ("three references", tokens["references"], tokens["hypotheses"]),
            ("one reference", {i: cs[:1] for i, cs in tokens["references"].items()}, tokens["hypotheses"])]:
        cider, ciders = Cider().compute_score(references, hypotheses)
        rouge, rouges = Rouge().compute_score(references, hypotheses)
        cases.append({"name": name, "references": [references[i] for i in references], "hypotheses": [h[0] for h in hypotheses.values()],
                      "cider": float(cider), "ciders": ciders.tolist(), "rouge": float(rouge), "rouges": rouges.tolist()})
    return cases


speech = [rates(name, *texts) for name, texts in SPEECH.items()] + [rates("random", *random_speech(5))]
(HERE / "rates.json").write_text(json.dumps(speech, ensure_ascii=False, indent=1) + "\n")
(HERE / "captions.json").write_text(json.dumps(captions(), ensure_ascii=False, indent=1) + "\n")
