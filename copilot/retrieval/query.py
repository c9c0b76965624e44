"""From a question to one sparse query per language: its concepts, weighted by what the permitted text makes of them."""

from __future__ import annotations

from collections.abc import Sequence

from copilot.language import Concept, concepts, idf, term_id
from copilot.protocols import Statistics
from copilot.types import QueryTerm, SparseVector

_KIND_WEIGHT = {"function": 0.0, "part": 0.3, "pair": 0.5, "quantity": 1.0, "identifier": 2.0, "compound": 0.7}
_FUNCTION_WEIGHT = 0.05
_MAX_CONCEPTS = 200


def weigh(
    text: str, language: str, statistics: Statistics, policies: frozenset[str], written_in: str = ""
) -> list[QueryTerm]:
    """The distinct concepts of a question in one language; of a concept's terms the first that occurs is taken."""
    unique: dict[tuple[str, ...], Concept] = {}
    for concept in concepts(text, language, written_in)[:_MAX_CONCEPTS]:
        unique.setdefault(concept.terms, concept)
    found = list(unique.values())
    flat = [term for concept in found for term in concept.terms]
    counts = statistics.frequencies(language, policies, [term_id(term) for term in flat]) if flat else []
    frequency = dict(zip(flat, counts, strict=True))
    total = statistics.chunks(language, policies)
    weighted = []
    for concept in found:
        term = next((term for term in concept.terms if frequency[term]), concept.terms[0])
        value = idf(total, frequency[term])
        weight = value * _KIND_WEIGHT.get(concept.kind, 1.0)
        weighted.append(QueryTerm(concept.surface, term, concept.kind, value, frequency[term], weight))
    return weighted


def query_vector(weighted: Sequence[QueryTerm], unseen: bool = False) -> SparseVector:
    """The sparse query; function words count a little, so that a question of nothing else still finds something.

    ``unseen`` keeps terms that the statistics do not know (a document may just have become readable).
    """
    weights: dict[int, float] = {}
    for item in weighted:
        weight = item.weight or _FUNCTION_WEIGHT * item.idf
        if (item.frequency or unseen) and weight > 0:
            index = term_id(item.term)
            weights[index] = max(weights.get(index, 0.0), weight)
    ordered = sorted(weights)
    return SparseVector(tuple(ordered), tuple(weights[index] for index in ordered))


def dot(query: SparseVector, passage: SparseVector) -> float:
    """The dot product of two sparse vectors."""
    stored = dict(zip(passage.indices, passage.values, strict=True))
    return sum(weight * stored.get(index, 0.0) for index, weight in zip(query.indices, query.values, strict=True))
