"""Merging legs: scores made comparable per document language before they are added; pure functions."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from copilot.types import Chunk, Leg

_FEWEST_FOR_OWN_SCALE = 8
_NAMED = 6.0  # in deviations: a chunk that holds the identifier asked for goes before any that does not


@dataclass(slots=True)
class Candidate:
    """A chunk that some leg found, with its raw score per leg."""

    chunk: Chunk
    raw: dict[str, float] = field(default_factory=dict)
    named: float = 0.0
    """The share of the question's identifiers that the chunk holds, 0 to 1."""
    score: float = 0.0
    legs: dict[str, Leg] = field(default_factory=dict)


def character_grams(text: str, size: int = 4) -> frozenset[str]:
    """The character n-grams of a text in lower case, white space as one blank."""
    folded = " " + " ".join(text.lower().split()) + " "
    return frozenset(folded[start : start + size] for start in range(max(1, len(folded) - size + 1)))


def gram_coverage(question: frozenset[str], passage: frozenset[str]) -> float:
    """The share of the question's n-grams that stand in the passage, 0 to 1."""
    return len(question & passage) / len(question) if question else 0.0


def fuse(candidates: Sequence[Candidate], weights: Mapping[str, Mapping[str, float]]) -> list[Candidate]:
    """Score and rank candidates: a weighted sum of z-scores per document language.

    ``weights`` maps a chunk language to {leg: weight}. A language with fewer than eight candidates is scaled by
    the mean and deviation of all. A candidate that a leg did not return takes that leg's lowest score. Ties go by
    chunk id, so that the order never depends on who was first.
    """
    groups: dict[str, list[Candidate]] = {}
    for candidate in candidates:
        groups.setdefault(candidate.chunk.language, []).append(candidate)
    names = sorted({name for candidate in candidates for name in candidate.raw})
    for name in names:
        pooled = _scale([candidate.raw.get(name) for candidate in candidates])
        for language, members in groups.items():
            weight = weights[language].get(name, 0.0)
            own = [member.raw.get(name) for member in members]
            scale = _scale(own) if len(members) >= _FEWEST_FOR_OWN_SCALE else pooled
            _add(members, name, weight, scale)
    for candidate in candidates:
        candidate.score += _NAMED * candidate.named
    ranked = sorted(candidates, key=lambda item: (-item.score, item.chunk.id))
    _explain(ranked, names)
    return ranked


def _scale(values: Iterable[float | None]) -> tuple[float, float, float]:
    known = [value for value in values if value is not None]
    if not known:
        return 0.0, 1.0, 0.0
    mean = sum(known) / len(known)
    deviation = math.sqrt(sum((value - mean) ** 2 for value in known) / len(known))
    return mean, deviation or 1.0, min(known)


def _add(members: Sequence[Candidate], name: str, weight: float, scale: tuple[float, float, float]) -> None:
    mean, deviation, lowest = scale
    for member in members:
        raw = member.raw.get(name, lowest)
        member.score += weight * (raw - mean) / deviation


def _explain(ranked: Sequence[Candidate], names: Sequence[str]) -> None:
    for name in names:
        scored = sorted(
            (item for item in ranked if name in item.raw), key=lambda item: (-item.raw[name], item.chunk.id)
        )
        for rank, item in enumerate(scored, start=1):
            item.legs[name] = Leg(rank, item.raw[name])
