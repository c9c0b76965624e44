"""Which knowledge bases ``--kb`` names, among those that may be read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from copilot.errors import UsageError
from copilot.types import Principal

if TYPE_CHECKING:
    from copilot.settings import Settings


def resolve(settings: Settings, names: Sequence[str] | None, asker: Principal) -> tuple[str, ...]:
    """The names, each once; UsageError for one that is not there, in the same words where it may not be read."""
    if not names:
        return ()
    from copilot.wiring import open_library

    readable = [base.name for base in open_library(settings).knowledge_bases(asker)]
    for name in names:
        if name not in readable:
            cure = f"Take one of {', '.join(sorted(readable))}." if readable else "Ingest documents first."
            raise UsageError(f"There is no knowledge base '{name}' that you may read.", cure)
    return tuple(dict.fromkeys(names))
