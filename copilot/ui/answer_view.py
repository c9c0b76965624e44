"""Draws one turn: the question, the verdict, the cited sentences, warnings, actions and sources."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from copilot.types import Answer, Claim, Verdict
from copilot.ui import search_view
from copilot.ui.actions import actions
from copilot.ui.generation import Generation
from copilot.ui.markup import badge, escaped, joined_markers, marker, plain
from copilot.ui.scope import is_narrowed, widen
from copilot.ui.sources import Source, cited_sources
from copilot.ui.texts import Texts

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
    sources = cited_sources(key, answer, texts)
    st.markdown(_verdict(answer, sources, texts))
    if answer.verdict is Verdict.NOT_FOUND:
        _not_found(answer, sources, texts)
    elif answer.claims:
        _claims(key, answer.claims, texts)
    else:
        st.markdown(escaped(answer.text))
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
    seen = {}
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


def _claims(key: str, claims: Sequence[Claim], texts: Texts) -> None:
    number = 0
    with st.container(key=f"claims_{key}", gap="small"):
        for claim in claims:
            marks = []
            for citation in claim.citations:
                number += 1
                marks.append(marker(citation.marker, f"{key}-c{number}"))
            kind = f" :violet[:small[{escaped(texts('machine_translation'))}]]" if claim.kind == "machine" else ""
            st.markdown(escaped(claim.text) + joined_markers(marks) + kind)
            where = _where(claim)
            if where:
                st.caption(escaped(where))


def _where(claim: Claim) -> str:
    """The document of a table row or a foreign quote: a bare row says little on its own."""
    if not claim.citations or "\t" not in claim.text:
        return ""
    citation = claim.citations[0]
    return " · ".join(part for part in (citation.document.title, citation.locator) if part)


def _markers(claim: Claim) -> list[int]:
    return list(dict.fromkeys(citation.marker for citation in claim.citations))


def _not_found(answer: Answer, sources: Sequence[Source], texts: Texts) -> None:
    st.markdown(escaped(answer.text))
    if sources:
        lines = [f"- {escaped(source.title)}{_section(source)} {marker(source.label, source.key)}" for source in sources]
        st.markdown(f"{escaped(texts('closest_passages'))}\n\n" + "\n".join(lines))
        owners = dict.fromkeys(
            hit.document.owner for passage in answer.passages for hit in passage.hits if hit.document.owner
        )
        if owners:
            st.caption(escaped(texts("ask_owner", owner="; ".join(list(owners)[:2]))))
    if is_narrowed():
        st.button(texts("widen"), icon=":material/zoom_out_map:", on_click=widen, key="widen")


def _section(source: Source) -> str:
    return f", *{escaped(source.locator)}*" if source.locator else ""


def _warnings(answer: Answer, texts: Texts) -> None:
    if answer.verdict is Verdict.REFUSED:
        return
    for warning in answer.warnings:
        old = warning.startswith(_SUPERSEDED)
        body = texts("superseded_warning", title=warning.removeprefix(_SUPERSEDED)) if old else warning
        st.warning(escaped(body), icon=":material/history:" if old else ":material/warning:")
