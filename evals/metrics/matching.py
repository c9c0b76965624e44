"""When a hit or a citation is of a case's source: the document, its released editions, the page, the quote."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import unquote, urlparse

from copilot.types import Answer, Citation, Document, Hit
from evals.metrics.figures import figures, lacking
from evals.types import CaseSource, Observation

# What such a case asks for stands in one edition and not in the others.
EDITIONS_DIFFER = frozenset(("revision", "as_of"))
# Such a case needs each of its sources, not one of them.
CONFLICT = "conflict"
NEEDS_EACH = frozenset((CONFLICT, "comparison", "listing", "rows"))
_BETWEEN_WORDS = re.compile(r"[\s|\u00ad\u200b]+")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a found text stands: its document, the pages, and the text."""

    document_id: str
    uri: str
    pages: tuple[int, ...]
    text: str
    language: str


@functools.lru_cache(maxsize=32768)
def squeezed(text: str) -> str:
    """The text after NFKC, in lower case, without white space and cell separators: how quotes are compared."""
    return _BETWEEN_WORDS.sub("", unicodedata.normalize("NFKC", text)).casefold()


def holds(text: str, quote: str) -> bool:
    """Whether the quote stands in the text."""
    return bool(quote.strip()) and squeezed(quote) in squeezed(text)


@functools.lru_cache(maxsize=4096)
def names(uri: str, document: str) -> bool:
    """Whether the address is that of the document, a path below the corpus folder."""
    path = unicodedata.normalize("NFC", unquote(urlparse(uri).path or uri))
    wanted = unicodedata.normalize("NFC", document).lstrip("/")
    return path == wanted or path.endswith("/" + wanted)


def place_of_hit(hit: Hit) -> Place:
    """Where a hit's chunk stands."""
    pages = tuple(sorted({span.page for span in hit.chunk.spans}))
    return Place(hit.document.id, hit.document.uri, pages, hit.chunk.text, hit.document.language)


def place_of_citation(citation: Citation) -> Place:
    """Where a citation's quote stands."""
    document = citation.document
    return Place(document.id, document.uri, citation.pages, citation.quote, document.language)


def cited(answer: Answer) -> list[Citation]:
    """The citations of the claims and of what is told as contradictory; never the passages that are only near."""
    found = [citation for claim in answer.claims for citation in claim.citations]
    return found + [reading.citation for conflict in answer.conflicts for reading in conflict.readings]


def same_document(observation: Observation, place: Place, source: CaseSource) -> bool:
    """Whether the place is in the source's document or, where that answers as well, in another released edition."""
    return names(place.uri, source.document) or _edition(observation, place, source)


def serves(observation: Observation, place: Place, source: CaseSource) -> bool:
    """Whether the place is of the source: its document and page, or its document and quote.

    Another released edition of its family answers as well, unless the case is about editions that differ: with the
    numbers and codes of the quote, or on the same page (from 2 on: formats without pages have page 1; and not where
    editions contradict each other).
    """
    if names(place.uri, source.document):
        return source.page in place.pages or holds(place.text, source.quote)
    if not _edition(observation, place, source):
        return False
    if source.page > 1 and source.page in place.pages and CONFLICT not in observation.case.tags:
        return True
    wanted = figures(source.quote)
    return bool(wanted) and not lacking(wanted, place.text)


def groups(observation: Observation) -> tuple[tuple[CaseSource, ...], ...]:
    """The sources by what is wanted of them: any of a group will do, each group is wanted.

    Each source answers alone, unless a tag says that the answer needs all of them.
    """
    case = observation.case
    if not NEEDS_EACH.isdisjoint(case.tags):
        return tuple((source,) for source in case.sources)
    return (case.sources,) if case.sources else ()


def first_ranks(observation: Observation, places: Sequence[Place]) -> Iterator[int | None]:
    """For each group of sources the rank from 1 of the first place that serves it; None where none does."""
    for sources in groups(observation):
        yield next(
            (rank for rank, place in enumerate(places, 1)
             if any(serves(observation, place, source) for source in sources)),
            None,
        )


def _edition(observation: Observation, place: Place, source: CaseSource) -> bool:
    if not EDITIONS_DIFFER.isdisjoint(observation.case.tags):
        return False
    document = observation.documents.get(place.document_id)
    if document is None or not document.family or document.status != "released":
        return False
    return document.family == _family(observation, source)


def _family(observation: Observation, source: CaseSource) -> str:
    known = known_as(observation.documents, source.document)
    return known[0].family or known[0].id if known else ""


def known_as(documents: Mapping[str, Document], path: str) -> list[Document]:
    """The documents whose address ends in this path below the corpus folder."""
    return [document for document in _by_file_name(documents).get(_file_name(path), []) if names(document.uri, path)]


# A run asks for the same corpus's documents again and again: the index of the last one is kept.
_LAST: list[tuple[Mapping[str, Document], dict[str, list[Document]]]] = []


def _by_file_name(documents: Mapping[str, Document]) -> dict[str, list[Document]]:
    if not _LAST or _LAST[-1][0] is not documents:
        index: dict[str, list[Document]] = {}
        for document in documents.values():
            index.setdefault(_file_name(unquote(urlparse(document.uri).path or document.uri)), []).append(document)
        _LAST[:] = [(documents, index)]
    return _LAST[-1][1]


def _file_name(path: str) -> str:
    return unicodedata.normalize("NFC", path).rpartition("/")[2]
