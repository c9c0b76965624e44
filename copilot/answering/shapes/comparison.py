"""The two sides of a comparison, and what the question asks of each of them."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import replace

from copilot.language import terms as terms_of
from copilot.language.words import FUNCTION_WORDS
from copilot.types import QueryTerm

_A, _B = r"(?P<a>[^,;?？]+?)", r"(?P<b>[^,;?？]+?)"
_DISTINCT = 3.0  # what tells the sides apart decides which of two like sentences is about which
_END = r"(?=[?？.,;]|$)"
_BETWEEN = {
    "en": rf"between (?:the )?{_A} and (?:the )?{_B}{_END}",
    "de": rf"zwischen (?:de[mnr] )?{_A} und (?:de[mnr] )?{_B}{_END}",
    "fr": rf"entre (?:les? |la |l['’])?{_A} et (?:les? |la |l['’])?{_B}{_END}",
    "es": rf"entre (?:el |las? |los )?{_A} y (?:el |las? |los )?{_B}{_END}",
    "it": rf"(?:tra|fra) (?:il |la |lo |l['’]|i |gli |le )?{_A} e (?:il |la |lo |l['’]|i |gli |le )?{_B}{_END}",
    "pt": rf"entre (?:[oa]s? )?{_A} e (?:[oa]s? )?{_B}{_END}",
    "pl": rf"(?:między|pomiędzy) {_A} a {_B}{_END}",
    "zh": rf"(?:^|[，,：:]){_A}(?:与|和|跟|同){_B}(?:之间|的(?:区别|差异|不同)|有(?:什么|何|哪些)|相比|[?？]|$)",
}
_COMPARE = (
    rf"(?:compare|vergleiche?|comparez?|compara|confronta|porównaj|比较|对比) ?(?:the )?{_A} ?"
    rf"(?:\band\b|\bwith\b|\bto\b|\bund\b|\bmit\b|\bet\b|\bavec\b|\by\b|\bcon\b|\be\b|\bcom\b|\bi\b|\bz\b|与|和) ?"
    rf"(?:the )?{_B}{_END}"
)
_AGAINST = (
    rf"{_A} (?:vs\.?|versus|compared (?:to|with)|gegenüber|im vergleich zu[mr]?|par rapport (?:à|au)|"
    rf"rispetto a(?:l|lla)?|frente a|comparado con|em relação (?:à|ao)|w porównaniu (?:z|do)) {_B}{_END}"
)


def sides(question: str, language: str) -> tuple[str, str] | None:
    """The wording of the two things that are compared; None where they cannot be told apart."""
    for pattern in (_BETWEEN.get(language), _COMPARE, _AGAINST):
        found = re.search(pattern, question, re.IGNORECASE) if pattern else None
        if found:
            return found.group("a").strip(), found.group("b").strip()
    return None


def without(terms: Sequence[QueryTerm], side: str, other: str, language: str) -> tuple[QueryTerm, ...]:
    """The question's terms without those that name only the other side; those that name only ``side`` weigh more."""
    mine, others = _content(side, language), _content(other, language)
    kept = [item for item in terms if not _content(item.surface, language) & (others - mine)]
    return tuple(
        replace(item, weight=item.weight * _DISTINCT) if _content(item.surface, language) & (mine - others) else item
        for item in kept
    )


def holds_all(text: str, side: str, language: str) -> bool:
    """Whether a text names a side by all of its words."""
    return _content(side, language) <= _content(text, language)


@functools.lru_cache(maxsize=256)
def _content(text: str, language: str) -> frozenset[str]:
    return frozenset(terms_of(text, language)) - FUNCTION_WORDS.get(language, frozenset())
