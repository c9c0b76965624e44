"""Fits the weights by which two statements are taken to be about one thing, and writes them.

Run ``python -m training.contradictions evals/contradictions``. ``tuning.jsonl`` there holds labelled pairs of passages,
``agreeing.jsonl`` passages and rows of two editions that say the same: what has the same value there is one thing,
what has another is not, and passages of different pairs are about different things.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from copilot.conflicts.agreeing import agree
from copilot.conflicts.comparing import Told, applies, default_near, default_wording, measured
from copilot.conflicts.likeness import FALLING, FEATURES, RISING, likeness
from copilot.conflicts.statements import Statement, statements
from copilot.types import Applicability
from copilot.verification.sources import Source

WEIGHTS = Path(__file__).resolve().parent.parent / "copilot" / "conflicts" / "model.json"
PULL = 0.7  # towards zero, over standardised features
ROUNDS = 3  # which of a conflict's values is meant is chosen by the model of the round before
_COUNT = -1.0
_STEPS = (3, 11, 29, 47)
Example = tuple[tuple[float, ...], bool, float]
"""Features, whether both are about one thing, and the weight of the example."""
Array = npt.NDArray[np.float64]
Record = dict[str, Any]


def told(item: Record) -> Told:
    """A side of a pair."""
    scope = item.get("applicability") or {}
    applicability = Applicability(
        tuple(scope.get("sites", ())), tuple(scope.get("models", ())), tuple(scope.get("years", ()))
    )
    titles = "\n".join(item.get("headings") or [item.get("title", "")])
    return Told(Source(item["text"], item["language"]), titles, applicability, item.get("status", "released"))


def _pairs(a: Told, b: Told) -> list[tuple[Statement, Statement, tuple[float, ...]]]:
    ours, theirs = statements(a.source), statements(b.source)
    found = measured(default_wording(), default_near(), a, b)
    return [(ours[i], theirs[j], values) for (i, j), values in found.items()]


def labelled(records: Sequence[Record]) -> Iterator[Example]:
    """Of a conflict the likeliest pair of values that cannot both hold; of others the three likeliest such pairs."""
    for record in records:
        a, b = told(record["a"]), told(record["b"])
        if not applies(a, b):
            continue
        apart = [values for one, other, values in _pairs(a, b) if not agree(one, other)]
        apart.sort(key=likeness, reverse=True)
        if record["conflict"]:
            yield from ((values, True, 2.0) for values in apart[:1])
        else:
            yield from ((values, False, 1.5) for values in apart[:3])


def aligned(records: Sequence[Record]) -> Iterator[Example]:
    """Of two editions that say the same: equal values that stand there once, and unequal ones."""
    for record in records:
        found = _pairs(told(record["a"]), told(record["b"]))
        for one, other, values in found:
            if one.low != other.low:
                yield values, False, 0.05
            elif sum(one.low == x.low and one.kind == x.kind for x, y, _ in found if y is other) == 1:
                yield values, True, 0.06


def crossed(records: Sequence[Record]) -> Iterator[Example]:
    """Passages of different pairs, and the next rows of one table: the two likeliest pairs of values of each."""
    rows = [record for record in records if record.get("kind") == "row"]
    partners = [(a, records[(at + step) % len(records)], 0.06) for step in _STEPS for at, a in enumerate(records)]
    partners += [(a, rows[(at + step) % len(rows)], 0.12) for step in (1, 2) for at, a in enumerate(rows)]
    for first, second, weight in partners:
        if weight > 0.1 and first["table"] != second["table"] or first["b"]["text"] == second["b"]["text"]:
            continue
        found = [values for _, _, values in _pairs(told(first["a"]), told(second["b"]))]
        yield from ((values, False, weight) for values in sorted(found, key=likeness, reverse=True)[:2])


def repeated(records: Sequence[Record]) -> Iterator[Example]:
    """A passage against itself, so that the same language has examples of one thing, too."""
    for record in records:
        for side in (told(record["a"]), told(record["b"])):
            if len(statements(side.source)) <= 8:
                yield from ((values, one is other, 0.04) for one, other, values in _pairs(side, side))


def fitted(examples: Sequence[Example]) -> dict[str, Any]:
    """Weights by name and a bias: weighted logistic regression with bounds on the signs (L-BFGS-B)."""
    rows = np.array([values for values, _, _ in examples])
    right = np.array([label for _, label, _ in examples], dtype=float)
    weight = np.array([worth for _, _, worth in examples])
    spread = rows.std(axis=0)
    scale = np.where(spread > 1e-6, spread, 1.0)
    design = np.hstack([rows / scale, np.ones((len(rows), 1))])
    pull = np.append(np.full(len(FEATURES), PULL), 0.0)

    def loss(weights: Array) -> tuple[float, Array]:
        logits = design @ weights
        chance = 1 / (1 + np.exp(-np.clip(logits, -30, 30)))
        value = float((weight * (np.logaddexp(0, logits) - right * logits)).sum() + 0.5 * (pull * weights**2).sum())
        return value, design.T @ (weight * (chance - right)) + pull * weights

    bounds = [(0.0 if name in RISING else None, 0.0 if name in FALLING else None) for name in FEATURES]
    # Editions hold few counts that differ: what they teach of counts goes only so far.
    bounds[FEATURES.index("count")] = (_COUNT * scale[FEATURES.index("count")], 0.0)
    start = np.zeros(len(FEATURES) + 1)
    weights = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=[*bounds, (None, None)]).x
    named = {name: round(float(value), 3) for name, value in zip(FEATURES, weights[:-1] / scale, strict=True)}
    named["across"] = 0.0  # each model has one value of it only
    return {"weights": named, "bias": round(float(weights[-1]), 3), "examples": len(examples)}


def main(folder: Path) -> None:
    """Fit both models on a folder's sets and write the shipped weights."""
    from copilot.conflicts.likeness import weights

    def read(name: str) -> list[Record]:
        return [json.loads(line) for line in (folder / name).read_text(encoding="utf-8").splitlines()]

    pairs, editions = read("tuning.jsonl"), read("agreeing.jsonl")
    across = FEATURES.index("across")
    for _ in range(ROUNDS):
        examples = [*labelled(pairs), *aligned(editions), *crossed(editions), *repeated(editions)]
        own, other = ([item for item in examples if bool(item[0][across]) is foreign] for foreign in (False, True))
        made = {"own": fitted(own), "other": fitted(other), "provenance": "tuning.jsonl, agreeing.jsonl"}
        WEIGHTS.write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")
        weights.cache_clear()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
