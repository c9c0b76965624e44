"""What the app loads: the page with its title in the reader's language."""

from __future__ import annotations

import streamlit as st


def page(language: str) -> st.Page:
    """The quality page as the navigation takes it."""
    from evals.quality.page import draw
    from evals.quality.texts import texts_of

    return st.Page(draw, title=texts_of(language)("nav_quality"), icon=":material/monitoring:", url_path="quality")
