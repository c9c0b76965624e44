"""The gate's word on runs made by hand: which falls fail it, which do not, and what it says of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from copilot.errors import UsageError
from evals.gating.accepted import read_accepted
from evals.gating.baseline import KEPT_SCORES, Baseline, baseline_of, read_baseline, write_baseline
from evals.gating.gate import GUARDED, compare
from evals.gating.sentences import SENTENCES, said, verdict_text
from evals.running.fingerprint import Fingerprint, cases_hash
from evals.running.results import Kept
from evals.types import CaseResult, Score

GOOD = {"citation_recall": 1.0, "page_correct": 1.0, "box_correct": 1.0, "mrr": 1.0, "no_wrong_refusal": 1.0}
FIRST = Fingerprint("answers", "corpus", "", "pipeline", "settings", "code", "models")


def kept(
    name: str, right: bool = True, why: str = "cites page 6", language: str = "de", tags: tuple[str, ...] = ("steps",),
    error: str = "", digest: str = "same", **scores: float,
) -> Kept:
    found = {key: Score(value, f"{key} is {value}") for key, value in {**GOOD, **scores}.items()}
    result = CaseResult(name, language, tags, right, why, found, {"text": f"Answer {name}"}, error)
    return Kept(result, digest, "run", f"Question {name}?", "5")


def fingerprint(cases: list[Kept], **changes: str) -> Fingerprint:
    return replace(FIRST, cases=cases_hash({item.id: item.digest for item in cases}), **changes)


def baseline(*cases: Kept, selection: Mapping[str, object] | None = None) -> Baseline:
    return baseline_of(cases, fingerprint(list(cases)), "Ada", "first figures", selection)


def test_a_run_like_the_baseline_is_green() -> None:
    cases = [kept("de-1"), kept("de-2", False, "says 'not found'")]
    verdict = compare(baseline(*cases), cases, fingerprint(cases))
    assert verdict.green
    assert verdict.sentences == ()
    assert verdict.languages["de"].before == verdict.languages["de"].after == 1


def test_each_case_that_was_right_and_is_wrong_fails_with_id_and_reason_whatever_the_mean() -> None:
    before = [kept("de-1"), kept("de-2"), kept("en-1", False, language="en"), kept("en-2", False, language="en")]
    now = [
        kept("de-1", False, "cites page 7 instead of 6", page_correct=0.0, citation_recall=0.0),
        kept("de-2", False, "cites page 9 instead of 8", page_correct=0.0, citation_recall=0.0),
        kept("en-1", language="en"), kept("en-2", language="en"),
    ]  # fmt: skip
    verdict = compare(baseline(*before), now, fingerprint(now))
    assert not verdict.green
    assert verdict.sentences == (
        "de: 2 cases no longer cite the right page: de-1 (cites page 7 instead of 6); de-2 (cites page 9 instead of 8)",
    )
    assert verdict.fixed == ("en-1", "en-2")
    assert (verdict.languages["de"].after, verdict.tags["steps"].after) == (0, 2)


def test_the_reason_names_the_search_where_the_right_passage_fell() -> None:
    now = [kept("de-1", False, "cites page 7", page_correct=0.0, mrr=0.1)]
    verdict = compare(baseline(kept("de-1")), now, fingerprint(now))
    assert "the right passage fell from rank 1 to rank 10" in verdict.sentences[0]


def test_an_accepted_case_is_told_and_does_not_fail_but_a_leak_is_never_excused() -> None:
    before = [kept("de-1"), kept("de-2", no_leakage=1.0)]
    now = [kept("de-1", False, "lacks 5"), kept("de-2", False, "shows 'X'", no_leakage=0.0)]
    verdict = compare(baseline(*before), now, fingerprint(now), {"de-1": "the manual changed", "de-2": "never mind"})
    assert [item.id for item in verdict.failures] == ["de-2"]
    assert [(item.id, item.accepted) for item in verdict.accepted] == [("de-1", "the manual changed")]
    assert "shows what the asker may not read" in verdict.sentences[0]


def test_a_leak_fails_even_where_the_baseline_leaked_or_has_no_such_case() -> None:
    leaking = kept("de-1", False, no_leakage=0.0)
    assert not compare(baseline(leaking), [leaking], fingerprint([leaking])).green
    fresh = [kept("de-2"), leaking]
    assert [item.id for item in compare(baseline(kept("de-2")), fresh, fingerprint(fresh)).failures] == ["de-1"]


def test_a_box_that_leaves_its_quote_fails_though_the_case_is_still_right() -> None:
    now = [kept("de-1", box_correct=0.5)]
    verdict = compare(baseline(kept("de-1")), now, fingerprint(now))
    assert "marks another place of the page" in verdict.sentences[0]
    wrong = [kept("de-1", False, box_correct=0.5)]
    assert compare(baseline(kept("de-1", False)), wrong, fingerprint(wrong)).green


def test_a_case_that_ends_in_an_error_says_so() -> None:
    now = [kept("de-1", False, error="RuntimeError: out of disk")]
    verdict = compare(baseline(kept("de-1")), now, fingerprint(now))
    assert verdict.sentences == ("de: 1 case ends in an error: de-1 (RuntimeError: out of disk)",)


def test_slow_answers_fail_nothing() -> None:
    now = [replace(kept("de-1"), result=replace(kept("de-1").result, seconds=99.0))]
    assert compare(baseline(kept("de-1")), now, fingerprint(now)).green


def test_a_judges_noise_does_not_fail_it_and_a_judges_fall_in_one_language_does() -> None:
    random = Random(3)

    def judged(number: int, language: str, shift: float) -> Kept:
        value = min(1.0, max(0.0, 0.7 + shift + random.gauss(0, 0.1)))
        return kept(f"{language}-{number:02}", language=language, ragas_faithfulness=value)

    before = [judged(number, language, 0) for language in ("de", "en", "fr") for number in range(30)]
    noisy = [judged(number, language, 0) for language in ("de", "en", "fr") for number in range(30)]
    assert compare(baseline(*before), noisy, fingerprint(noisy)).green
    fallen = [judged(number, lang, -0.15 * (lang == "fr")) for lang in ("de", "en", "fr") for number in range(30)]
    verdict = compare(baseline(*before), fallen, fingerprint(fallen))
    assert {(fall.metric, fall.slice) for fall in verdict.falls} >= {("ragas_faithfulness", "fr")}
    assert not verdict.green


def test_noise_sensitivity_is_better_the_lower_it_is() -> None:
    before = [kept(f"de-{number}", ragas_noise_sensitivity=0.1) for number in range(30)]
    after = [kept(f"de-{number}", ragas_noise_sensitivity=0.4) for number in range(30)]
    assert not compare(baseline(*before), after, fingerprint(after)).green
    assert compare(baseline(*after), before, fingerprint(before)).green


def test_drafts_are_not_gated_and_pending_cases_are() -> None:
    before = [kept("de-1", tags=("draft",)), kept("de-2", tags=("pending",))]
    now = [kept("de-1", False, tags=("draft",)), kept("de-2", False, tags=("pending",))]
    assert [item.id for item in compare(baseline(*before), now, fingerprint(now)).failures] == ["de-2"]


def test_new_and_removed_cases_are_told_and_those_a_filter_left_out_are_not() -> None:
    before, now = [kept("de-1"), kept("de-2")], [kept("de-2"), kept("de-3")]
    verdict = compare(baseline(*before), now, fingerprint(now))
    assert (verdict.green, verdict.new, verdict.removed) == (True, ("de-3",), ("de-1",))
    assert compare(baseline(*before), now, fingerprint(now), selection={"languages": ["de"]}).removed == ()


def test_another_corpus_suite_or_edited_cases_are_refused_with_the_cure() -> None:
    cases = [kept("de-1")]
    with pytest.raises(UsageError, match=r"other documents .*--update"):
        compare(baseline(*cases), cases, fingerprint(cases, corpus="other"))
    with pytest.raises(UsageError, match="Run --suite answers"):
        compare(baseline(*cases), cases, fingerprint(cases, suite="full"))
    edited = [kept("de-1", digest="edited")]
    with pytest.raises(UsageError, match=r"de-1 .*edited since.*--update"):
        compare(baseline(*cases), edited, fingerprint(edited))
    strange = [kept("en-9")]
    with pytest.raises(UsageError, match="another set"):
        compare(baseline(*cases), strange, fingerprint(strange))


def test_another_engine_or_model_is_what_is_compared() -> None:
    cases = [kept("de-1")]
    other = fingerprint(cases, code="new", models="new", settings="new", pipeline="new")
    verdict = compare(baseline(*cases), cases, other)
    assert verdict.green
    assert "Since then changed: pipeline, settings, code, models." in verdict.notes[0]


def test_a_baseline_can_be_read_again_and_one_changed_by_hand_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    made = baseline(kept("de-1"), kept("de-2", False))
    write_baseline(path, made)
    assert read_baseline(path) == made
    text = path.read_text("utf-8")
    assert json.loads(text)["who"] == "Ada"
    assert text.count("\n  \"de-") == 2, "one line a case"
    write_baseline(path, made)
    assert path.read_text("utf-8") == text
    page = ('"page_correct": 1.0', '"page_correct": 0.0')
    for old, new in (('"right": false', '"right": true'), page, ("Ada", "Eve")):
        path.write_text(text.replace(old, new, 1), "utf-8")
        with pytest.raises(UsageError, match=r"changed by hand.*--update"):
            read_baseline(path)
    path.write_text(text.replace("same", "edited"), "utf-8")
    with pytest.raises(UsageError, match=r"changed by hand.*--update"):
        read_baseline(path)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": 99}', '{"format": 1, "who": "x"}'])
def test_what_is_no_baseline_is_refused_with_the_cure(tmp_path: Path, text: str) -> None:
    path = tmp_path / "baseline.json"
    path.write_text(text, "utf-8")
    with pytest.raises(UsageError, match="--update"):
        read_baseline(path)
    with pytest.raises(UsageError, match="There is no baseline"):
        read_baseline(tmp_path / "none.json")


def test_a_baseline_says_who_and_why() -> None:
    with pytest.raises(UsageError, match="--who NAME --why REASON"):
        baseline_of([kept("de-1")], FIRST, "Ada", " ")


def test_the_list_of_accepted_cases_names_a_broken_line(tmp_path: Path) -> None:
    path = tmp_path / "accepted.jsonl"
    path.write_text('{"id": "de-1", "reason": "the page moved"}\n\n', "utf-8")
    assert read_accepted(path) == {"de-1": "the page moved"}
    for text in ("{", '{"id": "de-1"}', '{"id": "de-1", "reason": " "}', "[1]"):
        path.write_text('{"id": "de-2", "reason": "x"}\n' + text, "utf-8")
        with pytest.raises(UsageError, match="accepted.jsonl:2"):
            read_accepted(path)
    path.write_text('{"id": "a", "reason": "x"}\n{"id": "a", "reason": "y"}', "utf-8")
    with pytest.raises(UsageError, match="again"):
        read_accepted(path)


def test_an_accepted_case_that_is_still_right_is_told() -> None:
    cases = [kept("de-1")]
    notes = compare(baseline(*cases), cases, fingerprint(cases), {"de-1": "x"}).notes
    assert notes[-1] == "The accepted case de-1 did not get worse: take it off the list."


def test_sentences_stand_for_metrics_that_there_are_and_read_well() -> None:
    from evals.metrics import METRICS

    assert set(SENTENCES) - {"error", "wrong"} <= set(METRICS) & KEPT_SCORES
    assert set(GUARDED) <= set(SENTENCES)
    assert said("page_correct", 1) == "1 case no longer cites the right page"
    assert said("page_correct", 4) == "4 cases no longer cite the right page"
    for kind in SENTENCES:
        assert said(kind, 1).startswith("1 case ")
        assert "  " not in said(kind, 1)


def test_the_text_tells_verdict_sentences_and_slices() -> None:
    now = [kept("de-1", False, "lacks 5"), kept("de-2")]
    text = verdict_text(compare(baseline(kept("de-1"), kept("de-2", False)), now, fingerprint(now)))
    assert text.startswith("The gate is red.\n  de: 1 case is no longer right: de-1 (lacks 5)")
    assert "1 case now right: de-2" in text
