"""The tiny autoencoder (TAESD layout, any width) and its training.

Pictures and reconstructions are in [0, 1]; latents have 4 channels at an eighth of the size.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

import common

LATENT_CHANNELS = 4
NOISE = 0.05
JOINT = 0.8


def conv(inputs: int, outputs: int, stride: int = 1, bias: bool = True) -> nn.Conv2d:
    return nn.Conv2d(inputs, outputs, 3, stride, 1, bias=bias)


class Clamp(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return torch.tanh(x / 3.0) * 3.0


class Block(nn.Module):
    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.conv = nn.Sequential(conv(inputs, outputs), nn.ReLU(), conv(outputs, outputs),
                                  nn.ReLU(), conv(outputs, outputs))
        self.skip = (nn.Conv2d(inputs, outputs, 1, bias=False)
                     if inputs != outputs else nn.Identity())

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(self.conv(x) + self.skip(x))


def makeEncoder(width: int) -> nn.Sequential:
    layers: list[nn.Module] = [conv(3, width), Block(width, width)]
    for _ in range(3):
        layers.append(conv(width, width, stride=2, bias=False))
        layers += [Block(width, width) for _ in range(3)]
    layers.append(conv(width, LATENT_CHANNELS))
    return nn.Sequential(*layers)


def makeDecoder(width: int) -> nn.Sequential:
    layers: list[nn.Module] = [Clamp(), conv(LATENT_CHANNELS, width), nn.ReLU()]
    for _ in range(3):
        layers += [Block(width, width) for _ in range(3)]
        layers += [nn.Upsample(scale_factor=2), conv(width, width, bias=False)]
    layers += [Block(width, width), conv(width, 3)]
    return nn.Sequential(*layers)


class Autoencoder(nn.Module):
    def __init__(self, width: int = 48) -> None:
        super().__init__()
        self.encoder = makeEncoder(width)
        self.decoder = makeDecoder(width)

    def forward(self, pictures: Tensor, noise: float) -> tuple[Tensor, Tensor]:
        latents = self.encoder(pictures).float()
        noisy = latents + noise * torch.randn_like(latents)
        return self.decoder(noisy).float(), latents


def edges(x: Tensor) -> tuple[Tensor, Tensor]:
    return x[..., :, 1:] - x[..., :, :-1], x[..., 1:, :] - x[..., :-1, :]


def reconstructionLoss(out: Tensor, target: Tensor, sharp: float) -> Tensor:
    """Squared error with doubled chroma first; absolute and gradient terms join as `sharp` grows."""
    error = out - target
    chroma = error - error.mean(1, keepdim=True)
    loss = error.square().mean() + 2.0 * chroma.square().mean()
    if sharp > 0.0:
        gradient = sum((a - b).abs().mean() for a, b in zip(edges(out), edges(target)))
        loss = loss + sharp * (0.25 * error.abs().mean() + 0.25 * gradient)
    return loss


def momentPenalty(latents: Tensor) -> Tensor:
    """Keeps each latent channel near mean 0, deviation 1, inside the decoder's clamp."""
    mean = latents.mean((0, 2, 3))
    deviation = latents.std((0, 2, 3))
    return mean.square().mean() + (deviation - 1.0).square().mean()


def sampleBatch(pictures: Tensor, fraction: float, device: torch.device) -> Tensor:
    """Shrunken whole pictures first, then crops as well, whole pictures at the end."""
    whole = fraction > 0.7
    picks = torch.randint(len(pictures), (8 if whole else 32,))
    batch = pictures[picks].to(device)
    batch = batch.float().div_(255.0)
    if torch.rand(()) < 0.5:
        batch = batch.flip(3)
    if whole:
        return batch.contiguous(memory_format=torch.channels_last)
    if fraction < 0.25 or torch.rand(()) < 0.3:
        batch = F.avg_pool2d(batch, 2)
    else:
        top, left = (int(v) for v in torch.randint(0, 65, (2,)))
        batch = batch[..., top:top + 64, left:left + 64]
    return batch.contiguous(memory_format=torch.channels_last)


