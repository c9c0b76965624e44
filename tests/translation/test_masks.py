"""What stays put is found, swapped for symbols, put back, and checked."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.translation.masks import numbers, protected
from copilot.translation.slots import Job, filled, keeps, restored, symbols

TOKENS = [
    "PPR-9087", "P0A7E", "U0100-00", "TS-2207", "M8x1.25", "ISO 26262", "ISO/SAE 21434:2021", "UN R155", "VDA 6.3",
    "DIN EN ISO 9001:2015", "24 Nm", "2,37 mm", "-40 °C", "10–15 mm", "80 %", "3000 U/min", "12.5 kWh", "manual_de.pdf",
    "src/main.c", "https://example.org/a?b=1", "x.y@example.org", "`x = 1`", "camelCase", "foo_bar()", "0x7E8",
    "AES-256", "v2.3.1", "12.03.2025", "14:30", "4711-0815", "ASIL D", "R134a", "IP67", "{name}", "--force",
    "0A5-915-101-C", "LOT-2024-118", "SAE 75W-90", "ISO VG 68", "DIN 125-A", "VW 504 00", "Euro 6d", "QMH-4.2.1",
    "5W-30", "N-910-551-01", "std::vector", "7,5Jx17", "HOM-CE-100", "E3*100R03*1187*00",
]  # fmt: skip
WORDS = ["Prüfen", "Sie", "die", "Schraube", "mit", "und", "nach", "der", "Vorgabe", "拧紧", "the", "cover"]


@pytest.mark.parametrize("token", TOKENS)
@pytest.mark.parametrize("frame", ["Prüfen Sie {} sofort.", "({})", "使用{}的螺栓", "{}", "siehe {}, dann weiter"])
def test_what_must_stay_is_found_whole(token: str, frame: str) -> None:
    text = frame.replace("{}", token)
    assert token in [item.text for item in protected(text)]


@pytest.mark.parametrize(
    "text",
    ["Die 2nd und 3rd Schraube", "state-of-the-art co-worker", "der 90er Jahre", "und/oder", "A-Säule", "z.B. so"],
)
def test_plain_words_are_left_to_the_model(text: str) -> None:
    assert protected(text) == []


def test_a_digit_with_a_capital_is_a_code_and_an_ordinal_is_none() -> None:
    assert [item.text for item in protected("un técnico 3S, la 2a vez, el 3er paso")] == ["3S"]


def test_an_identifier_ends_where_a_word_begins() -> None:
    assert [item.text for item in protected("M8-Schrauben und X12-Stecker")] == ["M8", "X12"]


def test_given_names_are_protected_and_numbers_beside_them_are_not() -> None:
    found = protected("Civetta E hat 4 Türen", ["Civetta E"])
    assert [(item.text, item.kind) for item in found] == [("Civetta E", "name")]
    assert [item.text for item in numbers("Civetta E hat 4 Türen", found)] == ["4"]


sentences = st.lists(st.sampled_from(TOKENS + WORDS), min_size=1, max_size=12).map(" ".join)


@given(sentences, st.sampled_from([(), tuple(f"⟦{number}⟧" for number in range(40))]))
def test_masking_and_restoring_is_identity(text: str, own: tuple[str, ...]) -> None:
    job = Job(text, tuple(protected(text)))
    slots = job.slots()
    names = symbols(job, own, len(slots))
    assert names is not None
    masked = filled(text, slots, names)
    assert not any(slot.text in masked for slot in slots if len(slot.text) > 3)
    assert restored(masked, names, slots) == text
    assert keeps(job, text, ("de", "en"))


@given(st.text(max_size=200))
def test_protected_stretches_are_apart_in_order_and_verbatim(text: str) -> None:
    found = protected(text)
    assert all(text[item.start : item.end] == item.text for item in found)
    assert all(left.end <= right.start for left, right in zip(found, found[1:], strict=False))


@given(sentences, st.data())
def test_a_text_in_which_one_protected_sign_changed_is_refused(text: str, data: st.DataObject) -> None:
    job = Job(text, tuple(protected(text)))
    digits = [item.start + place for item in job.kept for place, char in enumerate(item.text) if char.isdigit()]
    if digits:
        place = data.draw(st.sampled_from(digits))
        changed = text[:place] + str((int(text[place]) + 1) % 10) + text[place + 1 :]
        assert not keeps(job, changed, ("de", "en"))


@pytest.mark.parametrize(
    ("source", "target", "kept"),
    [
        ("drei Schrauben", "3 bolts", True),
        ("5 Schrauben", "five bolts", True),
        ("5 Schrauben", "six bolts", False),
        ("1.200 Umdrehungen", "1,200 turns", True),
        ("Teil 7", "part 7 and 8", False),
        ("Die Schraube", "The bolt XK-77", False),
        ("两个螺栓", "2 bolts", True),
        ("2025年4月5日", "April 5, 2025", True),
        ("2025年4月5日", "March 5, 2025", False),
    ],
)
def test_numbers_are_compared_by_value_and_names_may_not_be_made_up(source: str, target: str, kept: bool) -> None:
    languages = ("zh" if source[0] > "\u3400" else "de", "en")
    assert keeps(Job(source, tuple(protected(source))), target, languages) is kept


def test_a_symbol_that_is_lost_or_doubled_is_no_restoration() -> None:
    job = Job("Prüfen Sie M8.", tuple(protected("Prüfen Sie M8.")))
    slots = job.slots()
    assert restored("Check.", ["X11"], slots) is None
    assert restored("Check X11 and X11.", ["X11"], slots) is None
    assert restored("Check x 11.", ["X11"], slots) == "Check M8."
