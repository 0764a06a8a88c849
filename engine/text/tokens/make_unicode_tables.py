"""Writes unicode_tables.cpp: the classes and mappings the CLIP tokenizer needs, asked from the library that
transformers' CLIPTokenizer uses, so that both agree on every code point.

Run by hand: python make_unicode_tables.py > unicode_tables.cpp   (needs: tokenizers, regex)
"""
import sys

import regex
from tokenizers import Regex, normalizers, pre_tokenizers

CODE_POINTS = [c for c in range(0x110000) if not 0xD800 <= c < 0xE000]
HANGUL = range(0xAC00, 0xAC00 + 11172)
LOWEST_MARK, HIGHEST_MARK = "\u0334", "\u0345"  # classes 1 and 240
nfc, nfd, lowercase = (n.normalize_str for n in (normalizers.NFC(), normalizers.NFD(), normalizers.Lowercase()))


def ranges(points):
    rows = []
    for c in points:
        if rows and rows[-1][1] + 1 == c:
            rows[-1][1] = c
        else:
            rows.append([c, c])
    return rows


def members(pattern):
    split = pre_tokenizers.Split(Regex(pattern), behavior="removed", invert=True)
    return [c for c in CODE_POINTS if split.pre_tokenize_str(chr(c))]


def lower_rows():
    """[first, last, stride, delta]; code points whose lower case is longer than one are left to the C++ code."""
    rows = []
    for c in CODE_POINTS:
        low = lowercase(chr(c))
        if low == chr(c):
            continue
        if len(low) != 1:
            assert c == 0x130 and low == "i\u0307", hex(c)
            continue
        delta = ord(low) - c
        if rows and rows[-1][3] == delta:
            first, last, stride, _ = rows[-1]
            if c - last in (1, 2) and stride in (0, c - last):
                rows[-1][1:3] = [c, c - last]
                continue
        rows.append([c, c, 0, delta])
    return [[first, last, stride or 1, delta] for first, last, stride, delta in rows]


def decomposition_rows():
    """[code point, first, second]: one level, second is 0 for a singleton; Hangul is done by arithmetic."""
    rows = []
    for c in CODE_POINTS:
        full = nfd(chr(c))
        if full == chr(c) or c in HANGUL:
            continue
        head = nfc(full[:-1])
        if len(full) == 1:
            rows.append([c, ord(full), 0])
        elif len(head) == 1 and nfd(head) == full[:-1]:
            rows.append([c, ord(head), ord(full[-1])])
        else:  # a head that is excluded from composition: find the code point that decomposes to it
            heads = [h for h in CODE_POINTS if nfd(chr(h)) == full[:-1]]
            rows.append([c, heads[0], ord(full[-1])])
    return rows


def class_rows():
    everything = "".join(map(chr, CODE_POINTS))
    classes = {}
    for value in range(1, 255):
        try:
            classes |= {ord(c): value for c in regex.findall(r"\p{ccc=%d}" % value, everything)}
        except regex.error:
            pass  # no class of this number
    rows = []
    for c, value in sorted(classes.items()):
        if nfd(chr(c) + LOWEST_MARK) == chr(c) + LOWEST_MARK and nfd(HIGHEST_MARK + chr(c)) == HIGHEST_MARK + chr(c):
            continue  # newer than the library: it knows no class
        if rows and rows[-1][1] + 1 == c and rows[-1][2] == value:
            rows[-1][1] = c
        else:
            rows.append([c, c, value])
    return rows


def table(kind, name, rows):
    print(f"const {kind} {name}[] = {{")
    line = "   "
    for row in rows:
        text = " {" + ", ".join(str(v) if v < 0 or v < 256 and i > 1 else hex(v) for i, v in enumerate(row)) + "},"
        if len(line) + len(text) > 120:
            print(line)
            line = "   "
        line += text
    print(line + "\n};")
    print(f"const std::size_t {name}Count = {len(rows)};\n")


def main():
    decompositions = decomposition_rows()
    compositions = sorted([a, b, c] for c, a, b in decompositions if b and nfc(chr(a) + chr(b)) == chr(c))
    print("// Made by make_unicode_tables.py; data, not to be edited.\n// clang-format off")
    print('#include "engine/text/tokens/unicode_tables.h"\n\nnamespace studio::engine::unicode {\n')
    table("Range", "kLetters", ranges(members(r"\p{L}")))
    table("Range", "kNumbers", ranges(members(r"\p{N}")))
    table("LowerCaseRow", "kLowerCase", lower_rows())
    table("Decomposition", "kDecompositions", decompositions)
    table("Composition", "kCompositions", compositions)
    table("ClassRange", "kCombiningClasses", class_rows())
    print("}  // namespace studio::engine::unicode")
    print(len(decompositions), len(compositions), file=sys.stderr)


if __name__ == "__main__":
    main()
