"""Owns the shape of a source: its front matter, its blocks, and what makes one invalid."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SUFFIXES = ("pdf", "docx", "pptx", "xlsx", "csv", "tsv", "eml", "html", "txt", "md", "png")
REQUIRED = ("output", "kb", "title", "language", "status", "effective", "owner")
OPTIONAL = ("number", "family", "revision", "supersedes", "labels", "groups", "applicability")
SHAPING = ("layout", "tables", "mail")
STATUSES = ("released", "in_review", "draft", "superseded", "withdrawn")
LANGUAGES = ("en", "de", "fr", "it", "es", "pt", "pl", "zh")
KINDS: dict[str, type | tuple[type, ...]] = {
    "output": list, "labels": list, "groups": list, "applicability": dict, "mail": dict, "effective": dt.date,
}


class SourceError(ValueError):
    """A source that cannot be built; the message starts with the file's name."""


@dataclass(frozen=True)
class Block:
    """One piece of a body: heading, text, bullets, steps, table, note, html, notes or break.

    ``level`` counts the `#` of a heading and is 0 elsewhere; ``text`` is a heading's, a paragraph's, a note's
    or a table's caption; ``items`` are those of a list; ``rows`` are those of a table, its header first.
    """

    kind: str
    text: str = ""
    level: int = 0
    items: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Source:
    """One source file: front matter as read, the body's text and its blocks."""

    name: str
    meta: dict[str, Any]
    body: str
    blocks: tuple[Block, ...] = field(repr=False)

    @property
    def outputs(self) -> tuple[str, ...]:
        """The paths to build, below the corpus folder."""
        return tuple(self.meta["output"])

    @property
    def language(self) -> str:
        """The document's language, ISO 639-1."""
        return str(self.meta["language"])

    @property
    def heading(self) -> str:
        """The document's first-level heading, else its title."""
        tops = [block.text for block in self.blocks if block.kind == "heading" and block.level == 1]
        return tops[0] if tops else str(self.meta["title"])

    @property
    def date(self) -> dt.date:
        """The day on which the document takes effect; all metadata carry it."""
        day: dt.date = self.meta["effective"]
        return day

    @property
    def mark(self) -> str:
        """Number and revision, as printed in running headers."""
        revision = self.meta.get("revision")
        word = {"fr": "rév.", "zh": "版本", "de": "Rev."}.get(self.language, "rev.")
        parts = [self.meta.get("number", ""), f"{word} {revision}" if revision else ""]
        return " · ".join(part for part in parts if part)


def read_sources(folder: Path) -> list[Source]:
    """All sources of a folder by name, checked one by one and against each other; raises SourceError."""
    sources = [read_source(path) for path in sorted(folder.glob("*.md"))]
    owners: dict[str, str] = {}
    for source in sources:
        for output in source.outputs:
            if output in owners:
                raise SourceError(f"{source.name}: output {output} is also built by {owners[output]}")
            owners[output] = source.name
    for source in sources:
        _check_references(source, owners)
    return sources


def read_source(path: Path) -> Source:
    """One source, checked by itself; raises SourceError that names the file and the cure."""
    text = path.read_text(encoding="utf-8")
    match = re.match(r"\+\+\+\n(.*?)\n\+\+\+\n(.*)\Z", text, re.DOTALL)
    if match is None:
        raise SourceError(f"{path.name}: no front matter; start the file with TOML between two lines +++")
    try:
        meta = tomllib.loads(match[1])
    except tomllib.TOMLDecodeError as error:
        raise SourceError(f"{path.name}: front matter is no valid TOML: {error}") from error
    _check_meta(path.name, meta)
    try:
        blocks = tuple(parse_blocks(match[2]))
    except ValueError as error:
        raise SourceError(f"{path.name}: {error}") from error
    return Source(path.name, meta, match[2].strip() + "\n", blocks)


