"""Fits the curves from raw scores to probabilities, per language with shrinkage, and chooses where to speak."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from copilot.answering.calibration import Calibration, Curve
from evals.calibration.labels import Labelled, Listed
from evals.calibration.reliability import calibration_error
from evals.types import ABSENT_NAME, ABSENT_PROPERTY, ABSENT_TOPIC

Array = npt.NDArray[np.float64]
ENOUGH = 10
"""Labels from which a language or a pair has a curve of its own."""
# Of questions that people ask, this share has no answer; a set may hold as many of them as it likes.
_UNANSWERABLE_SHARE = 0.1
_LEANING = (10.0, 5.0)  # how firmly slope and shift lean to where they came from, in labels and in 1 / variance
_STEPS = np.linspace(0.02, 0.9, 441)
_NEAR_TIE = 0.01  # about one label of a hundred
_AROUND = 20  # steps to either side, .04 in probability
_SHARES = np.linspace(0.0, 1.0, 41)
_TOPIC_COUNTS, _PROPERTY_COUNTS = 1.0, 0.5  # what an answer costs where none is; about the right thing it misleads less


def fit_calibration(
    labelled: Sequence[Labelled], source: str, prior: Calibration | None = None, reads: bool = False
) -> Calibration:
    """Curves, thresholds and preference from labelled cases.

    ``prior`` is where few labels lean to, and what stays where there are none; without it ValueError tells which kind
    of answers has none. The thresholds are chosen anew only from labels enough on both sides. ``reads`` says whether a
    reader had a part in the scores.
    """
    curves: dict[str, Curve] = dict(prior.curves) if prior else {}
    for kind in ("own", "other"):
        curves |= _fitted(telling(labelled, kind == "other"), kind, prior)
    if not {"own", "other"} <= set(curves):
        raise ValueError("other languages" if "own" in curves else "the question's own language")
    today = dt.date.today().isoformat()
    made = Calibration(curves, {"own": 0.0, "other": 0.0}, 0.5, today, source, len(labelled), reads)
    speak = {kind: choose_threshold(made, labelled, kind == "other", prior) for kind in ("own", "other")}
    made = replace(made, speak=speak)
    kinds = [[item for item in labelled if item.case.answerable and item.cross == kind] for kind in (False, True)]
    few = min(map(len, kinds)) < ENOUGH
    return replace(made, prefer=prior.prefer if few and prior else choose_preference(made, labelled))


def _fitted(told: list[tuple[Labelled, Listed]], kind: str, prior: Calibration | None) -> dict[str, Curve]:
    """The pooled curve, and those of the languages or pairs with labels enough; none where nothing tells."""
    if not told or len({item.right for _, item in told}) < 2:
        return {}
    pooled = fit_curve(told, prior.curves[kind] if prior else Curve(1.0, 0.0))
    return {kind: pooled} | {
        name: fit_curve(own, pooled)
        for name, own in _by_direction(told).items()
        if len(own) >= ENOUGH and len({item.right for _, item in own}) == 2
    }


def telling(labelled: Iterable[Labelled], foreign: bool) -> list[tuple[Labelled, Listed]]:
    """Of each case its answer, if it is of that kind; where it was not asked for, its likeliest list that tells.

    In other languages only those cases do whose answer stands nowhere else, or nowhere: editions in other languages
    that answer as well are named by no case.
    """
    answers = [(item, item.answer) for item in labelled if item.answer is not None and item.answer.foreign == foreign]
    others = [item for item in labelled if item.answer is None and item.of(foreign)]
    chosen = [item for item in others if not foreign or item.cross or not item.case.answerable]
    return answers + [(item, max(item.of(foreign), key=lambda listed: listed.score)) for item in chosen]


def _by_direction(told: Iterable[tuple[Labelled, Listed]]) -> dict[str, list[tuple[Labelled, Listed]]]:
    grouped: dict[str, list[tuple[Labelled, Listed]]] = defaultdict(list)
    for item, listed in told:
        asked = item.case.language
        grouped[asked if asked == listed.told else f"{asked}>{listed.told}"].append((item, listed))
    return dict(sorted(grouped.items()))


def weights(told: Sequence[tuple[Labelled, Listed]]) -> Array:
    """Per label its weight, so that questions without an answer have their usual share; the mean is 1."""
    open_ = np.array([not item.case.answerable for item, _ in told])
    share = float(open_.mean())
    if share in (0.0, 1.0):
        return np.ones(len(told))
    return np.where(open_, _UNANSWERABLE_SHARE / share, (1 - _UNANSWERABLE_SHARE) / (1 - share))


def fit_curve(told: Sequence[tuple[Labelled, Listed]], prior: Curve) -> Curve:
    """Slope and shift of least weighted log loss, leaning to the prior (Platt 1999, with shrinkage).

    Newton's method with steps that never climb; labels that part cleanly would else have the slope grow without end.
    """
    scores = np.array([listed.score for _, listed in told])
    right = np.array([float(listed.right) for _, listed in told])
    counted = weights(told)
    design = np.stack([scores, np.ones_like(scores)], axis=1)
    start = np.array([prior.slope, prior.shift])
    pull = np.array([_LEANING[0], _LEANING[1] if prior.n else 1e-3])

    def loss(values: Array) -> float:
        logits = design @ values
        own = (counted * (np.logaddexp(0, logits) - right * logits)).sum()
        return float(own + (pull * (values - start) ** 2).sum() / 2)

    values = start.copy()
    for _ in range(50):
        chance = 1 / (1 + np.exp(-np.clip(design @ values, -30, 30)))
        gradient = design.T @ (counted * (chance - right)) + pull * (values - start)
        curvature = (design * (counted * chance * (1 - chance))[:, None]).T @ design + np.diag(pull)
        step = np.linalg.solve(curvature, gradient)
        while np.abs(step).max() > 1e-9 and loss(values - step) > loss(values):
            step = step / 2
        values = values - step
    return Curve(max(0.05, float(values[0])), float(values[1]), len(told))


def chance(calibration: Calibration, item: Labelled, listed: Listed) -> float:
    """The probability of a list."""
    return calibration.chance(listed.score, item.case.language, listed.told)


def best(calibration: Calibration, item: Labelled, foreign: bool) -> tuple[float, bool]:
    """The likeliest list of one kind, and whether it is right; (0, no) without any."""
    lists = [(chance(calibration, item, listed), listed.right) for listed in item.of(foreign)]
    return max(lists, key=lambda pair: pair[0], default=(0.0, False))


def choose_threshold(
    calibration: Calibration, labelled: Sequence[Labelled], foreign: bool, prior: Calibration | None = None
) -> float:
    """Where wrong refusals and answers to what has none, as shares, are fewest together; the lowest of near ties.

    A step is judged by its surroundings, too: a threshold at the edge of what a few labels happen to be is one label
    from another.
    """
    good = _chances(calibration, [item for item in labelled if item.case.answerable and item.cross == foreign], foreign)
    open_ = [item for item in labelled if not item.case.answerable and ABSENT_NAME not in item.case.tags]
    near = _chances(calibration, [item for item in open_ if ABSENT_PROPERTY in item.case.tags], foreign)
    far = _chances(calibration, [item for item in open_ if ABSENT_PROPERTY not in item.case.tags], foreign)
    if prior and min(len(good), len(far)) < ENOUGH or not len(good) or not len(open_):
        return prior.threshold(foreign) if prior else 0.5
    weighed = ((far, _TOPIC_COUNTS), (near, _PROPERTY_COUNTS), (good, -1.0))
    plain = np.array([sum(weight * _answered(chances, step) for chances, weight in weighed) for step in _STEPS])
    costs = np.convolve(np.pad(plain, _AROUND, mode="edge"), np.ones(2 * _AROUND + 1) / (2 * _AROUND + 1), "valid")
    return round(float(_STEPS[costs <= costs.min() + _NEAR_TIE][0]), 3)


def _chances(calibration: Calibration, items: Sequence[Labelled], foreign: bool) -> Array:
    return np.array([best(calibration, item, foreign)[0] for item in items])


def _answered(chances: Array, step: float) -> float:
    return float((chances >= step).mean()) if len(chances) else 0.0


def choose_preference(calibration: Calibration, labelled: Sequence[Labelled]) -> float:
    """From which share of another language's probability the own one goes first: where most answers are right.

    Of near ties the lowest: who asks in a language reads it.
    """
    kinds = [[item for item in labelled if item.case.answerable and item.cross == kind] for kind in (False, True)]
    rights = np.zeros(len(_SHARES))
    for at, share in enumerate(_SHARES):
        rights[at] = sum(
            float(np.mean([answered(calibration, item, float(share))[1] for item in items])) for items in kinds if items
        )
    return round(float(_SHARES[rights >= rights.max() - _NEAR_TIE][0]), 3)


def answered(calibration: Calibration, item: Labelled, prefer: float | None = None) -> tuple[float, bool]:
    """The probability of the answer that would be given, and whether it is right; (0, no) where none would."""
    share = calibration.prefer if prefer is None else prefer
    own, other = (
        [(chance(calibration, item, listed), listed) for listed in item.of(foreign)] for foreign in (False, True)
    )
    own = [pair for pair in own if pair[0] >= calibration.threshold(False)]
    other = [pair for pair in other if pair[0] >= calibration.threshold(True)]
    editions = frozenset[str]().union(*(listed.families for _, listed in own))
    rival = max((p for p, listed in other if listed.family not in editions), default=0.0)
    said = own if own and own[0][0] >= share * rival else own + other
    p, listed = max(said, key=lambda pair: pair[0], default=(0.0, None))
    return p, bool(listed and listed.right)


def report(calibration: Calibration, labelled: Sequence[Labelled]) -> dict[str, object]:
    """What would be answered, by kind of case: the share answered, the share of those that is right, the error."""
    kinds: dict[str, list[tuple[float, bool]]] = {
        name: [] for name in ("own", "cross", ABSENT_TOPIC, ABSENT_NAME, ABSENT_PROPERTY)
    }
    for item in labelled:
        for name in kinds:
            if name in item.case.tags or item.case.answerable and name == ("cross" if item.cross else "own"):
                kinds[name].append(answered(calibration, item))
                break
    figures: dict[str, object] = {
        name: {"n": len(found), "answered": _share([p > 0 for p, _ in found]),
               "right": _share([right for p, right in found if p > 0])}
        for name, found in kinds.items() if found
    }  # fmt: skip
    said = [pair for found in kinds.values() for pair in found if pair[0] > 0]
    figures["all"] = {"n": len(said), "right": _share([right for _, right in said]),
                      "calibration_error": round(calibration_error(said), 3)}
    return figures


def _share(values: Sequence[bool]) -> float | None:
    return round(float(np.mean(values)), 3) if values else None


def likeliest(calibration: Calibration, item: Labelled) -> tuple[float, bool]:
    """The probability of the likeliest answer, said or not, and whether it is right."""
    return answered(replace(calibration, speak={"own": 0.0, "other": 0.0}), item)
