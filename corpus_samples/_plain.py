"""Owns the formats without a layout: delimited tables, text, Markdown, mail."""

from __future__ import annotations

import csv
import datetime as dt
import mimetypes
from email.message import EmailMessage
from email.utils import format_datetime
from io import StringIO
from pathlib import Path

from corpus_samples._office import POINT_LANGUAGES, plain
from corpus_samples._source import Block, Source, SourceError


def write_delimited(path: Path, source: Source) -> None:
    """The source's one table: tabs for tsv; for csv commas, or semicolons where the comma marks decimals."""
    tables = [block for block in source.blocks if block.kind == "table"]
    if len(tables) != 1:
        raise SourceError(f"{source.name}: {path.suffix} needs exactly one table, not {len(tables)}")
    sign = "\t" if path.suffix == ".tsv" else "," if source.language in POINT_LANGUAGES else ";"
    out = StringIO()
    csv.writer(out, delimiter=sign, lineterminator="\n").writerows(
        [[plain(cell) for cell in row] for row in tables[0].rows])
    path.write_text(out.getvalue(), encoding="utf-8")


def write_text(path: Path, source: Source) -> None:
    """Plain text: headings underlined, tables in aligned columns."""
    path.write_text(render_text(source), encoding="utf-8")


def write_markdown(path: Path, source: Source) -> None:
    """The body as it stands, without the front matter."""
    if any(block.kind in ("break", "html") for block in source.blocks):
        raise SourceError(f"{source.name}: a page break or raw HTML cannot stand in Markdown; take it out")
    path.write_text(source.body, encoding="utf-8")


def write_mail(path: Path, source: Source, folder: Path) -> None:
    """A mail with its body as text and the built attachments, read below ``folder``."""
    mail = source.meta["mail"]
    message = EmailMessage()
    for name in ("from", "to", "cc", "subject"):
        if name in mail:
            value = mail[name]
            message[name.capitalize()] = ", ".join(value) if isinstance(value, list) else value
    message["Date"] = format_datetime(_moment(source))
    message["Message-ID"] = f"<{Path(path).stem}@mail.orlanda-motors.example>"
    message["Content-Language"] = source.language
    message.set_content(render_text(source, with_title=False), cte="8bit")
    for attachment in mail.get("attachments", []):
        file = folder / attachment
        kind = (mimetypes.guess_type(file.name)[0] or "application/octet-stream").split("/")
        message.add_attachment(file.read_bytes(), maintype=kind[0], subtype=kind[1], filename=file.name)
    if message.is_multipart():
        message.set_boundary(f"=-{path.stem}-=")
    path.write_bytes(message.as_bytes())


def _moment(source: Source) -> dt.datetime:
    value = source.meta["mail"]["date"]
    if isinstance(value, str):
        try:
            value = dt.datetime.fromisoformat(value)
        except ValueError as error:
            raise SourceError(f"{source.name}: mail.date {value!r} is no ISO date and time") from error
    if not isinstance(value, dt.datetime):
        value = dt.datetime.combine(value, dt.time(9))
    moment: dt.datetime = value if value.tzinfo else value.replace(tzinfo=dt.UTC)
    return moment


def render_text(source: Source, with_title: bool = True) -> str:
    """The body as plain text, blocks separated by an empty line."""
    parts = []
    for block in source.blocks:
        if with_title or not (block.kind == "heading" and block.level == 1):
            parts.append(_text_block(block, source))
    return "\n\n".join(parts) + "\n"


def _text_block(block: Block, source: Source) -> str:
    if block.kind == "heading":
        line = {1: "=", 2: "-"}.get(block.level)
        return plain(block.text) + (f"\n{line * len(block.text)}" if line else "")
    if block.kind == "bullets":
        return "\n".join(f"- {plain(item)}" for item in block.items)
    if block.kind == "steps":
        return "\n".join(f"{number}. {plain(item)}" for number, item in enumerate(block.items, start=1))
    if block.kind == "table":
        return "\n".join(([plain(block.text)] if block.text else []) + _columns(block))
    if block.kind in ("text", "note"):
        return plain(block.text)
    raise SourceError(f"{source.name}: {block.kind} cannot stand in plain text; take it out")


def _columns(block: Block) -> list[str]:
    rows = [[plain(cell) for cell in row] for row in block.rows]
    widths = [max(len(row[number]) for row in rows) for number in range(len(rows[0]))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
            for row in rows]
