"""The page's charts: languages against languages, and the share of right answers from run to run."""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence
from typing import Any

from evals.quality.runs import Run

_COLOURS = ["#0b5e85", "#b86e00", "#2e8b57", "#7d5fd3"]


def _altair() -> Any:
    """Altair, loosely typed: half of its functions are not annotated."""
    return importlib.import_module("altair")


def heat_map(crossing: Mapping[str, Mapping[str, Mapping[str, float]]], titles: tuple[str, str]) -> Any:
    """Question language down, document language across; a cell tells share and number of cases."""
    alt = _altair()
    rows = [
        {"question": asked.upper(), "document": told.upper(), "right": cell["mean"], "n": cell["n"]}
        for asked, cells in crossing.items()
        for told, cell in cells.items()
    ]
    base = alt.Chart(alt.Data(values=rows)).encode(
        x=alt.X("document:N", title=titles[1], axis=alt.Axis(orient="top", labelAngle=0)),
        y=alt.Y("question:N", title=titles[0]),
    )
    cells = base.mark_rect(cornerRadius=2).encode(
        color=alt.Color("right:Q", scale=alt.Scale(domain=[0, 0.5, 1], range=["#c0392b", "#e8c26a", "#0b5e85"]),
                        legend=None),
        tooltip=["question:N", "document:N", alt.Tooltip("right:Q", format=".0%"), "n:Q"],
    )  # fmt: skip
    # Ink by the cell's luminance: the amber middle is light, both ends are dark.
    ink = alt.condition("datum.right > 0.3 && datum.right < 0.75", alt.value("#1a2530"), alt.value("#ffffff"))
    text = base.mark_text(fontSize=12).encode(text=alt.Text("right:Q", format=".0%"), color=ink)
    return (cells + text).properties(height=44 * max(1, len(crossing)) + 40)


def trend(runs: Sequence[Run], names: Mapping[str, str]) -> Any:
    """A line for each kind of case over the runs of one set, oldest first."""
    alt = _altair()
    rows = [
        {"run": run.started, "kind": name, "right": right["mean"], "low": right["low"], "high": right["high"]}
        for run in reversed(runs)
        for kind, name in names.items()
        if (right := run.share("kinds", kind)) is not None
    ]
    order = [run.started for run in reversed(runs)]
    base = alt.Chart(alt.Data(values=rows)).encode(
        x=alt.X("run:N", title=None, sort=order, axis=alt.Axis(labelAngle=-40, labelLimit=120)),
        color=alt.Color("kind:N", title=None, scale=alt.Scale(range=_COLOURS), legend=alt.Legend(orient="bottom")),
    )
    band = base.mark_errorbar().encode(y=alt.Y("low:Q", title=None), y2="high:Q")
    line = base.mark_line(point=True).encode(
        y=alt.Y("right:Q", title=None, axis=alt.Axis(format="%"), scale=alt.Scale(domain=[0, 1])),
        tooltip=["run:N", "kind:N", alt.Tooltip("right:Q", format=".1%")],
    )
    return (band + line).properties(height=300)
