"""Library: documents, page images, originals, outcomes and jobs, as far as a principal may see them."""

from __future__ import annotations

import functools
import hashlib
import io
import os
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import unquote, unquote_to_bytes, urlparse

from copilot.access import readable, readable_rows
from copilot.catalog import Catalog, Conversation, Turn
from copilot.codec import parsed_file, read_elements
from copilot.errors import AccessDenied, UsageError
from copilot.settings import Settings
from copilot.types import Document, Element, Job, KnowledgeBase, Outcome, Principal

ADMIN_GROUP = "admin"
_PAGES_KEPT = 64
_PARSED_KEPT, _SMALL = 16, 100_000  # documents whose elements are kept, of at most so many bytes as stored
_MAX_SCALE = 4.0
_WEBP_QUALITY = 82


@dataclass(frozen=True, slots=True)
class PageImage:
    """A page as WebP bytes, its size in points, and how many pages its document has."""

    content: bytes
    width_pt: float
    height_pt: float
    pages: int
    media_type: str = "image/webp"


@dataclass(frozen=True, slots=True)
class Original:
    """The file of a document: where it lies now, its type, and the name it had."""

    path: Path
    media_type: str
    name: str


class Library:
    """What a reader may look at; every call asks for the rights again. Thread-safe."""

    def __init__(self, catalog: Catalog, settings: Settings) -> None:
        self._catalog = catalog
        self._settings = settings
        # Keyed by content, so that it holds nothing that rights could change; they are checked before.
        self._render = functools.lru_cache(maxsize=_PAGES_KEPT)(_render)
        self._read = functools.lru_cache(maxsize=_PARSED_KEPT)(_read)

    # documents

    def knowledge_bases(self, principal: Principal) -> list[KnowledgeBase]:
        """The knowledge bases that hold something the principal may read, with the languages found there."""
        languages: dict[str, set[str]] = {}
        for document in self._current(principal):
            languages.setdefault(document.kb, set()).add(document.language)
        known = self._catalog.knowledge_bases()
        return [replace(kb, languages=tuple(sorted(languages[kb.name]))) for kb in known if kb.name in languages]

    def documents(self, principal: Principal, kb: str = "", text: str = "", status: str = "") -> list[Document]:
        """Newest revisions by title; ``text`` is looked for in title, number, file name, owner, labels."""
        words = text.casefold().split()
        found = [
            document
            for document in self._current(principal, kb)
            if (not status or document.status == status) and _matches(document, words)
        ]
        return sorted(found, key=lambda document: (document.title.casefold(), document.uri))

    def document(self, document_id: str, principal: Principal, sha256: str = "") -> Document:
        """That revision, or the newest; raises AccessDenied if absent or forbidden."""
        return readable(self._catalog, principal, document_id, sha256)

    def revisions(self, document_id: str, principal: Principal) -> list[Document]:
        """The readable revisions of the document and the editions of its family, newest first."""
        asked = readable(self._catalog, principal, document_id)
        rows = readable_rows(self._catalog, principal, self._catalog.revisions(kb=asked.kb))
        kin = [
            row for row in rows if row.document.id == asked.id or (asked.family and row.document.family == asked.family)
        ]
        kin.sort(key=lambda row: (str(row.document.effective or ""), row.current, row.added), reverse=True)
        return [row.document for row in kin]

    def elements(self, document_id: str, principal: Principal, sha256: str = "") -> list[Element]:
        """The parsed elements in reading order; empty where the cache does not hold them."""
        document = self.document(document_id, principal, sha256)
        path = parsed_file(self._settings.parsed_path, document)
        try:
            stamp = _stamp(path)
        except OSError:
            return []
        return list(self._read(path, stamp)) if stamp[0] <= _SMALL else read_elements(path) or []

    # files

    def original(self, document_id: str, principal: Principal, sha256: str = "") -> Original:
        """The file with exactly those bytes; raises AccessDenied, or UsageError where it is gone."""
        document = self.document(document_id, principal, sha256)
        name = Path(unquote(urlparse(document.uri).path) or document.uri).name
        kept = original_file(self._settings.originals_path, document.sha256)
        if kept.is_file():
            return Original(kept, document.media_type, name)
        source = local_path(document.uri)
        if source is None or not source.is_file() or _sha256(source, _stamp(source)) != document.sha256:
            raise UsageError(
                f"The original of '{document.title}' is no longer at {document.uri}.",
                "Put the file back, or ingest with ingest.originals = 'copy'.",
            )
        return Original(source, document.media_type, name)

    def page_image(
        self, document_id: str, page: int, principal: Principal, sha256: str = "", scale: float = 1.5
    ) -> PageImage:
        """A page of a PDF or an image at ``scale`` pixels a point; raises AccessDenied or UsageError."""
        document = self.document(document_id, principal, sha256)
        if not has_pages(document.media_type):
            raise UsageError(f"'{document.title}' has no page images.", "Show its elements instead.")
        if not 0 < scale <= _MAX_SCALE:
            raise UsageError(f"A scale of {scale} cannot be drawn.", f"Give one above 0 and up to {_MAX_SCALE}.")
        path = self.original(document_id, principal, document.sha256).path
        return self._render(document.sha256, str(path), page, round(scale, 2))

    # what was done, and by whom

    def outcomes(self, principal: Principal) -> list[Outcome]:
        """The latest outcome of each readable document.

        The administrator also sees those of files that never became a document, and of removed documents
        that they could read.
        """
        outcomes = self._catalog.outcomes()
        rows = self._catalog.revisions_of({item.document_id for item in outcomes if item.document_id})
        admin = self.is_admin(principal)
        seen = [replace(row, removed=False) for row in rows] if admin else rows
        mine = {row.document.id for row in readable_rows(self._catalog, principal, seen)}
        known = {row.document.id for row in rows}
        return [item for item in outcomes if item.document_id in mine or (admin and item.document_id not in known)]

    def is_admin(self, principal: Principal) -> bool:
        """Whether the principal is of the group 'admin', or the local user of this installation."""
        return ADMIN_GROUP in principal.groups or principal.id == self._settings.user

    def request_ingest(self, paths: Sequence[str | Path], kb: str, principal: Principal) -> Job:
        """Queue an ingest for the worker, for the administrator; raises AccessDenied or UsageError."""
        if not self.is_admin(principal):
            raise AccessDenied("Ingesting is not for you.", f"Ask for the group '{ADMIN_GROUP}'.")
        if not paths:
            raise UsageError("No path was given.", "Name a file or a folder.")
        for path in paths:
            if not Path(path).exists():
                raise UsageError(f"There is no file or folder '{path}'.", "Check the path.")
        return self._catalog.enqueue_job([str(Path(path).resolve()) for path in paths], kb, principal.id)

    def jobs(self, principal: Principal) -> list[Job]:
        """The newest jobs first: the principal's own, all of them for the administrator."""
        admin = self.is_admin(principal)
        return [job for job in self._catalog.jobs() if admin or job.requested_by == principal.id]

    def counts(self, principal: Principal) -> Mapping[str, Mapping[str, int]]:
        """For the status: readable documents by knowledge base, language and status, and outcomes by status."""
        documents = self._current(principal)
        return {
            "knowledge_bases": Counter(document.kb for document in documents),
            "languages": Counter(document.language for document in documents),
            "statuses": Counter(document.status for document in documents),
            "outcomes": Counter(outcome.status.value for outcome in self.outcomes(principal)),
        }

    # conversations

    def conversations(self, principal: Principal) -> list[Conversation]:
        """The principal's own conversations, the last used first."""
        return self._catalog.conversations(principal)

    def turns(self, conversation: str, principal: Principal) -> list[Turn]:
        """The turns in order; an answer that cites what may no longer be shown comes back empty."""
        turns = self._catalog.turns(principal, conversation)
        keys = {key for turn in turns for key in _cited(turn)}
        rows = readable_rows(self._catalog, principal, self._catalog.rows(keys).values())
        open_to = {row.key for row in rows}
        return [turn if _cited(turn) <= open_to else replace(turn, answer={}) for turn in turns]

    def _current(self, principal: Principal, kb: str = "") -> list[Document]:
        rows = readable_rows(self._catalog, principal, self._catalog.revisions(kb=kb, current=True))
        return [row.document for row in rows]


