"""Questions about the past: the day that they mean is read, and taken out of what is searched."""

import datetime as dt

import pytest

from copilot.conversation import dated

TODAY = dt.date(2026, 1, 15)


@pytest.mark.parametrize(("language", "question", "text", "day"), [
    ("en", "What was the nozzle temperature in October 2024?", "What was the nozzle temperature?", (2024, 10, 31)),
    ("en", "What was the torque on 3 May 2024?", "What was the torque?", (2024, 5, 3)),
    ("de", "Wie lange dauerte der Salznebel Ende 2024?", "Wie lange dauerte der Salznebel?", (2024, 12, 31)),
    ("de", "Was galt vor März 2025?", "Was galt?", (2025, 2, 28)),
    ("fr", "À quelle température givrait-on avant mars 2025 ?", "À quelle température givrait-on?", (2025, 2, 28)),
    ("es", "¿Qué espesor pedía la norma en el verano de 2024?", "¿Qué espesor pedía la norma?", (2024, 8, 31)),
    ("it", "Che coppia valeva a fine 2024?", "Che coppia valeva?", (2024, 12, 31)),
    ("pl", "Jaki moment obowiązywał w listopadzie 2024?", "Jaki moment obowiązywał?", (2024, 11, 30)),
    ("pt", "Qual era o torque em dezembro de 2024?", "Qual era o torque?", (2024, 12, 31)),
    ("zh", "2024年年底试验要求多少次循环？", "试验要求多少次循环？", (2024, 12, 31)),
])
def test_the_day_that_is_meant_is_read_and_taken_out(
    language: str, question: str, text: str, day: tuple[int, int, int]
) -> None:
    found = dated(question, language, TODAY)
    assert found is not None
    assert (found.text, found.as_of) == (text, dt.date(*day))


@pytest.mark.parametrize("question", [
    "What is the torque of the housing bolts?", "What will hold in December 2031?",
    "What held in May 2024 and June 2025?",
    "In 2024?",
])
def test_no_time_several_times_or_a_coming_one_make_no_dated_question(question: str) -> None:
    assert dated(question, "en", TODAY) is None
