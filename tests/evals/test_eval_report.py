"""The report stands alone, parses, escapes what others wrote, and shows old beside new."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from evals.gating.baseline import Baseline, baseline_of
from evals.gating.gate import compare
from evals.report import markdown, summary_text, write_pages
from evals.report.changes import changes, worst
from evals.running.fingerprint import Fingerprint
from evals.running.results import Kept
from evals.running.session import unjudged
from evals.running.summary import Report, summarise
from evals.types import CaseResult, Score

FINGERPRINT = Fingerprint("full", "corpus", "cases", "pipeline", "settings", "code", "models")
EVIL = '<script src="https://evil.example/x.js"></script> & <img src=//evil.example>'
_VOID = {"meta", "br", "img", "input", "link", "hr"}


class Page(HTMLParser):
    """Collects what a browser would fetch, and elements left open."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.fetched: list[str] = []
        self.open: list[str] = []
        self.words: list[str] = []
        self.drawings: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.fetched += [value or "" for name, value in attrs
                         if name in ("src", "href", "xlink:href", "action") and not (value or "").startswith("#")]
        self.fetched += [tag] if tag in ("script", "link", "iframe", "object") else []
        self.drawings += [dict(attrs).get("aria-label") or ""] if tag == "svg" else []
        if tag not in _VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.open = self.open[:-1] if tag not in _VOID else self.open

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def kept(name: str, right: bool, text: str, language: str = "de", tags: tuple[str, ...] = ("steps",)) -> Kept:
    answer = {"text": text, "citations": [{"document": {"uri": "file:///x/Hand%20buch.pdf"}, "pages": [6]}]}
    result = CaseResult(name, language, tags, right, "as it is", {"page_correct": Score(float(right))}, answer,
                        seconds=0.1)  # fmt: skip
    return Kept(result, "same", "run", f"Question {name}: {EVIL}", EVIL, ("de", "en"))


def run(*cases: Kept) -> Report:
    return summarise(cases, FINGERPRINT, set_name="golden", started="2026-01-02T03:04:05", seconds=9.0)


@pytest.fixture
def cases() -> list[Kept]:
    many = [kept(f"zh-{number}", number % 3 > 0, f"Answer {number}", "zh") for number in range(9)]
    few = [kept("de-1", False, f"new {EVIL}"), kept("de-2", True, "as before"), kept("de-3", True, "rich answer")]
    return few + many


@pytest.fixture
def baseline(cases: list[Kept]) -> Baseline:
    old = [kept("de-1", True, "old answer"), kept("de-2", True, "as before"), kept("de-3", False, "poor"), *cases[3:]]
    return baseline_of(old, FINGERPRINT, "Ada", f"why {EVIL}")


def test_the_page_parses_needs_nothing_else_and_escapes_every_text(
    tmp_path: Path, cases: list[Kept], baseline: Baseline
) -> None:
    write_pages(tmp_path, run(*cases), cases, baseline)
    text = (tmp_path / "report.html").read_text("utf-8")
    page = Page(text)
    assert page.open == []
    assert page.fetched == []
    assert re.findall(r"url\((?!#)[^)]*\)|@import", text) == []
    assert len(page.drawings) == 4
    assert all(page.drawings), "a drawing without a text for those who cannot see it"
    assert "zh 67% of 9" in page.drawings[0]
    shown = " ".join(page.words)
    assert EVIL in shown, "shown as the text that it is"
    assert "Hand buch.pdf p. 6" in shown


def test_the_page_sets_old_beside_new_the_worse_first(cases: list[Kept], baseline: Baseline, tmp_path: Path) -> None:
    found = changes(cases, baseline)
    assert [(change.item.id, change.step) for change in found] == [("de-1", "worse"), ("de-3", "better")]
    write_pages(tmp_path, run(*cases), cases, baseline)
    shown = " ".join(Page((tmp_path / "report.html").read_text("utf-8")).words)
    assert shown.index("old answer") < shown.index("new <script") < shown.index("poor") < shown.index("rich answer")


def test_the_page_follows_light_and_dark(tmp_path: Path, cases: list[Kept]) -> None:
    write_pages(tmp_path, run(*cases), cases, None)
    text = (tmp_path / "report.html").read_text("utf-8")
    assert "prefers-color-scheme: dark" in text
    assert "var(--mark)" in text.split("</style>", 1)[1]
    assert "#010101" not in text


def test_a_run_without_any_case_that_counts_has_a_page_too(tmp_path: Path) -> None:
    drafts = [kept("de-1", True, "text", tags=("draft",))]
    report = summarise(drafts, FINGERPRINT, set_name="own", started="2026", seconds=1.0)
    write_pages(tmp_path, report, drafts, None)
    assert "No case was counted" in (tmp_path / "report.html").read_text("utf-8")


def test_the_worst_are_leaks_then_errors_then_low_scores(cases: list[Kept]) -> None:
    low, lower = kept("a", False, "x"), kept("b", False, "x")
    low = replace(low, result=replace(low.result, scores={"page_correct": Score(0.5)}))
    failed = replace(low, result=replace(low.result, case_id="c", error="RuntimeError"))
    leaking = replace(low, result=replace(low.result, case_id="d", scores={"no_leakage": Score(0.0)}))
    assert [item.id for item in worst([low, lower, failed, leaking])] == ["d", "c", "b", "a"]


def test_the_summary_for_a_pull_request_is_plain_markdown(cases: list[Kept], baseline: Baseline) -> None:
    verdict = compare(baseline, cases, FINGERPRINT)
    text = markdown(run(*cases), cases, baseline, verdict)
    assert "**The gate is red.**" in text
    assert "| zh | 9 | 67% (33-100) |" in text
    assert "- worse: `de-1`" in text
    assert re.search(r"(?<!\\)<", text) is None
    assert re.search(r"(?<!\\)\[", text) is None


def test_the_table_for_a_terminal_names_kinds_and_languages(cases: list[Kept]) -> None:
    text = summary_text(run(*cases))
    assert re.search(r"^all +12 +67% \(42-92\)$", text, re.MULTILINE)
    assert re.search(r"^zh +9", text, re.MULTILINE)
    assert "answer in the question's language" in text


def test_scores_that_could_not_be_made_are_told_on_the_screen_and_in_the_summary(cases: list[Kept]) -> None:
    failing = {"ragas_faithfulness": "the judge did not answer"}
    failed = [replace(item, result=replace(item.result, errors=failing)) for item in cases]
    (warning,) = unjudged(failed)
    assert f"{len(cases)} single scores could not be made (ragas_faithfulness)" in warning
    report = summarise(failed, FINGERPRINT, set_name="golden", started="2026-01-01", seconds=1.0, warnings=[warning])
    assert warning in summary_text(report)
    assert "the judge did not answer" in markdown(report, failed, None)
    assert list(unjudged(cases)) == []
