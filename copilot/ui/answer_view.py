"""Draws one turn: the question, the verdict, the cited sentences, warnings, actions and sources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from copilot.answering.columns import columns
from copilot.answering.messages import MISSING, message
from copilot.types import Answer, Claim, Hit, Verdict
from copilot.ui import search_view
from copilot.ui.actions import actions
from copilot.ui.conditions import draw_conditions
from copilot.ui.generation import Generation
from copilot.ui.markup import badge, escaped, joined_markers, marker, plain, shortened
from copilot.ui.scope import is_narrowed, widen
from copilot.ui.sources import Source, cited_sources
from copilot.ui.table_rows import as_table
from copilot.ui.texts import Texts
from copilot.ui.translated_view import KINDS

_SUPERSEDED = "Superseded: "
_VERDICTS = {
    Verdict.ANSWERED: ("green", ":material/verified:"),
    Verdict.PARTIAL: ("yellow", ":material/rule:"),
    Verdict.NOT_FOUND: ("gray", ":material/search_off:"),
    Verdict.REFUSED: ("yellow", ":material/block:"),
}


def draw(key: str, question: str, answer: Answer | None, texts: Texts) -> list[Source]:
    """Draw a kept turn; return the sources that its markers name."""
    _heading(question)
    if answer is None:
        st.markdown(badge(texts("withheld"), "gray", ":material/lock:"))
        st.markdown(escaped(texts("withheld_text")))
        return []
    if answer.standalone and answer.standalone != question:
        st.caption(escaped(texts("understood_as", question=answer.standalone)))
    sources = cited_sources(key, answer, texts)
    st.markdown(_verdict(answer, sources, texts))
    if answer.verdict is Verdict.NOT_FOUND:
        _not_found(key, question, answer, sources, texts)
    elif answer.claims:
        hits = {hit.chunk.id: hit for passage in answer.passages for hit in passage.hits}
        _claims(key, answer.claims, texts, hits)
        if answer.missing:
            st.markdown(escaped(message(MISSING, answer.language, names=", ".join(answer.missing))))
    else:
        st.markdown(escaped(answer.text))
    draw_conditions(answer, texts)
    _warnings(answer, texts)
    if answer.verdict is not Verdict.REFUSED:
        actions(key, question, answer, texts)
        sources += search_view.draw(key, question, answer, sources, texts)
    return sources


def draw_running(running: Generation, texts: Texts, *, warm: bool) -> None:
    """Draw what was found so far, with a button that stops."""
    _heading(running.question.text)
    found = list(running.claims)
    with st.container(horizontal=True, vertical_alignment="center", key="running"):
        state = "searching" if warm else "engine_loading"
        st.markdown(badge(texts(state), "blue", ":material/manage_search:"))
        st.button(
            texts("stop"), icon=":material/stop_circle:", type="tertiary", on_click=running.stop, key="stop"
        )
    if found:
        _claims("live", found, texts)
    else:
        st.skeleton(height=110)


def draw_unfinished(running: Generation, texts: Texts) -> None:
    """Draw a question that was stopped, or that could not be answered."""
    _heading(running.question.text)
    if running.error:
        st.error(f"**{texts('failed')}** {escaped(running.error)}", icon=":material/error:")
        return
    st.markdown(badge(texts("stopped"), "gray", ":material/stop_circle:"))
    if running.claims:
        _claims("live", running.claims, texts)


def as_text(answer: Answer | None, texts: Texts) -> str:
    """The answer as plain text with its sources, for the clipboard and the export."""
    if answer is None:
        return ""
    lines = [plain(answer.question), ""]
    for claim in answer.claims:
        marks = "".join(f"[{number}]" for number in _markers(claim))
        lines.append(f"{plain(claim.text)} {marks}".strip())
    if not answer.claims:
        lines.append(plain(answer.text))
    seen: dict[int, str] = {}
    for citation in answer.citations:
        pages = ", ".join(str(page) for page in citation.pages)
        where = texts("page_short", page=pages) if citation.boxes else plain(citation.locator)
        parts = (plain(citation.document.title), texts("revision", revision=citation.document.revision), where)
        seen.setdefault(citation.marker, f"[{citation.marker}] " + " · ".join(part for part in parts if part))
    return "\n".join([*lines, *([""] if seen else []), *seen.values()])


# parts


def _heading(question: str) -> None:
    st.header(escaped(question), anchor=False)


def _verdict(answer: Answer, sources: Sequence[Source], texts: Texts) -> str:
    colour, icon = _VERDICTS[answer.verdict]
    label = texts(f"verdict_{answer.verdict.value}")
    if answer.claims:
        label += " · " + texts("sources_count", count=len({source.label for source in sources}))
    shown = [badge(label, colour, icon)]
    old = {item.document.id for item in answer.citations if item.document.status in ("superseded", "withdrawn")}
    if old:
        shown.append(badge(texts("superseded_count", count=len(old)), "orange", ":material/history:"))
    if any(claim.kind == "machine" for claim in answer.claims):
        shown.append(badge(texts("machine_translation"), "violet", ":material/translate:"))
    languages = sorted({item.document.language for item in answer.citations} - {answer.language})
    shown += [badge(texts.language_name(language), "gray", ":material/language:") for language in languages]
    return " ".join(shown)


def _claims(key: str, claims: Sequence[Claim], texts: Texts, hits: Mapping[str, Hit] | None = None) -> None:
    number = 0
    with st.container(key=f"claims_{key}", gap="small"):
        for claim in claims:
            marks = []
            for citation in claim.citations:
                number += 1
                marks.append(marker(citation.marker, f"{key}-c{number}"))
            _claim(claim, marks, texts, hits or {})


def _claim(claim: Claim, marks: list[str], texts: Texts, hits: Mapping[str, Hit]) -> None:
    """A sentence with its markers; a table's row under its header cells, with its document below."""
    header = _header(claim, hits)
    if header:
        st.markdown(as_table(header, claim.text))
        st.markdown(" ".join(marks) + f" :gray[:small[{_where(claim)}]]")
        return
    shown, _, key_terms = claim.text.partition("\n") if claim.kind == "gloss" else (claim.text, "", "")
    st.markdown(escaped(shown) + joined_markers(marks) + _kind(claim.kind, texts))
    if key_terms:
        st.caption(f"**{escaped(key_terms)}**")
    if "\t" in claim.text:
        st.caption(_where(claim))


