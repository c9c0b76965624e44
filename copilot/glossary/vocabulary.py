"""The base vocabulary: engineering terms in eight languages that ship with the product and widen every query.

A company's own glossary goes first. Nothing of the vocabulary is forced on a translation.
"""

from __future__ import annotations

import csv
import functools
import re
from collections.abc import Collection, Sequence
from pathlib import Path

from copilot.catalog.nouns import ADMITTED, PREFERRED, Term, TermConcept
from copilot.glossary.glossary import Glossary
from copilot.language.vocabularies import strangers
from copilot.types import LANGUAGES

FOLDER = Path(__file__).resolve().parent / "base"
BASE = "base"
_WORD = re.compile(r"[^\W_]+")
Widened = dict[str, list[tuple[str, str, float]]]


class BaseTerms:
    """The shipped files as a store of concepts: one row a concept, a column a language, terms parted by ";"."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._folder = folder

    def glossary_version(self) -> str:
        """Always the same: it changes with the product only."""
        return BASE

    def concepts(self, kbs: Collection[str] | None = None) -> list[TermConcept]:
        """All concepts."""
        made = []
        for path in sorted(self._folder.glob("*.csv")):
            with path.open(encoding="utf-8", newline="") as file:
                made += [_concept(row, path.name) for row in csv.DictReader(file)]
        return made


def _concept(row: dict[str, str], source: str) -> TermConcept:
    terms = tuple(
        Term(text.strip(), language, ADMITTED if place else PREFERRED)
        for language in LANGUAGES
        for place, text in enumerate((row.get(language) or "").split(";"))
        if text.strip()
    )
    return TermConcept(row["concept"], BASE, terms, {}, row.get("domain", ""), source)


@functools.cache
def open_vocabulary() -> Glossary:
    """The base vocabulary; read at the first question."""
    return Glossary(BaseTerms(), strict=True)


class Widening:
    """What words of a question are also called: by the company's glossaries, and else by the base vocabulary."""

    def __init__(self, glossary: Glossary, vocabulary: Glossary | None) -> None:
        self._glossary = glossary
        self._vocabulary = vocabulary

    def widened(self, text: str, language: str, targets: Collection[str], kbs: Collection[str]) -> Widened:
        """{target language: [(words of the text, term that stands for them, probability)]}.

        Words that are plainly of another language ("the Anzugsmoment of M8") are widened as words of that one.
        """
        found = self._of(text, language, targets, kbs)
        for other, strange in strangers(text, language).items():
            for target, more in self._of(text, other, targets, kbs).items():
                meant = [item for item in more if not strange.isdisjoint(_WORD.findall(item[0].lower()))]
                # Texts in the words' own language say them as they are typed.
                own = [(surface, surface, 1.0) for surface in dict.fromkeys(item[0] for item in meant)]
                _add(found[target], meant + own if target == other else meant)
        return found

    def _of(self, text: str, language: str, targets: Collection[str], kbs: Collection[str]) -> Widened:
        found: Widened = {target: [] for target in targets}
        if kbs and self._glossary.version():
            found.update(self._glossary.widened(text, language, targets, kbs))
        if self._vocabulary is not None:
            for target, more in self._vocabulary.widened(text, language, targets, BASE).items():
                _add(found[target], more)
        return found


def _add(found: list[tuple[str, str, float]], more: Sequence[tuple[str, str, float]]) -> None:
    """Add what stands for words that nothing stands for yet."""
    known = [surface.casefold() for surface, _, _ in found]
    found += [item for item in more if not any(_overlap(item[0].casefold(), one) for one in known)]


def _overlap(one: str, other: str) -> bool:
    return one in other or other in one
