"""TBX term bases, version 2 (martif) and 3 (tbx), read with lxml: no entity is resolved, nothing is loaded."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from copilot.catalog.nouns import Term
from copilot.errors import UsageError
from copilot.glossary.entries import Entry, Problem, language_of, status_of

_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_ENTRIES = ("termEntry", "conceptEntry")
_LANGUAGES = ("langSet", "langSec")
_TERMS = ("tig", "ntig", "termSec")
_STATUS_NOTES = ("administrativeStatus", "normativeAuthorization")
_DOMAINS = ("subjectField", "domain")


def read_tbx(content: bytes, name: str) -> tuple[list[Entry], list[Problem]]:
    """The entries of a TBX file; raises UsageError where it is none."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UsageError(f"'{name}' is no sound XML: {error}.", "Export the term base again as TBX.") from error
    if root.getroottree().docinfo.internalDTD is not None and _declares_entities(root):
        raise UsageError(f"'{name}' declares entities, which are not resolved.", "Export it without a DOCTYPE.")
    problems: list[Problem] = []
    entries = [
        _entry(node, number, problems) for number, node in enumerate(_named(root, _ENTRIES), start=1)
    ]
    if not entries:
        raise UsageError(
            f"'{name}' holds no termEntry and no conceptEntry.", "Give a TBX file of version 2 or 3, or a table."
        )
    return entries, problems


def _declares_entities(root: Any) -> bool:
    dtd = root.getroottree().docinfo.internalDTD
    return any(True for _ in dtd.iterentities())


def _local(node: Any) -> str:
    return str(node.tag).rpartition("}")[2] if isinstance(node.tag, str) else ""


def _named(node: Any, names: tuple[str, ...]) -> Iterator[Any]:
    return (child for child in node.iter() if _local(child) in names)


def _entry(node: Any, number: int, problems: list[Problem]) -> Entry:
    entry = Entry(f"Entry {node.get('id') or number}", node.get("id") or "")
    entry.domain = next((_text(child) for child in node if _category(child) in _DOMAINS), "")
    general = _definition(node)
    for section in _named(node, _LANGUAGES):
        language = language_of(section.get(_XML_LANG) or section.get("lang") or "")
        if language is None:
            spoken = section.get(_XML_LANG) or "none"
            problems.append(Problem("ignored", f"{entry.where}: the language '{spoken}' is not one of ours."))
            continue
        for group in _named(section, _TERMS):
            entry.terms.extend(_term(group, language, entry, problems))
        definition = _definition(section) or next(filter(None, map(_definition, _named(section, _TERMS))), "")
        if definition:
            entry.definitions[language] = definition
    if general:
        entry.definitions.setdefault("en" if not entry.terms else entry.terms[0].language, general)
    return entry


def _term(group: Any, language: str, entry: Entry, problems: list[Problem]) -> Iterator[Term]:
    text = next((_text(child) for child in _named(group, ("term",))), "")
    said = next((_text(child) for child in group.iter() if _category(child) in _STATUS_NOTES), "")
    status = status_of(said)
    if status is None:
        problems.append(Problem("ignored", f"{entry.where}: the status '{said}' of '{text}' is not known."))
    yield Term(text, language, status or "")


def _definition(node: Any) -> str:
    """The definition that stands on this level, not below in a language or a term."""
    for child in node:
        if _category(child) == "definition":
            return _text(child)
        if _local(child) == "descripGrp":
            found = _definition(child)
            if found:
                return found
    return ""


def _category(node: Any) -> str:
    """The data category: version 2 gives it as type, version 3 may give it as the element's name."""
    return str(node.get("type") or "") or _local(node) if isinstance(node.tag, str) else ""


def _text(node: Any) -> str:
    return " ".join("".join(node.itertext()).split())
