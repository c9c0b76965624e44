"""The script of every page view: language, navigation, sidebar; the pages draw the rest."""

from __future__ import annotations

from importlib import metadata
from pathlib import Path

import streamlit as st

from copilot.errors import CopilotError
from copilot.ui import chat, documents, panel, sidebar, translate
from copilot.ui.product import product
from copilot.ui.texts import Texts, texts_of

# Entry points of other packages: a function that takes the language and returns a st.Page.
PAGES_GROUP = "copilot.pages"
_HERE = Path(__file__).parent


def main() -> None:
    """Draw the page that is asked for."""
    st.set_page_config(page_title="Engineering Copilot", page_icon=str(_HERE / "icon.png"), layout="wide")
    st.html(_HERE / "style.css")
    st.logo(_HERE / "logo.svg", icon_image=_HERE / "icon.png", size="large")
    texts = texts_of(sidebar.chosen_language())
    pages = _pages(texts)
    page = st.navigation(pages)
    st.session_state[chat.PAGE] = pages[0]
    try:
        product.shelf()
    except CopilotError as error:
        st.error(f"{error.reason} {error.cure}".strip())
        return
    product.warm()
    sidebar.draw(texts, pages[0])
    page.run()
    if page is not pages[0]:
        # The panel also tells the browser which language the page is in.
        panel.draw([], texts)


def _pages(texts: Texts) -> list[st.Page]:
    pages = [
        # The default page has no address of its own.
        st.Page(chat.page, title=texts("nav_chat"), icon=":material/forum:", default=True),
        st.Page(documents.page, title=texts("nav_documents"), icon=":material/folder_open:", url_path="documents"),
        st.Page(translate.page, title=texts("nav_translate"), icon=":material/translate:", url_path="translate"),
    ]
    for entry in metadata.entry_points(group=PAGES_GROUP):
        pages.append(entry.load()(texts.language))
    return pages


main()
