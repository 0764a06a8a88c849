"""Makes tests/data/emphasis.json: what weights do to embeddings in A1111's and ComfyUI's ways, with numpy in double.

Two texts of two chunks from two encoders side by side (widths 3 and 2); inputs are sines, so that the test can make
them too. Kept are a few values and the mean of each text.

Run by hand: python make_emphasis_goldens.py
"""
import json
import pathlib

import numpy as np

DATA = pathlib.Path(__file__).resolve().parent.parent / "data"
WIDTHS = (3, 2)
WEIGHTS = [[(2, 1.5), (3, 0.4), (80, -0.7)], [(5, 1.1)]]  # (token, weight) of each text
SAMPLES = [(0, 0), (2, 1), (3, 4), (5, 2), (76, 0), (80, 3), (153, 4)]


def embeddings(text):
    token, channel = np.meshgrid(np.arange(154), np.arange(5), indexing="ij")
    return np.sin(0.37 * token + 1.3 * channel + 2.1 * text) + 0.2


def token_weights(text):
    weights = np.ones((154, 1))
    for token, weight in WEIGHTS[text]:
        weights[token] = weight
    return weights


def original(texts):
    results = [z * token_weights(i) for i, z in enumerate(texts)]
    for chunk in range(2):
        rows = slice(77 * chunk, 77 * chunk + 77)
        for columns in (slice(0, WIDTHS[0]), slice(WIDTHS[0], 5)):
            before = np.mean([z[rows, columns] for z in texts])
            after = np.mean([r[rows, columns] for r in results])
            for r in results:
                r[rows, columns] *= before / after
    return results


def comfy(texts):
    empty = np.concatenate([embeddings(7)[:77]] * 2)
    return [np.where(token_weights(i) != 1, (z - empty) * token_weights(i) + empty, z) for i, z in enumerate(texts)]


def main():
    texts = [embeddings(0), embeddings(1)]
    answers = {"original": original(texts), "no_norm": [z * token_weights(i) for i, z in enumerate(texts)], "comfyui": comfy(texts), "ignore": texts, "none": texts}
    rows = [{"emphasis": name, "texts": [{"mean": z.mean(), "values": [z[s] for s in SAMPLES]} for z in both]} for name, both in answers.items()]
    (DATA / "emphasis.json").write_text("[\n" + ",\n".join(json.dumps(row, separators=(",", ":")) for row in rows) + "\n]\n")


if __name__ == "__main__":
    main()
