"""Where a question looks: knowledge bases, document languages, a date."""

from __future__ import annotations

import datetime as dt

import streamlit as st

from copilot.types import Question
from copilot.ui.product import principal, product
from copilot.ui.texts import Texts

_BASES, _LANGUAGES, _DATE = "scope_bases", "scope_languages", "scope_date"


def draw(texts: Texts) -> None:
    """A popover that says what is chosen and lets choose; nothing chosen means all that the reader may read."""
    bases = product.shelf().library.knowledge_bases(principal())
    titles = {base.name: base.title or base.name for base in bases}
    languages = sorted({language for base in bases for language in base.languages})
    with st.popover(_label(titles, texts), icon=":material/tune:", type="tertiary", key="scope"):
        st.pills(
            texts("knowledge_bases"), list(titles), selection_mode="multi", key=_BASES,
            format_func=lambda name: titles.get(name, name), persist_state="session",
        )  # fmt: skip
        st.pills(
            texts("document_languages"), languages, selection_mode="multi", key=_LANGUAGES,
            format_func=texts.language_name, persist_state="session",
        )  # fmt: skip
        st.date_input(texts("as_of"), value=None, key=_DATE, help=texts("as_of_help"), persist_state="session")


def question(text: str, conversation: str) -> Question:
    """The question with the scope chosen now."""
    languages = tuple(st.session_state.get(_LANGUAGES) or ())
    chosen = st.session_state.get(_DATE)
    return Question(
        text,
        knowledge_bases=tuple(st.session_state.get(_BASES) or ()),
        filters={"language": languages} if languages else {},
        as_of=chosen if isinstance(chosen, dt.date) else None,
        conversation=conversation,
    )


def is_narrowed() -> bool:
    """Whether less than everything is searched."""
    return any(st.session_state.get(name) for name in (_BASES, _LANGUAGES, _DATE))


def widen() -> None:
    """A callback: search everything again."""
    st.session_state[_BASES], st.session_state[_LANGUAGES], st.session_state[_DATE] = [], [], None


def _label(titles: dict[str, str], texts: Texts) -> str:
    bases = [titles[name] for name in st.session_state.get(_BASES) or () if name in titles]
    languages = [name.upper() for name in st.session_state.get(_LANGUAGES) or ()]
    parts = [", ".join(bases) or texts("all_knowledge_bases"), ", ".join(languages) or texts("all_languages")]
    chosen = st.session_state.get(_DATE)
    if isinstance(chosen, dt.date):
        parts.append(texts.date(chosen))
    return " · ".join(parts)
