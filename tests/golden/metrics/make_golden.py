#!/usr/bin/env python3
"""Writes bleu.json, chrf.json and tokenizer.json beside itself, with what sacreBLEU says of the texts below.

Needs an installed sacrebleu (2.x). The files change only if a text or sacreBLEU's definition does.
"""

import json
import pathlib

from sacrebleu.metrics import BLEU, CHRF

CORPORA = {
    "english": {
        "hypotheses": [
            "The quick brown fox jumped over the lazy dog.",
            'He said: "It costs 3.50, not 4,000!" and left...',
            "A man in a well-known 1990s t-shirt is walking.",
            "Tom &amp; Mary don't like &quot;jazz&quot; &lt;or&gt; rock.",
            "the the the the the the the",
        ],
        "references": [[
            "The quick brown fox jumps over the lazy dog.",
            'He said, "It costs 3.50, not 4,000!", and left.',
            "A man wearing a well-known 1990s T-shirt walks.",
            'Tom & Mary don\'t like "jazz" <or> rock.',
            "The cat is on the mat.",
        ]],
    },
    "german": {
        "hypotheses": [
            "Zwei Männer stehen am Herd und bereiten Essen zu.",
            "„Übermorgen“, sagte er, „fahre ich um 10.30 Uhr nach Köln-Deutz.“",
            "Das kostet 1.234,56 € – nicht mehr, nicht weniger.",
            "Die Straße ist 3-4 km lang; z.B. die B-96.",
        ],
        "references": [[
            "Zwei Männer stehen vor dem Herd und bereiten das Essen vor.",
            "„Übermorgen“, sagte er, „fahre ich gegen 10.30 Uhr nach Köln-Deutz.“",
            "Das kostet 1.234,56 € – nicht mehr und nicht weniger.",
            "Die STRASSE ist 3-4 km lang, z. B. die B-96.",
        ]],
    },
    "chinese": {
        "hypotheses": [
            "我喜欢用Python编程，你呢？",
            "他在2008年买了3.5公斤苹果。",
            "“你好……”她说：《红楼梦》很好看！",
            "这 是 一个 test， OK.",
            "𠮷野家的价格是￥１００元～",
        ],
        "references": [[
            "我喜欢Python编程，你喜欢吗？",
            "他2008年买了3.5公斤的苹果。",
            "“你好……”他说：“《红楼梦》非常好看！”",
            "这是一个test，OK。",
            "𠮷野家的价格为￥１００元。",
        ]],
    },
    "two references": {
        "hypotheses": [
            "It is a guide to action which ensures that the military always obeys the commands of the party.",
            "The dog runs.",
            "",
            "Yes.",
        ],
        "references": [
            [
                "It is a guide to action that ensures that the military will forever heed Party commands.",
                "A dog is running through the park.",
                "Nothing was said.",
                "Yes, of course.",
            ],
            [
                "It is the guiding principle which guarantees the military forces always being under the command of the Party.",
                "The dog runs fast.",
                "",
                "Yes.",
            ],
        ],
    },
    "empty lines": {
        "hypotheses": ["", "a b c d e", "", "not empty at all"],
        "references": [["", "a b c d e", "missing here", ""]],
    },
    "no match of four": {
        "hypotheses": ["one two three x four five", "six y seven z"],
        "references": [["one two three four five", "six seven"]],
    },
    "no match of two": {
        "hypotheses": ["one x two y three z"],
        "references": [["three two one"]],
    },
    "no match": {"hypotheses": ["abc def ghi jkl"], "references": [["mno pqr stu vwx"]]},
    "one word": {"hypotheses": ["Hello"], "references": [["Hello"]]},
    "one word of many": {"hypotheses": ["Hello"], "references": [["Hello there, General Kenobi"]]},
    "all empty": {"hypotheses": ["", ""], "references": [["a b", "c"]]},
    "case": {
        "hypotheses": ["ΟΔΟΣ İstanbul GROSSE Straße ÉCOLE", "THE CAT SAT ON THE MAT"],
        "references": [["οδος i̇stanbul grosse straße école", "the cat sat on the mat"]],
    },
    "spaces": {
        "hypotheses": ["  a\u00a0b\u3000c\td  ", "x\u2009y z\u200bw (well) -- so_called"],
        "references": [["a b c d e", "x y z w (well), so called"]],
    },
}

