"""Writes the shipped safetensors with their metadata."""

from __future__ import annotations

import json
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file
from torch import Tensor

import common
import layout
import model as nets
from autoencoder import Autoencoder

LICENCE = "Apache-2.0"
AUTHOR = "Kiln Studio"
DATA = ("Noto Emoji (Apache-2.0), Fluent Emoji (MIT), Dungeon Crawl Stone Soup tiles (CC0-1.0)")


def modelspec(title: str, architecture: str, description: str, resolution: str = "128x128",
              **more: str) -> dict[str, str]:
    fields = {
        "sai_model_spec": "1.0.0", "title": title, "architecture": architecture,
        "implementation": "https://github.com/CompVis/stable-diffusion", "author": AUTHOR,
        "license": LICENCE, "resolution": resolution, "description": description, **more,
    }
    return {f"modelspec.{k}": v for k, v in fields.items()}


def write(path: Path, state: dict[str, Tensor], metadata: dict[str, str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".tmp")
    save_file(layout.half(state), temporary, {"format": "pt", **metadata})
    temporary.chmod(0o644)
    temporary.replace(path)


def fitLatentRgb(latents: Tensor, pictures: Tensor) -> str:
    """Least squares from latents to mean colours in -1 ... 1: 4 rows of RGB factors and a bias."""
    x = latents.permute(0, 2, 3, 1).reshape(-1, latents.shape[1]).double()
    y = torch.cat([F.avg_pool2d(p.float() / 127.5 - 1.0, 8) for p in pictures.split(512)])
    y = y.permute(0, 2, 3, 1).reshape(-1, 3).double()
    x = torch.cat([x, torch.ones(len(x), 1, dtype=torch.float64)], 1)
    fit = torch.linalg.lstsq(x, y).solution
    rows = [[round(float(v), 5) for v in row] for row in fit]
    return json.dumps({"factors": rows[:-1], "bias": rows[-1]})


def writeAutoencoder(folder: Path, autoencoder: Autoencoder, latentRgb: str) -> None:
    encoder = {f"taesd_encoder.{k}": v for k, v in autoencoder.encoder.state_dict().items()}
    decoder = {f"taesd_decoder.{k}": v for k, v in autoencoder.decoder.state_dict().items()}
    write(folder / "starter.vae.safetensors", encoder | decoder, {
        **modelspec("Starter VAE", "stable-diffusion-v1/vae",
                    "Tiny autoencoder of the starter model. Trained on " + DATA),
        "studio.latent_rgb": latentRgb, "studio.latent_scale": "1.0"})
    write(folder / "starter-preview.safetensors", autoencoder.decoder.state_dict(), {
        **modelspec("Starter preview decoder", "stable-diffusion-v1/taesd",
                    "Decoder of the starter model for live previews. Trained on " + DATA)})


def writeCheckpoint(folder: Path, denoiser: nets.Denoiser, shape: nets.UNetShape, table: Tensor,
                    latentRgb: str) -> None:
    state = layout.unetToFile(denoiser.unet.state_dict(), shape)
    state |= layout.textToFile(denoiser.text.state_dict(), table, nets.VOCABULARY)
    write(folder / "starter.safetensors", state, {
        **modelspec("Starter", "stable-diffusion-v1",
                    "Icons and small objects in four styles, English words. Trained on " + DATA,
                    prediction_type="epsilon",
                    usage_hint="name, keywords, style; styles: noto emoji, 3d emoji, flat emoji, pixel art"),
        "studio.latent_rgb": latentRgb, "studio.latent_scale": "1.0"})


def readCheckpoint(path: Path, table: Tensor) -> tuple[nets.Denoiser, nets.UNetShape]:
    """The exported checkpoint as training modules, on the compact token numbering."""
    state = load_file(path)
    shape = layout.unetShape(state)
    denoiser = nets.Denoiser(shape, len(table))
    denoiser.unet.load_state_dict(layout.unetFromFile(
        state, list(denoiser.unet.state_dict()), shape))
    denoiser.text.load_state_dict(layout.textFromFile(state, list(denoiser.text.state_dict()), table))
    return denoiser.eval(), shape


def readAutoencoder(path: Path) -> Autoencoder:
    state = load_file(path)
    encoder = layout.stripPrefix(state, "taesd_encoder.")
    decoder = layout.stripPrefix(state, "taesd_decoder.")
    autoencoder = Autoencoder(encoder["0.weight"].shape[0])
    autoencoder.encoder.load_state_dict(encoder)
    autoencoder.decoder.load_state_dict(decoder)
    device = common.pickDevice()
    return autoencoder.to(device, memory_format=torch.channels_last).eval()
