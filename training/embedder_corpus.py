"""The parallel text that the embedder learns from: one row per English message, a column for each language."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

LANGUAGES = ("en", "de", "es", "fr", "it", "pl", "pt", "zh")
# Kept for reports: neither their pairs nor their sections are ever read here.
HELD_OUT = ("security-101", "owasp-asvs", "xquad")
PERMISSIVE = ("python-docs", "django-docs", "jenkins", "fastapi", "edgeai-beginners", "tldr")
# Sources whose rows stand in the order of a document, so that a short row heads the long ones after it.
DOCUMENTS = (
    "python-docs", "django-docs", "gnome-user-docs", "kicad-doc", "git-manpages", "fastapi", "edgeai-beginners",
    "owasp-top10",
)
_TITLE = re.compile(r"[A-Z][^.!?;,]{2,68}[^.!?;,:\s]")
_TITLE_WORDS = 9
_BODY_ROWS = 5
_BODY_CHARS = 50


@dataclass(slots=True)
class Corpus:
    """Messages (rows of texts by language, None where untranslated), neighbours and sections as row numbers.

    ``messages`` is the English text and its translations in the order of ``LANGUAGES``; ``sources`` the source of
    each; ``neighbours`` pairs of rows that follow each other; ``sections`` {language: (title, body)} with their source.
    """

    messages: list[list[str | None]]
    sources: list[str]
    neighbours: np.ndarray
    sections: list[dict[str, tuple[str, str]]]
    section_sources: list[str]

    def texts(self) -> Iterator[tuple[str, str]]:
        """(language, text) of all messages and bodies."""
        for row in self.messages:
            yield from ((language, text) for language, text in zip(LANGUAGES, row, strict=True) if text)
        for section in self.sections:
            yield from ((language, body) for language, (_, body) in section.items())


def read_corpus(folder: Path, permissive: bool = False, limit: int | None = None) -> Corpus:
    """Everything that may be learnt from in parallel/en-xx.tsv.gz and parallel/sections.jsonl.gz below ``folder``."""
    files = {}
    for language in LANGUAGES[1:]:
        rows = _rows(folder / "parallel" / f"en-{language}.tsv.gz", limit)
        files[language] = [row for row in rows if _wanted(row[0], permissive)]
    messages, sources, numbers = _align(files)
    neighbours = _neighbours(files, numbers)
    sections, section_sources = _given_sections(folder / "parallel" / "sections.jsonl.gz", permissive, limit)
    headed = _headed_sections(files)
    return Corpus(
        messages, sources, neighbours,
        sections + [section for _, section in headed], section_sources + [source for source, _ in headed],
    )


Row = tuple[str, str, str]


def _wanted(source: str, permissive: bool) -> bool:
    base = source.split("/")[0].split(":")[0]
    return base not in HELD_OUT and (not permissive or base in PERMISSIVE)


def _rows(path: Path, limit: int | None) -> Iterator[Row]:
    with gzip.open(path, "rt", encoding="utf-8", newline="\n") as lines:
        next(lines)
        for number, line in enumerate(lines):
            if limit is not None and number >= limit:
                return
            source, english, other = line.rstrip("\n").split("\t")
            yield source, english, other


def _align(files: dict[str, list[Row]]) -> tuple[list[list[str | None]], list[str], dict[str, int]]:
    numbers: dict[str, int] = {}
    messages: list[list[str | None]] = []
    sources: list[str] = []
    for column, language in enumerate(LANGUAGES[1:], start=1):
        for source, english, other in files[language]:
            number = numbers.setdefault(english, len(messages))
            if number == len(messages):
                messages.append([english] + [None] * (len(LANGUAGES) - 1))
                sources.append(source.split("/")[0])
            if messages[number][column] is None:
                messages[number][column] = other
    return messages, sources, numbers


def _neighbours(files: dict[str, list[Row]], numbers: dict[str, int]) -> np.ndarray:
    """Distinct pairs of messages of one source that follow each other and say more than a label."""
    found: set[tuple[int, int]] = set()
    for rows in files.values():
        for (source, one, _), (following, two, _) in zip(rows, rows[1:], strict=False):
            if source == following and source != "wiktionary" and len(one) > 20 and len(two) > 20:
                found.add((numbers[one], numbers[two]))
    return np.array(sorted(found), dtype=np.int32).reshape(-1, 2)


def _given_sections(
    path: Path, permissive: bool, limit: int | None
) -> tuple[list[dict[str, tuple[str, str]]], list[str]]:
    sections, sources = [], []
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in list(lines)[:limit]:
            item = json.loads(line)
            if _wanted(item["id"], permissive):
                sections.append({key: (text[0], text[1]) for key, text in item.items() if key != "id" and text[1]})
                sources.append(item["id"].split(":")[0])
    return sections, sources


def _headed_sections(files: dict[str, list[Row]]) -> list[tuple[str, dict[str, tuple[str, str]]]]:
    """Sections put together from rows: a title and the long rows after it, joined over languages by the English."""
    merged: dict[tuple[str, str], tuple[str, dict[str, tuple[str, str]]]] = {}
    for language, rows in files.items():
        for title, body in _headed(rows):
            english = " ".join(row[1] for row in body)
            key = (title[1], body[0][1])
            source, section = merged.setdefault(key, (title[0], {"en": (title[1], english)}))
            if len(english) > len(section["en"][1]):
                section["en"] = (title[1], english)
            section[language] = (title[2], " ".join(row[2] for row in body))
    return list(merged.values())


def _headed(rows: Sequence[Row]) -> Iterator[tuple[Row, list[Row]]]:
    number = 0
    while number < len(rows):
        row, number = rows[number], number + 1
        if row[0] not in DOCUMENTS or not _is_title(row[1]):
            continue
        body = []
        for following in rows[number : number + _BODY_ROWS]:
            if following[0] != row[0] or len(following[1]) < _BODY_CHARS:
                break
            body.append(following)
        if body:
            yield row, body
        number += len(body)


def _is_title(text: str) -> bool:
    return len(text.split()) <= _TITLE_WORDS and bool(_TITLE.fullmatch(text))
