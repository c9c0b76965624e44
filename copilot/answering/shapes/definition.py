"""Sentences and rows that define a term go before those that only use it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from copilot.types import QueryTerm

DEFINES = 2.5  # what a definition's chance counts more when sentences are ordered
_VERB = (
    r"(?:is|are|means|stands for|denotes|refers to|ist|sind|bedeutet|bezeichnet|heißt|steht für|est|désigne|signifie|"
    r"es|son|significa|designa|è|sono|indica|significano|é|são|oznacza|to|jest|是指|是|指|表示|意为|=|:|：|–|—|-)"
)


def defines(text: str, asked: Sequence[QueryTerm]) -> bool:
    """Whether a text begins with an asked word and says what it is, or gives it in brackets behind its long form."""
    for item in asked:
        if item.kind in ("function", "part") or len(item.surface) < 2:
            continue
        name = re.escape(item.surface)
        opening = rf"^\W*(?:\w+['’ ]){{0,2}}{name}(?: ?\([^)]*\))?\s*(?:{_VERB}(?=\W|[\u3400-\u9fff])|\t)"
        if re.search(opening, text, re.IGNORECASE) or re.search(rf"[(（]{name}[)）]", text, re.IGNORECASE):
            return True
    return False
