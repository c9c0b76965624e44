"""The read side over real samples: a stream is the answer, and its fold is `ask`."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from copilot.service import Copilot
from copilot.settings import load_settings
from copilot.types import Answer, Claim, Principal, Question, Verdict
from copilot.wiring import open_copilot

ASKER = Principal("tester")


@pytest.fixture(scope="module")
def copilot(sample_data_dir: Path) -> Iterator[Copilot]:
    with open_copilot(load_settings(data_dir=sample_data_dir)) as opened:
        yield opened


def test_stream_yields_the_claims_of_the_answer_with_its_markers(copilot: Copilot) -> None:
    *claims, answer = copilot.stream("What is the tightening torque of the housing bolts?", ASKER)
    assert isinstance(answer, Answer) and answer.verdict is Verdict.ANSWERED
    assert all(isinstance(claim, Claim) for claim in claims)
    assert tuple(claims) == answer.claims
    assert {item.marker for item in answer.citations} == {item.marker for item in answer.passages}


def test_ask_quotes_stand_in_the_cited_chunk(copilot: Copilot) -> None:
    answer = copilot.ask("What is the tightening torque of the housing bolts?", ASKER)
    texts = {hit.chunk.id: hit.chunk.text for item in answer.passages for hit in item.hits}
    assert answer.citations
    for citation in answer.citations:
        assert citation.quote in texts[citation.chunk_id]


@pytest.mark.parametrize("question", ["", "?!…", "x" * 20_000])
def test_ask_what_is_no_question_is_refused(copilot: Copilot, question: str) -> None:
    answer = copilot.ask(question, ASKER)
    assert answer.verdict is Verdict.REFUSED and answer.text and not answer.claims
    assert len(answer.question) <= 4001


@pytest.mark.parametrize(("language", "word"), [("de", "Dokumenten"), ("fr", "documents"), ("zh", "文档")])
def test_ask_absent_topic_says_so_in_the_asked_language(copilot: Copilot, language: str, word: str) -> None:
    question = Question("Which wine goes well with grilled trout?", answer_language=language)
    answer = copilot.ask(question, ASKER)
    assert answer.verdict is Verdict.NOT_FOUND and answer.language == language and word in answer.text


@pytest.mark.parametrize("spelling", ["PPR-9087", "PPR 9087", "ppr9087"])
def test_search_identifier_in_any_spelling_comes_first(copilot: Copilot, spelling: str) -> None:
    hits = copilot.search(spelling, ASKER).hits
    assert "PPR-9087" in hits[0].chunk.embed_text


def test_ask_identifier_that_is_not_there_is_named(copilot: Copilot) -> None:
    answer = copilot.ask("What does the code P0C99 mean?", ASKER)
    assert answer.verdict is Verdict.NOT_FOUND and "P0C99" in answer.missing


def test_search_lists_own_language_and_others_apart(copilot: Copilot) -> None:
    result = copilot.search("Wie werden die Gehäuseschrauben angezogen?", ASKER)
    assert result.language == "de"
    assert result.own and {hit.chunk.language for hit in result.own} == {"de"}
    assert "de" not in {hit.chunk.language for hit in result.others}
