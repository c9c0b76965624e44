"""Decides what to do with each file that was found: nothing, a new description, or reading it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from pathlib import Path

from copilot.catalog import Catalog, Key, Revision
from copilot.errors import ParseError
from copilot.library import local_path
from copilot.settings import IngestSettings
from copilot.types import UNKNOWN_LANGUAGE, Document, KnowledgeBase, Outcome, OutcomeStatus
from ingest.description import describe, id_of, kb_of, policy_of
from ingest.discover import FoundFile
from ingest.manifest import Manifest
from ingest.originals import take_snapshot
from ingest.outcomes import failure, unreadable
from ingest.rights import apply_rights
from ingest.work import Step, Work

MANIFEST_CHANGED = "The manifest's entry or the file's place changed; the text is the same."


class Examiner:
    """Compares files with the catalog; ``stored`` holds the revisions whose points the writer has."""

    def __init__(
        self,
        catalog: Catalog,
        settings: IngestSettings,
        pipeline: str,
        stored: Collection[Key],
        media_type: Callable[[Path], str],
    ) -> None:
        self._catalog = catalog
        self._settings = settings
        self._pipeline = pipeline
        self._stored = stored
        self._media_type = media_type
        self._bases = {kb.name: kb for kb in catalog.knowledge_bases()}
        self._manifests: set[Path] = set()
        self._demanded: set[str] = set()

    def demand(self, files: Sequence[FoundFile]) -> None:
        """Let the manifests' rights act on the documents known already, before any file is read."""
        for found in files:
            if found.manifest is not None:
                self._take_bases(found.manifest)
        self._demanded = apply_rights(self._catalog, files, self._bases)

    def examine(self, found: FoundFile, default_kb: str) -> Step:
        """What is to be done with a file; problems become outcomes."""
        uri = found.path.absolute().as_uri()
        if found.problem is not None:
            return failure(uri, found.problem, id_of(found))
        kb = self._knowledge_base(found.manifest, kb_of(found, default_kb))
        try:
            return self._compare(found, kb)
        except ParseError as error:
            return failure(uri, error, id_of(found))

    def _knowledge_base(self, manifest: Manifest | None, name: str) -> KnowledgeBase:
        if manifest is not None:
            self._take_bases(manifest)
        if name not in self._bases:
            self._bases[name] = KnowledgeBase(name, name)
            self._catalog.put_knowledge_base(self._bases[name])
        # Two manifests may differ on a knowledge base: each decides for its own files.
        return (manifest.base(name) if manifest is not None else None) or self._bases[name]

    def _take_bases(self, manifest: Manifest) -> None:
        if manifest.path not in self._manifests:
            if manifest.outer is not None:
                self._take_bases(manifest.outer)
            self._manifests.add(manifest.path)
            for kb in manifest.knowledge_bases:
                self._catalog.put_knowledge_base(kb)
                self._bases[kb.name] = kb

    def _compare(self, found: FoundFile, kb: KnowledgeBase) -> Step:
        snapshot = take_snapshot(found.path, self._settings.max_file_mb)
        rows = [row for row in self._catalog.revisions_of([id_of(found)]) if not row.removed]
        same = next((row for row in rows if row.document.sha256 == snapshot.sha256), None)
        _refuse_clash(found, rows, same)
        if same is not None and self._is_stored(same):
            new = describe(found, kb, snapshot.sha256, same.document.media_type, self._pipeline)
            return self._redescribed(completed(new, same.document), same)
        media_type = self._type_of(found.path)
        document = describe(found, kb, snapshot.sha256, media_type, self._pipeline)
        return Work(found.path, document, snapshot, known=bool(rows), reason=_reason(rows, same))

    def _type_of(self, path: Path) -> str:
        try:
            return self._media_type(path)
        except OSError as error:
            raise unreadable(path.name, error) from error

    def _is_stored(self, row: Revision) -> bool:
        kept = row.current and row.stored_policy is not None and row.key in self._stored
        return kept and row.document.pipeline == self._pipeline

    def _redescribed(self, document: Document, row: Revision) -> Outcome:
        """Same bytes: at most the row changes, and with it at once what is demanded of readers."""
        changed = document != row.document
        policy = policy_of(document)
        if changed or policy.id != row.policy:
            self._catalog.put_document(document, policy, stored=False)
        told = replace(document, uri=row.document.uri) != row.document or document.id in self._demanded
        return Outcome(
            uri=document.uri,
            status=OutcomeStatus.REPLACED if told else OutcomeStatus.UNCHANGED,
            pages=document.pages,
            reason=MANIFEST_CHANGED if told else "",
            document_id=document.id,
        )


def completed(document: Document, known: Document) -> Document:
    """The description completed by what reading the same bytes told before."""
    unknown = document.language in ("", UNKNOWN_LANGUAGE)
    return replace(
        document,
        title=document.title or known.title,
        language=known.language if unknown else document.language,
        pages=known.pages,
    )


def _refuse_clash(found: FoundFile, rows: list[Revision], same: Revision | None) -> None:
    """Two folders of one name must not overwrite each other; a folder that moved, or whose manifest names it, may."""
    if same is not None or (found.manifest is not None and found.manifest.name):
        return
    for row in rows:
        other = local_path(row.document.uri)
        if row.current and other is not None and other.exists() and not other.samefile(found.path):
            raise ParseError(
                "name_clash",
                f"{found.path.name} has the place of {other}: both lie in a folder named '{found.source_name}'.",
            )


def _reason(rows: list[Revision], same: Revision | None) -> str:
    if same is not None and same.current:
        return "It was read again by another parser, chunker or embedder, or its points were missing."
    return "Its bytes changed; the old revision is kept as superseded." if rows else ""
