"""Makes tests/data/clip_tokens.json and tests/data/prompt_chunks.json.

Token ids come from transformers' CLIPTokenizer (5.x) built from the vocabulary file; emphasis and chunks from a second
implementation of A1111's documented behaviour, written for this script with regular expressions.

Run by hand: python make_token_goldens.py bpe_simple_vocab_16e6.txt.gz   (needs: transformers, tokenizers)
With --compare PROGRAM it instead sends random texts through PROGRAM (texts separated by NUL on standard input, a line
of ids for each on standard output) and reports the first that differs.
"""
import argparse
import gzip
import json
import pathlib
import random
import re
import subprocess

from transformers import CLIPTokenizer

DATA = pathlib.Path(__file__).resolve().parent.parent / "data"
COMMA = 267

TEXTS = [
    "", " ", "a photo of a cat", "A Photo, of; a CAT!", "masterpiece, best quality, 1girl, solo, 8k uhd",
    "it's we've I'm they'll he'd don't you're 'tis IT'S", "x" * 300, "supercalifragilisticexpialidocious" * 20,
    "12345 3.14 1,000 ½ ² Ⅷ ٣", "tabs\tand\nlines\r\nand   runs", "\u00a0no\u00a0break\u3000ideographic\u2003em",
    "猫の写真、夕焼けの空。", "ﾊﾝｶｸ ｶﾅ と ＦＵＬＬＷＩＤＴＨ　１２３", "がぎぐ か\u3099き\u3099く\u3099", "東京タワー🗼と桜🌸",
    "한국어 \u1112\u1161\u11ab\u1100\u1173\u11af", "안녕하세요", "Ελληνικά ΑΣΣ ΟΔΟΣ", "Привет, МИР", "שָׁלוֹם", "مرحبا بالعالم",
    "नमस्ते दुनिया", "ไทย ภาษา", "👩‍👩‍👧‍👦 family 👍🏽 🇯🇵 ❤️", "😀😀😀", "caf\u00e9 cafe\u0301 CAFE\u0301",
    "a\u0323\u0307 a\u0307\u0323 \u1e0d\u0307", "z\u0351\u036b\u0343\u036a\u0302\u036b\u033d\u034f\u0334\u0319\u0324\u031e\u0349\u035a\u032f\u031ea\u0320\u0305l\u030cg\u0343o\u0338",
    "\u2126 \u212b \u0344 \u0958 \ufb1d \u2adc", "İstanbul ıI ẞß ſ Ǆ ǅ", "\u0000", "a\u0000b", "\u0001\u0002 \u001b[31m \u007f",
    "\u200b\u200c\u200d\ufeff x\u200by", "\u202eright to left\u202c", "\ufffd \uffff \U0010ffff", "<|startoftext|>", "<|endoftext|>",
    "a<|endoftext|>b <|startoftext|> c", "<|STARTOFTEXT|> <|endoftext |> <| |>", "!!!???...,,,", "\\(escaped\\)", "(word:1.2)",
    "<lora:name:0.8>", "https://example.com/?q=a&b=c#d", "C:\\path\\file.png", "don''t '' 's'", "_under_score_ snake_case",
    "a,b ,c , d", "，、。！？", "“quotes” ‘single’ — dash – …", "™ © ® ° µ", "𝕳𝖊𝖑𝖑𝖔 𝓌ℴ𝓇𝓁𝒹", "\U0001f468\u200d\U0001f4bb coder", "\u0301leading mark",
]

PROMPTS = [
    "", " ", "a cat", "(cat)", "((cat))", "(((cat)))", "[cat]", "[[cat]]", "(cat:1.3)", "(cat:0.5), dog", "(cat:-1)", "(cat: 1.25 )", "(cat:.5)",
    "(cat:+1.5)", "(cat:2.)", "(a (b:1.5) c:0.8) d", "([cat])", "[(cat)]", "x ([b]) y", "(cat", "[cat", "((cat) dog", "cat)", "cat]", "cat:1.2)", "a:b",
    "\\(cat\\)", "\\[cat\\]", "a \\\\ b", "a \\ b", "trailing \\", "(\\(cat\\):1.2)", "()", "(:1.2)", "[]", "(a [b) c]", "(a:1.1:1.2)", "(cat :1.2)",
    "a BREAK b", "a, BREAK, b", "BREAK", "a BREAK", "BREAK a", "BREAK BREAK", "aBREAK b", "BREAKFAST", "猫BREAK犬", "猫　BREAK　犬", "a\nBREAK\nb", "a BREAK b BREAK c",
    "(猫:1.3)と[犬]、🐈(🐕:0.7)", "masterpiece, (best quality:1.2), [blurry], ((detailed eyes)), landscape",
    ", ".join(f"word{i}" for i in range(40)), "a " * 75, "a " * 76, "a " * 74 + ", b", "a " * 75 + ", b", "a " * 60 + ", " + "b " * 20,
    "a " * 54 + ", " + "b " * 40, "a " * 55 + ", " + "b " * 40, "a " * 53 + ", " + "b " * 40, ", " * 80, "(" + "tree, river, " * 30 + ":1.3) BREAK [" + "house " * 80 + "]",
    "one " * 10 + "BREAK " + "two " * 100, "猫、" * 60, "(a:1.5) <|endoftext|> b",
]


