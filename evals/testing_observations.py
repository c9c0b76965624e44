"""Observations made by hand, with few and readable values: for tests."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from copilot.types import (
    Answer,
    Box,
    Chunk,
    Citation,
    CitedDocument,
    Claim,
    Document,
    Element,
    ElementKind,
    Hit,
    PageBox,
    Passage,
    SearchResult,
    Span,
    Support,
    Verdict,
)
from evals.types import Case, CaseSource, Observation

LINE: Box = (50.0, 100.0, 250.0, 110.0)


def document(path: str, language: str = "en", family: str = "", status: str = "released", title: str = "") -> Document:
    """A document at this path below the corpus folder; its id is the path with ``id:`` before it."""
    return Document(
        f"id:{path}", "kb", f"file:///corpus/{path}", title or f"Title of {path}", "0" * 64, "application/pdf",
        language=language, family=family, status=status,
    )


def hit(path: str, page: int = 1, text: str = "text", language: str = "en", box: Box | None = LINE) -> Hit:
    """A hit of one piece on one page; the chunk's id is made of path, page and text."""
    found = document(path, language)
    chunk = Chunk(
        f"{path}#{page}#{text}", found.id, found.sha256, page, text, text, (), ((0, len(text), Span(page, box)),),
        language, ElementKind.TEXT,
    )
    return Hit(chunk, found, 1.0)


def citation(
    path: str, page: int = 1, quote: str = "text", language: str = "en", box: Box | None = LINE, chunk_text: str = ""
) -> Citation:
    """A citation of a chunk that holds exactly the quote, or ``chunk_text``."""
    found = document(path, language)
    cited = CitedDocument(found.id, found.uri, found.title, language, "A", found.status)
    boxes = () if box is None else (PageBox(page, box),)
    return Citation(1, cited, (page,), boxes, "", quote, chunk_id=f"{path}#{page}#{chunk_text or quote}")


def claim(text: str, *citations: Citation, kind: str = "original") -> Claim:
    """A claim with its proof."""
    return Claim(text, kind, citations, Support(1.0, "made by hand"))


def quoted(path: str, page: int, text: str, language: str = "en") -> Claim:
    """A claim that is its quote."""
    return claim(text, citation(path, page, text, language))


def answer(*claims: Claim, language: str = "en", text: str = "", hits: Iterable[Hit] = ()) -> Answer:
    """Answered with these claims, not found without any; each hit is a passage."""
    passages = tuple(Passage(number, (found,)) for number, found in enumerate(hits, 1))
    said = text or "\n".join(claim.text for claim in claims) or "Not found in the documents."
    return Answer(
        "q", language, Verdict.ANSWERED if claims else Verdict.NOT_FOUND, said, claims,
        tuple(citation for claim in claims for citation in claim.citations), passages,
    )


def search(*hits: Hit, own: Sequence[Hit] = (), others: Sequence[Hit] = ()) -> SearchResult:
    """A search that found these, in this order."""
    return SearchResult("q", "en", hits, tuple(own), tuple(others), (), {})


def source(path: str, page: int = 1, quote: str = "text") -> CaseSource:
    """A case's source."""
    return CaseSource(path, page, quote)


def observation(
    *sources: CaseSource, found: Answer | None = None, search: SearchResult | None = None, reference: str = "",
    language: str = "en", tags: tuple[str, ...] = (), restricted: tuple[str, ...] = (),
    documents: Iterable[Document] = (), secrets: tuple[str, ...] = (), question: str = "What is it?",
    seconds: float = 0.5, answer_language: str = "", name: str = "case",
    texts: Mapping[str, Sequence[str]] | None = None,
) -> Observation:
    """A case with these sources (none: the corpus has no answer) and what was observed.

    ``texts`` are the elements of documents by their path, the first on page 1, the second on page 2 and so on.
    """
    case = Case(
        name, question, language, reference, sources, tags=tags, restricted=restricted, answer_language=answer_language
    )
    known: Mapping[str, Document] = {item.id: item for item in documents}
    elements = {
        f"id:{path}": [Element(ElementKind.TEXT, text, Span(page)) for page, text in enumerate(all_texts, 1)]
        for path, all_texts in (texts or {}).items()
    }
    return Observation(
        case, search, found, seconds, known, secrets, lambda document: elements.get(document.id, ())
    )
