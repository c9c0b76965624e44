"""The documents page: what may be read, in a table with filters, and one document in detail beside it."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas
import streamlit as st

from copilot.ui import document_card, intake
from copilot.ui.document_rows import FAILED, Choice, Row, rows, statuses
from copilot.ui.markup import badge, escaped
from copilot.ui.product import principal, product
from copilot.ui.sidebar import chosen_language
from copilot.ui.sources import STATUS_COLOURS
from copilot.ui.texts import Texts, texts_of

_ROW_PX = 38
_MOST_ROWS = 14
_CARDS = 12
COLOURS = STATUS_COLOURS | {FAILED: "red"}


def page() -> None:
    """Draw the page."""
    texts = texts_of(chosen_language())
    reader = principal()
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", key="head"):
        st.title(texts("nav_documents"), anchor=False, width="stretch")
        if product.shelf().library.is_admin(reader) and st.button(
            texts("upload"), icon=":material/upload:", type="primary", key="upload"
        ):
            intake.dialog(texts)
    intake.progress(texts)
    found = rows(reader)
    if not found:
        st.info(texts("start_empty"), icon=":material/folder_open:")
        return
    _figures(found, texts)
    choice = _choice(found, texts)
    shown = [row for row in found if choice.takes(row)]
    st.caption(texts("document_count", shown=texts.number(len(shown)), all=texts.number(len(found))))
    if not shown:
        st.markdown(escaped(texts("no_documents")))
        return
    _cards(shown, texts)
    left, right = st.columns([22, 10], gap="medium")
    with left, st.container(key="document_table"):
        chosen = _table(shown, texts)
    with right, st.container(border=True, key="document_detail"):
        if chosen is None:
            st.caption(texts("choose_document"))
        else:
            document_card.draw(chosen, texts, "table")


def _figures(found: Sequence[Row], texts: Texts) -> None:
    names = ("released", "in_review", FAILED)
    with st.container(key="figures"):
        columns = st.columns(4)
        columns[0].metric(texts("nav_documents"), texts.number(sum(row.document is not None for row in found)),
                          border=True)  # fmt: skip
        for column, name in zip(columns[1:], names, strict=True):
            count = sum(row.status == name for row in found)
            column.metric(texts.status(name), texts.number(count), border=True)


def _choice(found: Sequence[Row], texts: Texts) -> Choice:
    """The filters; their values outlive a switch of page or language."""
    with st.container(horizontal=True, vertical_alignment="center", key="filters"):
        text = st.text_input(
            texts("filter_placeholder"), key="documents_text", placeholder=texts("filter_placeholder"),
            label_visibility="collapsed", icon=":material/search:", width=330, persist_state="session",
        )  # fmt: skip
        chosen = st.pills(
            texts("column_state"), statuses(found), selection_mode="multi", key="documents_statuses",
            format_func=texts.status, label_visibility="collapsed", persist_state="session",
        )  # fmt: skip
        languages = st.pills(
            texts("document_languages"), sorted({row.language for row in found} - {""}), selection_mode="multi",
            key="documents_languages", format_func=str.upper, label_visibility="collapsed", persist_state="session",
        )  # fmt: skip
        titles = {base.name: base.title or base.name for base in product.shelf().library.knowledge_bases(principal())}
        bases = st.multiselect(
            texts("knowledge_bases"), list(titles), key="documents_bases", format_func=lambda name: titles[name],
            placeholder=texts("all_knowledge_bases"), label_visibility="collapsed", width=190,
            persist_state="session",
        )  # fmt: skip
    return Choice(text or "", tuple(chosen or ()), tuple(languages or ()), tuple(bases or ()))


def _table(shown: Sequence[Row], texts: Texts) -> Row | None:
    names = list(COLOURS)
    frame = pandas.DataFrame([_cells(row, texts) for row in shown])
    column = st.column_config
    event = st.dataframe(
        frame, hide_index=True, placeholder="", row_height=_ROW_PX,
        height=_ROW_PX * (min(len(shown), _MOST_ROWS) + 1) + 3, on_select="rerun",
        selection_mode="single-row", key="documents_table",
        column_config={
            "number": column.TextColumn(texts("column_number"), width=104),
            "state": column.MultiselectColumn(
                texts("column_state"), width=108, options=[texts.status(name) for name in names],
                color=[COLOURS[name] for name in names],
            ),
            "title": column.TextColumn(texts("column_title"), width=224),
            "revision": column.TextColumn(texts("column_revision"), width=44),
            "language": column.TextColumn(texts("column_language"), width=44),
            "effective": column.DateColumn(texts("column_date"), width=94, format="YYYY-MM-DD"),
            "base": column.TextColumn(texts("column_base"), width=84),
        },
    )  # fmt: skip
    picked = event.selection.rows
    return shown[picked[0]] if picked and picked[0] < len(shown) else None


def _cells(row: Row, texts: Texts) -> dict[str, object]:
    found = row.document
    return {
        "number": found.number if found else "",
        "state": [texts.status(row.status)],
        "title": row.title,
        "revision": found.revision if found else "",
        "language": row.language.upper(),
        "effective": found.effective if found else None,
        "base": found.kb if found else "",
    }


def _cards(shown: Sequence[Row], texts: Texts) -> None:
    """The same rows as cards; the style sheet shows them on narrow screens only."""
    with st.container(key="document_cards", gap="small"):
        pages = math.ceil(len(shown) / _CARDS)
        number = min(st.session_state.get("documents_page", 1), pages)
        for index, row in enumerate(shown[(number - 1) * _CARDS : number * _CARDS]):
            _card(index, row, texts)
        if pages > 1:
            st.pagination(pages, key="documents_page", max_visible_pages=5)


def _card(index: int, row: Row, texts: Texts) -> None:
    with st.container(border=True, gap="xsmall", key=f"card_{index}"):
        st.markdown(f"**{escaped(row.title)}**")
        shown = [badge(texts.status(row.status), COLOURS.get(row.status, "gray"))]
        if row.document is not None:
            shown += [badge(part, "gray") for part in (row.document.number, row.language.upper()) if part]
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.markdown(" ".join(shown), width="stretch")
            if st.button(texts("open_document"), type="tertiary", key=f"card_open_{index}"):
                document_card.dialog(row, texts)
