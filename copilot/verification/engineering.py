"""The word table with the shipped engineering terms beside it: what a sentence and its source may call one thing."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence

from copilot.answering.text import Bag, bag, union
from copilot.language import concepts, stem
from copilot.verification.wording import Lexicon

Translations = tuple[tuple[str, float], ...]
_WHOLE, _PART = 1.0, 0.6  # what a term is worth that is one word; each word of a longer one
_WORD = "word"
_SHORTEST = 5
_COMPOUND = re.compile(r"[^\W\d_]{9,}")


class EngineeringWords:
    """A lexicon that knows the terms of the base vocabulary, too, and those that stand for each other in one language.

    Thread-safe. A term of several words is its stems joined by blanks, as in the word table.
    """

    def __init__(self, table: Lexicon) -> None:
        self._table = table
        self.pairs = table.pairs

    def parts(self, word: str, language: str) -> tuple[str, ...]:
        """The stems that a compound is made of, where an engineering term is one of them; else ()."""
        return german_parts(word) if language == "de" and len(word) > 8 else ()

    def translations(self, term: str, source: str, target: str) -> Translations:
        """As the word table's; of a term's own language its synonyms."""
        known: dict[str, float] = dict(self._table.translations(term, source, target) if source != target else ())
        for number, worth in _places(source).get(term, ()):
            for phrase in _phrases(target)[number]:
                if phrase != term:
                    known[phrase] = max(known.get(phrase, 0.0), worth)
        return tuple(known.items())


@functools.cache
def _german() -> frozenset[str]:
    """The German terms of one word, from which longer words are made ("Kühlmittel" in "Kühlmittelstand")."""
    words = {text.lower() for item in _texts() for text in item.get("de", ()) if text.isalpha()}
    return frozenset(word for word in words if len(word) >= _SHORTEST)


@functools.lru_cache(maxsize=8192)
def german_parts(word: str) -> tuple[str, ...]:
    """The stems of a German compound that begins or ends with an engineering term, and of its rest; else ()."""
    low = word.lower()
    for size in range(len(low) - 3, _SHORTEST - 1, -1):
        for known, rest in ((low[:size], low[size:]), (low[-size:], low[:-size])):
            if known in _german():
                return stem(known, "de"), stem(rest.removeprefix("s") if known == low[:size] else rest, "de")
    return ()


@functools.lru_cache(maxsize=4096)
def full_bag(text: str, language: str) -> Bag:
    """The bag of a text; in German with the engineering terms inside its compounds."""
    made = bag(text, language)
    if language != "de":
        return made
    more = frozenset(part for word in _COMPOUND.findall(text) for part in german_parts(word) if len(part) > 2)
    return union([made, Bag(more, frozenset())]) if more else made


@functools.cache
def _texts() -> tuple[dict[str, tuple[str, ...]], ...]:
    """Of each concept its terms by language."""
    from copilot.glossary.vocabulary import BaseTerms

    found = []
    for concept in BaseTerms().concepts():
        terms: dict[str, list[str]] = {}
        for term in concept.terms:
            terms.setdefault(term.language, []).append(term.text)
        found.append({language: tuple(texts) for language, texts in terms.items()})
    return tuple(found)


@functools.cache
def _phrases(language: str) -> tuple[tuple[str, ...], ...]:
    """Of each concept its terms in a language, as stems joined by blanks."""
    return tuple(
        tuple(phrase for text in item.get(language, ()) if (phrase := " ".join(_stems(text, language))))
        for item in _texts()
    )


@functools.cache
def _places(language: str) -> dict[str, list[tuple[int, float]]]:
    """Stem -> the concepts that have it in a term, and what it is worth there."""
    found: dict[str, list[tuple[int, float]]] = {}
    for number, phrases in enumerate(_phrases(language)):
        for phrase in phrases:
            stems = phrase.split(" ")
            for part in stems:
                found.setdefault(part, []).append((number, _WHOLE if len(stems) == 1 else _PART))
    return found


def _stems(text: str, language: str) -> Sequence[str]:
    if language == "zh":
        return [text] if len(text) < 3 else [item.terms[0] for item in concepts(text, "zh") if item.kind == _WORD]
    return [item.terms[0] for item in concepts(text, language) if item.kind == _WORD]
