"""Every page in a headless browser: what it says of itself to those who do not see it well, and the quality page."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from copilot.catalog import open_catalog
from copilot.settings import load_settings
from copilot.types import Principal

pytestmark = pytest.mark.browser
AUDIT = (Path(__file__).parent / "audit.js").read_text("utf-8")
QUESTION = "Mit welchem Drehmoment werden die Gehäuseschrauben M8 angezogen?"
DOUBTED = "Wie lange hält die Dichtung im Winter?"
WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
LOOKS = [("light", WIDE), ("dark", WIDE), ("dark", PHONE)]


@pytest.fixture
def visit(browser: Any, address: str) -> Iterator[Any]:
    """Opens a page of the app: (path, colour scheme, size) -> the page, drawn; a script that throws fails the test."""
    opened: list[Any] = []
    faults: list[str] = []

    def goto(path: str, scheme: str = "light", size: dict[str, int] = WIDE) -> Any:
        context = browser.new_context(locale="de-DE", reduced_motion="reduce", color_scheme=scheme, viewport=size)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(f"{address}/{path}")
        page.get_by_test_id("stHeading").first.wait_for(timeout=60_000)
        _settle(page)
        opened.append(context)
        return page

    yield goto
    for context in opened:
        context.close()
    assert faults == []


def _settle(page: Any) -> None:
    """Wait until the script has run and everything of it is drawn."""
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for(timeout=60_000)
    page.locator("html[lang=de]").wait_for(state="attached", timeout=30_000)
    page.wait_for_timeout(1200)


@pytest.fixture
def runs(app_data: Path) -> None:
    """Two kept runs of one set, the newer one with a wrong case."""
    for started, right in (("2026-01-01T10:00:00+00:00", 0.6), ("2026-02-01T10:00:00+00:00", 0.8)):
        folder = app_data / "evals" / "runs" / f"{started[:10]}-golden"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "report.json").write_text(json.dumps(_report(started, right)))
        (folder / "results.jsonl").write_text(json.dumps(_wrong()) + "\n")


def _group(mean: float, cases: int) -> dict[str, Any]:
    figure = {"n": cases, "mean": mean, "low": mean - 0.1, "high": min(1.0, mean + 0.1)}
    return {"cases": cases, "right": figure, "metrics": {}, "errors": 0, "failed_judgements": 0}


def _report(started: str, right: float) -> dict[str, Any]:
    cells = {language: _group(right, 8)["right"] for language in ("de", "en", "pl", "zh")}
    return {
        "set_name": "golden", "started": started, "seconds": 12.0, "all": _group(right, 20),
        "kinds": {"own": _group(right, 10), "cross": _group(0.5, 5), "absent": _group(1.0, 5)},
        "languages": {"de": _group(right, 10), "pl": _group(0.4, 10)}, "tags": {},
        "crossing": {"de": cells, "pl": cells}, "latency": {"median_s": 0.05, "p95_s": 0.1, "longest_s": 0.3},
        "pending": {"cases": 3}, "warnings": [],
    }  # fmt: skip


def _wrong() -> dict[str, Any]:
    return {
        "id": "de-1", "hash": "h", "fingerprint": "f", "language": "de", "tags": ["prose"], "question": QUESTION,
        "reference": "24 Nm", "source_languages": ["de"], "answerable": True, "right": False,
        "why": "cites page 7 instead of 6", "scores": {"mrr": {"value": 0.5, "reason": "first at rank 2"}},
        "error": "", "errors": {}, "seconds": 0.1, "answer": {"text": "22 Nm", "claims": [{}]},
    }  # fmt: skip


def test_audit_sees_what_it_looks_for(browser: Any) -> None:
    page = browser.new_context().new_page()
    button = "<button style='width:30px;height:30px'></button>"
    page.set_content(f"<h1>a</h1><h3>b</h3>{button}<p style='color:#999'>pale</p>")
    found = " ".join(page.evaluate(AUDIT))
    assert "heading skips a level: b" in found and "no name: <button" in found and "contrast 2.8: pale" in found
    page.context.close()


@pytest.mark.parametrize(("scheme", "size"), LOOKS)
@pytest.mark.parametrize("path", ["", "documents", "translate", "quality"])
def test_page_has_contrast_names_and_headings_in_order(
    path: str, scheme: str, size: dict[str, int], visit: Any, runs: None
) -> None:
    page = visit(path, scheme, size)
    assert page.get_by_test_id("stException").count() == 0
    assert page.evaluate(AUDIT) == []


def _quality(visit: Any) -> Any:
    """The page, drawn to its end: both charts, the table of languages and that of the wrong cases."""
    page = visit("quality")
    for name in ("stVegaLiteChart", "stDataFrame"):
        page.get_by_test_id(name).nth(1).wait_for(timeout=60_000)
    page.get_by_test_id("stDataFrame").last.locator("canvas").first.wait_for(timeout=60_000)
    return page


def _choose_first_row(page: Any, case: Any) -> None:
    """By keyboard; a grid that is still being laid out passes over the first keys."""
    for _ in range(5):
        page.get_by_test_id("stDataFrame").last.locator("canvas").first.focus()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Shift+Space")
        with contextlib.suppress(Exception):
            case.wait_for(timeout=10_000)
            return
    case.wait_for(timeout=10_000)


def test_quality_page_draws_both_charts_and_the_wrong_case(visit: Any, runs: None) -> None:
    page = _quality(visit)
    assert page.get_by_test_id("stVegaLiteChart").count() == 2
    assert page.get_by_test_id("stMetricValue").first.inner_text() == "80\u00a0%"
    assert page.locator(".st-key-quality_run input").input_value().startswith("2026-02-01 10:00")


def test_wrong_case_is_chosen_and_asked_in_the_chat_by_keyboard(visit: Any, runs: None) -> None:
    page = _quality(visit)
    case = page.locator(".st-key-quality_case")
    _choose_first_row(page, case)
    assert "cites page 7 instead of 6" in case.inner_text()
    case.get_by_role("button", name="Im Chat fragen").focus()
    page.keyboard.press("Enter")
    page.locator("a[href^='#cite-'][role=button]").first.wait_for(timeout=120_000)
    assert page.get_by_role("heading", name=QUESTION).is_visible()
    assert "24 Nm" in page.locator("[class*='st-key-claims_']").first.inner_text()


def test_thumb_down_becomes_a_draft_by_keyboard(
    visit: Any, runs: None, app_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COPILOT_DATA_DIR", str(app_data))
    open_catalog(load_settings()).add_feedback(Principal("reader"), DOUBTED, "down")
    page = visit("quality")
    row = page.locator("[class*='st-key-complaint_']").filter(has_text=DOUBTED)
    row.get_by_role("button", name="Entwurf eines Falls").focus()
    page.keyboard.press("Enter")
    row.get_by_text("Entwurf liegt vor").wait_for(timeout=30_000)
    kept = (app_data / "evals" / "drafts" / "feedback.jsonl").read_text("utf-8")
    assert json.loads(kept.splitlines()[-1])["question"] == DOUBTED
