"""Adjust the answerer's models to a labelled set, and choose from which probability it speaks.

    python -m evals.calibrate --set evals/calibration [--data-dir DIR] [--write]

Reads JSONL cases {question, language, sources: [{document, page, quote}], tags}; those without sources have no
answer, those tagged "cross" have it in other languages only. The weights that general questions taught stay: a
hundred labels settle how far they are believed, no more (fitting all weights to them was worse on documents held
apart). Passages in the question's language and in others are adjusted apart.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import replace
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np

from copilot.answering.model import CONFIDENCE_FEATURES, AnswerModel, Logistic, Scoring, load_model
from copilot.settings import load_settings
from copilot.wiring import open_copilot
from evals.cases import read_cases
from evals.labels import Array, Labelled, label

_UNANSWERABLE = ("absent_topic", "absent_name", "absent_property")
_LEANING = 10.0
_STEPS = np.linspace(0.02, 0.9, 441)
_NEAR_TIE = 0.01  # about one label of a hundred
_AROUND = 20  # steps to either side, .04 in probability
_SHARES = np.linspace(0.0, 1.5, 61)


def adjust(scoring: Scoring, labelled: Sequence[Labelled], foreign: bool) -> Scoring:
    """The confidence scaled to the labels (Platt 1999): two numbers, so that few labels suffice; no order changes.

    In other languages only those cases tell right from wrong whose answer stands nowhere else, or nowhere.
    """
    chosen = [item for item in labelled if _tells(item, foreign)]
    firsts = [_likeliest(scoring, item, foreign) for item in chosen if any(it.foreign == foreign for it in item.lists)]
    slope, shift = _platt(np.array([logit for logit, _ in firsts]), np.array([float(right) for _, right in firsts]))
    weights = {name: round(slope * weight, 4) for name, weight in scoring.confidence.weights.items()}
    return replace(scoring, confidence=Logistic(weights, round(slope * scoring.confidence.bias + shift, 4)))


def _likeliest(scoring: Scoring, item: Labelled, foreign: bool) -> tuple[float, bool]:
    """Of the first options in the languages of one kind the likeliest: its logit, and whether it is right."""
    seen = [listed.features(scoring) for listed in item.lists if listed.foreign == foreign]
    return max((scoring.confidence.score(CONFIDENCE_FEATURES, features), right) for features, right in seen)


def _tells(item: Labelled, foreign: bool) -> bool:
    return item.cross == foreign or not item.answerable


def _platt(logits: Array, right: Array) -> tuple[float, float]:
    """Slope and shift of least log loss, by Newton's method with steps that never climb.

    The slope leans towards 1 as if ten labels said so: labels that part cleanly would have it grow without end.
    """
    design = np.stack([logits, np.ones_like(logits)], axis=1)
    weights = np.array([1.0, 0.0])
    for _ in range(50):
        chance = 1 / (1 + np.exp(-np.clip(design @ weights, -30, 30)))
        gradient = design.T @ (chance - right) + _LEANING * (weights - np.array([1.0, 0.0])) * np.array([1.0, 1e-4])
        curvature = (design * (chance * (1 - chance))[:, None]).T @ design + np.diag([_LEANING, _LEANING * 1e-4])
        step = np.linalg.solve(curvature, gradient)
        while np.abs(step).max() > 1e-9 and _loss(design, right, weights - step) > _loss(design, right, weights):
            step = step / 2
        weights = weights - step
    return max(0.05, float(weights[0])), float(weights[1])


def _loss(design: Array, right: Array, weights: Array) -> float:
    values = design @ weights
    leaning = _LEANING / 2 * ((weights[0] - 1) ** 2 + 1e-4 * weights[1] ** 2)
    return float((np.logaddexp(0, values) - right * values).sum() + leaning)


def choose_threshold(model: AnswerModel, labelled: Sequence[Labelled], foreign: bool) -> float:
    """Where wrong refusals and answers about absent topics, as shares, are fewest together; the lowest of near ties.

    A step is judged by its surroundings, too: a threshold at the edge of what a few labels happen to be is one label
    from another.
    """
    answerable = [item for item in labelled if item.answerable and item.cross == foreign]
    absent = [item for item in labelled if "absent_topic" in item.case["tags"]]
    good, bad = (np.array([item.best(model, foreign)[0] for item in items]) for items in (answerable, absent))
    plain = np.array([float((good < step).mean() + (bad >= step).mean()) for step in _STEPS])
    costs = np.convolve(np.pad(plain, _AROUND, mode="edge"), np.ones(2 * _AROUND + 1) / (2 * _AROUND + 1), "valid")
    best = _STEPS[costs <= costs.min() + _NEAR_TIE]
    return round(float(best[0]), 3)


def choose_preference(model: AnswerModel, labelled: Sequence[Labelled]) -> float:
    """From which share of another language's probability the own one goes first: where most first claims are right."""
    kinds = [[item for item in labelled if item.answerable and item.cross == kind] for kind in (False, True)]
    rights = np.zeros(len(_SHARES))
    for at, share in enumerate(_SHARES):
        tried = replace(model, prefer=float(share))
        rights[at] = sum(float(np.mean([_first_right(tried, item) for item in items])) for items in kinds)
    best = _SHARES[rights >= rights.max() - 1e-9]
    return round(float((best[0] + best[-1]) / 2), 3)


