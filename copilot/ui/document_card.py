"""One document in detail: state, revision chain, what the ingest made of it, who may read it, the original."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from copilot.errors import CopilotError
from copilot.types import Document, Outcome, OutcomeStatus
from copilot.ui.document_rows import FAILED, Row, file_name
from copilot.ui.markup import badge, escaped
from copilot.ui.product import principal, product
from copilot.ui.sources import STATUS_COLOURS, badges
from copilot.ui.texts import Texts

_OUTCOME_COLOURS = {OutcomeStatus.FAILED: "red", OutcomeStatus.SKIPPED: "orange", OutcomeStatus.REMOVED: "gray"}
_MOST_REVISIONS = 12


def dialog(row: Row, texts: Texts) -> None:
    """The card in a sheet from the right, for narrow screens."""

    @st.dialog(texts("document"), position="right")
    def sheet() -> None:
        draw(row, texts, "dialog")

    sheet()


def draw(row: Row, texts: Texts, place: str) -> None:
    """Draw the card; ``place`` keeps the keys of two cards of one page apart."""
    st.subheader(escaped(row.title), anchor=False)
    document = row.document
    if document is None:
        st.markdown(badge(texts.status(FAILED), "red"))
    else:
        shown = [*badges(document.status, document.revision, texts), (document.language.upper(), "gray")]
        st.markdown(" ".join(badge(text, colour) for text, colour in shown))
        _facts(document, texts)
    if row.outcome is not None:
        _fault(row.outcome, texts)
    if document is not None:
        _chain(document, texts)
        _ingest(row.outcome, texts)
        _original(document, texts, place)


def _facts(document: Document, texts: Texts) -> None:
    line = [document.number, texts.date(document.effective) if document.effective else ""]
    if document.pages:
        line.append(texts("pages_count", count=texts.number(document.pages)))
    lines = [escaped(" · ".join(part for part in line if part))]
    applies = document.applicability
    targets = [*applies.models, *applies.sites, *(str(year) for year in applies.years)]
    for key, value in (
        ("owner", document.owner),
        ("applies_to", ", ".join(targets)),
        ("access", ", ".join(document.acl) or texts("access_public")),
        ("file", file_name(document.uri)),
    ):
        if value:
            lines.append(f"{escaped(texts(key))}\\: {escaped(value)}")
    st.caption("  \n".join(lines))


def _fault(outcome: Outcome, texts: Texts) -> None:
    """Why a file, or its newest bytes, could not be taken in, and what to do."""
    if not outcome.reason:
        return
    body = f"**{escaped(texts(f'outcome_{outcome.status.value}'))}\\.** {escaped(outcome.reason)}"
    if outcome.cure:
        body += f"  \n**{escaped(texts('cure'))}** {escaped(outcome.cure)}"
    show: Callable[..., object] = st.error if outcome.status is OutcomeStatus.FAILED else st.warning
    show(body, icon=":material/error:")


def _chain(document: Document, texts: Texts) -> None:
    """The revisions and the editions of the same family, newest first."""
    try:
        chain = product.shelf().library.revisions(document.id, principal())
    except CopilotError:
        return
    st.markdown(f"**{escaped(texts('revision_chain'))}**")
    lines = []
    for item in chain[:_MOST_REVISIONS]:
        here = item.id == document.id and item.sha256 == document.sha256
        icon = ":material/history:" if item.status in ("superseded", "withdrawn") else ":material/check_circle:"
        parts = [texts("revision", revision=item.revision) if item.revision else "", item.language.upper()]
        parts += [texts.date(item.effective) if item.effective else "", texts.status(item.status)]
        text = escaped(" · ".join(part for part in parts if part))
        colour = STATUS_COLOURS.get(item.status, "gray")
        lines.append(f":{colour}[{icon}] {'**' + text + '**' if here else text}")
    st.markdown("  \n".join(lines))


def _ingest(outcome: Outcome | None, texts: Texts) -> None:
    st.markdown(f"**{escaped(texts('ingest'))}**")
    if outcome is None:
        st.caption(texts("outcome_none"))
        return
    state = badge(texts(f"outcome_{outcome.status.value}"), _OUTCOME_COLOURS.get(outcome.status, "green"))
    line = texts(
        "outcome_line", chunks=texts.number(outcome.chunks), pages=texts.number(outcome.pages),
        seconds=texts.number(round(outcome.seconds, 1)),
    )  # fmt: skip
    st.markdown(f"{state} :small[{escaped(line)}]")


def _original(document: Document, texts: Texts, place: str) -> None:
    try:
        original = product.shelf().library.original(document.id, principal(), document.sha256)
    except CopilotError:
        st.caption(texts("original_gone"))
        return
    st.download_button(
        texts("download_original"), original.path.read_bytes, file_name=original.name, on_click="ignore",
        mime=original.media_type or "application/octet-stream", icon=":material/download:",
        key=f"original_{place}_{document.id}",
    )  # fmt: skip
