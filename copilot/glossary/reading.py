"""From a file to the entries of a term base: which format it is, how its bytes are read, and the limits."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from copilot.errors import UsageError
from copilot.glossary.entries import Entry, Problem
from copilot.glossary.sheets import Row, read_rows
from copilot.glossary.tbx import read_tbx

MAX_FILE_MB = 50
_MAX_UNPACKED_MB = 300
_MAX_ROWS = 200_000
_DELIMITERS = ",;\t|"


def read_entries(path: Path, form: str = "") -> tuple[list[Entry], list[Problem]]:
    """The entries of a TBX, CSV, TSV or XLSX file, and what was passed over; ``form`` wins over the file's name.

    Raises UsageError where the file is missing, of another format, too large or not sound.
    """
    content = _content(path)
    chosen = (form or _form(path, content)).lower()
    if chosen not in FORMATS:
        raise UsageError(f"'{chosen}' is no format of term bases.", f"Take one of {', '.join(FORMATS)}.")
    return FORMATS[chosen](content, path.name)


def _content(path: Path) -> bytes:
    if not path.is_file():
        raise UsageError(f"There is no file '{path}'.", "Check the path.")
    if path.stat().st_size > MAX_FILE_MB << 20:
        raise UsageError(f"'{path.name}' is larger than {MAX_FILE_MB} MB.", "Import it in parts.")
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UsageError(f"'{path}' cannot be read: {error.strerror}.", "Check its rights.") from error
    if not content.strip():
        raise UsageError(f"'{path.name}' is empty.", "Export the term base again.")
    return content


def _form(path: Path, content: bytes) -> str:
    """By what the file is where that can be seen, else by its name."""
    if content.startswith(b"PK\x03\x04"):
        return "xlsx"
    start = content[:400].lstrip(b"\xef\xbb\xbf\xff\xfe").replace(b"\0", b"").lstrip()
    if start.startswith(b"<"):
        return "tbx"
    name = path.suffix.lower().lstrip(".")
    return "csv" if name in ("csv", "tsv", "txt", "tab", "") else name


def _csv(content: bytes, name: str) -> tuple[list[Entry], list[Problem]]:
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise UsageError(f"'{name}' is not written in UTF-8.", "Save it as CSV UTF-8.") from error
    if "\0" in text:
        raise UsageError(f"'{name}' is no text.", "Give a CSV, XLSX or TBX file.")
    head = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(_DELIMITERS, key=head.count)
    try:
        lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        rows = [(lines.line_num, tuple(cell.strip() for cell in line)) for line in lines]
    except csv.Error as error:
        raise UsageError(f"'{name}' is no sound CSV: {error}.", "Check its quotation marks.") from error
    return read_rows(_bounded([row for row in rows if any(row[1])], name), name)


def _xlsx(content: bytes, name: str) -> tuple[list[Entry], list[Problem]]:
    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(item.file_size for item in packed.infolist()) > _MAX_UNPACKED_MB << 20:
                raise UsageError(f"'{name}' unpacks to more than {_MAX_UNPACKED_MB} MB.", "Import it in parts.")
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheets = {sheet.title: _rows(sheet) for sheet in book.worksheets}
        book.close()
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, OSError, IndexError) as error:
        raise UsageError(f"'{name}' is no sound XLSX file: {error}.", "Save it again as XLSX.") from error
    return _read_sheets(sheets, name)


def _rows(sheet: Any) -> list[Row]:
    rows: list[Row] = []
    for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
        if any(cell is not None for cell in cells):
            rows.append((number, tuple("" if cell is None else str(cell).strip() for cell in cells)))
        if len(rows) > _MAX_ROWS:
            break
    return rows


def _read_sheets(sheets: Mapping[str, list[Row]], name: str) -> tuple[list[Entry], list[Problem]]:
    """The entries of every sheet that has columns of terms; the first sheet's fault where none has."""
    entries: list[Entry] = []
    problems: list[Problem] = []
    faults: list[UsageError] = []
    for title, rows in sheets.items():
        try:
            found, told = read_rows(_bounded(rows, name), name)
        except UsageError as fault:
            faults.append(fault)
            problems.append(Problem("ignored", f"The sheet '{title}' holds no terms and was passed over."))
            continue
        entries += found
        problems += told
    if len(faults) == len(sheets):
        raise faults[0]
    return entries, problems


def _bounded(rows: list[Row], name: str) -> list[Row]:
    if len(rows) > _MAX_ROWS:
        raise UsageError(f"'{name}' has more than {_MAX_ROWS} rows.", "Import it in parts.")
    return rows


FORMATS: dict[str, Callable[[bytes, str], tuple[list[Entry], list[Problem]]]] = {
    "tbx": read_tbx, "csv": _csv, "tsv": _csv, "xlsx": _xlsx,
}  # fmt: skip
