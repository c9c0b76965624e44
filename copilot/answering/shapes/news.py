"""Whether a piece of text tells more than the question and its place already say: an echo answers nothing."""

from __future__ import annotations

import functools
from collections.abc import Sequence

from copilot.language import terms
from copilot.language.words import FUNCTION_WORDS
from copilot.types import QueryTerm


def tells_more(text: str, place: str, asked: Sequence[QueryTerm], language: str) -> bool:
    """Whether a text holds a word or number that neither the question (or its translation) nor its place holds.

    ``place`` is title and headings: a heading that is repeated as text is an echo of it.
    """
    known = _content(place, language)
    for item in asked:
        known = known | {item.term} | {term for term, _ in item.expansions}
    return bool(_content(text, language) - known)


@functools.lru_cache(maxsize=4096)
def _content(text: str, language: str) -> frozenset[str]:
    stops = FUNCTION_WORDS.get(language, frozenset())
    return frozenset(term for term in terms(text, language) if term not in stops)
