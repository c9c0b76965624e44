"""The word table, where it is there: glosses and suggestions work without it, only with less."""

from __future__ import annotations

from copilot.errors import ModelError
from copilot.glossary.gloss import Words


def word_table(sources: str = "all") -> Words | None:
    """The shipped word table made from these sources (all or permissive); None where it is not installed."""
    try:
        from copilot.language.wordtable import open_word_table, table_path

        return open_word_table(table_path(sources))
    except (ImportError, ModelError):
        return None
