"""Stable ids: the same file in the same place of its source has the same ids on every machine and in every run."""

from __future__ import annotations

import hashlib
import unicodedata
import uuid
from collections.abc import Iterable
from pathlib import PurePath

_NAMESPACE = uuid.UUID("6f1b7f0e-6a53-5c0b-9d0e-0c3d7c1f4a11")


def document_id(source_name: str, relative_path: str | PurePath) -> str:
    """The uuid5 of the source's name and the file's NFC POSIX path below the source's root."""
    path = PurePath(relative_path).as_posix()
    name = unicodedata.normalize("NFC", f"{source_name}\x1f{path}")
    return str(uuid.uuid5(_NAMESPACE, name))


def chunk_id(document: str, sha256: str, position: int) -> str:
    """The uuid5 of the document's id, the digest of its bytes and the chunk's position."""
    return str(uuid.uuid5(_NAMESPACE, f"{document}\x1f{sha256}\x1f{position}"))


def policy_id(kb: str, groups: Iterable[str], state: str) -> str:
    """A digest of what a document demands of its reader: knowledge base, any of the groups, revision state."""
    text = "\x1f".join([kb, state, *sorted(set(groups))])
    return hashlib.sha256(text.encode()).hexdigest()[:16]
