"""Draws what was not found, or only in part: what was searched, which passages come closest, and whom to ask."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from copilot.answering.messages import MISSING, message
from copilot.types import Answer
from copilot.ui import search_view
from copilot.ui.markup import badge, escaped, marker, shortened
from copilot.ui.scope import is_narrowed, widen
from copilot.ui.sources import Source
from copilot.ui.texts import Texts

_SNIPPET = 200


def draw(key: str, question: str, answer: Answer, closest: Sequence[Source], texts: Texts) -> None:
    """An answer that was not found."""
    st.markdown(escaped(answer.text))
    _searched(answer, texts)
    near = search_view.near_spellings(key, question)
    if near:
        shown = " · ".join(f"**{escaped(item)}**" for item in near)
        st.markdown(f"{escaped(texts('did_you_mean'))} {shown}")
    _closest(key, answer, closest, texts)
    if is_narrowed():
        st.button(texts("widen"), icon=":material/zoom_out_map:", on_click=widen, key="widen")


def draw_missing(key: str, answer: Answer, closest: Sequence[Source], texts: Texts) -> None:
    """Below an answer in part: what no passage holds, and what comes closest to it."""
    if answer.missing:
        missing = message(MISSING, answer.language, names=", ".join(answer.missing))
        st.warning(escaped(missing), icon=":material/search_off:")
    _searched(answer, texts)
    _closest(key, answer, closest, texts)


def _searched(answer: Answer, texts: Texts) -> None:
    """How much was searched, in which languages, those with the most first."""
    languages = sorted(answer.searched, key=lambda name: (-answer.searched[name], name))
    if languages:
        names = ", ".join(texts.language_name(name) for name in languages)
        st.caption(escaped(texts("searched", count=texts.number(sum(answer.searched.values())), languages=names)))


def _closest(key: str, answer: Answer, closest: Sequence[Source], texts: Texts) -> None:
    if not closest:
        return
    with st.container(key=f"closest_{key}", gap="small"):
        st.markdown(escaped(texts("closest_passages")))
        for source in closest:
            with st.container(gap=None):
                told = badge(source.language.upper(), "gray")
                st.markdown(f"{marker(source.label, source.key)} **{escaped(source.title)}**{_section(source)} {told}")
                st.caption(escaped(shortened(source.quote, _SNIPPET)))
        owners = _owners(answer)
        if owners:
            st.caption(f":material/person: {escaped(texts('ask_owner', owner='; '.join(owners[:2])))}")


def _owners(answer: Answer) -> list[str]:
    owners = [item.document.owner for item in answer.closest]
    owners += [hit.document.owner for passage in answer.passages for hit in passage.hits]
    return [owner for owner in dict.fromkeys(owners) if owner]


def _section(source: Source) -> str:
    place = source.locator.removeprefix(source.title).lstrip(" >").rsplit(" > ", 1)[-1]
    return f", *{escaped(shortened(place, 60))}*" if place else ""
