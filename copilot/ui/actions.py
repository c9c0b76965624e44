"""What a reader may do with an answer: copy, ask again, export, say whether it helped."""

from __future__ import annotations

import json

import streamlit as st

from copilot.types import Answer, to_json
from copilot.ui.markup import shortened
from copilot.ui.product import principal, product
from copilot.ui.texts import Texts

_VERDICTS = ("down", "up")


def actions(key: str, question: str, answer: Answer, texts: Texts) -> None:
    """Draw the row of actions under an answer."""
    with st.container(horizontal=True, key=f"actions_{key}", vertical_alignment="center", gap="xsmall"):
        # The panel's component listens for this link: the clipboard is the browser's.
        st.markdown(f"[:material/content_copy: {texts('copy')}](#copy-{key})", width="content")
        st.button(
            texts("ask_again"), icon=":material/refresh:", type="tertiary", key=f"again_{key}",
            on_click=_ask_again, args=(question,),
        )  # fmt: skip
        st.download_button(
            texts("export"), _export(answer), file_name=f"{_file_name(question)}.json", mime="application/json",
            icon=":material/download:", type="tertiary", key=f"export_{key}", on_click="ignore",
        )  # fmt: skip
        st.space("stretch")
        st.feedback("thumbs", key=f"feedback_{key}", on_change=_feedback, args=(f"feedback_{key}", question))


def _ask_again(question: str) -> None:
    st.session_state["asked"] = question


def _feedback(key: str, question: str) -> None:
    value = st.session_state.get(key)
    if value is not None:
        product.shelf().catalog.add_feedback(principal(), question, _VERDICTS[value])


def _export(answer: Answer) -> str:
    return json.dumps(to_json(answer), ensure_ascii=False, indent=1)


def _file_name(question: str) -> str:
    kept = "".join(letter if letter.isalnum() else "-" for letter in shortened(question, 60))
    return "-".join(part for part in kept.split("-") if part) or "answer"
