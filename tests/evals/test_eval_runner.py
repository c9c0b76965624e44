"""Cases asked of a fake product: errors stay with their case, judges come in batches, results survive a kill."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from copilot.errors import UsageError
from copilot.types import Answer, Principal, Question, SearchResult
from evals.running.corpora import case_set
from evals.running.fingerprint import Fingerprint
from evals.running.results import RESULTS, Journal, Kept, case_digest, line, read_results, write_results
from evals.running.runner import Scoring, Suite, run_cases
from evals.running.session import Plan, resumed
from evals.running.summary import read_report, summarise, write_report
from evals.testing_observations import answer, hit, quoted, search, source
from evals.types import Case, Observation, Score

FINGERPRINT = Fingerprint("answers", "corpus", "cases", "pipeline", "settings", "code", "models")
SCORING = Scoring(
    {"words": lambda seen: Score(1.0, "all") if seen.answer and seen.answer.claims else None},
    lambda seen: (bool(seen.answer and seen.answer.claims), "as it claims"),
)


class Product:
    """Answers every question with page 6, but for the one about a crash; counts what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def ask(self, question: Question, principal: Principal) -> Answer:
        self.asked.append(question.text)
        if question.text == "crash":
            raise RuntimeError("the engine is on fire")
        return answer(quoted("manual.pdf", 6, "Wait 5 minutes"), hits=[hit("manual.pdf", 6)])

    def search(self, question: Question, principal: Principal) -> SearchResult:
        return search(hit("manual.pdf", 6))


def case(name: str, question: str = "How long?", **fields: object) -> Case:
    return replace(Case(name, question, "en", "5 minutes", (source("manual.pdf", 6, "Wait 5 minutes"),)), **fields)


def asked(*cases: Case, scoring: Scoring = SCORING, suite: Suite = Suite.ANSWERS) -> list[Kept]:
    return list(run_cases(Product(), cases, suite, scoring, "run"))


def test_a_case_that_fails_is_an_error_and_the_run_goes_on() -> None:
    first, second = asked(case("a", "crash"), case("b"))
    assert first.result.error == "RuntimeError: the engine is on fire"
    assert not first.result.right
    assert second.result.right


def test_a_metric_that_fails_costs_no_other() -> None:
    def broken(seen: Observation) -> Score | None:
        raise ZeroDivisionError("no words")

    (kept,) = asked(case("a"), scoring=replace(SCORING, metrics={**SCORING.metrics, "broken": broken}))
    assert kept.result.errors == {"broken": "ZeroDivisionError: no words"}
    assert kept.result.scores["words"] == Score(1.0, "all")


def test_a_retrieval_run_asks_no_answer_and_keeps_the_hits() -> None:
    product = Product()
    (kept,) = run_cases(product, [case("a")], Suite.RETRIEVAL, SCORING)
    assert product.asked == []
    assert kept.result.answer["hits"] == [
        {"uri": "file:///corpus/manual.pdf", "title": "Title of manual.pdf", "pages": [6], "score": 1.0}
    ]


def test_a_judge_sees_batches_and_what_it_cannot_judge_is_an_error_of_that_metric() -> None:
    batches: list[int] = []

    def judge(seen: Sequence[Observation]) -> Iterator[tuple[str, str, Score | str]]:
        batches.append(len(seen))
        for item in seen:
            yield item.case.id, "faithful", Score(0.5) if item.case.id != "3" else "429 too many requests"

    kept = asked(*(case(str(number)) for number in range(20)), scoring=replace(SCORING, judge=judge))
    assert batches == [16, 4]
    assert [item.id for item in kept if "faithful" in item.result.errors] == ["3"]
    assert sum("faithful" in item.result.scores for item in kept) == 19
    assert [item.id for item in kept] == [str(number) for number in range(20)]


def test_what_is_kept_can_be_read_again(tmp_path: Path) -> None:
    kept = asked(case("a", "What\u2028stands here?"), case("b", "crash"))
    write_results(tmp_path, kept)
    again = read_results(tmp_path)
    assert [line(item) for item in again] == [line(item) for item in kept]
    assert "passages" not in again[0].result.answer


