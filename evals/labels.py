"""Labelled cases as the answerer sees them: per language of the passages, the options and which of them are right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from copilot.answering.extractive import lacking
from copilot.answering.features import Option, options
from copilot.answering.model import CONFIDENCE_FEATURES, AnswerModel, Scoring, confidence_features, rank, sigmoid
from copilot.answering.verification import plain
from copilot.service import Copilot
from copilot.types import Evidence, QueryTerm, Question
from evals.cases import principal_of

Array = npt.NDArray[np.float64]
CROSS = "cross"
_SEPARATORS = str.maketrans("", "", "|;,\t:")


@dataclass(frozen=True)
class Listed:
    """The options in one language, with those that are right, and the question's terms in it."""

    foreign: bool
    options: list[Option]
    right: npt.NDArray[np.bool_]
    terms: Sequence[QueryTerm]

    def first(self, model: AnswerModel, without: frozenset[str] = frozenset()) -> tuple[float, bool]:
        """The probability of the first option, but for families of documents, and whether it is right."""
        scoring = model.scoring(self.foreign)
        ranked = rank(scoring, self.options)
        left = [(score, option) for score, option in ranked if option.hit.document.family not in without]
        if not left:
            return 0.0, False
        chance = sigmoid(scoring.confidence.score(CONFIDENCE_FEATURES, confidence_features(ranked, self.terms)))
        right = bool(self.right[self.options.index(left[0][1])])
        return chance * sigmoid(left[0][0]) / sigmoid(ranked[0][0]), right

    @property
    def families(self) -> frozenset[str]:
        """The families of documents that could be quoted."""
        return frozenset(option.hit.document.family for option in self.options) - {""}

    def features(self, scoring: Scoring) -> tuple[tuple[float, ...], bool]:
        """What the confidence sees of the list, and whether its first option is right."""
        ranked = rank(scoring, self.options)
        return confidence_features(ranked, self.terms), bool(self.right[self.options.index(ranked[0][1])])


@dataclass(frozen=True)
class Labelled:
    """A case and its lists; one language has one list, none where nothing could be quoted."""

    case: dict[str, Any]
    lists: list[Listed]

    @property
    def cross(self) -> bool:
        """Whether the answer stands in other languages than the question's only."""
        return CROSS in self.case["tags"]

    @property
    def answerable(self) -> bool:
        """Whether the corpus answers it."""
        return bool(self.case["sources"])

    def best(self, model: AnswerModel, foreign: bool) -> tuple[float, bool]:
        """The likeliest first option among the lists of one kind, and whether it is right; (0, no) without any."""
        firsts = [item.first(model) for item in self.lists if item.foreign == foreign]
        return max(firsts, key=lambda pair: pair[0], default=(0.0, False))

    def rival(self, model: AnswerModel) -> float:
        """The probability of the likeliest foreign option of no document that the own language has an edition of."""
        own = frozenset[str]().union(*(item.families for item in self.lists if not item.foreign))
        return max((item.first(model, own)[0] for item in self.lists if item.foreign), default=0.0)


def label(copilot: Copilot, case: dict[str, Any]) -> Labelled:
    """The case's options as the answerer would see them, with the right ones marked."""
    evidence = copilot.evidence(Question(case["question"], language=case["language"]), principal_of(case))
    lacked = lacking(evidence)
    languages = dict.fromkeys(hit.chunk.language for item in evidence.passages for hit in item.hits)
    found = [_listed(evidence, language, lacked, case) for language in languages]
    return Labelled(case, [item for item in found if item.options])


def _listed(evidence: Evidence, language: str, lacked: dict[str, list[str]], case: dict[str, Any]) -> Listed:
    foreign = language != evidence.language
    hits = [hit for item in evidence.passages for hit in item.hits if hit.chunk.language == language]
    terms = evidence.terms.get(language, ())
    found = options(case["question"], sorted(hits, key=lambda hit: -hit.score), terms, foreign)
    kept = [option for option in found if not lacked[option.hit.chunk.id]]
    right = np.array([any(is_right(option, source) for source in case["sources"]) for option in kept], dtype=bool)
    return Listed(foreign, kept, right, terms)


def is_right(option: Option, source: dict[str, Any]) -> bool:
    """Whether an option holds the quote of a source, or most of it, in the right document."""
    if not option.hit.document.uri.endswith(source["document"]):
        return False
    quote, text = (plain(item).translate(_SEPARATORS) for item in (source["quote"], option.text))
    return bool(text) and (quote in text or (text in quote and len(text) > 0.4 * len(quote)))
