"""Makes tests/data/prompt_schedules.json: what A1111's prompt editing and AND mean, by a grammar for lark's Earley parser.

The grammar allows a bracket to be a thing of meaning or a plain sign; a derivation that makes something of it is
preferred. Evaluation, the split at AND and the weights behind prompts were written for this script.

Run by hand: python make_prompt_schedule_goldens.py   (needs: lark 1.x)
"""
import json
import pathlib
import random
import re

import lark

DATA = pathlib.Path(__file__).resolve().parent.parent / "data"

GRAMMAR = r"""
start: (inner | SIGN)*
inner: (weighted | exchange | turns | BYTES | SPACE)*
!weighted: "(" inner ")" | "(" inner ":" inner ")" | "[" inner "]"
exchange: "[" [inner ":"] inner ":" [SPACE] WHEN [SPACE] "]"
turns: "[" inner ("|" inner)+ "]"
SIGN: /[][():]/
SPACE: /\s+/
BYTES: /([^\\\[\]():|]|\\.)+/
%import common.SIGNED_NUMBER -> WHEN
"""
PARSER = lark.Lark(GRAMMAR, maybe_placeholders=True)


def last_step_before(number, steps, old):
    value = float(number)
    share = value < 1 if old else "." in number
    return min(steps, int(value * steps if share else value))


def ends_of(tree, steps, old):
    ends = {steps}
    for node in tree.find_data("exchange"):
        last = last_step_before(node.children[-2], steps, old)
        if last >= 1:
            ends.add(last)
    if next(tree.find_data("turns"), None):
        ends.update(range(1, steps + 1))
    return sorted(ends)


def text_at(node, step, steps, old):
    if node is None:
        return ""
    if isinstance(node, lark.Token):
        return str(node)
    if node.data == "exchange":
        before, after, _, when, _ = node.children
        return text_at(before if step <= last_step_before(when, steps, old) else after, step, steps, old)
    if node.data == "turns":
        return text_at(node.children[(step - 1) % len(node.children)], step, steps, old)
    return "".join(text_at(child, step, steps, old) for child in node.children)


def schedule(prompt, steps, old=False):
    try:
        tree = PARSER.parse(prompt)
    except lark.exceptions.LarkError:
        return [[steps, prompt]]
    return [[end, text_at(tree, end, steps, old)] for end in ends_of(tree, steps, old)]


def split(prompt):
    """[text, weight] of each prompt that AND joins."""
    parts = []
    for part in re.split(r"\bAND\b", prompt):
        found = re.search(r"\s*:\s*([-+]?(?:\d+\.?|\d*\.\d+))\s*\Z", part)
        text = part[:found.start()] if found else part
        parts.append([text.rstrip(), float(found.group(1)) if found else 1.0])
    return parts


PROMPTS = [
    "", "test", "a [b:3]", "a [b: 3]", "a [[[b]]:2]", "[(a:2):3]", "a [b : c : 1] d", "a[b:[c:d:2]:1]e", "a [unbalanced", "a [b:.5] c", "a [b:1.5] c",
    "((a][:b:c [d:3]", "[a|(b:1.1)]", "[fe|]male", "[fe|||]male", "[a:b:0.5]", "[a::0.5]", "[:b:0.5]", "[a:0.5]", "[:0.5]", "[::0.5]", "[:::0.5]", "[a:b:c:0.5]",
    "[a:b:0]", "[a:b:-1]", "[a:b:-0.5]", "[a:b:1e1]", "[a:b:5e-1]", "[a:b:+3]", "[a:b:3.]", "[a:b:0.3 ]", "[a:b:\n0.3]", "[a:b:.]", "[a:b:]", "[a:b:x]", "[a:b: 0.5 0.6]",
    "[a:b:99]", "[a:b:0.01]", "a | b", "(a|b)", "a | b [c:d:0.5]", "[a|b", "[a|b:0.5]", "[a:b|c:0.5]", "[[a|b]:c:0.5]", "[[a:b:0.3]|c]", "[a|[b|c]]", "[|]", "[]", "()", "[()|[]]",
    "a: b [c:d:0.5]", "(a: b) [c:d:0.5]", "(a:b:c) [d:e:0.5]", "(x [a:b:0.5] y:1.3)", "(x [a: b] y) [c:d:0.5]", "([a:b:0.5]", "[a:b:0.5]]", "[a [b:c:0.5] d:e:0.7]", "[a [b:c:0.5] d:e:0.7",
    "(a [b) c:d:0.5]", "[a (b] c:d:0.5]", "\\[a:b:0.5\\]", "\\(a\\) [b:c\\:d:0.5]", "[a\\|b|c]", "a \\| b", "a | b \\", "trailing [a:b:0.5] \\", "\\", "\\\\ [a:b:0.5]", "a \\\n[b:c:0.5]",
    "[猫:犬:0.4]、[夏|冬]", "[a:b:０.５]", "[a, (b:1.2), [c]:(d):0.25] BREAK e", "[a:b:0.5][c:d:0.25][e::0.75]", "[[[[a:b:1]:c:2]:d:3]:e:4]", "[a:b:0.5] AND [c|d]:0.6",
    "[1:2:3]", "[0.5:0.5]", "[a:[b:c:0.8]:0.4]", "[[a:b:0.8]::0.4]", "a\n[b:c:0.5]\nd",
]
JOINED = [
    "a", "a AND b", "a AND b:0.7", "a :1.2 AND b : -0.5 ", "a:2. AND b:.5 AND c:+1", "a:1.2.3 AND b:1e3", "AND", "a AND", "AND b:0.3", "aAND b", "a AND_b", "(a AND b:1.2)", "(a:1.2) AND (b:0.8):0.9",
    "a and b", "猫AND犬", "猫 AND 犬:0.5", "a:0.5:0.7", "a : AND b:", "a AND b AND c:0", "a\nAND\nb:0.5\n", "BAND AND", "a:-", "x:.", "a::0.5",
]
PIECES = ["a", "b ", " c", "[", "[", "]", "]", "(", ")", ":", ":", "|", "0.5", "3", "1.2", "\\", "\\]", " ", ":0.5]", ":4]", "[d:e:0.3]", "[f|g]", "(h:1.2)", "犬"]


def random_prompt(source):
    return "".join(source.choice(PIECES) for _ in range(source.randint(2, 14)))


def main():
    source = random.Random(11)
    prompts = PROMPTS + sorted({random_prompt(source) for _ in range(420)})
    rows = [{"prompt": p, "steps": 10, "schedule": schedule(p, 10)} for p in prompts]
    rows += [{"prompt": p, "steps": 7, "old": True, "schedule": schedule(p, 7, old=True)} for p in PROMPTS if "[" in p and "-" not in p]
    rows += [{"prompt": p, "joined": split(p)} for p in JOINED]
    lines = ",\n".join(json.dumps(row, separators=(",", ":"), ensure_ascii=False) for row in rows)
    (DATA / "prompt_schedules.json").write_text("[\n" + lines + "\n]\n")


if __name__ == "__main__":
    main()
