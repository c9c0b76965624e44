"""The word table, where it is there: glosses and suggestions work without it, only with less."""

from __future__ import annotations

from copilot.errors import ModelError
from copilot.glossary.gloss import Words


def word_table() -> Words | None:
    """The shipped word table; None where it is not installed."""
    try:
        from copilot.language.wordtable import open_word_table

        return open_word_table()
    except (ImportError, ModelError):
        return None
