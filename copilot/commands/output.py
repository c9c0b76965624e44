"""How results are printed: one JSON object, or text for people; stdout holds nothing else."""

from __future__ import annotations

import contextlib
import json
import sys
import unicodedata
from collections.abc import Iterator
from typing import Any, TextIO

from copilot.types import Answer, Citation, Hit, SearchResult, Verdict, to_json

_KEPT = "\n\t"


@contextlib.contextmanager
def quiet_stdout() -> Iterator[TextIO]:
    """Give the real stdout, and send to stderr what libraries print meanwhile."""
    real = sys.stdout
    with contextlib.redirect_stdout(sys.stderr):
        yield real


def write_json(out: TextIO, value: Any) -> None:
    """One object on one line."""
    out.write(json.dumps(to_json(value), ensure_ascii=False) + "\n")
    out.flush()


def clean(text: str) -> str:
    """The text without control and direction characters: a document must not steer the reader's terminal."""
    return "".join(c for c in text if c in _KEPT or unicodedata.category(c) not in ("Cc", "Cf", "Cs"))


def one_line(text: str) -> str:
    """Cleaned, with any white space as single blanks; a table row's tabs as bars."""
    return " ".join(clean(text).replace("\t", " | ").split())


def _head(citation: Citation) -> str:
    document = citation.document
    parts = [document.title or document.uri, document.language]
    if document.revision:
        parts.append(f"revision {document.revision}")
    parts.append(document.status)
    return " · ".join(one_line(part) for part in parts if part)


def _place(citation: Citation) -> str:
    pages = ", ".join(str(page) for page in citation.pages)
    parts = [citation.document.uri, f"page {pages}" if pages else "", citation.locator]
    return " · ".join(one_line(part) for part in parts if part)


def _source(citation: Citation) -> Iterator[str]:
    yield f"[{citation.marker}] {_head(citation)}"
    yield f"    {_place(citation)}"
    yield f"    \u201c{one_line(citation.quote)}\u201d"
    if citation.quote_translated:
        yield f"    (machine translation) {one_line(citation.quote_translated)}"


def _sentences(answer: Answer) -> Iterator[str]:
    if not answer.claims:
        yield one_line(answer.text)
    for claim in answer.claims:
        markers = "".join(f"[{citation.marker}]" for citation in claim.citations)
        text = one_line(claim.text)
        # An answerer may have put the markers into the sentence itself.
        yield text if not markers or text.endswith(markers) else f"{text} {markers}"


def answer_text(answer: Answer) -> str:
    """An answer for people: its sentences with markers, then the sources, each with place and quote."""
    lines = list(_sentences(answer))
    if answer.verdict is Verdict.PARTIAL and answer.missing:
        lines.append("Not in the documents: " + ", ".join(one_line(item) for item in answer.missing))
    lines += [f"Note: {one_line(warning)}" for warning in answer.warnings]
    citations = answer.citations or tuple(item for claim in answer.claims for item in claim.citations)
    if citations:
        lines += ["", "Sources"]
        shown: set[tuple[int, str]] = set()
        for citation in citations:
            if (citation.marker, citation.quote) not in shown:
                shown.add((citation.marker, citation.quote))
                lines += _source(citation)
    return "\n".join(lines)


def _hit(number: int, hit: Hit, explain: bool) -> Iterator[str]:
    document = hit.document
    place = next(iter(hit.chunk.spans), None)
    revision = f"revision {document.revision}" if document.revision else ""
    head = [document.title or document.uri, document.language, revision, document.status]
    yield f"{number:>3}. {hit.score:.3f}  " + " · ".join(one_line(part) for part in head if part)
    where = [document.uri, f"page {place.page}" if place else "", place.locator if place else ""]
    yield "     " + " · ".join(one_line(part) for part in where if part)
    text = one_line(hit.chunk.text)
    yield "     " + (text if len(text) <= 240 else text[:239] + "…")
    if explain:
        legs = ", ".join(f"{name}: rank {leg.rank}, {leg.score:.3f}" for name, leg in hit.legs.items())
        yield f"     legs: {legs or 'none'}; chunk {hit.chunk.id}"


def search_text(result: SearchResult, explain: bool) -> str:
    """Hits for people, best first; ``explain`` adds the legs, the variants of the question and the times."""
    lines = [line for number, hit in enumerate(result.hits, 1) for line in _hit(number, hit, explain)]
    if not lines:
        lines.append("Nothing was found among what may be read.")
    if explain:
        lines += ["", f"Language of the question: {result.language}"]
        lines += [f"Variant ({item.kind}, {item.language}): {one_line(item.text)}" for item in result.variants]
        lines += [f"{name}: {seconds:.3f} s" for name, seconds in result.timings_s.items()]
    return "\n".join(lines)
