"""Glossary: the terms of the knowledge bases, for translations, queries and glosses; loaded again when they change."""

from __future__ import annotations

import threading
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from copilot.catalog.nouns import ADMITTED, FORBIDDEN, PREFERRED, TermConcept
from copilot.glossary.matching import Lexicon, Place

# What a term of the other language counts in a query: documents do use forbidden ones, if they are older.
_COUNTS = {PREFERRED: 1.0, ADMITTED: 0.9, FORBIDDEN: 0.8}


class Concepts(Protocol):
    """Where concepts come from: the catalog."""

    def glossary_version(self) -> str:
        """Changes with every change of any glossary."""
        ...

    def concepts(self, kbs: Collection[str] | None = None) -> list[TermConcept]:
        """The concepts of these knowledge bases."""
        ...


@dataclass(frozen=True, slots=True)
class TermMatch:
    """A glossary term at text[start:end] and what stands for it in the target language.

    ``source_term`` is its written form in the glossary, ``forbidden`` says that it is not to be used; ``target_term``
    is the term to use in the target language (empty: none is known), ``admitted`` are others that may be used,
    ``avoided`` those that may not; ``definition`` is in the target language.
    """

    start: int
    end: int
    surface: str
    source_term: str
    forbidden: bool
    concept: str
    kb: str
    target_term: str = ""
    admitted: tuple[str, ...] = ()
    avoided: tuple[str, ...] = ()
    definition: str = ""


class Glossary:
    """Looks terms up in the glossaries of the knowledge bases named with each call. Thread-safe."""

    def __init__(self, store: Concepts, *, strict: bool = False) -> None:
        self._store = store
        self._strict = strict
        self._lock = threading.Lock()
        self._version: str | None = None
        self._concepts: list[TermConcept] = []
        self._lexicons: dict[tuple[frozenset[str], str], Lexicon] = {}

    def version(self) -> str:
        """Changes with every import, so that what was made with a glossary can be told from what was made before."""
        return self._store.glossary_version()

    def matches(self, text: str, source: str, target: str = "", kbs: Collection[str] | str = ()) -> list[TermMatch]:
        """The terms in a text in order, one a place, longest first where they overlap.

        ``kbs`` names the knowledge bases whose glossaries may be used; none named: no match. Of several terms at
        one place that of the first concept with a term in the target language is taken.
        """
        best: dict[int, TermMatch] = {}
        for place in self.lexicon(kbs, source).places(text):
            match = match_of(place, text, target)
            known = best.get(place.start)
            if known is None or _rank(match) < _rank(known):
                best[place.start] = match
        return list(best.values())

    def expansions(
        self, text: str, language: str, target_language: str, kbs: Collection[str] | str = ()
    ) -> list[tuple[str, str, float]]:
        """(words of the text, term of the target language that stands for them, probability) for a query.

        In the text's own language these are synonyms, forbidden ones too. Terms of one meaning all hold with their
        full weight; where words have several meanings in the glossary, these share it.
        """
        return self.widened(text, language, (target_language,), kbs)[target_language]

    def widened(
        self, text: str, language: str, targets: Collection[str], kbs: Collection[str] | str = ()
    ) -> dict[str, list[tuple[str, str, float]]]:
        """{target language: its ``expansions``}, with the text read once."""
        places = self.lexicon(kbs, language).places(text, typed=True)
        return {target: _expansions(places, text, language, target) for target in targets}

    def concepts(self, kbs: Collection[str] | str) -> list[TermConcept]:
        """The concepts of those knowledge bases."""
        with self._lock:
            self._refresh()
            return [concept for concept in self._concepts if concept.kb in _names(kbs)]

    def lexicon(self, kbs: Collection[str] | str, language: str) -> Lexicon:
        """The terms of a language as they are now: for many texts at once."""
        names = _names(kbs)
        with self._lock:
            self._refresh()
            key = (names, language)
            if key not in self._lexicons:
                chosen = [concept for concept in self._concepts if concept.kb in names]
                self._lexicons[key] = Lexicon(chosen, language, strict=self._strict)
            return self._lexicons[key]

    def _refresh(self) -> None:
        version = self._store.glossary_version()
        if version != self._version:
            self._concepts = self._store.concepts() if version else []
            self._lexicons, self._version = {}, version


def _expansions(places: Sequence[Place], text: str, language: str, target: str) -> list[tuple[str, str, float]]:
    senses: dict[int, set[tuple[str, str]]] = {}
    for place in places:
        senses.setdefault(place.start, set()).add((place.concept.kb, place.concept.id))
    best: dict[tuple[str, str], float] = {}
    for place in places:
        surface = text[place.start : place.end]
        for term in place.concept.of(target):
            if language != target or term.text.casefold() != place.term.text.casefold():
                key = (surface, term.text)
                best[key] = max(best.get(key, 0.0), _COUNTS[term.status] / len(senses[place.start]))
    return [(surface, term, weight) for (surface, term), weight in best.items()]


def _names(kbs: Collection[str] | str) -> frozenset[str]:
    return frozenset({kbs} if isinstance(kbs, str) else kbs)


def match_of(place: Place, text: str, target: str) -> TermMatch:
    """What a term found in a text is called in the target language."""
    concept = place.concept
    lead = concept.preferred(target)
    others = tuple(term.text for term in concept.of(target, PREFERRED, ADMITTED) if term.text != lead)
    avoided = tuple(term.text for term in concept.of(target, FORBIDDEN))
    return TermMatch(
        place.start, place.end, text[place.start : place.end], place.term.text, place.term.status == FORBIDDEN,
        concept.id, concept.kb, lead, others, avoided, concept.definitions.get(target, ""),
    )  # fmt: skip


def _rank(match: TermMatch) -> tuple[bool, bool]:
    return (not match.target_term, match.forbidden)
