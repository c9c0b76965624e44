"""Conflicts of an answer: where another permitted passage gives a different value for what a claim says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from copilot.answering.citations import cite, cited_document
from copilot.answering.columns import columns, labelled
from copilot.conflicts.comparing import Difference, Told, contradicted
from copilot.conflicts.likeness import Near
from copilot.conflicts.statements import Statement
from copilot.types import Citation, Claim, Conflict, Document, Evidence, Hit, Passage, Reading
from copilot.verification.sources import Source
from copilot.verification.wording import Wording

_CLAIMS = 4  # as many of the first claims are held against the other passages
_LONGEST_SUBJECT = 90


def conflicts(
    claims: Sequence[Claim],
    evidence: Evidence,
    more: Sequence[Hit] = (),
    wording: Wording | None = None,
    near: Near | None = None,
) -> tuple[Conflict, ...]:
    """What current passages of other documents say otherwise than the claims, each with both readings.

    ``evidence`` holds permitted passages only, and ``more`` such hits beyond them: of editions in other languages
    that the evidence leaves out, say. Claims that were computed are left out: their rows speak.
    """
    hits = {hit.chunk.id: hit for passage in evidence.passages for hit in passage.hits}
    last = max((passage.marker for passage in evidence.passages), default=0)
    extra = [Passage(last + 1, (hit,)) for hit in more if hit.chunk.id not in hits]
    passages = (*evidence.passages, *extra)
    found: dict[tuple[str, str], Conflict] = {}
    for claim in [item for item in claims if item.kind != "computed"][:_CLAIMS]:
        for citation in claim.citations:
            mine = hits.get(citation.chunk_id)
            if mine is not None:
                for other, passage, difference in _against(citation, mine, passages, wording, near):
                    _add(found, citation, mine, other, passage, difference)
    return tuple(found.values())


def _against(
    citation: Citation, mine: Hit, passages: Sequence[Passage], wording: Wording | None, near: Near | None
) -> Iterator[tuple[Hit, Passage, Difference]]:
    own = [hit for passage in passages for hit in passage.hits if hit.document.id == mine.document.id]
    others: dict[str, list[tuple[Passage, Hit]]] = {}
    for passage in passages:
        for hit in passage.hits:
            if hit.document.id != mine.document.id:
                others.setdefault(hit.document.id, []).append((passage, hit))
    quote, ours = _told(mine, citation.quote), [_told(hit, hit.chunk.text) for hit in own]
    for found in others.values():
        theirs = [_told(hit, hit.chunk.text) for _, hit in found]
        for difference, place in contradicted(quote, ours, theirs, wording, near):
            yield found[place][1], found[place][0], difference


def _told(hit: Hit, text: str) -> Told:
    heads = columns(hit.chunk)
    shown = labelled(text, heads) if heads else text
    document = hit.document
    language = hit.chunk.language
    titles = "\n".join(dict.fromkeys([document.title, *hit.chunk.headings]))
    return Told(
        Source(shown, language), titles, document.applicability, document.status, document.family, document.number
    )


def _add(
    found: dict[tuple[str, str], Conflict], citation: Citation, mine: Hit, other: Hit, passage: Passage,
    difference: Difference,
) -> None:
    key = (citation.document.id, f"{difference.a.shown} {difference.a.clause}")
    start = other.chunk.text.find(difference.b.text)
    end = start + len(difference.b.text) if start >= 0 else len(other.chunk.text)
    cited = cite(other, max(0, start), end, passage.marker)
    readings = [
        Reading(_value(difference.a), replace(citation, document=cited_document(mine.document))),
        Reading(_value(difference.b), cited),
    ]
    known = found.get(key)
    if known is not None:
        same = any(item.citation.document.id == cited.document.id for item in known.readings)
        readings = [*known.readings, *([] if same else readings[1:])]
    dated = _newest(readings, {mine.document.id: mine.document, other.document.id: other.document})
    found[key] = Conflict(_subject(difference.a), dated, _reason(dated))


def _value(item: Statement) -> str:
    """The value as its source writes it, with its unit where a table keeps that in its header."""
    shown = item.shown
    return shown if not item.unit or any(char.isalpha() or char in "%°" for char in shown) else f"{shown} {item.unit}"


def _subject(item: Statement) -> str:
    words = [word.surface for word in (*item.near, *item.head)]
    shown = item.clause.strip(" .;,") if item.row or not words else " ".join(dict.fromkeys(words))
    return shown if len(shown) <= _LONGEST_SUBJECT else shown[: _LONGEST_SUBJECT - 1] + "…"


def _newest(readings: Sequence[Reading], documents: dict[str, Document]) -> tuple[Reading, ...]:
    """The readings, the newest marked: by the date from which each is valid, in one series by its revision."""
    dates = [item.citation.document.effective for item in readings]
    if all(date is not None for date in dates) and len(set(dates)) > 1:
        last = max(date for date in dates if date is not None)
        return tuple(replace(item, newest=date == last) for item, date in zip(readings, dates, strict=True))
    numbers = {item.number for item in documents.values()}
    revisions = [item.citation.document.revision for item in readings]
    if len(numbers) == 1 and "" not in numbers | set(revisions) and len(set(revisions)) > 1:
        latest = max(revisions, key=lambda text: (len(text), text))
        return tuple(replace(item, newest=text == latest) for item, text in zip(readings, revisions, strict=True))
    return tuple(replace(item, newest=False) for item in readings)


def _reason(readings: Sequence[Reading]) -> str:
    """In English for the record; the command line and the app tell it in the reader's language."""
    parts = [f"{item.value} in '{item.citation.document.title}'" for item in readings]
    newest = next((item.citation.document for item in readings if item.newest), None)
    told = f"; the newer is '{newest.title}'" if newest is not None else ""
    owner = newest.owner if newest is not None else next(
        (item.citation.document.owner for item in readings if item.citation.document.owner), ""
    )
    return " against ".join(parts) + told + (f"; ask {owner}" if owner else "")
