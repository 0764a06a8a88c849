"""The training pictures and their captions.

The data folder holds `captions.tsv` (file, style, name, keywords, group, licence) and
`images.tar` with the pictures under `img/`.
"""

from __future__ import annotations

import csv
import io
import random
import tarfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image

SIZE = 128
STYLES = ("noto emoji", "3d emoji", "flat emoji", "pixel art")


@dataclass(frozen=True)
class Caption:
    file: str
    style: str
    name: str
    keywords: tuple[str, ...]
    group: str
    licence: str

    def full(self) -> str:
        return f"{self.name}, {self.style}"

    def shuffled(self, rng: random.Random) -> str:
        """Name, none to three keywords and the style word, mostly in that order."""
        chosen = rng.sample(self.keywords, rng.randint(0, min(3, len(self.keywords))))
        parts = [self.name, *chosen]
        if rng.random() < 0.3:
            rng.shuffle(parts)
        parts.insert(0 if rng.random() < 0.3 else len(parts), self.style)
        return ", ".join(parts)


def readCaptions(folder: Path) -> list[Caption]:
    with (folder / "captions.tsv").open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [
            Caption(r["file"], r["style"], r["name"],
                    tuple(k.strip() for k in r["keywords"].split(",") if k.strip()),
                    r["group"], r["license"])
            for r in rows
        ]


def flatten(picture: Image.Image, size: int) -> np.ndarray:
    """On white at `size` pixels; small pixel art by nearest neighbour, all else filtered."""
    picture = picture.convert("RGBA")
    small = max(picture.size) <= 64
    side = max(picture.size)
    canvas = Image.new("RGBA", (side, side), (255, 255, 255, 255))
    canvas.alpha_composite(picture, ((side - picture.width) // 2, (side - picture.height) // 2))
    method = Image.Resampling.NEAREST if small else Image.Resampling.LANCZOS
    return np.asarray(canvas.convert("RGB").resize((size, size), method))


def loadPictures(folder: Path, captions: list[Caption], work: Path, size: int = SIZE) -> torch.Tensor:
    """All pictures as one uint8 tensor N x 3 x size x size, cached in the work folder."""
    cache = work / f"pictures-{size}.pt"
    if cache.exists():
        pictures = torch.load(cache, weights_only=True)
        if pictures.shape[0] == len(captions):
            return pictures
    pictures = torch.empty(len(captions), 3, size, size, dtype=torch.uint8)
    wanted = {c.file: i for i, c in enumerate(captions)}
    with tarfile.open(folder / "images.tar") as archive:
        for member in archive:
            index = wanted.get(Path(member.name).name)
            stream = archive.extractfile(member) if index is not None else None
            if stream is None:
                continue
            flat = flatten(Image.open(io.BytesIO(stream.read())), size)
            pictures[index] = torch.from_numpy(flat.copy()).permute(2, 0, 1)
    torch.save(pictures, cache)
    return pictures