def test_a_line_torn_by_a_kill_is_passed_over_and_a_broken_one_is_named(tmp_path: Path) -> None:
    write_results(tmp_path, asked(case("a"), case("b")))
    text = (tmp_path / RESULTS).read_text("utf-8")
    (tmp_path / RESULTS).write_text(text[:-30], "utf-8")
    assert [item.id for item in read_results(tmp_path)] == ["a"]
    (tmp_path / RESULTS).write_text("{broken\n" + text, "utf-8")
    with pytest.raises(UsageError, match=r"results.jsonl:1 cannot be read"):
        read_results(tmp_path)
    with pytest.raises(UsageError, match="There are no results"):
        read_results(tmp_path / "nowhere")


def _plan(folder: Path) -> Plan:
    (folder / "cases.jsonl").touch()
    return Plan(case_set(folder / "cases.jsonl"), Suite.ANSWERS)


def resume(product: Product, cases: Sequence[Case], fingerprint: Fingerprint, out: Path) -> list[Kept]:
    def ask(missing: Sequence[Case]) -> Iterator[Kept]:
        return run_cases(product, missing, Suite.ANSWERS, SCORING, fingerprint.run)

    return resumed(ask, cases, fingerprint.run, out, True, lambda *_: None)


def test_an_interrupted_run_asks_only_what_is_missing(tmp_path: Path) -> None:
    cases = [case("a", "one"), case("b", "two"), case("c", "three")]
    first = list(run_cases(Product(), cases[:2], Suite.ANSWERS, SCORING, FINGERPRINT.run))
    with Journal(tmp_path) as journal:
        for item in first:
            journal.add(item)
    product = Product()
    kept = resume(product, cases, FINGERPRINT, tmp_path)
    assert product.asked == ["three"]
    assert [item.id for item in kept] == ["a", "b", "c"]
    assert [item.id for item in read_results(tmp_path)] == ["a", "b", "c"]


@pytest.mark.parametrize("change", ["case", "fingerprint", "error"])
def test_what_changed_or_failed_is_asked_again(tmp_path: Path, change: str) -> None:
    cases = [case("a", "crash" if change == "error" else "one")]
    write_results(tmp_path, run_cases(Product(), cases, Suite.ANSWERS, SCORING, FINGERPRINT.run))
    edited = [replace(cases[0], reference="6 minutes")] if change == "case" else cases
    fingerprint = replace(FINGERPRINT, code="other") if change == "fingerprint" else FINGERPRINT
    product = Product()
    resume(product, edited, fingerprint, tmp_path)
    assert len(product.asked) == 1


def test_where_a_case_stands_does_not_change_its_hash() -> None:
    assert case_digest(case("a", origin="x.jsonl:1")) == case_digest(case("a", origin="y.jsonl:9"))
    assert case_digest(case("a")) != case_digest(case("a", tags=("steps",)))


def test_the_report_counts_pending_cases_and_drafts_apart(tmp_path: Path) -> None:
    kept = asked(case("a", tags=("steps",)), case("b", "crash", tags=("pending", "units")), case("c", tags=("draft",)))
    report = summarise(kept, FINGERPRINT, set_name="own", started="2026-01-01", seconds=1.0)
    assert (report.all.cases, report.pending.cases, report.draft.cases) == (1, 1, 1)
    assert list(report.tags) == ["steps"]
    assert list(report.pending_tags) == ["units"]
    assert report.pending.errors == 1
    write_report(tmp_path, report)
    assert read_report(tmp_path) == report


def test_a_set_is_a_file_or_a_folder_with_its_documents(tmp_path: Path) -> None:
    (tmp_path / "documents").mkdir()
    found = case_set(tmp_path)
    assert (found.documents, found.baseline) == (tmp_path / "documents", tmp_path / "baseline.json")
    (tmp_path / "few.jsonl").touch()
    assert case_set(tmp_path / "few.jsonl").documents is None
    with pytest.raises(UsageError, match="There is no set"):
        case_set(tmp_path / "none")


def test_filters_that_leave_no_case_are_refused(tmp_path: Path) -> None:
    plan = replace(_plan(tmp_path), tags=("steps",), languages=("de",))
    with pytest.raises(UsageError, match="No case of"):
        plan.chosen([case("a", tags=("steps",))])
    assert plan.selection == {"tags": ["steps"], "languages": ["de"]}
