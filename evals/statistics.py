"""Means with bootstrap intervals, and the paired bootstrap that tells a fall from noise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

RESAMPLES = 2000
_TESTED = 20_000  # many tests at once ask for small chances
_FEWEST = 10  # below, resampling says nothing
_SMALLEST = 0.01  # a fall that no reader would notice is no finding, however sure
_SEED = 20260101
_CERTAINTY = 95.0


@dataclass(frozen=True, slots=True)
class Figure:
    """A mean over ``n`` cases and its 95 % interval."""

    n: int
    mean: float
    low: float
    high: float


def figure(values: Sequence[float]) -> Figure | None:
    """The mean with the percentile bootstrap's interval (Efron and Tibshirani 1993, 13.3); None of no values.

    The seed is fixed: the same values give the same interval.
    """
    import numpy as np

    if not values:
        return None
    known = np.asarray(values, dtype=float)
    mean = float(known.mean())
    if known.min() == known.max():
        return Figure(len(known), round(mean, 4), round(mean, 4), round(mean, 4))
    rng = np.random.default_rng(_SEED)
    means = known[rng.integers(0, len(known), (RESAMPLES, len(known)))].mean(axis=1)
    low, high = np.percentile(means, [50 - _CERTAINTY / 2, 50 + _CERTAINTY / 2])
    return Figure(len(known), round(mean, 4), round(float(low), 4), round(float(high), 4))


def chance_of_no_fall(before: Sequence[float], after: Sequence[float]) -> float:
    """How often cases drawn again show no fall of the mean: the one-sided p-value of a paired bootstrap.

    Differences are shifted to a mean of nought and drawn again; counted is how often chance alone falls as far
    (Efron and Tibshirani 1993, 16.4). 1.0 where the mean fell by less than .01, or there are fewer than ten pairs.
    """
    import numpy as np

    differences = np.asarray(after, dtype=float) - np.asarray(before, dtype=float)
    if len(differences) < _FEWEST or differences.mean() > -_SMALLEST:
        return 1.0
    rng = np.random.default_rng(_SEED)
    fall = differences.mean()
    means = (differences - fall)[rng.integers(0, len(differences), (_TESTED, len(differences)))].mean(axis=1)
    return float((1 + (means <= fall).sum()) / (_TESTED + 1))


def surely_fallen(chances: Sequence[float], level: float = 0.01) -> list[bool]:
    """Which of many tests hold together at this level (Holm 1979): many metrics must not make noise a finding.

    The bootstrap is too sure of itself with few cases: hence a level below the usual 5 %.
    """
    order = sorted(range(len(chances)), key=lambda at: chances[at])
    held = [False] * len(chances)
    for step, at in enumerate(order):
        if chances[at] > level / (len(chances) - step):
            break
        held[at] = True
    return held
