"""Draws one turn: the question, the verdict, the cited sentences, warnings, actions and sources."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from copilot.types import Answer, Claim, Verdict
from copilot.ui import claims_view, nothing_view, search_view
from copilot.ui.actions import actions
from copilot.ui.conditions import draw_conditions
from copilot.ui.generation import Generation
from copilot.ui.markup import badge, escaped, plain
from copilot.ui.sources import Source, cited_sources, closest_sources
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
    if answer.standalone and answer.standalone != question:
        st.caption(escaped(texts("understood_as", question=answer.standalone)))
    sources, near = cited_sources(key, answer, texts), []
    st.markdown(_verdict(answer, sources, texts))
    if answer.verdict is Verdict.NOT_FOUND:
        nothing_view.draw(key, question, answer, sources, texts)
    elif answer.claims:
        hits = {hit.chunk.id: hit for passage in answer.passages for hit in passage.hits}
        claims_view.draw(key, answer.claims, texts, answer.shape, hits)
        if answer.missing:
            near = closest_sources(key, answer, texts)
            nothing_view.draw_missing(key, answer, near, texts)
    else:
        st.markdown(escaped(answer.text))
    near = near + draw_conditions(key, answer, texts)
    _warnings(answer, texts)
    if answer.verdict is not Verdict.REFUSED:
        actions(key, question, answer, texts)
        near = near + search_view.draw(key, question, answer, sources, texts)
    return sources + near


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
        claims_view.draw("live", found, texts)
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
        claims_view.draw("live", running.claims, texts)


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
        where = texts("page_short", page=pages) if citation.boxes else plain(texts.place(citation.locator))
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


def _markers(claim: Claim) -> list[int]:
    return list(dict.fromkeys(citation.marker for citation in claim.citations))


def _warnings(answer: Answer, texts: Texts) -> None:
    if answer.verdict is Verdict.REFUSED:
        return
    for warning in answer.warnings:
        old = warning.startswith(_SUPERSEDED)
        body = texts("superseded_warning", title=warning.removeprefix(_SUPERSEDED)) if old else warning
        st.warning(escaped(body), icon=":material/history:" if old else ":material/warning:")
