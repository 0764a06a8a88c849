"""Training of the UNet together with its text model, on latents encoded once."""

from __future__ import annotations

import random
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

import common
import model as nets
from data import Caption

VARIANTS = 12
SHORT = 24
DROPOUT = 0.1


class PlainAttention:
    """Attention as two products and a softmax.

    On a CPU the backward pass of the fused operator is several times slower at these sizes.
    """

    def __call__(self, attn: Any, hidden_states: Tensor, encoder_hidden_states: Tensor | None = None,
                 **_: Any) -> Tensor:
        context = hidden_states if encoder_hidden_states is None else encoder_hidden_states

        def split(x: Tensor) -> Tensor:
            return x.view(x.shape[0], x.shape[1], attn.heads, -1).transpose(1, 2)

        query = split(attn.to_q(hidden_states))
        key, value = split(attn.to_k(context)), split(attn.to_v(context))
        with torch.autocast(query.device.type, enabled=False):
            weights = torch.softmax((query * attn.scale) @ key.transpose(-1, -2), -1)
            mixed = (weights @ value).transpose(1, 2).flatten(2)
        return attn.to_out[0](mixed)


def preferPlainAttention(denoiser: nets.Denoiser, device: torch.device) -> None:
    if device.type == "cpu":
        denoiser.unet.set_attn_processor(PlainAttention())
        denoiser.text.set_attn_implementation("eager")


def captionTokens(captions: list[Caption], tokens: nets.Tokens) -> Tensor:
    """N x VARIANTS x 77; the first variant is the plain caption."""
    rng = random.Random(common.SEED)
    texts = [c.full() if v == 0 else c.shuffled(rng) for c in captions for v in range(VARIANTS)]
    return tokens.encodeAll(texts).view(len(captions), VARIANTS, nets.POSITIONS).to(torch.int32)


def everyText(captions: list[Caption]) -> list[str]:
    return [", ".join((c.name, *c.keywords, c.style)) for c in captions]


class NoiseLoss(nn.Module):
    """Noise prediction with min-SNR weights (gamma 5, arXiv 2303.09556)."""

    def __init__(self) -> None:
        super().__init__()
        alphas = nets.alphasCumulative()
        snr = alphas / (1.0 - alphas)
        self.register_buffer("signal", alphas.sqrt())
        self.register_buffer("noise", (1.0 - alphas).sqrt())
        self.register_buffer("weight", snr.clamp_max(5.0) / snr)

    def forward(self, denoiser: nn.Module, clean: Tensor, rows: Tensor) -> Tensor:
        steps = torch.randint(0, nets.STEPS, (len(clean),), device=clean.device)
        noise = torch.randn_like(clean)
        shape = (-1, 1, 1, 1)
        noisy = self.signal[steps].view(shape) * clean + self.noise[steps].view(shape) * noise
        noisy = noisy.contiguous(memory_format=torch.channels_last)
        with common.autocast(clean.device):
            predicted = denoiser(noisy, steps, rows)
        error = (predicted.float() - noise).square().mean((1, 2, 3))
        return (self.weight[steps] * error).mean()


def pickRows(table: Tensor, picks: Tensor, empty: Tensor, fraction: float) -> Tensor:
    """One caption variant for each picture, some dropped.

    Four batches of five are cut to 24 tokens, which saves much of the attention over padding;
    near the end all have the 77 that sampling uses.
    """
    rows = table[picks, torch.randint(0, table.shape[1], (len(picks),))].long()
    rows[torch.rand(len(picks)) < DROPOUT] = empty
    short = fraction < 0.85 and float(torch.rand(())) < 0.8
    return rows[:, :SHORT] if short else rows


def parameterGroups(denoiser: nets.Denoiser) -> list[dict[str, Any]]:
    decayed = [p for p in denoiser.parameters() if p.ndim > 1]
    plain = [p for p in denoiser.parameters() if p.ndim <= 1]
    return [{"params": decayed, "weight_decay": 0.01}, {"params": plain, "weight_decay": 0.0}]


