"""From a question to one query per language: its concepts, their translations, weighted by the permitted text."""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from copilot.language import Concept, concepts, idf, term_id
from copilot.protocols import Statistics
from copilot.retrieval.conversions import restated
from copilot.retrieval.expansion import Expander, Expansions
from copilot.types import QueryTerm, SparseVector

_KIND_WEIGHT = {"function": 0.0, "part": 0.3, "pair": 0.5, "quantity": 1.0, "identifier": 2.0, "compound": 0.7}
_FUNCTION_WEIGHT = 0.05
_MAX_CONCEPTS = 200
# Of a word's translations the surest few find the candidates; all of them score these.
_MOST_SEARCHED = 8
# The share of a concept's weight that its words in a glossary take from those of the word table.
_GLOSSARY = 0.7


@dataclass(frozen=True, slots=True)
class Synonym:
    """A term of a glossary that stands for words of the question: as typed, as the glossary has it, how surely."""

    surface: str
    text: str
    probability: float


def weigh(
    text: str,
    language: str,
    statistics: Statistics,
    policies: frozenset[str],
    written_in: str = "",
    expander: Expander | None = None,
) -> list[QueryTerm]:
    """The distinct concepts of a question, as terms of ``language`` with their weights.

    In the question's own language a concept's first term that occurs is taken. In another language, where an
    ``expander`` is given, each concept stands for its translations (Darwish and Oard 2003): its frequency is the
    expected one. Otherwise the text is taken as it stands.
    """
    foreign = expander is not None and bool(written_in) and written_in != language
    unique: dict[tuple[str, ...], Concept] = {}
    for concept in _analysed(text, written_in if foreign else language, "" if foreign else written_in):
        unique.setdefault(concept.terms, concept)
    if foreign and expander is not None:
        made = [(concept, expander.expand(concept, written_in, language)) for concept in unique.values()]
        return _translated([(concept, found) for concept, found in made if found], language, statistics, policies)
    return _own(list(unique.values()), language, statistics, policies, expander)


@functools.lru_cache(maxsize=4096)
def _analysed(text: str, language: str, written_in: str) -> tuple[Concept, ...]:
    """The concepts of a question or a glossary's term: both are read once for all languages."""
    return tuple(concepts(text, language, written_in)[:_MAX_CONCEPTS])


def _own(
    found: list[Concept], language: str, statistics: Statistics, policies: frozenset[str], expander: Expander | None
) -> list[QueryTerm]:
    frequency = _frequencies([term for concept in found for term in concept.terms], language, statistics, policies)
    total = statistics.chunks(language, policies)
    weighted, strange = [], []
    for concept in found:
        term = next((term for term in concept.terms if frequency[term]), concept.terms[0])
        borrowed = expander.borrowed(concept, language, language) if expander and not frequency[term] else ()
        if borrowed:
            strange.append((concept, ((term, 1.0), *borrowed)))
            continue
        value = idf(total, frequency[term])
        weighted.append(_term(concept, term, value, frequency[term]))
    return weighted + _translated(strange, language, statistics, policies)


def _translated(
    made: Sequence[tuple[Concept, Expansions]], language: str, statistics: Statistics, policies: frozenset[str]
) -> list[QueryTerm]:
    frequency = _frequencies([term for _, found in made for term, _ in found], language, statistics, policies)
    total = statistics.chunks(language, policies)
    weighted = []
    for concept, found in made:
        expected = min(float(total), sum(chance * frequency[term] for term, chance in found))
        best = next((term for term, _ in found if frequency[term]), found[0][0])
        alone = concept.kind == "number" or len(found) == 1 and found[0][1] == 1.0
        expansions = () if alone else found
        weighted.append(_term(concept, best, idf(total, expected), expected, expansions))
    return weighted


def _term(concept: Concept, term: str, value: float, frequency: float, found: Expansions = ()) -> QueryTerm:
    weight = value * _KIND_WEIGHT.get(concept.kind, 1.0)
    return QueryTerm(concept.surface, term, concept.kind, value, frequency, weight, found)


def _frequencies(
    terms: Sequence[str], language: str, statistics: Statistics, policies: frozenset[str]
) -> dict[str, int]:
    unique = list(dict.fromkeys(terms))
    counts = statistics.frequencies(language, policies, [term_id(term) for term in unique]) if unique else []
    return dict(zip(unique, counts, strict=True))


def pooled(
    weighted: Mapping[str, Sequence[QueryTerm]], statistics: Statistics, policies: frozenset[str]
) -> dict[str, tuple[QueryTerm, ...]]:
    """The same terms, each concept's IDF from all languages that have words for it together.

    So a concept weighs the same in every language, and scores of two languages can be compared; a language of a
    handful of chunks no longer takes every word for a rare one.
    """
    chunks = {language: statistics.chunks(language, policies) for language in weighted}
    total: dict[tuple[str, str], float] = defaultdict(float)
    held: dict[tuple[str, str], float] = defaultdict(float)
    for language, terms in weighted.items():
        for key, frequency in {(item.surface, item.kind): item.frequency for item in terms}.items():
            total[key] += chunks[language]
            held[key] += frequency
    values = {key: idf(total[key], held[key]) for key in total}
    return {
        language: tuple(_reweighted(item, values[item.surface, item.kind]) for item in terms)
        for language, terms in weighted.items()
    }


