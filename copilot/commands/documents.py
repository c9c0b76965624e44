"""Which documents ``--document`` names: by id, number, file name or path, or title, among what may be read."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import unquote

from copilot.errors import UsageError
from copilot.types import Document, Principal

if TYPE_CHECKING:
    from copilot.settings import Settings


def resolve(settings: Settings, names: Sequence[str] | None, asker: Principal) -> tuple[str, ...]:
    """The ids of all documents that a name fits; UsageError for a name that fits none (or none that may be read)."""
    if not names:
        return ()
    from copilot.wiring import open_library

    readable = open_library(settings).documents(asker)
    found: dict[str, None] = {}
    for name in names:
        fitting = [document.id for document in readable if _fits(document, name.strip())]
        if not fitting:
            raise UsageError(
                f"There is no document '{name}' that you may read.",
                "Give its id, number, file name or title, as copilot search shows them.",
            )
        found.update(dict.fromkeys(fitting))
    return tuple(found)


def _fits(document: Document, name: str) -> bool:
    path, asked = unquote(document.uri), name.casefold()
    known = (document.id, document.number, document.title, path, document.uri, PurePosixPath(path).stem)
    return bool(asked) and (
        asked in (item.casefold() for item in known) or path.casefold().endswith("/" + asked)
    )
