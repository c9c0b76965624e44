"""Draft cases from parsed documents: cells of tables, sentences with values or identifiers, steps of procedures."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from copilot.language import concepts, sentences
from copilot.quantities import quantities
from copilot.rows.dates import periods
from copilot.types import LANGUAGES, Document, Element, ElementKind, Principal
from evals.cases.drafting_words import BOILERPLATE, CELL, IDENTIFIER, STEPS, TEMPLATES, VALUE
from evals.types import CROSS, DRAFT, Case, CaseSource

_NOTHING = frozenset({"", "-", "–", "—"})
_CHAPTER = re.compile(r"^\d+(?:\.\d+)*[.)]?\s+")
_NUMBERED = re.compile(r"^\d+[.)]")
_SHORTEST, _LONGEST = 12, 280  # characters of a sentence, by the width of what it says
_WIDE = re.compile(r"[\u3400-\u9fff]")
_UNIT_OF_COLUMN = re.compile(r"[(\[（].+[)\]）]")
_FEWEST_STEPS = 3
_MOST_OF_A_NAME = 70


@dataclass(frozen=True, slots=True)
class Readable:
    """A document with its elements, and the path by which a case names it."""

    document: Document
    elements: Sequence[Element]
    name: str


@dataclass(frozen=True, slots=True)
class _Proposal:
    kind: str
    subject: str
    property: str
    reference: str
    sources: tuple[CaseSource, ...]


def drafts(readable: Sequence[Readable], count: int, language: str, principal: Principal) -> list[Case]:
    """Up to ``count`` cases, taken in turn from the documents and kinds; the same input gives the same drafts.

    Without ``language`` each question is asked in its document's; another one makes cases across languages.
    """
    found: list[Case] = []
    seen: set[str] = set()
    for item, proposal in _in_turn(readable):
        case = _case(item, proposal, language, principal)
        if case is not None and case.question not in seen:
            seen.add(case.question)
            found.append(case)
        if len(found) == count:
            break
    return found


def _in_turn(readable: Sequence[Readable]) -> Iterator[tuple[Readable, _Proposal]]:
    """One proposal of each document, then the next of each; within a document the kinds take turns."""
    waiting = [(item, _by_kind(item)) for item in readable]
    while waiting:
        left = []
        for item, proposals in waiting:
            proposal = next(proposals, None)
            if proposal is not None:
                left.append((item, proposals))
                yield item, proposal
        waiting = left


def _by_kind(item: Readable) -> Iterator[_Proposal]:
    kinds = [_spread(_cells(item)), _spread(_sentences(item)), _spread(_procedures(item))]
    first = int(_digest(item.document.id), 16) % len(kinds)  # so that few drafts of many documents are of all kinds
    kinds = kinds[first:] + kinds[:first]
    for place in range(max(map(len, kinds))):
        yield from (kind[place] for kind in kinds if place < len(kind))


def _spread(proposals: Iterable[_Proposal]) -> list[_Proposal]:
    """In an order that has nothing to do with the document's, so that a few drafts come from everywhere in it."""
    return sorted(proposals, key=lambda proposal: _digest(proposal.subject + proposal.reference))


def _case(item: Readable, proposal: _Proposal, language: str, principal: Principal) -> Case | None:
    spoken = item.document.language
    asked = language or spoken
    if asked not in TEMPLATES:
        return None
    question = TEMPLATES[asked][proposal.kind].format(subject=proposal.subject, property=proposal.property)
    across = (CROSS, f"from-{spoken}") if asked != spoken and spoken in LANGUAGES else ()
    return Case(
        id=f"draft-{asked}-{_digest(item.document.id + proposal.kind + question)[:8]}", question=question,
        language=asked, reference=proposal.reference, sources=proposal.sources, principal=principal,
        tags=(DRAFT, *across, proposal.kind),
    )


