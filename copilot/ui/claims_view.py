"""Draws an answer's sentences in their shape: steps counted, rows of one table together, what is ours marked so."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

import streamlit as st

from copilot.answering.columns import columns
from copilot.types import Citation, Claim, Hit
from copilot.ui.markup import badge, escaped, joined_markers, marker, plain, shortened
from copilot.ui.table_rows import as_table
from copilot.ui.texts import Texts
from copilot.ui.translated_view import KINDS

_STEPS, _LIST = "steps", "list"
_COUNTED = re.compile(r"^\s*\(?(\d{1,3})[.)、．]\s*(?!\d)")
_MOST_ROWS = 60
_MOST_PLACES = 6
_SHORT = 24  # characters: a bare yes or no


@dataclass(frozen=True, slots=True)
class _Said:
    """A claim with the markers of its citations, in their order; ``header`` where it is a row with names above it."""

    claim: Claim
    marks: tuple[str, ...]
    header: tuple[str, ...]

    @property
    def text(self) -> str:
        """What it says, without the key terms of a gloss."""
        return self.claim.text.partition("\n")[0] if self.claim.kind == "gloss" else self.claim.text

    @property
    def key_terms(self) -> str:
        """A gloss's key terms."""
        return self.claim.text.partition("\n")[2] if self.claim.kind == "gloss" else ""

    @property
    def count(self) -> int | None:
        """The number that its source gives it."""
        found = _COUNTED.match(self.text)
        return int(found[1]) if found else None


def draw(
    key: str, claims: Sequence[Claim], texts: Texts, shape: str = "", hits: Mapping[str, Hit] | None = None
) -> None:
    """Draw them; ``hits`` by chunk id tell the column names that a citation does not."""
    said = list(_said(key, claims, hits or {}))
    with st.container(key=f"claims_{key}", gap="small"):
        for place, ((kind, _), group) in enumerate(groupby(said, key=_sort)):
            together = list(group)
            if kind == "row":
                _rows(together, texts)
            elif kind == "computed":
                _computed(f"rows_{key}_{place}", together, texts)
            elif _are_items(together, shape):
                _items(together, ordered=shape != _LIST or _consecutive(together), texts=texts)
            else:
                for item in together:
                    _sentence(item, texts)


def _said(key: str, claims: Sequence[Claim], hits: Mapping[str, Hit]) -> Iterator[_Said]:
    number = 0
    for claim in claims:
        marks = []
        for citation in claim.citations:
            number += 1
            marks.append(marker(citation.marker, f"{key}-c{number}"))
        yield _Said(claim, tuple(marks), _header(claim, hits))


def _header(claim: Claim, hits: Mapping[str, Hit]) -> tuple[str, ...]:
    if not claim.citations or claim.kind == "computed":
        return ()
    citation = claim.citations[0]
    row = claim.text.partition("\n")[0] if claim.kind == "gloss" else claim.text
    if citation.quote == row and citation.columns:
        return citation.columns if len(citation.columns) == len(row.split("\t")) else ()
    hit = hits.get(citation.chunk_id)
    return columns(hit.chunk) if hit is not None and hit.chunk.text == row else ()


def _sort(item: _Said) -> tuple[str, tuple[str, ...]]:
    """What is drawn together: rows under one header, what was computed, sentences."""
    if item.header:
        return "row", item.header
    return ("computed" if item.claim.kind == "computed" else "text"), ()


def _are_items(items: Sequence[_Said], shape: str) -> bool:
    """Whether they are one list: counted by their source, or asked for as a list and from one place.

    Sentences of several places stay sentences: counting them would make an order that no source gives.
    """
    if len(items) < 2:
        return False
    places = {(citation.document.id, citation.locator) for item in items for citation in item.claim.citations}
    return _consecutive(items) or shape in (_STEPS, _LIST) and len(places) == 1


def _consecutive(items: Sequence[_Said]) -> bool:
    """Whether their sources count them one after the other."""
    counts = [item.count for item in items]
    first = counts[0]
    return first is not None and counts == list(range(first, first + len(counts)))


# shapes


def _sentence(item: _Said, texts: Texts) -> None:
    st.markdown(escaped(item.text) + joined_markers(list(item.marks)) + _kind(item.claim.kind, texts))
    if item.key_terms:
        st.caption(f"**{escaped(item.key_terms)}**")
    if "\t" in item.text:
        st.caption(escaped(_where(item.claim.citations[:1], texts)))


