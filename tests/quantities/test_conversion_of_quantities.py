from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.errors import UsageError
from copilot.quantities import UNITS, Quantity, converted, quantities, said_otherwise, same, shown
from copilot.quantities.units import factor


def read(text: str, language: str = "en") -> Quantity:
    [found] = quantities(text, language)
    return found


@pytest.mark.parametrize(
    ("text", "unit", "written"),
    [
        ("25 Nm", "lbf·ft", "18.4 lbf·ft"),
        ("250 bar", "psi", "3626 psi"),
        ("1.5 bar", "kPa", "150 kPa"),
        ("1 bar", "MPa", "0.1 MPa"),
        ("23 ± 2 °C", "°F", "73.4 ± 3.6 °F"),
        ("-40 °C", "°F", "-40 °F"),
        ("temperature rise of 10 °C", "°F", "18 °F"),
        ("300 K", "°C", "26.85 °C"),
        ("20-25 Nm", "ft-lb", "14.8 – 18.4 lbf·ft"),
        ("3/4 in", "mm", "19.05 mm"),
        ("64 kWh", "MJ", "230 MJ"),
        ("160,000 km", "miles", "99,419 mi"),
    ],
)
def test_a_quantity_is_converted_with_as_many_digits_as_it_had(text: str, unit: str, written: str) -> None:
    assert shown(converted(read(text), unit), "en") == written


def test_a_conversion_is_written_in_the_readers_way() -> None:
    made = converted(read("25 Nm"), "lbf·ft")
    assert [shown(made, language) for language in ("de", "fr", "zh")] == [
        "18,4 lbf·ft",
        "18,4\u00a0lbf·ft",
        "18.4 lbf·ft",
    ]


@pytest.mark.parametrize("unit", ["J", "bar", "m of hose", "t"])
def test_what_cannot_be_converted_is_refused(unit: str) -> None:
    with pytest.raises(UsageError):
        converted(read("25 Nm"), unit)


def test_the_library_knows_every_unit_and_none_of_another_kind_is_mixed_in() -> None:
    for unit in UNITS.values():
        first = next(other for other in UNITS.values() if other.kind == unit.kind)
        assert factor(unit.symbol, first.symbol) > 0


@given(st.decimals(min_value=Decimal("0.01"), max_value=90000, places=2), st.sampled_from(sorted(UNITS)), st.data())
def test_there_and_back_gives_the_same_value(value: Decimal, symbol: str, data: st.DataObject) -> None:
    other = data.draw(st.sampled_from([unit.symbol for unit in UNITS.values() if unit.kind == UNITS[symbol].kind]))
    there = converted(Quantity(value, symbol, step=Decimal("0.01")), other)
    back = converted(there, symbol)
    # Twelve digits each way; near absolute zero or the freezing point the offset takes some of them.
    assert abs(back.value - value) <= max(abs(value), Decimal(500)) * Decimal("1e-8")


@pytest.mark.parametrize(
    ("a", "b", "equal"),
    [
        ("25 Nm", "18.4 lbf·ft", True),
        ("25 Nm", "18 lbf·ft", True),
        ("24 Nm", "18.4 lbf·ft", False),
        ("5 bar", "73 psi", True),
        ("5 bar", "71 psi", False),
        ("1500 mV", "1.5 V", True),
        ("1499 mV", "1.5 V", False),
        ("20 °C", "68 °F", True),
        ("20 °C", "69 °F", False),
        ("10 J", "10 Nm", False),
        ("24.6 Nm", "25 Nm", False),
        ("20-25 Nm", "14.8-18.4 lbf·ft", True),
        ("20-25 Nm", "20 Nm", False),
        ("temperature rise of 10 °C", "50 °F", False),
    ],
)
def test_two_quantities_are_the_same_within_what_was_written(a: str, b: str, equal: bool) -> None:
    assert same(read(a), read(b)) is equal
    assert same(read(b), read(a)) is equal


def test_a_text_says_the_quantity_of_a_question_in_another_unit() -> None:
    question = "Which bolt is tightened to 18.4 lbf·ft?"
    assert said_otherwise(question, "en", "Moment dokręcania (Nm): 25", "pl") == {"18.4"}
    assert said_otherwise(question, "en", "Moment dokręcania (Nm): 24", "pl") == frozenset()
