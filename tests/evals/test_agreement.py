"""Agreement with people: the measures, the labelled set that is shipped, and the command."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from copilot.cli import app as whole
from copilot.errors import UsageError
from copilot.testing_llm import Reply, ScriptedServer
from copilot.types import LANGUAGES
from evals.agreement import LABELS, Label, agreements, load_labels
from evals.agreement.labels import FAULTS
from evals.agreement.measure import auc, threshold
from evals.commands.agreement import agreement
from evals.metrics import METRICS, right
from evals.testing_observations import observation
from evals.types import Observation, Score

SHIPPED = load_labels()
app = typer.Typer(cls=whole.info.cls)
app.command()(agreement)


def label(value: float, reason: str, language: str = "en") -> Label:
    """An answer whose score is its time."""
    return Label(observation(seconds=value, language=language, name=f"{language}-{value}-{reason}"), reason)


def by_time(seen: Observation) -> Score | None:
    return Score(seen.seconds)


@pytest.mark.parametrize(
    ("good", "bad", "expected"),
    [([0.9, 0.8], [0.1], 1.0), ([0.1], [0.9], 0.0), ([0.5], [0.5], 0.5), ([0.9, 0.1], [0.5], 0.5), ([0.9], [], None)],
)
def test_auc_is_the_share_of_pairs_in_the_right_order(
    good: list[float], bad: list[float], expected: float | None
) -> None:
    assert auc(good, bad) == expected


def test_the_threshold_parts_good_from_bad() -> None:
    judged = [(0.9, label(0.9, "right")), (0.7, label(0.7, "right")), (0.4, label(0.4, "unsupported"))]
    assert threshold(judged) == 0.7


def test_precision_recall_and_noticed_faults_can_be_counted() -> None:
    """The threshold of each language is the other's: 0.8 for de (from en), 0.6 for en (from de)."""
    labels = [
        label(0.8, "right", "en"), label(0.7, "wrong_page", "en"),
        label(0.6, "right", "de"), label(0.2, "wrong_number", "de"),
    ]  # fmt: skip
    (found,) = agreements(labels, {"time": by_time})
    assert (found.n, found.good, found.auc) == (4, 2, 0.75)
    assert found.noticed == {"wrong_page": 0.0, "wrong_number": 1.0}
    assert (found.precision, found.recall) == (0.5, 0.5)


def test_a_metric_that_applies_to_no_label_is_left_out() -> None:
    assert agreements([label(1, "right")], {"none": lambda seen: None}) == []


# the set


def test_a_hundred_answers_are_labelled_in_each_language_with_each_fault() -> None:
    assert len(SHIPPED) >= 100
    languages = Counter(item.observation.case.language for item in SHIPPED)
    assert languages.keys() == set(LANGUAGES)
    assert min(languages.values()) >= 12
    reasons = Counter(item.reason for item in SHIPPED)
    assert reasons.keys() == {*FAULTS, "right", "rightly_refused"}
    assert min(reasons.values()) >= 3
    assert 0.4 <= sum(item.good for item in SHIPPED) / len(SHIPPED) <= 0.6


def test_no_label_stands_for_the_same_answer_twice() -> None:
    said = Counter((item.observation.case.question, str(item.observation.answer)) for item in SHIPPED)
    assert max(said.values()) == 1


def test_quotes_of_right_answers_stand_in_the_passages_that_come_with_them() -> None:
    scores = [METRICS["quote_verbatim"](item.observation) for item in SHIPPED if item.reason == "right"]
    assert all(score is None or score.value == 1 for score in scores)
    assert sum(score is not None for score in scores) >= 40


def test_exact_metrics_notice_the_faults_that_they_are_for() -> None:
    found = {item.metric: item.noticed for item in agreements(SHIPPED, METRICS)}
    assert found["page_correct"]["wrong_page"] == 1
    assert found["citation_recall"]["wrong_page"] == 1
    assert found["abstention"]["wrongly_refused"] == 1
    assert found["answer_language"]["wrong_language"] == 1
    assert found["numbers_correct"]["wrong_number"] >= 0.9


def test_the_verdict_agrees_with_people_well_enough_to_gate_on() -> None:
    agreed = sum(right(item.observation)[0] is item.good for item in SHIPPED)
    assert agreed / len(SHIPPED) >= 0.85


# bad input


def line(**changes: object) -> str:
    whole = {
        "id": "a", "language": "en", "question": "q", "reference": "", "sources": [],
        "answer": {"language": "en", "text": "Not found.", "claims": []}, "passages": [], "good": True,
        "reason": "rightly_refused",
    }  # fmt: skip
    return json.dumps({**whole, **changes})


@pytest.mark.parametrize(
    ("text", "where", "what"),
    [
        (line() + "\n{", ":2", "Expecting"),
        (line() + "\n\n" + line(), ":3", "was there before"),
        (line(reason="odd"), ":1", "'odd' is none of"),
        (line(good=False), ":1", "does not fit"),
        ('{"id": "a"}', ":1", "'reason' is missing"),
        ("[1]", ":1", "no JSON object"),
        ("", "", "holds no cases"),
    ],
)
def test_a_broken_label_is_named_by_file_and_line(tmp_path: Path, text: str, where: str, what: str) -> None:
    path = tmp_path / "labels.jsonl"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError) as told:
        load_labels(path)
    assert f"{path}{where}" in str(told.value)
    assert what in str(told.value)


# the command


def test_the_command_prints_a_line_a_metric_and_a_summary(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("COPILOT_DATA_DIR", str(tmp_path))
    done = CliRunner().invoke(app, ["--json"])
    assert done.exit_code == 0
    rows = [json.loads(text) for text in done.stdout.splitlines()]
    names = {row["id"] for row in rows}
    assert {"numbers_correct", "faithfulness_lexical_judge", "ragas_chrf"} <= names
    assert all(row["n"] > 0 and 0 <= row["good"] <= row["n"] for row in rows)
    assert json.loads(done.stderr)["summary"]["labels"] == len(SHIPPED)


def test_a_judge_is_compared_with_people_too(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("COPILOT_DATA_DIR", str(tmp_path / "data"))
    few = tmp_path / "few.jsonl"
    few.write_text("\n".join(LABELS.read_text(encoding="utf-8").splitlines()[:2]), encoding="utf-8")
    with ScriptedServer(lambda request: Reply(json={"classifications": [
        {"statement": "s", "reason": "r", "attributed": 1}]})) as server:  # fmt: skip
        done = CliRunner().invoke(app, ["--set", str(few), "--judge", f"{server.url}#m", "--json"])
    names = [json.loads(text)["id"] for text in done.stdout.splitlines()]
    assert "ragas_llm_context_recall" in names
    assert "ragas_faithfulness" not in names, "its judgements were of the wrong shape"
    assert "judgements failed, the first: ragas_faithfulness of de-01: invalid judgement" in done.stderr
