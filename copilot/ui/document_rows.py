"""The rows of the documents page: readable documents with their latest outcome, and files that were not taken in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import unquote, urlparse

from copilot.types import Document, Outcome, OutcomeStatus, Principal
from copilot.ui.product import product

FAILED = "failed"
_NO_DOCUMENT = (OutcomeStatus.FAILED, OutcomeStatus.SKIPPED)


@dataclass(frozen=True, slots=True)
class Row:
    """A document, or a file that could not become one."""

    key: str
    title: str
    status: str
    uri: str
    document: Document | None
    outcome: Outcome | None

    @property
    def language(self) -> str:
        """The document's language, or an empty string."""
        return self.document.language if self.document else ""

    @property
    def searched(self) -> str:
        """What the filter looks at."""
        found = self.document
        parts = [self.title, file_name(self.uri), self.status]
        if found is not None:
            parts += [found.number, found.family, found.owner, *found.labels]
        return " ".join(parts).casefold()


@dataclass(frozen=True, slots=True)
class Choice:
    """What the filters ask for; empty means all."""

    text: str = ""
    statuses: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    bases: tuple[str, ...] = ()

    def takes(self, row: Row) -> bool:
        """Whether the row is shown."""
        if self.statuses and row.status not in self.statuses:
            return False
        if self.languages and row.language not in self.languages:
            return False
        if self.bases and (row.document is None or row.document.kb not in self.bases):
            return False
        return all(word in row.searched for word in self.text.casefold().split())


def rows(principal: Principal) -> list[Row]:
    """Every readable document by title, then the files that failed, as far as the principal may know of them."""
    library = product.shelf().library
    outcomes = library.outcomes(principal)
    latest = {item.document_id: item for item in outcomes if item.document_id}
    found = [
        Row(f"{item.id}:{item.sha256}", item.title, item.status, item.uri, item, latest.get(item.id))
        for item in library.documents(principal)
    ]
    known = {row.document.id for row in found if row.document is not None}
    return found + list(_failed(outcomes, known))


def file_name(uri: str) -> str:
    """The last part of an address."""
    return PurePosixPath(unquote(urlparse(uri).path) or uri).name


def statuses(found: Sequence[Row]) -> list[str]:
    """The statuses that occur, in a fixed order."""
    order = ("released", "in_review", "draft", "superseded", "withdrawn", FAILED)
    there = {row.status for row in found}
    return [name for name in order if name in there] + sorted(there - set(order))


def _failed(outcomes: Iterable[Outcome], known: set[str]) -> Iterable[Row]:
    for item in outcomes:
        if item.status in _NO_DOCUMENT and item.document_id not in known and item.reason:
            yield Row(f"outcome:{item.uri}", file_name(item.uri), FAILED, item.uri, None, item)
