"""How well the words of a short text fit each of our languages: by the base vocabulary and the word tables' terms.

A word that a language has exactly as it is typed speaks for it most, one that differs in its diacritics or its ending
less; a word that the language only borrows from English ("audit" in Italian) hardly at all.
"""

from __future__ import annotations

import csv
import functools
import math
import re
from collections.abc import Mapping
from pathlib import Path

from copilot.errors import ModelError
from copilot.language.stems import fold, stem
from copilot.language.words import FUNCTION_WORDS
from copilot.language.wordtable import PIVOT, WordTable, open_word_table
from copilot.types import LANGUAGES

BASE = Path(__file__).resolve().parent.parent / "glossary" / "base"
WRITTEN = tuple(language for language in LANGUAGES if language != "zh")  # Han characters speak for themselves
# Fitted on 420 two- and three-word extracts of questions; each may be halved or doubled at a cost of a point at most.
_SAME, _ACCENT, _ENDING, _SHOUTED = 1.0, 0.8, 0.4, 0.3
_BORROWED = 0.8
_UNKNOWN = 0.05
_MODEL = 0.5
_FLOOR = 1e-4
_SHORTEST_STRANGER, _HARDLY, _WELL = 4, 0.07, 0.75
_ARTICLE = 3  # letters of an article or preposition
# Words of letters alone: what digits stand in is a name, not a word.
_TOKEN = re.compile(r"[^\W_]+")


def words(text: str) -> list[str]:
    """The words that can tell a language: of two letters or more, without digits."""
    return [word for word in _TOKEN.findall(text) if len(word) > 1 and word.isalpha()]


def language_of(text: str, model: Mapping[str, float]) -> tuple[str, float]:
    """The likeliest of the languages written in letters, and its probability; ``model`` has a text model's own.

    Naive Bayes over the words, with the text model's opinion as one more, by its root.
    """
    scores = {language: _MODEL * math.log(max(model.get(language, 0.0), _FLOOR)) for language in WRITTEN}
    for word in words(text):
        fits = _fits(word)
        total = sum(fits.values()) + _UNKNOWN * len(fits)
        for language, fit in fits.items():
            scores[language] += math.log((fit + _UNKNOWN) / total)
    best = max(scores, key=lambda language: scores[language])
    return best, 1 / sum(math.exp(score - scores[best]) for score in scores.values())


def strangers(text: str, language: str) -> dict[str, frozenset[str]]:
    """{other language: words of the text, in lower case, that it knows well and ``language`` hardly or not at all}.

    A word with a capital is taken for a German noun or for a name, not for a word of a third language.
    """
    found: dict[str, set[str]] = {}
    for word in words(text) if language in WRITTEN else ():
        fits = _fits(word)
        best = max(fits.values())
        if len(word) < _SHORTEST_STRANGER or fits[language] > _HARDLY or best < _WELL:
            continue
        for other, fit in fits.items():
            named = word[:1].isupper() and other != "de"
            if fit >= _WELL and fit >= best / 2 and not named and word.lower() not in FUNCTION_WORDS[other]:
                found.setdefault(other, set()).add(word.lower())
    return {other: frozenset(known) for other, known in found.items()}


def is_name(word: str) -> bool:
    """Whether no language knows the word: a name of a place, a firm, a vehicle."""
    return word.isalpha() and max(_fits(word).values()) < _UNKNOWN


@functools.lru_cache(maxsize=8192)
def _fits(word: str) -> dict[str, float]:
    """How well a word fits each language; 0 where nothing knows it."""
    lowered = word.lower()
    table = _table()
    owners = [language for language in WRITTEN if lowered in FUNCTION_WORDS[language]]
    found = {}
    grammar = bool(owners) and len(word) <= _ARTICLE
    for language in WRITTEN:
        if grammar and language not in owners:
            found[language] = 0.0  # "la" stands in Portuguese texts, too, and is no word of theirs
            continue
        fit = _SAME if lowered in _base()[language] else 0.0
        if table is not None:
            fit = max(fit, _known(word, language, table))
        found[language] = fit + (1 / len(owners) if language in owners else 0.0)
    return found


def _known(word: str, language: str, table: WordTable) -> float:
    """How well the word table's language knows the word."""
    lowered, term = word.lower(), stem(word, language)
    if not table.knows(term, language):
        return 0.0
    seen = table.surface(term, language)
    fit = _SAME if seen.lower() == lowered else _ACCENT if fold(seen) == fold(word) else _ENDING
    if len(seen) > 1 and seen.isupper() and not word.isupper():
        fit *= _SHOUTED  # a constant in someone's program
    if language == PIVOT:
        return fit
    english = dict(table.translations(term, language, PIVOT))
    return fit * (1 - _BORROWED * max(english.get(stem(word, PIVOT), 0.0), english.get(lowered, 0.0)))


@functools.cache
def _base() -> dict[str, frozenset[str]]:
    """The words of the base vocabulary, by language."""
    found: dict[str, set[str]] = {language: set() for language in WRITTEN}
    for path in sorted(BASE.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                for language in WRITTEN:
                    found[language] |= {word.lower() for word in words(row.get(language) or "")}
    return {language: frozenset(known) for language, known in found.items()}


@functools.cache
def _table() -> WordTable | None:
    """The word table; without it the base vocabulary and the text model remain."""
    try:
        return open_word_table()
    except ModelError:
        return None