def _check_meta(name: str, meta: dict[str, Any]) -> None:
    known = (*REQUIRED, *OPTIONAL, *SHAPING)
    if unknown := [key for key in meta if key not in known]:
        raise SourceError(f"{name}: unknown key {unknown[0]!r}; known are {', '.join(known)}")
    if missing := [key for key in REQUIRED if key not in meta]:
        raise SourceError(f"{name}: field {missing[0]!r} is missing")
    for key, value in meta.items():
        if not isinstance(value, KINDS.get(key, str)):
            raise SourceError(f"{name}: {key} has the wrong type {type(value).__name__}")
    choices = {"status": STATUSES, "language": LANGUAGES, "layout": ("plain", "two-column", "scan"),
               "tables": ("ruled", "unruled")}
    for key, allowed in choices.items():
        if key in meta and meta[key] not in allowed:
            raise SourceError(f"{name}: {key} is {meta[key]!r}, but must be one of {', '.join(allowed)}")
    if unknown := [key for key in meta.get("applicability", {}) if key not in ("sites", "models", "years")]:
        raise SourceError(f"{name}: unknown applicability {unknown[0]!r}; known are sites, models, years")
    for output in meta["output"]:
        if output.rpartition(".")[2] not in SUFFIXES or output.startswith("/") or ".." in output:
            raise SourceError(f"{name}: output {output!r} must be relative; endings: {', '.join(SUFFIXES)}")
        if output.endswith(".eml"):
            _check_mail(name, meta.get("mail", {}))


def _check_mail(name: str, mail: dict[str, Any]) -> None:
    known = ("from", "to", "cc", "date", "subject", "attachments")
    if unknown := [key for key in mail if key not in known]:
        raise SourceError(f"{name}: unknown mail key {unknown[0]!r}; known are {', '.join(known)}")
    if missing := [key for key in ("from", "to", "date", "subject") if key not in mail]:
        raise SourceError(f"{name}: mail.{missing[0]} is missing")


def _check_references(source: Source, owners: dict[str, str]) -> None:
    wanted = [source.meta["supersedes"]] if "supersedes" in source.meta else []
    wanted += source.meta.get("mail", {}).get("attachments", [])
    for path in wanted:
        if path not in owners:
            raise SourceError(f"{source.name}: it refers to {path}, which no source builds")


def parse_blocks(body: str) -> Iterator[Block]:
    """The blocks of a body in order; ValueError where a table's rows have different lengths."""
    lines = body.splitlines()
    at, caption = 0, ""
    while at < len(lines):
        line = lines[at].rstrip()
        kind = _kind(line)
        if kind == "blank":
            at += 1
        elif kind == "caption":
            caption, at = line.partition(":")[2].strip(), at + 1
        elif kind in ("heading", "break", "notes"):
            yield _single(kind, line)
            at += 1
        else:
            end = _end_of_run(lines, at, kind)
            yield _run(kind, [one.strip() for one in lines[at:end]], caption, at + 1)
            caption, at = "", end


def _kind(line: str) -> str:
    patterns = (("heading", r"#{1,4} "), ("bullets", r"[-*] "), ("steps", r"\d+\. "), ("table", r"\|"),
                ("note", r">"), ("html", r"</?[a-z]"), ("caption", r"Table: "), ("notes", r"Notes: "),
                ("break", r"\\pagebreak$"))
    if not line.strip():
        return "blank"
    return next((kind for kind, pattern in patterns if re.match(pattern, line)), "text")


def _end_of_run(lines: list[str], start: int, kind: str) -> int:
    end = start + 1
    while end < len(lines) and lines[end].strip():
        continued = _kind(lines[end])
        indented = lines[end].startswith("  ") and kind in ("bullets", "steps")
        if continued != kind and not indented:
            break
        end += 1
    return end


def _single(kind: str, line: str) -> Block:
    if kind == "heading":
        marks, _, text = line.partition(" ")
        return Block("heading", text.strip(), len(marks))
    return Block(kind, line.partition(":")[2].strip())


def _run(kind: str, lines: list[str], caption: str, number: int) -> Block:
    if kind == "table":
        return Block("table", caption, rows=_rows(lines, number))
    if kind in ("bullets", "steps"):
        items: list[str] = []
        for line in lines:
            if _kind(line) == kind:
                items.append(re.sub(r"^([-*]|\d+\.) +", "", line))
            else:
                items[-1] += " " + line
        return Block(kind, items=tuple(items))
    if kind == "note":
        return Block("note", " ".join(line.lstrip("> ") for line in lines))
    return Block(kind, "\n".join(lines) if kind == "html" else " ".join(lines))


def _rows(lines: list[str], number: int) -> tuple[tuple[str, ...], ...]:
    rows = []
    for line in lines:
        cells = re.split(r"(?<!\\)\|", line.strip().removeprefix("|").removesuffix("|"))
        rows.append(tuple(cell.strip().replace("\\|", "|") for cell in cells))
    rows = [row for row in rows if not all(re.fullmatch(r":?-{2,}:?", cell) for cell in row)]
    if bad := [row for row in rows if len(row) != len(rows[0])]:
        raise ValueError(f"the table at body line {number} has {len(rows[0])} columns, not so {bad[0]}")
    return tuple(rows)
