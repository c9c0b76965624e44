"""The answerer over a scripted model: what it shows, what it drops, and when the documents are quoted instead."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from copilot.answering.citations import cite
from copilot.answering.llm import LLMAnswerer
from copilot.llms.building import open_language_model
from copilot.settings import LLMSettings
from copilot.testing_llm import Reply, Request, Script, ScriptedServer
from copilot.types import Chunk, Claim, Document, Draft, ElementKind, Evidence, Hit, Passage, Question, Span, Support
from copilot.verification import Verifier

TORQUES = "The housing bolts are tightened to 24 Nm. Then they are turned by 90 degrees. Never reuse a housing bolt."
VALVE = "The pressure valve opens at 1.4 bar. It is replaced every four years."
ASKED = "How are the housing bolts tightened?"


def _hit(number: int, text: str, language: str = "en") -> Hit:
    head = "Battery manual > Housing"
    span = Span(number, (10.0, 10.0, 200.0, 20.0), "")
    chunk = Chunk(
        f"c{number}", f"d{number}", "s", 0, text, f"{head}\n{text}", ("Housing",), ((0, len(text), span),), language,
        ElementKind.TEXT,
    )
    document = Document(f"d{number}", "service", f"file:///m{number}.pdf", "Battery manual", "s", "application/pdf")
    return Hit(chunk, document, 3.0 - number)


def _evidence(*texts: str, question: str = ASKED, answer_language: str = "") -> Evidence:
    passages = tuple(Passage(marker, (_hit(marker, text),)) for marker, text in enumerate(texts, start=1))
    return Evidence(Question(question, answer_language=answer_language), "en", passages)


class Quoting:
    """Quotes the first sentence of the first passage, unless told what to propose."""

    name = "extractive"

    def __init__(self, draft: Draft | None = None) -> None:
        self._draft = draft

    def answer(self, evidence: Evidence) -> Draft:
        if self._draft is not None or not evidence.passages:
            return self._draft or Draft()
        hit = evidence.passages[0].hits[0]
        end = hit.chunk.text.index(".") + 1
        claim = Claim(hit.chunk.text[:end], "original", (cite(hit, 0, end, 1),), Support(0.9, "quoted verbatim"))
        return Draft((claim,), 0.7)


Run = Callable[..., Draft]


@pytest.fixture
def run() -> Iterator[Run]:
    """Ask the evidence of an answerer over a scripted model; its requests are kept in ``run.requests``."""
    closing: list[Any] = []

    def answer(script: Script, evidence: Evidence | None = None, draft: Draft | None = None, **limits: Any) -> Draft:
        server = ScriptedServer(script)
        closing.append(server.__exit__)
        server.__enter__()
        limits.setdefault("max_retries", 0)
        model = open_language_model(LLMSettings(base_url=server.url, model="tiny", **limits))
        model._sleep = lambda seconds: None
        answerer = LLMAnswerer(model, Quoting(draft), Verifier(), new_key=lambda: "4f1dc0ffee")
        closing.append(lambda *_: answerer.close())
        answer.requests = server.requests  # type: ignore[attr-defined]
        return answerer.answer(evidence or _evidence(TORQUES, VALVE))

    yield answer
    for close in reversed(closing):
        close(None, None, None)


def _texts(draft: Draft) -> list[str]:
    return [claim.text for claim in draft.claims]


def _is_quoted(draft: Draft) -> bool:
    return [claim.kind for claim in draft.claims] == ["original"] and draft.engine["answerer"] == "extractive"


def test_proved_sentences_are_shown_with_the_shortest_quote_that_proves_them(run: Run) -> None:
    told = ["Tighten the housing bolts to 24 Nm.", "Turn them by 90 degrees.", "Never reuse a housing bolt."]
    draft = run(["\n".join(f"{sentence} [1]" for sentence in told)])
    assert _texts(draft) == told
    assert {claim.kind for claim in draft.claims} == {"generated"}
    assert draft.claims[0].citations[0].quote == "The housing bolts are tightened to 24 Nm."
    assert draft.claims[2].citations[0].quote == "Never reuse a housing bolt."
    assert all(quote.quote in TORQUES for claim in draft.claims for quote in claim.citations)
    assert draft.engine["answerer"] == "llm" and draft.warnings == () and draft.probability > 0.5


@pytest.mark.parametrize(
    "wrong",
    [
        "Tighten the housing bolts to 42 Nm. [1]",
        "Tighten the housing bolts to 24 bar. [1]",
        "The housing bolts are not tightened to 24 Nm. [1]",
        "A housing bolt may be reused twice. [1]",
        "Tighten the housing bolts to 24 Nm. [2]",
        "Tighten the housing bolts to 24 Nm. [7]",
        "Tighten the housing bolts to 24 Nm.",
        "Apply Loctite 243 to the threads beforehand. [1]",
    ],
)
def test_a_sentence_without_proof_is_dropped_and_counted(wrong: str, run: Run) -> None:
    draft = run([f"{wrong}\nThe valve opens at 1.4 bar. [2]"])
    assert _texts(draft) == ["The valve opens at 1.4 bar."]
    assert draft.warnings == (
        "Sentences of the language model not shown because the passages do not support them: 1.",
    )


def test_unsupported_sentences_are_marked_where_the_policy_says_so(run: Run) -> None:
    reply = "Tighten the housing bolts to 42 Nm. [1]\nThe valve opens at 1.4 bar. [2]\nNo marker here."
    draft = run([reply], unsupported="mark")
    assert [claim.kind for claim in draft.claims] == ["unsupported", "generated"]
    assert "42" in draft.claims[0].support.reason and draft.claims[0].citations


def test_marked_sentences_alone_are_no_answer(run: Run) -> None:
    assert _is_quoted(run(["Tighten the housing bolts to 42 Nm. [1]"], unsupported="mark"))


@pytest.mark.parametrize(
    "reply",
    [
        Reply(""), Reply("I'm sorry, but I cannot help with that."), Reply("", refusal="I cannot help with that."),
        Reply("Tighten them to 99 Nm. [1]"), Reply("[1][2]"), Reply("<think>So the bolts... [1]"),
        Reply("{\"answer\": \"Tighten\"}"), Reply(raw="<html>busy</html>"), Reply(raw="{\"choices\": []}"),
    ],
)
def test_nothing_of_use_means_the_documents_are_quoted_and_says_so(reply: Reply, run: Run) -> None:
    draft = run([reply])
    assert _is_quoted(draft) and _texts(draft) == ["The housing bolts are tightened to 24 Nm."]
    assert len(draft.warnings) == 1 and "quoted instead" in draft.warnings[0]


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (Reply(status=429), "busy"), (Reply(status=500), "status 500"), (Reply(status=401), "API key"),
        (Reply("Tighten them", break_after=1), "broke off"), (Reply("late", delay_s=0.5), "silent"),
    ],
)
def test_a_model_that_fails_means_the_documents_are_quoted_with_the_reason(reply: Reply, reason: str, run: Run) -> None:
    draft = run([reply], timeout_s=0.2)
    assert _is_quoted(draft)
    assert reason in draft.warnings[0] and reason in draft.engine["llm"]


def test_a_failure_that_passes_is_not_noticed(run: Run) -> None:
    replies = [Reply(status=429), Reply("Tighten the housing", break_after=2), "The valve opens at 1.4 bar. [2]"]
    draft = run(replies, max_retries=2)
    assert _texts(draft) == ["The valve opens at 1.4 bar."] and draft.warnings == ()


def test_what_was_proved_before_the_stream_broke_stays_and_is_called_incomplete(run: Run) -> None:
    pieces = ("The valve opens at 1.4 bar. [2]\n", "Tighten the ", "bolts")
    draft = run([Reply(pieces=pieces, break_after=2), "unused"], max_retries=2)
    assert _texts(draft) == ["The valve opens at 1.4 bar."] and draft.engine["answerer"] == "llm"
    assert "broke off" in draft.warnings[0] and "incomplete" in draft.warnings[0]
    assert len(run.requests) == 1  # type: ignore[attr-defined]


def test_an_overlong_answer_is_cut_at_the_most_lines(run: Run) -> None:
    lines = [f"The valve opens at 1.4 bar{'!' * number}. [2]" for number in range(200)]
    assert 1 <= len(run(["\n".join(lines)]).claims) <= 8


def test_a_sentence_that_never_ends_is_dropped(run: Run) -> None:
    assert _is_quoted(run([Reply("and the bolts " * 3000)]))


def test_a_repeated_sentence_is_shown_once(run: Run) -> None:
    assert len(run(["The valve opens at 1.4 bar. [2]\n" * 5]).claims) == 1


def test_the_models_word_that_nothing_answers_is_taken(run: Run) -> None:
    draft = run(["NOT_FOUND"])
    assert draft.claims == () and draft.engine["answerer"] == "llm"
    assert draft.warnings == ("The language model found no answer in the passages.",)
    assert draft.closest[0].quote == "The housing bolts are tightened to 24 Nm."


def test_a_missing_part_is_told_in_the_askers_own_words_only(run: Run) -> None:
    evidence = _evidence(TORQUES, VALVE, question="At what pressure does the valve open, and what does it weigh?")
    draft = run(["The valve opens at 1.4 bar. [2]\nMISSING: what does it weigh\nMISSING: call +1 555 0100"], evidence)
    assert draft.missing == ("what does it weigh",)


@pytest.mark.parametrize(
    "draft", [Draft(missing=("PPR-9999",)), Draft(Quoting().answer(_evidence(TORQUES)).claims, 0.9, shape="computed")]
)
def test_a_model_is_not_asked_for_what_is_nowhere_or_was_computed(draft: Draft, run: Run) -> None:
    assert run([], draft=draft) == draft
    assert run.requests == []  # type: ignore[attr-defined]


def test_a_budget_without_room_for_a_passage_asks_nothing_and_names_the_reason(run: Run) -> None:
    draft = run([], token_budget=256, max_tokens=200)
    assert _is_quoted(draft) and "token budget" in draft.warnings[0] and run.requests == []  # type: ignore[attr-defined]


def test_a_model_is_not_asked_without_passages(run: Run) -> None:
    assert run([], Evidence(Question(ASKED), "en", ())) == Draft()


def test_claims_come_while_the_model_still_writes() -> None:
    waiting: list[str] = []
    pieces = ("The valve opens at 1.4 bar. [2]\n", "Never reuse ", "a housing bolt. [1]")

    def script(request: Request) -> Reply:
        return Reply(pieces=pieces, pause_s=0.2)

    with ScriptedServer(script) as server:
        model = open_language_model(LLMSettings(base_url=server.url, model="tiny"))
        answerer = LLMAnswerer(model, Quoting(), Verifier())
        got: list[Claim | Draft] = []
        for item in answerer.stream(_evidence(TORQUES, VALVE)):
            got.append(item)
            waiting.append(model.breaker.state)
        answerer.close()
    *claims, draft = got
    assert [claim.text for claim in claims if isinstance(claim, Claim)] == [
        "The valve opens at 1.4 bar.", "Never reuse a housing bolt.",
    ]
    assert isinstance(draft, Draft) and draft.claims == tuple(claims)


def test_notes_are_in_the_askers_language(run: Run) -> None:
    draft = run([Reply(status=500)], _evidence(TORQUES, answer_language="de"))
    assert draft.warnings[0].startswith("Das Sprachmodell hat nicht geantwortet")


def test_an_open_breaker_quotes_at_once_and_says_so() -> None:
    with ScriptedServer([Reply(status=500)]) as server:
        limits = LLMSettings(base_url=server.url, model="tiny", max_retries=0, breaker_failures=1)
        answerer = LLMAnswerer(open_language_model(limits), Quoting(), Verifier())
        first, second = answerer.answer(_evidence(TORQUES)), answerer.answer(_evidence(TORQUES))
        answerer.close()
    assert _is_quoted(first) and _is_quoted(second) and len(server.requests) == 1
    assert "left alone" in second.warnings[0] and "left alone" in second.engine["llm"]
