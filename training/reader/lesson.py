"""One lesson: steps over drawn readings, and how well the reader reads what it has not learnt from."""

from __future__ import annotations

import collections
import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from copilot.reading.packing import PAD
from training.reader.network import Batch, Network, Packed, collate, loss, pack
from training.reader.readings import Reading

_SAVE_EVERY_S = 180.0
_POOL = 8
_HIDDEN = 0.08
Draw = Callable[[random.Random], Reading]


@dataclass(frozen=True, slots=True)
class Plan:
    """``rate`` is that of the layers; projection and heads learn ``faster`` times as fast. ``share`` is drawn from."""

    steps: int
    rate: float
    share: dict[str, float]
    batch: int = 24
    faster: float = 4.0
    warm: int = 150
    seed: int = 7

    def of(self, steps: int) -> Plan:
        """The plan with so many steps."""
        return replace(self, steps=steps)


def batches(draw: Draw, tokenizer: Any, plan: Plan, done: int) -> Iterator[list[Packed]]:
    """Of like lengths, seeded by their number, so that a resumed lesson goes on with what comes next."""
    block = done // _POOL
    while True:
        rng = random.Random(f"{plan.seed}/{block}")
        made: list[Packed] = []
        while len(made) < _POOL * plan.batch:
            packed = pack(draw(rng), tokenizer)
            made += [packed] if packed else []
        made.sort(key=lambda item: len(item[0]))
        order = list(range(_POOL))
        rng.shuffle(order)
        for number in order[done % _POOL if block == done // _POOL else 0 :]:
            yield made[number * plan.batch : (number + 1) * plan.batch]
        block += 1


def learn(network: Network, draw: Draw, tokenizer: Any, plan: Plan, checkpoint: Path) -> None:
    """Run the remaining steps in bfloat16; saves every few minutes."""
    heads = [*network.project.parameters(), *network.by_mean.parameters(), *network.by_piece.parameters()]
    named = {id(item) for item in heads}
    body = [item for item in network.parameters() if id(item) not in named]
    optimizer = torch.optim.AdamW([{"params": body, "factor": 1.0}, {"params": heads, "factor": plan.faster}],
                                  lr=plan.rate, weight_decay=0.01)  # fmt: skip
    done = 0
    if checkpoint.exists():
        state = torch.load(checkpoint, weights_only=True)
        network.load_state_dict(state["network"])
        optimizer.load_state_dict(state["optimizer"])
        done = state["step"]
    network.train()
    saved = began = time.monotonic()
    sums: collections.deque[float] = collections.deque(maxlen=100)
    first = done
    for step, drawn in zip(range(done, plan.steps), batches(draw, tokenizer, plan, done), strict=False):
        rate = plan.rate * min(1.0, (step + 1) / plan.warm, max(0.02, 1 - step / plan.steps))
        for group in optimizer.param_groups:
            group["lr"] = rate * group["factor"]
        batch = blurred(collate(drawn), step)
        with torch.autocast("cpu", torch.bfloat16):
            scores = network(batch)
        missed = loss(scores, batch.right)
        optimizer.zero_grad()
        missed.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        sums.append(float(missed.detach()))
        if (step + 1) % 50 == 0:
            speed = (step + 1 - first) * plan.batch / (time.monotonic() - began)
            print(f"step {step + 1} loss {np.mean(sums):.3f} {speed:.1f} readings/s", flush=True)
        if time.monotonic() - saved > _SAVE_EVERY_S or step + 1 == plan.steps:
            _save(checkpoint, network, optimizer, step + 1)
            saved = time.monotonic()


def blurred(batch: Batch, seed: int) -> Batch:
    """The batch with some pieces hidden, so that no single word is learnt by heart."""
    hidden = torch.rand(batch.pieces.shape, generator=torch.Generator().manual_seed(seed)) < _HIDDEN
    return replace(batch, pieces=torch.where(hidden & (batch.segments >= 0), PAD, batch.pieces))


def _save(path: Path, network: Network, optimizer: Any, step: int) -> None:
    fresh = path.with_suffix(".tmp")
    torch.save({"network": network.state_dict(), "optimizer": optimizer.state_dict(), "step": step}, fresh)
    fresh.replace(path)


def read(network: Network, readings: Sequence[Reading], tokenizer: Any, size: int = 32) -> list[np.ndarray | None]:
    """The score of each sentence, for each reading; None where a right one found no room."""
    packed = [pack(item, tokenizer) for item in readings]
    known = sorted((number for number, item in enumerate(packed) if item), key=lambda number: len(packed[number][0]))  # type: ignore[index]
    found: list[np.ndarray | None] = [None] * len(readings)
    network.eval()
    for at in range(0, len(known), size):
        numbers = known[at : at + size]
        with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
            scores = network(collate([packed[number] for number in numbers])).numpy()  # type: ignore[misc]
        for number, row in zip(numbers, scores, strict=True):
            found[number] = row[: packed[number][3]]  # type: ignore[index]
    return found


Figures = dict[str, dict[str, float]]


def judged(network: Network, readings: Sequence[Reading], tokenizer: Any) -> Figures:
    """Per direction: the share whose best sentence is right, and the AUC of the best score for answered or not."""
    rows: dict[str, list[tuple[bool, bool, float]]] = collections.defaultdict(list)
    for item, scores in zip(readings, read(network, readings, tokenizer), strict=True):
        packed = pack(item, tokenizer)
        if scores is None or packed is None:
            continue
        row = bool(item.right), int(scores.argmax()) in packed[2], float(scores.max())
        rows[">".join(item.direction)].append(row)
    figures = {}
    for name, found in sorted(rows.items()):
        answerable = [row for row in found if row[0]]
        if not answerable:
            continue
        none = [row[2] for row in found if not row[0]]
        figures[name] = {
            "questions": len(answerable),
            "first_right": float(np.mean([row[1] for row in answerable])),
            "auc": area([row[2] for row in answerable], none),
        }
    return figures


def area(high: Sequence[float], low: Sequence[float]) -> float:
    """The chance that one of ``high`` exceeds one of ``low`` (Mann and Whitney 1947); nan without both."""
    if not high or not low:
        return float("nan")
    below = np.searchsorted(np.sort(low), high, "left") + np.searchsorted(np.sort(low), high, "right")
    return float(below.mean() / 2 / len(low))
