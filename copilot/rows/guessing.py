"""Tells a row that was guessed, where the question asks for the highest, lowest, latest or earliest of many rows."""

from __future__ import annotations

import re

from copilot.rows import vocabulary as words
from copilot.rows.asking import Asked, read_question
from copilot.rows.matching import columns_named, values_named
from copilot.rows.spans import edge
from copilot.rows.tables import Table

_FEWEST_ROWS = 3
_EXTREMES = frozenset({"highest", "lowest", "most", "fewest"})
# "The maximum pressure", "the highest permissible load": a sentence or a single cell states them.
_LIMITS = re.compile(
    r"(?<![/\[(\w])(?<!\d )(?:maxim\w*|máxim\w*|massim\w*|max|minim\w*|mínim\w*|min|maks\w*)\b\.?|"
    r"\bat (?:least|most)\b|最[大小高低](?!\s*[的？?。，]|$)",
    re.IGNORECASE,
)
_ALLOWED = re.compile(
    r"\b(?:may|permi(?:ss|tt|t)\w*|permit\w*|perm[ei]s\w*|allow\w*|admi(?:ss|tt|s)\w*|admit\w*|acceptab\w*|rated|"
    r"(?:zu|un)?zulässig\w*|erlaub\w*|dürfen|darf|autoris\w*|tolér\w*|consent\w*|ammess\w*|ammiss\w*|dopuszcz\w*|"
    r"dozwol\w*|possible|possibil\w*|posible\w*|possível|möglich\w*|nominal\w*)\b|允许|许用|额定|可能|不能|不得|超过",
    re.IGNORECASE,
)


def read_superlative(question: str, language: str) -> Asked | None:
    """The question, where it asks which of some rows has most of something; None where a text may say it."""
    if _ALLOWED.search(question):
        return None
    asked = read_question(_LIMITS.sub(" ", question), language)
    if asked is None or not asked.operations & _EXTREMES:
        return None
    # "Más", "più", "mais" also compare two things that a text tells apart.
    certain = asked.operations & {"highest", "lowest"} or asked.which is not None and language not in ("es", "it", "pt")
    return asked if certain else None


def is_guessed(asked: Asked, table: Table, quote: str) -> bool:
    """Whether ``quote`` is one of many rows with the column asked for, and nothing says that it is the one."""
    cells = tuple(cell.strip() for cell in quote.split("\t"))
    if len(table.rows) < _FEWEST_ROWS or all(row.cells != cells for row in table.rows):
        return False
    if _states(asked, f"{quote} {' '.join(table.header)} {table.caption}", table.language):
        return False
    named = columns_named(asked, table)
    for match in values_named(asked, table, named):
        alike = [row for row in table.rows if row.cells[match.column] == cells[match.column]]
        if len(alike) < 2 and cells[match.column].casefold() in {str(value).casefold() for value in match.values}:
            return False
    return any(_measures(asked, table, place, bool(named[place])) for place in range(len(table.header)))


def _measures(asked: Asked, table: Table, place: int, named: bool) -> bool:
    """Whether a column holds what the superlative is of."""
    from copilot.quantities import UNITS

    column = table.column(place)
    if asked.kind == "date":
        return column.dates is not None
    if asked.kind:
        return bool(column.unit) and UNITS[column.unit].kind == asked.kind
    if asked.operations & {"most", "fewest"}:
        return named
    return named and column.numbers is not None and not column.is_label


def _states(asked: Asked, text: str, language: str) -> bool:
    """Whether a row or its head says itself what is highest."""
    if _LIMITS.search(text):
        return True
    text = re.sub(r"\bmin\b", " ", text)  # minutes
    return any(
        words.compiled(edge(words.of(pattern, spoken), spoken)).search(text)
        for pattern in (words.HIGHEST, words.LOWEST)
        for spoken in {language, asked.language}
    )
