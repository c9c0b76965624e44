"""Reads manifest.toml: the name of a source, its knowledge bases, and what is known of each of its documents."""

from __future__ import annotations

import datetime as dt
import functools
import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from copilot.errors import UsageError
from copilot.types import Applicability, KnowledgeBase

MANIFEST_NAME = "manifest.toml"
STATUSES = ("released", "in_review", "draft", "superseded", "withdrawn")
_TOP = ("name", "ignore", "knowledge_bases", "documents")
_KNOWLEDGE_BASE = ("name", "title", "languages", "groups")
_APPLICABILITY = ("sites", "models", "years")


@dataclass(frozen=True, slots=True)
class Entry:
    """What a manifest says of a document; ``groups`` is None where it leaves access to the knowledge base."""

    path: str = ""
    kb: str = ""
    title: str = ""
    language: str = ""
    number: str = ""
    family: str = ""
    revision: str = ""
    status: str = "released"
    effective: dt.date | None = None
    supersedes: str = ""
    owner: str = ""
    labels: tuple[str, ...] = ()
    groups: tuple[str, ...] | None = None
    applicability: Applicability = Applicability()


@dataclass(frozen=True, slots=True)
class Manifest:
    """One manifest; ``documents`` holds pairs of a path or glob and the fields that it sets, in order.

    ``outer`` is the next manifest above its folder; it decides on access where this one says nothing of it.
    """

    path: Path
    name: str = ""
    ignore: tuple[str, ...] = ()
    knowledge_bases: tuple[KnowledgeBase, ...] = ()
    documents: tuple[tuple[str, Mapping[str, Any]], ...] = ()
    outer: Manifest | None = None

    @property
    def root(self) -> Path:
        """The folder that its paths start from."""
        return self.path.parent

    def describe(self, relative_path: str) -> Entry:
        """All that the matching entries say, later ones over earlier ones; an empty Entry where none matches."""
        name = unicodedata.normalize("NFC", relative_path)
        entry = Entry(path=relative_path)
        for pattern, values in self.documents:
            if pattern == name or glob_pattern(pattern).fullmatch(name):
                entry = replace(entry, **values)
        if self.outer is None or entry.groups is not None or any(kb.name == entry.kb for kb in self.knowledge_bases):
            return entry
        return self._closed(entry, name, self.outer)

    def _closed(self, entry: Entry, name: str, outer: Manifest) -> Entry:
        """The entry with the access that the outer manifest gives, so that another manifest below opens nothing."""
        try:
            place = self.root.absolute().relative_to(outer.root.absolute()).as_posix()
        except ValueError:
            return entry
        above = outer.describe(unicodedata.normalize("NFC", f"{place}/{name}"))
        groups = above.groups
        if groups is None and entry.kb and entry.kb != above.kb:
            kb = outer.base(above.kb)
            groups = kb.default_acl if kb is not None and kb.default_acl else None
        return replace(entry, kb=entry.kb or above.kb, groups=groups)

    def base(self, name: str) -> KnowledgeBase | None:
        """The knowledge base of that name as this manifest, else an outer one, has it; None where none does."""
        own = next((kb for kb in self.knowledge_bases if kb.name == name), None)
        return own or (self.outer.base(name) if self.outer is not None else None)

    def ignores(self, relative_path: str) -> bool:
        """Whether one of its ``ignore`` globs names this path."""
        name = unicodedata.normalize("NFC", relative_path)
        return any(glob_pattern(pattern).fullmatch(name) for pattern in self.ignore)


@functools.lru_cache(maxsize=4096)
def glob_pattern(glob: str) -> re.Pattern[str]:
    """A glob as a pattern: ``*`` and ``?`` stay within a folder, ``**`` crosses folders."""
    parts = re.split(r"(\*\*/|\*\*|\*|\?)", unicodedata.normalize("NFC", glob))
    signs = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    return re.compile("".join(signs.get(part) or re.escape(part) for part in parts), re.DOTALL)


