"""Metrics of the answer's words against the reference: numbers and codes, characters, tokens, meaning."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from copilot.language import concepts
from copilot.types import Answer, Claim
from evals.metrics.values import lacking_values, proof, said, values
from evals.types import Observation, Score

COMPUTED, ORIGINAL = "computed", "original"


def numbers_correct(observation: Observation) -> Score | None:
    """The share of the reference's values and codes that the answer tells: in its quotes, or in its own words.

    By value, unit and language: "2,37 mm" is "2.37 mm" and not "2.37 cm". None without any in the reference.
    """
    pair = _pair(observation)
    if pair is None:
        return None
    answer, reference = pair
    wanted = values(reference, observation.case.language)
    if not wanted:
        return None
    missing = lacking_values(reference, observation.case.language, said(answer))
    return Score(max(0.0, 1 - len(missing) / wanted), f"lacks {', '.join(missing)}" if missing else "")


def chrf(observation: Observation) -> Score | None:
    """Character n-gram F-score of the claim that is nearest to the reference (Popović 2015; sacrebleu's chrF2)."""
    return _best(observation, _chrf)


def token_f1(observation: Observation) -> Score | None:
    """F1 over the stems of the claim nearest to the reference, function words left out (Rajpurkar et al. 2016).

    Chinese is cut into words; each language is stemmed by the product's own analysis.
    """
    return _best(observation, _token_f1)


def shared_words(one: str, other: str, language: str) -> float:
    """The share of the shorter text's stems that the other holds (overlap coefficient, Szymkiewicz-Simpson); 1 where
    either has none.
    """
    ours, theirs = _tokens(one, language), _tokens(other, language)
    if not ours or not theirs:
        return 1.0
    return sum((ours & theirs).values()) / min(sum(ours.values()), sum(theirs.values()))


def semantic_similarity(observation: Observation) -> Score | None:
    """Cosine of the shipped embedder's vectors of the reference and of the nearest claim (Risch et al. 2021).

    It does not see numbers: "180 bar" and "250 bar" are near. Negative cosines count as 0.
    """
    return _best(observation, _cosine)


def numeric_fidelity(observation: Observation) -> Score | None:
    """The share of the claims' values and codes that stand in what the same claim cites, in the same unit.

    Claims that the product computed are left out: they hold what no source does, and are labelled so.
    None where no claim holds a value.
    """
    if observation.answer is None:
        return None
    total, strange = 0, []
    for claim in observation.answer.claims:
        if claim.kind == COMPUTED:
            continue
        language = _language_of(claim, observation.answer)
        total += values(claim.text, language)
        strange += lacking_values(claim.text, language, proof(claim))
    if not total:
        return None
    return Score(max(0.0, 1 - len(strange) / total), f"not in what is cited: {', '.join(strange)}" if strange else "")


def _pair(observation: Observation) -> tuple[Answer, str] | None:
    """The answer and the reference; None where there is nothing to compare."""
    reference = observation.case.reference.strip()
    if observation.answer is None or not reference or not observation.case.answerable:
        return None
    return observation.answer, reference


def _best(observation: Observation, measure: Callable[[str, str, str], float]) -> Score | None:
    """The highest of the claims and of all of them together, 0 without a claim."""
    pair = _pair(observation)
    if pair is None:
        return None
    answer, reference = pair
    texts = [claim.text for claim in answer.claims]
    texts += ["\n".join(texts)] if len(texts) > 1 else []
    if not texts:
        return Score(0.0, "nothing claimed")
    return Score(max(measure(text, reference, observation.case.language) for text in texts))


def _language_of(claim: Claim, answer: Answer) -> str:
    if claim.kind == ORIGINAL and claim.citations:
        return claim.citations[0].document.language
    return answer.language


@functools.cache
def _chrf_scorer() -> Any:
    from sacrebleu.metrics.chrf import CHRF

    return CHRF()


def _chrf(text: str, reference: str, language: str) -> float:
    score: float = _chrf_scorer().sentence_score(text, [reference]).score
    return min(1.0, score / 100)


def _token_f1(text: str, reference: str, language: str) -> float:
    ours, theirs = _tokens(text, language), _tokens(reference, language)
    common = sum((ours & theirs).values())
    return 2 * common / (sum(ours.values()) + sum(theirs.values())) if common else 0.0


@functools.lru_cache(maxsize=2048)
def _tokens(text: str, language: str) -> Counter[str]:
    """One term a word: the first of a concept's; pairs and joined forms would count a word twice."""
    found = [concept for concept in concepts(text, language) if concept.kind in ("word", "number")]
    return Counter(concept.terms[0] for concept in found)


def _cosine(text: str, reference: str, language: str) -> float:
    ours, theirs = _vector(text), _vector(reference)
    return min(1.0, max(0.0, sum(a * b for a, b in zip(ours, theirs, strict=True))))


@functools.lru_cache(maxsize=2048)
def _vector(text: str) -> Sequence[float]:
    vector: Sequence[float] = embedder().get_query_embedding(text)
    return vector


@functools.cache
def embedder() -> Any:
    """The shipped embedder, the same for each run so that figures can be compared; opened once."""
    from copilot.embedding import open_query_embedder
    from copilot.settings import EmbedderSettings

    return open_query_embedder(EmbedderSettings())
