"""The static embedder's learning: a table of piece vectors whose mean stands for a text; ranking in both directions."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from training.embedder_batches import Batch, Batches

_BETAS = (0.9, 0.98)
_SAVE_EVERY_S = 60.0


@dataclass(frozen=True, slots=True)
class Plan:
    """How to learn: the loss is the mean over both directions of the in-batch softmax of ``scale`` * cosine."""

    steps: int
    rate: float = 0.04
    scale: float = 20.0


class Table:
    """Piece vectors with lazy Adam: only the rows of a batch move (Kingma and Ba 2015, sparse variant)."""

    def __init__(self, vectors: np.ndarray) -> None:
        self.vectors = np.array(vectors, dtype=np.float32)
        self._first = np.zeros_like(self.vectors)
        self._second = np.zeros_like(self.vectors)
        self._slots = np.zeros(len(vectors), dtype=np.int64)
        self.step = 0

    def gather(self, pieces: np.ndarray) -> tuple[np.ndarray, Any, Any]:
        """(numbers of the rows used, those rows as a leaf, pieces as numbers into them)."""
        import torch

        used = np.zeros(len(self._slots), dtype=bool)
        used[pieces] = True
        rows = np.flatnonzero(used)
        self._slots[rows] = np.arange(len(rows))
        return rows, torch.from_numpy(self.vectors[rows]).requires_grad_(), torch.from_numpy(self._slots[pieces])

    def move(self, rows: np.ndarray, gradient: Any, rate: float) -> None:
        """One step of Adam on these rows."""
        self.step += 1
        one, two = _BETAS
        scale = rate * (1 - two**self.step) ** 0.5 / (1 - one**self.step)
        _adam()(self.vectors, self._first, self._second, rows, gradient.numpy(), scale, one, two)

    def save(self, path: Path) -> None:
        """Write vectors and the state of Adam, whole or not at all."""
        fresh = path.with_suffix(".tmp")
        with fresh.open("wb") as file:
            np.savez(file, vectors=self.vectors, first=self._first, second=self._second, step=self.step)
        fresh.replace(path)

    def load(self, path: Path) -> None:
        """Take up what save() wrote."""
        with np.load(path) as kept:
            self.vectors, self._first, self._second = kept["vectors"], kept["first"], kept["second"]
            self.step = int(kept["step"])


@lru_cache(maxsize=1)
def _adam() -> Any:
    """The update in one pass over memory, which is what it costs: a quarter of the time of whole-array steps."""
    from numba import njit

    def update(
        vectors: np.ndarray, first: np.ndarray, second: np.ndarray, rows: np.ndarray, gradient: np.ndarray,
        scale: float, one: float, two: float,
    ) -> None:
        scale, one, two = np.float32(scale), np.float32(one), np.float32(two)
        rest_one, rest_two, least = np.float32(1) - one, np.float32(1) - two, np.float32(1e-8)
        for number in range(len(rows)):
            row = rows[number]
            for column in range(vectors.shape[1]):
                slope = gradient[number, column]
                mean = one * first[row, column] + rest_one * slope
                square = two * second[row, column] + rest_two * slope * slope
                first[row, column] = mean
                second[row, column] = square
                vectors[row, column] -= scale * mean / (np.sqrt(square) + least)

    return njit(fastmath=True)(update)


@lru_cache(maxsize=1)
def _ranking() -> Any:
    """The in-batch softmax in both directions with its own gradient: one exponential instead of two and two logs."""
    import torch

    class Ranking(torch.autograd.Function):
        @staticmethod
        def forward(ctx: Any, one: Any, two: Any, scale: float, same: Any) -> Any:
            powers = (one @ two.T).sub_(1).mul_(scale).exp_()
            right = powers.diagonal().log()
            if same is not None:
                powers.masked_fill_(same, 0)
            rows, columns = powers.sum(1), powers.sum(0)
            loss = (rows.log() + columns.log() - 2 * right).mean() / 2
            slope = powers.mul_(rows.reciprocal()[:, None] + columns.reciprocal()[None, :]).mul_(scale / 2 / len(one))
            slope.diagonal().sub_(scale / len(one))
            ctx.save_for_backward(one, two, slope)
            return loss

        @staticmethod
        def backward(ctx: Any, gradient: Any) -> Any:
            one, two, slope = ctx.saved_tensors
            return gradient * (slope @ two), gradient * (slope.T @ one), None, None

    return Ranking.apply


def loss_of(table: Table, batch: Batch, scale: float) -> tuple[Any, np.ndarray, Any]:
    """(loss, row numbers, rows): the rows carry the gradient after backward()."""
    import torch
    from torch.nn import functional

    numbers, rows, slots = table.gather(np.concatenate([batch.one[0], batch.two[0]]))
    offsets = torch.from_numpy(np.concatenate([batch.one[1], batch.two[1] + len(batch.one[0])]))
    means = functional.embedding_bag(slots, rows, offsets, mode="mean")
    one, two = functional.normalize(means, dim=1).chunk(2)
    same = None
    if len(np.unique(batch.groups)) < len(batch.groups):
        groups = torch.from_numpy(batch.groups)
        same = (groups[:, None] == groups[None, :]).fill_diagonal_(False)
    return _ranking()(one, two, scale, same), numbers, rows


def learn(
    table: Table, batches: Batches, plan: Plan, checkpoint: Path, report: Callable[[int, dict[str, float]], None],
    until: int | None = None,
) -> None:
    """Run the remaining steps, or those up to ``until``; ``report`` gets the mean loss per kind every 200 steps."""
    if checkpoint.exists():
        table.load(checkpoint)
    saved = time.monotonic()
    sums: dict[str, list[float]] = {}
    for step in range(table.step, until or plan.steps):
        batch = batches.draw(step)
        loss, numbers, rows = loss_of(table, batch, plan.scale)
        loss.backward()
        table.move(numbers, rows.grad, plan.rate * max(0.01, 1 - step / plan.steps))
        sums.setdefault(batch.kind, []).append(float(loss.detach()))
        if step % 200 == 199:
            report(step + 1, {kind: sum(values) / len(values) for kind, values in sums.items()})
            sums = {}
        if time.monotonic() - saved > _SAVE_EVERY_S:
            table.save(checkpoint)
            saved = time.monotonic()
    table.save(checkpoint)


def line(step: int, losses: dict[str, float]) -> str:
    """A log line."""
    return json.dumps({"step": step, **{kind: round(value, 4) for kind, value in losses.items()}})
