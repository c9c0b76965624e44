"""The quality page: its figures come from the kept runs, cases lead to the chat, thumbs down become drafts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from copilot import wiring
from copilot.catalog import Catalog, open_catalog
from copilot.settings import load_settings
from copilot.types import Principal
from copilot.ui.product import product
from evals.cases import load_cases
from evals.quality.drafts import drafts_path
from evals.quality.runs import runs


def _figure(mean: float, n: int) -> dict[str, float]:
    return {"n": n, "mean": mean, "low": max(0.0, mean - 0.1), "high": min(1.0, mean + 0.1)}


def _group(mean: float, n: int) -> dict[str, Any]:
    return {"cases": n, "right": _figure(mean, n), "metrics": {}, "errors": 0, "failed_judgements": 0}


def _run(data: Path, name: str, started: str, right: float) -> None:
    folder = data / "evals" / "runs" / name
    folder.mkdir(parents=True)
    report = {
        "set_name": "golden", "started": started, "seconds": 12.0, "all": _group(right, 20),
        "kinds": {"own": _group(right, 10), "cross": _group(0.5, 5), "absent": _group(1.0, 5)},
        "languages": {"de": _group(right, 10), "pl": _group(0.4, 10)}, "tags": {},
        "crossing": {"de": {"de": _figure(right, 8), "en": _figure(0.5, 2)}},
        "latency": {"median_s": 0.05, "p95_s": 0.1, "longest_s": 0.3}, "pending": {"cases": 3}, "warnings": [],
    }  # fmt: skip
    (folder / "report.json").write_text(json.dumps(report))
    cases = [_case("de-1", True, "cites the right page"), _case("de-2", False, "cites page 7 instead of 6")]
    (folder / "results.jsonl").write_text("".join(json.dumps(case) + "\n" for case in cases))


def _case(name: str, right: bool, why: str) -> dict[str, Any]:
    return {
        "id": name, "hash": "h", "fingerprint": "f", "language": "de", "tags": ["prose"],
        "question": f"Frage [{name}] mit <b>Zeichen</b>?", "reference": "24 Nm", "source_languages": ["de"],
        "answerable": True, "right": right, "why": why, "scores": {"mrr": {"value": 1.0, "reason": "first"}},
        "error": "", "errors": {}, "seconds": 0.1, "answer": {"text": "22 Nm ![x](http://evil.example/x.png)"},
    }  # fmt: skip


def _page() -> None:
    import streamlit as st

    from evals.quality import page

    st.session_state.setdefault("language", "en")
    page.draw()


@pytest.fixture
def catalog(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Catalog]:
    monkeypatch.setenv("COPILOT_DATA_DIR", str(tmp_path))
    monkeypatch.setattr(wiring, "open_copilot", lambda settings: None)
    product.close()
    yield open_catalog(load_settings())
    product.close()


def _shown(app: AppTest) -> str:
    kinds = ("markdown", "caption", "title", "header", "info", "success", "error")
    return "\n".join(item.value for kind in kinds for item in app.get(kind))


def test_without_runs_the_page_tells_the_command(catalog: Catalog) -> None:
    app = AppTest.from_function(_page).run()
    assert not app.exception
    assert app.code[0].value == "copilot eval run"


def test_the_newest_run_is_shown_with_its_figures(catalog: Catalog, tmp_path: Path) -> None:
    _run(tmp_path, "20260101-golden", "2026-01-01T10:00:00+00:00", 0.6)
    _run(tmp_path, "20260201-golden", "2026-02-01T10:00:00+00:00", 0.8)
    app = AppTest.from_function(_page).run()
    assert not app.exception
    assert [item.value for item in app.metric][:2] == ["80%", "80%"]
    assert "n = 20" in app.metric[0].delta
    assert "3 cases ask for what the product cannot do yet" in _shown(app)
    app.selectbox(key="quality_run").select("20260101-golden").run()
    assert app.metric[0].value == "60%"


def test_a_torn_report_is_passed_over(catalog: Catalog, tmp_path: Path) -> None:
    _run(tmp_path, "20260101-golden", "2026-01-01T10:00:00+00:00", 0.6)
    torn = tmp_path / "evals" / "runs" / "20260301-golden"
    torn.mkdir(parents=True)
    (torn / "report.json").write_text('{"set_name": "golden"')
    assert [run.folder.name for run in runs(load_settings())] == ["20260101-golden"]


def test_only_wrong_cases_are_listed(catalog: Catalog, tmp_path: Path) -> None:
    _run(tmp_path, "20260101-golden", "2026-01-01T10:00:00+00:00", 0.6)
    app = AppTest.from_function(_page).run()
    listed = next(item.value for item in app.dataframe if "id" in item.value.columns)
    assert list(listed["id"]) == ["de-2"]
    assert list(listed["Why"]) == ["cites page 7 instead of 6"]


def test_readers_without_the_right_see_nothing_of_the_runs(
    catalog: Catalog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _run(tmp_path, "20260101-golden", "2026-01-01T10:00:00+00:00", 0.6)
    monkeypatch.setattr("evals.quality.page.principal", lambda: Principal("someone"))
    app = AppTest.from_function(_page).run()
    assert not app.metric and not app.dataframe
    assert "administrators" in app.info[0].value


def test_a_thumb_down_becomes_one_draft_that_the_loader_takes(catalog: Catalog) -> None:
    catalog.add_feedback(Principal("local"), "Wie hoch ist das Drehmoment der Gehäuseschrauben?", "down")
    catalog.add_feedback(Principal("local"), "What is the torque?", "up")
    app = AppTest.from_function(_page).run()
    drafts = [button for button in app.button if str(button.key).startswith("draft_")]
    assert len(drafts) == 1
    drafts[0].click().run()
    path = drafts_path(load_settings())
    case = load_cases(path)[0]
    assert (case.language, case.tags, case.answerable) == ("de", ("draft", "feedback"), False)
    assert not [button for button in app.button if str(button.key).startswith("draft_")]
    assert "Draft made" in _shown(app)


def test_every_text_of_the_page_stands_in_every_language() -> None:
    import tomllib

    from copilot.types import LANGUAGES

    folder = Path(__file__).resolve().parents[2] / "evals" / "quality"
    texts = tomllib.loads((folder / "texts.toml").read_text(encoding="utf-8"))
    assert all(set(value) == set(LANGUAGES) for value in texts.values())
