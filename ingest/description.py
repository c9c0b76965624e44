"""From a file that was found to a Document: what the manifest says, completed by what the text says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from copilot.catalog import Policy, policy_state
from copilot.ids import document_id
from copilot.types import UNKNOWN_LANGUAGE, Chunk, Document, Element, ElementKind, KnowledgeBase
from ingest.discover import FoundFile
from ingest.outcomes import legible

DEFAULT_KB = "default"
_TITLE_CHARS = 200


def id_of(found: FoundFile) -> str:
    """The id of the document that a file is."""
    return document_id(legible(found.source_name), legible(found.relative))


def kb_of(found: FoundFile, default: str) -> str:
    """The knowledge base: the manifest's, else the one given, else ``default``."""
    return found.entry.kb or default or DEFAULT_KB


def describe(found: FoundFile, kb: KnowledgeBase, sha256: str, media_type: str, pipeline: str) -> Document:
    """The document as far as the manifest and the file system know it; title and language may be empty."""
    entry = found.entry
    return Document(
        id=id_of(found),
        kb=kb.name,
        uri=found.path.absolute().as_uri(),
        title=entry.title,
        sha256=sha256,
        media_type=media_type,
        language=entry.language or UNKNOWN_LANGUAGE,
        number=entry.number,
        family=entry.family,
        revision=entry.revision,
        status=entry.status,
        effective=entry.effective,
        supersedes=entry.supersedes,
        owner=entry.owner,
        applicability=entry.applicability,
        labels=entry.labels,
        acl=kb.default_acl if entry.groups is None else entry.groups,
        pipeline=pipeline,
        source=legible(found.source_name),
    )


def with_title(document: Document, elements: Iterable[Element], path: Path) -> Document:
    """The document with a title: its own, else its first heading, else the file's name."""
    if document.title:
        return document
    first = next((e.text for e in elements if e.kind is ElementKind.TITLE and e.text.strip()), "")
    return replace(document, title=legible(" ".join(first.split())[:_TITLE_CHARS] or path.stem))


def with_language(document: Document, chunks: Sequence[Chunk]) -> Document:
    """The document with a language: its own, else that of most of its text, by characters."""
    if document.language not in ("", UNKNOWN_LANGUAGE):
        return document
    votes: Counter[str] = Counter()
    for chunk in chunks:
        if chunk.language != UNKNOWN_LANGUAGE:
            votes[chunk.language] += len(chunk.text)
    language = min(votes, key=lambda name: (-votes[name], name), default=UNKNOWN_LANGUAGE)
    return replace(document, language=language)


def policy_of(document: Document) -> Policy:
    """What a document of the newest bytes demands of its reader."""
    return Policy.of(document.kb, document.acl, policy_state(document))


def page_count(elements: Iterable[Element]) -> int:
    """The last page, slide or sheet that holds something."""
    return max((element.span.page for element in elements), default=0)
