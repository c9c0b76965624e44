"""A follow-up that names another property keeps the thing; one that names another size keeps the property."""

from __future__ import annotations

import pytest

from copilot.conversation import standalone
from copilot.types import Question, Turn

OTHER = [
    ("en", "What is the flow rate of the fan VT-30?", "And its weight?", "Weight of the fan VT-30?"),
    ("en", "How heavy is the fan VT-30?", "And the motor power?", "Motor power of the fan VT-30?"),
    ("de", "Wie hoch ist der Druck der Presse KR-30?", "Und ihr Gewicht?", "Gewicht der Presse KR-30?"),
    ("es", "¿Cuál es el caudal del ventilador VT-30?", "¿Y su peso?", "Peso del ventilador VT-30?"),
    ("fr", "Quelle est la portée du treuil TR-7 ?", "Et la limite de vent ?", "Limite de vent du treuil TR-7?"),
    ("fr", "Quelle est la force du vérin VH-7 ?", "Et sa course de piston ?", "Course de piston du vérin VH-7?"),
    ("it", "Qual è la portata del ventilatore VT-30?", "E la potenza?", "Potenza del ventilatore VT-30?"),
    ("pl", "Jaka jest siła nacisku prasy KR-30?", "A skok suwaka?", "Skok suwaka prasy KR-30?"),
    ("pt", "Qual é a vazão do ventilador VT-30?", "E a potência do motor?", "Potência do motor do ventilador VT-30?"),
    ("zh", "VT-30风机的流量是多少？", "它的重量呢？", "VT-30风机的重量是多少？"),
]


@pytest.mark.parametrize(("language", "before", "text", "made"), OTHER)
def test_another_property_is_asked_of_the_same_thing(language: str, before: str, text: str, made: str) -> None:
    found = standalone(Question(text, turns=(Turn(before),)), language)
    assert (found.text, found.reason) == (made, "property")


@pytest.mark.parametrize("text", ["Und die 45er?", "Und die 45?", "Und bei der 45er?"])
def test_another_size_is_asked_for_the_same_property(text: str) -> None:
    found = standalone(Question(text, turns=(Turn("Wie schwer ist die Presse KR-30 mit 20 bar?"),)), "de")
    assert found.text == "Wie schwer ist die Presse KR-45 mit 20 bar?"


def test_the_property_that_was_asked_for_is_asked_of_another_thing() -> None:
    turns = (Turn("What is the pressure of the oil pump?"),)
    assert standalone(Question("And the water pressure?", turns=turns), "en").reason != "property"
    assert standalone(Question("And the cover?", turns=turns), "en").text == "What is the pressure of the cover?"
