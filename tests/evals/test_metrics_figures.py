"""Numbers and codes are the same in whatever way a language writes them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.metrics.figures import figures, lacking
from evals.metrics.values import lacking_values, values


@pytest.mark.parametrize(
    ("wanted", "language", "text"),
    [
        ("2,37 mm", "de", "2.37 mm"),
        ("2.50 V", "en", "2,5 V"),
        ("1.200 U/min", "de", "1,200 rpm"),
        ("1 200 tr/min", "fr", "1200 rpm"),
        ("1’200 mm", "de", "1200 mm"),
        ("875.000 yuan", "it", "875000元"),
        ("−40 °C", "fr", "down to -40 °C"),
        ("PPR 9087", "en", "part PPR-9087"),
        ("ppr9087", "en", "PPR-9087."),
        ("24Nm", "en", "24 Nm"),
        ("DC 400 V", "en", "400 V DC"),
        ("UN R155", "en", "UN-R155"),
        ("4471-318", "de", "Teil 4471 318"),
        ("week 17", "en", "2025-17 | returned"),
        ("20-25 Nm", "en", "20 bis 25 Nm"),
        ("至少5分钟", "zh", "at least 5 minutes"),
        ("M8-Schrauben", "de", "bolts M8"),
        ("10.03.2025", "de", "on 10.03.2025"),
        ("5 Minuten", "de", "wenigstens fünf Minuten"),
        ("2 hours", "en", "持续两小时"),
    ],
)
def test_the_same_value_is_found(wanted: str, language: str, text: str) -> None:
    assert lacking(figures(wanted, language), text) == []


@pytest.mark.parametrize(
    ("wanted", "language", "text"),
    [
        ("25 Nm", "en", "52 Nm"),
        ("1.200 U/min", "de", "1.2 rpm"),
        ("1,200 rpm", "en", "1,2 U/min"),
        ("-40 °C", "en", "up to 40 °C"),
        ("PPR-9087", "en", "PPR-9078"),
        ("0,34 mΩ", "de", "3,4 mΩ"),
        ("PPR-908", "en", "PPR-9087"),
        ("PPR 908", "en", "PPR-9087"),
        ("4471-318", "de", "4471-310 und 318"),
        ("7 Nm", "en", "M7 bolts, 17 Nm, 70"),
    ],
)
def test_another_value_is_lacking(wanted: str, language: str, text: str) -> None:
    assert lacking(figures(wanted, language), text) != []


@pytest.mark.parametrize(
    ("reference", "language", "text", "spoken", "lacks"),
    [
        ("25 Nm", "en", "mit 18,4 lbf·ft anziehen", "de", []),
        ("25 Nm", "en", "Pin A | 25 | M8", "en", []),
        ("25 Nm", "en", "at 25 bar", "en", ["25 Nm"]),
        ("6 mbar en 20 s", "fr", "6 bar en 20 s", "fr", ["6 mbar"]),
        ("850 mm", "es", "850 cm", "es", ["850 mm"]),
        ("0.7 mm", "en", "0.7毫米", "zh", []),
        ("PPR-9087 costs 2 EUR", "en", "PPR-9087", "en", ["2"]),
    ],
)
def test_a_value_is_its_number_and_its_unit(
    reference: str, language: str, text: str, spoken: str, lacks: list[str]
) -> None:
    assert lacking_values(reference, language, [(text, spoken)]) == lacks


def test_values_are_counted_with_their_units_once() -> None:
    assert values("25 Nm at 23 °C, part PPR-9087, 3 times", "en") == 4


def test_words_are_no_figures() -> None:
    assert figures("tighten the bolts crosswise", "en") == ()


@given(st.text(max_size=80))
def test_every_text_holds_its_own_figures(text: str) -> None:
    assert lacking(figures(text), text) == []


@given(st.integers(0, 10**9), st.integers(0, 999), st.sampled_from(["de", "fr", "pl", "it", "es", "pt"]))
def test_a_decimal_comma_is_a_decimal_point(whole: int, fraction: int, language: str) -> None:
    assert lacking(figures(f"{whole},{fraction:04d}", language), f"{whole}.{fraction:04d}", "en") == []
