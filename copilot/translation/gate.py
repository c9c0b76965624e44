"""Whether a small translator may show what it made: a calibrated guess from things seen without a reference."""

from __future__ import annotations

import base64
import functools
import hashlib
import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from copilot.language.analysis import concepts
from copilot.language.wordtable import WordTable, open_word_table, table_path

_WORD = re.compile(r"[^\W\d_]{2,}")
_MASK = re.compile(r"⟦\d+⟧")
# What turns a statement round: it must stand on both sides, or on neither.
_NEGATIONS = {
    "de": r"\b(?:nicht|nichts|kein\w*|nie|niemals|ohne|weder)\b",
    "en": r"\b(?:not|no|never|without|none|nothing|neither|nor|cannot)\b|n['’]t\b",
    "es": r"\b(?:no|nunca|jamás|sin|ningún|ningun[oa]s?|nada|ni|tampoco)\b",
    "fr": r"\b(?:ne|pas|jamais|sans|aucun\w*|rien|ni|non)\b|\bn['’]",
    "it": r"\b(?:non|no|mai|senza|nessun\w*|niente|nulla|né)\b",
    "pl": r"\b(?:nie|nigdy|bez|żad\w+|nic|ani)\b",
    "pt": r"\b(?:não|nunca|jamais|sem|nenhu\w+|nada|nem)\b",
    "zh": r"[不没未非无勿莫]",
}
_NEGATED = {language: re.compile(pattern, re.IGNORECASE) for language, pattern in _NEGATIONS.items()}
_LIKELY = 0.02  # a translation in the word table counts from here on


def may_speak(
    source: str, hypothesis: str, score: float, metadata: Mapping[str, Any], tables: str = "all"
) -> bool:
    """Whether the hypothesis is likely good enough to be shown; always, where a package sets no limits.

    Both texts are as the model saw and made them, masks included; ``score`` is the mean log-probability per piece;
    ``tables`` names the word table that is asked (all or permissive).
    """
    speak = metadata.get("copilot", {}).get("speak")
    if not speak:
        return True
    pair = (str(metadata.get("from_code", "")), str(metadata.get("to_code", "")))
    table = open_word_table(table_path(tables))
    found = features(source, hypothesis, score, pair, speak["words"], table)
    if found is None or _leaves_out(source, hypothesis, pair, table):
        return False
    return probability(found, speak["weights"], speak["centre"], speak["spread"]) >= float(speak["threshold"])


def features(
    source: str, hypothesis: str, score: float, pair: tuple[str, str], words: Mapping[str, Sequence[Any]],
    table: WordTable | None = None,
) -> tuple[float, ...] | None:
    """What tells a good translation from a bad one; None where one look at the text rules it out.

    ``words`` maps a count to the filter of the stems that were seen at least so often in training. The word table
    tells which stems of either side have a counterpart in the other.
    """
    table = table or open_word_table()
    given, made = _WORD.findall(source.lower()), _WORD.findall(hypothesis.lower())
    if not given or not made or Counter(_MASK.findall(source)) != Counter(_MASK.findall(hypothesis)):
        return None
    if _negated(source, pair[0]) != _negated(hypothesis, pair[1]):
        return None
    stems, others = _content(source, pair[0]), _content(hypothesis, pair[1])
    unknown = [sum(not holds(stem, words[count]) for stem in stems) for count in sorted(words, key=int)]
    if bool(stems) != bool(others) or _invented(others, stems, pair, table):
        return None
    lost, added = _unmatched(stems, others, pair, table)
    ratio = math.log((len(hypothesis) + 2) / (len(source) + 2))
    follows = list(zip(made, made[1:], strict=False))
    repeated = len(follows) - len(set(follows)) + sum(first == second for first, second in follows)
    return (
        score,
        score * score,
        math.log(len(given)),
        score * math.log(len(given)),
        *(count / (len(stems) + 1) for count in unknown),
        *(min(count, 3) / 3 for count in unknown),
        lost / (len(stems) + 1),
        min(lost, 3) / 3,
        added / (len(others) + 1),
        min(added, 3) / 3,
        float(lost + added == 0),
        abs(ratio),
        ratio,
        repeated / len(made),
        float(len(given) == 1),
    )


def _leaves_out(source: str, hypothesis: str, pair: tuple[str, str], table: WordTable) -> bool:
    """Whether more words lack a counterpart than there are words that could be it: half a warning misleads."""
    lost, added = _unmatched(_content(source, pair[0]), _content(hypothesis, pair[1]), pair, table)
    return lost > added


def _negated(text: str, language: str) -> bool:
    pattern = _NEGATED.get(language)
    return pattern is not None and pattern.search(text) is not None


def _content(text: str, language: str) -> list[str]:
    """Stems of the words that mean something, masks and numbers left out."""
    found = concepts(_MASK.sub(" ", text), language)
    return [term for concept in found if concept.kind == "word" for term in concept.terms[:1]]


def _invented(
    others: Sequence[str], stems: Sequence[str], pair: tuple[str, str], table: WordTable
) -> bool:
    """Whether the hypothesis holds a word that neither its language, by the word table, nor the source knows."""
    return any(other not in stems and not table.translations(other, pair[1], pair[0]) for other in others)


def _unmatched(
    stems: Sequence[str], others: Sequence[str], pair: tuple[str, str], table: WordTable
) -> tuple[int, int]:
    """How many stems of the source have no counterpart in the hypothesis, and the other way round."""
    meant = [
        {stem, *(other for other, chance in table.translations(stem, *pair) if chance >= _LIKELY)} for stem in stems
    ]
    there = set(others)
    known: set[str] = set().union(*meant)
    return sum(not options & there for options in meant), sum(other not in known for other in others)


def probability(
    found: Sequence[float], weights: Sequence[float], centre: Sequence[float], spread: Sequence[float]
) -> float:
    """Logistic regression over standardised features; the last weight is the constant."""
    total = weights[-1] + sum(
        weight * (value - middle) / width
        for weight, value, middle, width in zip(weights, found, centre, spread, strict=False)
    )
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


def holds(stem: str, kept: Sequence[Any]) -> bool:
    """Whether a filter (its bits, and itself in base 64) holds a stem; one in fifty is held wrongly."""
    bits = _bits(str(kept[1]))
    return all(bits[place // 8] >> place % 8 & 1 for place in places(stem, int(kept[0])))


def places(stem: str, size: int) -> list[int]:
    """The bits of one stem in a filter of this size."""
    digest = hashlib.blake2b(stem.encode(), digest_size=16).digest()
    return [int.from_bytes(digest[start : start + 4], "big") % size for start in range(0, 16, 4)]


@functools.lru_cache(maxsize=64)
def _bits(packed: str) -> bytes:
    return base64.b64decode(packed)
