#!/usr/bin/env python3
"""Trains the starter pack: python train.py --minutes N --data DIR [--from FILE]

Every stage keeps a checkpoint in the work folder and goes on from it when run again. `--minutes`
is wall-clock time for all named stages together. See README.md.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch

import autoencoder
import common
import data
import diffusion
import export
import lora
import model as nets
import upscaler

SHARES = {"autoencoder": 0.25, "denoiser": 0.62, "loras": 0.08, "upscaler": 0.05}


def parseArguments() -> argparse.Namespace:
    here = Path(__file__).resolve().parent
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, required=True, help="wall-clock budget of all stages")
    parser.add_argument("--data", type=Path, required=True, help="folder with captions.tsv and images.tar")
    parser.add_argument("--from", type=Path, dest="start", help="starter.safetensors to continue from")
    parser.add_argument("--work", type=Path, default=here / "work", help="checkpoints and logs")
    parser.add_argument("--out", type=Path, default=here.parent, help="where the weights go")
    parser.add_argument("--stages", default=",".join(SHARES), help="comma-separated, of: " + ", ".join(SHARES))
    parser.add_argument("--channels", default="128,128,128", help="UNet channels of each level")
    parser.add_argument("--attention", default="0,1,1", help="1 for each level with attention")
    parser.add_argument("--blocks", type=int, default=1, help="residual blocks a level")
    parser.add_argument("--width", type=int, default=48, help="channels of the autoencoder")
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--rate", type=float, default=1e-3, help="peak learning rate of the UNet")
    parser.add_argument("--styles", default=",".join(s.name for s in lora.STYLES), help="which LoRAs")
    parser.add_argument("--workers", type=int, default=1, help="CPU processes that train the UNet together")
    parser.add_argument("--threads", type=int, default=0, help="0: all cores")
    return parser.parse_args()


class Run:
    """The stages and what they hand to each other."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        options.work.mkdir(parents=True, exist_ok=True)
        self.captions = data.readCaptions(options.data)
        self.tokens = nets.Tokens(diffusion.everyText(self.captions))
        self.pictures = data.loadPictures(options.data, self.captions, options.work)

    def autoencoder(self, minutes: float) -> None:
        start = None
        if self.options.start is not None:
            start = export.readAutoencoder(self.options.start.with_suffix(".vae.safetensors")).state_dict()
        autoencoder.train(self.pictures, minutes, self.options.work, self.options.width, start)
        self.exportAutoencoder()

    def exportAutoencoder(self) -> None:
        state = common.loadCheckpoint(self.options.work / "autoencoder.pt")
        if state is None:
            return
        trained = autoencoder.averagedFrom(state, common.pickDevice())
        rgb = export.fitLatentRgb(self.latents(), self.pictures)
        export.writeAutoencoder(self.options.out, trained, rgb)

    def latents(self) -> torch.Tensor:
        """Encoded once by the trained autoencoder, or by the shipped one when starting from it."""
        cache = self.options.work / "latents.pt"
        if cache.exists():
            return torch.load(cache, weights_only=True)
        device = common.pickDevice()
        state = common.loadCheckpoint(self.options.work / "autoencoder.pt")
        if state is not None:
            trained = autoencoder.averagedFrom(state, device)
        else:
            trained = export.readAutoencoder(self.options.out / "starter.vae.safetensors")
        encoded = autoencoder.encodeAll(trained, self.pictures, device)
        torch.save(encoded, cache)
        return encoded

    def denoiser(self, minutes: float) -> None:
        options = self.options
        shape = nets.UNetShape(tuple(int(c) for c in options.channels.split(",")),
                               tuple(a == "1" for a in options.attention.split(",")), options.blocks)
        start = None
        if options.start is not None:
            previous, shape = export.readCheckpoint(options.start, self.tokens.table)
            start = previous.state_dict()
        diffusion.train(self.latents(), self.captions, minutes, options.work, shape, start,
                        options.rate, options.batch, options.workers)
        self.exportDenoiser()

    def exportDenoiser(self) -> None:
        state = common.loadCheckpoint(self.options.work / "denoiser.pt")
        if state is None:
            return
        trained, shape = diffusion.averagedFrom(state)
        rgb = export.fitLatentRgb(self.latents(), self.pictures)
        export.writeCheckpoint(self.options.out, trained, shape, self.tokens.table, rgb)

    def loras(self, minutes: float) -> None:
        chosen = [s for s in lora.STYLES if s.name in self.options.styles.split(",")]
        for style in chosen:
            base, _ = export.readCheckpoint(self.options.out / "starter.safetensors", self.tokens.table)
            lora.train(style, base, self.latents(), self.captions, self.tokens,
                       minutes / len(chosen), self.options.work, self.options.out)

    def upscaler(self, minutes: float) -> None:
        upscaler.train(self.options.data, self.captions, minutes, self.options.work, self.options.out)


def main() -> None:
    options = parseArguments()
    if options.threads > 0:
        torch.set_num_threads(options.threads)
    run = Run(options)
    chosen = [s for s in options.stages.split(",") if s]
    whole = sum(SHARES.get(s, 0.0) for s in chosen)
    for stage in chosen:
        if stage in SHARES:
            getattr(run, stage)(options.minutes * SHARES[stage] / whole)
        elif stage == "export":
            run.exportAutoencoder()
            run.exportDenoiser()
        else:
            raise SystemExit(f"no stage is called {stage}")


if __name__ == "__main__":
    main()
