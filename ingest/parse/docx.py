"""Word documents: a pass over the XML that keeps what partition_docx would lose, then partition_docx."""

from __future__ import annotations

import copy
import io
import re
import zipfile
from collections.abc import Iterator, Set
from dataclasses import replace
from pathlib import Path
from typing import Any

from lxml import etree

from copilot.errors import ParseError
from copilot.types import Element, ElementKind
from ingest.parse.elements import from_unstructured

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_DOCUMENT = "word/document.xml"
_UNWRAPPED = (_W + "ins", _W + "moveTo", _W + "smartTag", _W + "customXml")
_DROPPED = (_W + "del", _W + "moveFrom", _MC + "Fallback")
_LABEL = re.compile(r"\S{1,12}\s+")
_MAX_PARAGRAPHS = 400_000
_MAX_PART_BYTES = 400_000_000


def parse(path: Path, media_type: str, language: str) -> list[Element]:
    """The elements of a .docx in order; headings carry their level, tables their rows."""
    from unstructured.partition.docx import partition_docx

    with zipfile.ZipFile(path) as archive:
        _guard(path, archive)
        tree = etree.fromstring(archive.read(_DOCUMENT), etree.XMLParser(resolve_entities=False, huge_tree=True))
        _guard_paragraphs(path, tree)
        styles = _style_names(archive)
        captions = _texts_of(tree, styles, "caption")
        titles = _texts_of(tree, styles, "title")
        headers = [_header_rows(table) for table in _top_tables(tree)]
        _keep_all(tree, archive)
        written = {_solid("".join(paragraph.itertext(_W + "t"))) for paragraph in tree.iter(_W + "p")}
        prepared = _repack(archive, etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True))
    elements = partition_docx(file=prepared, languages=[""], starting_page_number=1)
    if titles:  # the document's title and its first headings have the same depth there
        for element in elements:
            if element.category == "Title" and element.text.strip() not in titles:
                element.metadata.category_depth = (element.metadata.category_depth or 0) + 1
    tables = sum(element.category == "Table" for element in elements)
    found = from_unstructured(elements, captions=captions, headers=headers if tables == len(headers) else ())
    return [_with_label(element, written) for element in found]


def _with_label(element: Element, written: Set[str]) -> Element:
    """A list's number that partition_docx puts before the paragraph is searched, but not quoted: nobody wrote it."""
    label = _LABEL.match(element.text)
    if element.kind is not ElementKind.LIST_ITEM or label is None or _solid(element.text) in written:
        return element
    text = element.text[label.end():]
    return replace(element, text=text, context=label.group().strip()) if _solid(text) in written else element


def _solid(text: str) -> str:
    return "".join(text.split())


def _guard(path: Path, archive: zipfile.ZipFile) -> None:
    if _DOCUMENT not in archive.namelist():
        raise ParseError("broken", f"{path.name} lacks its text part ({_DOCUMENT}).",
                         "Open it in the program that made it and save it again.")
    if any(part.flag_bits & 1 for part in archive.infolist()):
        raise ParseError("encrypted", f"{path.name} is protected by a password.",
                         "Save it without the password and ingest it again.")
    if sum(part.file_size for part in archive.infolist()) > _MAX_PART_BYTES:
        raise ParseError("too_large", f"{path.name} unpacks to more than {_MAX_PART_BYTES // 1_000_000} MB.",
                         "Split it into smaller documents.")


def _guard_paragraphs(path: Path, tree: Any) -> None:
    count = sum(1 for _ in tree.iter(_W + "p"))
    if count > _MAX_PARAGRAPHS:
        raise ParseError("too_large", f"{path.name} has {count} paragraphs; {_MAX_PARAGRAPHS} is the limit.",
                         "Split it into smaller documents.")


def _top_tables(tree: Any) -> list[Any]:
    return [table for table in tree.iter(_W + "tbl")
            if not any(node.tag in (_W + "tbl", _W + "txbxContent") for node in table.iterancestors())]


def _header_rows(table: Any) -> int:
    """Rows at the top that are marked as repeated header, or one whose text is all bold; -1 where nothing tells."""
    rows = table.findall(_W + "tr")
    marked = 0
    for row in rows:
        if row.find(f"{_W}trPr/{_W}tblHeader") is None:
            break
        marked += 1
    if marked:
        return marked if marked < len(rows) else 1
    bold = [_is_bold(row) for row in rows]
    return 1 if len(rows) > 1 and bold[0] and not all(bold) else -1


