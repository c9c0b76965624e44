"""Words folded and stemmed: the form in which terms are compared."""

from __future__ import annotations

import functools
import unicodedata
from typing import Any

_STEMMERS = {
    "de": "german",
    "en": "english",
    "es": "spanish",
    "fr": "french",
    "it": "italian",
    "pl": "polish",
    "pt": "portuguese",
}
_WORD = 40  # characters of what may be a word: its folded form is kept
_FOLD = str.maketrans({"ß": "ss", "ł": "l", "ø": "o", "æ": "ae", "œ": "oe", "đ": "d"})


def fold(text: str) -> str:
    """Lower case without diacritics."""
    if text.isascii():
        return text.lower()
    return _folded(text) if len(text) <= _WORD else _fold(text)


@functools.lru_cache(maxsize=32768)
def _folded(word: str) -> str:
    return _fold(word)


def _fold(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.lower())
    return "".join(char for char in decomposed if not unicodedata.combining(char)).translate(_FOLD)


@functools.lru_cache(maxsize=16)
def _stemmer(language: str) -> Any:
    import Stemmer

    return Stemmer.Stemmer(_STEMMERS[language], 0)


@functools.lru_cache(maxsize=65536)
def stem(word: str, language: str) -> str:
    """The folded Snowball stem of a word; the folded word itself in a language without a stemmer."""
    lowered = word.lower()
    if language not in _STEMMERS:
        return fold(lowered)
    # A stemmer object is not thread-safe; stemWord on a cached result mostly avoids it, a new one is cheap.
    return fold(_stemmer(language).stemWord(lowered))
