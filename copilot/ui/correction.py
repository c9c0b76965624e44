"""A reader's correction of a translated sentence: it goes into a knowledge base's memory and holds from then on."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from copilot.catalog import Unit
from copilot.types import TranslatedSentence
from copilot.ui.product import principal, product
from copilot.ui.texts import Texts

_FIELD, _BASE = "correction_{}", "correction_base_{}"


def offer(number: int, sentence: TranslatedSentence, target: str, bases: Sequence[str], texts: Texts) -> None:
    """A popover to correct a sentence; ``bases`` are the knowledge bases whose memory may take it."""
    if not bases or sentence.language == target or not sentence.source.strip():
        return
    field = _FIELD.format(number)
    with st.popover(texts("correct"), icon=":material/edit:", type="tertiary", key=f"correct_{number}"):
        st.caption(texts("correct_help"))
        proposed = sentence.text if sentence.kind not in ("gloss", "original") else sentence.source
        st.text_area(texts("translate_text"), value=proposed, key=field, label_visibility="collapsed")
        st.selectbox(texts("column_base"), bases, key=_BASE.format(number))
        st.button(
            texts("correct_save"), type="primary", key=f"correct_save_{number}", on_click=_remember,
            args=(number, sentence, target),
        )  # fmt: skip


def _remember(number: int, sentence: TranslatedSentence, target: str) -> None:
    """A callback: keep it, and let the page translate again."""
    text = str(st.session_state.get(_FIELD.format(number)) or "").strip()
    base = str(st.session_state.get(_BASE.format(number)) or "")
    if text and base:
        unit = Unit(sentence.language, target, sentence.source, text, base, reviewed=True, author=principal().id)
        product.shelf().catalog.remember([unit])
        st.session_state["translate_again"] = True