def _is_bold(row: Any) -> bool:
    runs = [run for run in row.iter(_W + "r") if "".join(run.itertext(_W + "t")).strip()]
    return bool(runs) and all(run.find(f"{_W}rPr/{_W}b") is not None for run in runs)


def _style_names(archive: zipfile.ZipFile) -> dict[str, str]:
    """Style id -> its name in lower case, which does not depend on the program's language."""
    if "word/styles.xml" not in archive.namelist():
        return {}
    styles = etree.fromstring(archive.read("word/styles.xml"), etree.XMLParser(resolve_entities=False))
    named = ((style.get(_W + "styleId"), style.find(_W + "name")) for style in styles.iter(_W + "style"))
    return {key: (name.get(_W + "val") or "").lower() for key, name in named if key and name is not None}


def _texts_of(tree: Any, styles: dict[str, str], name: str) -> set[str]:
    """The texts of the paragraphs in the style of that name."""
    texts = set()
    for paragraph in tree.iter(_W + "p"):
        style = paragraph.find(f"{_W}pPr/{_W}pStyle")
        if style is not None and styles.get(style.get(_W + "val")) == name:
            texts.add("".join(paragraph.itertext(_W + "t")).strip())
    return texts - {""}


def _keep_all(tree: Any, archive: zipfile.ZipFile) -> None:
    """Bring into plain paragraphs what partition_docx does not look into."""
    for node in list(tree.iter(*_DROPPED)):
        _remove(node)
    for node in list(tree.iter(*_UNWRAPPED)):
        _unwrap(node, list(node))
    for node in list(tree.iter(_W + "sdt")):
        content = node.find(_W + "sdtContent")
        _unwrap(node, [] if content is None else list(content))
    for node in list(tree.iter(_M + "oMath")):
        _as_run(node)
    for node in list(tree.iter(_W + "txbxContent")):
        _lift(node)
    body = tree.find(_W + "body")
    for paragraph in _notes(archive):
        body.insert(len(body) - (1 if len(body) and body[-1].tag == _W + "sectPr" else 0), paragraph)


def _remove(node: Any) -> None:
    parent = node.getparent()
    if parent is not None:
        parent.remove(node)


def _unwrap(node: Any, children: list[Any]) -> None:
    parent = node.getparent()
    if parent is None:
        return
    place = parent.index(node)
    parent.remove(node)
    for offset, child in enumerate(children):
        parent.insert(place + offset, child)


def _as_run(math: Any) -> None:
    run = etree.Element(_W + "r")
    text = etree.SubElement(run, _W + "t")
    text.text = "".join(math.itertext(_M + "t"))
    parent = math.getparent()
    if parent is not None and parent.tag == _M + "oMathPara":
        outer = parent.getparent()
        if outer is not None:
            outer.replace(parent, run)
    elif parent is not None:
        parent.replace(math, run)


def _lift(content: Any) -> None:
    """Put a text box's paragraphs behind the paragraph that anchors it."""
    anchor = next((node for node in content.iterancestors() if node.tag == _W + "p"), None)
    if anchor is None or anchor.getparent() is None:
        return
    place = anchor.getparent().index(anchor) + 1
    for offset, child in enumerate(list(content)):
        anchor.getparent().insert(place + offset, child)


def _notes(archive: zipfile.ZipFile) -> Iterator[Any]:
    """The paragraphs of foot- and endnotes; separators have a type and are left out."""
    for part, tag in (("word/footnotes.xml", "footnote"), ("word/endnotes.xml", "endnote")):
        if part not in archive.namelist():
            continue
        tree = etree.fromstring(archive.read(part), etree.XMLParser(resolve_entities=False))
        for note in tree.iter(_W + tag):
            if note.get(_W + "type") is None:
                for paragraph in note.iter(_W + "p"):
                    clean = copy.deepcopy(paragraph)
                    for style in list(clean.iter(_W + "pStyle", _W + "footnoteRef", _W + "endnoteRef")):
                        _remove(style)
                    yield clean


def _repack(archive: zipfile.ZipFile, document: bytes) -> io.BytesIO:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as packed:
        for name in dict.fromkeys(archive.namelist()):
            packed.writestr(name, document if name == _DOCUMENT else archive.read(name))
    out.seek(0)
    return out
