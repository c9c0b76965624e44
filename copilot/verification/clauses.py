"""Clauses of a sentence, and which clause of a source says what a clause of the sentence says."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from copilot.answering.text import Bag
from copilot.verification.engineering import full_bag
from copilot.verification.figures import figures
from copilot.verification.polarity import Polarity, kind_of, polarity
from copilot.verification.wording import Word, Wording, words

_MARKS = re.compile(r"[,;:\u3001\uff0c\uff1b\uff1a]\s|[\uff0c\uff1b\uff1a]|\s[-\u2013\u2014]\s|[.!?]\s|\n")
_JOINTS = {
    "en": "and|but|while|whereas|because|since|so that|instead of|which|where|nor",
    "de": "und|aber|sondern|sowie|während|weil|da|statt|anstatt",
    "fr": "et|mais|tandis que|alors que|parce que|car|au lieu de|ni",
    "es": "y|pero|mientras|porque|ya que|en lugar de|en vez de|ni|sino",
    "it": "e|ed|ma|mentre|perché|invece di|invece che|né",
    "pt": "e|mas|enquanto|porque|pois|em vez de|nem|quando",
    "pl": "i|oraz|ale|a|natomiast|ponieważ|gdyż|zamiast|lecz|ani",
}
_MODAL = re.compile(r"^[得能可应要须必许会宜]+")
_SCOPE, _SCOPE_HAN = 5, 10  # words, characters that a negation reaches
_FEWEST = 2  # content words and figures below which a clause goes with its neighbour


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a sentence with its content words, its figures and its polarity.

    ``reached``: a negation before it in the same sentence may reach it ("do not open it and enter").
    """

    text: str
    language: str
    words: tuple[Word, ...]
    figures: frozenset[str]
    polarity: Polarity
    reached: bool

    @property
    def bag(self) -> Bag:
        """Its terms."""
        return full_bag(self.text, self.language)


@functools.lru_cache(maxsize=4096)
def clauses(text: str, language: str) -> tuple[Clause, ...]:
    """The clauses in order; a short one is joined to the one before it (the first to the one after)."""
    parts: list[tuple[str, bool]] = []
    for part in _MARKS.split(text):
        joint = _JOINTS.get(language)
        pieces = re.split(rf"\s(?=(?:{joint})\s)", part, flags=re.IGNORECASE) if joint else [part]
        parts += [(piece.strip(), number > 0) for number, piece in enumerate(pieces) if piece.strip()]
    merged: list[tuple[str, bool]] = []
    for piece, joined in parts:
        if merged and (_size(piece, language) < _FEWEST or _size(merged[-1][0], language) < _FEWEST):
            merged[-1] = (f"{merged[-1][0]}, {piece}", merged[-1][1])
        else:
            merged.append((piece, joined))
    found: list[Clause] = []
    for piece, joined in merged:
        before = found[-1] if found else None
        reached = joined and before is not None and (before.polarity.negated or before.reached)
        found.append(_clause(piece, language, reached))
    return tuple(found)


def _clause(text: str, language: str, reached: bool) -> Clause:
    return Clause(text, language, words(text, language), _tokens(text, language), polarity(text, language), reached)


def _tokens(text: str, language: str) -> frozenset[str]:
    read = figures(text, language)
    named = [form for form, _ in read.identifiers] + [form for form, _, _ in read.pairs]
    dated = [str(part) for date in read.dates for part in (date.year, date.month, date.day) if part]
    return frozenset([number.value.lstrip("-") for number in read.numbers] + named + dated)


def denials(clause: Clause) -> tuple[tuple[str, Clause], ...]:
    """Of each negation its kind and what it is about: the words after it, in German those before it, too."""
    found = []
    for start, end in clause.polarity.negations:
        after = _first(clause.text[end:], clause.language)
        before = clause.text[:start].split()[-3:] if clause.language == "de" else []
        scope = f"{' '.join(before)} {after}"
        if not words(scope, clause.language) and not _tokens(scope, clause.language):
            scope = clause.text[:start] + clause.text[end:]
        about = Clause(
            scope, clause.language, words(scope, clause.language), _tokens(scope, clause.language),
            clause.polarity, clause.reached,
        )
        found.append((kind_of(clause.text.lower()[start:end]), about))
    return tuple(found)


def _first(text: str, language: str) -> str:
    return _MODAL.sub("", text)[:_SCOPE_HAN] if language == "zh" else " ".join(text.split()[:_SCOPE])


def _size(text: str, language: str) -> int:
    return len(words(text, language)) + len(_tokens(text, language))


def told(wording: Wording, mine: Clause, other: Clause) -> float:
    """How far ``other`` holds the words and figures of ``mine``, 0 to 1."""
    total = sum(word.weight for word in mine.words) + len(mine.figures)
    if not total:
        return 0.0
    found = sum(word.weight * wording.held(word, mine.language, other.bag, other.language) for word in mine.words)
    return (found + len(mine.figures & other.figures)) / total


def nearest(wording: Wording, mine: Clause, others: Sequence[Clause]) -> tuple[Clause | None, float, float]:
    """The clause that tells most of ``mine``, how far it does, and how far ``mine`` tells it."""
    best: tuple[Clause | None, float, float] = (None, 0.0, 0.0)
    for other in others:
        there, back = told(wording, mine, other), told(wording, other, mine)
        if there + 0.5 * back > best[1] + 0.5 * best[2]:
            best = (other, there, back)
    return best
