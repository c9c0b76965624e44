"""The sidebar: new question, recent questions, language, and who is asking."""

from __future__ import annotations

import streamlit as st

from copilot.types import LANGUAGES
from copilot.ui.markup import escaped, shortened
from copilot.ui.product import principal, product
from copilot.ui.texts import FALLBACK, Texts, texts_of

_LANGUAGE = "language"
_RECENT = 8


def chosen_language() -> str:
    """The reader's choice, else the browser's language as far as we speak it."""
    chosen = st.session_state.get(_LANGUAGE)
    if chosen in LANGUAGES:
        return str(chosen)
    locale = (st.context.locale or FALLBACK).replace("_", "-").split("-")[0].lower()
    return locale if locale in LANGUAGES else FALLBACK


def draw(texts: Texts, chat: st.Page) -> None:
    """Draw it below the navigation."""
    with st.sidebar:
        if st.button(texts("new_question"), icon=":material/add:", width="stretch", key="new_question"):
            st.switch_page(chat)
        _recent(texts, chat)
        if _LANGUAGE not in st.session_state:
            st.session_state[_LANGUAGE] = chosen_language()
        st.selectbox(
            texts("language"), LANGUAGES, key=_LANGUAGE, persist_state="session",
            format_func=lambda name: texts_of(name)("own_name"),
        )  # fmt: skip
        _reader(texts)


def _recent(texts: Texts, chat: st.Page) -> None:
    conversations = product.shelf().library.conversations(principal())[:_RECENT]
    if not conversations:
        return
    with st.container(key="recent", gap=None):
        st.caption(texts("recent_questions"))
        for item in conversations:
            label = escaped(shortened(item.title, 60))
            if st.button(label, type="tertiary", key=f"recent_{item.id}", width="stretch"):
                st.switch_page(chat, query_params={"chat": item.id})


def _reader(texts: Texts) -> None:
    reader = principal()
    groups = ", ".join(reader.groups) or texts("no_groups")
    with st.container(key="reader"):
        st.caption(f":material/person: {escaped(reader.id)} · {escaped(groups)}")
