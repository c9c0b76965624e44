"""Translation memories as TMX 1.4 files: read without entities or network, written for other tools."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from copilot.catalog.nouns import Unit
from copilot.errors import UsageError
from copilot.types import LANGUAGES

_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_CODES = frozenset({"bpt", "ept", "it", "ph", "ut"})  # inline codes of an editor: no text
_REVIEWED = "x-reviewed"
_NOT_XML = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_CURE = "Export it again as TMX 1.4."


def read_tmx(path: Path, kb: str = "", author: str = "") -> list[Unit]:
    """All pairs of our languages in the file, in order; UsageError for a file that is no sound TMX."""
    from lxml import etree

    units: list[Unit] = []
    try:
        with path.open("rb") as file:
            events = etree.iterparse(
                file, events=("end",), resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False,
                huge_tree=False,
            )
            for _, element in events:
                if _tag(element) == "tu":
                    units += _pairs(element, kb, author)
                    element.clear()
            root = events.root
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}.", "Name a TMX file.") from error
    except etree.XMLSyntaxError as error:
        raise UsageError(f"{path} is no sound XML: {error.msg}.", _CURE) from error
    if root is None or _tag(root) != "tmx":
        raise UsageError(f"{path} is no TMX file: it begins with <{_tag(root)}>.", "Name a TMX file.")
    return units


def _tag(element: Any) -> str:
    return str(element.tag).rpartition("}")[2] if element is not None else ""


def _pairs(unit: Any, kb: str, author: str) -> Iterator[Unit]:
    """The unit's texts two by two, in the order of the file; an empty text or a language not ours gives none."""
    reviewed = any(_tag(item) == "prop" and item.get("type") == _REVIEWED and item.text == "yes" for item in unit)
    texts: list[tuple[str, str]] = []
    for variant in unit:
        if _tag(variant) != "tuv":
            continue
        language = str(variant.get(_LANG) or variant.get("lang") or "").lower().replace("_", "-").partition("-")[0]
        text = "".join("".join(_text(item)) for item in variant if _tag(item) == "seg").strip()
        if language in LANGUAGES and text and language not in {known for known, _ in texts}:
            texts.append((language, text))
    for (source, given), (target, made) in itertools.combinations(texts, 2):
        yield Unit(source, target, given, made, kb, reviewed, author)


def _text(element: Any) -> Iterator[str]:
    if element.text:
        yield element.text
    for item in element:
        if isinstance(item.tag, str) and _tag(item) not in _CODES:
            yield from _text(item)
        if item.tail:
            yield item.tail


def write_tmx(path: Path, units: Iterable[Unit]) -> int:
    """Write them with the mark of those that were reviewed; return how many. The file appears whole or not at all."""
    from lxml import etree

    count = 0
    partial = path.with_name(path.name + ".part")
    try:
        with etree.xmlfile(str(partial), encoding="utf-8") as file:
            file.write_declaration()
            with file.element("tmx", version="1.4"):
                file.write(_header(etree))
                with file.element("body"):
                    for unit in units:
                        file.write(_unit(etree, unit), pretty_print=True)
                        count += 1
        partial.replace(path)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise UsageError(f"{path} cannot be written: {error.strerror}.", "Name a file in a folder of yours.") from error
    return count


def _header(etree: Any) -> Any:
    created = dt.datetime.now(dt.UTC).strftime("%Y%m%dT%H%M%SZ")
    return etree.Element(
        "header", {
            "creationtool": "engineering-copilot", "creationtoolversion": "1", "segtype": "sentence",
            "o-tmf": "engineering-copilot", "adminlang": "en", "srclang": "*all*", "datatype": "plaintext",
            "creationdate": created,
        },
    )  # fmt: skip


def _unit(etree: Any, unit: Unit) -> Any:
    element = etree.Element("tu")
    if unit.reviewed:
        etree.SubElement(element, "prop", type=_REVIEWED).text = "yes"
    for language, text in ((unit.source_language, unit.source), (unit.target_language, unit.target)):
        variant = etree.SubElement(element, "tuv", {_LANG: language})
        etree.SubElement(variant, "seg").text = _NOT_XML.sub(" ", text)
    return element
