"""k-diffusion's own samplers as functions of (x, sigmas, noise), in float64."""
import importlib
import importlib.machinery
import inspect
import sys
import types

import torch

from sampling_formulas import SEEDS, denoise


def k_module():
    """k_diffusion.sampling without what its package imports for training."""
    name = "k_diffusion"
    spec = importlib.machinery.PathFinder.find_spec(name)
    package = types.ModuleType(name)
    package.__path__ = list(spec.submodule_search_locations)
    sys.modules[name] = package
    sys.modules[name + ".utils"] = package.utils = types.ModuleType(name + ".utils")
    package.utils.append_dims = lambda x, dims: x[(...,) + (None,) * (dims - x.ndim)]
    return importlib.import_module(name + ".sampling")


K = k_module()


def through_k(function, brownian=False, own_steps=False, **options):
    def walk(x, s, noise):
        sigmas = torch.tensor(s, dtype=torch.float64)
        if brownian:
            options["noise_sampler"] = K.BrownianTreeNoiseSampler(x.float(), sigmas[sigmas > 0].min(), sigmas.max(), seed=SEEDS)
        elif "noise_sampler" in inspect.signature(function).parameters:
            options["noise_sampler"] = lambda a, b: noise.draw()
        model = lambda y, sigma: denoise(y, float(sigma[0]))
        if not own_steps:
            return function(model, x, sigmas, disable=True, **options)
        low, high = (torch.tensor(v, dtype=torch.float64) for v in (s[-2], s[0]))
        last = {"n": len(s) - 1} if "n" in inspect.signature(function).parameters else {}
        return function(model, x, low, high, disable=True, eta=1.0, **last, **options)
    return walk


class WithNoise:
    """torch with our noise in place of its own."""
    def __init__(self, noise):
        self.noise = noise

    def __getattr__(self, name):
        return getattr(torch, name) if name != "randn_like" else lambda x: self.noise.draw()


class ExactTensor:
    """k-diffusion's DPM fast and adaptive make fp32 tensors of their ends: keep them as they come."""
    def __getattr__(self, name):
        return getattr(torch, name) if name != "tensor" else lambda v: v if torch.is_tensor(v) else torch.tensor(v, dtype=torch.float64)


def k_own_steps(function):
    def walk(x, s, noise):
        K.torch = ExactTensor()
        try:
            return through_k(function, own_steps=True)(x, s, noise)
        finally:
            K.torch = torch
    return walk
