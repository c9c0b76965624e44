"""Calibration: probabilities that mean what they say, thresholds that a single label cannot move far."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from copilot.answering.calibration import Calibration, Curve
from copilot.answering.model import CONFIDENCE_FEATURES, Logistic, Scoring
from evals.calibrate import adjust
from evals.calibration.curves import answered, choose_preference, choose_threshold, fit_calibration, fit_curve, telling
from evals.calibration.labels import Labelled, Listed
from evals.calibration.reliability import bins, calibration_error, figure
from evals.types import Case, CaseSource

PLAIN = Calibration({"own": Curve(1.0, 0.0), "other": Curve(1.0, 0.0)}, {"own": 0.1, "other": 0.1})
AT = CONFIDENCE_FEATURES.index("headed")
MISSING = CONFIDENCE_FEATURES.index("head_missing")


def listed(foreign: bool, score: float, right: bool, family: str = "", missing: float = 0.0, told: str = "") -> Listed:
    features = [0.0] * len(CONFIDENCE_FEATURES)
    features[AT], features[MISSING] = score, missing
    families = frozenset({family} - {""})
    return Listed(told or ("en" if foreign else "de"), foreign, score, tuple(features), right, family, families)


def case(*lists: Listed, tags: tuple[str, ...] = ("prose",), answerable: bool = True, language: str = "de") -> Labelled:
    sources = (CaseSource("d.pdf", 1, "text"),) if answerable else ()
    return Labelled(Case("c", "Frage?", language, sources=sources, tags=tags), lists)


def absent(score: float) -> Labelled:
    return case(listed(False, score, False), listed(True, score, False), tags=("absent_topic",), answerable=False)


def test_fitted_probabilities_are_as_high_as_the_labels_are_right() -> None:
    cases = [case(listed(False, 2.0, number % 4 == 0)) for number in range(80)]
    curve = fit_curve(telling(cases, False), Curve(1.0, 0.0))
    assert curve.chance(2.0) == pytest.approx(0.25, abs=0.02) and curve.n == 80


def test_curve_rises_and_stays_finite_where_labels_part_cleanly() -> None:
    scores = (-3.0, -2.0, -1.0, 1.0, 2.0, 3.0)
    curve = fit_curve(telling([case(listed(False, score, score > 0)) for score in scores], False), Curve(1.0, 0.0))
    chances = [curve.chance(score) for score in scores]
    assert chances == sorted(chances) and 0.001 < chances[0] < chances[-1] < 0.999


def test_few_labels_of_a_language_lean_to_the_pooled_curve() -> None:
    few, many = ([case(listed(False, 0.0, False)) for _ in range(count)] for count in (5, 200))
    pooled = Curve(1.0, 2.0, 100)
    chances = [fit_curve(telling(cases, False), pooled).chance(0.0) for cases in (few, many)]
    assert 0.5 < chances[0] < pooled.chance(0.0) and chances[1] < 0.15


def test_language_with_labels_enough_has_its_own_curve_and_others_share_one() -> None:
    mixed = [case(listed(False, 1.0, number % 2 == 0), listed(True, 1.0, number % 2 == 0, told="en"), tags=("cross",))
             for number in range(40)]
    made = fit_calibration([*mixed, *(absent(-2.0) for _ in range(30))], "set")
    assert {"own", "other", "de", "de>en"} <= set(made.curves) and made.answers == 70 and made.source == "set"


def test_one_side_without_labels_is_refused_afresh_and_kept_from_what_was_before() -> None:
    cases = [case(listed(False, 1.0, number % 2 == 0)) for number in range(40)]
    with pytest.raises(ValueError, match="other languages"):
        fit_calibration(cases, "set")
    curves = {"own": Curve(1.0, 0.0), "other": Curve(1.3, 0.4, 9)}
    before = replace(PLAIN, curves=curves, speak={"own": 0.3, "other": 0.4})
    made = fit_calibration(cases, "set", before)
    assert made.curves["other"] == Curve(1.3, 0.4, 9) and made.speak == {"own": 0.3, "other": 0.4}


def test_foreign_lists_are_judged_by_cases_that_only_they_can_answer() -> None:
    own_case = case(listed(False, 2.0, True), listed(True, 2.0, False))
    cross_case = case(listed(False, 2.0, False), listed(True, 2.0, True), tags=("cross", "prose"))
    assert [item.right for _, item in telling([own_case, cross_case], True)] == [True]


def test_questions_without_an_answer_have_their_usual_share_however_many_a_set_holds() -> None:
    good = [case(listed(False, 0.0, True)) for _ in range(20)]
    few, many = ([*good, *(absent(0.0) for _ in range(count))] for count in (5, 80))
    chances = [fit_curve(telling(cases, False), Curve(1.0, 0.0)).chance(0.0) for cases in (few, many)]
    assert chances[0] == pytest.approx(chances[1], abs=0.02) and chances[0] == pytest.approx(0.9, abs=0.02)


def test_taught_weights_only_fall_and_the_others_keep_their_proportions() -> None:
    weights = dict.fromkeys(CONFIDENCE_FEATURES, 0.0) | {"headed": 1.0, "pool": 2.0}
    scoring = Scoring(Logistic({}, 0.0), Logistic(weights, 0.0))
    cases = [case(listed(False, 1.0, number % 2 == 0, missing=float(number % 2))) for number in range(60)]
    made = adjust(scoring, cases, False).confidence.weights
    assert made["head_missing"] < -1 and made["pool"] == pytest.approx(2 * made["headed"], abs=1e-3)
    assert adjust(scoring, [case(listed(False, 1.0, True, missing=1.0)), *cases[::2]], False).confidence.weights[
        "head_missing"] <= 0.0


def test_threshold_lies_between_the_absent_and_the_answerable() -> None:
    cases = [case(listed(False, 2.0, True))] * 10 + [absent(-2.0)] * 10
    low, high = (PLAIN.chance(score, "de", "de") for score in (-2.0, 2.0))
    assert low + 0.04 < choose_threshold(PLAIN, cases, foreign=False) < high - 0.04


def test_own_language_gives_way_only_where_another_is_surely_better() -> None:
    own = [case(listed(False, 1.0, True), listed(True, 0.5, False))] * 5
    cross = [case(listed(False, 1.0, False), listed(True, 4.0, True), tags=("cross",))] * 5
    share = choose_preference(PLAIN, own + cross)
    own_chance, lesser, better = (PLAIN.chance(score, "de", "de") for score in (1.0, 0.5, 4.0))
    assert own_chance / better < share < own_chance / lesser


def test_an_edition_of_the_same_document_is_no_rival() -> None:
    item = case(listed(False, 1.0, True, family="manual"), listed(True, 4.0, False, family="manual"))
    other = case(listed(False, 1.0, True, family="manual"), listed(True, 4.0, False, family="report"))
    always = replace(PLAIN, prefer=0.9)
    assert answered(always, item)[1] is True and answered(always, other)[1] is False


def test_calibration_error_is_nought_where_probabilities_hold_and_grows_with_the_gap() -> None:
    rng = np.random.default_rng(3)
    stated = rng.uniform(0, 1, 4000)
    honest = [(float(p), bool(rng.uniform() < p)) for p in stated]
    boastful = [(min(1.0, p + 0.2), right) for p, right in honest]
    assert calibration_error(honest) < 0.03 < 0.1 < calibration_error(boastful)
    assert calibration_error([]) == 0.0


def test_bins_are_of_equal_size_and_the_plot_names_how_many_answers_it_rests_on() -> None:
    judged = [(number / 200, number % 2 == 0) for number in range(200)]
    assert [item.n for item in bins(judged)] == [50] * 4
    assert "200 answers" in figure({"own language": judged})
