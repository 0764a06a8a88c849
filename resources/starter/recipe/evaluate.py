#!/usr/bin/env python3
"""Sample sheet and ranking: python evaluate.py --data DIR --model DIR [--sheet FILE]

Draws every prompt of prompts.tsv ("name, style", one fixed seed each) with the shipped files.
Ranking: the latents of the drawn picture and of every training picture, averaged over cells of
2 x 2 and scaled to deviation 1, are compared by Euclidean distance. A prompt counts when a picture
with the asked name and style is among the nearest 5 %.
"""

from __future__ import annotations

import argparse
import csv
from pathlib import Path

import torch
import torch.nn.functional as F
from PIL import Image
from torch import Tensor

import autoencoder
import common
import data
import diffusion
import export
import model as nets

COLUMNS = 16


def readPrompts() -> list[tuple[str, str]]:
    path = Path(__file__).resolve().parent / "prompts.tsv"
    with path.open(encoding="utf-8", newline="") as file:
        return [(r["style"], r["name"]) for r in csv.DictReader(file, delimiter="\t")]


@torch.no_grad()
def decode(vae: autoencoder.Autoencoder, latents: Tensor) -> Tensor:
    return torch.cat([vae.decoder(part.to(common.pickDevice())).clamp(0, 1).cpu() for part in latents.split(8)])


def saveSheet(pictures: Tensor, path: Path, side: int = 128) -> None:
    """Pictures in rows of COLUMNS, at `side` pixels each."""
    rows = [torch.cat(list(row), 2) for row in pictures.split(COLUMNS)]
    rows[-1] = F.pad(rows[-1], (0, rows[0].shape[2] - rows[-1].shape[2]), value=1.0)
    sheet = (torch.cat(rows, 1) * 255).round().byte().permute(1, 2, 0).numpy()
    picture = Image.fromarray(sheet)
    if side != pictures.shape[-1]:
        factor = side / pictures.shape[-1]
        picture = picture.resize((round(picture.width * factor), round(picture.height * factor)),
                                 Image.Resampling.LANCZOS)
    picture.save(path, optimize=True)


def features(latents: Tensor, mean: Tensor | None = None, deviation: Tensor | None = None,
             ) -> tuple[Tensor, Tensor, Tensor]:
    pooled = F.avg_pool2d(latents, 2).flatten(1)
    if mean is None or deviation is None:
        mean, deviation = pooled.mean(0), pooled.std(0).clamp_min(1e-3)
    return (pooled - mean) / deviation, mean, deviation


def ranks(drawn: Tensor, known: Tensor, prompts: list[tuple[str, str]],
          captions: list[data.Caption]) -> list[float]:
    """For each prompt, the share of training pictures nearer than its own best one."""
    reference, mean, deviation = features(known)
    asked, _, _ = features(drawn, mean, deviation)
    distances = torch.cdist(asked, reference)
    result = []
    for row, (style, name) in zip(distances, prompts):
        own = [i for i, c in enumerate(captions) if c.style == style and c.name == name]
        result.append(float((row < row[own].min()).float().mean()))
    return result


def knownLatents(vae: autoencoder.Autoencoder, folder: Path, captions: list[data.Caption], work: Path,
                 device: torch.device) -> Tensor:
    """Of all training pictures; those of the training, when they lie in the work folder."""
    cache = work / "latents.pt"
    if cache.exists():
        return torch.load(cache, weights_only=True)
    return autoencoder.encodeAll(vae, data.loadPictures(folder, captions, work), device)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--model", type=Path, required=True, help="folder with starter.safetensors")
    parser.add_argument("--work", type=Path, default=Path(__file__).resolve().parent / "work")
    parser.add_argument("--sheet", type=Path, default=None)
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--guidance", type=float, default=5.0)
    parser.add_argument("--side", type=int, default=128, help="pixels of one picture on the sheet")
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    device, prompts = common.pickDevice(), readPrompts()
    captions = data.readCaptions(options.data)
    tokens = nets.Tokens(diffusion.everyText(captions))
    denoiser, _ = export.readCheckpoint(options.model / "starter.safetensors", tokens.table)
    vae = export.readAutoencoder(options.model / "starter.vae.safetensors")
    rows = tokens.encodeAll([f"{name}, {style}" for style, name in prompts])
    empty = tokens.encodeAll([""])[0]
    with common.autocast(device):
        latents = diffusion.sample(denoiser.to(device), rows, empty, options.steps, options.guidance).float()
    drawn = decode(vae, latents.cpu())
    saveSheet(drawn, options.sheet or options.model / "samples.png", options.side)
    known = knownLatents(vae, options.data, captions, options.work, device)
    again = autoencoder.encodeAll(vae, (drawn * 255).round().byte(), device)
    places = ranks(again, known, prompts, captions)
    for (style, name), place in zip(prompts, places):
        print(f"{100 * place:6.2f} %  {name}, {style}")
    hits = sum(p <= 0.05 for p in places)
    print(f"own picture in the nearest 5 %: {hits} of {len(places)} prompts ({100 * hits / len(places):.0f} %)")


if __name__ == "__main__":
    main()
