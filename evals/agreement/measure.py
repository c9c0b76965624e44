"""Agreement of a metric with people's verdicts: AUC, precision and recall, and which faults it notices."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from evals.agreement.labels import FAULTS, Label
from evals.metrics import Metric

Judged = Sequence[tuple[float, Label]]


@dataclass(frozen=True, slots=True)
class Agreement:
    """A metric against the labels that it applies to: ``good`` of ``n`` answers are good.

    ``auc`` is the probability that a good answer scores higher than a bad one. An answer passes at a threshold or
    above: ``precision`` is the share of good ones among those that pass, ``recall`` the share of good ones that do.
    ``noticed`` is the share of each kind of fault that does not pass. None where there is nothing to divide by.
    """

    metric: str
    n: int
    good: int
    auc: float | None
    precision: float | None
    recall: float | None
    noticed: Mapping[str, float]


def agreements(labels: Sequence[Label], metrics: Mapping[str, Metric]) -> list[Agreement]:
    """Each metric's agreement, the best first; metrics that apply to no label are left out."""
    made = [_agreement(name, _judged(labels, metric)) for name, metric in metrics.items()]
    return sorted((item for item in made if item.n), key=lambda item: (-(item.auc or 0.0), item.metric))


def auc(good: Sequence[float], bad: Sequence[float]) -> float | None:
    """Area under the ROC curve: the share of pairs in which the good one scores higher, ties half (Hanley and
    McNeil 1982); None without a pair.
    """
    if not good or not bad:
        return None
    wins = sum((a > b) + 0.5 * (a == b) for a in good for b in bad)
    return wins / (len(good) * len(bad))


def threshold(judged: Judged) -> float:
    """The lowest score that passes: the one with the best sum of recall and specificity (Youden 1950).

    Of equal ones the highest: nothing that might be bad passes without need.
    """
    good = [value for value, label in judged if label.good]
    bad = [value for value, label in judged if not label.good]

    def index(limit: float) -> float:
        passed = sum(value >= limit for value in good) / max(1, len(good))
        return passed + sum(value < limit for value in bad) / max(1, len(bad))

    return max({value for value, _ in judged}, key=lambda limit: (index(limit), limit))


def _judged(labels: Iterable[Label], metric: Metric) -> Judged:
    scores = ((metric(label.observation), label) for label in labels)
    return [(score.value, label) for score, label in scores if score is not None]


def _agreement(name: str, judged: Judged) -> Agreement:
    passed = [(label, value >= _limit(judged, label)) for value, label in judged]
    good = [value for value, label in judged if label.good]
    bad = [value for value, label in judged if not label.good]
    noticed = {}
    for fault in FAULTS:
        of_it = [not passes for label, passes in passed if label.reason == fault]
        if of_it:
            noticed[fault] = sum(of_it) / len(of_it)
    passing = [label.good for label, passes in passed if passes]
    held = [passes for label, passes in passed if label.good]
    return Agreement(
        name, len(judged), len(good), auc(good, bad), _share(passing), _share(held), noticed,
    )  # fmt: skip


def _limit(judged: Judged, label: Label) -> float:
    """The threshold from the other languages' labels: none is chosen on what it then judges."""
    own = label.observation.case.language
    others = [(value, other) for value, other in judged if other.observation.case.language != own]
    return threshold(others or judged)


def _share(values: Sequence[bool]) -> float | None:
    return sum(values) / len(values) if values else None
