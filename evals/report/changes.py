"""Which cases of a run differ from the baseline, old and new side by side, and which are worst."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from evals.gating.baseline import Baseline, Entry, entry_of
from evals.running.results import Kept


@dataclass(frozen=True, slots=True)
class Change:
    """A case before and now; ``step`` is worse, better or other (the verdict is the same, the answer is not)."""

    item: Kept
    old: Entry
    new: Entry
    step: str


def changes(kept: Sequence[Kept], baseline: Baseline | None) -> list[Change]:
    """Cases whose verdict, answer or citations changed: those that got worse first; cases edited since are left out."""
    found = []
    for item in kept:
        old = baseline.cases.get(item.id) if baseline else None
        if old is None or old.digest != item.digest:
            continue
        new = entry_of(item)
        if (old.right, old.answer, old.cites) != (new.right, new.answer, new.cites):
            step = "other" if old.right == new.right else "better" if new.right else "worse"
            found.append(Change(item, old, new, step))
    order = ("worse", "better", "other")
    return sorted(found, key=lambda change: (order.index(change.step), change.item.id))


def worst(kept: Sequence[Kept]) -> list[Kept]:
    """The cases that are wrong: leaks, errors, then by the mean of their scores, the lowest first."""
    return sorted((item for item in kept if item.counted and not item.result.right), key=_badness)


def _badness(item: Kept) -> tuple[bool, bool, float, str]:
    scores = item.result.scores
    leaks = "no_leakage" in scores and scores["no_leakage"].value < 1
    values = [found.value for name, found in scores.items() if name != "latency_s"]
    return not leaks, not item.result.error, sum(values) / len(values) if values else 0.0, item.id
