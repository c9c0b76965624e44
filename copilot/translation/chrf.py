"""chrF of one sentence (Popović 2015: character n-grams of 1 to 6, beta 2, white space left out), in per cent."""

from __future__ import annotations

from collections import Counter

_ORDER = 6
_BETA = 2.0


def chrf(hypothesis: str, reference: str) -> float:
    """How near a translation is to a reference, from 0 to 100."""
    made, wanted = "".join(hypothesis.split()), "".join(reference.split())
    precisions: list[float] = []
    recalls: list[float] = []
    for order in range(1, _ORDER + 1):
        left, right = _grams(made, order), _grams(wanted, order)
        if not left or not right:
            continue
        common = (left & right).total()
        precisions.append(common / left.total())
        recalls.append(common / right.total())
    if not precisions:
        return 0.0
    precision, recall = sum(precisions) / len(precisions), sum(recalls) / len(recalls)
    weight = _BETA * _BETA
    divisor = weight * precision + recall
    return 100 * (1 + weight) * precision * recall / divisor if divisor else 0.0


def _grams(text: str, order: int) -> Counter[str]:
    return Counter(text[start : start + order] for start in range(len(text) - order + 1))
