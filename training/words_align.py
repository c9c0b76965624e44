"""Which words of two languages stand for each other: IBM model 1 both ways over rows of parallel terms.

Brown et al. 1993, model 1 with an empty word, started from the Dice coefficient; the two directions agree by the
product of their posteriors (Liang, Taskar and Klein 2006).
"""

from __future__ import annotations

from dataclasses import dataclass

import numba
import numpy as np
import numpy.typing as npt
from scipy.special import digamma

ITERATIONS = 5
PRIOR = 0.01  # of the Dirichlet over a term's translations
LEAST = 0.02  # expected counts below it are noise
EMPTY = 0.1  # the empty word's share at the start

Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]
Reals = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Rows:
    """The distinct terms of each row of one side: term numbers end to end, and where each row starts."""

    flat: Ints
    starts: Longs


@dataclass(frozen=True, slots=True)
class Links:
    """Pairs of terms that were seen in one row, and how often they are expected to stand for each other."""

    left: Ints
    right: Ints
    expected: Reals


@numba.njit(cache=True)  # type: ignore[untyped-decorator]
def _pair_keys(left: Ints, left_starts: Longs, right: Ints, right_starts: Longs, width: int) -> Longs:
    total = 0
    for row in range(len(left_starts) - 1):
        total += (left_starts[row + 1] - left_starts[row]) * (right_starts[row + 1] - right_starts[row])
    keys = np.empty(total, np.int64)
    at = 0
    for row in range(len(left_starts) - 1):
        for i in range(left_starts[row], left_starts[row + 1]):
            for j in range(right_starts[row], right_starts[row + 1]):
                keys[at] = np.int64(left[i]) * width + right[j]
                at += 1
    return keys


@numba.njit(cache=True)  # type: ignore[untyped-decorator]
def _expect(
    left: Ints, left_starts: Longs, right: Ints, right_starts: Longs, pair: Ints,
    forward: Reals, empty_right: Reals, backward: Reals, empty_left: Reals, both: bool,
    to_forward: Reals, to_empty_right: Reals, to_backward: Reals, to_empty_left: Reals,
) -> None:  # fmt: skip
    """One pass: the expected counts of both directions, or (``both``) of their product into ``to_forward``."""
    at = 0
    for row in range(len(left_starts) - 1):
        first, m = left_starts[row], left_starts[row + 1] - left_starts[row]
        second, n = right_starts[row], right_starts[row + 1] - right_starts[row]
        of_right = np.empty(n)
        of_left = np.empty(m)
        for j in range(n):
            of_right[j] = empty_right[right[second + j]]
        for i in range(m):
            of_left[i] = empty_left[left[first + i]]
            for j in range(n):
                index = pair[at + i * n + j]
                of_right[j] += forward[index]
                of_left[i] += backward[index]
        for i in range(m):
            for j in range(n):
                index = pair[at + i * n + j]
                along = forward[index] / of_right[j]
                against = backward[index] / of_left[i]
                if both:
                    to_forward[index] += along * against
                else:
                    to_forward[index] += along
                    to_backward[index] += against
        if not both:
            for j in range(n):
                to_empty_right[right[second + j]] += empty_right[right[second + j]] / of_right[j]
            for i in range(m):
                to_empty_left[left[first + i]] += empty_left[left[first + i]] / of_left[i]
        at += m * n


def align(left: Rows, right: Rows, lefts: int, rights: int, iterations: int = ITERATIONS) -> Links:
    """Expected counts of each pair of terms; ``lefts`` and ``rights`` are the numbers of terms."""
    keys = _pair_keys(left.flat, left.starts, right.flat, right.starts, rights)
    distinct, pair, seen = np.unique(keys, return_inverse=True, return_counts=True)
    del keys
    pair = pair.astype(np.int32)
    first, second = (distinct // rights).astype(np.int32), (distinct % rights).astype(np.int32)
    often_left = np.bincount(left.flat, minlength=lefts).astype(float)
    often_right = np.bincount(right.flat, minlength=rights).astype(float)
    dice = 2.0 * seen / (often_left[first] + often_right[second])
    forward, backward = dice / _sums(first, dice, lefts)[first], dice / _sums(second, dice, rights)[second]
    empty_right, empty_left = EMPTY * often_right / often_right.sum(), EMPTY * often_left / often_left.sum()
    for _ in range(iterations):
        counts = np.zeros_like(dice), np.zeros(rights), np.zeros_like(dice), np.zeros(lefts)
        _expect(left.flat, left.starts, right.flat, right.starts, pair, forward, empty_right, backward, empty_left,
                False, *counts)  # fmt: skip
        forward = _estimate(counts[0], first, lefts)
        backward = _estimate(counts[2], second, rights)
        empty_right, empty_left = _estimate(counts[1]), _estimate(counts[3])
    agreed = np.zeros_like(dice)
    nothing = np.zeros(1)
    _expect(left.flat, left.starts, right.flat, right.starts, pair, forward, empty_right, backward, empty_left,
            True, agreed, nothing, nothing, nothing)  # fmt: skip
    likely = agreed >= LEAST
    return Links(first[likely], second[likely], agreed[likely])


def added(one: Links, other: Links, rights: int) -> Links:
    """Two sets of links as one, their expected counts added."""
    keys = np.concatenate([item.left.astype(np.int64) * rights + item.right for item in (one, other)])
    distinct_keys, place = np.unique(keys, return_inverse=True)
    expected = np.bincount(place, weights=np.concatenate([one.expected, other.expected]))
    return Links((distinct_keys // rights).astype(np.int32), (distinct_keys % rights).astype(np.int32), expected)


def _estimate(counts: Reals, groups: Ints | None = None, size: int = 1) -> Reals:
    """Probabilities per group by variational Bayes: a count of one or two tells less than its share says."""
    of = np.zeros(len(counts), np.int32) if groups is None else groups
    distinct_terms = np.bincount(of, minlength=size)
    totals = _sums(of, counts, size) + PRIOR * distinct_terms
    value: Reals = np.exp(digamma(counts + PRIOR) - digamma(np.maximum(totals, PRIOR))[of])
    return value


def _sums(groups: Ints, values: Reals, size: int) -> Reals:
    return np.bincount(groups, weights=values, minlength=size)


@numba.njit(cache=True)  # type: ignore[untyped-decorator]
def _distinct(flat: Ints, starts: Longs, kept: npt.NDArray[np.bool_], longest: int) -> tuple[Ints, Longs]:
    found = np.empty(len(flat), np.int32)
    begins = np.zeros(len(starts), np.int64)
    at = 0
    for row in range(len(starts) - 1):
        begin = at
        if kept[row]:
            for k in range(starts[row], starts[row + 1]):
                item = flat[k]
                new = item >= 0 and at - begin < longest
                for seen in range(begin, at):
                    if found[seen] == item:
                        new = False
                        break
                if new:
                    found[at] = item
                    at += 1
        begins[row + 1] = at
    return found[:at].copy(), begins


def distinct(flat: Ints, starts: Longs, kept: npt.NDArray[np.bool_], longest: int = 60) -> Rows:
    """The distinct terms of each row, negative numbers left out; rows not ``kept`` are empty."""
    return Rows(*_distinct(flat, starts, kept, longest))
