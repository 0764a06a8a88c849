"""Style LoRAs (kohya layout) trained against the finished starter UNet.

Rank 8 on every linear and 1x1 layer of the transformer blocks. Pictures are latents as for the
UNet; the caption carries the trigger phrase instead of the style word.
"""

from __future__ import annotations

import json
import math
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

import common
import diffusion
import export
import layout
import model as nets
from attention import preferTrainingAttention
from data import Caption


@dataclass(frozen=True)
class Style:
    name: str
    title: str
    trigger: str
    choose: Callable[[Caption], bool]


STYLES = (
    Style("pixel-art", "Starter pixel art", "pixel art", lambda c: c.style == "pixel art"),
    Style("soft-3d", "Starter soft 3D", "3d emoji", lambda c: c.style == "3d emoji"),
)
FEWEST_STEPS = 40  # on a busy machine the minutes may pass with hardly a step
TARGETS = ("to_q", "to_k", "to_v", "to_out.0", "net.0.proj", "net.2", "proj_in", "proj_out")


class Adapter(nn.Module):
    """A layer with a low-rank term beside it: base(x) + alpha / rank * up(down(x))."""

    def __init__(self, base: nn.Module, rank: int, alpha: float) -> None:
        super().__init__()
        self.base, self.scale = base, alpha / rank
        if isinstance(base, nn.Conv2d):
            self.down: nn.Module = nn.Conv2d(base.in_channels, rank, 1, bias=False)
            self.up: nn.Module = nn.Conv2d(rank, base.out_channels, 1, bias=False)
        else:
            self.down = nn.Linear(base.in_features, rank, bias=False)
            self.up = nn.Linear(rank, base.out_features, bias=False)
        nn.init.kaiming_uniform_(self.down.weight, a=math.sqrt(5))
        nn.init.zeros_(self.up.weight)

    def forward(self, x: Tensor) -> Tensor:
        return self.base(x) + self.scale * self.up(self.down(x))


def attach(unet: nn.Module, rank: int, alpha: float) -> dict[str, Adapter]:
    """Wraps every target layer in place; the rest of the network is frozen."""
    unet.requires_grad_(False)
    names = [n for n, m in unet.named_modules()
             if isinstance(m, nn.Linear | nn.Conv2d) and "attentions" in n and n.endswith(TARGETS)]
    adapters: dict[str, Adapter] = {}
    for name in names:
        parent, _, leaf = name.rpartition(".")
        adapter = Adapter(unet.get_submodule(name), rank, alpha)
        setattr(unet.get_submodule(parent), leaf, adapter)
        adapters[name] = adapter
    return adapters


def captionRows(style: Style, chosen: list[Caption], tokens: nets.Tokens) -> tuple[Tensor, list[str]]:
    """The trigger phrase and the name, with and without keywords."""
    rng = random.Random(common.SEED + 2)
    texts: list[str] = []
    for caption in chosen:
        for variant in range(4):
            extra = rng.sample(caption.keywords, min(variant % 2 * 2, len(caption.keywords)))
            texts.append(", ".join((style.trigger, caption.name, *extra)))
    return tokens.encodeAll(texts).view(len(chosen), 4, nets.POSITIONS), texts[::4]


def metadataOf(style: Style, texts: list[str], rank: int, alpha: float, steps: int) -> dict[str, str]:
    tags = Counter(part.strip() for text in texts for part in text.split(","))
    frequency = {f"1_{style.name}": dict(tags.most_common(60))}
    return {
        **export.modelspec(style.title, "stable-diffusion-v1/lora",
                           f"Style LoRA for the starter model. Trained on {export.DATA}",
                           trigger_phrase=style.trigger),
        "ss_network_module": "networks.lora", "ss_network_dim": str(rank),
        "ss_network_alpha": f"{alpha:g}", "ss_base_model_version": "sd_v1",
        "ss_sd_model_name": "starter.safetensors", "ss_output_name": f"starter-{style.name}",
        "ss_resolution": "(128, 128)", "ss_num_train_images": str(len(texts)),
        "ss_steps": str(steps), "ss_seed": str(common.SEED),
        "ss_tag_frequency": json.dumps(frequency),
    }


def exported(adapters: dict[str, Adapter], alpha: float) -> dict[str, Tensor]:
    state: dict[str, Tensor] = {}
    for name, adapter in adapters.items():
        key = layout.loraName(name)
        state[f"{key}.lora_down.weight"] = adapter.down.weight
        state[f"{key}.lora_up.weight"] = adapter.up.weight
        state[f"{key}.alpha"] = torch.tensor(alpha)
    return state


def train(style: Style, denoiser: nets.Denoiser, latents: Tensor, captions: list[Caption],
          tokens: nets.Tokens, minutes: float, work: Path, out: Path, rank: int = 8,
          alpha: float = 8.0, batch: int = 32) -> None:
    log, device = common.Log(work, f"lora-{style.name}"), common.pickDevice()
    common.seedEverything(common.SEED + 3)
    chosen = [i for i, c in enumerate(captions) if style.choose(c)]
    rows, texts = captionRows(style, [captions[i] for i in chosen], tokens)
    pictures, empty = latents[chosen], tokens.encodeAll([""])[0]
    denoiser.requires_grad_(False)
    denoiser.to(device)
    preferTrainingAttention(denoiser, device)
    adapters = attach(denoiser.unet, rank, alpha)
    denoiser.to(device)
    weights = [p for a in adapters.values() for p in (a.down.weight, a.up.weight)]
    for weight in weights:
        weight.requires_grad_(True)
    optimizer = torch.optim.AdamW(weights, lr=1e-3, weight_decay=0.0)
    objective, budget, step = diffusion.NoiseLoss().to(device), common.Budget(minutes), 0
    total, counted = 0.0, 0
    while not budget.over() or step < FEWEST_STEPS:
        common.setRate(optimizer, common.cosineRate(step, budget.fraction(), 1e-3, warmup=20))
        picks = torch.randint(len(pictures), (batch,))
        used = diffusion.pickRows(rows, picks, empty, budget.fraction()).to(device)
        loss = objective(denoiser, pictures[picks].to(device), used)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(weights, 1.0)
        optimizer.step()
        step, total, counted = step + 1, total + loss.item(), counted + 1
        if step % 50 == 0:
            log(f"step {step} minutes {budget.elapsed():.1f} loss {total / counted:.5f}")
            total, counted = 0.0, 0
    export.write(out / f"starter-{style.name}.safetensors", exported(adapters, alpha),
                 metadataOf(style, texts, rank, alpha, step))
    log(f"finished: step {step}, {len(adapters)} layers")