def original_file(folder: Path, sha256: str) -> Path:
    """Where the copy of an original lies."""
    return folder / sha256[:2] / sha256


def local_path(uri: str) -> Path | None:
    """The file that a document's address names on this machine; None for another kind of address."""
    parsed = urlparse(uri)
    if parsed.scheme == "file":
        return Path(os.fsdecode(unquote_to_bytes(parsed.path)))
    return Path(uri) if not parsed.scheme else None


def has_pages(media_type: str) -> bool:
    """Whether page images can be drawn of that type."""
    return media_type == "application/pdf" or media_type.startswith("image/")


def _matches(document: Document, words: Sequence[str]) -> bool:
    if not words:
        return True
    name = Path(unquote(urlparse(document.uri).path)).name
    fields = (document.title, document.number, document.family, name, document.owner, *document.labels)
    searched = " ".join(fields).casefold()
    return all(word in searched for word in words)


def _cited(turn: Turn) -> set[tuple[str, str]]:
    """Every document revision that an answer's JSON holds text of: its citations and its passages."""
    keys: set[tuple[str, str]] = set()
    waiting: list[object] = [turn.answer]
    while waiting:
        value = waiting.pop()
        if isinstance(value, Mapping):
            document = value.get("document")
            if isinstance(document, Mapping):
                keys.add((str(document.get("id")), str(document.get("sha256"))))
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)
    return keys


def _stamp(path: Path) -> tuple[int, int]:
    found = path.stat()
    return (found.st_size, found.st_mtime_ns)


@functools.lru_cache(maxsize=256)
def _sha256(path: Path, _stamp: tuple[int, int]) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _read(path: Path, _stamp: tuple[int, int]) -> tuple[Element, ...]:
    return tuple(read_elements(path) or ())


def _render(_sha256: str, path: str, page: int, scale: float) -> PageImage:
    from copilot.pages import page_count, render_page  # pdfium is loaded with the first page only

    pages = page_count(Path(path))
    if not 1 <= page <= pages:
        raise UsageError(f"There is no page {page}.", f"The document has pages 1 to {pages}.")
    image, width, height = render_page(Path(path), page, scale)
    content = io.BytesIO()
    image.save(content, "WEBP", quality=_WEBP_QUALITY)
    return PageImage(content.getvalue(), width, height, pages)
