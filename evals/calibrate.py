"""Adjust the answerer's shipped confidence to a labelled set: what the maintainers do before they fit the curves.

    python -m evals.calibrate --set evals/calibration [--data-dir DIR] [--write]

General questions taught the weights. Three features say nothing there and much of engineering documents: whether a
value, date or person that is asked for is there at all, whether the noun that is asked for is, and whether the passage
was found by meaning as well as by words. Their weights are fitted here on the set, the others keep their proportions
(fitting all of them to a few hundred labels was worse on documents held apart). Then `python -m
training.ranking --write` adds the reader to these weights of the words, and `copilot eval calibrate` fits the curves
and the thresholds.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import replace
from importlib import resources
from pathlib import Path

import numpy as np

from copilot.answering.model import CONFIDENCE_FEATURES, AnswerModel, Logistic, Scoring, load_model
from copilot.settings import load_settings
from copilot.wiring import open_copilot
from evals.calibration.curves import Array, fit_calibration, report, telling, weights
from evals.calibration.labels import Labelled, label
from evals.cases import load_cases

TAUGHT_HERE = ("wanted_missing", "head_missing", "agreed")
_LEANING = 10.0  # how firmly the slope stays near 1
_PRIOR = 0.2  # of these weights: 1 / variance


def adjust(scoring: Scoring, labelled: Sequence[Labelled], foreign: bool) -> Scoring:
    """The scoring with its confidence as one slope and shift of what it was, and the weights that are taught here."""
    from scipy.optimize import minimize  # type: ignore[import-untyped]

    told = telling(labelled, foreign)
    rows = np.array([listed.features for _, listed in told])
    right = np.array([float(listed.right) for _, listed in told])
    counted = weights(told)
    taught = [CONFIDENCE_FEATURES.index(name) for name in TAUGHT_HERE]
    known = {name: value for name, value in scoring.confidence.weights.items() if name not in TAUGHT_HERE}
    base = rows @ np.array([known.get(name, 0.0) for name in CONFIDENCE_FEATURES]) + scoring.confidence.bias
    design = np.column_stack([base, np.ones(len(rows)), rows[:, taught]])
    start = np.array([1.0, 0.0, *(0.0 for _ in taught)])
    pull = np.array([_LEANING, 1e-3, *(_PRIOR for _ in taught)])

    def loss(values: Array) -> tuple[float, Array]:
        logits = design @ values
        chance = 1 / (1 + np.exp(-np.clip(logits, -30, 30)))
        value = (counted * (np.logaddexp(0, logits) - right * logits)).sum() + (pull * (values - start) ** 2).sum() / 2
        return float(value), design.T @ (counted * (chance - right)) + pull * (values - start)

    bounds = [(0.05, None), (None, None), *Logistic.bounds(TAUGHT_HERE)]
    slope, shift, *own = (float(value) for value in minimize(loss, start, jac=True, bounds=bounds).x)
    fitted = {name: round(slope * value, 4) for name, value in known.items()}
    fitted |= {name: round(value, 4) for name, value in zip(TAUGHT_HERE, own, strict=True)}
    return replace(scoring, confidence=Logistic(fitted, round(slope * scoring.confidence.bias + shift, 4)))


def rescored(labelled: Sequence[Labelled], model: AnswerModel) -> list[Labelled]:
    """The cases with the raw scores of another confidence."""
    return [
        replace(item, lists=tuple(
            replace(listed, score=model.scoring(listed.foreign).confidence.score(CONFIDENCE_FEATURES, listed.features))
            for listed in item.lists
        ))
        for item in labelled
    ]  # fmt: skip


def adjusted(model: AnswerModel, labelled: Sequence[Labelled]) -> AnswerModel:
    """The model with both confidences adjusted."""
    return replace(model, own=adjust(model.own, labelled, False), other=adjust(model.other, labelled, True))


def main() -> None:
    """Label, adjust, report; write the model where asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--set", type=Path, required=True)
    parser.add_argument("--data-dir", type=Path, default=Path(".copilot"))
    parser.add_argument("--write", action="store_true")
    flags = parser.parse_args()
    before = load_model()
    with open_copilot(load_settings(data_dir=flags.data_dir)) as copilot:
        labelled = [label(copilot, case, before) for case in load_cases(flags.set)]
    after = adjusted(before, labelled)
    figures = {
        name: report(fit_calibration(items, flags.set.as_posix()), items)
        for name, items in (("before", labelled), ("after", rescored(labelled, after)))
    }
    print(json.dumps(figures, indent=1))
    if flags.write:
        write(after, {"set": flags.set.as_posix(), "cases": len(labelled)})


def write(model: AnswerModel, provenance: dict[str, object]) -> None:
    """Put the adjusted confidences where the shipped model lies."""
    path = Path(str(resources.files("copilot.answering").joinpath("model.json")))
    whole = json.loads(path.read_text(encoding="utf-8"))
    table = whole["words"]
    table["provenance"]["adjusted"] = provenance
    for name, scoring in (("own", model.own), ("other", model.other)):
        table[name]["confidence"] = {"weights": dict(scoring.confidence.weights), "bias": scoring.confidence.bias}
    path.write_text(json.dumps(whole, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
