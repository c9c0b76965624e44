"""Groups the elements of a section into passages of a readable size that end where sentences end."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from copilot.language import sentences
from copilot.types import Element, ElementKind, Span

MAX_WORDS = 180
TARGET_WORDS = 120
MIN_WORDS = 40
_LEAD_WORDS = 40
_HAN_PER_WORD = 1.8
_CHARS_PER_WORD = 25
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_WORD = re.compile(r"[^\W\u3400-\u9fff\uf900-\ufaff]+")
# The part before is bounded: a text of a thousand hyphens must not be searched a thousand times.
_BREAK = re.compile(r"\b(\w[\w\-\u2010]{0,40}(?<=[^\W\d_])|[^\W\d_])([-\u2010])([^\S\t]*)(\w+)")
_UNPRINTED = re.compile(r"[\u00ad\ufffe]\s*")
_CONJUNCTIONS = frozenset("und oder bzw bis and or et ou y o e i lub oraz sowie ed od u".split())


@dataclass(frozen=True, slots=True)
class Slice:
    """Characters ``start`` to ``end`` of an element's text."""

    element: Element
    start: int
    end: int

    @property
    def text(self) -> str:
        """The characters."""
        return self.element.text[self.start:self.end]

    def pieces(self) -> Iterator[tuple[int, int, Span]]:
        """(start, end, span), counted from the slice's start, covering all of it in order.

        White space between two lines belongs to the first; text outside of all lines gets the element's span
        without a box.
        """
        span, position = self.element.span, self.start
        lines = [line for line in self.element.lines if line[1] > self.start and line[0] < self.end]
        for number, (start, end, page, box) in enumerate(lines):
            start, end = max(start, position), min(end, self.end)
            if start > position:
                yield position - self.start, start - self.start, Span(span.page, None, span.locator)
            following = lines[number + 1][0] if number + 1 < len(lines) else self.end
            if not self.element.text[end:min(following, self.end)].strip():
                end = max(end, min(following, self.end))
            if end > start:
                yield start - self.start, end - self.start, Span(page, box, span.locator)
            position = max(position, end)
        if position < self.end:
            yield position - self.start, self.end - self.start, Span(span.page, None if lines else span.box,
                                                                     span.locator)


def count_words(text: str) -> float:
    """Words, where 1.8 Han characters count as one, and 25 characters of anything at least as one."""
    return max(len(_WORD.findall(text)) + len(_HAN.findall(text)) / _HAN_PER_WORD, len(text) / _CHARS_PER_WORD)


def pack(elements: Sequence[Element], language: str) -> list[list[Slice]]:
    """The elements of one section as passages: nothing lost, order kept."""
    passages: list[list[Slice]] = []
    size = 0.0
    for block in _blocks(elements, language):
        words = sum(count_words(one.text) for one in block)
        if not passages or size + words > MAX_WORDS or size >= TARGET_WORDS:
            passages.append([])
            size = 0.0
        passages[-1].extend(block)
        size += words
    if len(passages) > 1 and size < MIN_WORDS:
        before = sum(count_words(one.text) for one in passages[-2])
        if before + size <= MAX_WORDS + MIN_WORDS:
            last = passages.pop()
            passages[-1].extend(last)
    return passages


def _blocks(elements: Sequence[Element], language: str) -> list[list[Slice]]:
    """What should not be parted: a paragraph, or the steps of a list with the line that introduces them."""
    blocks: list[list[Slice]] = []
    steps: list[Slice] = []
    for element in elements:
        whole = Slice(element, 0, len(element.text))
        if element.kind is ElementKind.LIST_ITEM and count_words(element.text) <= MAX_WORDS:
            steps.append(whole)
            continue
        _close_list(blocks, steps)
        steps = []
        blocks.extend([one] for one in _cut(whole, language))
    _close_list(blocks, steps)
    return blocks


def _close_list(blocks: list[list[Slice]], steps: list[Slice]) -> None:
    if not steps:
        return
    total = sum(count_words(step.text) for step in steps)
    lead = blocks[-1] if blocks and len(blocks[-1]) == 1 else []
    if lead and (not lead[0].text.rstrip().endswith((":", "：")) or count_words(lead[0].text) > _LEAD_WORDS):
        lead = []
    if lead:
        blocks.pop()
    if total <= MAX_WORDS:
        blocks.append([*lead, *steps])
    else:
        blocks.append([*lead, steps[0]])
        blocks.extend([step] for step in steps[1:])


def _cut(whole: Slice, language: str) -> list[Slice]:
    """The slice itself where it fits, else parts of it that end with sentences."""
    if count_words(whole.text) <= MAX_WORDS:
        return [whole]
    ends = [end for start, end in sentences(whole.text, language)]
    parts: list[Slice] = []
    start = last = 0
    for end in [*ends, len(whole.text)]:
        if last > start and count_words(whole.text[start:end]) > TARGET_WORDS:
            parts.extend(_by_force(Slice(whole.element, start, last)))
            start = last
        last = end
    parts.extend(_by_force(Slice(whole.element, start, len(whole.text))))
    return _without_margins(parts)


def _by_force(part: Slice) -> Iterator[Slice]:
    """Cut at white space what no sentence ends within the limits."""
    start = part.start
    text = part.element.text
    window = 2 * MAX_WORDS * _CHARS_PER_WORD
    while count_words(text[start:min(start + window, part.end)]) > 1.5 * MAX_WORDS:
        end = start + _reach(text[start:min(start + window, part.end)])
        yield Slice(part.element, start, end)
        start = end
    yield Slice(part.element, start, part.end)


def _reach(text: str) -> int:
    """How far MAX_WORDS reach into the text, at white space where there is some; at least one character."""
    low, high = 1, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if count_words(text[:middle]) <= MAX_WORDS else (low, middle - 1)
    space = max(text.rfind(sign, 0, low) for sign in (" ", "\n", "\t", "，", "；", "、", "。"))
    return space + 1 if space > low // 2 else low


def _without_margins(parts: Sequence[Slice]) -> list[Slice]:
    trimmed = []
    for part in parts:
        text = part.text
        start = part.start + len(text) - len(text.lstrip())
        end = part.end - (len(text) - len(text.rstrip()))
        if end > start:
            trimmed.append(Slice(part.element, start, end))
    return trimmed


def join_lines(text: str, pieces: Sequence[tuple[int, int, Span]]) -> str:
    """The text for searching: a word that a line's end parted stands there whole and as it is written.

    Both, since the end of a line does not tell "Dreh-moment" from "deep-drawn"; what is quoted stays as it is.
    """
    starts = {start for start, _, _ in pieces}

    def joined(match: re.Match[str]) -> str:
        before, hyphen, space, after = match.groups()
        if "\n" not in space and match.start(4) not in starts:
            return match.group()
        if after.lower() in _CONJUNCTIONS:
            return f"{before}{hyphen} {after}"
        written = before + hyphen + after
        return f"{before}{after} {written}" if after[0].islower() else written

    return _UNPRINTED.sub("", _BREAK.sub(joined, text))
