"""The parser of the product: every format, each file in a process of its own with limits."""

from __future__ import annotations

from pathlib import Path

from copilot.settings import Settings
from copilot.types import Element
from ingest.parse import PARSER_FINGERPRINT
from ingest.parse.isolation import close_pools, parse_isolated


class FileParser:
    """See the protocol Parser."""

    fingerprint = PARSER_FINGERPRINT

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def parse(self, path: Path, media_type: str, language: str) -> list[Element]:
        """The elements in reading order; raises ParseError."""
        return parse_isolated(path, media_type, language, self._settings)

    def close(self) -> None:
        """End the parsing processes, also in the middle of a file."""
        close_pools()
