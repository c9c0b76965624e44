"""Which columns and values of a table the words of a question name, in its language or across languages."""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from copilot.language import fold, function_words, stem
from copilot.language.wordtable import open_word_table
from copilot.rows import vocabulary as words
from copilot.rows.asking import Asked, Word, terms_of
from copilot.rows.tables import Table

NAMED = 0.45  # from which strength on a word counts as naming a column, a value or the table
_SHORTEST = 4  # letters of a compound's part
_LEAST_TRANSLATION = 0.06
_SPOKEN_VALUES = 100  # values of a column that are compared across languages
_LONGEST_VALUE = 6  # words


@dataclass(frozen=True, slots=True)
class ValueMatch:
    """Words (by their places) that are values of a column; several values where they all mean one state."""

    column: int
    values: tuple[str, ...]
    places: frozenset[int]
    number: float | None = None


def strengths(asked: Asked, text: str, language: str) -> dict[int, float]:
    """Word's place -> how surely it names something in ``text``, 0 to 1; those that do not are left out."""
    tokens = re.findall(r"[^\W_]+(?:-[^\W_]+)*", text)
    found = {}
    for place, word in enumerate(asked.words):
        best = max((strength(word, asked.language, token, language) for token in tokens), default=0.0)
        if language == "zh" and word.text in text and asked.language == "zh":
            best = max(best, 0.9 if len(word.text) > 1 else 0.5)
        if best >= NAMED:
            found[place] = best
    return found


def strength(word: Word, language: str, token: str, target: str, value: bool = False) -> float:
    """How surely a word of ``language`` means a word of ``target``, which is part of a name, or of a ``value``."""
    return _strength(word.text, word.terms, language, token, target, value)


@functools.lru_cache(maxsize=32768)
def _strength(text: str, own_terms: frozenset[str], language: str, token: str, target: str, value: bool) -> float:
    terms = terms_of(token, target)
    if _has_digit(text):  # a number or an identifier is named whole, or not at all
        return 1.0 if {fold(text), re.sub(r"[\W_]", "", fold(text))} & terms else 0.0
    if own_terms & terms:
        return 1.0
    kinds = words.kinds_of(text) & words.kinds_of(token)
    if kinds and (not value or kinds & words.VALUES):
        return 0.8
    if any(_holds(term, other) for term in _long(own_terms) for other in _long(terms)):
        return 0.7
    if language == target:
        return 0.0
    chance = sum(chance for term, chance in _translated(own_terms, language, target) if term in terms)
    return min(1.0, math.sqrt(chance))


@functools.lru_cache(maxsize=8192)
def _has_digit(text: str) -> bool:
    return any(char.isdigit() for char in text)


@functools.lru_cache(maxsize=8192)
def _long(terms: frozenset[str]) -> tuple[str, ...]:
    """Those that may be parts of a compound."""
    return tuple(term for term in terms if len(term) >= _SHORTEST)


def _meant(word: Word, language: str, token: str, target: str) -> float:
    """How surely a word means a value's word; a run of Chinese is a clause, and is named as a whole or not at all."""
    if target != "zh":
        return strength(word, language, token, target, value=True)
    same = word.text == token or bool(words.kinds_of(word.text) & words.kinds_of(token) & words.VALUES)
    chances = dict(_translations(word, language, target)) if language != target else {}
    return 1.0 if same else float(chances.get(token, 0.0)) ** 0.5


def _holds(term: str, other: str) -> bool:
    """Whether one is a compound with the other at its end or beginning."""
    short, long = sorted((term, other), key=len)
    return short.isalpha() and (long.startswith(short) or long.endswith(short)) and len(short) >= 0.45 * len(long)


@functools.lru_cache(maxsize=4096)
def _translated(terms: frozenset[str], source: str, target: str) -> tuple[tuple[str, float], ...]:
    table = open_word_table()
    best: dict[str, float] = {}
    for term in terms:
        for end, chance in table.translations(term, source, target):
            if chance >= _LEAST_TRANSLATION:
                best[end] = max(best.get(end, 0.0), chance)
    return tuple(best.items())


def _translations(word: Word, source: str, target: str) -> tuple[tuple[str, float], ...]:
    return _translated(word.terms, source, target)


def coverage(words: Sequence[Word], name: str, matched: dict[int, float], language: str) -> float:
    """The share of a column's name that the matched words make up, 0 to 1."""
    bare = re.sub(r"[\[(（][^\])）]*[\])）]", " ", name).strip() or name
    if language == "zh":
        covered = {at for place in matched for at in range(len(bare)) if _covers(words[place].text, bare, at)}
        return len(covered) / max(1, len(bare)) or min(1.0, 0.5 * len(matched))
    tokens = [part for part in re.findall(r"[^\W_]+", bare) if part.casefold() not in function_words(language)]
    return min(1.0, len(matched) / max(1, len(tokens)))


