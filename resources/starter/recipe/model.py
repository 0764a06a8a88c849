"""The starter's networks: an SD 1.x UNet and CLIP text model in small, and the noise schedule."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from diffusers import UNet2DConditionModel
from torch import Tensor, nn
from transformers import CLIPTextConfig, CLIPTextModel

VOCABULARY = 49408
POSITIONS = 77
START, END = 49406, 49407
TEXT_WIDTH = 128
TEXT_LAYERS = 4
TEXT_HEADS = 2
STEPS = 1000


@dataclass(frozen=True)
class UNetShape:
    """Level by level from full size; attention at full size costs half of the training time."""

    channels: tuple[int, ...] = (128, 128, 128)
    attention: tuple[bool, ...] = (False, True, True)
    blocks: int = 1
    heads: int = 8


def makeUNet(shape: UNetShape) -> UNet2DConditionModel:
    """diffusers calls the number of heads `attention_head_dim` in this family."""
    down = tuple("CrossAttnDownBlock2D" if a else "DownBlock2D" for a in shape.attention)
    up = tuple("CrossAttnUpBlock2D" if a else "UpBlock2D" for a in reversed(shape.attention))
    unet = UNet2DConditionModel(
        sample_size=16, in_channels=4, out_channels=4, down_block_types=down, up_block_types=up,
        block_out_channels=shape.channels, layers_per_block=shape.blocks,
        cross_attention_dim=TEXT_WIDTH, attention_head_dim=shape.heads,
        norm_num_groups=32, use_linear_projection=False,
    )
    for name, parameter in unet.named_parameters():
        if ".conv2." in name or ".proj_out." in name or name.startswith("conv_out."):
            nn.init.zeros_(parameter)
    return unet


def makeText(vocabulary: int = VOCABULARY) -> CLIPTextModel:
    config = CLIPTextConfig(
        vocab_size=vocabulary, hidden_size=TEXT_WIDTH, intermediate_size=4 * TEXT_WIDTH,
        num_hidden_layers=TEXT_LAYERS, num_attention_heads=TEXT_HEADS,
        max_position_embeddings=POSITIONS, hidden_act="quick_gelu", projection_dim=TEXT_WIDTH,
        bos_token_id=0, eos_token_id=vocabulary - 1, pad_token_id=vocabulary - 1,
    )
    return CLIPTextModel(config)


def alphasCumulative() -> Tensor:
    """SD's scaled-linear schedule."""
    betas = torch.linspace(0.00085**0.5, 0.012**0.5, STEPS, dtype=torch.float64) ** 2
    return torch.cumprod(1.0 - betas, 0).float()


class Tokens:
    """CLIP tokens of all captions, renumbered to the few thousand that occur.

    The text model trains on the compact numbering (its table is 49,408 rows otherwise, nearly
    all of them never seen) and is spread over the full table at export. `table[i]` is the CLIP
    token of compact number i; the end token is last, as the CLIP model expects.
    """

    def __init__(self, texts: list[str]) -> None:
        from open_clip.tokenizer import SimpleTokenizer

        self.tokenizer_ = SimpleTokenizer()
        used = {t for text in texts for t in self.tokenizer_.encode(text)}
        self.table = torch.tensor([START, *sorted(used - {START, END}), END])
        self.compact_ = {int(t): i for i, t in enumerate(self.table)}

    def __len__(self) -> int:
        return len(self.table)

    def encode(self, text: str) -> list[int]:
        """Start, at most 75 tokens, then end tokens up to 77, as SD 1.x pads."""
        inner = [self.compact_[t] for t in self.tokenizer_.encode(text) if t in self.compact_]
        end = len(self.table) - 1
        row = [0, *inner[: POSITIONS - 2], end]
        return row + [end] * (POSITIONS - len(row))

    def encodeAll(self, texts: list[str]) -> Tensor:
        return torch.tensor([self.encode(t) for t in texts])


class Denoiser(nn.Module):
    """UNet and text model as one module, so that they train and average together."""

    def __init__(self, shape: UNetShape, vocabulary: int) -> None:
        super().__init__()
        self.unet = makeUNet(shape)
        self.text = makeText(vocabulary)

    def forward(self, noisy: Tensor, steps: Tensor, tokens: Tensor) -> Tensor:
        context = self.text(input_ids=tokens).last_hidden_state
        return self.unet(noisy, steps, encoder_hidden_states=context).sample
