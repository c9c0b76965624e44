"""Web pages: hidden text dropped, everything visible brought where partition_html finds it, then partition_html."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from lxml import html

from copilot.errors import ParseError
from copilot.types import Element, ElementKind
from ingest.parse.charsets import decode
from ingest.parse.elements import from_unstructured
from ingest.parse.grid import read_html_table, text_of

_NO_TEXT = ("script", "style", "template", "noscript", "svg", "math", "iframe", "object", "canvas", "head", "select")
_OPENED = ("main", "article", "section", "nav", "header", "footer", "aside", "details", "fieldset", "figure",
           "center", "form", "hgroup", "search")
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|opacity\s*:\s*0*\.?0+\s*(?:[;!]|$)"
    r"|font-size\s*:\s*(?:0*\.?0+\s*(?:px|pt|em|rem|%)?|[0-2](?:\.\d+)?\s*p[xt]|0?\.[01]\d*\s*r?em)\s*(?:[;!]|$)"
    r"|(?<![\w-])(?:width|height)\s*:\s*0+\s*(?:px|pt|em|rem|%)?\s*(?:[;!]|$)|text-indent\s*:\s*-\d{3,}"
    r"|(?<![\w-])(?:left|top)\s*:\s*-\d{3,}|clip\s*:\s*rect\(\s*0", re.IGNORECASE)
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_SELECTOR = re.compile(r"^(?:[a-zA-Z][\w-]*)?([.#])([\w-]+)$")
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_MAX_DEPTH = 100
_LOST_DEPTH = 2000  # libxml2 drops, without a word, what nests deeper than 2,048
_CAPTION_CLASS = "caption-of-the-next-table"
_NUMBER = "\ue000{}.\ue001"  # signs that no text holds part a list's number from the item's own words
_NUMBERS = re.compile("\ue000([^\ue001]*)\ue001\\s*")
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?([\w-]+)", re.IGNORECASE)


def parse(path: Path, media_type: str, language: str) -> list[Element]:
    """The visible text of an .html file as elements; the number of a list's item stands in its ``context``."""
    data = path.read_bytes()
    declared = _CHARSET.search(data[:4096])
    return parse_html(decode(data, declared.group(1).decode("ascii") if declared else ""))


def parse_html(source: str) -> list[Element]:
    """The visible text of a page as elements."""
    from unstructured.partition.html import partition_html

    cleaned, captions = clean_html(source)
    if not cleaned:
        return []
    found = from_unstructured(partition_html(text=cleaned, languages=[""]), captions=captions)
    return [element for element in map(_with_number, found) if element.text or element.html]


def _with_number(element: Element) -> Element:
    """The number that the list gives is searched, but not quoted: it is not in the page's text."""
    text, span = element.text, element.span
    if "\ue000" not in text + span.locator + element.html:
        return element
    number = _NUMBERS.match(text)
    return replace(
        element, text=_NUMBERS.sub("", text), html=_NUMBERS.sub("", element.html),
        span=replace(span, locator=_NUMBERS.sub("", span.locator)),
        context=number.group(1) if number and element.kind is ElementKind.LIST_ITEM else element.context,
    )


def clean_html(source: str) -> tuple[str, set[str]]:
    """The page's body rewritten (hidden text out, lists numbered, tables rectangular, no deep nesting), and the
    captions of its tables, which stand as paragraphs before them.
    """
    root = _tree(source)
    if root is None:
        return "", set()
    hidden = _hidden_selectors(root)
    for node in list(root.iter()):
        if not isinstance(node.tag, str):
            _drop(node)
        elif node.tag != "head" and _is_hidden(node, hidden) or node.tag in _NO_TEXT:
            _drop(node)
    for node in list(root.iter(*_OPENED)):
        node.tag = "div"
    for node in list(root.iter("summary", "dt", "dd", "figcaption", "legend", "address", "caption")):
        if node.tag != "caption":
            node.tag = "p"
    _number_lists(root)
    _square_tables(root)
    _flatten(root)
    captions = {node.text or "" for node in root.iter("p") if node.get("class") == _CAPTION_CLASS}
    return html.tostring(root, encoding="unicode"), captions