def _reweighted(item: QueryTerm, value: float) -> QueryTerm:
    return replace(item, idf=value, weight=value * _KIND_WEIGHT.get(item.kind, 1.0))


def counted_weight(item: QueryTerm) -> float:
    """What a match of the term counts; function words a little, so that a question of nothing else finds something."""
    return item.weight or _FUNCTION_WEIGHT * item.idf


def with_synonyms(
    terms: Sequence[QueryTerm],
    synonyms: Sequence[Synonym],
    language: str,
    statistics: Statistics,
    policies: frozenset[str],
    own_language: bool,
) -> list[QueryTerm]:
    """The terms, with the glossary's words for some of them as one more concept that takes most of their weight.

    So a question weighs the same with its synonyms as without, and a passage covers it in either words.
    """
    found = list(terms)
    for surface in dict.fromkeys(item.surface for item in synonyms):
        whole = surface.casefold()
        covered = [item for item in found if item.surface.casefold() in whole and len(item.surface) > 1]
        own = tuple((item.term, 1.0) for item in covered if item.kind == "word" and own_language)
        words = _words([item for item in synonyms if item.surface == surface], language)
        if not words:
            continue
        # In the question's own language its words count as the glossary's do; guesses of the table do not.
        [added] = _translated([(Concept(surface, (surface,), "word"), (*own, *words))], language, statistics, policies)
        weight = sum(item.weight for item in covered if item.kind != "part") or added.weight
        rest = [replace(item, weight=item.weight * (1 - _GLOSSARY)) if item in covered else item for item in found]
        found = [*rest, replace(added, weight=_GLOSSARY * weight if covered else weight)]
    return found


def with_conversions(
    terms: Sequence[QueryTerm], text: str, written_in: str, language: str, statistics: Statistics,
    policies: frozenset[str],
) -> list[QueryTerm]:  # fmt: skip
    """The terms, where those of a quantity ("18.4 lbf·ft") also stand for what it is in other units ("25 Nm").

    Their bare numbers, which stand in the cells of tables, are one more concept of little weight.
    """
    found = list(terms)
    for surface, forms, numbers in restated(text, written_in):
        for place, item in enumerate(found):
            if item.kind in ("number", "quantity") and item.surface in surface:
                own = ((item.term, 1.0), *forms)
                concept = Concept(item.surface, (item.term,), "quantity")
                [made] = _translated([(concept, own)], language, statistics, policies)
                found[place] = replace(made, kind=item.kind, term=item.term)
        found += _translated([(Concept(surface, (surface,), "pair"), numbers)], language, statistics, policies)
    return found


def _words(synonyms: Sequence[Synonym], language: str) -> Expansions:
    """The words of the glossary's terms; those of one term share its probability."""
    words: dict[str, float] = {}
    for synonym in synonyms:
        own = [item for item in _analysed(synonym.text, language, "") if item.kind in ("word", "identifier")]
        for item in own:
            words[item.terms[0]] = max(words.get(item.terms[0], 0.0), synonym.probability / len(own))
    return tuple(sorted(words.items(), key=lambda pair: (-pair[1], pair[0])))


def counted(expansions: Expansions) -> Expansions:
    """What an occurrence of each translation counts: the root of its probability.

    Counted by the probability itself, a word of many translations never covers its concept, and loses to words of
    the question's own language, which count 1.
    """
    return tuple((term, chance**0.5) for term, chance in expansions)


def query_vector(weighted: Sequence[QueryTerm], unseen: bool = False) -> SparseVector:
    """The sparse query that finds candidates: a translation weighs what its word weighs, times its probability.

    ``unseen`` keeps terms that the statistics do not know (a document may just have become readable).
    """
    # Function words stand in most passages: they are looked for only where nothing else is asked.
    meant = [item for item in weighted if item.weight > 0 and (item.frequency or unseen)]
    weights: dict[int, float] = {}
    for item in meant or weighted:
        weight = counted_weight(item)
        if not (item.frequency or unseen) or weight <= 0:
            continue
        if not item.expansions:
            index = term_id(item.term)
            weights[index] = max(weights.get(index, 0.0), weight)
        for term, chance in counted(item.expansions)[:_MOST_SEARCHED]:
            index = term_id(term)
            weights[index] = weights.get(index, 0.0) + weight * chance
    ordered = sorted(weights)
    return SparseVector(tuple(ordered), tuple(weights[index] for index in ordered))
