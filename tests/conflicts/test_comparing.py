from __future__ import annotations

import pytest

from copilot.conflicts.comparing import Told, differences
from copilot.types import Applicability
from copilot.verification.sources import Source


def told(text: str, language: str, **more: object) -> Told:
    return Told(Source(text, language), **more)  # type: ignore[arg-type]


def values(a: Told, b: Told) -> list[tuple[str, str]]:
    return [(item.a.shown, item.b.shown) for item in differences(a, b)]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (
            ("The drain plug is tightened to 35 Nm.", "en"), ("Torque of the drain plug: 25 Nm.", "en"),
            ("35 Nm", "25 Nm"),
        ),
        (
            ("Die Radschrauben werden mit 120 Nm angezogen.", "de"), ("Wheel bolts are tightened to 140 Nm.", "en"),
            ("120 Nm", "140 Nm"),
        ),
        (
            ("The filter is replaced weekly.", "en"), ("The filter is replaced every 2 months.", "en"),
            ("weekly", "2 months"),
        ),
        (
            ("The oil temperature must not exceed 60 °C.", "en"), ("The oil temperature must not exceed 70 °C.", "en"),
            ("60 °C", "70 °C"),
        ),
        (
            ("Joint: Seat rail | Torque (Nm): 45 | Angle (degrees): 90", "en"),
            ("Joint: Seat rail | Torque (Nm): 40 | Angle (degrees): 90", "en"), ("45", "40"),
        ),
    ],
)
def test_another_value_for_the_same_thing_is_a_conflict(
    one: tuple[str, str], other: tuple[str, str], expected: tuple[str, str]
) -> None:
    assert values(told(*one), told(*other))[0] == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("The drain plug is tightened to 35 Nm.", "en"), ("Torque of the drain plug: 35 N·m.", "en")),
        (("The drain plug is tightened to 35 Nm.", "en"), ("Torque of the drain plug: 25.8 lbf·ft.", "en")),
        (("Der Druck beträgt 2,50 bar.", "de"), ("The pressure is 2.5 bar.", "en")),
        (("The contract ends on 31 October 2025.", "en"), ("Der Vertrag endet am 31.10.2025.", "de")),
        (("The filter is replaced after 12 months.", "en"), ("The filter is replaced after 1 year.", "en")),
        (("The left gap is 4.2 mm.", "en"), ("The right gap is 4.8 mm.", "en")),
        (("Inlet pressure: 3.0 bar.", "en"), ("Outlet pressure: 1.5 bar.", "en")),
        (("The belt tension must be between 40 and 60 N.", "en"), ("The belt tension is 50 N.", "en")),
        (("The brake pad is at least 3 mm thick.", "en"), ("The brake pad is 9 mm thick.", "en")),
        (("Pad thickness: at least 3 mm.", "en"), ("Pad thickness: at most 12 mm.", "en")),
        (("Curing time at 23 °C: 24 h.", "en"), ("Curing time at 60 °C: 2 h.", "en")),
        (("Bolt 5520-117 gets 24 Nm.", "en"), ("Bolt 5520-204 gets 110 Nm.", "en")),
        (("The first stage uses 8 Nm.", "en"), ("The second stage uses 24 Nm.", "en")),
        (("The torque was raised from 22 Nm to 24 Nm for the housing bolts.", "en"),
         ("The housing bolts are tightened to 24 Nm.", "en")),
        (("Property: Mass | Before: 286 | After: 347 | Unit: g", "en"), ("The mass is 347 g.", "en")),
        (("About 40 km of range were lost.", "en"), ("42 km of range were lost.", "en")),
    ],
)  # fmt: skip
def test_what_can_both_be_true_is_none(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert values(told(*one), told(*other)) == []


def test_only_what_is_current_and_applies_to_the_same_can_contradict() -> None:
    a, b = "The drain plug is tightened to 35 Nm.", "The drain plug is tightened to 25 Nm."
    assert values(told(a, "en"), told(b, "en"))
    assert not values(told(a, "en", status="superseded"), told(b, "en"))
    turin, tychy = Applicability(sites=("Turin",)), Applicability(sites=("Tychy",))
    assert not values(told(a, "en", applicability=turin), told(b, "en", applicability=tychy))
    assert values(told(a, "en", applicability=turin), told(b, "en", applicability=Applicability(years=(2025,))))


def test_before_beside_rear_is_the_front() -> None:
    """In French "avant" heads the front as well as what was before."""
    one = told("Charge: pleine charge | Avant (bar): 2,7 | Arrière (bar): 2,9", "fr")
    other = told("Charge: pleine charge | Avant (bar): 2,5 | Arrière (bar): 2,9", "fr")
    assert values(one, other) == [("2,7 bar", "2,5 bar")] or values(one, other) == [("2,7", "2,5")]
