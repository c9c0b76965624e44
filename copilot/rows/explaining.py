"""Every word of a question must be of a column, a value or the table's subject; else the table cannot decide."""

from __future__ import annotations

import re

from copilot.quantities import UNITS, unit_named
from copilot.rows import vocabulary as words
from copilot.rows.matching import stands_apart, strengths
from copilot.rows.plans import Binding, Undecidable


def check_explained(binding: Binding) -> None:
    """Every word left must be of the table's subject, or a word for any row; else the table cannot decide."""
    asked, table = binding.asked, binding.table
    uri = table.document.uri.rsplit("/", 1)[-1].replace("_", " ")
    subject = f"{table.caption} {table.heading} {table.document.title} {table.document.number} {uri}"
    subject += " " + " ".join(table.document.applicability.models + table.document.applicability.sites)
    around = strengths(asked, subject, table.language)
    kinds = _kinds(binding)
    binding.fit += 0.4 * (table.language == asked.language)
    for place, word in enumerate(asked.words):
        if place in binding.told or word.plain or is_row_noun(word.text) or _is_unit(binding, word.text):
            continue
        if any(re.fullmatch(words.KINDS[kind], word.text, re.IGNORECASE) for kind in kinds):
            continue
        if place == asked.counted and binding.conditions and not stands_apart(word, asked.language):
            continue  # "how many bolts": the answer speaks of rows
        if place not in around:
            raise Undecidable(f"'{word.text}' is neither a column nor a value", word.text)
        if binding.loose:
            raise Undecidable(f"'{word.text}' names no column", word.text)
        binding.fit += 0.5 * around[place]


def _kinds(binding: Binding) -> set[str]:
    """What the columns that are computed over measure."""
    chosen = {condition.column for condition in binding.conditions if condition.comparison} | binding.measures
    units = {binding.table.column(place).unit for place in chosen}
    return {UNITS[unit].kind for unit in units if unit and UNITS[unit].kind in words.KINDS}


def is_row_noun(text: str) -> bool:
    """Whether a word stands for whatever a row is about."""
    return re.fullmatch(words.ROW_NOUNS, text, re.IGNORECASE) is not None


def _is_unit(binding: Binding, text: str) -> bool:
    symbol = "°" if re.fullmatch(words.DEGREES, text, re.IGNORECASE) else unit_named(text, binding.asked.language)
    kinds = {
        UNITS[column.unit].kind
        for place in range(len(binding.table.header))
        if (column := binding.table.column(place)).unit
    }
    return symbol is not None and (UNITS[symbol].kind in kinds or symbol == "°" and "temperature" in kinds)
