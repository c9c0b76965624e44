"""The quantities of a question as other units say them, in the terms of a search."""

from __future__ import annotations

import functools
import re
from dataclasses import replace
from decimal import Decimal

from copilot.language import concepts
from copilot.retrieval.expansion import Expansions

_DIGITS = (2, 3, 4)  # the usual roundings of a conversion, in significant digits
_SURE, _BARE = 0.9, 0.3  # that a number with its unit is meant, and that a number alone is (a table's cell)
_HOLDS_NUMBER = re.compile(r"\d")


def restated(text: str, language: str) -> tuple[tuple[str, Expansions, Expansions], ...]:
    """For each quantity of a question: as typed, its other forms with their units, and the bare numbers of these."""
    return _restated(text, language) if _HOLDS_NUMBER.search(text) else ()


@functools.lru_cache(maxsize=1024)
def _restated(text: str, language: str) -> tuple[tuple[str, Expansions, Expansions], ...]:
    from copilot.quantities import Quantity, converted, quantities, same
    from copilot.quantities.units import kin

    found = []
    for quantity in quantities(text, language):
        forms: dict[str, float] = {}
        numbers: dict[str, float] = {}
        for unit in kin(quantity.unit) if quantity.upper is None and not quantity.difference else ():
            exact = converted(quantity, unit.symbol).value
            for value in _rounded(exact):
                other = Quantity(value, unit.symbol, step=Decimal(1).scaleb(min(0, int(value.as_tuple().exponent))))
                if same(quantity, replace(other, difference=quantity.difference)):
                    written = format(value, "f")
                    forms |= dict.fromkeys(_terms(f"{written} {unit.symbol}"), _SURE)
                    numbers[written] = _BARE
        if forms:
            found.append((quantity.source, tuple(forms.items()), tuple(numbers.items())))
    return tuple(found)


def _rounded(value: Decimal) -> set[Decimal]:
    """A value with two, three and four digits, and as a whole number; what is too long to be written is left out."""
    if not value or not -4 < value.adjusted() < 7:
        return set()
    places = {digits - 1 - value.adjusted() for digits in _DIGITS} | {0}
    made = {value.quantize(Decimal(1).scaleb(-max(0, place))) for place in places}
    return {_plain(item) for item in made if item}


def _plain(value: Decimal) -> Decimal:
    return value.quantize(Decimal(1)) if value == value.to_integral() else value.normalize()


def _terms(text: str) -> list[str]:
    return [term for item in concepts(text, "") if item.kind == "quantity" for term in item.terms]
