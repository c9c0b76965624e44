"""Whether two values can both hold: equal after conversion, inside each other, or a bound and what keeps it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from copilot.conflicts.statements import COUNT, DATE, SPAN, Statement
from copilot.errors import UsageError
from copilot.quantities import converted, same

_CALENDAR = Decimal("0.015")  # twelve months are a year, four weeks are no month
_ROUGHLY = Decimal("0.1")


def agree(a: Statement, b: Statement) -> bool:
    """Whether nothing speaks against both being true of one thing."""
    if a.quantity is not None and b.quantity is not None:
        if same(a.quantity, b.quantity):
            return True
        moved = _in_unit(a, b)
        if moved is None:
            return True
        b = moved
    if a.low == b.low and a.high == b.high or a.kind == SPAN and abs(a.low - b.low) <= _CALENDAR * a.low:
        return True
    if a.about or b.about:
        middle = (abs(a.low) + abs(b.low)) / 2
        if abs(a.low - b.low) <= _ROUGHLY * middle:
            return True
    if a.bound and b.bound:
        if a.bound == b.bound:
            return False
        upper, lower = (a, b) if a.bound == "upper" else (b, a)
        return lower.low <= upper.high
    if a.bound or b.bound:
        bounded, plain = (a, b) if a.bound else (b, a)
        return plain.high <= bounded.high if bounded.bound == "upper" else plain.low >= bounded.low
    inside = a.low <= b.low and b.high <= a.high or b.low <= a.low and a.high <= b.high
    return inside


def _in_unit(a: Statement, b: Statement) -> Statement | None:
    """``b`` in the unit of ``a``; None where they cannot be compared."""
    assert a.quantity is not None and b.quantity is not None
    if a.unit == b.unit:
        return b
    try:
        made = converted(b.quantity, a.unit)
    except UsageError:
        return None
    high = made.value if made.upper is None else made.upper
    spread = made.tolerance or Decimal(0)
    return replace(b, unit=a.unit, low=made.value - spread, high=high + spread)


def comparable(a: Statement, b: Statement) -> bool:
    """Whether the two give values of one kind, and both as what holds now."""
    if a.kind != b.kind or a.former or b.former:
        return False
    return a.kind in (COUNT, DATE, SPAN) or a.quantity is not None and b.quantity is not None
