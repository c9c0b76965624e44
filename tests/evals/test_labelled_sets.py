"""The labelled questions keep the rules that their README states."""

from __future__ import annotations

import json
import re
import tomllib
from collections import Counter
from pathlib import Path

import pytest

from copilot.settings import load_settings
from copilot.wiring import open_library
from evals.cases import load_cases
from evals.cases.corpus import CorpusText
from evals.cases.overlap import share_of_own_words
from evals.types import ABSENT_NAME, ABSENT_PROPERTY, ABSENT_TOPIC, CROSS, Case

ROOT = Path(__file__).resolve().parent.parent.parent
SAMPLES = ROOT / "corpus_samples"
SETS = {"report": ROOT / "evals" / "golden", "calibration": ROOT / "evals" / "calibration"}
LANGUAGES = {"de", "en", "es", "fr", "it", "pl", "pt", "zh"}
KINDS = (
    "table", "procedure", "spelling", "units", "rows", "revision", "as_of", "conflict", "follow_up", "restricted",
    "permitted", "yes_no", "listing", "comparison", "applicability",
)


def spoken(document: str) -> str:
    """The language that a sample's name tells; empty where it tells none."""
    found = re.search(r"_(\w\w)\.\w+$", document)
    return found.group(1) if found and found.group(1) in LANGUAGES else ""


def cross(side: str) -> list[Case]:
    return [case for case in load_cases(SETS[side]) if CROSS in case.tags]


def restricted() -> set[str]:
    """The samples that only some groups may read, by the manifest."""
    manifest = tomllib.loads((SAMPLES / "manifest.toml").read_text(encoding="utf-8"))
    closed = {base["name"] for base in manifest["knowledge_bases"] if base["groups"]}
    return {one["path"] for one in manifest["documents"] if one.get("groups") or one["kb"] in closed}


@pytest.mark.parametrize("side", SETS)
def test_the_sets_can_be_loaded(side: str) -> None:
    assert len(load_cases(SETS[side])) > 200


@pytest.mark.parametrize("side", SETS)
def test_cases_are_answered_by_documents_of_their_side_that_exist(side: str) -> None:
    allowed = set(json.loads((ROOT / "evals" / "split.json").read_text(encoding="utf-8"))[side])
    cited = {source.document for case in load_cases(SETS[side]) for source in case.sources}
    assert cited - restricted() <= allowed
    assert all((SAMPLES / name).is_file() for name in cited)


def test_no_document_lies_on_both_sides_and_none_is_restricted() -> None:
    split = json.loads((ROOT / "evals" / "split.json").read_text(encoding="utf-8"))
    assert not set(split["report"]) & set(split["calibration"])
    assert not restricted() & {*split["report"], *split["calibration"]}


@pytest.mark.parametrize("side", SETS)
def test_cross_cases_have_no_source_in_the_language_of_the_question(side: str) -> None:
    for case in cross(side):
        languages = {spoken(source.document) for source in case.sources}
        assert languages and case.language not in languages, case.id
        assert f"from-{spoken(case.sources[0].document)}" in case.tags, case.id


def test_the_report_asks_in_every_language_across_languages() -> None:
    asked = Counter(case.language for case in cross("report"))
    assert set(asked) == LANGUAGES and sum(asked.values()) >= 80 and min(asked.values()) >= 8


def test_the_report_asks_at_least_thirty_in_every_language_and_all_kinds_in_each() -> None:
    cases = load_cases(SETS["report"])
    asked = Counter(case.language for case in cases)
    assert set(asked) == LANGUAGES and min(asked.values()) >= 30 and sum(asked.values()) >= 240
    for kind in KINDS:
        assert {case.language for case in cases if kind in case.tags} == LANGUAGES, kind


def test_a_question_without_an_answer_is_of_one_of_three_kinds_in_equal_parts() -> None:
    cases = [case for case in load_cases(SETS["report"]) if not case.answerable]
    kinds = Counter(tag for case in cases for tag in case.tags if tag.startswith("absent_"))
    assert set(kinds) == {ABSENT_TOPIC, ABSENT_NAME, ABSENT_PROPERTY}
    assert sum(kinds.values()) >= 60 and len(set(kinds.values())) == 1
    others = [case for case in cases if not kinds.keys() & set(case.tags)]
    assert all(case.restricted or "not_yet" in case.tags for case in others)


@pytest.mark.parametrize("across", [False, True])
def test_half_of_the_answerable_questions_find_words_of_their_own(across: bool) -> None:
    cases = [case for case in load_cases(SETS["report"]) if (CROSS in case.tags) == across]
    assert share_of_own_words(cases) >= 0.5


def test_a_restricted_question_is_also_asked_by_someone_who_may_know() -> None:
    cases = load_cases(SETS["report"])
    permitted = {case.question: case for case in cases if "permitted" in case.tags}
    closed = [case for case in cases if "restricted" in case.tags]
    assert len(closed) >= 16
    for case in closed:
        twin = permitted[case.question]
        assert {source.document for source in twin.sources} <= set(case.restricted) <= restricted(), case.id
        assert twin.principal.groups and not set(twin.principal.groups) & set(case.principal.groups), case.id


def test_three_spellings_of_an_identifier_are_three_questions_with_one_answer() -> None:
    spelled: dict[str, list[Case]] = {}
    for case in load_cases(SETS["report"]):
        if "spelling" in case.tags:
            spelled.setdefault(case.id[:-1], []).append(case)
    for cases in spelled.values():
        assert len({case.question for case in cases}) == 3 and len({case.sources for case in cases}) == 1


def test_what_depends_on_a_day_or_a_conversation_names_it() -> None:
    for case in load_cases(SETS["report"]):
        assert ("follow_up" in case.tags) == bool(case.turns), case.id
        assert ("as_of" in case.tags and "dated" not in case.tags) == (case.as_of is not None), case.id
        if "conflict" in case.tags:
            assert len({source.document for source in case.sources}) > 1, case.id


@pytest.mark.ocr
@pytest.mark.parametrize("side", SETS)
def test_every_quote_stands_on_the_named_page(side: str, all_samples_data_dir: Path) -> None:
    corpus = CorpusText(open_library(load_settings(data_dir=all_samples_data_dir)))
    assert load_cases(SETS[side], corpus)
