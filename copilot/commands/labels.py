"""The words around an answer on the command line, in the language that was asked for."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources

FALLBACK = "en"


@dataclass(frozen=True, slots=True)
class Labels:
    """The labels of one language: ``labels("page", text=6)``."""

    language: str
    catalogue: Mapping[str, Mapping[str, str]]

    def __call__(self, key: str, **values: object) -> str:
        """The label with its values filled in."""
        return self.catalogue[key][self.language].format(**values)

    def kind(self, name: str) -> str:
        """What stands behind a claim, in words; empty for a quotation."""
        return self(f"kind_{name}") if f"kind_{name}" in self.catalogue else ""


@functools.cache
def labels(language: str = FALLBACK) -> Labels:
    """The labels of a language; in English where there are none."""
    catalogue = _catalogue()
    known = all(language in texts for texts in catalogue.values())
    return Labels(language if known else FALLBACK, catalogue)


@functools.cache
def _catalogue() -> dict[str, dict[str, str]]:
    text = resources.files("copilot.commands").joinpath("labels.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
