"""How far a piece of text covers what a question asks for: exact terms, translations, compounds, near spellings."""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from copilot.language import fold, terms
from copilot.types import QueryTerm

_WORD = re.compile(r"[^\W\d_]{5,}")
_NEAR = 0.6  # trigram similarity (Dice) from which two spellings count as one word
_PART = 0.7  # what a compound's part counts
_SHORTEST_PART = 5


@dataclass(frozen=True, slots=True)
class Bag:
    """The terms of a text and its longer words, folded."""

    terms: frozenset[str]
    words: frozenset[str]


@functools.lru_cache(maxsize=4096)
def bag(text: str, language: str) -> Bag:
    """Analyse a text once."""
    return Bag(frozenset(terms(text, language)), frozenset(fold(word) for word in _WORD.findall(text)))


def union(bags: Iterable[Bag]) -> Bag:
    """The bag of several texts together."""
    items = list(bags)
    return Bag(frozenset().union(*(item.terms for item in items)), frozenset().union(*(item.words for item in items)))


def match(term: QueryTerm, text: Bag) -> float:
    """How well a text holds a term, 0 to 1; only words may match nearly, numbers and identifiers must be there.

    A word of another language is held as far as its translations are, by the sum of their probabilities.
    """
    if term.expansions:
        return _translated(term.expansions, text.terms)
    if term.term in text.terms:
        return 1.0
    if term.kind != "word" or len(term.surface) < 5:
        return 0.0
    return _near(fold(term.surface), text.words)


def _translated(expansions: Sequence[tuple[str, float]], held: frozenset[str]) -> float:
    """The square root of the probability that stands there: of five forms tried it told absent topics best."""
    found = sum(chance for term, chance in expansions if term in held or " " in term and held.issuperset(term.split()))
    return min(1.0, math.sqrt(found))


@functools.lru_cache(maxsize=16384)
def _near(word: str, words: frozenset[str]) -> float:
    best = 0.0
    grams = _trigrams(word)
    for other in words:
        shorter = min(len(word), len(other))
        if shorter >= _SHORTEST_PART and (word in other or other in word):
            best = max(best, _PART)
            continue
        if abs(len(word) - len(other)) > max(3, shorter // 2):
            continue
        other_grams = _trigrams(other)
        similarity = 2 * len(grams & other_grams) / (len(grams) + len(other_grams))
        if similarity >= _NEAR:
            best = max(best, similarity)
    return best


@functools.lru_cache(maxsize=65536)
def _trigrams(word: str) -> frozenset[str]:
    padded = f" {word} "
    return frozenset(padded[start : start + 3] for start in range(len(padded) - 2))


def coverage(asked: Sequence[QueryTerm], text: Bag) -> float:
    """The share of the question's weight that a text holds, 0 to 1."""
    total = sum(term.weight for term in asked)
    if total <= 0:
        return 0.0
    return sum(term.weight * match(term, text) for term in asked if term.weight > 0) / total
