"""Conversions through the units library: which unit a name means, and a value in another unit of its kind."""

from __future__ import annotations

import functools
import math
from decimal import Decimal
from typing import Any

from copilot.quantities.spellings import UNITS, Unit

# Of these a value and a difference convert differently.
OFFSET = frozenset({"°C", "°F"})


@functools.cache
def _registry() -> Any:
    import pint

    return pint.UnitRegistry(autoconvert_offset_to_baseunit=False)


@functools.cache
def _measure(symbol: str) -> Any:
    registry = _registry()
    return registry.Unit(UNITS[symbol].expression)


@functools.cache
def factor(source: str, target: str) -> float:
    """What a difference of one ``source`` is in ``target``, both symbols of one kind."""
    registry = _registry()
    names = {"°C": "delta_degC", "°F": "delta_degF"}
    units = [registry.Unit(names.get(symbol, UNITS[symbol].expression)) for symbol in (source, target)]
    return float(registry.Quantity(1.0, units[0]).to(units[1]).magnitude)


def convert(value: Decimal, source: str, target: str, difference: bool = False) -> Decimal:
    """A value of one unit in another of the same kind, to twelve digits; a ``difference`` has no zero point."""
    if source == target:
        return value
    if UNITS[source].kind == "temperature" and not difference:
        made = float(_registry().Quantity(float(value), _measure(source)).to(_measure(target)).magnitude)
    else:
        made = float(value) * factor(source, target)
    return Decimal(f"{made:.12g}") if math.isfinite(made) else Decimal(0)


def decimal_shift(source: str, target: str) -> int | None:
    """By how many places the decimal mark moves, where the units differ by a power of ten: nothing is rounded then."""
    if UNITS[source].kind == "temperature":
        return 0 if source == target else None
    places = math.log10(factor(source, target))
    return round(places) if abs(places - round(places)) < 1e-12 else None


def kin(symbol: str) -> tuple[Unit, ...]:
    """The other units of the same kind."""
    return tuple(unit for unit in UNITS.values() if unit.kind == UNITS[symbol].kind and unit.symbol != symbol)
