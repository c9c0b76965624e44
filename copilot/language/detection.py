"""Which of our languages a text is in: function words where they decide, vocabularies and a small model elsewhere."""

from __future__ import annotations

import functools
import re
import threading
from typing import Any

from copilot.language.vocabularies import language_of, words
from copilot.language.words import FUNCTION_WORDS
from copilot.types import LANGUAGES, UNKNOWN_LANGUAGE

_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_KANA = re.compile(r"[\u3040-\u30ff]")
_WORD = re.compile(r"[^\W\d_]+")
# A lone letter that only an apostrophe makes a word of French or Italian; else it is a unit ("60 °C", "70 s").
_UNIT_LETTER = re.compile(r"(?<![^\W_])[cdjlmnstCDJLMNST](?![\w'’])")
_MODEL_CERTAINTY = 0.9  # py3langid over our eight was right 277 of 277 times at or above it
_MAX_CHARS = 2000
_LETTERS = {"pl": "łąęśźżćń", "de": "äöüß", "pt": "ãõ", "es": "ñ¿¡", "it": "òìù"}  # seldom found in the others
_OVERRIDE_WORDS = 12  # a document's language yields to the model only for texts of at least this many words
_SHORT_WORDS = 12  # so many words have too few letters for the model alone
_SHORTEST = 5  # letters in words; fewer say nothing
_ONE_WORD = 0.85  # one word stands in several languages too easily
_LOCK = threading.Lock()


@functools.cache
def _votes() -> dict[str, dict[str, float]]:
    """Word -> language -> weight: a word that k languages share counts 1/k for each."""
    owners: dict[str, list[str]] = {}
    for language, known in FUNCTION_WORDS.items():
        for word in known:
            owners.setdefault(word, []).append(language)
    owners["à"] = ["fr", "it", "pt"]
    return {word: dict.fromkeys(languages, 1 / len(languages)) for word, languages in owners.items()}


@functools.cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(list(LANGUAGES))
    # It keeps the table of all its languages to return to: 27 MB that nobody asks for.
    identifier._full_model = identifier.nb_ptc, identifier.nb_pc, identifier.nb_classes
    return identifier


def _by_function_words(words: list[str], text: str, fallback: str) -> str:
    """The language that function words and telling letters agree on; an empty string where they do not.

    What is expected, a document's language in one of its sentences, yields only to twice its own evidence.
    """
    scores: dict[str, float] = {
        language: min(2, sum(text.count(letter) for letter in letters)) for language, letters in _LETTERS.items()
    }
    for word in words:
        for language, weight in _votes().get(word, {}).items():
            scores[language] = scores.get(language, 0.0) + weight
    ranked = sorted(scores.items(), key=lambda item: -item[1])
    if not ranked or ranked[0][1] < 1.5:
        return ""
    if scores.get(fallback, 0.0) >= ranked[0][1] / 2:
        return fallback
    second = ranked[1][1] if len(ranked) > 1 else 0.0
    return ranked[0][0] if ranked[0][1] >= 1.6 * second else ""


def detect(text: str, fallback: str = UNKNOWN_LANGUAGE, certainty: float = _MODEL_CERTAINTY) -> str:
    """The language of ``text``, or ``fallback`` where nothing speaks clearly (identifiers, numbers, one word).

    ``certainty`` is the probability from which vocabularies and model are believed where function words do not
    decide; of one word alone it is never less than .85.
    """
    text = text[:_MAX_CHARS]
    han = len(_HAN.findall(text))
    found = [word.lower() for word in _WORD.findall(_UNIT_LETTER.sub(" ", text))]
    latin = sum(1 for word in found if not _HAN.search(word))
    if han >= 2 and not _KANA.search(text) and han >= latin:
        return "zh"
    if not latin:
        return fallback
    by_words = _by_function_words(found, text.lower(), fallback)
    if by_words:
        return by_words
    if fallback != UNKNOWN_LANGUAGE and len(found) < _OVERRIDE_WORDS:
        return fallback
    decide = _by_vocabulary if len(found) <= _SHORT_WORDS else _by_model
    return decide(text, fallback, certainty)


def _by_model(text: str, fallback: str, certainty: float) -> str:
    with _LOCK:
        language, probability = _identifier().classify(text)
    return str(language) if probability >= certainty else fallback


def _by_vocabulary(text: str, fallback: str, certainty: float) -> str:
    """A short text: what its words are known to be, with the model's opinion beside it."""
    telling = words(text)
    if sum(map(len, telling)) < _SHORTEST:
        return fallback
    with _LOCK:
        opinion = {str(name): float(chance) for name, chance in _identifier().rank(text)}
    language, probability = language_of(text, opinion)
    return language if probability >= (certainty if len(telling) > 1 else max(certainty, _ONE_WORD)) else fallback
