"""The app over a real catalog and library in an empty folder, with a copilot whose answers are written here."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from copilot import wiring
from copilot.catalog import Catalog, Policy
from copilot.types import (
    Answer,
    Chunk,
    Citation,
    CitedDocument,
    Claim,
    Document,
    ElementKind,
    Hit,
    KnowledgeBase,
    Outcome,
    OutcomeStatus,
    PageBox,
    Passage,
    Principal,
    Question,
    SearchResult,
    Span,
    Status,
    Support,
    Verdict,
)
from copilot.ui.product import product

MAIN = Path(__file__).resolve().parents[2] / "copilot" / "ui" / "main.py"
SHA = "ab" * 32
EVIL = "![x](http://evil.example/p.png) <b>24 Nm</b> [klick](http://evil.example) :red[hi] $x$"


def document(name: str = "d1", **fields: object) -> Document:
    values: dict[str, object] = {
        "id": name, "kb": "service", "uri": f"file:///docs/{name}.pdf", "title": "Manual [P](x)", "sha256": SHA,
        "media_type": "application/pdf", "language": "en", "number": "SM-1", "revision": "C",
        "effective": dt.date(2025, 3, 1), "owner": "Ada, Service", "pages": 4, "source": "docs",
    }
    return Document(**(values | fields))  # type: ignore[arg-type]


def hit(name: str = "d1", text: str = "Tighten to 24 Nm.", **fields: object) -> Hit:
    chunk = Chunk(f"c-{name}", name, SHA, 0, text, text, ("5 Housing",), ((0, len(text), Span(2, (10, 20, 200, 40))),),
                  "en", ElementKind.TEXT)
    return Hit(chunk, document(name, **fields), 1.0)


def answered(question: str, text: str = "Tighten to 24 Nm.", status: str = "released") -> Answer:
    cited = CitedDocument("d1", "file:///docs/d1.pdf", "Manual [P](x)", "en", "C", status, SHA)
    citation = Citation(1, cited, (2,), (PageBox(2, (10, 20, 200, 40)),), "5 Housing", text, chunk_id="c-d1")
    claim = Claim(text, "original", (citation,), Support(0.9, "quote"))
    return Answer(question, "en", Verdict.ANSWERED, text, (claim,), (citation,), (Passage(1, (hit(text=text),)),),
                  warnings=("Superseded: Manual [P](x)",) if status == "superseded" else ())


def not_found(question: str) -> Answer:
    return Answer(question, "en", Verdict.NOT_FOUND, "The documents that you may read do not answer this.",
                  passages=(Passage(1, (hit(),)),))


class WrittenCopilot:
    """Answers what the test wrote down; ``answered``, ``not_found`` and ``document`` make what it needs."""

    answered = staticmethod(answered)
    not_found = staticmethod(not_found)
    document = staticmethod(document)
    evil = EVIL
    ask = staticmethod(lambda app, text: ask(app, text))
    shown = staticmethod(lambda app: shown(app))

    def __init__(self) -> None:
        self.make: Callable[[str], Answer] = answered
        self.asked: list[Question] = []
        self.fault: Exception | None = None
        self.near: tuple[str, ...] = ()

    def warm(self) -> None:
        pass

    def close(self) -> None:
        pass

    def stream(self, question: Question, principal: Principal) -> Iterator[Claim | Answer]:
        self.asked.append(question)
        if self.fault is not None:
            raise self.fault
        answer = self.make(question.text)
        yield from answer.claims
        yield answer

    def search(self, question: Question, principal: Principal) -> SearchResult:
        own, other = hit(), hit("d2", "Mit 24 Nm anziehen.")
        return SearchResult(question.text, "en", (own, other), (own,), (other,), (), {}, self.near)

    def status(self, principal: Principal) -> Status:
        return Status({"answerer": "extractive", "embedder": "tiny", "translator": "none"}, 1, 1, {"en": 1}, (), "g1")


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    """A catalog with one public document, one for a group, and a file that failed."""
    found = Catalog.at(tmp_path / "data" / "catalog.sqlite")
    found.put_knowledge_base(KnowledgeBase("service", "Service manuals"))
    for item, groups in ((document(), ()), (document("d2", title="Secret plan", acl=("board",)), ("board",))):
        found.put_document(item, Policy.of("service", groups, "current"))
    found.record_outcome("run", Outcome("file:///docs/locked.pdf", OutcomeStatus.FAILED, "encrypted",
                                        reason="The file is encrypted.", cure="Remove the password."))
    return found


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch, catalog: Catalog) -> Iterator[WrittenCopilot]:
    """The copilot that the app opens."""
    made = WrittenCopilot()
    monkeypatch.setattr(wiring, "open_copilot", lambda settings: made)
    product.close()
    yield made
    product.close()


@pytest.fixture
def app(written: WrittenCopilot) -> AppTest:
    return AppTest.from_file(str(MAIN), default_timeout=60)


def ask(app: AppTest, text: str) -> AppTest:
    """Type a question and wait until its answer is drawn."""
    app.chat_input[0].set_value(text).run()
    for _ in range(50):
        if not any(button.key == "stop" for button in app.button):
            break
        app.run()
    assert not app.exception
    return app


def shown(app: AppTest) -> str:
    """All Markdown that the page holds."""
    elements = [*app.title, *app.header, *app.markdown, *app.caption, *app.warning, *app.error, *app.info]
    return "\n".join(str(element.value) for element in elements)


# the real app in a headless browser


@pytest.fixture(scope="session")
def app_data(sample_data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of the app that ``address`` serves: a copy of the ingested samples."""
    data = tmp_path_factory.mktemp("app") / "data"
    shutil.copytree(sample_data_dir, data)
    assert not (data / "evals").exists(), "a test wrote its runs into the shared samples: they would be shown here"
    return data


@pytest.fixture(scope="session")
def address(app_data: Path) -> Iterator[str]:
    """The app over the ingested samples, started as people start it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    environment = {**os.environ, "COPILOT_DATA_DIR": str(app_data), "OMP_NUM_THREADS": "1"}
    log = app_data.parent / "log"
    with log.open("w") as file:
        process = subprocess.Popen(command, cwd=MAIN.parents[2], env=environment, stdout=file, stderr=file)
    try:
        yield _ready(f"http://127.0.0.1:{port}", process, log)
    finally:
        process.terminate()
        process.wait(20)


def _ready(address: str, process: subprocess.Popen[bytes], log: Path) -> str:
    for _ in range(240):
        assert process.poll() is None, log.read_text()
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=2):
                return address
        except OSError:
            time.sleep(0.5)
    raise AssertionError(log.read_text())


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        found = playwright.chromium.launch(
            executable_path=shutil.which("chromium") or shutil.which("google-chrome"),
            args=["--no-sandbox", "--disable-dev-shm-usage"],
        )
        yield found
        found.close()
