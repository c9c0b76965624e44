"""How far probabilities mean what they say: the calibration error, its table and its plot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

Judged = tuple[float, bool]
"""A stated probability, and whether the answer was right."""
_BINS = 10
_IN_A_BIN = 50  # of twenty answers the share right is off by .07 on average, however honest the probabilities are
_WIDTH, _MARGIN = 320, 44


@dataclass(frozen=True, slots=True)
class Bin:
    """Answers of like probability: how many, what was stated on average, and the share that was right."""

    n: int
    stated: float
    right: float


def bins(judged: Sequence[Judged], most: int = _BINS) -> list[Bin]:
    """Bins of as equal size as can be, by rising probability; so few that each holds fifty answers."""
    ordered = sorted(judged)
    count = max(1, min(most, len(ordered) // _IN_A_BIN))
    edges = [round(at * len(ordered) / count) for at in range(count + 1)]
    return [_bin(ordered[start:end]) for start, end in zip(edges, edges[1:], strict=False) if end > start]


def _bin(part: Sequence[Judged]) -> Bin:
    return Bin(len(part), sum(p for p, _ in part) / len(part), sum(right for _, right in part) / len(part))


def calibration_error(judged: Sequence[Judged]) -> float:
    """The expected calibration error over bins of equal size (Naeini and others 2015); 0 without answers."""
    total = len(judged)
    return sum(item.n * abs(item.stated - item.right) for item in bins(judged)) / total if total else 0.0


def figure(series: dict[str, Sequence[Judged]]) -> str:
    """The reliability plot as SVG: stated against observed, a line per series, the diagonal where both agree."""
    colours = ("#1f6feb", "#d1242f", "#1a7f37", "#8250df")
    parts = [_frame()]
    for at, (name, judged) in enumerate(series.items()):
        colour = colours[at % len(colours)]
        points = [(_x(item.stated), _y(item.right), item.n) for item in bins(judged)]
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y, _ in points)
        parts.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}"><title>{n} answers</title></circle>'
                  for x, y, n in points]
        told = f"{name}: error {calibration_error(judged):.3f}, {len(judged)} answers"
        parts.append(f'<text x="{_MARGIN + 8}" y="{_MARGIN + 16 + 16 * at}" fill="{colour}">{told}</text>')
    size = _WIDTH + 2 * _MARGIN
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" width="{size}" '
        f'font-family="sans-serif" font-size="12">\n' + "\n".join(parts) + "\n</svg>\n"
    )


def _frame() -> str:
    ticks = []
    for at in (0.0, 0.25, 0.5, 0.75, 1.0):
        ticks.append(f'<text x="{_x(at)}" y="{_y(0) + 16}" text-anchor="middle" fill="#57606a">{at:g}</text>')
        ticks.append(f'<text x="{_MARGIN - 6}" y="{_y(at) + 4}" text-anchor="end" fill="#57606a">{at:g}</text>')
    middle = _MARGIN + _WIDTH / 2
    return "\n".join([
        f'<rect x="{_MARGIN}" y="{_MARGIN}" width="{_WIDTH}" height="{_WIDTH}" fill="white" stroke="#d0d7de"/>',
        f'<line x1="{_x(0)}" y1="{_y(0)}" x2="{_x(1)}" y2="{_y(1)}" stroke="#8c959f" stroke-dasharray="4 4"/>',
        f'<text x="{middle}" y="{_y(0) + 34}" text-anchor="middle">stated probability</text>',
        f'<text x="14" y="{middle}" text-anchor="middle" transform="rotate(-90 14 {middle})">share right</text>',
        *ticks,
    ])  # fmt: skip


def _x(value: float) -> float:
    return _MARGIN + _WIDTH * value


def _y(value: float) -> float:
    return _MARGIN + _WIDTH * (1 - value)
