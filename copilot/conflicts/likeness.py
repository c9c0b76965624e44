"""How likely two statements are about the same property of the same thing, by a small model over their words."""

from __future__ import annotations

import functools
import json
import math
import re
from collections.abc import Callable, Sequence
from importlib import resources

from copilot.answering.text import Bag, union
from copilot.conflicts.statements import COUNT, DATE, SPAN, Statement
from copilot.verification.engineering import full_bag
from copilot.verification.polarity import opposed
from copilot.verification.wording import Word, Wording

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
FEATURES = (
    "least", "most", "whole", "strange", "contrast", "shared", "cosine", "place", "common", "unit", "otherwise",
    "one_condition", "count", "counted", "date", "span", "rows", "across", "measured", "short",
)
RISING = frozenset({"counted", "least", "most", "whole", "shared", "cosine", "place", "common", "unit"})
FALLING = frozenset({"strange", "contrast", "otherwise", "one_condition", "measured", "short"})
_MOST_OF_WORDS = {"least": 1.0, "most": 1.0, "whole": 1.0, "strange": 1.0, "contrast": 2.0, "counted": 1.0}
"""The features for which words are looked for in the other passage, at their most."""
_HELD = 0.3
_GROUND, _OUTWEIGHS = 0.3, 0.6
_LEAST_COLUMN = 0.2  # a column's head may be one word that the table of words does not know
# Rows of opposites that name two things, or two states of one: left and right, inlet and outlet, opens and closes.
_TELLING = frozenset({1, 2, 4, 5, 6, 7, 10, 11, 12, 13, 14, 15, 16, 17, 22, 23, 24, 27, 29, 30, 31})
Near = Callable[[str, str], float]
"""The cosine of two texts."""


def apart(a: Statement, b: Statement) -> bool:
    """Whether something names them as two: other identifiers, other numbers of their kind, sides, or conditions."""
    if a.identifiers and b.identifiers and not a.identifiers & b.identifiers:
        return True
    if a.numbered and b.numbered and not a.numbered & b.numbered:
        return True
    if any(number in _TELLING for number in opposed(a.polarity, b.polarity)):
        return True
    return any(
        {value for kind, value in a.conditions if kind == name}.isdisjoint(
            value for kind, value in b.conditions if kind == name
        )
        for name in {kind for kind, _ in a.conditions} & {kind for kind, _ in b.conditions}
    )


def features(
    wording: Wording, near: Near, a: Statement, b: Statement, titles: tuple[str, str], common: float
) -> tuple[float, ...]:
    """The features of a pair, in the order of FEATURES; ``titles`` are the headings that each stands under, ``common``
    is the share of the passages' other values that are the same.
    """
    found, bags = _plain(near, a, b, common), _bags(a, b, titles)
    found |= _by_nearest(wording, a, b, bags) | _by_strange(wording, a, b, bags) | _by_all(wording, a, b, bags)
    return tuple(found[name] for name in FEATURES)


def partner(
    wording: Wording, near: Near, a: Statement, b: Statement, titles: tuple[str, str], common: float, floor: float,
    kin: bool,
) -> tuple[float, ...]:
    """The features; () where their likeness is below ``floor``, or where no word speaks for one thing and the two are
    not of ``kin`` documents. What takes long is worked out only where it can still matter.
    """
    found = _plain(near, a, b, common)
    if _at_most(found) < floor:
        return ()
    bags = _bags(a, b, titles)
    spoken_for = kin or bool(found["shared"])
    if not spoken_for and _share(a.near, _held(wording, a.near, a, bags[1], b.language)) < _GROUND:
        return ()  # "least" can only be less
    for read in (_by_nearest, _by_strange, _by_all):
        found |= read(wording, a, b, bags)
        if _at_most(found) < floor or not spoken_for and found["least"] < _GROUND:
            return ()
    return tuple(found[name] for name in FEATURES)


def _at_most(known: dict[str, float]) -> float:
    """The likeness of a pair if what is not known yet were as good as it can be."""
    found, bias = weights(bool(known["across"]))
    most = sum(max(0.0, found.get(name, 0.0)) * top for name, top in _MOST_OF_WORDS.items() if name not in known)
    return _probability(bias + most + sum(found.get(name, 0.0) * value for name, value in known.items()))


def _plain(near: Near, a: Statement, b: Statement, common: float) -> dict[str, float]:
    """The features for which no word is looked for in the other passage."""
    return {
        "shared": float(bool(a.identifiers & b.identifiers)),
        "cosine": near(_NUMBER.sub("", a.clause), _NUMBER.sub("", b.clause)),
        "place": _place(a, b),
        "common": common,
        "unit": float(a.unit == b.unit),
        "otherwise": _otherwise(a, b),
        "one_condition": float(bool(a.conditions) != bool(b.conditions)),
        "count": float(a.kind == COUNT),
        "date": float(a.kind == DATE),
        "span": float(a.kind == SPAN),
        "rows": float(a.row and b.row),
        "across": float(a.language != b.language),
        "measured": float(a.found != b.found),
        "short": float(min(len(a.near), len(b.near)) < 2),
    }


