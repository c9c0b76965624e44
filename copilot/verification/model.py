"""The small models that turn a sentence's features into the probability that its source supports it.

Two logistic regressions, for sources in the sentence's own language and in another; their weights are data
(model.json) that ``training/support.py`` fits on labelled pairs, with their provenance.
"""

from __future__ import annotations

import functools
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources

FEATURES = (
    "cover", "uncovered", "gap", "binding", "scatter", "inversion", "shuffle", "cosine", "anchors", "names", "opposed"
)
# Which way a feature may pull: few labels must not teach nonsense.
RISING = frozenset({"cover", "binding", "cosine", "anchors"})
FALLING = frozenset({"uncovered", "gap", "scatter", "inversion", "shuffle", "names", "opposed"})


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights by feature, in the order of FEATURES, and a bias."""

    weights: Mapping[str, float]
    bias: float

    def chance(self, values: Sequence[float]) -> float:
        """The probability of support, 0 to 1."""
        logit = self.bias + sum(
            self.weights.get(name, 0.0) * value for name, value in zip(FEATURES, values, strict=True)
        )
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, logit))))


@dataclass(frozen=True, slots=True)
class SupportModel:
    """One model for a source in the sentence's language, one for a source in another."""

    own: Weights
    other: Weights
    supported: float


@functools.cache
def load_model() -> SupportModel:
    """The shipped weights."""
    read = json.loads(resources.files("copilot.verification").joinpath("model.json").read_text("utf-8"))
    made = [Weights(read[name]["weights"], read[name]["bias"]) for name in ("own", "other")]
    return SupportModel(made[0], made[1], read["supported"])