def _cells(item: Readable) -> Iterator[_Proposal]:
    """Of each row the first cell that holds a number, asked for by its column and the row's own name."""
    for element in _asked_about(item.elements):
        header = element.context.rsplit("\n", 1)[-1].split("\t")
        cells = element.text.split("\t")
        if element.kind is not ElementKind.TABLE_ROW or len(header) != len(cells) or not _names(cells[0]):
            continue
        for column, cell in zip(header[1:], cells[1:], strict=True):
            asked = cell not in _NOTHING and _names(column) and any(letter.isdigit() for letter in cell)
            if asked and (_UNIT_OF_COLUMN.search(column) or _tells(element.text, item.document.language)):
                yield _Proposal(CELL, cells[0], column, cell, (_source(item, element, " | ".join(cells)),))
                break


def _sentences(item: Readable) -> Iterator[_Proposal]:
    """Sentences below a heading that hold an identifier or a value."""
    subject = item.document.number or item.document.title
    for heading, element in _below_headings(item.elements):
        if element.kind is not ElementKind.TEXT:
            continue
        for start, end in sentences(element.text, item.document.language):
            sentence = element.text[start:end]
            width = len(sentence) + len(_WIDE.findall(sentence))
            if not _SHORTEST <= width <= _LONGEST or not sentence.endswith((".", "。", "!", "！")):
                continue
            said = concepts(sentence, item.document.language)
            code = next((one.surface for one in said if one.kind == "identifier" and len(one.surface) > 3), "")
            source = _source(item, element, sentence, start)
            if code:
                yield _Proposal(IDENTIFIER, code, heading, sentence, (source,))
            elif _tells(sentence, item.document.language):
                yield _Proposal(VALUE, subject, heading, sentence, (source,))


def _procedures(item: Readable) -> Iterator[_Proposal]:
    """Numbered lists, whole; each step is a source."""
    subject = item.document.number or item.document.title
    for heading, pairs in groupby(_below_headings(item.elements), key=lambda pair: pair[0]):
        steps = [element for _, element in pairs if _is_step(element)]
        if len(steps) >= _FEWEST_STEPS:
            sources = tuple(dict.fromkeys(_source(item, step, step.text) for step in steps))
            yield _Proposal(STEPS, subject, heading, " ".join(step.text for step in steps), sources)


def _tells(text: str, language: str) -> bool:
    """Whether it holds what can be asked for and checked: a value with its unit, an identifier, or a date."""
    if any(one.kind == "identifier" and len(one.surface) > 3 for one in concepts(text, language)):
        return True
    return any(found.unit for found in quantities(text, language)) or bool(periods(text, language))


def _is_step(element: Element) -> bool:
    numbered = _NUMBERED.match(element.context) or _NUMBERED.match(element.text)
    return element.kind is ElementKind.LIST_ITEM and numbered is not None


def _asked_about(elements: Sequence[Element]) -> Iterator[Element]:
    """The elements without chapters that no engineer asks about (a licence, the authors) and what is below them."""
    skipped = 0  # the level of the heading whose chapter is left out
    for element in elements:
        if element.kind is ElementKind.TITLE and (not skipped or max(1, element.level) <= skipped):
            skipped = max(1, element.level) if BOILERPLATE.fullmatch(_heading(element)) else 0
        if not skipped:
            yield element


def _heading(element: Element) -> str:
    return _CHAPTER.sub("", " ".join(element.text.split()))


def _below_headings(elements: Sequence[Element]) -> Iterator[tuple[str, Element]]:
    """Each element with the heading above it, without its chapter number; what stands above the first is left out."""
    heading = ""
    for element in _asked_about(elements):
        if element.kind is ElementKind.TITLE:
            heading = _heading(element)
        elif heading and len(heading) <= _MOST_OF_A_NAME:
            yield heading, element


def _source(item: Readable, element: Element, quote: str, start: int = 0) -> CaseSource:
    """The quote with the page on which it starts."""
    pages = [page for _, end, page, _ in element.lines if end > start]
    return CaseSource(item.name, pages[0] if pages else element.span.page, quote)


def _names(cell: str) -> bool:
    """Whether a cell can stand in a question: it has letters, is short, and is no sentence."""
    return 1 < len(cell) <= _MOST_OF_A_NAME and any(letter.isalpha() for letter in cell) and "\n" not in cell


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