def _bags(a: Statement, b: Statement, titles: tuple[str, str]) -> tuple[Bag, Bag]:
    """What each of a pair is found in: its sentence, its headings, its clause."""
    first = union([full_bag(a.text, a.language), full_bag(titles[0], a.language), full_bag(a.clause, a.language)])
    second = union([full_bag(b.text, b.language), full_bag(titles[1], b.language), full_bag(b.clause, b.language)])
    return first, second


def _by_nearest(wording: Wording, a: Statement, b: Statement, bags: tuple[Bag, Bag]) -> dict[str, float]:
    """By the words of the clauses, of rows by those of name and column."""
    first, second = bags
    forward = _share(a.near, _held(wording, a.near, a, second, b.language))
    back = _share(b.near, _held(wording, b.near, b, first, a.language))
    for mine, its, other in ((a, second, b.language), (b, first, a.language)):
        if mine.head:
            column = _share(mine.head, _held(wording, mine.head, mine, its, other))
            forward, back = min(forward, max(column, _LEAST_COLUMN)), min(back, max(column, _LEAST_COLUMN))
    return {"least": min(forward, back), "most": max(forward, back)}


def _by_strange(wording: Wording, a: Statement, b: Statement, bags: tuple[Bag, Bag]) -> dict[str, float]:
    """By the words of each clause that the other passage would hold if it were about the same."""
    first, second = bags
    lost = [_strange(wording, a, second, b.language), _strange(wording, b, first, a.language)]
    strange = max(lost[0] / max(1, len(a.near)), lost[1] / max(1, len(b.near)))
    return {"strange": min(1.0, strange), "contrast": float(min(2, *lost))}


def _by_all(wording: Wording, a: Statement, b: Statement, bags: tuple[Bag, Bag]) -> dict[str, float]:
    """By all words of the sentences, and by what is counted."""
    first, second = bags
    wide = [
        _share(a.all, _held(wording, a.all, a, second, b.language)),
        _share(b.all, _held(wording, b.all, b, first, a.language)),
    ]
    return {"whole": min(wide), "counted": counted(wording, a, b)}


def counted(wording: Wording, a: Statement, b: Statement) -> float:
    """How far two counts are of one thing; 0 for what is no count."""
    if not a.noun or not b.noun:
        return 0.0
    return max(
        wording.held(a.noun[0], a.language, full_bag(b.noun[0].surface, b.language), b.language),
        wording.held(b.noun[0], b.language, full_bag(a.noun[0].surface, a.language), a.language),
    )


def _place(a: Statement, b: Statement) -> float:
    if a.place < 0 or b.place < 0:
        return 0.5
    return 1.0 - abs(a.place - b.place)


def _strange(wording: Wording, mine: Statement, other: Bag, language: str) -> int:
    """How many words and parts of words the other passage would hold in a form that we know, and does not."""
    lost = 0
    for word in mine.near:
        parts = [Word(part, (part,), (), 1.0, word.place) for part in word.parts] if len(word.parts) > 1 else [word]
        lost += any(
            wording.held(part, mine.language, other, language) < _HELD and wording.knows(part, mine.language, language)
            for part in parts
        )
    return lost


def _otherwise(a: Statement, b: Statement) -> float:
    """Whether values of other kinds stand beside both, and none is the same: two things rather than one."""
    kinds = {kind for kind, _ in a.others} & {kind for kind, _ in b.others}
    return float(bool(kinds) and not a.others & b.others)


def _held(wording: Wording, found: Sequence[Word], mine: Statement, other: Bag, language: str) -> list[float]:
    return [wording.held(word, mine.language, other, language) for word in found]


def _share(found: Sequence[Word], held: Sequence[float]) -> float:
    total = sum(word.weight for word in found)
    return sum(word.weight * value for word, value in zip(found, held, strict=True)) / total if total else 0.0


def grounded(values: Sequence[float]) -> bool:
    """Whether words or an identifier that both have speak for one thing, not the unit and the likeness alone."""
    found = dict(zip(FEATURES, values, strict=True))
    words = found["least"] >= _GROUND or found["shared"] > 0
    return words and (found["contrast"] < 2 or found["least"] >= _OUTWEIGHS)


@functools.cache
def weights(foreign: bool) -> tuple[dict[str, float], float]:
    """The shipped weights and bias of a model: of values in one language, or in two."""
    read = json.loads(resources.files("copilot.conflicts").joinpath("model.json").read_text("utf-8"))
    made = read["other" if foreign else "own"]
    return made["weights"], made["bias"]


def likeness(values: Sequence[float]) -> float:
    """The probability that both are about the same, 0 to 1."""
    found, bias = weights(bool(values[FEATURES.index("across")]))
    return _probability(bias + sum(found.get(name, 0.0) * value for name, value in zip(FEATURES, values, strict=True)))


def _probability(logit: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, logit))))
