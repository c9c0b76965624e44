"""Sets of units: pairs to convert, pairs to compare, texts to read; each gets a result or the reason for none."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from copilot.errors import CopilotError, UsageError
from copilot.quantities import UNITS, Quantity, converted, quantities, same, shown, unit_named
from evals.json_lines import read_lines

_FIGURES = 10  # significant digits of a value in the result: far more than any source has
_NEAR = Decimal("0.0005")  # an expected value may be rounded to so much of itself, or to its last digit


def read_units(path: Path) -> list[dict[str, Any]]:
    """The cases of a JSONL file; one without an id has its line's number. Raises UsageError naming file and line."""
    return [_case(place, item) for place, item in read_lines(path)]


def _case(place: str, item: dict[str, Any]) -> dict[str, Any]:
    if {"value", "to"} <= item.keys() or {"a", "b"} <= item.keys() or "text" in item:
        return item
    raise UsageError(
        f"{place}: neither value and to, nor a and b, nor text.", "See the section 'units' of docs/evaluation.md."
    )


def answer_units(case: Mapping[str, Any]) -> dict[str, Any]:
    """The result of one case, with ``right`` (None where nothing was expected) and ``error`` where it is refused."""
    try:
        if "to" in case:
            return _conversion(case)
        if "a" in case:
            return _comparison(case)
        return _reading(case)
    except CopilotError as error:
        expected = case.get("expected", case.get("same", ""))
        right = None if "expected" not in case and "same" not in case else expected in (None, "", "refused")
        return {"id": case["id"], "error": str(error), "right": right}


def _conversion(case: Mapping[str, Any]) -> dict[str, Any]:
    language = str(case.get("language") or "")
    target = unit_named(str(case["to"]), language)
    if target is None:
        raise UsageError(f"'{case['to']}' is no unit for certain.", "Write it out, for instance lbf·ft, psi, °F, mm.")
    given = case["value"]
    text = f"{given} {case.get('from', case.get('unit', ''))}" if isinstance(given, int | float) else str(given)
    made = converted(_single(text, "en" if isinstance(given, int | float) else language, target), target)
    result = {"id": case["id"], "converted": shown(made, language or "en"), "value": _figure(made.value)}
    rest = {"upper": made.upper, "tolerance": made.tolerance}
    result |= {name: _figure(value) for name, value in rest.items() if value is not None}
    return {**result, "unit": target, "right": _as_expected(made, case)}


def _single(text: str, language: str, target: str = "") -> Quantity:
    """The one quantity of a text; of several the one that measures what the target unit does."""
    found = quantities(text, language)
    fitting = [item for item in found if not target or UNITS[item.unit].kind == UNITS[target].kind]
    if len(fitting) == 1 or len(found) == 1:
        return (fitting or list(found))[0]
    why = "holds several quantities" if found else "holds no quantity that can be read in one way only"
    raise UsageError(f"'{text}' {why}.", "Write one number with its unit, and say the language of the number.")


def _figure(value: Decimal) -> float:
    return float(f"{value:.{_FIGURES}g}")


def _as_expected(made: Quantity, case: Mapping[str, Any]) -> bool | None:
    if "expected" not in case:
        return None
    expected = case["expected"]
    if isinstance(expected, int | float):
        return _close(made.value, Decimal(str(expected)), Decimal(str(expected)).as_tuple().exponent)
    if not expected or expected == "refused":
        return False
    language = str(case.get("language_expected") or case.get("language") or "")
    found = quantities(str(expected), language) or quantities(str(expected), "en")
    if len(found) != 1 or found[0].unit != made.unit:
        return False
    want = found[0]
    place = want.step.as_tuple().exponent
    pairs = [(made.value, want.value), (made.upper, want.upper), (made.tolerance, want.tolerance)]
    return all(a is None and b is None or a is not None and b is not None and _close(a, b, place) for a, b in pairs)


def _close(value: Decimal, expected: Decimal, place: int | str) -> bool:
    step = Decimal(1).scaleb(int(place)) if isinstance(place, int) else Decimal(0)
    return abs(value - expected) <= max(step / 2, abs(expected) * _NEAR) + Decimal("1e-9")


def _comparison(case: Mapping[str, Any]) -> dict[str, Any]:
    language = str(case.get("language") or "")
    a = _single(str(case["a"]), str(case.get("language_a") or language))
    b = _single(str(case["b"]), str(case.get("language_b") or language))
    equal = same(a, b)
    expected = case.get("same")
    return {"id": case["id"], "same": equal, "right": None if expected is None else equal == bool(expected)}


def _reading(case: Mapping[str, Any]) -> dict[str, Any]:
    language = str(case.get("language") or "")
    found = []
    for item in quantities(str(case["text"]), language):
        record = {"source": item.source, "value": _figure(item.value), "unit": item.unit}
        rest = {"upper": item.upper, "tolerance": item.tolerance}
        record |= {name: _figure(value) for name, value in rest.items() if value is not None}
        found.append({**record, "start": item.start, "end": item.end})
    return {"id": case["id"], "quantities": found, "right": _read_as_expected(case, language)}


def _read_as_expected(case: Mapping[str, Any], language: str) -> bool | None:
    """Whether the quantities of a text are those that ``expected`` lists ("25 Nm", ...), in order."""
    expected = case.get("expected")
    if not isinstance(expected, list):
        return None
    wanted = [quantities(str(item), language) for item in expected]
    found = quantities(str(case["text"]), language)
    return len(wanted) == len(found) and all(
        len(one) == 1 and (one[0].value, one[0].unit, one[0].upper) == (other.value, other.unit, other.upper)
        for one, other in zip(wanted, found, strict=True)
    )
