import pytest

from copilot.answering.wanted import holds, wanted


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Mit welchem Drehmoment werden die Schrauben angezogen?", "value"),
        ("Quel est le couple de serrage ?", "value"),
        ("How long does the test take?", "value"),
        ("拧紧力矩是多少？", "value"),
        ("Wer hat den Bericht freigegeben?", "person"),
        ("¿Quién aprobó el cambio?", "person"),
        ("Kiedy zmieniono dostawcę?", "date"),
        ("Why is the pressure lowered?", ""),
        ("What is a busbar?", ""),
    ],
)
def test_wanted_kind_of_a_question(question: str, kind: str) -> None:
    assert wanted(question) == kind


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Tighten to 24 Nm.", True),
        ("拧紧力矩为24 Nm。", True),
        ("Śruba\tM8 x 25\t24\t90", True),
        ("D\t01.03.2025\tśruby", False),
        ("3. Remove the cover.", False),
        ("BP-4471-02", False),
        ("valid from 2024-05-01", False),
    ],
)
def test_holds_value_is_no_date_identifier_or_step(text: str, value: bool) -> None:
    assert holds("value", text) is value


def test_holds_person_and_date() -> None:
    assert holds("person", "Approved by Giulia Ferraris.") and not holds("person", "approved by the plant")
    assert holds("date", "am 5. April 2024") and not holds("date", "24 Nm")
