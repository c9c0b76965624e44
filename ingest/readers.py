"""What a file says as one text with its layout: how other parts of the product read a file that was never ingested."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from copilot.settings import Settings
from copilot.types import Element, ElementKind

_AS_THEY_ARE = frozenset({"text/plain", "text/markdown"})


def read(path: Path, settings: Settings) -> str:
    """The text of a file of any format that is read; found through the entry-point group ``copilot.readers``.

    Plain text and Markdown come as they are, in whatever character set. Of other formats: titles behind "#", items of
    lists behind "-", a table's header and rows each on a line with TABs between the cells. Raises ParseError.
    """
    from ingest.parse.charsets import read_text
    from ingest.parse.detect import detect_media_type
    from ingest.parse.limits import check_file
    from ingest.parser import FileParser

    media_type = detect_media_type(path)
    if media_type in _AS_THEY_ARE:
        check_file(path, media_type, settings.ingest)
        return read_text(path)
    parser = FileParser(settings)
    try:
        return as_text(parser.parse(path, media_type, ""))
    finally:
        parser.close()


def as_text(elements: Iterable[Element]) -> str:
    """The elements in order, one a line, with an empty line between what does not belong together."""
    lines: list[str] = []
    before: ElementKind | None = None
    for element in elements:
        joined = element.kind is before is ElementKind.LIST_ITEM or element.kind is ElementKind.TABLE_ROW
        if lines and not joined:
            lines.append("")
        lines += _lines(element)
        before = element.kind
    return "\n".join(lines) + "\n" if lines else ""


def _lines(element: Element) -> Iterator[str]:
    if element.kind is ElementKind.TABLE:
        yield from (line for line in (element.text.strip(), element.context.strip()) if line)
    elif element.kind is ElementKind.TITLE:
        yield f"{'#' * max(element.level, 1)} {_one_line(element.text)}"
    elif element.kind is ElementKind.LIST_ITEM:
        yield f"{element.context.strip() or '-'} {_one_line(element.text)}"
    else:
        yield element.text


def _one_line(text: str) -> str:
    return " ".join(text.split())
