"""Whether a quote speaks of the very quantities that a question names: "120 días", "12 V", "5,000 events"."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from decimal import Decimal

from copilot.answering.text import bag
from copilot.language import function_words, terms
from copilot.quantities import Quantity, converted, quantities, same
from copilot.quantities.spellings import UNITS

_FEWEST = 10  # counted things; "2 bolts" is often told without its number
_COUNTED = re.compile(r"(?<![\w.,/-])(\d{1,3}(?:[.,\u00a0\u202f ]\d{3})+|\d+)[ \u00a0]([^\W\d_]{3,})")
_YEAR = re.compile(r"(?:19|20)\d\d")


def states(question: str, asked_in: str, text: str, language: str, limits: bool) -> bool:
    """Whether a text (the quote with its column heads and headings) holds every quantity of a question.

    A range that spans it will do; with ``limits`` (who asks whether something is so) any value of its kind will.
    """
    asked = quantities(question, asked_in)
    if asked:
        given = quantities(text, language)
        if not all(any(_speaks(item, other, limits) for other in given) for item in asked):
            return False
    if limits:
        return True
    return _holds_counts(_counted(question, asked_in), text, language)


def told_numbers(question: str, asked_in: str, text: str, language: str, limits: bool) -> frozenset[str]:
    """The numbers of a question, as typed, whose quantity a text tells in another way: in a range that holds it."""
    asked = quantities(question, asked_in)
    given = quantities(text, language) if asked else ()
    return frozenset(
        number
        for item in asked
        if any(_speaks(item, other, limits) for other in given)
        for number in re.findall(r"\d+(?:[.,]\d+)*", item.source)
    )


def _speaks(asked: Quantity, given: Quantity, limits: bool) -> bool:
    if UNITS[asked.unit].kind != UNITS[given.unit].kind:
        return False
    return limits or same(asked, given) or _spans(given, asked) or _ends(given, asked)


def _spans(given: Quantity, asked: Quantity) -> bool:
    if given.upper is None:
        return False
    value = converted(asked, given.unit)
    last = value.value if value.upper is None else value.upper
    return given.value <= value.value and last <= given.upper


def _ends(given: Quantity, asked: Quantity) -> bool:
    """Whether the value asked is an end or the middle of what is given: 12 V of "9 to 12 V", 5 mm of "5 ± 1 mm"."""
    value = converted(asked, given.unit).value
    ends = [given.value, given.upper]
    if given.tolerance is not None:
        ends += [given.value - given.tolerance, given.value + given.tolerance]
    return any(end is not None and end == value for end in ends)


@functools.lru_cache(maxsize=1024)
def _counted(question: str, language: str) -> tuple[str, ...]:
    """The numbers before counted nouns; not years, nor the number of what stands before it ("error 115 means")."""
    taken = [(item.start, item.end) for item in quantities(question, language)]
    found = []
    for match in _COUNTED.finditer(question):
        number, noun = match.groups()
        before = question[: match.start()].split()
        named = bool(before) and before[-1].casefold() not in function_words(language)
        inside = any(start <= match.start() < end for start, end in taken)
        digits = Decimal(re.sub(r"\D", "", number))
        if not (inside or named or _YEAR.fullmatch(number) or digits < _FEWEST or noun in function_words(language)):
            found.append(number)
    return tuple(found)


def _holds_counts(numbers: Sequence[str], text: str, language: str) -> bool:
    held = bag(text, language).terms
    plain = re.sub(r"(?<=\d)[.,\u00a0\u202f ](?=\d{3}\b)", "", text)
    return all(held.intersection(terms(number, language)) or _stands(number, plain) for number in numbers)


def _stands(number: str, plain: str) -> bool:
    digits = re.sub(r"\D", "", number)
    return re.search(rf"(?<!\d){digits}(?!\d)", plain) is not None
