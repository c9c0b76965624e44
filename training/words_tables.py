"""From expected counts to the rows of a word table: probabilities, pruned to what a question can use."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from training.words_align import Ints, Links, Reals
from training.words_text import Side

Row = list[tuple[str, float]]


@dataclass(frozen=True, slots=True)
class Pruning:
    """What a table keeps: the most translations of a term, and the least probability and expected count of one.

    A sense that was met only ``once`` must have a ``sure`` share: of a common word it is a rare sense, or chance.
    """

    most: int = 20
    least_share: float = 0.03
    least_count: float = 0.1
    once: float = 2.5  # a row counts in both of its readings
    sure: float = 0.1


def directed(
    first: Ints, second: Ints, expected: Reals, source: Side, target: Side, pruning: Pruning
) -> dict[str, Row]:
    """Translations of each source term, the surest first; probabilities are shares of its expected count.

    Function words take part in the shares, and are then left out: what mostly stands for one keeps little.
    """
    totals = np.bincount(first, weights=expected, minlength=len(source.terms))
    shares = expected / np.maximum(totals[first], 1e-12)
    wanted = (shares >= pruning.least_share) & (expected >= pruning.least_count)
    wanted &= (expected >= pruning.once) | (shares >= pruning.sure)
    kept = np.flatnonzero(wanted & source.words()[first] & target.words()[second])
    order = kept[np.lexsort((second[kept], -shares[kept], first[kept]))]
    table: dict[str, Row] = {}
    for one, other, share in zip(first[order].tolist(), second[order].tolist(), shares[order].tolist(), strict=True):
        row = table.setdefault(source.terms[one], [])
        if len(row) < pruning.most:
            row.append((target.terms[other], share))
    return table


def both_ways(links: Links, left: Side, right: Side, pruning: Pruning) -> tuple[dict[str, Row], dict[str, Row]]:
    """The table from left to right, and the one back."""
    there = directed(links.left, links.right, links.expected, left, right, pruning)
    back = directed(links.right, links.left, links.expected, right, left, pruning)
    return there, back
