"""Reading order of a page: the stream's own unless it jumps; columns are found by a vote on the gutter."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeVar

from copilot.types import Box

_STEP_PT = 2.0
_MIN_ROWS = 6
_MAX_JUMPS = 0.2
_PROSE_FILL = 0.65


class Placed(Protocol):
    """What has a box and a place in the content stream."""

    @property
    def box(self) -> Box:
        """Points from the top left."""
        ...

    @property
    def first(self) -> int:
        """Its place in the stream."""
        ...


Item = TypeVar("Item", bound=Placed)


def find_gutters(items: Sequence[Placed], width: float) -> list[float]:
    """The x of each gutter between columns (one, two or none), left to right."""
    gutter = _vote(items, 0.3 * width, 0.7 * width)
    if gutter is not None:
        return [gutter]
    pair = [_vote(items, 0.22 * width, 0.42 * width), _vote(items, 0.58 * width, 0.78 * width)]
    return [x for x in pair if x is not None] if None not in pair else []


def _vote(items: Sequence[Placed], low: float, high: float) -> float | None:
    """Where in low..high the most lines stand on both sides and few cross; None where that is no column gap."""
    best: tuple[float, float] | None = None
    x = low
    while x <= high:
        left = [item for item in items if item.box[2] <= x]
        right = [item for item in items if item.box[0] >= x]
        crossing = len(items) - len(left) - len(right)
        if min(len(left), len(right)) >= _MIN_ROWS and _fills(left) and _fills(right):
            votes = _beside(left, right)
            middle = min(x - max(item.box[2] for item in left), min(item.box[0] for item in right) - x)
            score = votes - crossing + 0.001 * middle
            if votes >= _MIN_ROWS and votes * 2 > crossing * 3 and (best is None or score > best[0]):
                best = (score, x)
        x += _STEP_PT
    return best[1] if best else None


def _fills(side: Sequence[Placed]) -> bool:
    """Whether most lines of a side run over most of its width, as prose does and table cells do not."""
    if not side:
        return False
    x0, x1 = min(item.box[0] for item in side), max(item.box[2] for item in side)
    long = sum(item.box[2] - item.box[0] > _PROSE_FILL * (x1 - x0) for item in side)
    return long * 2 >= len(side)


def _beside(left: Sequence[Placed], right: Sequence[Placed]) -> int:
    """How many lines on the right have a line on the left at their height."""
    spans = [(item.box[1], item.box[3]) for item in left]
    count = 0
    for item in right:
        middle = (item.box[1] + item.box[3]) / 2
        count += any(top - 4 <= middle <= bottom + 4 for top, bottom in spans)
    return count


def column_of(box: Box, gutters: Sequence[float]) -> int:
    """The column from 0, or -1 for what crosses a gutter."""
    if any(box[0] < x - 1 and box[2] > x + 1 for x in gutters):
        return -1
    return sum((box[0] + box[2]) / 2 > x for x in gutters)


def reading_order(items: Sequence[Item], gutters: Sequence[float]) -> list[Item]:
    """The items of one page in the order in which they are read."""
    stream = sorted(items, key=lambda item: item.first)
    if _jumps(stream, gutters) <= _MAX_JUMPS * len(stream):
        return stream
    ordered: list[Item] = []
    band: list[Item] = []
    for item in sorted(items, key=lambda item: (item.box[1], item.box[0])):
        if gutters and column_of(item.box, gutters) == -1:
            ordered.extend(_by_column(band, gutters))
            band = []
            ordered.append(item)
        else:
            band.append(item)
    return [*ordered, *_by_column(band, gutters)]


def _by_column(band: Sequence[Item], gutters: Sequence[float]) -> list[Item]:
    return sorted(band, key=lambda item: (column_of(item.box, gutters), round(item.box[3]), item.box[0]))


def _jumps(stream: Sequence[Placed], gutters: Sequence[float]) -> int:
    """How often the stream goes up within a column or changes column other than to the top of the next."""
    jumps = 0
    for before, after in zip(stream, stream[1:], strict=False):
        here, there = column_of(before.box, gutters), column_of(after.box, gutters)
        up = after.box[3] < before.box[1]
        if here == there or -1 in (here, there):
            jumps += up
        else:
            jumps += not (there > here and up)
    return jumps
