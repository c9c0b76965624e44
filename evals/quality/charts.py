"""The page's charts: languages against languages, and the share of right answers from run to run."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evals.quality.runs import Run

_Colour = tuple[int, int, int]
_SURE = 5  # a cell of fewer cases is drawn paler
_ROW_PX, _HEAD_PX = 48, 62
_TREND_PX = 320


@dataclass(frozen=True, slots=True)
class Look:
    """The colours of one of the app's two themes; ``low`` over ``middle`` to ``high`` is told without red and green."""

    low: _Colour
    middle: _Colour
    high: _Colour
    muted: str
    line: str
    kinds: tuple[str, ...]


LIGHT = Look((178, 58, 42), (241, 237, 228), (11, 94, 133), "#54626f", "#d3dbe2", ("#0b5e85", "#b86e00", "#6b46b8"))
DARK = Look((214, 98, 80), (38, 48, 58), (95, 176, 220), "#a3b0bc", "#313d49", ("#5fb0dc", "#f2bf73", "#c5b1f6"))


def look(theme: str | None) -> Look:
    """The colours for what the browser shows: "light", "dark", or not known yet."""
    return DARK if theme == "dark" else LIGHT


def _altair() -> Any:
    """Altair, loosely typed: half of its functions are not annotated."""
    return importlib.import_module("altair")


def heat_map(
    crossing: Mapping[str, Mapping[str, Mapping[str, float]]],
    titles: tuple[str, str],
    percent: Callable[[float], str],
    colours: Look,
) -> Any:
    """Question language down, document language across; a cell tells share and number of cases."""
    alt = _altair()
    rows = [
        _cell(asked, told, cell, percent, colours) for asked, cells in crossing.items() for told, cell in cells.items()
    ]
    across = sorted({str(row["document"]) for row in rows})
    base = alt.Chart(alt.Data(values=rows)).encode(
        x=alt.X("document:N", title=titles[1], sort=across, axis=alt.Axis(orient="top", labelAngle=0, labelPadding=6)),
        y=alt.Y("question:N", title=titles[0], sort=sorted(crossing)),
        tooltip=[alt.Tooltip("question:N", title=titles[0]), alt.Tooltip("document:N", title=titles[1]),
                 alt.Tooltip("share:N", title="%"), alt.Tooltip("n:Q")],
    )  # fmt: skip
    cells = base.mark_rect(cornerRadius=3, xOffset=1, x2Offset=-1, yOffset=1, y2Offset=-1).encode(
        color=alt.Color("fill:N", scale=None)
    )
    ink = alt.Color("ink:N", scale=None)
    share = base.mark_text(fontSize=11.5, fontWeight=600, dy=-6).encode(text="share:N", color=ink)
    count = base.mark_text(fontSize=10.5, dy=10).encode(text="count:N", color=ink)
    return _plain((cells + share + count).properties(height=_ROW_PX * max(1, len(crossing)) + _HEAD_PX), colours)


def _cell(
    asked: str, told: str, cell: Mapping[str, float], percent: Callable[[float], str], colours: Look
) -> dict[str, object]:
    fill = _between(cell["mean"], min(1.0, cell["n"] / _SURE), colours)
    return {
        "question": asked.upper(), "document": told.upper(), "share": percent(cell["mean"]), "n": cell["n"],
        "count": f"n {cell['n']:.0f}", "fill": "#" + "".join(f"{part:02x}" for part in fill), "ink": _ink(fill),
    }  # fmt: skip


def _between(share: float, weight: float, colours: Look) -> _Colour:
    """From low over the middle to high; nearer to the middle where few cases speak."""
    end = colours.low if share < 0.5 else colours.high
    at = abs(share - 0.5) * 2 * (0.35 + 0.65 * weight)
    red, green, blue = (round(a + (b - a) * at) for a, b in zip(colours.middle, end, strict=True))
    return red, green, blue


def _ink(fill: _Colour) -> str:
    """Dark or light, whichever has the higher contrast on the fill (WCAG 2.2, relative luminance)."""
    parts = [part / 255 for part in fill]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    bright = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "#0e1318" if (bright + 0.05) ** 2 > 1.05 * 0.055 else "#ffffff"


def trend(runs: Sequence[Run], names: Mapping[str, str], percent: Callable[[float], str], colours: Look) -> Any:
    """A line with its interval for each kind of case over the runs of one set, oldest first."""
    alt = _altair()
    rows = [
        {"run": run.started[5:], "kind": name, "right": right["mean"], "low": right["low"], "high": right["high"],
         "share": percent(right["mean"])}
        for run in reversed(runs)
        for kind, name in names.items()
        if (right := run.share("kinds", kind)) is not None
    ]  # fmt: skip
    order = [run.started[5:] for run in reversed(runs)]
    scale = alt.Scale(domain=list(names.values()), range=list(colours.kinds))
    base = alt.Chart(alt.Data(values=rows)).encode(
        x=alt.X("run:N", title=None, sort=order, axis=alt.Axis(labelAngle=-35, labelLimit=120)),
        color=alt.Color("kind:N", title=None, scale=scale, legend=alt.Legend(orient="bottom", symbolOpacity=1)),
    )
    share = alt.Axis(format="%", values=[0, 0.25, 0.5, 0.75, 1])
    band = base.mark_area(opacity=0.1).encode(y=alt.Y("low:Q", title=None), y2="high:Q")
    line = base.mark_line(point=alt.OverlayMarkDef(size=55, filled=True), strokeWidth=2.2).encode(
        y=alt.Y("right:Q", title=None, axis=share, scale=alt.Scale(domain=[0, 1])),
        tooltip=[alt.Tooltip("run:N", title=" "), alt.Tooltip("kind:N", title="  "), alt.Tooltip("share:N", title="%")],
    )
    return _plain((band + line).properties(height=_TREND_PX), colours)


def _plain(chart: Any, colours: Look) -> Any:
    """The theme's muted ink for what stands around a chart: Streamlit's own has too little contrast."""
    chart = chart.configure_axis(
        labelColor=colours.muted, titleColor=colours.muted, gridColor=colours.line, domain=False, ticks=False,
        labelFontSize=12, titleFontSize=12, titleFontWeight="normal",
    )  # fmt: skip
    return chart.configure_legend(labelColor=colours.muted, labelFontSize=12).configure_view(stroke=None)
