"""Draws what an answer depends on: what its sources apply to, and where current sources disagree."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import streamlit as st

from copilot.conflicts.applicability import scope
from copilot.types import Answer, Conflict, Reading
from copilot.ui.markup import escaped, marker, shortened
from copilot.ui.sources import Source, reading_sources
from copilot.ui.texts import Texts


def draw_conditions(key: str, answer: Answer, texts: Texts) -> list[Source]:
    """The disagreements of the sources as warnings, and a line for each cited document that does not apply to all.

    Returns the sources that the markers of the disagreements name.
    """
    told = _together(answer.conflicts)
    sources = reading_sources(key, [reading.citation for _, readings in told for reading in readings], texts)
    waiting = iter(sources)
    for subject, readings in told:
        st.warning(_conflict(subject, readings, waiting, texts), icon=":material/compare_arrows:")
    lines = scopes(answer, texts)
    if lines:
        st.caption("  \n".join(lines))
    return sources


def _together(conflicts: Sequence[Conflict]) -> list[tuple[str, list[Reading]]]:
    """Each subject once with all that is said of it: the same value of the same edition once, equal values together."""
    found: dict[str, dict[tuple[str, str, str], Reading]] = {}
    for conflict in conflicts:
        for item in conflict.readings:
            document = item.citation.document
            found.setdefault(conflict.subject, {}).setdefault((item.value, document.title, document.revision), item)
    return [(subject, _by_value(list(readings.values()))) for subject, readings in found.items()]


def _by_value(readings: Sequence[Reading]) -> list[Reading]:
    """In the order in which the values came; the newest is none that another value is as new as."""
    values = list(dict.fromkeys(item.value for item in readings))
    found = [item for value in values for item in readings if item.value == value]
    return [replace(item, newest=_newest(item, readings)) for item in found]


def _newest(item: Reading, readings: Sequence[Reading]) -> bool:
    mine = item.citation.document.effective
    others = [other.citation.document.effective for other in readings if other.value != item.value]
    return item.newest and not any(date >= mine for date in others if date is not None and mine is not None)


def scopes(answer: Answer, texts: Texts) -> Sequence[str]:
    """What the cited documents apply to, one line each; documents that apply to the same share theirs."""
    told: dict[str, list[str]] = {}
    for citation in answer.citations:
        shown = scope(citation.document.applicability)
        mark = f"[{citation.marker}]"
        if shown and mark not in told.setdefault(shown, []):
            told[shown].append(mark)
    return [
        f"{escaped(''.join(marks))} {escaped(texts('applies_to_all_of', scope=shown))}" for shown, marks in told.items()
    ]


def _conflict(subject: str, readings: Sequence[Reading], sources: Iterator[Source], texts: Texts) -> str:
    lines = [f"**{escaped(texts('conflict', subject=subject))}**"]
    for reading, source in zip(readings, sources, strict=False):
        document = reading.citation.document
        date = texts.date(document.effective) if document.effective else ""
        revision = texts("revision", revision=document.revision) if document.revision else ""
        newest = texts("conflict_newest") if reading.newest else ""
        parts = (shortened(document.title, 70), revision, date, newest)
        told = f"**{escaped(reading.value)}** · {escaped(' · '.join(part for part in parts if part))}"
        lines.append(f"- {marker(source.label, source.key)} {told}")
    owners = dict.fromkeys(item.citation.document.owner for item in readings if item.citation.document.owner)
    if owners:
        lines.append("\n" + escaped(texts("ask_owner", owner="; ".join(list(owners)[:3]))))
    return "\n".join(lines)
