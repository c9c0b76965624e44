"""The report's plots as SVG to stand inside a page: they take its colours, so that they follow light and dark."""

from __future__ import annotations

import contextlib
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

from evals.statistics import Figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Drawn in colours that nothing else has, which then become the page's own.
_INK, _MUTED, _LINE, _MARK = "#010101", "#020202", "#030303", "#040404"
_PAGE_COLOURS = {_INK: "var(--ink)", _MUTED: "var(--muted)", _LINE: "var(--line)", _MARK: "var(--mark)"}
_STYLE: dict[str, Any] = {
    "svg.fonttype": "none", "font.family": "sans-serif", "font.size": 10, "text.color": _INK, "axes.labelcolor": _MUTED,
    "axes.edgecolor": _LINE, "xtick.color": _MUTED, "ytick.color": _INK, "axes.spines.top": False,
    "axes.spines.right": False, "axes.spines.left": False, "axes.grid": False, "ytick.major.size": 0,
}  # fmt: skip
_WIDE_IN = 7.2
_HEAD = re.compile(r"^.*?<svg[^>]*>", re.DOTALL)
_BOX = re.compile(r'viewBox="([^"]*)"')
_NAMES = re.compile(r' id="[a-zA-Z0-9.]+_\d+"')  # several drawings on a page would have the same
_METADATA = re.compile(r"<metadata>.*?</metadata>\s*", re.DOTALL)
_LOW, _HIGH = (0.80, 0.30, 0.22), (0.10, 0.42, 0.60)
_MIDDLE = (0.95, 0.93, 0.89)
_FEW_ROWS = 3  # beside fewer, the axis' whole name has no room
_SURE = 5  # a cell of fewer cases is drawn paler


def shares(figures: Mapping[str, Figure], alternative: str, before: Mapping[str, float] | None = None) -> str:
    """A row for each name: the share as a dot with its interval, and a ring where it stood in the baseline."""
    names = list(figures)
    with _drawing(len(names) * 0.33 + 0.6, alternative) as (axes, made):
        for row, name in enumerate(names):
            found = figures[name]
            axes.plot([0, 1], [row, row], color=_LINE, linewidth=0.6, zorder=0)
            axes.plot([found.low, found.high], [row, row], color=_MARK, linewidth=2.2, clip_on=False)
            axes.plot([found.mean], [row], "o", color=_MARK, markersize=7, clip_on=False)
            if before and name in before:
                axes.plot([before[name]], [row], "o", markerfacecolor="none", markeredgecolor=_INK, markersize=11,
                          clip_on=False)  # fmt: skip
            axes.text(1.04, row, f"n = {found.n}", va="center", ha="left", color=_MUTED, fontsize=9)
        # The share stands beside the name: a narrow window shows the left of a wide drawing first.
        axes.set_yticks(range(len(names)), [f"{name}\u2003{figures[name].mean:.0%}" for name in names])
        axes.set_ylim(len(names) - 0.5, -0.5)
        axes.set_xlim(0, 1)
        axes.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0%", "25%", "50%", "75%", "100%"])
    return made.svg


def heat_map(cells: Mapping[str, Mapping[str, Figure]], columns: Sequence[str], alternative: str) -> str:
    """Questions' languages down, documents' languages across; each cell tells its share and its number of cases."""
    rows = list(cells)
    with _drawing(len(rows) * 0.52 + 0.9, alternative) as (axes, made):
        for y, row in enumerate(rows):
            for x, column in enumerate(columns):
                _cell(axes, x, y, cells[row].get(column))
        axes.set_xlim(-0.5, len(columns) - 0.5)
        axes.set_ylim(len(rows) - 0.5, -0.5)
        axes.set_xticks(range(len(columns)), columns)
        axes.set_yticks(range(len(rows)), rows)
        axes.tick_params(length=0)
        axes.xaxis.set_ticks_position("top")
        axes.xaxis.set_label_position("top")
        axes.set_xlabel("language of the documents that hold the answer", labelpad=8)
        axes.set_ylabel("language of the question" if len(rows) > _FEW_ROWS else "question", labelpad=8)
        axes.spines["bottom"].set_visible(False)
        axes.tick_params(axis="x", colors=_INK)
    return made.svg


def _cell(axes: Axes, x: int, y: int, found: Figure | None) -> None:
    from matplotlib.patches import Rectangle

    if found is None:
        axes.text(x, y, "·", ha="center", va="center", color=_MUTED)
        return
    colour = _between(found.mean, min(1.0, found.n / _SURE))
    axes.add_patch(Rectangle((x - 0.48, y - 0.47), 0.96, 0.94, facecolor=colour, linewidth=0))
    bright = 0.2126 * colour[0] + 0.7152 * colour[1] + 0.0722 * colour[2]
    ink = "#ffffff" if bright < 0.55 else "#14202b"
    axes.text(x, y - 0.08, f"{found.mean:.0%}", ha="center", va="center", color=ink, fontweight="bold")
    axes.text(x, y + 0.27, f"n {found.n}", ha="center", va="center", color=ink, fontsize=8)


def _between(share: float, weight: float) -> tuple[float, float, float]:
    """Red over pale to blue, which those who do not tell red from green tell, too; paler where few cases speak."""
    end = _LOW if share < 0.5 else _HIGH
    at = abs(share - 0.5) * 2 * (0.35 + 0.65 * weight)
    red, green, blue = (a + (b - a) * at for a, b in zip(_MIDDLE, end, strict=True))
    return red, green, blue


def latency(seconds: Sequence[float], median_s: float, p95_s: float, alternative: str) -> str:
    """How many cases took how long, with the median and the 95th percentile."""
    with _drawing(2.5, alternative) as (axes, made):
        axes.hist(seconds, bins=min(40, max(8, len(seconds) // 6)), color=_MARK, rwidth=0.92)
        top = axes.get_ylim()[1]
        for value, name, height in ((median_s, "half within", 0.98), (p95_s, "95% within", 0.8)):
            axes.axvline(value, color=_INK, linewidth=1, linestyle=(0, (4, 3)))
            axes.annotate(f"{name} {value:.2f} s", (value, top * height), (6, 0), textcoords="offset points",
                          va="top", ha="left", fontsize=9)  # fmt: skip
        axes.set_xlim(left=0)
        axes.set_xlabel("seconds a question")
        axes.set_ylabel("cases")
        axes.tick_params(axis="y", colors=_MUTED)
    return made.svg


@dataclass(slots=True)
class _Made:
    svg: str = ""


@contextlib.contextmanager
def _drawing(height_in: float, alternative: str) -> Iterator[tuple[Axes, _Made]]:
    """Axes to draw into; what was made of them is known afterwards."""
    import matplotlib
    from matplotlib.figure import Figure as Canvas

    style: Any = {**_STYLE, "svg.hashsalt": alternative}
    with matplotlib.rc_context(style):
        canvas, made, content = Canvas(figsize=(_WIDE_IN, height_in), layout="constrained"), _Made(), io.StringIO()
        yield canvas.subplots(), made
        canvas.savefig(content, format="svg", transparent=True, metadata={"Date": None})
        made.svg = _inline(content.getvalue(), alternative)


def _inline(svg: str, alternative: str) -> str:
    """The drawing alone, without what belongs to a file, in the page's colours."""
    box = _BOX.search(svg)
    body = _NAMES.sub("", _METADATA.sub("", _HEAD.sub("", svg)))
    svg = f'<svg role="img" aria-label="{escape(alternative)}" viewBox="{box[1] if box else ""}">{body}'
    for drawn, colour in _PAGE_COLOURS.items():
        svg = svg.replace(drawn, colour)
    return svg