def _tree(source: str) -> Any:
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", re.sub("[\x00\ue000\ue001]", "", source))
    if not text.strip():
        return None
    return html.document_fromstring(text, parser=html.HTMLParser(encoding=None, huge_tree=True))


def _drop(node: Any) -> None:
    if node.getparent() is not None:
        node.drop_tree()


def _hidden_selectors(root: Any) -> set[tuple[str, str]]:
    """(sign, name) of the classes and ids that the page's own style sheets hide."""
    found = set()
    for style in root.iter("style"):
        for selectors, body in _RULE.findall(style.text or ""):
            if _HIDDEN.search(body):
                for selector in selectors.split(","):
                    match = _SELECTOR.match(selector.strip())
                    if match:
                        found.add((match.group(1), match.group(2)))
    return found


def _is_hidden(node: Any, hidden: Iterable[tuple[str, str]]) -> bool:
    if node.get("hidden") is not None or (node.tag == "input" and node.get("type") == "hidden"):
        return True
    if _HIDDEN.search(node.get("style") or ""):
        return True
    names = {(".", name) for name in (node.get("class") or "").split()} | {("#", node.get("id") or "")}
    return not names.isdisjoint(hidden)


def _number_lists(root: Any) -> None:
    """Mark each item of a numbered list with the number that a reader sees before it."""
    for numbered in root.iter("ol"):
        start = numbered.get("start", "1")
        count = int(start) if start.lstrip("-").isdigit() else 1
        for item in numbered:
            if item.tag == "li":
                target = item[0] if len(item) and item[0].tag == "p" and not (item.text or "").strip() else item
                target.text = _NUMBER.format(count) + (target.text or "").lstrip()
                count += 1


def _square_tables(root: Any) -> None:
    """Make tables of data rectangular with plain cells; tables that only lay out the page become blocks."""
    for table in list(root.iter("table")):
        if table.getparent() is None or next(table.iterancestors("table"), None) is not None:
            continue
        if table.get("role") == "presentation" or next(table.iter(*_HEADINGS, "ul", "ol"), None) is not None:
            _as_blocks(table)
        elif sum(1 for _ in table.iter("table")) > 1:
            _as_blocks(table)
            _square_tables(table)
        else:
            _rewrite(table)


def _as_blocks(table: Any) -> None:
    inner = [node for node in table.iter("tr", "td", "th", "tbody", "thead", "tfoot", "caption")
             if next(node.iterancestors("table")) is table]
    for node in inner:
        node.tag = "div"
    table.tag = "div"


def _rewrite(table: Any) -> None:
    grid = read_html_table(html.tostring(table, encoding="unicode", with_tail=False))
    caption = table.find("caption")
    if caption is not None and text_of(caption):
        note = html.Element("p")
        note.text = text_of(caption)
        note.set("class", _CAPTION_CLASS)
        table.addprevious(note)
    for child in list(table):
        table.remove(child)
    table.text = None
    for number, cells in enumerate(grid.cells):
        row = html.Element("tr")
        for text in cells:
            cell = html.Element("th" if number < grid.headers else "td")
            cell.text = text
            row.append(cell)
        table.append(row)


def _flatten(root: Any) -> None:
    """Take wrappers out where blocks nest deeper than partition_html follows."""
    stack = [(root, 0)]
    deep = []
    while stack:
        node, depth = stack.pop()
        if depth >= _LOST_DEPTH:
            raise ParseError("too_large", f"The page nests its blocks more than {_LOST_DEPTH} deep.",
                             "Save it again from the program that made it.")
        if depth > _MAX_DEPTH and node.tag in ("div", "span", "section", "article", "font", "b", "i", "ul", "li"):
            deep.append(node)
        stack.extend((child, depth + 1) for child in node)
    for node in deep:
        node.drop_tag()
