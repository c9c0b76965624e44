from __future__ import annotations

from decimal import Decimal

import pytest

from copilot.quantities import UNITS, quantities, read_cell, split_head, unit_named


@pytest.mark.parametrize(
    ("text", "language", "found"),
    [
        ("Schrauben mit 24 N·m anziehen", "de", [("24", "Nm")]),
        ("tightened to 18.4 lbf·ft", "en", [("18.4", "lbf·ft")]),
        ("100 ft-lbs or 100 lb.ft", "en", [("100", "lbf·ft"), ("100", "lbf·ft")]),
        ("serrare a 7 Nm", "it", [("7", "Nm")]),
        ("16 Std. oder 3.000 U/min", "de", [("16", "h"), ("3000", "1/min")]),
        ("4000 obr./min przez 3 s", "pl", [("4000", "1/min"), ("3", "s")]),
        ("拧紧至２５牛·米，保持 5 小时", "zh", [("25", "Nm"), ("5", "h")]),
        (
            "from -40 F up to 12 daN·m, 35 US gal/min and 90 °/s",
            "en",
            [("-40", "°F"), ("12", "daNm"), ("35", "gal/min"), ("90", "°/s")],
        ),
        ("a 5 F capacitor dries for 4 h 20 min", "en", [("260", "min")]),
        ("à 25 °C, 25 ºC et 25℃", "fr", [("25", "°C"), ("25", "°C"), ("25", "°C")]),
        ('a 3/4" hose, 1 1/2 in long', "en", [("0.75", "in"), ("1.5", "in")]),
        ("im 12-V-Netz", "de", [("12", "V")]),
        ("Torque [Nm]: 25; Angle (°): 90", "en", [("25", "Nm"), ("90", "°")]),
        ("potencia de 100 CV", "es", [("100", "PS")]),
        ("moc 100 KM po 100 km", "pl", [("100", "PS"), ("100", "km")]),
        ("15.5 % or 5 mΩ, not 5 MΩ", "en", [("15.5", "%"), ("5", "mΩ"), ("5", "MΩ")]),
    ],
)
def test_quantities_are_found_in_each_language(text: str, language: str, found: list[tuple[str, str]]) -> None:
    read = [(item.value, item.unit) for item in quantities(text, language)]
    assert read == [(Decimal(value), unit) for value, unit in found]
    assert all(text[item.start : item.end] == item.source for item in quantities(text, language))


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("5 in the box", "en"),
        ("3 CV fiscaux", "fr"),
        ("3.5 t of sand", "en"),
        ("5 mil piezas", "es"),
        ("25 Nm/° of twist", "en"),
        ("5 l/100 km", "de"),
        ("connector X25 and part BT-60310", "en"),
        ("1.155 V", "fr"),
        ("screw M8 x 25", "en"),
        ("5 bar/min", "en"),
        ("3 安全帽", "zh"),
    ],
)
def test_what_is_no_quantity_for_certain_is_left_out(text: str, language: str) -> None:
    assert quantities(text, language) == ()


def test_ranges_and_tolerances_belong_to_one_quantity() -> None:
    [window] = quantities("bei 23 ± 2 °C", "de")
    assert (window.value, window.tolerance, window.unit) == (23, 2, "°C")
    [spread] = quantities("von 20 bis 25 Nm", "de")
    assert (spread.value, spread.upper) == (20, 25)
    [cold] = quantities("de −40 à 85 °C", "fr")
    assert (cold.value, cold.upper) == (-40, 85)
    [both] = quantities("7 Nm ± 0,7 Nm", "pl")
    assert (both.value, both.tolerance) == (7, Decimal("0.7"))


def test_a_difference_of_temperatures_is_told_from_a_temperature() -> None:
    assert quantities("temperature rise of 10 °C", "en")[0].difference
    assert quantities("±2 °C", "en")[0].difference
    assert not quantities("stored at 10 °C", "en")[0].difference


@pytest.mark.parametrize("language", ["en", "pl", "zh"])
def test_every_spelling_of_every_unit_names_it(language: str) -> None:
    wrong = [
        (spelling, unit_named(spelling, language))
        for unit in UNITS.values()
        for spelling in (*unit.symbols, *unit.words)
        if spelling not in ("t", "mil") and unit_named(spelling, language) != unit.symbol
    ]
    assert wrong == []


def test_heads_of_columns_give_the_unit_of_their_cells() -> None:
    assert split_head("Drehmoment [Nm]", "de") == ("Drehmoment", "Nm")
    assert split_head("torque_Nm", "en") == ("torque", "Nm")
    assert split_head("Druck in bar", "de") == ("Druck", "bar")
    assert split_head("Spalte (links)", "de") == ("Spalte (links)", "")
    cell = read_cell("20–25", "Nm", "en")
    assert cell is not None
    assert (cell.value, cell.upper, cell.source) == (20, 25, "20–25")
    assert read_cell("see note", "Nm", "en") is None
