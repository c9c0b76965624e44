from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.quantities import decimal_mark, parse_number, write_number
from copilot.types import LANGUAGES


@pytest.mark.parametrize(
    ("text", "language", "value"),
    [
        ("2,37", "de", "2.37"),
        ("1.155", "it", "1155"),
        ("1.155", "en", "1.155"),
        ("10,400", "zh", "10400"),
        ("15 000", "pl", "15000"),
        ("3\u202f200", "fr", "3200"),
        ("1'234.5", "de", "1234.5"),
        ("1.234.567,5", "es", "1234567.5"),
        ("２５．５", "zh", "25.5"),
        ("0.125", "de", "0.125"),
        ("−0,09", "pl", "-0.09"),
        ("3/4", "en", "0.75"),
        ("1 1/2", "en", "1.5"),
        ("1½", "en", "1.5"),
        ("2.5e3", "en", "2500"),
        ("1,2×10⁵", "de", "120000"),
    ],
)
def test_a_number_is_read_by_the_marks_of_its_language(text: str, language: str, value: str) -> None:
    found = parse_number(text, language)
    assert found is not None
    assert found.value == Decimal(value)


@pytest.mark.parametrize(
    ("text", "language"), [("1.155", "fr"), ("1.155", "pl"), ("1,155", ""), ("1,2,3", "de"), ("x", "en")]
)
def test_a_number_that_can_be_read_in_two_ways_is_not_read(text: str, language: str) -> None:
    assert parse_number(text, language) is None


@given(st.decimals(min_value=-999999, max_value=9999999, places=2), st.sampled_from(LANGUAGES))
def test_a_written_number_is_read_again(value: Decimal, language: str) -> None:
    plain = value.quantize(Decimal(1)) if value == value.to_integral() else value.normalize()
    found = parse_number(write_number(plain, language), language)
    assert found is not None
    assert found.value == plain


def test_a_column_tells_its_decimal_mark_where_one_number_is_certain() -> None:
    assert decimal_mark(["1.155", "0,74", "12"], "fr") == ","
    assert decimal_mark(["1155", "12"], "de") == ""
    with pytest.raises(ValueError, match="decimal"):
        decimal_mark(["0.7", "0,7"], "de")
