"""Training of the UNet together with its text model, on latents encoded once."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

import common
import model as nets
from attention import preferTrainingAttention
from data import Caption

VARIANTS = 12
SHORT = 24
DROPOUT = 0.1


def captionTokens(captions: list[Caption], tokens: nets.Tokens) -> Tensor:
    """N x VARIANTS x 77; the first variant is the plain caption."""
    rng = random.Random(common.SEED)
    texts = [c.full() if v == 0 else c.shuffled(rng) for c in captions for v in range(VARIANTS)]
    return tokens.encodeAll(texts).view(len(captions), VARIANTS, nets.POSITIONS).to(torch.int32)


def sampleWeights(captions: list[Caption]) -> Tensor:
    """Groups of many pictures that look much alike come up less often."""
    alike = {"dngn": 0.35, "effect": 0.35, "People & Body": 0.5, "Symbols": 0.5}
    return torch.tensor([alike.get(c.group.split()[0], alike.get(c.group, 1.0)) for c in captions])


def everyText(captions: list[Caption]) -> list[str]:
    return [", ".join((c.name, *c.keywords, c.style)) for c in captions]


def spreadSteps(count: int) -> Tensor:
    """One training step from each of `count` equal parts of the schedule: less chance than free draws."""
    places = (torch.randperm(count) + torch.rand(count)) / count
    return (places * nets.STEPS).long().clamp_max(nets.STEPS - 1)


class NoiseLoss(nn.Module):
    """Noise prediction, weighted by the square root of min-SNR's weights (gamma 5, arXiv 2303.09556).

    What a picture shows is decided while the noise is strong. There min-SNR counts an error of the
    clean picture by the ratio itself, a hundredth and less; its root lets the words be learnt in a
    small budget.
    """

    def __init__(self) -> None:
        super().__init__()
        alphas = nets.alphasCumulative()
        snr = alphas / (1.0 - alphas)
        self.register_buffer("signal", alphas.sqrt())
        self.register_buffer("noise", (1.0 - alphas).sqrt())
        self.register_buffer("weight", snr.clamp_max(5.0).sqrt() / snr)

    def forward(self, denoiser: nn.Module, clean: Tensor, rows: Tensor) -> Tensor:
        steps = spreadSteps(len(clean)).to(clean.device)
        noise = torch.randn_like(clean)
        shape = (-1, 1, 1, 1)
        noisy = self.signal[steps].view(shape) * clean + self.noise[steps].view(shape) * noise
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


@dataclass
class Task:
    """What every worker needs; tensors and the model are shared between processes."""

    denoiser: nets.Denoiser
    latents: Tensor
    table: Tensor
    empty: Tensor
    weights: Tensor
    budget: common.Budget
    peak: float
    batch: int
    step: int = 0

    def optimizer(self) -> torch.optim.Optimizer:
        return torch.optim.AdamW(parameterGroups(self.denoiser), lr=self.peak, betas=(0.9, 0.98), fused=True)

    def run(self, optimizer: torch.optim.Optimizer, after: Callable[[int, float], bool]) -> None:
        """Steps until the budget is over or `after(step, loss)` says so."""
        device = next(self.denoiser.parameters()).device
        objective = NoiseLoss().to(device)
        while not self.budget.over():
            fraction = self.budget.fraction()
            common.setRate(optimizer, common.cosineRate(self.step, fraction, self.peak))
            picks = torch.multinomial(self.weights, self.batch, replacement=True)
            rows = pickRows(self.table, picks, self.empty, fraction).to(device)
            loss = objective(self.denoiser, self.latents[picks].to(device), rows)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(self.denoiser.parameters(), 1.0)
            optimizer.step()
            self.step += 1
            if after(self.step, loss.item()):
                return


def helpTraining(task: Task, rank: int) -> None:
    """Another process on the same weights: nobody waits for anybody (Hogwild, arXiv 1106.5730).

    On a machine that does other work too this is far faster than threads, which meet at every
    operator.
    """
    torch.set_num_threads(1)
    common.seedEverything(common.SEED + 1 + task.step + 1000 * rank)
    parent = os.getppid()
    task.run(task.optimizer(), lambda _, __: os.getppid() != parent)


def startHelpers(task: Task, count: int) -> list[Any]:
    if count < 1:
        return []
    task.denoiser.share_memory()
    context = torch.multiprocessing.get_context("spawn")
    helpers = [context.Process(target=helpTraining, args=(task, rank + 1), daemon=True)
               for rank in range(count)]
    for helper in helpers:
        helper.start()
    return helpers


def train(latents: Tensor, captions: list[Caption], minutes: float, work: Path,
          shape: nets.UNetShape, start: dict[str, Tensor] | None = None,
          peak: float = 1e-3, batch: int = 32, workers: int = 1) -> nets.Denoiser:
    """Trains or continues `<work>/denoiser.pt` and returns the averaged model."""
    log, device = common.Log(work, "denoiser"), common.pickDevice()
    common.seedEverything(common.SEED + 1)
    tokens = nets.Tokens(everyText(captions))
    denoiser = nets.Denoiser(shape, len(tokens))
    if start is not None:
        denoiser.load_state_dict(start)
    denoiser.to(device)
    preferTrainingAttention(denoiser, device)
    average = common.Average(denoiser, 0.999)
    task = Task(denoiser, latents, captionTokens(captions, tokens), tokens.encodeAll([""])[0],
                sampleWeights(captions), common.Budget(minutes), peak, batch)
    optimizer, path = task.optimizer(), work / "denoiser.pt"
    state = common.loadCheckpoint(path)
    if state is not None:
        denoiser.load_state_dict(state["model"])
        average.values, average.updates = state["average"], state["updates"]
        optimizer.load_state_dict(state["optimizer"])
        task.step, task.budget.spent = state["step"], state["minutes"]
        common.seedEverything(common.SEED + 1 + task.step)
    log(f"UNet {sum(p.numel() for p in denoiser.unet.parameters()) / 1e6:.2f} M, text model "
        f"{sum(p.numel() for p in denoiser.text.parameters()) / 1e6:.2f} M with {len(tokens)} tokens, "
        f"{workers} workers")
    losses: list[float] = []
    saved = task.budget.elapsed()

    def after(step: int, loss: float) -> bool:
        nonlocal saved
        average.update(denoiser)
        losses.append(loss)
        if step % 100 == 0:
            log(f"step {step} minutes {task.budget.elapsed():.1f} loss {sum(losses) / len(losses):.5f}")
            losses.clear()
        if task.budget.elapsed() - saved > 3.0 or task.budget.over():
            saved = task.budget.elapsed()
            common.saveCheckpoint(path, {
                "model": denoiser.state_dict(), "average": average.values,
                "updates": average.updates, "optimizer": optimizer.state_dict(), "step": step,
                "minutes": saved, "shape": asdict(shape), "tokens": tokens.table})
        return False

    helpers = startHelpers(task, workers - 1 if device.type == "cpu" else 0)
    task.run(optimizer, after)
    for helper in helpers:
        helper.join()
    return averaged(average, shape, len(tokens))


def averaged(average: common.Average, shape: nets.UNetShape, vocabulary: int) -> nets.Denoiser:
    denoiser = nets.Denoiser(shape, vocabulary)
    denoiser.load_state_dict(average.values)
    return denoiser.eval()


def averagedFrom(state: dict[str, Any]) -> tuple[nets.Denoiser, nets.UNetShape]:
    """The averaged model of a checkpoint."""
    shape = nets.UNetShape(tuple(state["shape"]["channels"]), tuple(state["shape"]["attention"]),
                           state["shape"]["blocks"])
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
