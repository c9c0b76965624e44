"""Learns when a translator may speak: so that of what it says nine sentences in ten reach a chrF of 50."""

from __future__ import annotations

import base64
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from sacrebleu.metrics import CHRF

from copilot.translation import gate
from copilot.translation.engine import Engine
from copilot.translation.masks import protected
from copilot.translation.packages import read_package
from copilot.translation.slots import Job
from training.translation.evaluate import Made
from training.translation.recipe import base

GOOD = 50.0
WANTED = 0.9
_SPARE = 0.03  # what sources unlike those at hand cost, to be had in advance
_FOLDS = 5
_LEVELS = (5, 25, 100)  # how often a stem was seen
_BITS = 10  # per stem: about one in eighty is held wrongly


def word_filters(path: Path) -> dict[str, list[Any]]:
    """Per level the filter of the stems seen at least so often, from a table of stems and counts."""
    counted = [line.rsplit("\t", 1) for line in path.read_text(encoding="utf-8").splitlines()]
    filters: dict[str, list[Any]] = {}
    for level in _LEVELS:
        stems = [stem for stem, count in counted if int(count) >= level]
        size = max(64, _BITS * len(stems))
        bits = bytearray(-(-size // 8))
        for stem in stems:
            for place in gate.places(stem, size):
                bits[place // 8] |= 1 << place % 8
        filters[str(level)] = [size, base64.b64encode(bytes(bits)).decode()]
    return filters


def calibrate(
    made: Sequence[Made], pair: tuple[str, str], words: dict[str, list[Any]], easy: Sequence[Made] = ()
) -> dict[str, Any]:
    """The gate's weights, and the threshold at which what it lets through is good nine times in ten.

    The threshold is set on sentences of sources that the weights were not fitted on, in five folds by source; the
    easy ones only help to fit the weights.
    """
    values, labels, fold = _rows(made, pair, words)
    easy_values, easy_labels, _ = _rows(easy, pair, words) if easy else (values[:0], labels[:0], fold[:0])
    everything, right = np.vstack([values, easy_values]), np.concatenate([labels, easy_labels])
    centre, spread = everything.mean(0), everything.std(0) + 1e-6
    everything = (everything - centre) / spread
    folds = np.concatenate([fold, np.full(len(easy_labels), -1)])
    apart = np.zeros(len(labels))
    for number in range(_FOLDS):
        inside = folds == number
        if inside.any():
            apart[fold == number] = _sigmoid(everything[inside], _fit(everything[~inside], right[~inside]))
    return {
        "words": words,
        "weights": [round(float(weight), 4) for weight in _fit(everything, right)],
        "centre": [round(float(value), 4) for value in centre],
        "spread": [round(float(value), 4) for value in spread],
        "threshold": round(threshold(apart, labels), 4),
    }


def _rows(
    made: Sequence[Made], pair: tuple[str, str], words: dict[str, list[Any]]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Features, whether good, and the fold of each sentence that is not ruled out; a source is in one fold."""
    found = [(gate.features(each.seen, each.made, each.score, pair, words), each) for each in made]
    kept = [(row, each) for row, each in found if row is not None]
    sources = Counter(base(each.pair.origin) for _, each in kept)
    place = {name: number % _FOLDS for number, (name, _) in enumerate(sources.most_common())}
    return (
        np.array([row for row, _ in kept]),
        np.array([float(each.chrf >= GOOD) for _, each in kept]),
        np.array([place[base(each.pair.origin)] for _, each in kept]),
    )


def threshold(chances: np.ndarray, labels: np.ndarray) -> float:
    """The lowest threshold above which enough are good, with one deviation and a little more to spare."""
    order = np.argsort(-chances)
    passed = np.arange(1, len(order) + 1)
    share = np.cumsum(labels[order]) / passed
    sure = share - np.sqrt(share * (1 - share) / passed) >= WANTED + _SPARE
    enough = np.flatnonzero(sure & (passed >= 20))
    return float(chances[order[enough[-1]]]) if len(enough) else 1.01


def _fit(values: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Logistic regression with a small ridge, by Newton's method; the constant stands last."""
    design = np.hstack([values, np.ones((len(values), 1))])
    weights = np.zeros(design.shape[1])
    ridge = np.full(design.shape[1], 3.0)
    ridge[-1] = 1e-3
    for _ in range(30):
        chances = _sigmoid(values, weights)
        slope = design.T @ (chances - labels) + ridge * weights
        bend = (design * (chances * (1 - chances))[:, None]).T @ design + np.diag(ridge)
        weights = weights - np.linalg.solve(bend, slope)
    return weights


def _sigmoid(values: np.ndarray, weights: np.ndarray) -> np.ndarray:
    total = np.clip(values @ weights[:-1] + weights[-1], -30, 30)
    return np.asarray(1 / (1 + np.exp(-total)))


def spoken(made: Sequence[Made], folder: Path) -> dict[str, float]:
    """How often the package speaks in the product, how good that is, and how good the rest would have been."""
    engine = Engine((folder.parent,), threads=1)
    jobs = [Job(each.pair.source, tuple(protected(each.pair.source))) for each in made]
    package = read_package(folder)
    way = (package,) if package else ()
    chrf = CHRF()
    through, back = [], []
    for each, found in zip(made, engine.translate(jobs, way), strict=True):
        if not found.text:
            back.append(each.chrf)
        else:
            through.append(float(chrf.sentence_score(found.text, [each.pair.target]).score))
    return {
        "spoken": round(len(through) / max(1, len(made)), 3),
        "good_of_spoken": round(sum(value >= GOOD for value in through) / max(1, len(through)), 3),
        "good_of_silent": round(sum(value >= GOOD for value in back) / max(1, len(back)), 3),
        "chrf_of_spoken": round(float(np.mean(through)), 1) if through else 0.0,
    }
