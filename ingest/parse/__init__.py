"""Turns a file of any format that we read into elements; the one place that knows which parser reads what."""

from __future__ import annotations

import hashlib
import importlib
from importlib import metadata
from pathlib import Path

from copilot.errors import ParseError
from copilot.types import Element, ElementKind
from ingest.parse.detect import detect_media_type

PARSER_VERSION = "2"
_LIBRARIES = ("unstructured", "pypdfium2", "pdfplumber", "tesserocr", "openpyxl", "python-calamine", "lxml")

_OFFICE = "application/vnd.openxmlformats-officedocument."
_PARSERS = {
    "application/pdf": "ingest.parse.pdf",
    "image/png": "ingest.parse.images",
    "image/jpeg": "ingest.parse.images",
    "image/tiff": "ingest.parse.images",
    "image/bmp": "ingest.parse.images",
    "image/webp": "ingest.parse.images",
    "image/gif": "ingest.parse.images",
    _OFFICE + "wordprocessingml.document": "ingest.parse.docx",
    _OFFICE + "presentationml.presentation": "ingest.parse.pptx",
    _OFFICE + "spreadsheetml.sheet": "ingest.parse.spreadsheet",
    "text/csv": "ingest.parse.spreadsheet",
    "text/tab-separated-values": "ingest.parse.spreadsheet",
    "text/html": "ingest.parse.html",
    "text/markdown": "ingest.parse.markdown",
    "text/plain": "ingest.parse.text",
    "message/rfc822": "ingest.parse.mail",
    "application/vnd.ms-outlook": "ingest.parse.mail",
    "text/rtf": "ingest.parse.openformats",
    "application/vnd.oasis.opendocument.text": "ingest.parse.openformats",
    "application/epub+zip": "ingest.parse.openformats",
}
_SEARCHED = (ElementKind.TITLE, ElementKind.TEXT, ElementKind.LIST_ITEM, ElementKind.TABLE_ROW,
             ElementKind.FIGURE_TEXT)


def _fingerprint() -> str:
    """Our version and those of the libraries that shape what is read."""
    installed = " ".join(f"{name}={_version(name)}" for name in _LIBRARIES)
    return f"parse-{PARSER_VERSION}-{hashlib.sha256(installed.encode()).hexdigest()[:8]}"


def _version(library: str) -> str:
    try:
        return metadata.version(library)
    except metadata.PackageNotFoundError:
        return "absent"


PARSER_FINGERPRINT = _fingerprint()


def parse_file(path: Path, media_type: str = "", language: str = "") -> list[Element]:
    """The elements of a file in reading order.

    An empty ``media_type`` is found out here; ``language`` is a hint for OCR. Raises ParseError: for a file without
    any text its category is no_text.
    """
    media_type = media_type or detect_media_type(path)
    module = _PARSERS.get(media_type)
    if module is None:
        raise ParseError("unsupported", f"{path.name} is of a type that is not read ({media_type}).",
                         "Save it in one of the formats that the README lists.")
    try:
        elements: list[Element] = importlib.import_module(module).parse(path, media_type, language)
    except (ParseError, MemoryError):
        raise
    except PermissionError as error:
        raise ParseError("unreadable", f"{path.name} may not be read: {error.strerror}.",
                         "Give the ingesting user the right to read it.") from error
    except ModuleNotFoundError as error:
        raise ParseError("missing_dependency", f"{path.name} needs the Python package '{error.name}'.",
                         "Install the product's requirements again.") from error
    except Exception as error:
        raise ParseError("broken", f"{path.name} cannot be read as {media_type}: {error or type(error).__name__}.",
                         "Open it in the program that made it and save it again.") from error
    if not any(element.text.strip() for element in elements if element.kind in _SEARCHED):
        raise ParseError("no_text", f"{path.name} was read but holds no text.",
                         "If it is a picture or a scan, install tesseract; else check the file.")
    return elements
