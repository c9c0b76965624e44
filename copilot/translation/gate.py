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

from copilot.language.analysis import terms

_WORD = re.compile(r"[^\W\d_]{2,}")
_MASK = re.compile(r"⟦\d+⟧")


def may_speak(source: str, hypothesis: str, score: float, metadata: Mapping[str, Any]) -> bool:
    """Whether the hypothesis is likely good enough to be shown; always, where a package sets no limits.

    Both texts are as the model saw and made them, masks included; ``score`` is the mean log-probability per piece.
    """
    speak = metadata.get("copilot", {}).get("speak")
    if not speak:
        return True
    found = features(source, hypothesis, score, str(metadata.get("from_code", "")), speak["words"])
    if found is None:
        return False
    return probability(found, speak["weights"], speak["centre"], speak["spread"]) >= float(speak["threshold"])


def features(
    source: str, hypothesis: str, score: float, language: str, words: Mapping[str, Sequence[Any]]
) -> tuple[float, ...] | None:
    """What tells a good translation from a bad one; None where one look at the text rules it out.

    ``words`` maps a count to the filter of the stems that were seen at least so often in training.
    """
    given, made = _WORD.findall(source.lower()), _WORD.findall(hypothesis.lower())
    if not given or not made or Counter(_MASK.findall(source)) != Counter(_MASK.findall(hypothesis)):
        return None
    stems = list(terms(_MASK.sub(" ", source), language))
    unknown = [sum(not holds(stem, words[count]) for stem in stems) for count in sorted(words, key=int)]
    ratio = math.log((len(hypothesis) + 2) / (len(source) + 2))
    pairs = Counter(zip(made, made[1:], strict=False))
    repeated = sum(count - 1 for count in pairs.values()) + sum(a == b for a, b in zip(made, made[1:], strict=False))
    untouched = len(set(given) & {word for word in made if len(word) > 3})
    return (
        score,
        score * score,
        math.log(len(given)),
        score * math.log(len(given)),
        *(count / (len(stems) + 1) for count in unknown),
        *(min(count, 3) / 3 for count in unknown),
        abs(ratio),
        ratio,
        repeated / len(made),
        untouched / len(made),
        float(len(given) == 1),
    )


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
