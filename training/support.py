"""Fits the weights by which sentences are judged against their sources, on labelled pairs, and writes them.

Run ``python -m training.support evals/verification/calibration.jsonl``. A fault decides by itself, so only pairs
without one teach the weights.
"""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from copilot.verification import EngineeringWords, Source, Verifier
from copilot.verification.model import FALLING, FEATURES, RISING

WEIGHTS = Path(__file__).resolve().parent.parent / "copilot" / "verification" / "model.json"
STRENGTH = 0.02  # of the pull towards zero, per feature, over standardised features
Array = npt.NDArray[np.float64]


def measured(path: Path, verifier: Verifier) -> dict[bool, list[tuple[tuple[float, ...], bool]]]:
    """Whether the source is in another language -> (features, supported) of each pair without a fault."""
    found: dict[bool, list[tuple[tuple[float, ...], bool]]] = {False: [], True: []}
    for line in path.read_text(encoding="utf-8").splitlines():
        row: dict[str, Any] = json.loads(line)
        sources = [Source(item["text"], item["language"]) for item in row["sources"]]
        reading = verifier.read(row["sentence"], row["language"], sources)
        if not reading.fault:
            found[reading.foreign].append((reading.features, row["label"] == "supported"))
    return found


def fitted(pairs: Sequence[tuple[tuple[float, ...], bool]]) -> dict[str, Any]:
    """Weights by name and a bias: logistic regression with bounds on the signs (L-BFGS-B)."""
    rows = np.array([features for features, _ in pairs])
    right = np.array([label for _, label in pairs], dtype=float)
    spread = rows.std(axis=0)
    scale = np.where(spread > 1e-6, spread, 1.0)
    design = np.hstack([rows / scale, np.ones((len(rows), 1))])
    pull = np.append(np.full(len(FEATURES), STRENGTH * len(rows)), 0.0)

    def loss(weights: Array) -> tuple[float, Array]:
        logits = design @ weights
        chance = 1 / (1 + np.exp(-np.clip(logits, -30, 30)))
        value = float((np.logaddexp(0, logits) - right * logits).sum() + 0.5 * (pull * weights**2).sum())
        return value, design.T @ (chance - right) + pull * weights

    bounds = [(0.0 if name in RISING else None, 0.0 if name in FALLING else None) for name in FEATURES]
    start = np.zeros(len(FEATURES) + 1)
    weights = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=[*bounds, (None, None)]).x
    named = {name: round(float(value), 3) for name, value in zip(FEATURES, weights[:-1] / scale, strict=True)}
    return {"weights": named, "bias": round(float(weights[-1]), 3), "pairs": len(pairs)}


def main(paths: Sequence[str]) -> None:
    """Fit on all files together and write the shipped weights."""
    from copilot.embedding import open_query_embedder
    from copilot.language.wordtable import open_word_table
    from copilot.settings import EmbedderSettings

    verifier = Verifier(EngineeringWords(open_word_table()), open_query_embedder(EmbedderSettings()))
    sets = [measured(Path(path), verifier) for path in paths]
    made: dict[str, Any] = {
        name: fitted([pair for found in sets for pair in found[foreign]])
        for name, foreign in (("own", False), ("other", True))
    }
    made["supported"] = 0.5
    made["provenance"] = f"{', '.join(Path(path).name for path in paths)}, {dt.date.today().isoformat()}"
    WEIGHTS.write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
