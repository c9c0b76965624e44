"""The page's texts in each language."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from copilot.types import LANGUAGES
from copilot.ui.texts import FALLBACK, Texts

_FILE = Path(__file__).parent / "texts.toml"


@cache
def texts_of(language: str) -> Texts:
    """The texts of a language; English where we do not speak it."""
    catalogue = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return Texts(language if language in LANGUAGES else FALLBACK, catalogue)
