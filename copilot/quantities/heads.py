"""Units in the heads of columns, and the bare numbers in the cells below."""

from __future__ import annotations

import re
from dataclasses import replace

from copilot.quantities.finding import Quantity, quantities, unit_named

_BRACKETED = re.compile(r"^(.*?)[\s_]*[\[(（]([^\[\]()（）]{1,16})[\])）]\s*$")

_TIES = ("in", "en", "em", "w")


def unit_in_head(head: str, language: str) -> str:
    """The unit that a column's head gives for its cells: "Torque [Nm]", "Torque in Nm", "torque_Nm"; else empty."""
    return split_head(head, language)[1]


def split_head(head: str, language: str) -> tuple[str, str]:
    """A column's name and the symbol of its unit, empty where it names none that we know."""
    bracketed = _BRACKETED.match(head)
    if bracketed:
        symbol = unit_named(bracketed.group(2), language)
        return (bracketed.group(1).strip(), symbol) if symbol else (head.strip(), "")
    whole = re.split(r"[\s_,]+", head.strip())
    if "/" in whole[-1]:
        symbol = unit_named(whole[-1], language) if len(whole) > 1 else None
        if symbol:
            tied = len(whole) > 2 and whole[-2].lower() in _TIES
            return " ".join(whole[: -2 if tied else -1]), symbol
        if unit_named(whole[-1].split("/")[0], language):
            return head.replace("_", " ").strip(), ""  # a quotient that we do not know is none of its parts
    parts = re.split(r"[\s_,/]+", head.strip())
    tied = len(parts) > 2 and parts[-2].lower() in _TIES
    symbol = unit_named(parts[-1], language) if tied or len(parts) > 1 and 1 < len(parts[-1]) < 6 else None
    if symbol:
        return " ".join(parts[: -2 if tied else -1]), symbol
    return head.replace("_", " ").strip(), ""


def read_cell(cell: str, unit: str, language: str) -> Quantity | None:
    """The bare number or range of a cell in the unit of its column; None where the cell says anything else."""
    found = quantities(f"{cell} {unit}", language)
    if len(found) != 1 or found[0].start > 0 or found[0].end != len(cell) + 1 + len(unit):
        return None
    return replace(found[0], end=len(cell), source=cell)
