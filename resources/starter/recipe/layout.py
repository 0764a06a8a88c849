"""Key names: between the training modules and the file layouts people know.

UNet: diffusers names to the original LDM names of SD 1.x single files. LoRA: kohya names.
"""

from __future__ import annotations

import re

import torch
from torch import Tensor

from model import UNetShape

UNET = "model.diffusion_model."
TEXT = "cond_stage_model.transformer.text_model."

RESNET = {
    "norm1": "in_layers.0", "conv1": "in_layers.2", "time_emb_proj": "emb_layers.1",
    "norm2": "out_layers.0", "conv2": "out_layers.3", "conv_shortcut": "skip_connection",
}
PLAIN = {
    "conv_in": "input_blocks.0.0", "time_embedding.linear_1": "time_embed.0",
    "time_embedding.linear_2": "time_embed.2", "conv_norm_out": "out.0", "conv_out": "out.2",
}


def unetPrefixes(shape: UNetShape) -> dict[str, str]:
    """diffusers module prefix to LDM prefix."""
    levels, blocks = len(shape.channels), shape.blocks
    names: dict[str, str] = {}
    number = 1
    for level in range(levels):
        for block in range(blocks):
            names[f"down_blocks.{level}.resnets.{block}"] = f"input_blocks.{number}.0"
            names[f"down_blocks.{level}.attentions.{block}"] = f"input_blocks.{number}.1"
            number += 1
        if level + 1 < levels:
            names[f"down_blocks.{level}.downsamplers.0.conv"] = f"input_blocks.{number}.0.op"
            number += 1
    names |= {"mid_block.resnets.0": "middle_block.0", "mid_block.attentions.0": "middle_block.1",
              "mid_block.resnets.1": "middle_block.2"}
    number = 0
    for level, attends in enumerate(reversed(shape.attention)):
        for block in range(blocks + 1):
            names[f"up_blocks.{level}.resnets.{block}"] = f"output_blocks.{number}.0"
            names[f"up_blocks.{level}.attentions.{block}"] = f"output_blocks.{number}.1"
            if block == blocks and level + 1 < levels:
                names[f"up_blocks.{level}.upsamplers.0.conv"] = f"output_blocks.{number}.{2 if attends else 1}.conv"
            number += 1
    return names


def unetNames(keys: list[str], shape: UNetShape) -> dict[str, str]:
    """Every diffusers UNet key with its LDM name (without the file's prefix)."""
    prefixes = unetPrefixes(shape) | PLAIN
    result: dict[str, str] = {}
    for key in keys:
        prefix = next(p for p in prefixes if key.startswith(p + "."))
        rest = key[len(prefix) + 1:]
        if ".resnets." in prefix:
            part, _, tail = rest.partition(".")
            rest = f"{RESNET[part]}.{tail}"
        result[key] = f"{prefixes[prefix]}.{rest}"
    return result


def unetToFile(state: dict[str, Tensor], shape: UNetShape) -> dict[str, Tensor]:
    names = unetNames(list(state), shape)
    return {UNET + names[k]: v for k, v in state.items()}


def unetFromFile(state: dict[str, Tensor], keys: list[str], shape: UNetShape) -> dict[str, Tensor]:
    names = unetNames(keys, shape)
    return {k: state[UNET + names[k]].float() for k in keys}


def textToFile(state: dict[str, Tensor], table: Tensor, vocabulary: int) -> dict[str, Tensor]:
    """Rows of tokens that never occurred get the mean of the trained rows."""
    result: dict[str, Tensor] = {}
    for key, value in state.items():
        key = key.removeprefix("text_model.")
        if key == "embeddings.position_ids":
            continue
        if key == "embeddings.token_embedding.weight":
            full = value[1:-1].mean(0, keepdim=True).repeat(vocabulary, 1)
            full[table] = value
            value = full
        result[TEXT + key] = value
    return result


def textFromFile(state: dict[str, Tensor], keys: list[str], table: Tensor) -> dict[str, Tensor]:
    result: dict[str, Tensor] = {}
    for key in keys:
        value = state[TEXT + key.removeprefix("text_model.")].float()
        result[key] = value[table] if key.endswith("token_embedding.weight") else value
    return result


def loraName(module: str) -> str:
    return "lora_unet_" + module.replace(".", "_")


def stripPrefix(state: dict[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {k[len(prefix):]: v.float() for k, v in state.items() if k.startswith(prefix)}


def half(state: dict[str, Tensor]) -> dict[str, Tensor]:
    return {k: v.detach().to("cpu", torch.float16).contiguous() for k, v in state.items()}


def unetShape(state: dict[str, Tensor]) -> UNetShape:
    """The shape read back from an exported file."""
    pattern = re.compile(re.escape(UNET) + r"input_blocks\.(\d+)\.0\.out_layers\.3\.weight")
    resnets = sorted((int(m.group(1)), v.shape[0]) for k, v in state.items() if (m := pattern.fullmatch(k)))
    levels: list[list[tuple[int, int]]] = []
    for number, width in resnets:
        if not levels or number != levels[-1][-1][0] + 1:
            levels.append([])
        levels[-1].append((number, width))
    attention = tuple(f"{UNET}input_blocks.{level[0][0]}.1.proj_in.weight" in state for level in levels)
    return UNetShape(tuple(level[0][1] for level in levels), attention, len(levels[0]))
