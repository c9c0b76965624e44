"""The source panel: a component that opens a citation's page or text beside the answer, without a rerun."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import streamlit as st

from copilot.ui.sources import Source
from copilot.ui.texts import Texts

_HERE = Path(__file__).parent
_TEXTS = (
    "close", "loading", "marker_label", "original", "page_alt", "page_failed", "page_next", "page_of", "page_previous",
    "sources", "text_gone", "translation", "zoom_in", "zoom_out",
)  # fmt: skip


@cache
def _code() -> tuple[str, str]:
    return (_HERE / "panel.js").read_text("utf-8"), (_HERE / "panel.css").read_text("utf-8")


def draw(
    sources: Sequence[Source], texts: Texts, *, auto: str = "", focus: str = "", copies: Mapping[str, str] | None = None
) -> None:
    """Mount the panel; ``auto`` is the source opened on wide screens, ``focus`` the container brought into sight."""
    script, style = _code()
    # Registered with each run: Streamlit forgets components of a former run of the script.
    component = st.components.v2.component("copilot_sources", js=script, css=style)
    base = str(st.get_option("server.baseUrlPath") or "").strip("/")
    component(
        key="sources",
        data={
            "base": f"/{base}" if base else "",
            "lang": texts.language,
            "texts": {name: texts.raw(name) for name in _TEXTS},
            "sources": [source.to_json() for source in sources],
            "copies": dict(copies or {}),
            "auto": auto,
            "focus": focus,
        },
    )