@torch.no_grad()
def measure(model: Autoencoder, pictures: Tensor, device: torch.device) -> float:
    """Mean PSNR in decibels over a fixed spread of whole pictures."""
    spread = pictures[:: max(1, len(pictures) // 64)][:64].to(device).float() / 255.0
    total = 0.0
    for part in spread.split(8):
        with common.autocast(device):
            out, _ = model(part.contiguous(memory_format=torch.channels_last), 0.0)
        errors = (out.clamp(0, 1) - part).square().mean((1, 2, 3)).clamp_min(1e-8)
        total += float((-10.0 * torch.log10(errors)).sum())
    return total / len(spread)


def train(pictures: Tensor, minutes: float, work: Path, width: int = 48,
          start: dict[str, Tensor] | None = None) -> Autoencoder:
    """Trains or continues `<work>/autoencoder.pt` and returns the averaged model.

    After `JOINT` of the time the encoder is normalised (see `fold`) and frozen, and the decoder
    alone goes on.
    """
    log, device = common.Log(work, "autoencoder"), common.pickDevice()
    common.seedEverything(common.SEED)
    model = Autoencoder(width).to(device, memory_format=torch.channels_last)
    if start is not None:
        model.load_state_dict(start)
    average = common.Average(model, 0.999)
    optimizer = makeOptimizer(model)
    budget, step, path = common.Budget(minutes), 0, work / "autoencoder.pt"
    frozen = False
    state = common.loadCheckpoint(path)
    if state is not None:
        model.load_state_dict(state["model"])
        average.values, average.updates = state["average"], state["updates"]
        step, budget.spent = state["step"], state["minutes"]
        frozen = bool(state.get("frozen", False))
        optimizer.load_state_dict(state["optimizer"])
        common.seedEverything(common.SEED + step)
    total, counted, saved = 0.0, 0, budget.elapsed()

    def keep() -> None:
        common.saveCheckpoint(path, {
            "model": model.state_dict(), "average": average.values, "updates": average.updates,
            "optimizer": optimizer.state_dict(), "step": step, "minutes": budget.elapsed(),
            "width": width, "frozen": frozen})

    while not budget.over():
        fraction = budget.fraction()
        if fraction >= JOINT and not frozen:
            model.load_state_dict(average.values)
            fold(model, pictures, device)
            average, optimizer, frozen = common.Average(model, 0.999), makeOptimizer(model), True
            keep()
            log(f"step {step} encoder normalised and frozen")
        common.setRate(optimizer, common.cosineRate(step, fraction, 1e-3))
        batch = sampleBatch(pictures, fraction, device)
        loss = lossOf(model, batch, fraction, frozen)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        average.update(model)
        total, counted, step = total + loss.item(), counted + 1, step + 1
        if step % 100 == 0:
            log(f"step {step} minutes {budget.elapsed():.1f} loss {total / counted:.5f}")
            total, counted = 0.0, 0
        if budget.elapsed() - saved > 2.0:
            saved = budget.elapsed()
            keep()
            log(f"step {step} psnr {measure(averaged(average, width, device), pictures, device):.2f} dB")
    keep()
    result = averaged(average, width, device)
    log(f"finished: step {step} psnr {measure(result, pictures, device):.2f} dB")
    return result


def makeOptimizer(model: Autoencoder) -> torch.optim.Optimizer:
    return torch.optim.AdamW(model.parameters(), lr=1e-3, betas=(0.9, 0.98), weight_decay=0.0)


def lossOf(model: Autoencoder, batch: Tensor, fraction: float, frozen: bool) -> Tensor:
    sharp = min(1.0, max(0.0, (fraction - 0.2) / 0.2)) * 0.5
    with common.autocast(batch.device):
        if frozen:
            with torch.no_grad():
                latents = model.encoder(batch).float()
            out = model.decoder(latents + NOISE * torch.randn_like(latents)).float()
            return reconstructionLoss(out, batch, sharp)
        out, latents = model(batch, NOISE)
    return reconstructionLoss(out, batch, sharp) + 0.01 * momentPenalty(latents)


@torch.no_grad()
def encodeAll(model: Autoencoder, pictures: Tensor, device: torch.device) -> Tensor:
    parts = []
    for part in pictures.split(32):
        batch = (part.to(device).float() / 255.0).contiguous(memory_format=torch.channels_last)
        with common.autocast(device):
            parts.append(model.encoder(batch).float().cpu().contiguous())
    return torch.cat(parts)


@torch.no_grad()
def fold(model: Autoencoder, pictures: Tensor, device: torch.device) -> None:
    """Moves each latent channel's mean and deviation into the convolutions around it.

    Exact for the encoder. The decoder clamps before its first convolution and pads with zeros,
    so it is only near and needs the training that follows.
    """
    latents = encodeAll(model, pictures[::4], device)
    mean = latents.mean((0, 2, 3)).to(device)
    deviation = latents.std((0, 2, 3)).to(device)
    last, first = model.encoder[-1], model.decoder[1]
    first.bias += (first.weight.sum((2, 3)) * mean).sum(1)
    first.weight *= deviation.view(1, -1, 1, 1)
    last.bias.copy_((last.bias - mean) / deviation)
    last.weight /= deviation.view(-1, 1, 1, 1)


def averaged(average: common.Average, width: int, device: torch.device) -> Autoencoder:
    model = Autoencoder(width)
    model.load_state_dict(average.values)
    return model.to(device, memory_format=torch.channels_last).eval()


def averagedFrom(state: dict[str, Any], device: torch.device) -> Autoencoder:
    model = Autoencoder(state["width"])
    model.load_state_dict(state["average"])
    return model.to(device, memory_format=torch.channels_last).eval()