def byte_characters():
    printing = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [b for b in range(256) if b not in printing]
    return [chr(b) for b in printing] + [chr(256 + i) for i in range(len(others))]


def reference_tokenizer(vocabulary_file):
    lines = gzip.open(vocabulary_file).read().decode().split("\n")[1:48895]
    merges = [tuple(line.split()) for line in lines]
    single = byte_characters()
    words = single + [c + "</w>" for c in single] + [a + b for a, b in merges] + ["<|startoftext|>", "<|endoftext|>"]
    return CLIPTokenizer(vocab={word: i for i, word in enumerate(words)}, merges=merges)


SYNTAX = re.compile(r"\\[()\[\]\\]|\\|[(\[]|:\s*([+-]?[.\d]+)\s*\)|[)\]]|[^\\()\[\]:]+|:")
BREAK = re.compile(r"\s*\bBREAK\b\s*")


def parse(prompt):
    """[[text, weight]] with weight None for BREAK."""
    parts, round_open, square_open = [], [], []

    def scale(first, factor):
        for part in parts[first:]:
            if part[1] is not None:
                part[1] *= factor

    for match in SYNTAX.finditer(prompt):
        piece, weight = match.group(), match.group(1)
        if piece[0] == "\\":
            parts.append([piece[1:], 1.0])
        elif piece == "(":
            round_open.append(len(parts))
        elif piece == "[":
            square_open.append(len(parts))
        elif weight is not None and round_open:
            scale(round_open.pop(), float(weight))
        elif piece == ")" and round_open:
            scale(round_open.pop(), 1.1)
        elif piece == "]" and square_open:
            scale(square_open.pop(), 1 / 1.1)
        else:
            for i, text in enumerate(BREAK.split(piece)):
                if i:
                    parts.append(["", None])
                parts.append([text, 1.0])
    for first in round_open:
        scale(first, 1.1)
    for first in square_open:
        scale(first, 1 / 1.1)
    merged = []
    for text, weight in parts or [["", 1.0]]:
        if merged and weight is not None and merged[-1][1] == weight:
            merged[-1][0] += text
        else:
            merged.append([text, weight])
    return merged


def chunks_of(parts, ids_of):
    chunks, ids, weights, comma = [], [], [], -1

    def flush(keep=None):
        nonlocal ids, weights, comma
        keep = len(ids) if keep is None else keep
        chunks.append({"ids": ids[:keep], "weights": [round(w, 6) for w in weights[:keep]]})  # without start, end, padding
        ids, weights, comma = ids[keep:], weights[keep:], -1

    for text, weight in parts:
        if weight is None:
            flush()
            continue
        for token in ids_of(text):
            if token == COMMA:
                comma = len(ids)
            elif len(ids) == 75 and comma != -1 and 75 - comma <= 20:
                flush(comma + 1)
            if len(ids) == 75:
                flush()
            ids.append(token)
            weights.append(weight)
    if ids or not chunks:
        flush()
    return chunks


def random_text(source):
    alphabets = [range(32, 127), range(0x3040, 0x3100), range(0x4E00, 0x4F00), range(0x300, 0x370), range(0, 0xD800), range(0xE000, 0x110000),
                 range(0x1100, 0x1200), range(0xAC00, 0xAE00), range(0x1F300, 0x1F700), range(0xC0, 0x250), range(0x370, 0x530), range(0x590, 0x1000)]
    text = ""
    for _ in range(source.randint(1, 8)):
        alphabet = source.choice(alphabets)
        text += "".join(chr(source.choice(alphabet)) for _ in range(source.randint(1, 12)))
        text += source.choice(["", " ", "'s", "'", ",", "a", "\u3000"])
    return text.replace("\0", "")


def compare(ids_of, program, count):
    source = random.Random(7)
    texts = [random_text(source) for _ in range(count)] + [chr(c) for c in range(1, 0x110000) if not 0xD800 <= c < 0xE000]
    answer = subprocess.run([program], input="\0".join(texts).encode(), stdout=subprocess.PIPE, check=True).stdout.decode().split("\n")
    different = [(t, ids_of(t), a) for t, a in zip(texts, answer, strict=False) if " ".join(map(str, ids_of(t))) != a]
    print(len(texts), "texts,", len(different), "differ", *different[:5], sep="\n")


def compact(row):
    return json.dumps(row, separators=(",", ":"))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("vocabulary")
    parser.add_argument("--compare")
    parser.add_argument("--count", type=int, default=100000)
    arguments = parser.parse_args()
    tokenizer = reference_tokenizer(arguments.vocabulary)

    def ids_of(text):
        return tokenizer.backend_tokenizer.encode(text, add_special_tokens=False).ids

    if arguments.compare:
        return compare(ids_of, arguments.compare, arguments.count)
    rows = [{"text": text, "ids": ids_of(text)} for text in TEXTS]
    (DATA / "clip_tokens.json").write_text("[\n" + ",\n".join(map(compact, rows)) + "\n]\n")
    rows = [{"prompt": p, "parts": parse(p), "chunks": chunks_of(parse(p), ids_of)} for p in PROMPTS]
    (DATA / "prompt_chunks.json").write_text("[\n" + ",\n".join(map(compact, rows)) + "\n]\n")


if __name__ == "__main__":
    main()
