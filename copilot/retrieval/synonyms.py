"""A question's terms as an answerer weighs them: words that the glossary knows stand for any of their synonyms."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from copilot.language import concepts
from copilot.retrieval.query import Synonym
from copilot.types import QueryTerm

_WORDS = ("word", "pair", "part", "compound")
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]+")
_TOKEN = re.compile(r"\w+")


def merged(
    weighted: Mapping[str, Sequence[QueryTerm]], synonyms: Mapping[str, Sequence[Synonym]], language: str
) -> dict[str, tuple[QueryTerm, ...]]:
    """The terms per language; of each glossary term in the question one that any of its synonyms satisfies.

    A search counts the synonyms apart; a passage that says one of them lacks none of the others.
    """
    return {
        spoken: _merged(terms, synonyms.get(spoken, ()), spoken, spoken == language)
        for spoken, terms in weighted.items()
    }


def _merged(terms: Sequence[QueryTerm], synonyms: Sequence[Synonym], language: str, own: bool) -> tuple[QueryTerm, ...]:
    found = list(terms)
    for surface in dict.fromkeys(item.surface for item in synonyms):
        covered = [term for term in found if _covers(surface, term)]
        meant = [item for item in synonyms if item.surface == surface]
        phrases = [(phrase, item.probability) for item in meant for phrase in _phrases(item.text, language)]
        phrases = [(phrase, 1.0) for phrase in _phrases(surface, language)] * own + phrases
        if covered and phrases:
            lead = max(covered, key=lambda term: term.weight)
            whole = replace(
                lead, surface=surface, term=phrases[0][0], kind="word",
                frequency=max(term.frequency for term in covered),
                expansions=tuple(sorted(phrases, key=lambda phrase: -phrase[1])),
            )  # fmt: skip
            found = [*(term for term in found if term not in covered), whole]
    return tuple(found)


def _covers(surface: str, term: QueryTerm) -> bool:
    """Whether a term of the question is one of these words, or was added for them."""
    if term.kind not in _WORDS:
        return False
    if _HAN.search(term.surface):
        return term.surface in surface
    if term.kind == "part":  # of a compound: Stromschiene is no less said for lack of Strom
        return term.surface.casefold() in surface.casefold()
    words = {word.casefold() for word in _TOKEN.findall(surface)}
    return term.surface.casefold() in {*words, surface.casefold()}


def _phrases(text: str, language: str) -> list[str]:
    """The analysed terms of some words, joined by blanks, as a passage must hold them; spellings apart.

    Of Chinese all pairs of characters: how a passage is cut into words depends on what stands around them.
    """
    if _HAN.search(text):
        pairs = [run[start : start + 2] for run in _HAN.findall(text) for start in range(max(1, len(run) - 1))]
        latin = [found.terms[0] for found in concepts(_HAN.sub(" ", text), language) if found.kind == "word"]
        return [" ".join([*pairs, *latin])]
    kept = [found for found in concepts(text, language) if found.kind in ("word", "number")]
    spellings = (" ".join(found.terms[at] for found in kept) for at in (0, -1))
    return [phrase for phrase in dict.fromkeys(spellings) if phrase]