def _items(items: Sequence[_Said], *, ordered: bool, texts: Texts) -> None:
    """A list; its numbers are the source's where they follow one another, else they count our items."""
    own = _consecutive(items)
    first = (items[0].count or 1) if own else 1
    lines = []
    for number, item in enumerate(items, first):
        text = _COUNTED.sub("", item.text, count=1) if own else item.text
        bullet = f"{number}." if ordered else "-"
        said = escaped(text) + joined_markers(list(item.marks)) + _kind(item.claim.kind, texts)
        if item.key_terms:
            said += f"  \n{' ' * (len(bullet) + 1)}:small[:gray[{escaped(item.key_terms)}]]"
        lines.append(f"{bullet} {said}")
    st.markdown("\n".join(lines))


def _rows(items: Sequence[_Said], texts: Texts) -> None:
    """Rows under one header as one table, each with its markers; below it where they stand."""
    rows = [(item.text, " ".join(item.marks) + _kind(item.claim.kind, texts)) for item in items]
    st.markdown(as_table(items[0].header, rows))
    notes = [_where([item.claim.citations[0] for item in items], texts)]
    notes += [item.key_terms for item in items if item.key_terms]
    st.caption("  \n".join(escaped(note) for note in notes))


def _computed(key: str, items: Sequence[_Said], texts: Texts) -> None:
    """What we worked out ourselves, and the rows it rests on with a marker each."""
    for item in items:
        text = f"**{escaped(item.text)}**" if len(item.text) <= _SHORT else escaped(item.text)
        st.markdown(text + joined_markers(_one_each(item)) + " " + _ours(texts))
    # A row that several sentences rest on is shown once.
    rows = {
        (citation.document.id, citation.locator, citation.quote): (citation, mark)
        for item in items
        if len(item.marks) > 1
        for citation, mark in zip(item.claim.citations, item.marks, strict=True)
    }
    if rows:
        label = texts("computed_from", count=len(rows))
        with st.expander(label, key=key, type="compact"):
            _counted_rows(list(rows.values())[:_MOST_ROWS], texts)


def _one_each(item: _Said) -> list[str]:
    """The first marker of each passage: the rows below have their own."""
    first: dict[int, str] = {}
    for citation, mark in zip(item.claim.citations, item.marks, strict=True):
        first.setdefault(citation.marker, mark)
    return list(first.values())


def _counted_rows(rows: Sequence[tuple[Citation, str]], texts: Texts) -> None:
    for header, group in groupby(rows, key=lambda row: row[0].columns):
        together = list(group)
        if header and all(len(header) == len(citation.quote.split("\t")) for citation, _ in together):
            st.markdown(as_table(header, [(citation.quote, mark) for citation, mark in together]))
        else:
            st.markdown("\n".join(f"- {escaped(citation.quote)} {mark}" for citation, mark in together))
        st.caption(escaped(_where([citation for citation, _ in together], texts)))


# words


def _ours(texts: Texts) -> str:
    return badge(texts("kind_computed"), *KINDS["computed"])


def _kind(kind: str, texts: Texts) -> str:
    """How a sentence in another language came to be here; nothing for one that stands so in its source."""
    if kind == "original":
        return ""
    name = "machine_translation" if kind == "machine" else f"kind_{kind}"
    return f" :{KINDS[kind][0]}[:small[{escaped(texts(name))}]]"


def _where(citations: Sequence[Citation], texts: Texts) -> str:
    """The documents of table rows, and where in them: a bare row says little on its own."""
    places: dict[str, list[str]] = {}
    for citation in citations:
        title = citation.document.title
        place = texts.place(citation.locator.removeprefix(title).lstrip(" >")).rsplit(" > ", 2)
        places.setdefault(title, []).append(shortened(" › ".join(place[-2:]), 60))
    return "; ".join(f"{shortened(title, 70)}{_joined(found)}" for title, found in places.items())


def _joined(places: Sequence[str]) -> str:
    """Different places of one document, behind its title; a table that all name is named once."""
    found = [place for place in dict.fromkeys(plain(place) for place in places) if place]
    head = found[0].rpartition(", ")[0] if found else ""
    if head and len(found) > 1 and all(place.rpartition(", ")[0] == head for place in found):
        found[1:] = [place.rpartition(", ")[2] for place in found[1:]]
    more = ", …" if len(found) > _MOST_PLACES else ""
    return " · " + ", ".join(found[:_MOST_PLACES]) + more if found else ""