def _covers(word: str, text: str, at: int) -> bool:
    start = text.find(word)
    return start <= at < start + len(word) if start >= 0 else False


def columns_named(asked: Asked, table: Table) -> list[dict[int, float]]:
    """For each column the words that name it."""
    return [strengths(asked, table.name(place), table.language) for place in range(len(table.header))]


def values_named(asked: Asked, table: Table, named: Sequence[dict[int, float]]) -> list[ValueMatch]:
    """The words that are values of columns, the longest first; none overlaps another of its column."""
    found: list[ValueMatch] = []
    for place in range(len(table.header)):
        column = table.column(place)
        if column.dates is not None:
            continue
        if column.numbers is not None:
            found += _numbered(asked, place, column.numbers, named[place])
            continue
        taken: set[int] = set()
        for match in sorted(_of_column(asked, place, table), key=lambda item: -len(item.places)):
            if not taken & match.places:
                taken |= match.places
                found.append(match)
    return sorted(found, key=lambda item: -len(item.places))


def _of_column(asked: Asked, place: int, table: Table) -> Iterator[ValueMatch]:
    values = table.column(place).values
    joined = {_joined(key): text for key, text in values.items()}
    for start, end, text in _runs(tuple(word.text for word in asked.words)):
        if text in joined and (len(text) > 1 or text.isalpha() and asked.words[start].text.isupper()):
            yield ValueMatch(place, (joined[text],), frozenset(range(start, end)))
    if len(values) <= _SPOKEN_VALUES:
        yield from _spoken(asked, place, table)


@functools.lru_cache(maxsize=64)
def _runs(texts: tuple[str, ...]) -> tuple[tuple[int, int, str], ...]:
    """Words that follow each other, joined as values are: where the first stands, where they end, and the text."""
    return tuple(
        (start, end, _joined("".join(texts[start:end])))
        for start in range(len(texts))
        for end in range(start + 1, min(len(texts), start + _LONGEST_VALUE) + 1)
    )


def _joined(text: str) -> str:
    return re.sub(r"[\W_]", "", fold(text))


def _spoken(asked: Asked, place: int, table: Table) -> Iterator[ValueMatch]:
    """Values named by other forms of their words, or in another language, each word by one of the question's."""
    for text in table.column(place).values.values():
        tokens = re.findall(r"[^\W_]+", text)
        if not tokens or len(tokens) > _LONGEST_VALUE or not any(token[0].isalpha() for token in tokens):
            continue
        places = []
        for token in tokens:
            best = max(
                ((_meant(word, asked.language, token, table.language), at) for at, word in enumerate(asked.words)),
                default=(0.0, -1),
            )
            if best[0] < NAMED or len(token) < 2:
                break
            places.append(best[1])
        else:
            yield ValueMatch(place, (text,), frozenset(places))


def _numbered(
    asked: Asked, place: int, numbers: Sequence[float | None], named: dict[int, float]
) -> Iterator[ValueMatch]:
    """As in "run 3": a number right beside the name of a column of numbers."""
    for at, word in enumerate(asked.words):
        if word.text.isdigit() and (at - 1 in named or at + 1 in named):
            beside = {item for item in (at - 1, at + 1) if item in named}
            if float(word.text) in numbers:
                yield ValueMatch(place, (), frozenset({at} | beside), float(word.text))


def state_column(table: Table, state: str) -> list[tuple[int, tuple[str, ...]]]:
    """The columns whose values say passed or failed, each with its values of ``state``."""
    found = []
    for place in range(len(table.header)):
        column = table.column(place)
        if column.numbers is not None or column.dates is not None or not 0 < len(column.values) <= 12:
            continue
        failed = [text for text in column.values.values() if re.fullmatch(words.FAILED, text, re.IGNORECASE)]
        passed = [text for text in column.values.values() if re.fullmatch(words.PASSED, text, re.IGNORECASE)]
        if failed or passed:
            found.append((place, tuple(failed if state == "failed" else passed)))
    return found


def is_yes_or_no(values: Sequence[str]) -> bool:
    """Whether a column answers a question that its name asks."""
    kept = {" ".join(value.casefold().split()) for value in values}
    return bool(kept) and kept <= words.YES | words.NO


# Nouns that are counted for themselves: several rows speak of one supplier, one day, one operator.
_APART = frozenset(
    stem(word, "en")
    for word in (
        "supplier vendor customer operator worker person people employee inspector station shift day week month year "
        "line plant machine site factory country city project programme program document table page column name type "
        "kind model variant version colour color cause reason batch lot team department company manufacturer value"
    ).split()
)


def stands_apart(word: Word, language: str) -> bool:
    """Whether a noun names what many rows share, so that counting rows would not count it."""
    terms = word.terms if language == "en" else {term for term, _ in _translated(word.terms, language, "en")}
    return bool(_APART & set(terms)) or not any(char.isalpha() for char in word.text)
