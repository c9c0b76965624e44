"""The word table with the shipped engineering terms beside it: what a sentence and its source may call one thing."""

from __future__ import annotations

import functools
from collections.abc import Sequence

from copilot.language import concepts
from copilot.verification.wording import Lexicon

Translations = tuple[tuple[str, float], ...]
_WHOLE, _PART = 1.0, 0.6  # what a term is worth that is one word; each word of a longer one
_WORD = "word"


class EngineeringWords:
    """A lexicon that knows the terms of the base vocabulary, too, and those that stand for each other in one language.

    Thread-safe. A term of several words is its stems joined by blanks, as in the word table.
    """

    def __init__(self, table: Lexicon) -> None:
        self._table = table
        self.pairs = table.pairs

    def translations(self, term: str, source: str, target: str) -> Translations:
        """As the word table's; of a term's own language its synonyms."""
        known: dict[str, float] = dict(self._table.translations(term, source, target) if source != target else ())
        for number, worth in _places(source).get(term, ()):
            for phrase in _phrases(target)[number]:
                if phrase != term:
                    known[phrase] = max(known.get(phrase, 0.0), worth)
        return tuple(known.items())


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
            for stem in stems:
                found.setdefault(stem, []).append((number, _WHOLE if len(stems) == 1 else _PART))
    return found


def _stems(text: str, language: str) -> Sequence[str]:
    if language == "zh":
        return [text] if len(text) < 3 else [item.terms[0] for item in concepts(text, "zh") if item.kind == _WORD]
    return [item.terms[0] for item in concepts(text, language) if item.kind == _WORD]
