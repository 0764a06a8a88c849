"""The x4 upscaler: SRVGGNetCompact layout, 32 features, 8 body convolutions, PReLU."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from torch import Tensor, nn

import common
import export
from data import Caption

FEATURES, DEPTH, SCALE = 32, 8, 4


class Compact(nn.Module):
    """Adds what the convolutions find to the nearest-neighbour enlargement."""

    def __init__(self) -> None:
        super().__init__()
        layers: list[nn.Module] = [nn.Conv2d(3, FEATURES, 3, 1, 1), nn.PReLU(FEATURES)]
        for _ in range(DEPTH):
            layers += [nn.Conv2d(FEATURES, FEATURES, 3, 1, 1), nn.PReLU(FEATURES)]
        layers.append(nn.Conv2d(FEATURES, 3 * SCALE * SCALE, 3, 1, 1))
        self.body = nn.Sequential(*layers)

    def forward(self, x: Tensor) -> Tensor:
        return F.pixel_shuffle(self.body(x), SCALE) + F.interpolate(x, scale_factor=SCALE)


@torch.no_grad()
def startLinear(model: Compact, pictures: Tensor, samples: int = 24, ridge: float = 1e-4) -> None:
    """Starts at the best linear enlargement, so that even a short budget beats a fixed filter.

    The first layer spreads the 3 x 3 neighbourhood over 27 channels, the layers between hand these
    on, and the last layer is the ridge regression from a 3 x 3 window of them to the 16 wanted
    pixels: a 5 x 5 filter for each. The other channels keep their random start.
    """
    first, carried = model.body[0], 27
    first.weight[:carried] = 0.0
    first.bias[:carried] = 0.0
    for channel in range(carried):
        first.weight[channel, channel % 3, channel // 9, channel // 3 % 3] = 1.0
    for layer in model.body[1:-1]:
        if isinstance(layer, nn.PReLU):
            layer.weight[:carried] = 1.0
        else:
            layer.weight[:carried] = 0.0
            layer.bias[:carried] = 0.0
            layer.weight[range(carried), range(carried), 1, 1] = 1.0
    products = torch.zeros(FEATURES * 9 + 1, FEATURES * 9 + 1, dtype=torch.float64)
    targets = torch.zeros(FEATURES * 9 + 1, 3 * SCALE * SCALE, dtype=torch.float64)
    for high in crops(pictures, samples * 8, 128).split(8):
        low = degrade(high)
        rows = F.unfold(model.body[:-1](low), 3, padding=1).transpose(1, 2).flatten(0, 1)
        rows = torch.cat([rows, torch.ones(len(rows), 1)], 1)
        wanted = F.pixel_unshuffle(high - F.interpolate(low, scale_factor=SCALE), SCALE)
        products += (rows.T @ rows).double()
        targets += (rows.T @ wanted.flatten(2).transpose(1, 2).flatten(0, 1)).double()
    products += ridge * float(products.diagonal().mean()) * torch.eye(len(products), dtype=torch.float64)
    solution = torch.linalg.solve(products, targets).float().T
    last = model.body[-1]
    last.weight.copy_(solution[:, :-1].reshape(last.weight.shape))
    last.bias.copy_(solution[:, -1])


def loadLarge(folder: Path, captions: list[Caption], count: int) -> Tensor:
    """A fixed random choice of the 256 px pictures on white."""
    names = sorted(c.file for c in captions if c.style != "pixel art")
    order = torch.randperm(len(names), generator=torch.Generator().manual_seed(common.SEED))
    wanted = {names[int(i)] for i in order[:count]}
    pictures: list[Tensor] = []
    with tarfile.open(folder / "images.tar") as archive:
        for member in archive:
            stream = archive.extractfile(member) if Path(member.name).name in wanted else None
            if stream is None:
                continue
            picture = Image.open(io.BytesIO(stream.read())).convert("RGBA")
            canvas = Image.new("RGBA", picture.size, (255, 255, 255, 255))
            canvas.alpha_composite(picture)
            if canvas.size == (256, 256):
                array = np.asarray(canvas.convert("RGB")).copy()
                pictures.append(torch.from_numpy(array).permute(2, 0, 1))
    return torch.stack(pictures)


def degrade(high: Tensor) -> Tensor:
    """A quarter of the size by one of three filters, then a little noise or blur by chance."""
    choice = float(torch.rand(()))
    if choice < 0.4:
        low = F.interpolate(high, scale_factor=0.25, mode="bicubic", antialias=True)
    elif choice < 0.8:
        low = F.avg_pool2d(high, 4)
    else:
        low = F.interpolate(F.avg_pool2d(high, 3, 1, 1), scale_factor=0.25, mode="bilinear",
                            antialias=True)
    if torch.rand(()) < 0.5:
        low = low + torch.randn_like(low) * 0.01 * torch.rand(())
    return low.clamp(0, 1)


def crops(pictures: Tensor, count: int, size: int) -> Tensor:
    picks = torch.randint(len(pictures), (count,))
    places = torch.randint(0, pictures.shape[-1] - size + 1, (count, 2))
    cut = [pictures[int(i), :, int(y):int(y) + size, int(x):int(x) + size]
           for i, (y, x) in zip(picks, places)]
    return torch.stack(cut).float() / 255.0


def psnr(model: Compact, pictures: Tensor) -> tuple[float, float]:
    """The model's and the bicubic filter's mean decibels on eight whole pictures."""
    high = pictures[:8].float() / 255.0
    low = F.avg_pool2d(high, 4)
    with torch.no_grad():
        ours = model(low).clamp(0, 1)
    plain = F.interpolate(low, scale_factor=4.0, mode="bicubic").clamp(0, 1)
    return tuple(float(-10 * (x - high).square().mean((1, 2, 3)).log10().mean()) for x in (ours, plain))


def train(data: Path, captions: list[Caption], minutes: float, work: Path, out: Path) -> None:
    log, device = common.Log(work, "upscaler"), common.pickDevice()
    common.seedEverything(common.SEED + 4)
    pictures = loadLarge(data, captions, 1500)
    held, pictures = pictures[:8], pictures[8:]
    model = Compact()
    startLinear(model, pictures)
    log("started from a linear fit: psnr %.2f dB (bicubic %.2f dB)" % psnr(model, held))
    model.to(device, memory_format=torch.channels_last)
    optimizer = torch.optim.AdamW(model.parameters(), lr=5e-4, weight_decay=0.0)
    budget, step, path = common.Budget(minutes), 0, work / "upscaler.pt"
    state = common.loadCheckpoint(path)
    if state is not None:
        model.load_state_dict(state["model"])
        optimizer.load_state_dict(state["optimizer"])
        step, budget.spent = state["step"], state["minutes"]
        common.seedEverything(common.SEED + 4 + step)
    saved = budget.elapsed()
    while not budget.over():
        common.setRate(optimizer, common.cosineRate(step, budget.fraction(), 5e-4))
        high = crops(pictures, 16, 128).to(device)
        low = degrade(high).contiguous(memory_format=torch.channels_last)
        with common.autocast(device):
            guess = model(low).float()
        loss = (guess - high).abs().mean()
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        step += 1
        if step % 200 == 0:
            log(f"step {step} minutes {budget.elapsed():.1f} loss {loss.item():.5f}")
        if budget.elapsed() - saved > 1.0 or budget.over():
            saved = budget.elapsed()
            common.saveCheckpoint(path, {"model": model.state_dict(), "step": step,
                                         "optimizer": optimizer.state_dict(), "minutes": saved})
    ours, plain = psnr(model.cpu(), held)
    log(f"finished: step {step} psnr {ours:.2f} dB (bicubic {plain:.2f} dB)")
    write(model, out)


def write(model: Compact, out: Path) -> None:
    export.write(out / "starter-upscaler-x4.safetensors", model.state_dict(), export.modelspec(
        "Starter upscaler x4", "compact-upscaler", "Enlarges flat and drawn pictures four times. "
        "Trained on Noto Emoji (Apache-2.0) and Fluent Emoji (MIT)", resolution="256x256"))
