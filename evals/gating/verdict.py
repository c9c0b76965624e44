"""The gate's nouns: one case that got worse, a mean that surely fell, and the verdict that holds them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Finding:
    """One case that got worse: its kind (a metric's name, leakage, error, wrong), what it was and what it is now."""

    id: str
    language: str
    tags: tuple[str, ...]
    kind: str
    why: str
    accepted: str = ""


@dataclass(frozen=True, slots=True)
class Fall:
    """A metric that a model or judge scores, surely lower than before in a slice (a language, or ``all``)."""

    metric: str
    slice: str
    cases: int
    before: float
    after: float
    chance: float


@dataclass(frozen=True, slots=True)
class Slice:
    """How many cases of a language or tag were right before and are right now."""

    cases: int
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the gate says. ``sentences`` tell the failures for people; ``notes`` what does not fail it."""

    green: bool
    sentences: tuple[str, ...]
    notes: tuple[str, ...]
    failures: tuple[Finding, ...] = ()
    accepted: tuple[Finding, ...] = ()
    falls: tuple[Fall, ...] = ()
    fixed: tuple[str, ...] = ()
    new: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    languages: Mapping[str, Slice] = field(default_factory=dict)
    tags: Mapping[str, Slice] = field(default_factory=dict)
