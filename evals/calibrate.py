"""Adjust the answerer's models to a labelled set, and choose from which probability it speaks.

    python -m evals.calibrate --set evals/calibration [--data-dir DIR] [--write]

Reads JSONL cases {question, language, sources: [{document, page, quote}], tags}; those without sources have no
answer. The weights that general questions taught stay: a hundred labels settle how far they are believed, no more
(fitting all weights to them was worse on documents held apart).
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from copilot.answering.features import Option, options
from copilot.answering.model import (
    CONFIDENCE_FEATURES,
    AnswerModel,
    Logistic,
    confidence_features,
    load_model,
    rank,
    sigmoid,
)
from copilot.answering.verification import plain
from copilot.service import Copilot
from copilot.settings import load_settings
from copilot.types import QueryTerm, Question
from copilot.wiring import open_copilot
from evals.cases import principal_of, read_cases

Array = npt.NDArray[np.float64]
_SEPARATORS = str.maketrans("", "", "|;,\t:")


@dataclass(frozen=True)
class Labelled:
    """A case with its options in the question's language, and which of them are right."""

    case: dict[str, Any]
    options: list[Option]
    right: npt.NDArray[np.bool_]
    terms: Sequence[QueryTerm]


def label(copilot: Copilot, case: dict[str, Any]) -> Labelled:
    """The case's options as the answerer would see them, with the right ones marked."""
    evidence = copilot.evidence(Question(case["question"], language=case["language"]), principal_of(case))
    hits = [hit for item in evidence.passages for hit in item.hits if hit.chunk.language == evidence.language]
    terms = evidence.terms.get(evidence.language, ())
    found = options(case["question"], sorted(hits, key=lambda hit: -hit.score), terms)
    right = np.array([any(is_right(option, source) for source in case["sources"]) for option in found], dtype=bool)
    return Labelled(case, found, right, terms)


def is_right(option: Option, source: dict[str, Any]) -> bool:
    """Whether an option holds the quote of a source, or most of it, in the right document."""
    if not option.hit.document.uri.endswith(source["document"]):
        return False
    quote, text = (plain(item).translate(_SEPARATORS) for item in (source["quote"], option.text))
    return bool(text) and (quote in text or (text in quote and len(text) > 0.4 * len(quote)))


def adjust(model: AnswerModel, labelled: Sequence[Labelled]) -> AnswerModel:
    """The confidence scaled to the labels (Platt 1999): two numbers, so that few labels suffice; no order changes."""
    values, right = chances(model, labelled)
    logits = np.log(values.clip(1e-6, 1 - 1e-6) / (1 - values.clip(1e-6, 1 - 1e-6)))
    slope, shift = _platt(logits, right.astype(float))
    weights = {name: round(slope * weight, 4) for name, weight in model.confidence.weights.items()}
    return replace(model, confidence=Logistic(weights, round(slope * model.confidence.bias + shift, 4)))


def _platt(logits: Array, right: Array) -> tuple[float, float]:
    """Slope and shift by Newton's method."""
    design = np.stack([logits, np.ones_like(logits)], axis=1)
    weights = np.array([1.0, 0.0])
    for _ in range(50):
        chance = 1 / (1 + np.exp(-np.clip(design @ weights, -30, 30)))
        gradient = design.T @ (chance - right) + 1e-3 * (weights - np.array([1.0, 0.0]))
        curvature = (design * (chance * (1 - chance))[:, None]).T @ design + 1e-3 * np.eye(2)
        weights = weights - np.linalg.solve(curvature, gradient)
    return float(weights[0]), float(weights[1])


def chances(model: AnswerModel, labelled: Sequence[Labelled]) -> tuple[Array, npt.NDArray[np.bool_]]:
    """Per case the probability of its first option, and whether that is right."""
    values, right = [], []
    for item in labelled:
        if not item.options:
            values.append(0.0)
            right.append(False)
            continue
        best = rank(model, item.options)
        features = confidence_features(best, item.terms)
        values.append(sigmoid(model.confidence.score(CONFIDENCE_FEATURES, features)))
        right.append(bool(item.right[item.options.index(best[0][1])]))
    return np.array(values), np.array(right)


def choose_threshold(model: AnswerModel, labelled: Sequence[Labelled]) -> float:
    """Where wrong refusals and answers about absent topics, as shares, are fewest together; the middle of ties."""
    answerable, _ = chances(model, [item for item in labelled if item.case["sources"]])
    absent, _ = chances(model, [item for item in labelled if "absent_topic" in item.case["tags"]])
    steps = np.linspace(0.02, 0.7, 341)
    costs = np.array([float((answerable < step).mean() + (absent >= step).mean()) for step in steps])
    best = steps[costs <= costs.min() + 1e-9]
    return round(float((best[0] + best[-1]) / 2), 3)


def report(model: AnswerModel, labelled: Sequence[Labelled]) -> dict[str, Any]:
    """Retrieved, first right, refused, and per kind of unanswerable what is rightly not answered."""
    values, right = chances(model, labelled)
    answerable = np.array([bool(item.case["sources"]) for item in labelled])
    figures: dict[str, Any] = {
        "answerable": int(answerable.sum()),
        "retrieved": round(float(np.mean([item.right.any() for item in labelled if item.case["sources"]])), 3),
        "first_right": round(float(right[answerable].mean()), 3),
        "refused": round(float((values[answerable] < model.speak).mean()), 3),
    }
    for tag in ("absent_topic", "absent_name", "absent_property"):
        chosen = np.array([tag in item.case["tags"] for item in labelled])
        if chosen.any():
            figures[f"not_found_{tag}"] = round(float((values[chosen] < model.speak).mean()), 3)
    return figures


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
    after = adjust(before, labelled)
    after = replace(after, speak=choose_threshold(after, labelled))
    print(json.dumps({"before": report(before, labelled), "after": report(after, labelled)}, indent=1))
    print(json.dumps({"confidence": dict(after.confidence.weights), "speak": after.speak}))
    if flags.write:
        write(after, {"set": flags.set.as_posix(), "cases": len(labelled), "figures": report(after, labelled)})


def write(model: AnswerModel, provenance: dict[str, Any]) -> None:
    """Put the adjusted model where the shipped one lies."""
    path = Path(str(resources.files("copilot.answering").joinpath("model.json")))
    table = json.loads(path.read_text(encoding="utf-8"))
    table["provenance"]["calibration"] = provenance
    table["confidence"] = {"weights": dict(model.confidence.weights), "bias": model.confidence.bias}
    table["speak"] = model.speak
    path.write_text(json.dumps(table, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
