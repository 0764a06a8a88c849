"""Sampling formulas in float64, written from the papers (and, where there are none, from what programs do): what
make_sampling_goldens.py compares and writes. x is picture + sigma * noise.
"""
import math

import numpy as np
import torch

STEPS, SEEDS, SHAPE = 10, (11, 12), (4, 4, 4)
BETAS = np.linspace(0.00085**0.5, 0.012**0.5, 1000) ** 2
ALPHA_BAR = np.cumprod(1 - BETAS)
TABLE = np.sqrt((1 - ALPHA_BAR) / ALPHA_BAR)


def sigma_at(t):
    return np.exp(np.interp(t, np.arange(1000), np.log(TABLE)))


def timestep_at(sigma):
    return np.interp(np.log(sigma), np.log(TABLE), np.arange(1000))


def denoise(x, sigma):
    """Not linear, keeps the scale, and turns with log sigma so that a wrong sigma anywhere shows at the end."""
    return x / (1 + sigma * sigma) + 0.5 * torch.sin(x / math.sqrt(1 + sigma * sigma) + 3 * math.log(sigma))


class Noise:
    def __init__(self):
        self.generators = [torch.Generator("cpu").manual_seed(seed) for seed in SEEDS]

    def draw(self):
        return torch.stack([torch.randn(SHAPE, generator=g) for g in self.generators]).double()


def lam(sigma):
    return -math.log(sigma)


def slope(x, sigma):
    return (x - denoise(x, sigma)) / sigma


def ancestral(a, b, eta=1.0):
    up = min(b, eta * math.sqrt(b * b * (a * a - b * b) / (a * a)))
    return math.sqrt(b * b - up * up), up


def negative_of(m):
    """The negative prompt's estimate of the tests."""
    return 0.8 * m + 0.1
