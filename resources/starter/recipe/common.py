"""What every stage of the recipe shares: device, budget, log, checkpoints."""

from __future__ import annotations

import math
import os
import random
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch

SEED = 20241


def pickDevice() -> torch.device:
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def seedEverything(seed: int) -> None:
    random.seed(seed)
    np.random.seed(seed % 2**32)
    torch.manual_seed(seed)


def autocast(device: torch.device) -> torch.autocast:
    """bfloat16 wherever the processor has it; four to five times float32 with AMX."""
    return torch.autocast(device.type, dtype=torch.bfloat16)


@dataclass
class Budget:
    """Wall-clock minutes of one stage. `spent` carries over from a resumed checkpoint."""

    minutes: float
    spent: float = 0.0
    started: float = field(default_factory=time.monotonic)

    def elapsed(self) -> float:
        return self.spent + (time.monotonic() - self.started) / 60.0

    def fraction(self) -> float:
        return min(1.0, self.elapsed() / max(self.minutes, 1e-6))

    def over(self) -> bool:
        return self.elapsed() >= self.minutes


def cosineRate(step: int, fraction: float, peak: float, warmup: int = 200, floor: float = 0.02) -> float:
    """Linear warm-up by steps, then a cosine over the time budget."""
    ramp = min(1.0, (step + 1) / warmup)
    return peak * ramp * (floor + (1.0 - floor) * 0.5 * (1.0 + math.cos(math.pi * fraction)))


class Log:
    """Prints and appends to `<work>/<name>.log`."""

    def __init__(self, work: Path, name: str) -> None:
        work.mkdir(parents=True, exist_ok=True)
        self.path_ = work / f"{name}.log"

    def __call__(self, text: str) -> None:
        line = f"{time.strftime('%H:%M:%S')} {text}"
        print(line, flush=True)
        with self.path_.open("a", encoding="utf-8") as file:
            file.write(line + "\n")


def saveCheckpoint(path: Path, state: dict[str, Any]) -> None:
    """Written beside and renamed, so that an interrupted run keeps the previous one."""
    temporary = path.with_suffix(".tmp")
    torch.save(state, temporary)
    os.replace(temporary, path)


def loadCheckpoint(path: Path) -> dict[str, Any] | None:
    if not path.exists():
        return None
    return torch.load(path, map_location="cpu", weights_only=True)


def setRate(optimizer: torch.optim.Optimizer, rate: float) -> None:
    for group in optimizer.param_groups:
        group["lr"] = rate


class Average:
    """Exponential moving average of a module's parameters, kept in float32."""

    def __init__(self, module: torch.nn.Module, decay: float) -> None:
        self.decay = decay
        self.values = {k: v.detach().clone().float() for k, v in module.state_dict().items()}
        self.updates = 0

    @torch.no_grad()
    def update(self, module: torch.nn.Module) -> None:
        self.updates += 1
        decay = min(self.decay, (1 + self.updates) / (10 + self.updates))
        for key, value in module.state_dict().items():
            if value.is_floating_point():
                self.values[key].lerp_(value.detach().float(), 1.0 - decay)
            else:
                self.values[key].copy_(value)
