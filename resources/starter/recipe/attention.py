"""Attention for training on a CPU.

The backward pass of PyTorch's fused operator is several times slower than need be at these sizes,
and plain products move matrices of 30 MB through memory. Here the backward pass goes picture by
picture, so that what it needs stays in the second-level cache.
"""

from __future__ import annotations

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

import model as nets

MANY_KEYS = 128


class CachedAttention(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, query: Tensor, key: Tensor, value: Tensor, scale: float) -> Tensor:
        ctx.save_for_backward(query, key, value)
        ctx.scale = scale
        return F.scaled_dot_product_attention(query, key, value, scale=scale)

    @staticmethod
    def backward(ctx: Any, *outer: Tensor) -> tuple[Tensor | None, ...]:
        saved = ctx.saved_tensors
        results = [torch.empty_like(t) for t in saved]
        for query, key, value, grad, toQuery, toKey, toValue in zip(*saved, outer[0], *results):
            scaled = query * ctx.scale
            weights = torch.softmax(scaled @ key.transpose(-1, -2), -1)
            toValue.copy_(weights.transpose(-1, -2) @ grad)
            inner = torch._softmax_backward_data(
                grad @ value.transpose(-1, -2), weights, -1, weights.dtype)
            toQuery.copy_(inner @ key * ctx.scale)
            toKey.copy_(inner.transpose(-1, -2) @ scaled)
        return (*results, None)


class TrainingAttention:
    """An attention processor for diffusers' attention modules."""

    def __call__(self, attn: Any, hidden_states: Tensor, encoder_hidden_states: Tensor | None = None,
                 **_: Any) -> Tensor:
        context = hidden_states if encoder_hidden_states is None else encoder_hidden_states

        def split(x: Tensor) -> Tensor:
            return x.view(x.shape[0], x.shape[1], attn.heads, -1).transpose(1, 2)

        query = split(attn.to_q(hidden_states))
        key, value = split(attn.to_k(context)), split(attn.to_v(context))
        with torch.autocast(query.device.type, enabled=False):
            if key.shape[2] >= MANY_KEYS and query.requires_grad:
                mixed = CachedAttention.apply(query, key, value, attn.scale)
            else:
                weights = torch.softmax((query * attn.scale) @ key.transpose(-1, -2), -1)
                mixed = weights @ value
        return attn.to_out[0](mixed.transpose(1, 2).flatten(2))


def preferTrainingAttention(denoiser: nets.Denoiser, device: torch.device) -> None:
    if device.type == "cpu":
        denoiser.unet.set_attn_processor(TrainingAttention())
        denoiser.text.set_attn_implementation("eager")
