"""Draws what an answer depends on: what its sources apply to, and where current sources disagree."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from copilot.conflicts.applicability import scope
from copilot.types import Answer, Conflict
from copilot.ui.markup import escaped, shortened
from copilot.ui.texts import Texts


def draw_conditions(answer: Answer, texts: Texts) -> None:
    """The disagreements of the sources as warnings, and a line for each cited document that does not apply to all."""
    for conflict in answer.conflicts:
        st.warning(_conflict(conflict, texts), icon=":material/compare_arrows:")
    lines = scopes(answer, texts)
    if lines:
        st.caption("  \n".join(lines))


def scopes(answer: Answer, texts: Texts) -> Sequence[str]:
    """What the cited documents apply to, one line each; documents that apply to the same share theirs."""
    told: dict[str, list[str]] = {}
    for citation in answer.citations:
        shown = scope(citation.document.applicability)
        mark = f"[{citation.marker}]"
        if shown and mark not in told.setdefault(shown, []):
            told[shown].append(mark)
    label = escaped(texts("applies_to"))
    return [f"{escaped(''.join(marks))} {label}: {escaped(shown)}" for shown, marks in told.items()]


def _conflict(conflict: Conflict, texts: Texts) -> str:
    lines = [f"**{escaped(texts('conflict', subject=conflict.subject))}**"]
    for reading in conflict.readings:
        document = reading.citation.document
        date = document.effective.isoformat() if document.effective else ""
        revision = texts("revision", revision=document.revision) if document.revision else ""
        newest = texts("conflict_newest") if reading.newest else ""
        parts = (shortened(document.title, 70), revision, date, newest)
        lines.append(f"- **{escaped(reading.value)}** · {escaped(' · '.join(part for part in parts if part))}")
    owners = dict.fromkeys(item.citation.document.owner for item in conflict.readings if item.citation.document.owner)
    if owners:
        lines.append("\n" + escaped(texts("ask_owner", owner="; ".join(list(owners)[:3]))))
    return "\n".join(lines)
