"""A compact encoder-decoder in bfloat16: pre-norm, sinusoidal positions, one embedding for all three uses."""

from __future__ import annotations

import math
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from training.translation.recipe import EOS, Size

SMOOTHING = 0.1
_CHUNK = 512  # rows of logits held at once


class Attention(nn.Module):
    """Multi-head attention with fused projections: to itself, or to a memory."""

    def __init__(self, size: Size, crossed: bool) -> None:
        super().__init__()
        self.heads = size.heads
        self.ask = nn.Linear(size.width, size.width * (1 if crossed else 3))
        if crossed:
            self.offer = nn.Linear(size.width, size.width * 2)
        self.out = nn.Linear(size.width, size.width)

    def forward(self, states: Tensor, memory: Tensor | None = None, causal: bool = False) -> Tensor:
        """States (rows, length, width) -> the same shape; no row of a batch has a padded source."""
        rows, length, width = states.shape
        if memory is None:
            query, key, value = self._heads(self.ask(states), 3)
        else:
            (query,), (key, value) = self._heads(self.ask(states), 1), self._heads(self.offer(memory), 2)
        # Batched products: torch's fused attention goes backward eight times slower on a CPU.
        near = torch.bmm(query, key.transpose(1, 2)).float() * query.shape[-1] ** -0.5
        if causal:
            near = near + torch.full((length, length), float("-inf"), device=near.device).triu_(1)
        seen = torch.bmm(torch.softmax(near, -1).to(value.dtype), value).view(rows, self.heads, length, -1)
        return self.out(seen.transpose(1, 2).reshape(rows, length, width))  # type: ignore[no-any-return]

    def _heads(self, projected: Tensor, parts: int) -> tuple[Tensor, ...]:
        """(rows, length, parts * width) -> per part (rows * heads, length, width of a head)."""
        rows, length, _ = projected.shape
        split = projected.view(rows, length, parts, self.heads, -1).permute(2, 0, 3, 1, 4)
        return split.reshape(parts, rows * self.heads, length, -1).unbind(0)


class Layer(nn.Module):
    """Attention to itself, in the decoder attention to the source, then the feed-forward part."""

    def __init__(self, size: Size, decoder: bool) -> None:
        super().__init__()
        self.decoder = decoder
        self.itself, self.itself_norm = Attention(size, False), nn.LayerNorm(size.width)
        if decoder:
            self.source, self.source_norm = Attention(size, True), nn.LayerNorm(size.width)
        self.norm = nn.LayerNorm(size.width)
        self.wide, self.narrow = nn.Linear(size.width, size.inner), nn.Linear(size.inner, size.width)

    def forward(self, states: Tensor, memory: Tensor | None = None) -> Tensor:
        """States (rows, length, width) -> the same shape."""
        states = states + self.itself(self.itself_norm(states), causal=self.decoder)
        if self.decoder:
            states = states + self.source(self.source_norm(states), memory)
        return states + self.narrow(F.relu(self.wide(self.norm(states))))  # type: ignore[no-any-return]


class Network(nn.Module):
    """The whole model; `forward` gives the training loss per target piece, in nats, with label smoothing."""

    def __init__(self, vocabulary: int, size: Size) -> None:
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, size.width)
        nn.init.normal_(self.embedding.weight, std=size.width**-0.5)
        self.encoder = nn.ModuleList(Layer(size, False) for _ in range(size.encoder))
        self.decoder = nn.ModuleList(Layer(size, True) for _ in range(size.decoder))
        self.encoder_norm, self.decoder_norm = nn.LayerNorm(size.width), nn.LayerNorm(size.width)
        self.register_buffer("positions", positions(max(64, 4 * size.longest), size.width), persistent=False)
        for name, weight in self.named_parameters():
            if name.endswith(("out.weight", "narrow.weight")):
                weight.data.mul_((2 * (size.encoder + size.decoder)) ** -0.5)

    def embed(self, pieces: Tensor) -> Tensor:
        """Pieces (rows, length) -> scaled embeddings with positions."""
        scaled = F.embedding(pieces, self.embedding.weight) * math.sqrt(self.embedding.embedding_dim)
        return scaled + self.positions[: pieces.shape[1]].to(scaled.dtype)  # type: ignore[index]

    def forward(self, source: Tensor, target: Tensor) -> Tensor:
        """Source (rows, length) without padding, target (rows, length) padded with -1."""
        memory = self.embed(source)
        for layer in self.encoder:
            memory = layer(memory)
        memory = self.encoder_norm(memory)
        wanted = F.pad(target, (0, 1), value=-1)
        wanted[torch.arange(len(target)), (target >= 0).sum(1)] = EOS
        states = self.embed(F.pad(target.clamp(min=0), (1, 0), value=EOS))
        for layer in self.decoder:
            states = layer(states, memory)
        there = wanted.reshape(-1) >= 0
        states = self.decoder_norm(states).reshape(-1, states.shape[-1])[there]
        return SmoothedLoss.apply(states, self.embedding.weight, wanted.reshape(-1)[there])  # type: ignore[no-any-return]


class SmoothedLoss(torch.autograd.Function):
    """Cross-entropy over the vocabulary by chunks of rows, its gradients made in the same pass to spare memory."""

    @staticmethod
    def forward(ctx: Any, states: Tensor, weight: Tensor, wanted: Tensor) -> Tensor:
        """States (n, width), weight (vocabulary, width), wanted (n) -> mean loss."""
        count, vocabulary = len(states), len(weight)
        to_states = torch.empty_like(states)
        to_weight = torch.zeros_like(weight, dtype=torch.float32)
        total = 0.0
        for start in range(0, count, _CHUNK):
            part, right = states[start : start + _CHUNK], wanted[start : start + _CHUNK, None]
            logs = torch.log_softmax(F.linear(part, weight).float(), -1)
            total -= float((1 - SMOOTHING) * logs.gather(1, right).sum() + SMOOTHING * logs.sum() / vocabulary)
            slope = logs.exp_().sub_(SMOOTHING / vocabulary)
            slope.scatter_add_(1, right, torch.full_like(right, SMOOTHING - 1, dtype=torch.float32))
            small = slope.mul_(1 / count).to(states.dtype)
            to_states[start : start + _CHUNK] = small @ weight
            to_weight += small.t() @ part
        ctx.save_for_backward(to_states, to_weight.to(weight.dtype))
        return torch.tensor(total / count)

    @staticmethod
    def backward(ctx: Any, *upstream: Tensor) -> tuple[Tensor, Tensor, None]:
        """The gradients already made, times what comes from above (1 in training)."""
        to_states, to_weight = ctx.saved_tensors
        return to_states * upstream[0].to(to_states.dtype), to_weight * upstream[0].to(to_weight.dtype), None


def positions(length: int, width: int) -> Tensor:
    """Sinusoidal encodings (length, width): sines, then cosines (Vaswani and others, 2017)."""
    rates = torch.exp(-math.log(10_000) * torch.arange(width // 2) / (width // 2 - 1))
    angles = torch.arange(length)[:, None] * rates
    return torch.cat([angles.sin(), angles.cos()], 1)
