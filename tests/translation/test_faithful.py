"""Whatever a model does to a sentence, what must stay stays, or nothing is shown."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.translation.argos import Hypothesis
from copilot.translation.faithful import Leg
from copilot.translation.masks import protected
from copilot.translation.packages import Package
from copilot.translation.slots import Job, Slot

PLAIN = Package(Path("x"), "de", "en", "1")
MASKED = Package(Path("x"), "de", "en", "1", {"copilot": {"masks": [f"⟦{number}⟧" for number in range(12)]}})


class Speaker:
    """Says what a function makes of each text, and notes what it was asked."""

    def __init__(self, say: Callable[[str], str]) -> None:
        self.say = say
        self.asked: list[str] = []

    def hypotheses(self, texts: Sequence[str], n: int = 1) -> list[list[Hypothesis]]:
        self.asked += texts
        return [[Hypothesis(self.say(text), -0.1)] for text in texts]


def _job(text: str, *terms: Slot) -> Job:
    return Job(text, tuple(protected(text)), terms)


def _made(package: Package, say: Callable[[str], str], text: str, *terms: Slot) -> str | None:
    found = Leg(package, Speaker(say)).translate([_job(text, *terms)])[0]
    return found.text or None


def _translated(text: str) -> str:
    return text.replace("Prüfen Sie", "Check").replace("mit", "with")


def test_a_model_that_copies_is_asked_once() -> None:
    speaker = Speaker(_translated)
    made = Leg(PLAIN, speaker).translate([_job("Prüfen Sie M8 mit 24 Nm.")])
    assert made[0].text == "Check M8 with 24 Nm." and len(speaker.asked) == 1


def test_symbols_of_the_package_come_first_where_it_has_some() -> None:
    speaker = Speaker(_translated)
    made = Leg(MASKED, speaker).translate([_job("Prüfen Sie M8 mit 24 Nm und 3 Schrauben.")])
    assert speaker.asked == ["Prüfen Sie ⟦0⟧ mit ⟦1⟧ und ⟦2⟧ Schrauben."]
    assert made[0].text == "Check M8 with 24 Nm und 3 Schrauben."


def test_a_model_that_loses_every_mask_is_asked_around_them() -> None:
    def loses(text: str) -> str:
        return _translated(re.sub(r"X\d+|M8|24|Nm", "", text))

    assert _made(PLAIN, loses, "Prüfen Sie M8 mit 24 Nm.") == "Check M8 with 24 Nm."


def test_a_model_that_makes_numbers_up_is_not_shown() -> None:
    assert _made(PLAIN, lambda text: f"{text} 99", "Prüfen Sie M8.") is None
    assert _made(MASKED, lambda text: f"{text} 99", "Prüfen Sie die Schraube.") is None


def test_a_model_that_loses_itself_is_not_shown() -> None:
    assert _made(PLAIN, lambda text: "the the the the the", "Prüfen Sie die Schraube.") is None


def test_a_package_that_is_not_sure_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("copilot.translation.faithful.may_speak", lambda *_: False)
    made = Leg(PLAIN, Speaker(_translated)).translate([_job("Prüfen Sie M8."), _job("Prüfen Sie die Schraube.")])
    assert [(item.text, item.refused) for item in made] == [("", "unsure"), ("", "unsure")]
    lost = Leg(PLAIN, Speaker(lambda text: "99")).translate([_job("Prüfen Sie M8.")])
    assert lost[0].refused == "lost"


def test_terms_are_put_in_their_places() -> None:
    text = "Prüfen Sie die Dichtung."
    assert _made(PLAIN, _translated, text, Slot(15, 23, "seal")) == "Check die seal."


TOKENS = ["PPR-9087", "P0A7E", "ISO 26262", "24 Nm", "2,37 mm", "manual_de.pdf", "https://example.org/x", "`a b`", "7"]
WORDS = ["Prüfen", "Sie", "die", "Schraube", "mit", "und"]


def _mangle(seed: int) -> Callable[[str], str]:
    """A model that drops, doubles, swaps and invents words, as its seed tells."""
    chance = random.Random(seed)

    def say(text: str) -> str:
        words = text.split()
        for _ in range(chance.randrange(3)):
            deed, place = chance.randrange(4), chance.randrange(len(words)) if words else 0
            if not words:
                break
            if deed == 0:
                del words[place]
            elif deed == 1:
                words.insert(place, words[place])
            elif deed == 2:
                words[place] = words[place][::-1]
            else:
                words.insert(place, chance.choice(["new", "42", "ABC-1", "the"]))
        return " ".join(words)

    return say


@given(
    st.lists(st.sampled_from(TOKENS + WORDS), min_size=1, max_size=10).map(" ".join), st.integers(0, 10_000),
    st.sampled_from([PLAIN, MASKED]),
)
def test_masked_tokens_are_never_altered(text: str, seed: int, package: Package) -> None:
    job = _job(text)
    made = Leg(package, Speaker(_mangle(seed))).translate([job])[0]
    if made.text:
        for token in {item.text for item in job.kept}:
            assert made.text.count(token) >= sum(item.text == token for item in job.kept)


@pytest.mark.parametrize("package", [PLAIN, MASKED])
def test_a_careless_model_leaves_few_sentences_untranslated(package: Package) -> None:
    """200 sentences through a model that loses a quarter of all codes: none is altered, few are given up."""
    chance = random.Random(4)

    def careless(text: str) -> str:
        return " ".join(word for word in text.split() if word.isalpha() or chance.random() > 0.25)

    jobs = [
        _job(f"Prüfen Sie {chance.choice(TOKENS)} und {chance.choice(TOKENS)} mit {number} Schrauben")
        for number in range(13, 213)
    ]
    made = Leg(package, Speaker(careless)).translate(jobs)
    assert sum(not item.text for item in made) <= 10
    for job, item in zip(jobs, made, strict=True):
        assert not item.text or all(kept.text in item.text for kept in job.kept)
