"""Composes sentence pairs of workshop language from words and frames of our own, agreement included."""

from __future__ import annotations

import random
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from training.translation.pairs import Pair
from training.translation.recipe import MASKS

ORIGIN = "workshop"
_HOLE = re.compile(r"\{([\w-]+)\}|@")
_VOWELS = "aeiouáéíóú"
_PLAIN = str.maketrans("áéíóú", "aeiou")


@dataclass(frozen=True, slots=True)
class Noun:
    """A noun in both languages."""

    spanish: str
    feminine: bool
    english: str

    def many(self) -> Noun:
        """Its plural; a compound's first word carries it in Spanish, its last in English."""
        first, *rest = self.spanish.split(" ")
        return Noun(" ".join([_plural(first), *rest]), self.feminine, _english_plural(self.english))


def pairs(count: int, seed: int = 13) -> list[Pair]:
    """So many different pairs, Spanish to English; fewer where the frames give no more."""
    words = _words()
    chance = random.Random(seed)
    found: dict[str, Pair] = {}
    for _ in range(3 * count):
        frame = chance.choice(words["frames"])
        spanish, english = _filled(frame, words, chance)
        found.setdefault(spanish, Pair(ORIGIN, spanish, english))
        if len(found) == count:
            break
    return list(found.values())


def headings(times: int) -> list[Pair]:
    """The fixed phrases, each so many times over, with masks in turn."""
    rows = [text.split(" = ") for text in _words()["headings"]]
    return [
        Pair(ORIGIN, _fill(source, {}, turn % 4), _fill(target, {}, turn % 4))
        for turn in range(times) for source, target in rows
    ]  # fmt: skip


def with_codes(pair: Pair) -> Pair:
    """The pair with part numbers in place of its masks, as a reader would write it."""
    source, target = pair.source, pair.target
    for number, mask in enumerate(MASKS):
        source, target = (text.replace(mask, f"KX-{4107 + number}") for text in (source, target))
    return Pair(pair.origin, source, target)


def _words() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "workshop_es.toml").read_text(encoding="utf-8"))


def _filled(frame: str, words: Mapping[str, Any], chance: random.Random) -> tuple[str, str]:
    one, other = (_noun(text) for text in chance.sample(words["things"], 2))
    amount, person = _noun(chance.choice(words["amounts"])), _noun(chance.choice(words["people"]))
    doing, second = (text.split() for text in chance.sample(words["doings"], 2))
    while "{Doing}" in frame and doing[6] == "-":
        doing = chance.choice(words["doings"]).split()
    state, opposite = (text.split() for text in chance.sample(words["states"], 2))
    first = chance.choice((0, 0, 0, chance.randrange(len(MASKS) - 2)))
    spanish = _spanish(one, other, amount, person, doing, second, state[0], opposite[0])
    english = _english(one, other, amount, person, doing, second, state[1], opposite[1])
    left, right = frame.split(" = ")
    return _fill(left, spanish, first), _fill(right, english, first)


def _fill(side: str, table: Mapping[str, str], first: int) -> str:
    masks = iter(MASKS[first:])
    text = _HOLE.sub(lambda hole: next(masks) if hole.group() == "@" else table[hole.group(1)], side)
    return text[0].upper() + text[1:]


def _noun(text: str) -> Noun:
    spanish, gender, english = text.replace("_", " ").rsplit(" ", 2) if text.count("_") == 0 else _parts(text)
    return Noun(spanish, gender == "f", english)


def _parts(text: str) -> tuple[str, str, str]:
    spanish, gender, english = text.split(" ")
    return spanish.replace("_", " "), gender, english.replace("_", " ")


def _spanish(
    one: Noun, other: Noun, amount: Noun, person: Noun, doing: list[str], second: list[str], state: str, opposite: str
) -> dict[str, str]:
    noun, _, gender = doing[6].partition("_")
    past = _agree(doing[3], one)
    return {
        "T": _the(one), "U": _the(other), "Ts": _the(one.many(), "los", "las"), "A": _the(amount), "P": _the(person),
        "t": one.spanish, "ts": one.many().spanish, "a": amount.spanish,
        "at": ("una " if one.feminine else "un ") + one.spanish,
        "ofT": _of(one), "ofU": _of(other), "toU": _to(other), "Do": doing[0],
        "do": doing[0], "do2": second[0], "to": doing[1],
        "to2": second[1], "does": doing[2], "does2": second[2], "done": past, "to-be-done": f"ser {past}",
        "Doing": noun, "s": _agree(state, one), "v": _agree(opposite, other), "ss": _plural(_agree(state, one)),
        "nuevo": _agree("nuevo", one), "maximo": _agree("máximo", amount), "minimo": _agree("mínimo", amount),
    }  # fmt: skip


def _english(
    one: Noun, other: Noun, amount: Noun, person: Noun, doing: list[str], second: list[str], state: str, opposite: str
) -> dict[str, str]:
    do, do2, done = (text.replace("_", " ") for text in (doing[4], second[4], doing[5]))
    whole, article = f"{other.english} {one.english}", "an" if state[0] in "aeiou" else "a"
    return {
        "T": f"the {one.english}", "U": f"the {other.english}", "Ts": f"the {one.many().english}",
        "A": f"the {amount.english}", "P": f"the {person.english}", "t": one.english, "ts": one.many().english,
        "a": amount.english, "TU": f"the {whole}", "TUs": f"the {_english_plural(whole)}", "tu": whole,
        "Do": do, "do": do, "do2": do2, "ing": _ing(do), "ing2": _ing(do2), "does": _third(do), "does2": _third(do2),
        "done": done, "Doing": doing[7], "s": state, "v": opposite, "ss": state,
        "Atx": f"{article} {state} {one.english}",
    }  # fmt: skip


def _the(noun: Noun, masculine: str = "el", feminine: str = "la") -> str:
    stressed = noun.spanish == "agua" and feminine == "la"
    return f"{feminine if noun.feminine and not stressed else masculine} {noun.spanish}"


def _of(noun: Noun) -> str:
    phrase = _the(noun)
    return f"d{phrase}" if phrase.startswith("el ") else f"de {phrase}"


def _to(noun: Noun) -> str:
    phrase = _the(noun)
    return f"al {phrase[3:]}" if phrase.startswith("el ") else f"a {phrase}"


def _agree(adjective: str, noun: Noun) -> str:
    return adjective[:-1] + "a" if noun.feminine and adjective.endswith("o") else adjective


def _plural(word: str) -> str:
    if word.endswith("s"):
        return word
    if word.endswith("z"):
        return word[:-1] + "ces"
    if word[-1] in _VOWELS:
        return word + "s"
    accented = word[-2] in "áéíóú" and word[-1] in "n"
    return (word[:-2] + word[-2].translate(_PLAIN) + word[-1] if accented else word) + "es"


def _english_plural(text: str) -> str:
    if text.endswith(("software", "equipment", "packaging", "chassis", "series")):
        return text
    if text.endswith("y") and text[-2] not in "aeiou":
        return text[:-1] + "ies"
    return text + ("es" if text.endswith(("s", "x", "ch", "sh")) else "s")


def _ing(verb: str) -> str:
    first, _, rest = verb.partition(" ")
    stem = first[:-1] if first.endswith("e") and not first.endswith("ee") else first + "p" * (first == "stop")
    return f"{stem}ing {rest}".strip()


def _third(verb: str) -> str:
    first, _, rest = verb.partition(" ")
    ending = "es" if first.endswith(("s", "x", "ch", "sh")) else "s"
    return f"{first[:-1]}ies {rest}".strip() if first.endswith("fy") else f"{first}{ending} {rest}".strip()
