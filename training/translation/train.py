"""Trains one model on the prepared rows: seeded, by the minutes it may take, resumable from its last checkpoint."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from training.translation.network import Network
from training.translation.optimiser import Optimiser
from training.translation.recipe import Size

SEED = 20
_VARIED = 0.3  # share of rows whose source is split at random


class Rows:
    """The encoded rows: pieces of both sides, by number."""

    def __init__(self, path: Path) -> None:
        with np.load(path) as arrays:
            self._values = {name: arrays[name] for name in arrays.files}

    def __len__(self) -> int:
        return len(self._values["target_ends"])

    def lengths(self, side: str) -> np.ndarray:
        """Pieces per row."""
        return np.diff(self._values[f"{side}_ends"], prepend=0)

    def side(self, side: str, number: int) -> np.ndarray:
        """The pieces of one row."""
        ends = self._values[f"{side}_ends"]
        return self._values[side][ends[number - 1] if number else 0 : ends[number]]


def batches(rows: Rows, size: Size, seed: int) -> Iterator[tuple[Tensor, Tensor]]:
    """One pass: batches of one exact source length, so that no source is padded; targets are padded with -1."""
    chance = np.random.default_rng(seed)
    varied = chance.random(len(rows)) < _VARIED
    source = np.where(varied, rows.lengths("varied"), rows.lengths("source"))
    target = rows.lengths("target")
    order = np.lexsort((target + chance.integers(0, 3, len(rows)), source))
    order = order[np.maximum(source, target)[order] < size.longest]
    groups: list[np.ndarray] = []
    start = 0
    while start < len(order):
        length = source[order[start]]
        end = min(start + max(1, size.batch // int(length)), int(np.searchsorted(source[order], length, "right")))
        groups.append(order[start:end])
        start = end
    for position in chance.permutation(len(groups)):
        chosen = groups[position]
        left = np.stack([rows.side("varied" if varied[row] else "source", row) for row in chosen])
        right = np.full((len(chosen), target[chosen].max()), -1)
        for place, row in enumerate(chosen):
            right[place, : target[row]] = rows.side("target", row)
        yield torch.from_numpy(left.astype(np.int64)), torch.from_numpy(right.astype(np.int64))


def rate(size: Size, step: int, done: float) -> float:
    """The learning rate: a short rise, then a straight line down to a twentieth at the end of the time."""
    return size.rate * min(1.0, (step + 1) / size.warmup) * max(0.05, 1 - 0.95 * done)


def train(work: Path, vocabulary: int, size: Size, minutes: float, steps: int = 0, workers: int = 1) -> None:
    """Train for so many minutes over all runs, or for so many steps (then the same each time); write model.pt.

    A line of log.jsonl every fifty steps; a checkpoint every two minutes, from which the next run goes on. Several
    workers, one core each, share every step; on a busy machine they wait less for each other than threads do.
    """
    options = (work, vocabulary, size, minutes, steps, workers)
    if workers == 1:
        _run(0, *options)
    else:
        (work / "meeting").unlink(missing_ok=True)
        torch.multiprocessing.spawn(_run, options, nprocs=workers)


def _run(rank: int, work: Path, vocabulary: int, size: Size, minutes: float, steps: int, workers: int) -> None:
    torch.manual_seed(SEED)
    team = Team(rank, workers, work / "meeting")
    rows = Rows(work / "rows.npz")
    network = Network(vocabulary, size).bfloat16()
    _start_from_counts(network, work)
    optimiser = Optimiser(network)
    step, spent, epoch = _resume(work, optimiser)
    began, saved, losses, pieces = time.monotonic() - spent, time.monotonic(), [], 0
    while (done := _done(step, spent, steps, minutes)) < 1:
        for source, target in team.part(batches(rows, size, SEED + step)):
            if (done := _done(step, spent, steps, minutes)) >= 1:
                break
            loss = network(source, target)
            loss.backward()
            spent = team.share(network, time.monotonic() - began)
            optimiser.step(rate(size, step, done))
            losses.append(float(loss.detach()))
            pieces += int((target >= 0).sum())
            step += 1
            if step % 50 == 0 and rank == 0:
                _log(work, step, epoch, spent, losses, pieces * workers)
                losses, pieces = [], 0
            if time.monotonic() - saved > 120 and rank == 0:
                _save(work, optimiser, step, spent, epoch)
                saved = time.monotonic()
        epoch += 1
    if rank == 0:
        _save(work, optimiser, step, spent, epoch)
        torch.save(optimiser.master, work / "model.pt")


class Team:
    """Workers that take every step together: their gradients are averaged, and the first one keeps the time."""

    def __init__(self, rank: int, workers: int, meeting: Path) -> None:
        self._rank, self._workers = rank, workers
        if workers > 1:
            os.environ.setdefault("GLOO_SOCKET_IFNAME", "lo")
            torch.set_num_threads(1)
            torch.distributed.init_process_group("gloo", f"file://{meeting}", rank=rank, world_size=workers)

    def part(self, all_batches: Iterator[tuple[Tensor, Tensor]]) -> Iterator[tuple[Tensor, Tensor]]:
        """The batches of this worker; all workers get equally many."""
        for turn in zip(*[all_batches] * self._workers, strict=False):
            yield turn[self._rank]

    def share(self, network: Network, spent: float) -> float:
        """Leave the mean gradient in the network; returns the first worker's time."""
        if self._workers == 1:
            return spent
        weights = [weight for weight in network.parameters() if weight.grad is not None]
        clock = torch.tensor([spent * self._workers if self._rank == 0 else 0.0])
        together = torch.cat([*(weight.grad.float().reshape(-1) for weight in weights), clock])
        torch.distributed.all_reduce(together)
        together /= self._workers
        for weight, mean in zip(weights, together[:-1].split([weight.numel() for weight in weights]), strict=True):
            weight.grad = mean.view(weight.shape).to(weight.dtype)
        return float(together[-1])


def _done(step: int, spent: float, steps: int, minutes: float) -> float:
    return step / steps if steps else spent / 60 / minutes


def _start_from_counts(network: Network, work: Path) -> None:
    start = work / "start.npy"
    if start.exists():
        network.embedding.weight.data.copy_(torch.from_numpy(np.load(start)))


def _log(work: Path, step: int, epoch: int, spent: float, losses: Sequence[float], pieces: int) -> None:
    line = {"step": step, "epoch": epoch, "spent_s": round(spent), "loss": round(float(np.mean(losses)), 4)}
    with (work / "log.jsonl").open("a", encoding="utf-8") as log:
        log.write(json.dumps(line | {"pieces": pieces, "at": time.strftime("%H:%M:%S")}) + "\n")


def _save(work: Path, optimiser: Optimiser, step: int, spent: float, epoch: int) -> None:
    torch.save(optimiser.state() | {"step": step, "spent": spent, "epoch": epoch}, work / "checkpoint.new")
    os.replace(work / "checkpoint.new", work / "checkpoint.pt")


def _resume(work: Path, optimiser: Optimiser) -> tuple[int, float, int]:
    path = work / "checkpoint.pt"
    if not path.exists():
        return 0, 0.0, 0
    state = torch.load(path)
    optimiser.resume(state)
    return int(state["step"]), float(state["spent"]), int(state["epoch"])
