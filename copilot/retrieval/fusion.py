"""Merging legs: scores that mean the same in every language are weighted and added; pure functions."""

from __future__ import annotations

import bisect
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from copilot.types import Chunk, Leg

NAMED = 10.0  # more than all legs give together: a chunk that holds the identifier asked for goes first


@dataclass(slots=True)
class Candidate:
    """A chunk that some leg found, with its raw score per leg; its texts come once it is near the top."""

    id: str
    language: str
    raw: dict[str, float] = field(default_factory=dict)
    named: float = 0.0
    """The share of the question's identifiers that the chunk holds, 0 to 1."""
    score: float = 0.0
    added: dict[str, float] = field(default_factory=dict)
    """What each leg adds to the score."""
    legs: dict[str, Leg] = field(default_factory=dict)
    chunk: Chunk | None = None


def character_grams(text: str, size: int = 4) -> frozenset[str]:
    """The character n-grams of a text in lower case, white space as one blank."""
    folded = " " + " ".join(text.lower().split()) + " "
    return frozenset(folded[start : start + size] for start in range(max(1, len(folded) - size + 1)))


def gram_coverage(question: frozenset[str], passage: frozenset[str]) -> float:
    """The share of the question's n-grams that stand in the passage, 0 to 1."""
    return len(question & passage) / len(question) if question else 0.0


def fuse(candidates: Sequence[Candidate], weights: Mapping[str, Mapping[str, float]]) -> list[Candidate]:
    """Score and rank candidates: the weighted sum of what the legs say.

    Every leg's score means the same in every language and in a pool of any size (words: how much of the question is
    covered; letters: a share; meaning: a cosine), so nothing is scaled by what else was found. ``weights`` maps a
    chunk language to {leg: weight}, and "prior" to what every chunk of it starts with. A candidate that a leg did not
    return takes that leg's lowest score in its language. Ties go by chunk id, so that the order never depends on who
    was first.
    """
    groups: dict[str, list[Candidate]] = {}
    for candidate in candidates:
        groups.setdefault(candidate.language, []).append(candidate)
    for language, members in groups.items():
        own = weights[language]
        for candidate in members:
            candidate.score = NAMED * candidate.named + own.get("prior", 0.0)
        for name in dict.fromkeys(name for candidate in members for name in candidate.raw):
            _add(members, name, own.get(name, 0.0))
    return sorted(candidates, key=lambda item: (-item.score, item.id))


def _add(members: Sequence[Candidate], name: str, weight: float) -> None:
    lowest = min(item.raw[name] for item in members if name in item.raw)
    for item in members:
        item.added[name] = weight * item.raw.get(name, lowest)
        item.score += item.added[name]


def explain(shown: Iterable[Candidate], candidates: Sequence[Candidate]) -> None:
    """Give those that are shown what each leg said of them; a rank counts all candidates, equal scores share it."""
    names = sorted({name for candidate in candidates for name in candidate.raw})
    ascending = {name: sorted(item.raw[name] for item in candidates if name in item.raw) for name in names}
    for item in shown:
        for name in item.raw:
            scores = ascending[name]
            rank = 1 + len(scores) - bisect.bisect_right(scores, item.raw[name])
            item.legs[name] = Leg(rank, item.raw[name], round(item.added.get(name, 0.0), 6))
