"""A copilot and a library that are told what to say, and a runner of the command line over them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from types import ModuleType, TracebackType
from typing import Any

import pytest
from typer.testing import CliRunner

from copilot.types import (
    Answer,
    Chunk,
    Citation,
    CitedDocument,
    Claim,
    Document,
    ElementKind,
    Hit,
    Job,
    KnowledgeBase,
    Leg,
    Outcome,
    OutcomeStatus,
    PageBox,
    Principal,
    Question,
    SearchResult,
    Span,
    Status,
    Support,
    Variant,
    Verdict,
)

DOCUMENT = Document("d1", "service", "service/manual_de.pdf", "Handbuch", "ab" * 32, "application/pdf", "de",
                    revision="C", status="superseded")
CITATION = Citation(
    1, CitedDocument("d1", "service/manual_de.pdf", "Handbuch", "de", "C", "superseded"), (7,),
    (PageBox(7, (10.0, 20.0, 30.0, 40.0)),), "Gehäuse > Schrauben",
    "Gehäuseschrauben M8\tmit 24 Nm\x1b[31m anziehen.",
)


class FakeCopilot:
    """Answers 'answered' with one citation, 'not_found' for "absent", 'refused' for blank, and notes who asked."""

    def __init__(self, error: Exception | None = None) -> None:
        self.asked: list[tuple[Question, Principal]] = []
        self.top_k: int | None = None
        self.error = error
        self.opened = 0

    def __enter__(self) -> FakeCopilot:
        self.opened += 1
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        pass

    def ask(self, question: Question, principal: Principal) -> Answer:
        print("a library prints this")
        self.asked.append((question, principal))
        if self.error is not None:
            raise self.error
        language = question.answer_language or "de"
        if not question.text.strip():
            return Answer(question.text, language, Verdict.REFUSED, "Die Frage ist leer.")
        if "absent" in question.text:
            return Answer(question.text, language, Verdict.NOT_FOUND, "Nicht gefunden.")
        claim = Claim("Gehäuseschrauben mit 24 Nm anziehen.", "original", (CITATION,), Support(0.9, "words"))
        return Answer(question.text, language, Verdict.ANSWERED, "text", (claim,), (CITATION,))

    def search(self, question: Question, principal: Principal, top_k: int | None = None) -> SearchResult:
        self.asked.append((question, principal))
        self.top_k = top_k
        chunk = Chunk("c1", "d1", "ab" * 32, 0, "Anziehen mit 24 Nm.", "", ("Gehäuse",),
                      ((0, 19, Span(7, None, "Gehäuse")),), "de", ElementKind.TEXT)
        hit = Hit(chunk, DOCUMENT, 0.75, {"sparse": Leg(1, 12.5)})
        variants = (Variant("table", "de", "anziehen"),)
        return SearchResult(question.text, "en", (hit,), (), (hit,), variants, {"total": 0.1})

    def status(self, principal: Principal) -> Status:
        if self.error is not None:
            raise self.error
        bases = (KnowledgeBase("service", "Manuals", (), ("de",)),)
        return Status({"embedder": "fake"}, 1, 2, {"de": 2}, bases, "g1")


class FakeLibrary:
    """One document, one file that failed, one job, two knowledge bases for everybody and one for its group."""

    def knowledge_bases(self, principal: Principal) -> list[KnowledgeBase]:
        closed = ["security"] if "cybersecurity" in principal.groups else []
        return [KnowledgeBase(name, name) for name in ["b", "a", *closed]]

    def documents(self, principal: Principal) -> list[Document]:
        return [DOCUMENT]

    def outcomes(self, principal: Principal) -> list[Outcome]:
        return [
            Outcome("a.pdf", OutcomeStatus.INDEXED, chunks=2),
            Outcome("b.pdf", OutcomeStatus.FAILED, "encrypted", reason="It asks for a password.", cure="Remove it."),
        ]

    def counts(self, principal: Principal) -> Mapping[str, Mapping[str, int]]:
        return {"knowledge_bases": {"service": 1}, "outcomes": {"indexed": 1, "failed": 1}}

    def jobs(self, principal: Principal) -> list[Job]:
        return [Job(3, ("docs",), "service", "local", "running", 0.5, "reading")]


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> FakeCopilot:
    """The copilot behind the commands."""
    copilot = FakeCopilot()
    wiring: Any = ModuleType("copilot.wiring")
    wiring.open_copilot = lambda settings: copilot
    wiring.open_library = lambda settings: FakeLibrary()
    monkeypatch.setitem(sys.modules, "copilot.wiring", wiring)
    return copilot


@pytest.fixture
def run(fake: FakeCopilot) -> Callable[..., Any]:
    """Run a command; the result has exit_code, stdout, stderr."""
    from copilot.cli import app

    def call(*arguments: str, stdin: str | None = None) -> Any:
        return CliRunner().invoke(app, list(arguments), input=stdin)

    return call
