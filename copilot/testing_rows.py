"""Tables made in a test, and questions asked over their rows."""

from __future__ import annotations

from collections.abc import Sequence

from copilot.rows import compute
from copilot.types import Chunk, Document, Draft, Element, ElementKind, Evidence, Hit, Passage, Question, Span


def document(language: str, title: str = "", name: str = "t.csv") -> Document:
    """A table's document; its id is its name."""
    return Document(name, "kb", f"file:///{name}", title, "0" * 64, "text/csv", language)


def elements(header: Sequence[str], rows: Sequence[Sequence[str]], caption: str = "") -> list[Element]:
    """The rows as a parser gives them, the first at "row 2"."""
    context = caption + "\n" + "\t".join(header)
    return [
        Element(ElementKind.TABLE_ROW, "\t".join(row), Span(1, None, f"row {number}"), context=context)
        for number, row in enumerate(rows, start=2)
    ]


def ask(question: str, language: str, *tables: tuple[Document, list[Element]]) -> Draft | None:
    """The draft over these tables, of each of which a search has found one row; the first is the best hit."""
    stored = {made.id: found for made, found in tables}
    hits = [_hit(made, 1.0 - place / 10) for place, made in enumerate(made for made, _ in tables)]
    passages = tuple(Passage(marker, (hit,)) for marker, hit in enumerate(hits, start=1))
    return compute(Evidence(Question(question), language, passages), lambda made: stored[made.id])


def said(draft: Draft | None) -> list[str]:
    """The texts of the claims; none of no draft."""
    return [claim.text for claim in draft.claims] if draft else []


def _hit(made: Document, score: float) -> Hit:
    text = "found"
    pieces = ((0, len(text), Span(1, None, "row 2")),)
    chunk = Chunk("c-" + made.id, made.id, made.sha256, 0, text, text, (), pieces, made.language, ElementKind.TABLE_ROW)
    return Hit(chunk, made, score)