TOKENIZER_LINES = [
    "Hello, world! It's 3.14, or 1,000-2,000.",
    "... a..b.,c ,, 5. .5 5.5. -5 5- 5--6 a-5",
    "&amp;lt; &quot;x&quot; &gt;&lt; &apos; <skipped>y",
    "{a} [b] (c) |d| ~e~ `f` ^g^ _h_ \\i\\ /j/ @k #l $m %n *o +p =q ?r ;s :t",
    "“curly” ‘quotes’ – dash — dash … «guillemets» 10€ ½ ²",
    "  leading and trailing \t ",
    ".",
    ",5",
    "x.",
    "",
    "我在2008年，用了3.5kg。",
    "Mixed中文and英文, 3.14圆周率, 1,000人-5度.",
    "５．５％（全角）「引号」～・ー カタカナ ひらがな ﾊﾝｶｸ",
    "𠮷 丽 ⅷ ① ㊗ ℃ → ★ ☆ ♥ ✓ ⼀ ﹏ ︐ ㄅ ㆠ ㇀ ⿰ ⺀ 한국어",
    "🙂 emoji👍🏽ok",
    ".5开头, 结尾5.",
]


def rounded(value):
    return round(float(value), 10)


def bleu_case(name, corpus, tokenizer, lowercase):
    hypotheses, references = corpus["hypotheses"], corpus["references"]
    metric = BLEU(tokenize=tokenizer, lowercase=lowercase)
    score = metric.corpus_score(hypotheses, references)
    signature = metric.get_signature().format()
    return {
        "name": f"{name}, {tokenizer}{', lowercase' if lowercase else ''}",
        "hypotheses": hypotheses,
        "references": references,
        "tokenizer": tokenizer,
        "lowercase": lowercase,
        "score": rounded(score.score),
        "precisions": [rounded(p) for p in score.precisions],
        "brevity_penalty": rounded(score.bp),
        "hypothesis_length": score.sys_len,
        "reference_length": score.ref_len,
        "details": score.format(score_only=False).split(" = ", 1)[1].split(" ", 1)[1],
        "signature": signature[: signature.index("version:")],
    }


def chrf_case(name, corpus, word_order, lowercase):
    hypotheses, references = corpus["hypotheses"], corpus["references"]
    metric = CHRF(word_order=word_order, lowercase=lowercase)
    score = metric.corpus_score(hypotheses, references)
    signature = metric.get_signature().format()
    return {
        "name": f"{name}, {score.name}{', lowercase' if lowercase else ''}",
        "hypotheses": hypotheses,
        "references": references,
        "word_order": word_order,
        "lowercase": lowercase,
        "score_name": score.name,
        "score": rounded(score.score),
        "signature": signature[: signature.index("version:")],
        "sentence_scores": [
            rounded(metric.sentence_score(h, [r[i] for r in references]).score)
            for i, h in enumerate(hypotheses)
        ],
    }


def tokenizer_case(line):
    return {
        "line": line,
        "13a": " ".join(BLEU(tokenize="13a").tokenizer(line.rstrip()).split()),
        "zh": " ".join(BLEU(tokenize="zh").tokenizer(line.rstrip()).split()),
    }


def write(name, cases):
    path = pathlib.Path(__file__).parent / name
    path.write_text(json.dumps(cases, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def main():
    write("bleu.json", [
        bleu_case(name, corpus, tokenizer, lowercase)
        for name, corpus in CORPORA.items()
        for tokenizer in ("13a", "zh", "none")
        for lowercase in (False, True)
    ])
    write("chrf.json", [
        chrf_case(name, corpus, word_order, lowercase)
        for name, corpus in CORPORA.items()
        for word_order in (0, 2)
        for lowercase in (False, True)
    ])
    write("tokenizer.json", [tokenizer_case(line) for line in TOKENIZER_LINES])


if __name__ == "__main__":
    main()
