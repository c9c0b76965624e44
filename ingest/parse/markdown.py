"""Markdown: footnotes and captions made readable for the Markdown reader, then the way of web pages."""

from __future__ import annotations

import re
from pathlib import Path

from copilot.errors import ParseError
from copilot.types import Element
from ingest.parse.charsets import read_text
from ingest.parse.html import parse_html

_FRONT = re.compile(r"\A(?:---|\+\+\+)[ \t]*\n.*?\n(?:---|\+\+\+)[ \t]*\n", re.DOTALL)
_FOOTNOTE = re.compile(r"^\[\^([^\]]+)\]:[ \t]*", re.MULTILINE)
_CAPTIONED = re.compile(r"^(?!\s*\|)(\S[^\n]*)\n(?=\|[^\n]*\|[ \t]*\n\|[ \t:|-]+\|[ \t]*\n)", re.MULTILINE)
_LIST_AFTER_TEXT = re.compile(r"^(?![ \t]*(?:[-*+]|\d+[.)])[ \t])(\S[^\n]*)\n(?=(?:[-*+]|1[.)])[ \t]+\S)", re.MULTILINE)
_EXTENSIONS = ["tables", "fenced_code", "sane_lists"]
_DEEP = re.compile(r"^(?:[ \t]*>){40}|^[ \t]{400}", re.MULTILINE)


def parse(path: Path, media_type: str, language: str) -> list[Element]:
    """The elements of a Markdown file; front matter is left out."""
    import markdown  # type: ignore[import-untyped,unused-ignore]

    text = read_text(path)
    if _DEEP.search(text):
        raise ParseError("too_large", f"{path.name} nests its blocks too deep.", "Flatten its quotes and lists.")
    # partition_md does these two steps itself, but loses the numbers of lists and takes hidden HTML for text.
    return parse_html(f"<body>{markdown.markdown(_prepare(text), extensions=_EXTENSIONS)}</body>")


def _prepare(text: str) -> str:
    text = _FRONT.sub("", text.replace("\r\n", "\n").replace("\r", "\n"), count=1)
    text = _FOOTNOTE.sub(r"\n\1: ", text)
    text = _CAPTIONED.sub(r"\1\n\n", text)  # a table directly below a line of text is no table to the parser
    return _LIST_AFTER_TEXT.sub(r"\1\n\n", text)
