"""The content words of a sentence, and how far a text of the same or another language holds them."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from copilot.answering.text import Bag, match
from copilot.language import concepts
from copilot.types import QueryTerm
from copilot.verification.polarity import is_bound

_SYNONYM = 0.85  # what a word counts that is found by way of another language
_CERTAIN = 0.02  # least probability of a way there and back
_NAME = re.compile(r"[^\W\d_a-zß-ÿ]")


class Lexicon(Protocol):
    """The part of the word table that is used."""

    pairs: frozenset[tuple[str, str]]

    def translations(self, term: str, source: str, target: str) -> tuple[tuple[str, float], ...]:
        """Terms of ``target`` for a term of ``source``, with probabilities."""
        ...


@dataclass(frozen=True, slots=True)
class Word:
    """A content word: as written, its terms, the terms of its parts, and where it stands in the row of words."""

    surface: str
    terms: tuple[str, ...]
    parts: tuple[str, ...]
    weight: float
    place: int

    @property
    def name(self) -> bool:
        """Whether it begins with a capital inside the sentence."""
        return self.place > 0 and _NAME.match(self.surface) is not None


@functools.lru_cache(maxsize=8192)
def words(text: str, language: str) -> tuple[Word, ...]:
    """The content words in order; numbers and identifiers are none."""
    found: list[Word] = []
    for concept in concepts(text, language):
        if concept.kind == "part" and found and language == "de" and concept.surface.isalpha():
            last = found[-1]
            if concept.surface.lower() in last.surface.lower():
                found[-1] = Word(last.surface, last.terms, (*last.parts, *concept.terms), last.weight, last.place)
        elif is_bound(concept.surface, language):
            continue
        elif concept.kind == "word" and (len(concept.surface) > 1 or "\u3400" <= concept.surface <= "\u9fff"):
            found.append(Word(concept.surface, concept.terms, (), _weight(concept.surface), len(found)))
    return tuple(found)


def _weight(surface: str) -> float:
    if "\u3400" <= surface[0] <= "\u9fff":
        return 1.0 if len(surface) > 1 else 0.4
    return 1.0 if len(surface) > 3 else 0.6


class Wording:
    """Compares words across languages by a word table; without one, by their spelling. Thread-safe."""

    def __init__(self, lexicon: Lexicon | None) -> None:
        self._lexicon = lexicon
        self._synonyms = functools.lru_cache(maxsize=16384)(self._there_and_back)
        self._kept = functools.lru_cache(maxsize=65536)(self._measured)

    def held(self, word: Word, language: str, text: Bag, other: str) -> float:
        """How well a text in the language ``other`` holds a word of ``language``, 0 to 1."""
        return self._kept(word.surface, word.terms, word.parts, language, text, other)

    def _measured(
        self, surface: str, terms: tuple[str, ...], parts: tuple[str, ...], language: str, text: Bag, other: str
    ) -> float:
        best = self._held(surface, terms, language, text, other)
        for pieces in (parts, self._compound(surface, language)) if best < 1.0 else ():
            found = [self._held(part, (part,), language, text, other) for part in pieces]
            best = max(best, sum(found) / len(found)) if len(found) > 1 else best
        return best

    def _compound(self, surface: str, language: str) -> tuple[str, ...]:
        split = getattr(self._lexicon, "parts", None)
        return split(surface, language) if split is not None else ()

    def knows(self, word: Word, language: str, other: str) -> bool:
        """Whether it would be found if it were there: in the same language, or a word that has translations."""
        terms = word.parts or word.terms
        return language == other or any(self._expansions(term, language, other) for term in terms)

    def coverage(self, asked: Sequence[Word], held: Callable[[Word], float]) -> float:
        """The share of the words' weight that is held; 1 where there are none."""
        total = sum(word.weight for word in asked)
        return sum(word.weight * held(word) for word in asked) / total if total else 1.0

    def _held(self, surface: str, terms: Sequence[str], language: str, text: Bag, other: str) -> float:
        best = 0.0
        for term in terms:
            best = max(best, match(QueryTerm(surface, term, "word", 0.0, 0.0, 1.0), text))
            if best == 1.0:
                return best
            expansions = self._expansions(term, language, other)
            if expansions:
                worth = _SYNONYM if language == other else 1.0
                best = max(best, worth * match(QueryTerm(surface, term, "word", 0.0, 0.0, 1.0, expansions), text))
        return best

    def _expansions(self, term: str, language: str, other: str) -> tuple[tuple[str, float], ...]:
        if self._lexicon is None:
            return ()
        return self._synonyms(term, language) if language == other else self._lexicon.translations(
            term, language, other
        )

    def _there_and_back(self, term: str, language: str) -> tuple[tuple[str, float], ...]:
        """Words of the same language that share translations with a word."""
        assert self._lexicon is not None
        middle = "en" if language != "en" else "de"
        found: dict[str, float] = dict(self._lexicon.translations(term, language, language))
        for over, share in self._lexicon.translations(term, language, middle):
            for back, further in self._lexicon.translations(over, middle, language):
                found[back] = found.get(back, 0.0) + share * further
        return tuple((back, share) for back, share in found.items() if share >= _CERTAIN and back != term)
