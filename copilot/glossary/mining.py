"""Which words of two languages stand for each other, by how often they occur in the same aligned passages."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from copilot.glossary.gloss import Words
from copilot.language import concepts, fold, function_words, stem

LEAST_COUNT = 2
_LEAST_DICE = 0.6
_SURE_DICE = 0.8  # for pairs seen no more than LEAST_COUNT times
_LEAST_LIKELIHOOD = 10.83  # chi-square, one degree of freedom, p = .001
_MOST_WORDS = {"de": 2, "zh": 1}
_MOST_WORDS_DEFAULT = 4
_SHORTEST = 4
_WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|[\u0300-\u036f])*")
_GAP = re.compile(r" |-|['’]")
_HAN = re.compile(r"[\u3400-\u9fff]+")


@dataclass(frozen=True, slots=True)
class Pair:
    """Two terms that stand for each other: as written, in how many passages both, Dice's coefficient, and a score."""

    left: str
    right: str
    count: int
    dice: float
    score: float


@dataclass(slots=True)
class _Side:
    """One language's candidates: in which passages each stands, and how it is written."""

    places: dict[str, set[int]]
    written: dict[str, Counter[str]]


def mine(
    passages: Sequence[tuple[str, str]], left: str, right: str, words: Words | None = None
) -> list[Pair]:
    """The likely pairs among aligned passages, each term in one of them, the surest first.

    Scored by the log-likelihood ratio (Dunning 1993), raised by likeness of spelling and by what the word table says.
    """
    ours = _side([pair[0] for pair in passages], left)
    theirs = _side([pair[1] for pair in passages], right)
    found = sorted(_scored(ours, theirs, len(passages), (left, right), words), key=_order)
    taken_left: set[str] = set()
    taken_right: set[str] = set()
    kept = []
    for a, b, pair in found:
        if a not in taken_left and b not in taken_right:
            taken_left.add(a)
            taken_right.add(b)
            kept.append(pair)
    return kept


def _order(item: tuple[str, str, Pair]) -> tuple[float, str, str]:
    return (-item[2].score, item[0], item[1])


def _side(texts: Sequence[str], language: str) -> _Side:
    places: dict[str, set[int]] = defaultdict(set)
    written: dict[str, Counter[str]] = defaultdict(Counter)
    for number, text in enumerate(texts):
        for key, surface in _terms(text, language):
            places[key].add(number)
            written[key][surface] += 1
    frequent = {key: found for key, found in places.items() if len(found) >= LEAST_COUNT}
    whole = {key: found for key, found in frequent.items() if not _is_part(key, found, frequent)}
    return _Side(whole, written)


def _terms(text: str, language: str) -> Iterator[tuple[str, str]]:
    """(stems, as written) of words and phrases that begin and end with a word of meaning."""
    if language == "zh":
        for concept in concepts(text, "zh"):
            if concept.kind == "word" and len(concept.surface) > 1 and _HAN.fullmatch(concept.surface):
                yield concept.surface, concept.surface
        return
    stops = function_words(language)
    found = list(_WORD.finditer(text))
    for index, first in enumerate(found):
        if first.group().lower() in stops or len(first.group()) < _SHORTEST:
            continue
        for size in range(1, _MOST_WORDS.get(language, _MOST_WORDS_DEFAULT) + 1):
            phrase = found[index : index + size]
            if len(phrase) < size or not _tied(text, phrase):
                break
            if phrase[-1].group().lower() not in stops and len(phrase[-1].group()) >= _SHORTEST:
                key = " ".join(stem(word.group(), language) for word in phrase)
                yield key, text[phrase[0].start() : phrase[-1].end()]


def _tied(text: str, phrase: Sequence[re.Match[str]]) -> bool:
    gaps = zip(phrase, phrase[1:], strict=False)
    return all(_GAP.fullmatch(text, left.end(), right.start()) for left, right in gaps)


def _is_part(key: str, places: set[int], frequent: Mapping[str, set[int]]) -> bool:
    """Whether a word stands nowhere but in one longer phrase, which says it better."""
    return any(
        len(places) == len(found) and key != other and f" {key} " in f" {other} " and places == found
        for other, found in frequent.items() if " " in other and len(other) > len(key)
    )  # fmt: skip


def _scored(
    ours: _Side, theirs: _Side, total: int, languages: tuple[str, str], words: Words | None
) -> Iterator[tuple[str, str, Pair]]:
    by_place: dict[int, list[str]] = defaultdict(list)
    for key, found in theirs.places.items():
        for number in found:
            by_place[number].append(key)
    for key, found in ours.places.items():
        together = Counter(other for number in found for other in by_place[number])
        for other, count in together.items():
            dice = 2 * count / (len(found) + len(theirs.places[other]))
            likelihood = _likelihood(count, len(found), len(theirs.places[other]), total)
            if count < LEAST_COUNT or dice < _LEAST_DICE or likelihood < _LEAST_LIKELIHOOD:
                continue
            known = _known(key, other, languages, words)
            if count == LEAST_COUNT and dice < _SURE_DICE and not known:
                continue
            left, right = _written(ours.written[key]), _written(theirs.written[other])
            score = likelihood * dice * (1 + 2 * known + _spelt_alike(left, right))
            yield key, other, Pair(left, right, count, round(dice, 3), round(score, 1))


def _written(forms: Counter[str]) -> str:
    """The usual form; with a capital only where it is never without one, or mostly, as German nouns are."""
    best, count = forms.most_common(1)[0]
    lower = best[:1].lower() + best[1:]
    return lower if 2 * forms[lower] >= count else best


def _known(left: str, right: str, languages: tuple[str, str], words: Words | None) -> float:
    """How much of both terms the word table pairs, 0 to 1."""
    if words is None:
        return 0.0
    wanted = set(right.split())
    paired = {
        term for word in left.split() for term, chance in words.translations(word, *languages) if chance >= 0.05
    } & wanted
    return 2 * len(paired) / (len(left.split()) + len(wanted))


def _likelihood(both: int, left: int, right: int, total: int) -> float:
    """Dunning's log-likelihood ratio of a two-by-two table; 0 where the two avoid each other."""
    if both * total <= left * right:
        return 0.0
    cells = (both, left - both, right - both, total - left - right + both)
    rows, columns = (left, total - left), (right, total - right)
    expected = (
        rows[0] * columns[0] / total, rows[0] * columns[1] / total,
        rows[1] * columns[0] / total, rows[1] * columns[1] / total,
    )  # fmt: skip
    return 2 * sum(seen * math.log(seen / wanted) for seen, wanted in zip(cells, expected, strict=True) if seen > 0)


def _spelt_alike(left: str, right: str) -> float:
    """Dice's coefficient of letter pairs, for words of one root."""
    first, second = (Counter(fold(text)[i : i + 2] for i in range(len(text) - 1)) for text in (left, right))
    return 2 * (first & second).total() / max((first + second).total(), 1)
