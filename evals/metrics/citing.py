"""Metrics of the citations: do they prove the answer, on the right page, in the right box, word for word."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from copilot.types import Box, Chunk, Citation, Element
from evals.metrics.matching import (
    cited,
    groups,
    holds,
    names,
    place_of_citation,
    same_document,
    serves,
    squeezed,
)
from evals.types import CaseSource, Observation, Score

_SLACK_PT = 1.5  # rounding of boxes, and the reach of a glyph over its line


def citation_precision(observation: Observation) -> Score | None:
    """The share of the answer's citations that are of a source (precision; Gao et al. 2023 for citations).

    None without citations: an answer that claims nothing cites nothing wrong.
    """
    citations = _citations(observation)
    if not citations or not observation.case.answerable:
        return None
    chunks = _chunks(observation)
    good = sum(
        any(_cites(observation, citation, source, chunks) for source in observation.case.sources)
        for citation in citations
    )
    return Score(good / len(citations), f"{good} of {len(citations)} citations are of a source")


def citation_recall(observation: Observation) -> Score | None:
    """The share of what is wanted that is cited (recall; Gao et al. 2023); 0 for an answer without citations.

    Wanted is each group of sources that answer alike.
    """
    if observation.answer is None or not observation.case.answerable:
        return None
    wanted = len(groups(observation))
    found = wanted - len(uncited(observation))
    return Score(found / wanted, f"{found} of {wanted} sources cited")


def uncited(observation: Observation) -> list[CaseSource]:
    """Of each group of sources of which none is cited the first."""
    citations, chunks = _citations(observation), _chunks(observation)
    return [
        sources[0] for sources in groups(observation)
        if not any(_cites(observation, citation, source, chunks) for citation in citations for source in sources)
    ]


def page_correct(observation: Observation) -> Score | None:
    """1 where a citation of a source's document names the right page, 0 where all such citations name another.

    None where no citation is of a source's document: then it is the document that is wrong.
    """
    pages, chunks = [], _chunks(observation)
    for citation in _citations(observation):
        place = place_of_citation(citation)
        for source in observation.case.sources:
            if _cites(observation, citation, source, chunks):
                return Score(1.0, f"cites page {source.page}")
            if same_document(observation, place, source):
                pages.append((source.page, citation.pages))
    if not pages:
        return None
    wanted, got = pages[0]
    return Score(0.0, f"cites page {', '.join(map(str, got)) or '-'} instead of {wanted}")


def box_correct(observation: Observation) -> Score | None:
    """The share of citations whose boxes enclose each line of their quote, and no more than three times their area.

    The lines are those that the found chunk's pieces locate. Only citations with boxes whose chunk the answer's
    passages or the search hold: formats without a layout have no boxes.
    """
    chunks = _chunks(observation)
    with_boxes = [citation for citation in _citations(observation) if citation.boxes and citation.chunk_id in chunks]
    located = [(citation, list(_lines(chunks[citation.chunk_id], citation))) for citation in with_boxes]
    judged = [(citation, lines) for citation, lines in located if lines]
    if not judged:
        return None
    wrong = [citation.marker for citation, lines in judged if not _enclosed(citation, lines)]
    share = 1 - len(wrong) / len(judged)
    return Score(share, f"the boxes of [{', '.join(map(str, wrong))}] are not those of the quote" if wrong else "")


def quote_verbatim(observation: Observation) -> Score | None:
    """The share of citations whose quote stands, word for word, in the chunk found or elsewhere in its document.

    Compared after NFKC and without white space. None where neither chunk nor document is at hand.
    """
    chunks = _chunks(observation)
    verdicts = [(citation, _stands(observation, citation, chunks)) for citation in _citations(observation)]
    known = [(citation, stands) for citation, stands in verdicts if stands is not None]
    if not known:
        return None
    wrong = [citation for citation, stands in known if not stands]
    reason = f"not in its source: '{wrong[0].quote[:80]}'" if wrong else ""
    return Score(1 - len(wrong) / len(known), reason)


def _citations(observation: Observation) -> list[Citation]:
    return [] if observation.answer is None else cited(observation.answer)


def _cites(
    observation: Observation, citation: Citation, source: CaseSource, chunks: Mapping[str, Sequence[Chunk]]
) -> bool:
    """Whether the citation is of the source: its page; or a page on which its quote stands as well, or where an
    edition has it.
    """
    place = place_of_citation(citation)
    if not serves(observation, place, source):
        return False
    if source.page in citation.pages:
        return True
    if citation.chunk_id in chunks:
        return _on_its_pages(observation, citation, chunks)
    return not names(place.uri, source.document)


def _chunks(observation: Observation) -> dict[str, list[Chunk]]:
    """By chunk id the chunks that a citation may quote: itself and the neighbours merged with it."""
    found: dict[str, list[Chunk]] = {}
    for passage in observation.answer.passages if observation.answer else ():
        together = [hit.chunk for hit in passage.hits]
        found.update({chunk.id: together for chunk in together})
    for hit in observation.search.hits if observation.search else ():
        found.setdefault(hit.chunk.id, [hit.chunk])
    return found


def _stands(observation: Observation, citation: Citation, chunks: Mapping[str, Sequence[Chunk]]) -> bool | None:
    """Whether the quote stands in its chunk or document; None where neither is at hand."""
    together = sorted(chunks.get(citation.chunk_id, ()), key=lambda chunk: chunk.position)
    texts = [chunk.text for chunk in together]
    if any(holds(text, citation.quote) for text in texts) or holds(" ".join(texts), citation.quote):
        return True
    # The chunk may only have led to the place: a row that was counted, a step of a procedure.
    elements = _elements(observation, citation)
    if elements:
        return any(holds(element.text, citation.quote) for element in elements)
    return False if texts else None


def _elements(observation: Observation, citation: Citation) -> Sequence[Element]:
    document = observation.documents.get(citation.document.id)
    return observation.elements(document) if document is not None else ()


def _lines(chunks: Iterable[Chunk], citation: Citation) -> Iterator[tuple[int, Box]]:
    """(page, box) of each piece of a chunk that lies wholly within the quote, or that the quote lies within."""
    quote = squeezed(citation.quote)
    for chunk in chunks:
        if chunk.id != citation.chunk_id:
            continue
        start = squeezed(chunk.text).find(quote)
        if start < 0:
            return
        at = 0
        for begin, end, span in chunk.pieces:
            length = len(squeezed(chunk.text[begin:end]))
            inside = start <= at and at + length <= start + len(quote)
            if span.box is not None and length and (inside or at <= start and start + len(quote) <= at + length):
                # A quote that is only part of a line has a box of its own, within that line's.
                yield span.page, span.box
            at += length


def _on_its_pages(observation: Observation, citation: Citation, chunks: Mapping[str, Sequence[Chunk]]) -> bool:
    """Whether the quote stands on a page that the citation names: a text may stand on several; True where unknown."""
    quote = squeezed(citation.quote)
    found: set[int] = set()
    for chunk in chunks.get(citation.chunk_id, ()):
        start, at = squeezed(chunk.text).find(quote), 0
        for begin, end, span in chunk.pieces if start >= 0 else ():
            length = len(squeezed(chunk.text[begin:end]))
            if at < start + len(quote) and at + length > start:
                found.add(span.page)
            at += length
    if not found:
        holding = (element for element in _elements(observation, citation) if holds(element.text, citation.quote))
        found = {page for element in holding for page in _pages(element)}
    return not found or not found.isdisjoint(citation.pages)


def _pages(element: Element) -> set[int]:
    return {element.span.page, *(page for _, _, page, _ in element.lines)}


def _enclosed(citation: Citation, lines: list[tuple[int, Box]]) -> bool:
    if len(lines) == 1:
        page, line = lines[0]
        return any(box.page == page and _touches(box.box, line) for box in citation.boxes)
    if not all(any(box.page == page and _encloses(box.box, line) for box in citation.boxes) for page, line in lines):
        return False
    return sum(_area(box.box) for box in citation.boxes) <= 3 * sum(_area(line) for _, line in lines)


def _encloses(outer: Box, inner: Box) -> bool:
    return (outer[0] <= inner[0] + _SLACK_PT and outer[1] <= inner[1] + _SLACK_PT
            and outer[2] >= inner[2] - _SLACK_PT and outer[3] >= inner[3] - _SLACK_PT)


def _touches(box: Box, line: Box) -> bool:
    """Whether the box lies within the line's, or encloses it."""
    return _encloses(line, box) or _encloses(box, line)


def _area(box: Box) -> float:
    return max(0.0, box[2] - box[0]) * max(0.0, box[3] - box[1])
