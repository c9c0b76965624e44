"""Brings what manifests say of access into the catalog before any file is read: a right taken away acts at once."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from copilot.catalog import Catalog, Revision
from copilot.library import local_path
from copilot.types import Document, KnowledgeBase
from ingest.description import policy_of
from ingest.discover import FoundFile, relative_to
from ingest.manifest import Manifest
from ingest.outcomes import legible


def apply_rights(catalog: Catalog, files: Iterable[FoundFile], bases: Mapping[str, KnowledgeBase]) -> set[str]:
    """Give the known documents below each manifest their groups and status anew; returns the ids that changed.

    Documents are taken from the catalog, not from ``files``: one that changed, broke or cannot be read any more,
    or that lies beside the folder ingested now, is protected as well. ``bases`` are the knowledge bases by name.
    """
    manifests = {file.manifest.path: (file.manifest, file) for file in files if file.manifest is not None}
    changed: set[str] = set()
    for manifest, file in manifests.values():
        for row in catalog.revisions(source=legible(file.source_name), current=True):
            document = _described(row, manifest, file.root, bases)
            if document != row.document:
                catalog.put_document(document, policy_of(document), stored=False)
                changed.add(document.id)
    return changed


def _described(row: Revision, manifest: Manifest, root: Path, bases: Mapping[str, KnowledgeBase]) -> Document:
    """The document with the knowledge base, the groups and the status that the manifest gives it now."""
    document = row.document
    path = local_path(document.uri)
    if path is None or not Path(os.path.abspath(path)).is_relative_to(root):
        return document
    entry = manifest.describe(relative_to(path, root))
    name = entry.kb or document.kb
    kb = manifest.base(name) or bases.get(name)
    if kb is None:
        return document
    groups = kb.default_acl if entry.groups is None else entry.groups
    return replace(document, kb=kb.name, acl=groups, status=entry.status)
