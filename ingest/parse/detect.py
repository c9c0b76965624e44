"""What a file really is: its media type by its bytes where they tell, by its name where it is text."""

from __future__ import annotations

import zipfile
from pathlib import Path

from copilot.errors import ParseError
from ingest.parse.offline import install_offline

_OFFICE = "application/vnd.openxmlformats-officedocument."
DOCX = _OFFICE + "wordprocessingml.document"
PPTX = _OFFICE + "presentationml.presentation"
XLSX = _OFFICE + "spreadsheetml.sheet"
MSG = "application/vnd.ms-outlook"

TEXT_EXTENSIONS = {
    ".csv": "text/csv", ".tsv": "text/tab-separated-values", ".tab": "text/tab-separated-values",
    ".html": "text/html", ".htm": "text/html", ".xhtml": "text/html",
    ".md": "text/markdown", ".markdown": "text/markdown", ".txt": "text/plain", ".log": "text/plain",
    ".text": "text/plain", ".eml": "message/rfc822",
}
BINARY_EXTENSIONS = {
    ".pdf": "application/pdf", ".docx": DOCX, ".docm": DOCX, ".pptx": PPTX, ".pptm": PPTX, ".xlsx": XLSX,
    ".xlsm": XLSX, ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".tif": "image/tiff",
    ".tiff": "image/tiff", ".bmp": "image/bmp", ".webp": "image/webp", ".gif": "image/gif", ".msg": MSG,
    ".rtf": "text/rtf", ".odt": "application/vnd.oasis.opendocument.text", ".epub": "application/epub+zip",
}
_MAGIC = (
    (b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"), (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"), (b"GIF8", "image/gif"), (b"{\\rtf", "text/rtf"),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP_PARTS = (("word/", DOCX), ("ppt/", PPTX), ("xl/", XLSX))
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_OLD = (".doc", ".xls", ".ppt")


def detect_media_type(path: Path) -> str:
    """The media type; a file whose bytes are of another known type than its name says is taken as what it is.

    Raises ParseError: empty, unreadable, encrypted (a password protects it), mislabelled, unsupported.
    """
    head = _head(path)
    extension = path.suffix.lower()
    if not head.strip(b"\x00"):
        raise ParseError("empty", f"{path.name} is empty.", "Copy the file again from where it came.")
    found = _by_bytes(path, head, extension)
    if found:
        return found
    binary = b"\x00" in head and not head.startswith(_UTF16)
    if extension in TEXT_EXTENSIONS and not binary:
        return TEXT_EXTENSIONS[extension]
    if extension in BINARY_EXTENSIONS or extension in TEXT_EXTENSIONS:
        raise ParseError("mislabelled", f"{path.name} is not what its name says: its content is "
                         f"{'binary of an unknown kind' if binary else 'plain text'}.",
                         "Give it the ending of the format it is in.")
    return _by_unstructured(path)


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(8192)
    except OSError as error:
        raise ParseError("unreadable", f"{path.name} cannot be read: {error.strerror}.",
                         "Give the ingesting user the right to read it.") from error


def _by_bytes(path: Path, head: bytes, extension: str) -> str:
    if b"%PDF-" in head[:1024]:
        return "application/pdf"
    for magic, media_type in _MAGIC:
        if head.startswith(magic):
            return media_type
    if head[:2] == b"BM" and extension == ".bmp":
        return "image/bmp"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if head.startswith(_OLE):
        return _ole(path, extension)
    if head.startswith(b"PK\x03\x04"):
        return _zipped(path)
    return ""


def _ole(path: Path, extension: str) -> str:
    if extension in (".docx", ".xlsx", ".pptx", ".docm", ".xlsm", ".pptm"):
        raise ParseError("encrypted", f"{path.name} is protected by a password.",
                         "Save it without the password and ingest it again.")
    if extension in _OLD:
        raise ParseError("unsupported", f"{path.name} is in the format of Office 97-2003.",
                         f"Save it as {extension}x.")
    return MSG


def _zipped(path: Path) -> str:
    """Which format a zip archive is, by the parts in it."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            kind = archive.read("mimetype")[:100].decode("ascii", "replace").strip() if "mimetype" in names else ""
    except (zipfile.BadZipFile, OSError, RuntimeError) as error:
        raise ParseError("broken", f"{path.name} is a damaged archive: {error}.",
                         "Copy the file again from where it came.") from error
    if kind in BINARY_EXTENSIONS.values():
        return kind
    for prefix, media_type in _ZIP_PARTS:
        if any(name.startswith(prefix) for name in names):
            return media_type
    raise ParseError("unsupported", f"{path.name} is an archive of a kind that is not read.",
                     "Unpack it and ingest the files in it.")


def _by_unstructured(path: Path) -> str:
    """What unstructured makes of a file whose name says nothing."""
    install_offline()
    from unstructured.file_utils.filetype import detect_filetype

    kind = detect_filetype(str(path))
    media_type = str(kind.mime_type)
    if media_type in (*TEXT_EXTENSIONS.values(), *BINARY_EXTENSIONS.values()):
        return media_type
    raise ParseError("unsupported", f"{path.name} is of a type that is not read ({media_type}).",
                     "Save it in one of the formats that the README lists.")
