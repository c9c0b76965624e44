"""The page that translates a text: what stands behind each sentence, what was protected, which terms were obeyed."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from copilot.access import glossary_bases
from copilot.errors import CopilotError
from copilot.types import LANGUAGES, TranslatedText
from copilot.ui import translated_view
from copilot.ui.markup import escaped
from copilot.ui.product import principal, product
from copilot.ui.sidebar import chosen_language
from copilot.ui.texts import Texts, texts_of

_FROM, _TO, _TEXT, _RESULT = "translate_from", "translate_to", "translate_text", "translate_result"
_AGAIN = "translate_again"
_DETECT = ""
_MOST_CHARS = 50_000
_HEIGHT = 260


def page() -> None:
    """Draw the page."""
    texts = texts_of(chosen_language())
    st.title(texts("nav_translate"), anchor=False)
    _languages(texts)
    left, right = st.columns([1, 1], gap="large")
    with left:
        text = st.text_area(
            texts("translate_text"), key=_TEXT, height=_HEIGHT, max_chars=_MOST_CHARS, persist_state="session",
            placeholder=texts("translate_placeholder"), label_visibility="collapsed",
        )  # fmt: skip
        asked = st.button(texts("translate_go"), type="primary", icon=":material/translate:", key="translate_go")
    with right:
        # After a correction the page translates once more, so that it shows what the memory makes of it.
        if (asked or st.session_state.pop(_AGAIN, False)) and (text or "").strip():
            _translate(text or "", texts)
        _result(texts)


def _languages(texts: Texts) -> None:
    if _TO not in st.session_state:
        st.session_state[_TO] = texts.language
    with st.container(horizontal=True, vertical_alignment="bottom", key="translate_languages"):
        st.selectbox(
            texts("translate_from"), (_DETECT, *LANGUAGES), key=_FROM, width=210, persist_state="session",
            format_func=lambda code: texts.language_name(code) if code else texts("translate_detect"),
        )  # fmt: skip
        st.button(
            "", icon=":material/swap_horiz:", key="translate_swap", on_click=_swap, help=texts("translate_swap"),
            disabled=not st.session_state.get(_FROM),
        )  # fmt: skip
        st.selectbox(
            texts("translate_to"), LANGUAGES, key=_TO, width=210, persist_state="session",
            format_func=texts.language_name,
        )  # fmt: skip


def _swap() -> None:
    """A callback: the other way round, with the translation as the text."""
    state = st.session_state
    state[_FROM], state[_TO] = state[_TO], state[_FROM]
    done = state.pop(_RESULT, None)
    if isinstance(done, TranslatedText) and done.text:
        state[_TEXT] = done.text[:_MOST_CHARS]


def _translate(text: str, texts: Texts) -> None:
    st.session_state.pop(_RESULT, None)
    source, target = st.session_state.get(_FROM) or "", st.session_state[_TO]
    try:
        with st.spinner(texts("translate_working")):
            st.session_state[_RESULT] = product.translator().render(text, source, target, _bases())
    except CopilotError as error:
        st.error(escaped(f"{error.reason} {error.cure}"), icon=":material/error:")


def _result(texts: Texts) -> None:
    done = st.session_state.get(_RESULT)
    if not isinstance(done, TranslatedText):
        st.caption(texts("translate_empty"))
        return
    served = (done.source, done.target) in product.translator().pairs()
    translated_view.draw(done, served, product.glossary(), _bases(), texts)


def _bases() -> Sequence[str]:
    """The knowledge bases whose glossary the reader may use now."""
    return glossary_bases(product.shelf().catalog, principal())
