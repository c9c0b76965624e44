"""A quantity in another unit, with as many digits as it had, and whether two quantities say the same."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

from copilot.errors import UsageError
from copilot.quantities.finding import Quantity, quantities, unit_named
from copilot.quantities.numbers import write_number
from copilot.quantities.spellings import UNITS
from copilot.quantities.units import OFFSET, convert, decimal_shift

_DIGITS = 3  # a conversion has at least so many significant digits
# Two values in different units are the same within the rounding of the one, but never further apart than this.
_FURTHEST = Decimal("0.035")
_FURTHEST_DEGREES = Decimal("0.6")


def converted(quantity: Quantity, unit: str, language: str = "") -> Quantity:
    """The quantity in ``unit`` (any spelling); ranges and tolerances with it.

    Raises UsageError where the unit is unknown or measures something else.
    """
    target = unit if unit in UNITS else unit_named(unit, language)
    if target is None:
        raise UsageError(f"'{unit}' is not a unit for certain.", "Write it out, for instance lbf·ft, psi, °F, mm.")
    if UNITS[quantity.unit].kind != UNITS[target].kind:
        raise UsageError(
            f"{quantity.unit} measures {UNITS[quantity.unit].kind}, {target} {UNITS[target].kind}.",
            "Name a unit of the same kind of quantity.",
        )
    value, step = _one(quantity, quantity.value, target, quantity.difference)
    upper = None if quantity.upper is None else _one(quantity, quantity.upper, target, quantity.difference)[0]
    tolerance = None if quantity.tolerance is None else _one(quantity, quantity.tolerance, target, True)[0]
    return replace(quantity, value=value, unit=target, step=step, upper=upper, tolerance=tolerance)


def _one(quantity: Quantity, value: Decimal, target: str, difference: bool) -> tuple[Decimal, Decimal]:
    """The exact value in the target unit, and the place to which it is known."""
    if quantity.unit == target:
        return value, quantity.step
    shift = decimal_shift(quantity.unit, target)
    if shift is not None:
        return value.scaleb(shift), quantity.step.scaleb(shift)
    made = convert(value, quantity.unit, target, difference)
    if UNITS[target].kind == "temperature":
        finest = Decimal("0.1") if {quantity.unit, target} & {"°F"} else Decimal("0.01")
        return made, min(quantity.step or Decimal(1), finest)
    digits = max(_DIGITS, _significant(value, quantity.step))
    return made, Decimal(1).scaleb(min(0, made.adjusted() - digits + 1) if made else 0)


def _significant(value: Decimal, step: Decimal) -> int:
    """How many digits a value is written with, 5 at most; a fraction is exact, and counts as 4."""
    if not step:
        return 4
    return max(1, min(5, (value.adjusted() if value else step.adjusted()) - step.adjusted() + 1))


def rounded(value: Decimal, step: Decimal) -> Decimal:
    """To the place of ``step``, without trailing zeros."""
    if not step:
        return value
    made = value.quantize(step, ROUND_HALF_UP)
    return made.quantize(Decimal(1)) if made == made.to_integral() else made.normalize()


def shown(quantity: Quantity, language: str = "en") -> str:
    """The quantity as the language writes its numbers: "18.4 lbf·ft", "15 – 18 lbf·ft", "73.4 ± 3.6 °F"."""
    value = write_number(rounded(quantity.value, quantity.step), language)
    gap = "" if quantity.unit == "°" else "\u00a0" if language == "fr" else " "
    if quantity.upper is not None:
        value += " – " + write_number(rounded(quantity.upper, quantity.step), language)
    if quantity.tolerance is not None:
        value += " ± " + write_number(rounded(quantity.tolerance, quantity.step), language)
    return f"{value}{gap}{quantity.unit}"


def same(a: Quantity, b: Quantity) -> bool:
    """Whether the two say the same: equal in one unit; in two, equal within the rounding of what was written."""
    if UNITS[a.unit].kind != UNITS[b.unit].kind or (a.upper is None) != (b.upper is None):
        return False
    if a.tolerance is not None and b.tolerance is not None and not _equal(a, b, a.tolerance, b.tolerance, True):
        return False
    apart = a.difference if a.difference == b.difference else None
    if apart is None and (a.unit in OFFSET or b.unit in OFFSET) and a.unit != b.unit:
        return False
    if a.upper is not None and b.upper is not None and not _equal(a, b, a.upper, b.upper, bool(apart)):
        return False
    return _equal(a, b, a.value, b.value, bool(apart))


def _equal(a: Quantity, b: Quantity, first: Decimal, second: Decimal, difference: bool) -> bool:
    if a.unit == b.unit:
        return first == second
    there = convert(first, a.unit, b.unit, difference)
    if decimal_shift(a.unit, b.unit) is not None or not a.step and not b.step:
        return abs(there - second) <= abs(second) * Decimal("1e-9")
    back = convert(second, b.unit, a.unit, difference)
    return _rounds_to(there, second, b) or _rounds_to(back, first, a)


def _rounds_to(value: Decimal, written: Decimal, quantity: Quantity) -> bool:
    """Whether a value is what was written, rounded; a single digit ("5 bar") is taken for exact to a tenth of it."""
    step = quantity.step
    if step and _significant(written, step) == 1 and UNITS[quantity.unit].kind != "temperature":
        step = step / 10
    apart = abs(value - written)
    if UNITS[quantity.unit].kind == "temperature":
        return apart <= min(step / 2, _FURTHEST_DEGREES) + Decimal("1e-9")
    return apart <= min(step / 2, abs(written) * _FURTHEST) + abs(written) * Decimal("1e-9")


def said_otherwise(asked: str, language: str, text: str, text_language: str) -> frozenset[str]:
    """The numbers of a question whose quantity a text gives in another unit: "18.4" where it says 25 Nm."""
    wanted = quantities(asked, language)
    if not wanted:
        return frozenset()
    given = quantities(text, text_language)
    return frozenset(
        part
        for item in wanted
        if any(item.unit != other.unit and same(item, other) for other in given)
        for part in _digits(item.source)
    )


def _digits(source: str) -> list[str]:
    """The numbers as typed, that a search takes for words of the question."""
    return re.findall(r"\d+(?:[.,]\d+)*", source)
