from __future__ import annotations

import pytest

from copilot.verification.figures import figures, value


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("1,690", "en", "1690"), ("1.690", "de", "1690"), ("1.690", "en", "1.69"), ("1,690", "de", "1.69"),
        ("2,50", "fr", "2.5"), ("1.234.567,5", "it", "1234567.5"), ("1,234,567.5", "zh", "1234567.5"),
        ("007", "en", "7"), ("0,05", "pl", "0.05"), ("4.3.0", "en", "4.3.0"), ("3.5", "de", "3.5"),
    ],
)
def test_a_number_is_read_as_its_language_writes_it(text: str, language: str, expected: str) -> None:
    assert value(text, language) == expected


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Thirty-eight bolts", "en", "38"), ("achtunddreißig Schrauben", "de", "38"), ("trente-huit vis", "fr", "38"),
        ("treinta y ocho tornillos", "es", "38"), ("trentotto viti", "it", "38"),
        ("trinta e oito parafusos", "pt", "38"),
        ("trzydzieści osiem śrub", "pl", "38"), ("三十八个螺栓", "zh", "38"), ("tous les six mois", "fr", "6"),
    ],
)
def test_a_number_may_be_written_in_words(text: str, language: str, expected: str) -> None:
    assert [number.value for number in figures(text, language).numbers] == [expected]


def test_a_doubtful_word_says_no_number() -> None:
    assert figures("un pneu neuf", "fr").numbers == ()
    assert figures("una vite", "it").numbers == ()


@pytest.mark.parametrize(
    ("text", "language", "unit"),
    [
        ("24 Nm", "en", "Nm"), ("24 N·m", "zh", "Nm"), ("25 °C下", "zh", "degC"), ("2 Stunden", "de", "h"),
        ("38小时", "zh", "h"), ("12-V-Batterie", "de", "V"), ("300 U/min", "de", "rpm"), ("0,4 mΩ", "pl", "mohm"),
        ("100 MΩ", "pl", "Mohm"), ("da 20 a 25", "it", ""), ("5 Prozent", "de", "pct"),
    ],
)
def test_a_unit_is_known_by_its_names(text: str, language: str, unit: str) -> None:
    assert figures(text, language).numbers[0].unit == unit


def test_identifiers_are_told_from_numbers() -> None:
    found = figures("Fit bolt 5520-117 (M8, ISO 6789-1) with tool OT-4460 within 24 hours.", "en")
    assert {form for form, _ in found.identifiers} == {"m8", "iso6789", "ot4460"}
    assert {form for form, _, _ in found.pairs} == {"5520117", "67891"}
    assert [number.value for number in found.numbers] == ["24"]


def test_dates_of_all_ways_of_writing_are_one() -> None:
    texts = {
        "17 February 2025": "en", "February 17, 2025": "en", "17. Februar 2025": "de", "17.02.2025": "de",
        "17 février 2025": "fr", "17 de febrero de 2025": "es", "17 febbraio 2025": "it", "17 lutego 2025": "pl",
        "2025年2月17日": "zh", "2025-02-17": "en", "17/02/2025": "pt",
    }
    for text, language in texts.items():
        found = figures(f"({text})", language).dates
        assert [(date.year, date.month, date.day) for date in found] == [(2025, 2, 17)], text


def test_a_minus_counts() -> None:
    assert figures("at -20 °C", "en").numbers[0].value == "-20"
    assert [number.value for number in figures("20 - 25 mm", "en").numbers] == ["20", "25"]
