"""What a question over rows asks for: operations, comparisons, periods, what to group by, and the words left over."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from copilot.language import concepts, fold, function_words
from copilot.rows import vocabulary as words
from copilot.rows.spans import TAKEN, Comparison, Days, Work, comparisons, days_of, edge

_WORD = re.compile(r"[^\W_\u3400-\u9fff]+(?:[-./'’][^\W_\u3400-\u9fff]+)*|[\u3400-\u9fff]+")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the question that no operation took, where it stands, and its search terms."""

    text: str
    start: int
    terms: frozenset[str]
    plain: bool = False
    """Whether every question may have it: it need not be explained."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question over rows, as far as no table is needed to read it."""

    text: str
    language: str
    operations: frozenset[str]
    comparisons: tuple[Comparison, ...]
    days: tuple[Days, ...]
    words: tuple[Word, ...]
    groups: tuple[int, ...]
    """The places in ``words`` of what may be to group by; a period's name stands in ``period`` instead."""
    period: str
    kind: str
    """What "heaviest" or "hottest" says is measured, by the kinds of units; mostly empty."""
    which: int | None
    counted: int | None
    listed: bool
    """Whether rows are asked for by name: "which ...", "list ..."."""
    status: str
    negated: bool


def read_question(text: str, language: str) -> Asked | None:
    """The question over rows that ``text`` is; None where no word asks for a computation."""
    work = Work(text.replace("’", "'"), language)
    if words.compiled(edge(words.of(words.READ, language), language)).search(text):
        return None
    compared = tuple(sorted(comparisons(work), key=lambda item: item.start))
    days = tuple(days_of(work))
    grouped, period = _group(work)
    operations, kind = _superlative(work)
    operations |= _operations(work)
    which = work.take(rf"{edge(words.of(words.WHICH, language), language)}")
    listed = work.take(edge(words.of(words.LIST, language), language)) if which is None else which
    status = _status(work)
    if not (operations or compared or period or grouped or listed is not None and (days or status)):
        return None
    left = _words(work)
    plain = _no_words(left, work)
    first = _place(left, which)
    counted = _place(left, work.spots.get("count"))
    return Asked(
        text, language, frozenset(operations), compared, days, left, _places(left, grouped), period, kind, first,
        counted,        listed is not None, status, plain,
    )  # fmt: skip


def _group(work: Work) -> tuple[list[int], str]:
    """Where phrases that group end, or the period that one names."""
    pattern = edge(words.of(words.GROUP, work.language), work.language)
    ends = []
    for match in words.compiled(pattern).finditer(work.text):
        following = work.text[match.end() :]
        for period, names in words.PERIODS.items():
            named = re.match(
                rf"\s*(?:{names})(?![^\W_])" if work.language != "zh" else rf"\s*(?:{names})", following, re.I
            )
            if named:
                work.mask(match.start(), match.end())
                return [match.end()], period
        if re.match(r"\s*[^\W\d_]", following):
            ends.append(match.end())
    return ends, ""


def _superlative(work: Work) -> tuple[set[str], str]:
    """The operation and the kind of unit of an adjective that says what is measured."""
    for name, table in (("highest", words.MOST_OF), ("lowest", words.LEAST_OF)):
        for kind, pattern in table.items():
            if work.take(
                edge(rf"(?:(?:am|the|le|la|les|el|los|las|il|i|gli|o|a|os|as) )?(?:{pattern})", work.language)
            ):
                return {name}, kind
    return set(), ""


def _operations(work: Work) -> set[str]:
    tables = {
        "mean": words.MEAN, "count": words.COUNT, "sum": words.SUM, "highest": words.HIGHEST, "lowest": words.LOWEST,
        "most": words.MOST, "fewest": words.FEWEST, "different": words.DISTINCT,
    }  # fmt: skip
    found = []
    for name, table in tables.items():
        pattern = edge(words.of(table, work.language), work.language)
        if name == "count" and work.language == "fr":
            pattern = rf"(?<![^\W_])(?:{words.of(table, 'fr')})"
        found += [(match.start(), match.end(), name) for match in words.compiled(pattern).finditer(work.text)]
    taken: list[tuple[int, int, str]] = []
    for start, end, name in sorted(found, key=lambda item: (item[0] - item[1], item[0])):
        if not any(start < other[1] and other[0] < end for other in taken):
            taken.append((start, end, name))
    for start, end, name in taken:
        work.mask(start, end)
        work.spots[name] = end
    made = {name for _, _, name in taken}
    return made - {"count"} if work.language == "zh" and made & {"mean", "highest", "lowest"} else made


def _status(work: Work) -> str:
    for name, pattern in (("failed", words.FAILED), ("passed", words.PASSED)):
        edges = pattern if work.language == "zh" else rf"(?<![^\W_])(?:{pattern})(?![^\W_])"
        match = words.compiled(edges).search(work.text)
        if match:
            work.spots["status"] = match.start()
            return name
    return ""


@functools.cache
def _plain_words(language: str) -> frozenset[str]:
    return frozenset(words.of(words.PLAIN, language).split())


def _words(work: Work) -> tuple[Word, ...]:
    """The words that are left, without those of grammar."""
    plain, stops = _plain_words(work.language), function_words(work.language)
    grouping = words.compiled(words.of(words.GROUP, work.language))
    found: list[Word] = []
    for match in _WORD.finditer(work.text):
        text = match.group()
        if "\u3400" <= text[0] <= "\u9fff":
            found += [word for word in _han(text, match.start(), plain, stops) if not grouping.fullmatch(word.text)]
            continue
        bare = re.sub(r"^(?:l|d|qu|dell|nell|all|dall|sull|un|s|n|c)['’]", "", text, flags=re.IGNORECASE)
        if bare.casefold() not in stops and not grouping.fullmatch(bare) and TAKEN not in bare:
            found.append(Word(bare, match.start(), terms_of(bare, work.language), bare.casefold() in plain))
    return tuple(found)


def _han(run: str, offset: int, plain: frozenset[str], stops: frozenset[str]) -> Iterator[Word]:
    """The longest words of a run of Chinese."""
    surfaces = [item.surface for item in concepts(run, "zh") if item.kind == "word" and item.surface not in stops]
    for text in dict.fromkeys(surfaces):
        longer = any(text != other and text in other for other in surfaces)
        if not longer:
            yield Word(text, offset + run.find(text), frozenset({text}) | terms_of(text, "zh"), text in plain)


@functools.lru_cache(maxsize=8192)
def terms_of(text: str, language: str) -> frozenset[str]:
    """The search terms of a few words, compounds' parts included, and the text itself folded."""
    found = {
        term for item in concepts(text, language) if item.kind in ("word", "part", "identifier", "number", "pair")
        for term in item.terms
    }  # fmt: skip
    return frozenset(found | {fold(text)})


def _no_words(left: Sequence[Word], work: Work) -> bool:
    """Whether something is negated outside of what was taken ("not OK" is a state, and no negation)."""
    text = work.text
    if "status" in work.spots:
        text = re.sub(words.FAILED, " ", text, flags=re.IGNORECASE)
    return words.compiled(words.of(words.NEGATION, work.language)).search(text) is not None


def _place(left: Sequence[Word], position: int | None) -> int | None:
    """The first word from a position on."""
    if position is None:
        return None
    return next((place for place, word in enumerate(left) if word.start >= position), None)


def _places(left: Sequence[Word], positions: Sequence[int]) -> tuple[int, ...]:
    found = (_place(left, position) for position in positions)
    return tuple(dict.fromkeys(place for place in found if place is not None))