def _first_right(model: AnswerModel, item: Labelled) -> bool:
    """Whether the answer's first claim is right."""
    (own, own_right), (other, other_right) = item.best(model, False), item.best(model, True)
    says_own, says_other = own >= model.own.speak, other >= model.other.speak
    if says_own and not (says_other and own < model.prefer * item.rival(model)):
        return own_right
    return says_other and other_right


def report(model: AnswerModel, labelled: Sequence[Labelled]) -> dict[str, Any]:
    """Per kind: retrieved, first right, refused; and per kind of unanswerable what is rightly not answered."""
    figures: dict[str, Any] = {}
    for name, foreign in (("own", False), ("cross", True)):
        cases = [item for item in labelled if item.answerable and item.cross == foreign]
        if cases:
            figures[name] = {
                "answerable": len(cases),
                "retrieved": _share([any(listed.right.any() for listed in item.lists) for item in cases]),
                "first_right": _share([item.best(model, foreign)[1] for item in cases]),
                "first_claim_right": _share([_first_right(model, item) for item in cases]),
                "refused": _share([not _speaks(model, item) for item in cases]),
            }
    for tag in _UNANSWERABLE:
        cases = [item for item in labelled if tag in item.case["tags"]]
        if cases:
            figures[f"not_found_{tag}"] = _share([not _speaks(model, item) for item in cases])
    return figures


def _speaks(model: AnswerModel, item: Labelled) -> bool:
    return item.best(model, False)[0] >= model.own.speak or item.best(model, True)[0] >= model.other.speak


def _share(values: Sequence[bool]) -> float:
    return round(float(np.mean(values)), 3)


def calibrated(model: AnswerModel, labelled: Sequence[Labelled]) -> AnswerModel:
    """The model with both confidences adjusted, and its thresholds chosen."""
    model = replace(model, own=adjust(model.own, labelled, False), other=adjust(model.other, labelled, True))
    model = replace(
        model,
        own=replace(model.own, speak=choose_threshold(model, labelled, False)),
        other=replace(model.other, speak=choose_threshold(model, labelled, True)),
    )
    return replace(model, prefer=choose_preference(model, labelled))


def main() -> None:
    """Label, adjust, report; write the model where asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--set", type=Path, required=True)
    parser.add_argument("--data-dir", type=Path, default=Path(".copilot"))
    parser.add_argument("--write", action="store_true")
    flags = parser.parse_args()
    with open_copilot(load_settings(data_dir=flags.data_dir)) as copilot:
        labelled = [label(copilot, case) for case in read_cases(flags.set)]
    before = load_model()
    after = calibrated(before, labelled)
    print(json.dumps({"before": report(before, labelled), "after": report(after, labelled)}, indent=1))
    print(json.dumps({"own": after.own.speak, "other": after.other.speak, "prefer": after.prefer}))
    if flags.write:
        write(after, {"set": flags.set.as_posix(), "cases": len(labelled), "figures": report(after, labelled)})


def write(model: AnswerModel, provenance: dict[str, Any]) -> None:
    """Put the adjusted model where the shipped one lies."""
    path = Path(str(resources.files("copilot.answering").joinpath("model.json")))
    table = json.loads(path.read_text(encoding="utf-8"))
    table["provenance"]["calibration"] = provenance
    for name, scoring in (("own", model.own), ("other", model.other)):
        table[name]["confidence"] = {"weights": dict(scoring.confidence.weights), "bias": scoring.confidence.bias}
        table[name]["speak"] = scoring.speak
    table["prefer"] = model.prefer
    path.write_text(json.dumps(table, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
