"""What the source panel shows: citations, closest passages and hits as one shape, ready for JSON."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from copilot.types import Answer, Citation, Hit, PageBox, Verdict
from copilot.ui.markup import plain
from copilot.ui.texts import Texts

STATUS_COLOURS = {
    "released": "green", "superseded": "orange", "withdrawn": "orange", "in_review": "blue", "draft": "gray",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Source:
    """One place in a document as the panel shows it; ``key`` is what its marker links to."""

    key: str
    label: str
    title: str
    badges: tuple[tuple[str, str], ...]
    language: str
    quote: str
    document: str
    sha256: str
    page: int
    locator: str
    boxes: tuple[PageBox, ...] = ()
    translated: str = ""
    group: str = field(default="", kw_only=True)

    def to_json(self) -> dict[str, Any]:
        """As the component takes it; text only, nothing of it is markup."""
        return {
            "key": self.key, "label": self.label, "group": self.group, "title": plain(self.title),
            "badges": [list(badge) for badge in self.badges], "language": self.language, "quote": self.quote,
            "translated": self.translated, "document": self.document, "sha256": self.sha256, "page": self.page,
            "locator": plain(self.locator),
            "boxes": [{"page": item.page, "box": list(item.box)} for item in self.boxes],
        }  # fmt: skip


def cited_sources(turn: str, answer: Answer, texts: Texts) -> list[Source]:
    """The sources of an answer's citations in order, or of the closest passages where nothing was found."""
    if answer.verdict is Verdict.NOT_FOUND and answer.closest:
        return closest_sources(turn, answer, texts)
    if answer.verdict is Verdict.NOT_FOUND:
        hits = [hit for passage in answer.passages for hit in passage.hits]
        return hit_sources(f"{turn}-p", closest(hits), texts)
    citations = [citation for claim in answer.claims for citation in claim.citations]
    return [
        _of_citation(f"{turn}-c{index}", turn, citation, texts) for index, citation in enumerate(citations, start=1)
    ]


def closest_sources(turn: str, answer: Answer, texts: Texts) -> list[Source]:
    """The passages that come closest to what was not found, numbered from 1."""
    near = [replace(item, marker=number) for number, item in enumerate(answer.closest, start=1)]
    return [_of_citation(f"{turn}-p{item.marker}", f"{turn}-p", item, texts) for item in near]


def reading_sources(turn: str, found: Sequence[Citation], texts: Texts) -> list[Source]:
    """The places that disagree, lettered from A: they are no proof of a sentence."""
    return [
        replace(_of_citation(f"{turn}-r{number}", f"{turn}-r", citation, texts), label=_letter(number))
        for number, citation in enumerate(found)
    ]


def _letter(number: int) -> str:
    """A to Z, then A2 to Z2 and so on."""
    return chr(ord("A") + number % 26) + (str(number // 26 + 1) if number >= 26 else "")


def closest(hits: Iterable[Hit], most: int = 3) -> list[Hit]:
    """The best passage of each document, best first."""
    best: dict[str, Hit] = {}
    for hit in sorted(hits, key=lambda item: -item.score):
        best.setdefault(hit.document.id, hit)
    return list(best.values())[:most]


def hit_sources(prefix: str, hits: Sequence[Hit], texts: Texts) -> list[Source]:
    """The sources of hits, numbered from 1."""
    return [_of_hit(f"{prefix}{number}", prefix, str(number), hit, texts) for number, hit in enumerate(hits, start=1)]


def _of_citation(key: str, group: str, citation: Citation, texts: Texts) -> Source:
    document = citation.document
    return Source(
        key, str(citation.marker), document.title, badges(document.status, document.revision, texts),
        document.language, citation.quote, document.id, document.sha256,
        citation.pages[0] if citation.pages else 1, texts.place(citation.locator), citation.boxes,
        citation.quote_translated, group=group,
    )  # fmt: skip


def _of_hit(key: str, group: str, label: str, hit: Hit, texts: Texts) -> Source:
    document, chunk = hit.document, hit.chunk
    boxes = tuple(PageBox(span.page, span.box) for span in chunk.spans if span.box is not None)
    first = chunk.spans[0] if chunk.spans else None
    locator = next((span.locator for span in chunk.spans if span.locator), " > ".join(chunk.headings))
    return Source(
        key, label, document.title, badges(document.status, document.revision, texts), chunk.language, chunk.text,
        document.id, document.sha256, first.page if first else 1, texts.place(locator), boxes, group=group,
    )  # fmt: skip


def badges(status: str, revision: str, texts: Texts) -> tuple[tuple[str, str], ...]:
    """(text, colour) of a document's status and revision."""
    shown = [(texts.status(status), STATUS_COLOURS.get(status, "gray"))]
    if revision:
        shown.append((texts("revision", revision=revision), "gray"))
    return tuple(shown)
