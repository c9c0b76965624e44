"""Running headers, footers and page numbers: found because they come again on other pages, and left out."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from ingest.parse.pdf_lines import Line

_MARGIN = 0.12  # share of the page's height at top and bottom where furniture stands
_SAME_ROW = 2.0  # points between base lines within which two lines stand beside each other
_BARE = re.compile(r"^\W*\d{1,4}\W*$")
_NO_LETTERS = re.compile(r"[\W\d_]+")
_PAGE_NUMBER = re.compile(
    r"^\W*(?:page|seite|p\.|s\.|pagina|página|pág\.|pag\.|strona|str\.|第)?\s*\d{1,4}\s*页?"
    r"\s*(?:(?:/|of|von|sur|di|de|z|共|，)\s*\D{0,2}\d{1,4}\s*页?)?\W*$", re.IGNORECASE)


def drop_furniture(pages: Sequence[Sequence[Line]], heights: Sequence[float]) -> list[list[Line]]:
    """The pages' lines without what repeats at their edges; ``heights`` are the pages' in points."""
    edges = [
        [line for line in lines if _at_edge(line, height)] for lines, height in zip(pages, heights, strict=True)
    ]
    seen: dict[tuple[str, int], set[int]] = defaultdict(set)
    for number, lines in enumerate(edges):
        for line in lines:
            for key in _keys(line, heights[number]):
                seen[key].add(number)
    rest = []
    for number, page in enumerate(pages):
        outermost = {min((line.base for line in page), default=0.0), max((line.base for line in page), default=0.0)}
        edge = set()
        for line in edges[number]:
            needed = 2 if len(pages) < 6 or line.base in outermost else 3
            if _repeats(line, heights[number], seen, needed):
                edge.add(id(line))
        rest.append([line for line in page if id(line) not in edge])
    return _without_numbers(rest, heights)


def _without_numbers(pages: Sequence[Sequence[Line]], heights: Sequence[float]) -> list[list[Line]]:
    """The pages without their numbers, of which a figure at the edge of the text is one only if it counts pages.

    That is: it stands outermost, and goes up with the pages, or is this page's own number below all else.
    """
    found = [
        [line for line in page
         if _PAGE_NUMBER.match(line.text) and _at_edge(line, height) and _is_outermost(line, page)]
        for page, height in zip(pages, heights, strict=True)
    ]
    counted: dict[int, set[int]] = defaultdict(set)
    for index, lines in enumerate(found):
        for line in lines:
            counted[_number(line) - index].add(index)
    kept = []
    for index, page in enumerate(pages):
        lowest = max((line.base for line in page), default=0.0)
        dropped = {
            id(line) for line in found[index]
            if len(counted[_number(line) - index]) > 1
            or _number(line) == index + 1 and (line.base >= lowest or not _BARE.match(line.text))
        }
        kept.append([line for line in page if id(line) not in dropped])
    return kept


def _is_outermost(line: Line, page: Sequence[Line]) -> bool:
    first, last = min(other.base for other in page), max(other.base for other in page)
    return line.base - first < _SAME_ROW or last - line.base < _SAME_ROW


def _number(line: Line) -> int:
    """The first number of a line that has one."""
    return int(next(iter(re.findall(r"\d+", line.text)), "-1"))


def _at_edge(line: Line, height: float) -> bool:
    return line.box[3] < _MARGIN * height or line.box[1] > (1 - _MARGIN) * height


def _keys(line: Line, height: float) -> list[tuple[str, int]]:
    """What a line has in common with its likes: its letters alone, and its height on the page (in two sets of bins)."""
    text = _NO_LETTERS.sub("", line.text).casefold()
    if not text:
        return []
    place = line.base if line.base < height / 2 else line.base - height
    return [(text, int(place // 4) * 2), (text, int((place + 2) // 4) * 2 + 1)]


def _repeats(line: Line, height: float, seen: dict[tuple[str, int], set[int]], needed: int) -> bool:
    return any(len(seen[key]) >= needed for key in _keys(line, height))
