"""The small models of the extractive answerer: which sentence answers, and how likely the best one is right.

They are logistic regressions over features that know no language: one pair for passages in the question's own
language, one for those in another. Their weights are data (model.json) that ``training/answers.py`` makes and
``evals/calibrate.py`` adjusts, with their provenance.
"""

from __future__ import annotations

import functools
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any

from copilot.answering.features import FEATURES, Option
from copilot.answering.text import bag, coverage, union
from copilot.types import Hit, QueryTerm

CONFIDENCE_FEATURES = (
    "score",
    "headed",
    "gram_sentence",
    "terms",
    "pool",
    "focus",
    "wanted_missing",
    "head_missing",
    "agreed",
    "read",
)
_MOSTLY = 0.9  # the share of right passages that are found by meaning, too
_COMPOUND = 12  # letters from which a word is mostly two in one ("Anzugsmoment")
# Which way a feature may pull, where that is known: it keeps few labels from teaching nonsense.
RISING = frozenset(
    {
        "sentence",
        "headed",
        "gram_sentence",
        "rank",
        "relative",
        "wanted",
        "required",
        "best_term",
        "property",
        "score",
        "pool",
        "focus",
        "agreed",
        "read",
    }
)
FALLING = frozenset({"wanted_missing", "echo", "short", "property_missing", "head_missing"})


@dataclass(frozen=True, slots=True)
class Logistic:
    """Weights by feature name, and a bias."""

    weights: Mapping[str, float]
    bias: float

    @staticmethod
    def bounds(names: Sequence[str]) -> list[tuple[float | None, float | None]]:
        """The least and greatest weight of each feature."""
        return [(0.0 if name in RISING else None, 0.0 if name in FALLING else None) for name in names]

    def score(self, names: Sequence[str], values: Sequence[float]) -> float:
        """The logit of the features."""
        return self.bias + sum(self.weights.get(name, 0.0) * value for name, value in zip(names, values, strict=True))


@dataclass(frozen=True, slots=True)
class Scoring:
    """The ranker, and the confidence model: how good the first of a ranked list is."""

    ranker: Logistic
    confidence: Logistic


@dataclass(frozen=True, slots=True)
class AnswerModel:
    """How passages are judged: those in the question's own language, and those in another."""

    own: Scoring
    other: Scoring
    add: float
    """Least probability, as a share of the first claim's, of each further one."""

    def scoring(self, foreign: bool) -> Scoring:
        """That of passages in another language than the question's, or of those in its own."""
        return self.other if foreign else self.own


def sigmoid(value: float) -> float:
    """The logistic function."""
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, value))))


@functools.cache
def load_model(reads: bool = False) -> AnswerModel:
    """The shipped model for answers by words alone, or by words and the reader's scores."""
    text = resources.files("copilot.answering").joinpath("model.json").read_text(encoding="utf-8")
    table = json.loads(text)["reader" if reads else "words"]
    return AnswerModel(_scoring(table["own"]), _scoring(table["other"]), table["add"])


def _scoring(table: Mapping[str, Any]) -> Scoring:
    ranker, confidence = (Logistic(table[name]["weights"], table[name]["bias"]) for name in ("ranker", "confidence"))
    return Scoring(ranker, confidence)


def rank(model: Scoring, found: Sequence[Option]) -> list[tuple[float, Option]]:
    """Options with their logits, best first; ties keep the order of the search."""
    scored = [(model.ranker.score(FEATURES, option.features), option) for option in found]
    return sorted(scored, key=lambda pair: -pair[0])


def confidence_features(ranked: Sequence[tuple[float, Option]], terms: Sequence[QueryTerm]) -> tuple[float, ...]:
    """What the confidence model sees of a ranked list: nothing that drifts with the corpus's size.

    The lead over the next passage is left out on purpose: in a manual with a table of like rows it says nothing,
    and it cost .01 to .02 of the area under the curve on engineering questions.
    """
    score, best = ranked[0]
    named = dict(zip(FEATURES, best.features, strict=True))
    asked = [term for term in terms if term.weight > 0]
    hits = list({option.hit.chunk.id: option.hit for _, option in ranked}.values())
    pool = union([bag(hit.chunk.embed_text, hit.chunk.language) for hit in hits])
    return (
        score,
        named["headed"],
        named["gram_sentence"],
        math.log(1 + sum(_words(term) for term in asked)) / 3,
        coverage(asked, pool),
        sum(hit.document.id == best.hit.document.id for hit in hits) / len(hits),
        named["wanted_missing"],
        named["head_missing"],
        _agreed(best.hit, hits),
        named["read"],
    )


def _agreed(best: Hit, hits: Sequence[Hit]) -> float:
    """1 where the passage was found by meaning as well, else 0; between the two where nothing was searched so."""
    return float("dense" in best.legs) if any("dense" in hit.legs for hit in hits) else _MOSTLY


def _words(term: QueryTerm) -> int:
    """How many words a term counts for; parts of a word that is asked for are no further ones."""
    if term.kind == "part":
        return 0
    return 2 if len(term.surface) >= _COMPOUND else 1