def _kind(kind: str, texts: Texts) -> str:
    """How a sentence in another language came to be here; nothing for one that stands so in its source."""
    if kind == "original":
        return ""
    name = "machine_translation" if kind == "machine" else f"kind_{kind}"
    return f" :{KINDS[kind][0]}[:small[{escaped(texts(name))}]]"


def _header(claim: Claim, hits: Mapping[str, Hit]) -> tuple[str, ...]:
    hit = hits.get(claim.citations[0].chunk_id) if claim.citations else None
    return columns(hit.chunk) if hit is not None and hit.chunk.text == claim.text else ()


def _where(claim: Claim) -> str:
    """The document of a table's row, and where in it: a bare row says little on its own."""
    citation = claim.citations[0]
    title = citation.document.title
    place = citation.locator.removeprefix(title).lstrip(" >").rsplit(" > ", 2)
    parts = (shortened(title, 70), shortened(" › ".join(place[-2:]), 60))
    return escaped(" · ".join(part for part in parts if part))


def _markers(claim: Claim) -> list[int]:
    return list(dict.fromkeys(citation.marker for citation in claim.citations))


def _not_found(key: str, question: str, answer: Answer, sources: Sequence[Source], texts: Texts) -> None:
    st.markdown(escaped(answer.text))
    near = search_view.near_spellings(key, question)
    if near:
        shown = " · ".join(f"**{escaped(item)}**" for item in near)
        st.markdown(f"{escaped(texts('did_you_mean'))} {shown}")
    if sources:
        lines = [
            f"- {escaped(source.title)}{_section(source)} {marker(source.label, source.key)}" for source in sources
        ]
        st.markdown(f"{escaped(texts('closest_passages'))}\n\n" + "\n".join(lines))
        owners = dict.fromkeys(
            hit.document.owner for passage in answer.passages for hit in passage.hits if hit.document.owner
        )
        if owners:
            st.caption(escaped(texts("ask_owner", owner="; ".join(list(owners)[:2]))))
    if is_narrowed():
        st.button(texts("widen"), icon=":material/zoom_out_map:", on_click=widen, key="widen")


def _section(source: Source) -> str:
    place = source.locator.removeprefix(source.title).lstrip(" >").rsplit(" > ", 1)[-1]
    return f", *{escaped(shortened(place, 60))}*" if place else ""


def _warnings(answer: Answer, texts: Texts) -> None:
    if answer.verdict is Verdict.REFUSED:
        return
    for warning in answer.warnings:
        old = warning.startswith(_SUPERSEDED)
        body = texts("superseded_warning", title=warning.removeprefix(_SUPERSEDED)) if old else warning
        st.warning(escaped(body), icon=":material/history:" if old else ":material/warning:")
