"""What a question names must stand in the one passage that answers it: identifiers, numbers and rare names."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Mapping, Sequence

from copilot.answering.text import Bag, match
from copilot.language import fold
from copilot.language.compounds import parts
from copilot.types import QueryTerm

_SHORTEST_STEM, _STEM = 4, 0.5  # letters, and share of the longer form, that two forms of a name begin with
_WORD = re.compile(r"^[^\W\d_][\w'’-]{2,}$")
# German writes all nouns with a capital: there a name is a noun that no other language's words stand for, either.
_NOUNS_BY_CAPITAL = frozenset({"de"})


def required(terms: Sequence[QueryTerm]) -> list[QueryTerm]:
    """The identifiers and numbers of a question; a number that is part of an identifier is left out."""
    named = [term for term in terms if term.kind == "identifier"]
    joined = " ".join(term.term for term in named)
    return named + [term for term in terms if term.kind == "number" and term.term not in joined]


def unknown_names(
    question: str, language: str, terms: Sequence[QueryTerm], known: Collection[str] = ()
) -> list[QueryTerm]:
    """Capitalised words inside a question in ``language`` that the permitted text which ``terms`` are of lacks.

    A word that has translations there is no name; nor is, in German, one of the ``known`` words or a compound.
    """
    nouns = language in _NOUNS_BY_CAPITAL
    # The first word has its capital from the sentence; Chinese has no capitals, what has one there is a name.
    first = question.strip().split(" ")[0] if question.strip() and language != "zh" else ""
    return [
        term
        for term in terms
        if term.kind == "word"
        and not term.frequency
        and not term.expansions
        and term.surface != first.strip("¿¡\"'«„“(")
        and term.surface[:1].isupper()
        and _WORD.match(term.surface)
        and not (nouns and (term.surface in known or parts(term.surface)))
    ]


def known_words(terms: Mapping[str, Sequence[QueryTerm]]) -> frozenset[str]:
    """The words of a question that some language has, or has translations for: no names that nobody knows."""
    return frozenset(
        term.surface
        for items in terms.values()
        for term in items
        if term.frequency or len(term.expansions) > 1 or any(chance < 1.0 for _, chance in term.expansions)
    )


def missing(needed: Sequence[QueryTerm], text: Bag, terms: Sequence[QueryTerm] = ()) -> list[str]:
    """The needed things that a text does not hold, as the asker typed them.

    What is part of a longer spelling that the text does hold ("P0C 78" for "P0C78") is not missing.
    """
    whole = [term.term for term in terms if term.kind in ("pair", "identifier") and match(term, text) == 1.0]
    return [
        term.surface
        for term in needed
        if match(term, text) < 0.5
        and not any(term.term in longer and term.term != longer for longer in whole)
        and not _inflected(term, text)
    ]


def _inflected(term: QueryTerm, text: Bag) -> bool:
    """Whether a text holds a name in another form: "w Madrycie" is Madrid; codes and numbers have one form only."""
    if term.kind != "word" or any(char.isdigit() for char in term.surface):
        return False
    name = fold(term.surface)
    return any(
        len(os.path.commonprefix((name, word))) >= max(_SHORTEST_STEM, _STEM * max(len(name), len(word)))
        for word in text.words
    )
