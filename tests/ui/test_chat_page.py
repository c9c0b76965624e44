from __future__ import annotations

import json
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from copilot.catalog import Catalog, Policy
from copilot.errors import IndexMissing
from copilot.types import Answer, Principal, Verdict

LOCAL = Principal("local")


def test_start_asks_what_one_wants_to_know_and_names_engine(app: AppTest, written: Any) -> None:
    app.run()
    for _ in range(20):
        if "tiny" in written.shown(app):
            break
        app.run()
    assert not app.exception
    assert app.title[0].value == "What would you like to know?"
    assert "verbatim extracts" in written.shown(app) and "tiny" in written.shown(app)


def test_answer_shows_sentence_marker_and_verdict(app: AppTest, written: Any) -> None:
    written.ask(app.run(), "Which torque?")
    text = written.shown(app)
    assert app.header[0].value == "Which torque?"
    assert "green-badge" in text and "sources\\: 1" in text
    assert "Tighten to 24 Nm\\." in text and "[1](#cite-t1-c1)" in text
    assert len("".join(app.query_params["chat"])) == 32


def test_answer_is_kept_for_its_reader_and_listed(app: AppTest, catalog: Catalog, written: Any) -> None:
    written.ask(app.run(), "Which torque?")
    kept = catalog.conversations(LOCAL)
    assert [item.title for item in kept] == ["Which torque?"]
    assert app.button(key=f"recent_{kept[0].id}").label == "Which torque?"


def test_follow_up_stays_in_its_conversation(app: AppTest, catalog: Catalog, written: Any) -> None:
    written.ask(app.run(), "Which torque?")
    written.ask(app, "Which angle?")
    assert [item.value for item in app.header] == ["Which torque?", "Which angle?"]
    assert len(catalog.conversations(LOCAL)) == 1


def test_conversation_is_drawn_again_from_its_address(app: AppTest, catalog: Catalog, written: Any) -> None:
    turn = catalog.save_turn(LOCAL, written.answered("Which torque?"))
    app.query_params["chat"] = turn.conversation
    app.run()
    assert "[1](#cite-t1-c1)" in written.shown(app)


def test_conversation_of_another_is_not_drawn(app: AppTest, catalog: Catalog, written: Any) -> None:
    turn = catalog.save_turn(Principal("eve"), written.answered("Which torque?"))
    app.query_params["chat"] = turn.conversation
    app.run()
    assert "Tighten" not in written.shown(app)


def test_answer_from_a_document_now_forbidden_is_withheld(app: AppTest, catalog: Catalog, written: Any) -> None:
    turn = catalog.save_turn(LOCAL, written.answered("Which torque?"))
    catalog.put_document(written.document(acl=("board",)), Policy.of("service", ("board",), "current"))
    app.query_params["chat"] = turn.conversation
    app.run()
    assert "Answer withheld" in written.shown(app) and "Tighten" not in written.shown(app)


def test_not_found_shows_closest_passage_and_owner(app: AppTest, written: Any) -> None:
    written.make = written.not_found
    written.ask(app.run(), "Which noise?")
    text = written.shown(app)
    assert "gray-badge" in text and "do not answer this" in text
    assert "[1](#cite-t1-p1)" in text and "Ada, Service" in text


def test_not_found_offers_near_spellings_only_while_they_may_be_read(app: AppTest, written: Any) -> None:
    written.make = written.not_found
    written.near = ("PPR-9087", "<b>evil</b>")
    written.ask(app.run(), "What is PPR-9O87?")
    text = written.shown(app)
    assert "Did you mean" in text and "PPR\\-9087" in text and "<b>" not in text
    written.near = ()
    app.run()
    assert "Did you mean" not in written.shown(app)


def test_refused_question_says_why(app: AppTest, written: Any) -> None:
    written.make = lambda question: Answer(question, "en", Verdict.REFUSED, "Please shorten it.")
    written.ask(app.run(), "?")
    assert "Please shorten it\\." in written.shown(app) and "yellow-badge" in written.shown(app)


def test_superseded_source_is_warned_of(app: AppTest, written: Any) -> None:
    written.make = lambda question: written.answered(question, status="superseded")
    written.ask(app.run(), "Which torque?")
    assert "superseded by a newer revision" in app.warning[0].value
    assert "orange-badge" in written.shown(app)


def test_hostile_quote_makes_no_image_link_or_colour(app: AppTest, written: Any) -> None:
    written.make = lambda question: written.answered(question, text=written.evil)
    written.ask(app.run(), "Which torque?")
    text = written.shown(app)
    assert "evil" in text, "the quote itself is shown"
    assert "![x]" not in text and "](http" not in text and ":red[" not in text and "<b>" not in text


def test_error_of_the_engine_is_told_with_its_cure(app: AppTest, written: Any) -> None:
    written.fault = IndexMissing("Nothing was published yet.", "Ingest documents first.")
    written.ask(app.run(), "Which torque?")
    assert "Ingest documents first" in app.error[0].value


def test_unexpected_error_does_not_show_its_words(app: AppTest, written: Any) -> None:
    written.fault = RuntimeError("secret path /srv/x")
    written.ask(app.run(), "Which torque?")
    assert "RuntimeError" in app.error[0].value and "secret" not in written.shown(app)


def test_sources_show_own_and_other_languages_when_opened(app: AppTest, written: Any) -> None:
    written.ask(app.run(), "Which torque?")
    assert "Mit 24 Nm" not in written.shown(app)
    app.session_state["more_t1"] = True
    app.run()
    assert [tab.label for tab in app.tabs] == ["Cited (1)", "English (1)", "Other languages (1)"]
    assert "Mit 24 Nm" in written.shown(app)


def test_feedback_is_kept(app: AppTest, catalog: Catalog, written: Any) -> None:
    written.ask(app.run(), "Which torque?")
    app.feedback(key="feedback_t1").set_value(1).run()
    assert [(item.question, item.verdict) for item in catalog.feedback()] == [("Which torque?", "up")]


def test_scope_goes_into_the_question(app: AppTest, written: Any) -> None:
    app.run()
    app.pills(key="scope_bases").set_value(["service"])
    app.pills(key="scope_languages").set_value(["en"]).run()
    written.ask(app, "Which torque?")
    assert written.asked[0].knowledge_bases == ("service",)
    assert written.asked[0].filters == {"language": ("en",)}


@pytest.mark.parametrize(("language", "title"), [("de", "Was möchten Sie wissen?"), ("zh", "您想了解什么？")])
def test_language_switches_the_whole_page(app: AppTest, language: str, title: str) -> None:
    app.run()
    app.selectbox(key="language").set_value(language).run()
    assert not app.exception
    assert app.title[0].value == title


def test_export_is_the_answer_as_json(app: AppTest, catalog: Catalog, written: Any) -> None:
    written.ask(app.run(), "Which torque?")
    (turn,) = catalog.turns(LOCAL, "".join(app.query_params["chat"]))
    assert json.loads(json.dumps(dict(turn.answer)))["citations"][0]["quote"] == "Tighten to 24 Nm."
    assert any(button.key == "export_t1" for button in app.get("download_button"))
