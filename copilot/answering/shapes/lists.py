"""Whole procedures and lists as answers: every item in its order, each with its own citation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from copilot.answering.citations import cite_element
from copilot.answering.shapes.runs import Run, runs
from copilot.answering.text import bag, coverage
from copilot.types import Claim, Document, Element, Hit, QueryTerm, Support

_MOST_DOCUMENTS = 3
_MOST_ITEMS = 40
# How well place and lead of a list must cover the question where its items were not found themselves.
_COVERED = 0.5
_PLACED = 1.0
_PLACE_ALONE = 0.7


@dataclass(frozen=True, slots=True)
class Found:
    """A sentence or row that may answer, where it stands, and the probability that it is right."""

    hit: Hit
    text: str
    chance: float
    marker: int


@dataclass(frozen=True, slots=True)
class _Listed:
    run: Run
    found: Found
    inside: bool
    place: float
    score: float


def whole_list(
    found: Sequence[Found],
    terms: Sequence[QueryTerm],
    elements: Callable[[Document], Sequence[Element]],
    numbered: bool,
    by_place: bool = False,
) -> list[Claim]:
    """The list that the best findings stand in or that the question names; [] where they belong to none.

    ``found`` comes best first. ``numbered``: only a list whose items are counted (a procedure) will do if there
    is one; else any list that holds the best finding. ``by_place``: no finding is sure enough to be said, so only
    a counted list will do whose title, headings and lead cover the question.
    """
    candidates = [item for first in _documents(found) for item in _listed(first, found, terms, elements)]
    if numbered:
        candidates = [item for item in candidates if item.run.numbered] or candidates
    best = found[0]
    if by_place:
        candidates = [item for item in candidates if item.run.numbered and item.place >= _PLACE_ALONE]
    fitting = [item for item in candidates if item.inside or item.score >= _COVERED]
    if not numbered:  # a list answers "which ..." only where the best finding is one of its items
        fitting = [item for item in fitting if item.inside and item.run.holds(best.text)]
    if not fitting:
        return []
    chosen = max(fitting, key=lambda item: item.score)
    support = Support(round(best.chance, 4), "quoted verbatim, the whole list")
    return [
        Claim(item.text, "original", (cite_element(chosen.found.hit, item, chosen.found.marker),), support)
        for item in chosen.run.items[:_MOST_ITEMS]
    ]


def _documents(found: Sequence[Found]) -> list[Found]:
    """The first finding of each of the best documents."""
    first: dict[str, Found] = {}
    for item in found:
        first.setdefault(item.hit.document.id, item)
    return list(first.values())[:_MOST_DOCUMENTS]


def _listed(
    first: Found,
    found: Sequence[Found],
    terms: Sequence[QueryTerm],
    elements: Callable[[Document], Sequence[Element]],
) -> list[_Listed]:
    """The lists of one document: how well their place covers the question, and how likely their items answer."""
    document, language = first.hit.document, first.hit.chunk.language
    mine = [item for item in found if item.hit.document.id == document.id]
    listed = []
    for run in runs(elements(document)):
        inside = [item.chance for item in mine if run.holds(item.text)]
        place = coverage(terms, bag(f"{document.title}\n{run.subject}", language))
        score = _PLACED * place + (max(inside, default=0.0) / max(found[0].chance, 1e-6))
        listed.append(_Listed(run, first, bool(inside), place, score))
    return listed
