"""Quantities: numbers with units as eight languages write them, their conversion, and when two are the same."""

from __future__ import annotations

from copilot.quantities.converting import converted, said_otherwise, same, shown
from copilot.quantities.finding import Quantity, quantities, unit_named
from copilot.quantities.heads import read_cell, split_head, unit_in_head
from copilot.quantities.numbers import Number, decimal_mark, parse_number, write_number
from copilot.quantities.spellings import UNITS

__all__ = [
    "UNITS",
    "Number",
    "Quantity",
    "converted",
    "decimal_mark",
    "parse_number",
    "quantities",
    "read_cell",
    "said_otherwise",
    "same",
    "shown",
    "split_head",
    "unit_in_head",
    "unit_named",
    "write_number",
]