def read_manifest(path: Path) -> Manifest:
    """The manifest at ``path``; raises UsageError that names the file, the entry and the field."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} cannot be read: {error}.", "Save it as UTF-8 and make it readable.") from error
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{path} is not valid TOML: {error}.", "Correct the line it names.") from error
    _known(path, "the top", content, _TOP)
    bases = tuple(_knowledge_base(path, number, table)
                  for number, table in enumerate(_tables(path, content, "knowledge_bases"), start=1))
    documents = tuple(_document(path, number, table)
                      for number, table in enumerate(_tables(path, content, "documents"), start=1))
    manifest = Manifest(path, _text(path, "the top", "name", content.get("name", "")),
                        _texts(path, "the top", "ignore", content.get("ignore", [])), bases, documents)
    _check_bases(manifest)
    return manifest


def _tables(path: Path, content: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    value = content.get(name, [])
    if not isinstance(value, list) or not all(isinstance(table, dict) for table in value):
        raise UsageError(f"{path}: '{name}' must be written as [[{name}]].", "See the manifest's documentation.")
    return value


def _knowledge_base(path: Path, number: int, table: Mapping[str, Any]) -> KnowledgeBase:
    where = f"knowledge base {number} ({table.get('name', 'without a name')})"
    _known(path, where, table, _KNOWLEDGE_BASE)
    name = _text(path, where, "name", table.get("name", ""))
    if not name:
        raise _wrong(path, where, "name", "must be set")
    return KnowledgeBase(
        name, _text(path, where, "title", table.get("title", "")),
        _texts(path, where, "groups", table.get("groups", [])),
        _texts(path, where, "languages", table.get("languages", [])),
    )


def _document(path: Path, number: int, table: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
    where = f"document {number} ({table.get('path', 'without a path')})"
    _known(path, where, table, tuple(field.name for field in fields(Entry)))
    pattern = _text(path, where, "path", table.get("path", ""))
    if not pattern or pattern.startswith("/") or "\\" in pattern or ".." in pattern.split("/"):
        raise _wrong(path, where, "path", "must be a path or glob below the manifest's folder, with '/'")
    values = {name: _value(path, where, name, value) for name, value in table.items() if name != "path"}
    return unicodedata.normalize("NFC", pattern), values


def _value(path: Path, where: str, name: str, value: Any) -> Any:
    if name in ("labels", "groups"):
        return _texts(path, where, name, value)
    if name == "effective":
        if isinstance(value, dt.datetime):
            return value.date()
        if not isinstance(value, dt.date):
            raise _wrong(path, where, name, "must be a date such as 2025-03-01, without quotes")
        return value
    if name == "applicability":
        return _applicability(path, where, value)
    text = _text(path, where, name, value)
    if name == "status" and text not in STATUSES:
        raise _wrong(path, where, name, f"must be one of {', '.join(STATUSES)}, not '{text}'")
    if name == "language" and not re.fullmatch(r"[a-z]{2}|und|", text):
        raise _wrong(path, where, name, f"must be two letters such as 'de', not '{text}'")
    return text


def _applicability(path: Path, where: str, value: Any) -> Applicability:
    if not isinstance(value, dict):
        raise _wrong(path, where, "applicability", "must be a table with sites, models, years")
    _known(path, where, value, _APPLICABILITY)
    years = value.get("years", [])
    if not isinstance(years, list) or not all(isinstance(year, int) for year in years):
        raise _wrong(path, where, "applicability.years", "must be a list of whole numbers")
    return Applicability(_texts(path, where, "applicability.sites", value.get("sites", [])),
                         _texts(path, where, "applicability.models", value.get("models", [])), tuple(years))


def _text(path: Path, where: str, name: str, value: Any) -> str:
    if not isinstance(value, str):
        raise _wrong(path, where, name, "must be a text in quotes")
    return value.strip()


def _texts(path: Path, where: str, name: str, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise _wrong(path, where, name, "must be a list of texts such as [\"a\", \"b\"]")
    return tuple(value)


def _known(path: Path, where: str, table: Mapping[str, Any], known: tuple[str, ...]) -> None:
    for name in table:
        if name not in known:
            raise _wrong(path, where, name, f"is no field here; known are {', '.join(known)}")


def _wrong(path: Path, where: str, name: str, problem: str) -> UsageError:
    return UsageError(f"{path}, {where}: '{name}' {problem}.", "Correct the manifest and ingest again.")


def _check_bases(manifest: Manifest) -> None:
    names = [base.name for base in manifest.knowledge_bases]
    for name in names:
        if names.count(name) > 1:
            raise UsageError(f"{manifest.path}: the knowledge base '{name}' is there twice.", "Take one out.")
    for number, (pattern, values) in enumerate(manifest.documents, start=1):
        kb = values.get("kb", "")
        if names and kb and kb not in names:
            raise _wrong(manifest.path, f"document {number} ({pattern})", "kb",
                         f"is '{kb}', which is none of its knowledge bases ({', '.join(names)})")
