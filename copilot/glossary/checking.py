"""Checking a glossary, and texts against it: forbidden terms in use, contradictions, languages without a term."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from copilot.catalog.nouns import FORBIDDEN, TermConcept
from copilot.glossary.contradictions import contradictions
from copilot.glossary.entries import Problem
from copilot.glossary.glossary import Glossary, match_of
from copilot.glossary.matching import Lexicon
from copilot.library import Library
from copilot.types import LANGUAGES, Principal

_AROUND = 60


@dataclass(frozen=True, slots=True)
class Passage:
    """A text to check and where it stands: a document's title and id or a file's name, page, locator."""

    title: str
    text: str
    language: str
    document: str = ""
    page: int = 1
    locator: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """A forbidden term in use: where, what stands there, and what to use instead (empty: the glossary names none)."""

    title: str
    document: str
    page: int
    locator: str
    language: str
    found: str
    use: str
    concept: str
    kb: str
    context: str


@dataclass(frozen=True, slots=True)
class Gap:
    """A concept without a term in languages in which the knowledge base has documents or other terms."""

    concept: str
    kb: str
    term: str
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Checked:
    """All findings; ``passages`` says how much was read."""

    concepts: int
    passages: int
    forbidden: tuple[Finding, ...]
    problems: tuple[Problem, ...]
    missing: tuple[Gap, ...]

    @property
    def sound(self) -> bool:
        """Whether no forbidden term is in use and nothing contradicts itself; missing languages are only told."""
        return not self.forbidden and not any(item.kind in ("cycle", "contradiction") for item in self.problems)


def check(glossary: Glossary, kbs: Collection[str], passages: Iterable[Passage], spoken: Collection[str]) -> Checked:
    """Check the glossaries of these knowledge bases and the passages; ``spoken`` are the documents' languages."""
    concepts = glossary.concepts(kbs)
    lexicons = {language: glossary.lexicon(kbs, language) for language in LANGUAGES}
    findings: list[Finding] = []
    count = 0
    for passage in passages:
        count += 1
        findings.extend(_forbidden(passage, lexicons[passage.language]))
    problems: list[Problem] = []
    for kb in sorted(set(kbs)):
        problems += contradictions([concept for concept in concepts if concept.kb == kb])
    return Checked(len(concepts), count, tuple(findings), tuple(problems), tuple(_gaps(concepts, spoken)))


def document_passages(library: Library, principal: Principal, kbs: Collection[str]) -> Iterator[Passage]:
    """The elements of every document of these knowledge bases that the principal may read."""
    for document in library.documents(principal):
        if document.kb not in kbs or document.language not in LANGUAGES:
            continue
        for item in library.elements(document.id, principal, document.sha256):
            if item.text.strip():
                yield Passage(
                    document.title, item.text, document.language, document.id, item.span.page, item.span.locator
                )  # fmt: skip


def _forbidden(passage: Passage, lexicon: Lexicon) -> Iterator[Finding]:
    """A word that is forbidden in one sense and to be used in another is no finding."""
    places = lexicon.places(passage.text)
    allowed = {place.start for place in places if place.term.status != FORBIDDEN}
    for place in places:
        if place.start not in allowed:
            match = match_of(place, passage.text, passage.language)
            start, end = max(0, match.start - _AROUND), match.end + _AROUND
            yield Finding(
                passage.title, passage.document, passage.page, passage.locator, passage.language, match.surface,
                match.target_term, match.concept, match.kb, " ".join(passage.text[start:end].split()),
            )  # fmt: skip


def _gaps(concepts: Sequence[TermConcept], spoken: Collection[str]) -> Iterator[Gap]:
    wanted = {language for concept in concepts for language in concept.languages} | set(spoken)
    for concept in concepts:
        missing = sorted(wanted.intersection(LANGUAGES).difference(concept.languages))
        if missing:
            yield Gap(concept.id, concept.kb, concept.terms[0].text if concept.terms else "", tuple(missing))
