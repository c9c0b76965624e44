"""Elements as a compressed JSON file: previews are drawn and the index can be rebuilt from it."""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import json
import os
import tempfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from copilot.types import Box, Document, Element, ElementKind, Span

_FORMAT = 1
PART = ".part-"


def digest(fingerprint: str) -> str:
    """Twelve characters that stand for a fingerprint in a file's name."""
    return hashlib.sha256(fingerprint.encode()).hexdigest()[:12]


def pipeline_id(parser: str, chunker: str, embedder: str) -> str:
    """What a document was ingested with, from three fingerprints; the first part is the parser's."""
    return "/".join(digest(part) for part in (parser, chunker, embedder))


def parsed_file(folder: Path, document: Document) -> Path:
    """Where the elements of the document's bytes lie, as its pipeline's parser read them under its media type."""
    parser = document.pipeline.split("/", 1)[0]
    return folder / f"{document.sha256}-{digest(parser + document.media_type)}.json.gz"


def elements_to_json(elements: Iterable[Element]) -> list[dict[str, Any]]:
    """One mapping per element; fields at their default are left out."""
    return [_to_json(element) for element in elements]


def elements_from_json(items: Iterable[dict[str, Any]]) -> list[Element]:
    """The elements again; raises ValueError, KeyError or TypeError for other content."""
    return [_from_json(item) for item in items]


def write_elements(path: Path, elements: Sequence[Element]) -> None:
    """Write the cache file at once or not at all."""
    content = json.dumps({"format": _FORMAT, "elements": elements_to_json(elements)}, ensure_ascii=False)
    with atomic(path) as file:
        file.write(gzip.compress(content.encode(), compresslevel=5, mtime=0))


def read_elements(path: Path) -> list[Element] | None:
    """The elements of a cache file; None where it is missing, torn or of another format."""
    try:
        content = json.loads(gzip.decompress(path.read_bytes()))
        return elements_from_json(content["elements"]) if content["format"] == _FORMAT else None
    except (OSError, EOFError, zlib.error, ValueError, KeyError, TypeError):
        return None


@contextlib.contextmanager
def atomic(path: Path) -> Iterator[BinaryIO]:
    """A file that appears under its name whole and on the disk, or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=PART)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def sweep_parts(folder: Path) -> None:
    """Delete what interrupted writes left below the folder; only while nobody writes there."""
    for path in folder.glob(f"**/{PART}*"):
        path.unlink(missing_ok=True)


def _to_json(element: Element) -> dict[str, Any]:
    span = element.span
    item: dict[str, Any] = {"kind": element.kind.value, "text": element.text, "page": span.page}
    rest = {
        "box": span.box,
        "locator": span.locator,
        "html": element.html,
        "context": element.context,
        "level": element.level,
        "lines": element.lines,
    }
    return item | {name: value for name, value in rest.items() if value}


def _from_json(item: dict[str, Any]) -> Element:
    box = item.get("box")
    return Element(
        kind=ElementKind(item["kind"]),
        text=item["text"],
        span=Span(item["page"], _box(box) if box else None, item.get("locator", "")),
        html=item.get("html", ""),
        context=item.get("context", ""),
        level=item.get("level", 0),
        lines=tuple((start, end, page, _box(box)) for start, end, page, box in item.get("lines", ())),
    )


def _box(value: Sequence[float]) -> Box:
    x0, y0, x1, y1 = value
    return (x0, y0, x1, y1)
