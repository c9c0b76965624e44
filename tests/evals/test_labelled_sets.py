"""The labelled questions keep the rules that their README states."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from evals.cases import read_cases

ROOT = Path(__file__).resolve().parent.parent.parent
SETS = {"report": ROOT / "evals" / "golden", "calibration": ROOT / "evals" / "calibration"}
LANGUAGES = {"de", "en", "es", "fr", "it", "pl", "pt", "zh"}


def spoken(document: str) -> str:
    """The language that a sample's name tells; empty where it tells none."""
    found = re.search(r"_(\w\w)\.\w+$", document)
    return found.group(1) if found and found.group(1) in LANGUAGES else ""


def cross(side: str) -> list[dict[str, Any]]:
    return [case for case in read_cases(SETS[side]) if "cross" in case["tags"]]


@pytest.mark.parametrize("side", SETS)
def test_every_case_has_an_id_of_its_own(side: str) -> None:
    names = Counter(case["id"] for case in read_cases(SETS[side]))
    assert [name for name, count in names.items() if count > 1] == []


@pytest.mark.parametrize("side", SETS)
def test_cases_are_answered_by_documents_of_their_side_that_exist(side: str) -> None:
    allowed = set(json.loads((ROOT / "evals" / "split.json").read_text(encoding="utf-8"))[side])
    cited = {source["document"] for case in read_cases(SETS[side]) for source in case["sources"]}
    assert cited <= allowed
    assert all((ROOT / "corpus_samples" / name).is_file() for name in cited)


@pytest.mark.parametrize("side", SETS)
def test_cross_cases_have_no_source_in_the_language_of_the_question(side: str) -> None:
    for case in cross(side):
        languages = {spoken(source["document"]) for source in case["sources"]}
        assert languages and case["language"] not in languages, case["id"]
        assert f"from-{spoken(case['sources'][0]['document'])}" in case["tags"], case["id"]


def test_the_report_asks_in_every_language_across_languages() -> None:
    asked = Counter(case["language"] for case in cross("report"))
    assert set(asked) == LANGUAGES and sum(asked.values()) >= 80 and min(asked.values()) >= 8
