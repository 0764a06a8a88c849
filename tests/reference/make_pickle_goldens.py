#!/usr/bin/env python3
"""Writes tests/data/pickles: small files as torch.save makes them, and what they hold as safetensors.

    python tests/reference/make_pickle_goldens.py tests/data/pickles

Needs torch, numpy and safetensors.
"""

import collections
import pathlib
import sys

import numpy
import torch
from safetensors.torch import save_file


class Trap:
    """Unpickling this with Python's own pickle would leave a file behind."""

    def __reduce__(self):
        import os

        return os.system, ("touch kiln-studio-was-here",)


class Callback:
    """A class of a trainer that is not installed where the file is read."""

    def __init__(self):
        self.best = {"loss": 0.5}


def state():
    torch.manual_seed(3)
    base = torch.randn(6, 8)
    weights = collections.OrderedDict()
    weights["plain.weight"] = base.clone()
    weights["half.weight"] = torch.randn(3, 4).half()
    weights["bf16.weight"] = torch.randn(3, 4).bfloat16()
    weights["double.weight"] = torch.randn(5).double()
    weights["transposed.weight"] = base.t()
    weights["window.weight"] = base[2:5, 1:4]
    weights["shared.weight"] = base
    weights["repeated.weight"] = base[:1].expand(6, 8)
    weights["parameter.weight"] = torch.nn.Parameter(torch.randn(2, 3))
    weights["ids"] = torch.arange(5).reshape(1, 5)
    weights["flags"] = torch.tensor([True, False])
    weights["scalar"] = torch.tensor(7.5)
    weights["empty"] = torch.zeros(0, 3)
    weights._metadata = {"": {"version": 1}}
    return weights


def checkpoint():
    return {
        "epoch": 3,
        "global_step": numpy.int64(840000),
        "loss": numpy.float64(0.25),
        "pytorch-lightning_version": "1.4.2",
        "state_dict": state(),
        "callbacks": {Callback: {"best": numpy.float64(0.5)}},
        "optimizer_states": [{"state": {0: {"exp_avg": torch.zeros(4)}}, "param_groups": [{"lr": 1e-4}]}],
        "trap": Trap(),
    }


def main(folder):
    folder.mkdir(parents=True, exist_ok=True)
    torch.save(checkpoint(), folder / "zip.ckpt")
    torch.save(checkpoint(), folder / "legacy.ckpt", _use_new_zipfile_serialization=False)
    torch.save({"w": torch.arange(4.0).to(torch.float8_e4m3fn)}, folder / "fp8.pt")
    expected = {name: tensor.detach().clone().contiguous() for name, tensor in state().items()}
    save_file(expected, folder / "expected.safetensors")

    torch.manual_seed(5)
    vectors = torch.randn(2, 8)
    embedding = {
        "string_to_token": {"*": 265},
        "string_to_param": {"*": vectors},
        "name": "kiln-glow",
        "step": 500,
        "sd_checkpoint": None,
        "sd_checkpoint_name": None,
    }
    torch.save(embedding, folder / "embedding.pt")
    parameters = torch.nn.ParameterDict({"*": torch.nn.Parameter(vectors)})
    torch.save({"string_to_token": {"*": torch.tensor(265)}, "string_to_param": parameters}, folder / "embedding_module.pt")
    torch.save({"<kiln-glow>": vectors[0]}, folder / "learned_embeds.bin")
    pair = tuple({"linear.0.weight": torch.ones(2, 3), "linear.0.bias": torch.zeros(2)} for _ in range(2))
    torch.save({768: pair, "step": 100, "name": "kiln", "layer_structure": [1, 2, 1]}, folder / "hypernetwork.pt")
    save_file({"vectors": vectors}, folder / "embedding.safetensors")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