def train(latents: Tensor, captions: list[Caption], minutes: float, work: Path,
          shape: nets.UNetShape, start: dict[str, Tensor] | None = None,
          peak: float = 1e-3, batch: int = 32) -> nets.Denoiser:
    """Trains or continues `<work>/denoiser.pt` and returns the averaged model."""
    log, device = common.Log(work, "denoiser"), common.pickDevice()
    common.seedEverything(common.SEED + 1)
    tokens = nets.Tokens(everyText(captions))
    table = captionTokens(captions, tokens)
    empty = tokens.encodeAll([""])[0]
    denoiser = nets.Denoiser(shape, len(tokens))
    if start is not None:
        denoiser.load_state_dict(start)
    denoiser.to(device, memory_format=torch.channels_last)
    preferPlainAttention(denoiser, device)
    average = common.Average(denoiser, 0.999)
    optimizer = torch.optim.AdamW(parameterGroups(denoiser), lr=peak, betas=(0.9, 0.98), fused=True)
    objective = NoiseLoss().to(device)
    path, step, budget = work / "denoiser.pt", 0, common.Budget(minutes)
    state = common.loadCheckpoint(path)
    if state is not None:
        denoiser.load_state_dict(state["model"])
        average.values, average.updates = state["average"], state["updates"]
        optimizer.load_state_dict(state["optimizer"])
        step, budget.spent = state["step"], state["minutes"]
        common.seedEverything(common.SEED + 1 + step)
    log(f"UNet {sum(p.numel() for p in denoiser.unet.parameters()) / 1e6:.2f} M, text model "
        f"{sum(p.numel() for p in denoiser.text.parameters()) / 1e6:.2f} M with {len(tokens)} tokens")
    total, counted, saved = 0.0, 0, budget.elapsed()
    while not budget.over():
        fraction = budget.fraction()
        common.setRate(optimizer, common.cosineRate(step, fraction, peak))
        picks = torch.randint(len(latents), (batch,))
        rows = pickRows(table, picks, empty, fraction).to(device)
        loss = objective(denoiser, latents[picks].to(device), rows)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(denoiser.parameters(), 1.0)
        optimizer.step()
        average.update(denoiser)
        step += 1
        total, counted = total + loss.item(), counted + 1
        if step % 100 == 0:
            log(f"step {step} minutes {budget.elapsed():.1f} loss {total / counted:.5f}")
            total, counted = 0.0, 0
        if budget.elapsed() - saved > 3.0 or budget.over():
            saved = budget.elapsed()
            common.saveCheckpoint(path, {
                "model": denoiser.state_dict(), "average": average.values,
                "updates": average.updates, "optimizer": optimizer.state_dict(), "step": step,
                "minutes": saved, "shape": asdict(shape), "tokens": tokens.table})
    return averaged(average, shape, len(tokens))


def averaged(average: common.Average, shape: nets.UNetShape, vocabulary: int) -> nets.Denoiser:
    denoiser = nets.Denoiser(shape, vocabulary)
    denoiser.load_state_dict(average.values)
    return denoiser.eval()


def averagedFrom(state: dict[str, Any]) -> tuple[nets.Denoiser, nets.UNetShape]:
    """The averaged model of a checkpoint."""
    shape = nets.UNetShape(tuple(state["shape"]["channels"]), state["shape"]["blocks"])
    denoiser = nets.Denoiser(shape, len(state["tokens"]))
    denoiser.load_state_dict(state["average"])
    return denoiser.eval(), shape


@torch.no_grad()
def sample(denoiser: nets.Denoiser, rows: Tensor, empty: Tensor, steps: int = 20,
           guidance: float = 5.0, seed: int = 1, side: int = 16) -> Tensor:
    """DDIM latents for token rows; picture i starts from seed + i."""
    device = next(denoiser.parameters()).device
    alphas = nets.alphasCumulative().to(device)
    noise = [torch.randn(4, side, side, generator=torch.Generator().manual_seed(seed + i))
             for i in range(len(rows))]
    x = torch.stack(noise).to(device)
    both = torch.cat([empty.expand_as(rows), rows]).to(device)
    context = denoiser.text(input_ids=both).last_hidden_state
    times = torch.linspace(nets.STEPS - 1, 0, steps + 1, device=device).round().long()[:-1]
    for i, t in enumerate(times):
        a = alphas[t]
        following = alphas[times[i + 1]] if i + 1 < len(times) else torch.ones((), device=device)
        guess = denoiser.unet(torch.cat([x, x]), t, encoder_hidden_states=context).sample
        without, with_ = guess.chunk(2)
        noiseGuess = without + guidance * (with_ - without)
        clean = ((x - (1 - a).sqrt() * noiseGuess) / a.sqrt()).clamp(-4, 4)
        noiseGuess = (x - a.sqrt() * clean) / (1 - a).sqrt()
        x = following.sqrt() * clean + (1 - following).sqrt() * noiseGuess
    return x
