"""What a command takes as its text: the text itself, a file of any format that a reader knows, or standard input."""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from copilot.commands import options
from copilot.errors import UsageError

if TYPE_CHECKING:
    from copilot.settings import Settings

    Reader = Callable[[Path, Settings], str]

READERS_GROUP = "copilot.readers"
_ENDINGS = (
    ".txt .md .csv .tsv .html .htm .rst .text .log .docx .xlsx .pptx .pdf .odt .rtf .epub .eml .msg .png .jpg .tif"
).split()
_MAX_BYTES = 50 << 20


def content(text: str, settings: Settings) -> str:
    """The text itself, that of the file that it names, or with "-" that of standard input.

    Raises UsageError for a file that is not there or cannot be read here, ParseError for one that holds no text.
    """
    if text == "-":
        return sys.stdin.buffer.read(_MAX_BYTES).decode("utf-8-sig", "replace")
    try:
        path = Path(text)
        is_file = len(text) < 4096 and "\n" not in text and path.is_file()
    except (OSError, ValueError):
        is_file = False
    if is_file:
        return _file(path, settings)
    if text.lower().endswith(tuple(_ENDINGS)) and len(text.split()) == 1:
        raise UsageError(f"There is no file {text}.", "Check its name, or give the text itself.")
    return options.plain(text)


def _file(path: Path, settings: Settings) -> str:
    if path.stat().st_size > _MAX_BYTES:
        raise UsageError(f"{path} is larger than {_MAX_BYTES >> 20} MiB.", "Cut it into parts.")
    if not path.stat().st_size:
        return ""
    for reader in _readers():
        return reader(path, settings)
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(
            f"{path} is no text in UTF-8, and nothing is installed that reads it.", "Install the product again, whole."
        ) from error


def _readers() -> list[Reader]:
    """What other packages read files with, by the names of their entry points."""
    points = sorted(metadata.entry_points(group=READERS_GROUP), key=lambda point: point.name)
    return [point.load() for point in points]
