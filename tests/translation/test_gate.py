import base64
from collections.abc import Sequence
from pathlib import Path

import pytest

from copilot.language.wordtable import table_path
from copilot.translation import gate
from copilot.translation.argos import Hypothesis
from copilot.translation.faithful import Leg
from copilot.translation.gate import features, holds, may_speak, places, probability
from copilot.translation.packages import Package
from copilot.translation.slots import Job


def filter_of(*stems: str, size: int = 512) -> list[object]:
    bits = bytearray(size // 8)
    for stem in stems:
        for place in places(stem, size):
            bits[place // 8] |= 1 << place % 8
    return [size, base64.b64encode(bytes(bits)).decode()]


WORDS = {"5": filter_of("tornill", "aprit", "tap")}


def package(threshold: float, **weights: float) -> dict[str, object]:
    count = len(features("Apriete el tornillo.", "Tighten the bolt.", -0.2, ("es", "en"), WORDS) or ())
    column = [0.0] * count
    column[0] = weights.get("score", 0.0)
    speak = {"words": WORDS, "weights": [*column, weights.get("constant", 0.0)], "centre": [0.0] * count,
             "spread": [1.0] * count, "threshold": threshold}
    return {"from_code": "es", "to_code": "en", "copilot": {"speak": speak}}


class Copies:
    """Says of each text the text."""

    def hypotheses(self, texts: Sequence[str], n: int = 1) -> list[list[Hypothesis]]:
        return [[Hypothesis(text, -0.1)] for text in texts]


def test_may_speak_without_limits_is_always_true() -> None:
    assert may_speak("Hola", "Hello", -9.0, {"from_code": "es"})


def test_may_speak_follows_the_score() -> None:
    metadata = package(0.5, score=10.0, constant=5.0)
    assert may_speak("Apriete el tornillo.", "Tighten the bolt.", -0.2, metadata)
    assert not may_speak("Apriete el tornillo.", "Tighten the bolt.", -0.9, metadata)


def test_may_speak_never_with_a_lost_doubled_or_new_mask() -> None:
    metadata = package(0.0)
    assert may_speak("Apriete a ⟦0⟧.", "Tighten to ⟦0⟧.", -0.2, metadata)
    assert not may_speak("Apriete a ⟦0⟧.", "Tighten it.", -0.2, metadata)
    assert not may_speak("Apriete a ⟦0⟧.", "Tighten to ⟦0⟧ ⟦0⟧.", -0.2, metadata)
    assert not may_speak("Apriete esto.", "Tighten to ⟦1⟧.", -0.2, metadata)


def test_may_speak_never_with_a_lost_or_new_negation() -> None:
    metadata = package(0.0)
    assert may_speak("No apriete el tornillo.", "Do not tighten the bolt.", -0.2, metadata)
    assert not may_speak("No apriete el tornillo.", "Tighten the bolt.", -0.2, metadata)
    assert not may_speak("Apriete el tornillo.", "Never tighten the bolt.", -0.2, metadata)


def test_may_speak_never_with_an_invented_word_or_all_meaning_lost() -> None:
    metadata = package(0.0)
    assert not may_speak("Apriete el tornillo.", "Tighten the holderblity.", -0.2, metadata)
    assert not may_speak("Apriete el tornillo.", "Of the.", -0.2, metadata)


def test_may_speak_never_of_nothing() -> None:
    assert not may_speak("12 34", "12 34", 0.0, package(0.0))
    assert not may_speak("Tornillo", "", 0.0, package(0.0))


def test_features_count_words_that_training_never_saw() -> None:
    known = features("Apriete el tornillo.", "Tighten the bolt.", -0.2, ("es", "en"), WORDS)
    unknown = features("Apriete el zurcidor.", "Tighten the bolt.", -0.2, ("es", "en"), WORDS)
    assert known is not None and unknown is not None and unknown[4] > known[4]


def test_holds_what_was_put_in() -> None:
    assert holds("tornill", WORDS["5"]) and not holds("zurcidor", WORDS["5"])


def test_probability_of_no_evidence_is_a_half() -> None:
    assert probability([1.0, 2.0], [0.0, 0.0, 0.0], [0.0, 0.0], [1.0, 1.0]) == 0.5


def test_the_word_table_that_the_settings_name_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def path(sources: str = "all") -> Path:
        asked.append(sources)
        return table_path("all")

    monkeypatch.setattr(gate, "table_path", path)
    leg = Leg(Package(Path("x"), "es", "en", "1", package(0.0)), Copies(), "permissive")
    leg.translate([Job("Apriete el tornillo.")])
    assert set(asked) == {"permissive"}
