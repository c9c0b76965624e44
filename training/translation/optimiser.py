"""Muon for the matrices inside the layers, Adam for embeddings, norms and biases; float32 copies of all weights."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

_QUINTIC = (3.4445, -4.7750, 2.0315)  # Keller Jordan and others, 2024


def orthogonal(gradient: Tensor, steps: int = 5) -> Tensor:
    """The nearest orthogonal matrix of each in a stack (n, rows, columns), by Newton-Schulz in bfloat16."""
    first, second, third = _QUINTIC
    wide = gradient.shape[-2] > gradient.shape[-1]
    stack = gradient.transpose(-1, -2) if wide else gradient
    stack = (stack / (stack.norm(dim=(-2, -1), keepdim=True) + 1e-7)).bfloat16()
    for _ in range(steps):
        square = stack @ stack.transpose(-1, -2)
        stack = first * stack + (second * square + third * square @ square) @ stack
    return stack.transpose(-1, -2) if wide else stack


class Optimiser:
    """Steps a bfloat16 module by its gradients; its state is plain tensors, so that a run can be resumed."""

    def __init__(self, module: nn.Module) -> None:
        self._weights = dict(module.named_parameters())
        self.master = {name: weight.detach().float().clone() for name, weight in self._weights.items()}
        self._first = {name: torch.zeros_like(weight) for name, weight in self.master.items()}
        self._second = {
            name: torch.zeros_like(weight) for name, weight in self.master.items() if not self._is_matrix(name)
        }
        self._steps = 0

    def _is_matrix(self, name: str) -> bool:
        return self.master[name].dim() == 2 and not name.startswith("embedding")

    def step(self, rate: float) -> None:
        """One update at this learning rate, then the gradients are cleared."""
        self._steps += 1
        for name, weight in self._weights.items():
            if weight.grad is None:
                continue
            gradient = weight.grad.float()
            change = self._muon(name, gradient) if self._is_matrix(name) else self._adam(name, gradient)
            self.master[name].sub_(change, alpha=rate)
            weight.data.copy_(self.master[name])
            weight.grad = None

    def _muon(self, name: str, gradient: Tensor) -> Tensor:
        momentum = self._first[name].mul_(0.95).add_(gradient)
        ahead = gradient.add(momentum, alpha=0.95)
        width = ahead.shape[1]
        parts = ahead.shape[0] // width if name.endswith(("ask.weight", "offer.weight")) else 1
        stack = orthogonal(ahead.view(parts, -1, width)).float().reshape(ahead.shape)
        self.master[name].mul_(1 - 1e-4)
        return stack.mul_(0.2 * max(ahead.shape[0] // parts, width) ** 0.5)

    def _adam(self, name: str, gradient: Tensor) -> Tensor:
        first = self._first[name].lerp_(gradient, 0.1)
        second = self._second[name].lerp_(gradient.square(), 0.02)
        steady = (second / (1 - 0.98**self._steps)).sqrt_().add_(1e-8)
        return first / (1 - 0.9**self._steps) / steady

    def state(self) -> dict[str, Any]:
        """Everything that a later run needs to go on."""
        return {"master": self.master, "first": self._first, "second": self._second, "steps": self._steps}

    def resume(self, state: dict[str, Any]) -> None:
        """Go on from a saved state."""
        self._steps = state["steps"]
        for mine, saved in ((self.master, "master"), (self._first, "first"), (self._second, "second")):
            for name, tensor in state[saved].items():
                mine[name].copy_(tensor)
        for name, weight in self._weights.items():
            weight.data.copy_(self.master[name])
