"""Logistic regression with a prior and bounds on the weights, for few labels and features that lean on each other."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from copilot.answering.model import Logistic

Array = npt.NDArray[np.float64]


def fit(
    rows: Array,
    right: npt.NDArray[np.bool_],
    names: Sequence[str],
    prior: Logistic | None = None,
    strength: float = 1.0,
) -> Logistic:
    """Maximum a posteriori weights; ``strength`` counts examples, the prior is zero where none is given."""
    spread = rows.std(axis=0)
    scale = np.where(spread > 1e-9, spread, 1.0)
    design = np.hstack([rows / scale, np.ones((len(rows), 1))])
    known = prior or Logistic({}, 0.0)
    start = np.array([known.weights.get(name, 0.0) for name in names] + [known.bias]) * np.append(scale, 1.0)
    target = right.astype(float)
    # The bias moves freely: how often an option is right depends on how many options there are.
    penalty = np.append(np.full(len(names), strength), 0.01)

    def loss(weights: Array) -> tuple[float, Array]:
        logits = design @ weights
        chance = 1 / (1 + np.exp(-np.clip(logits, -30, 30)))
        value = np.logaddexp(0, logits) - target * logits
        drift = weights - start
        gradient = design.T @ (chance - target) + penalty * drift
        return float(value.sum() + 0.5 * (penalty * drift**2).sum()), gradient

    bounds = [*Logistic.bounds(names), (None, None)]
    first = np.array([np.clip(value, low if low is not None else -np.inf, high if high is not None else np.inf)
                      for value, (low, high) in zip(start, bounds, strict=True)])
    weights = minimize(loss, first, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 2000}).x
    plain_weights = weights[:-1] / scale
    return Logistic(
        {name: round(float(value), 4) for name, value in zip(names, plain_weights, strict=True)},
        round(float(weights[-1]), 4),
    )
