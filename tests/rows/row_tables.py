"""Tables and evidence for tests of questions over rows."""

from __future__ import annotations

from collections.abc import Sequence

from copilot.rows import compute
from copilot.types import Chunk, Document, Draft, Element, ElementKind, Evidence, Hit, Passage, Question, Span


def document(language: str, title: str = "", name: str = "t.csv") -> Document:
    return Document(name, "kb", f"file:///{name}", title, "0" * 64, "text/csv", language)


def elements(header: Sequence[str], rows: Sequence[Sequence[str]], caption: str = "") -> list[Element]:
    context = caption + "\n" + "\t".join(header)
    return [
        Element(ElementKind.TABLE_ROW, "\t".join(row), Span(1, None, f"row {number}"), context=context)
        for number, row in enumerate(rows, start=2)
    ]


def hit_of(made: Document, element: Element, score: float = 1.0) -> Hit:
    text = element.text
    pieces = ((0, len(text), element.span),)
    chunk = Chunk("c" + made.id, made.id, made.sha256, 0, text, text, (), pieces, made.language, ElementKind.TABLE_ROW)
    return Hit(chunk, made, score)


def ask(question: str, language: str, *tables: tuple[Document, list[Element]]) -> Draft | None:
    hits = [hit_of(made, found[0], 1.0 - place / 10) for place, (made, found) in enumerate(tables)]
    stored = {made.id: found for made, found in tables}
    passages = tuple(Passage(place, (hit,)) for place, hit in enumerate(hits, start=1))
    return compute(Evidence(Question(question), language, passages), lambda made: stored[made.id])


def said(draft: Draft | None) -> list[str]:
    return [claim.text for claim in draft.claims] if draft else []
