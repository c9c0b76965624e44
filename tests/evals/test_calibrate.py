"""Calibration: probabilities that mean what they say, thresholds that a single label cannot move far."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from copilot.answering.features import FEATURES, Option
from copilot.answering.model import CONFIDENCE_FEATURES, AnswerModel, Logistic, Scoring
from copilot.types import Chunk, Document, ElementKind, Hit
from evals.calibrate import adjust, choose_preference, choose_threshold
from evals.labels import Labelled, Listed
from evals.types import Case, CaseSource

# The confidence is the "headed" feature itself, as a logit; the ranker ranks by it.
RANKER = Logistic({name: float(name == "headed") for name in FEATURES}, 0.0)
CONFIDENCE = Logistic({name: float(name == "headed") for name in CONFIDENCE_FEATURES}, 0.0)
PLAIN = Scoring(RANKER, CONFIDENCE, 0.5)
MODEL = AnswerModel(PLAIN, PLAIN, add=0.3, prefer=0.5)


def listed(foreign: bool, logit: float, right: bool, family: str = "") -> Listed:
    chunk = Chunk("c", "d", "s", 0, "text", "text", (), (), "en", ElementKind.TEXT)
    hit = Hit(chunk, Document("d", "kb", "d.pdf", "d", "s", "text/plain", family=family), 1.0)
    features = tuple(logit if name == "headed" else 0.0 for name in FEATURES)
    return Listed(foreign, [Option(hit, 0, 4, features)], np.array([right]), ())


def case(*lists: Listed, tags: tuple[str, ...] = ("prose",), answerable: bool = True) -> Labelled:
    sources = (CaseSource("d.pdf", 1, "text"),) if answerable else ()
    return Labelled(Case("c", "question", "en", sources=sources, tags=tags), list(lists))


def absent(logit: float) -> Labelled:
    return case(listed(False, logit, False), listed(True, logit, False), tags=("absent_topic",), answerable=False)


def test_adjusted_probabilities_are_as_high_as_the_labels_are_right() -> None:
    cases = [case(listed(False, 2.0, number % 4 == 0)) for number in range(80)]
    adjusted = replace(MODEL, own=adjust(PLAIN, cases, foreign=False))
    assert np.mean([item.best(adjusted, False)[0] for item in cases]) == pytest.approx(0.25, abs=0.02)


def test_adjust_keeps_the_order_and_stays_finite_where_labels_part_cleanly() -> None:
    cases = [case(listed(False, logit, logit > 0)) for logit in (-3.0, -2.0, -1.0, 1.0, 2.0, 3.0)]
    adjusted = replace(MODEL, own=adjust(PLAIN, cases, foreign=False))
    chances = [item.best(adjusted, False)[0] for item in cases]
    assert chances == sorted(chances) and 0.001 < chances[0] < chances[-1] < 0.999


def test_foreign_lists_are_judged_by_cases_that_only_they_can_answer() -> None:
    own_case = case(listed(False, 2.0, True), listed(True, 2.0, False))
    cross_case = case(listed(False, 2.0, False), listed(True, 2.0, True), tags=("cross", "prose"))
    both = adjust(PLAIN, [own_case, cross_case] * 20, foreign=True)
    alone = adjust(PLAIN, [cross_case] * 20, foreign=True)
    assert (both.confidence.bias, both.confidence.weights) == (alone.confidence.bias, alone.confidence.weights)


def test_threshold_lies_between_the_absent_and_the_answerable() -> None:
    cases = [case(listed(False, 2.0, True))] * 10 + [absent(-2.0)] * 10
    low, high = (item.best(MODEL, False)[0] for item in (cases[-1], cases[0]))
    assert low + 0.04 < choose_threshold(MODEL, cases, foreign=False) < high - 0.04


def test_own_language_gives_way_only_where_another_is_surely_better() -> None:
    own = [case(listed(False, 1.0, True), listed(True, 0.5, False))] * 5
    cross = [case(listed(False, 1.0, False), listed(True, 4.0, True), tags=("cross",))] * 5
    model = replace(MODEL, own=replace(PLAIN, speak=0.1), other=replace(PLAIN, speak=0.1))
    share = choose_preference(model, own + cross)
    own_chance, lesser, better = (item.first(model)[0] for item in (*own[0].lists, cross[0].lists[1]))
    assert own_chance / better < share < own_chance / lesser


def test_an_edition_of_the_same_document_is_no_rival() -> None:
    item = case(listed(False, 1.0, True, family="manual"), listed(True, 4.0, False, family="manual"))
    other = case(listed(False, 1.0, True, family="manual"), listed(True, 4.0, False, family="report"))
    assert item.rival(MODEL) == 0.0 and other.rival(MODEL) > 0.9
