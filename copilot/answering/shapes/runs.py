"""Lists and procedures of a document as wholes: their items in order, under the headings where they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from copilot.answering.verification import plain
from copilot.types import Element, ElementKind

_NUMBER = re.compile(r"^\s*\(?(\d{1,3})[.)、]")
_LETTER = re.compile(r"^\s*\(?([a-z])\)\s", re.IGNORECASE)
# What may stand between two numbered items without ending the list: a note, a page's foot and head.
_BETWEEN = 4


@dataclass(slots=True)
class Run:
    """A list: the headings above it, the text that leads to it, and its items in order."""

    headings: tuple[str, ...]
    intro: str
    items: list[Element] = field(default_factory=list)
    numbered: bool = False

    @property
    def subject(self) -> str:
        """What it is about by its place."""
        return "\n".join((*self.headings, self.intro))

    def holds(self, text: str) -> bool:
        """Whether a quoted text stands in it, or leads to it."""
        wanted = plain(text)
        if not wanted:
            return False
        places = [plain(item.text) for item in self.items] + [plain(self.intro)]
        return any(wanted in place or len(place) > 20 and place in wanted for place in places)


def runs(elements: Sequence[Element]) -> list[Run]:
    """Every list of two items or more, in reading order."""
    return [run for run in _walk(elements) if len(run.items) > 1]


def _walk(elements: Sequence[Element]) -> Iterator[Run]:
    titles: list[tuple[int, str]] = []
    run: Run | None = None
    waiting: list[Element] = []
    before = ""
    for element in elements:
        if element.kind is ElementKind.TITLE:
            if run is not None:
                yield run
            run, waiting, before = None, [], ""
            titles = [item for item in titles if item[0] < element.level] + [(element.level, element.text)]
            continue
        number = _number(element)
        if not _is_item(element, number):
            waiting.append(element)
            if run is None or not run.numbered or len(waiting) > _BETWEEN:
                if run is not None:
                    yield run
                run, before = None, element.text
            continue
        if run is None or _starts_anew(run, number, bool(waiting)):
            if run is not None:
                yield run
            run = Run(tuple(text for _, text in titles), waiting[-1].text if waiting else before)
            run.numbered = number is not None
        run.items.append(element)
        waiting = []
    if run is not None:
        yield run


def _number(element: Element) -> int | None:
    """The number that a list gives its item."""
    for text in (element.context if element.kind is ElementKind.LIST_ITEM else "", element.text):
        if found := _NUMBER.match(text):
            return int(found.group(1))
        if found := _LETTER.match(text):
            return ord(found.group(1).lower()) - ord("a") + 1
    return None


def _is_item(element: Element, number: int | None) -> bool:
    # A scan's lines are plain text: what counts up is a list there, too.
    return element.kind is ElementKind.LIST_ITEM or element.kind is ElementKind.TEXT and number is not None


def _starts_anew(run: Run, number: int | None, interrupted: bool) -> bool:
    """Whether an item begins another list: the count starts again, or text stands before an item without number."""
    if run.numbered != (number is not None):
        return True
    if number is None:
        return interrupted
    last = _number(run.items[-1])
    return number == 1 or last is not None and number <= last
