"""Follow-ups stand alone in eight languages; a question of its own is left as it is; memory is bounded."""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

import pytest

from copilot.conversation import standalone
from copilot.conversation.standalone import MOST_TURNS, bounded
from copilot.types import LANGUAGES, Question, Turn

SETS = Path(__file__).with_name("sets")
UNCHANGED = "="


class Dialogue(NamedTuple):
    """Earlier questions, a follow-up, and what its rewriting must and must not hold."""

    language: str
    turns: tuple[str, ...]
    follow_up: str
    must: tuple[str, ...]
    must_not: tuple[str, ...]


def _dialogues(name: str) -> list[Dialogue]:
    found = []
    for line in (SETS / f"{name}.tsv").read_text("utf-8").splitlines():
        language, turns, follow_up, must, *rest = line.split("\t")
        without = tuple(filter(None, rest[0].split(";"))) if rest else ()
        found.append(Dialogue(language, tuple(turns.split(" || ")), follow_up, tuple(must.split(";")), without))
    return found


def _asked(dialogue: Dialogue) -> Question:
    return Question(dialogue.follow_up, turns=tuple(Turn(text) for text in dialogue.turns))


def _right(dialogue: Dialogue) -> bool:
    made = standalone(_asked(dialogue), dialogue.language)
    if dialogue.must == (UNCHANGED,):
        return made.text == dialogue.follow_up and not made.reason
    told = made.text.lower()
    return all(word.lower() in told for word in dialogue.must) and not any(
        word.lower() in told for word in dialogue.must_not
    )


@pytest.mark.parametrize("name", ["tuning", "report"])
def test_nine_of_ten_dialogues_are_understood_in_every_language(name: str) -> None:
    dialogues = _dialogues(name)
    assert len(dialogues) >= 100 and {item.language for item in dialogues} == set(LANGUAGES)
    for language in LANGUAGES:
        own = [_right(item) for item in dialogues if item.language == language]
        assert len(own) >= 9 and sum(own) >= 0.9 * len(own), language


def test_a_search_by_keywords_is_no_follow_up() -> None:
    lines = (SETS.parents[1] / "language" / "short_queries.tsv").read_text("utf-8").splitlines()
    queries = [line.split("\t") for line in lines]
    before = Turn("What is the tightening torque of the housing bolts M8?")
    assert [text for language, text in queries if standalone(Question(text, turns=(before,)), language).reason] == []


def test_what_was_done_is_told() -> None:
    before = (Turn("What is the tightening torque of the housing bolts at 20 °C?"),)
    texts = ["And at 60 °C?", "And for the cover?", "in psi?", "Why?", "Who checks them?", "What is a contactor?"]
    reasons = [standalone(Question(text, turns=before), "en").reason for text in texts]
    assert reasons == ["value", "thing", "unit", "question", "topic", ""]


def test_a_follow_up_on_a_follow_up_is_understood_from_the_first() -> None:
    texts = ("What is the leak rate of housing HSG-12 at 150 mbar?", "And at 200 mbar?", "And HSG-14?")
    turns = tuple(Turn(text) for text in texts)
    assert standalone(Question("in psi?", turns=turns), "en").text == (
        "What is the leak rate of housing HSG-14 at 200 mbar in psi?"
    )


def test_a_follow_up_may_change_the_language() -> None:
    before = (Turn("What is the tightening torque of the housing bolts?"),)
    made = standalone(Question("Und bei dieser Temperatur im Winter?", turns=before), "en")
    assert made.text == "What is the tightening torque of the housing bolts bei dieser Temperatur im Winter?"
    assert made.language == "de"
    chosen = standalone(Question("Und bei 60 °C?", language="de", turns=before), "en")
    assert chosen.text == "What is the tightening torque of the housing bolts bei 60 °C?"


def test_without_turns_or_words_nothing_is_rewritten() -> None:
    assert standalone(Question("And for P2?"), "en").text == "And for P2?"
    assert standalone(Question(" ", turns=(Turn("What is P1?"),)), "en").text == " "
    assert standalone(Question("?", turns=(Turn("What is P1?"),)), "en").reason == ""
    assert standalone(Question("And for P2?", turns=(Turn(" "),)), "en").text == "And for P2?"


def test_memory_is_bounded_by_turns_and_characters() -> None:
    assert len(bounded([Turn(f"question {number}") for number in range(50)])) == MOST_TURNS
    assert [turn.question[:4] for turn in bounded([Turn("long" * 2000), Turn("last one")])] == ["last"]


def test_very_long_and_odd_texts_are_left_alone() -> None:
    before = (Turn("What is the pressure of P1?"),)
    for text in ("bolt " * 2000, "\u202e and for P2 \u0000", "？？？", "و ماذا عن", "and " * 300):
        made = standalone(Question(text, turns=before), "en")
        assert made.text.strip()


def test_a_model_s_rewriting_is_taken_where_it_makes_nothing_up() -> None:
    asked = Question("And the rear one?", turns=(Turn("Torque of the front axle bolts M12?", "85 Nm"),))
    seen: list[str] = []

    def complete(system: str, user: str) -> str:
        seen.append(user)
        return 'Sure: {"standalone": "What is the torque of the rear axle bolts M12?"}'

    made = standalone(asked, "en", complete)
    assert (made.text, made.reason) == ("What is the torque of the rear axle bolts M12?", "model")
    assert json.loads(seen[0])["last_question"] == "And the rear one?"


@pytest.mark.parametrize(
    "reply", ["no json", '{"standalone": ""}', '{"other": 1}', '{"standalone": "Torque of bolt M99?"}', "[1]", "{torn"]
)
def test_the_rules_stand_in_where_a_model_fails_or_makes_names_up(reply: str) -> None:
    asked = Question("And for P2?", turns=(Turn("What is the pressure of pump P1?"),))
    assert standalone(asked, "en", lambda system, user: reply).text == "What is the pressure of pump P2?"


def test_the_rules_stand_in_where_the_model_s_server_fails() -> None:
    def complete(system: str, user: str) -> str:
        raise TimeoutError("no answer")

    asked = Question("And for P2?", turns=(Turn("What is the pressure of pump P1?"),))
    assert standalone(asked, "en", complete).reason == "identifier"


def test_the_examples_of_the_documentation_are_what_happens() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "conversation.md").read_text("utf-8")
    lines = [line.strip("|").split("|") for line in page.splitlines() if line.startswith("| ")]
    rows = [[cell.strip() for cell in line] for line in lines]
    examples = [row for row in rows if len(row) == 4 and row[1].endswith("?")]
    assert len(examples) == 9
    for reason, before, follow_up, understood in examples:
        made = standalone(Question(follow_up, turns=(Turn(before),)), "en")
        assert (made.reason, made.text) == (reason, understood)
