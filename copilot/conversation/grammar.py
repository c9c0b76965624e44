"""What follow-ups are made of in each language, read from grammar.toml."""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any

from copilot.language import function_words
from copilot.types import LANGUAGES

_TOKEN = re.compile(r"[^\W_][\w./:+-]*[^\W_]|[^\W_]")
_HAN = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Grammar:
    """One language's patterns; ``counterparts`` are groups of stems that take one another's place."""

    language: str
    lead: re.Pattern[str]
    tail: re.Pattern[str]
    article: re.Pattern[str]
    thing: re.Pattern[str]
    condition: re.Pattern[str]
    pronoun: re.Pattern[str]
    ask: re.Pattern[str]
    measure: re.Pattern[str]
    property: re.Pattern[str]
    properties: tuple[str, ...]
    possessive: re.Pattern[str]
    twins: tuple[frozenset[str], ...]
    verbs: frozenset[str]
    elides: bool
    counterparts: tuple[tuple[str, ...], ...]

    def stripped(self, text: str) -> tuple[str, bool]:
        """A follow-up without what only ties it to what was said, and whether there was such a thing."""
        rest = text.strip().strip("¿¡ ").rstrip("?？.。!！… ")
        bare = rest
        while (match := self.lead.match(rest)) and match.end() < len(rest):
            rest = rest[match.end() :].lstrip(" ,，:：")
        while (match := self.tail.search(rest)) and match.start() > 0:
            rest = rest[: match.start()].rstrip(" ,，")
        return rest, rest != bare

    def asks(self, text: str) -> bool:
        """Whether a question word begins the text, or follows its preposition; in Chinese it stands anywhere."""
        if self.language == "zh":
            return self.ask.search(text) is not None
        bare = text.lstrip("¿¡ ")
        first, _, rest = bare.partition(" ")
        led = first.lower() in function_words(self.language) or self.condition.fullmatch(first)
        return self.ask.match(bare) is not None or bool(led) and self.ask.match(rest) is not None

    def content(self, text: str) -> list[str]:
        """The words, in lower case, that name something: no grammar, no measure."""
        if self.language == "zh":
            for pattern in (self.ask, self.pronoun, self.measure, self.article):
                text = pattern.sub(" ", text)
            return [part for part in re.findall(r"[\u3400-\u9fff]+|[\w.-]+", text) if part not in function_words("zh")]
        stops = function_words(self.language)
        empty = (self.ask, self.measure, self.article, self.condition, self.pronoun)
        words = [word for word in tokens(self.ask.sub(" ", text)) if word not in stops]
        return [word for word in words if not any(pattern.fullmatch(word) for pattern in empty)]


def tokens(text: str) -> list[str]:
    """The words of a text in lower case, parted at apostrophes."""
    return [word.lower() for word in _TOKEN.findall(re.sub(r"['’]", "' ", text))]


def has_han(text: str) -> bool:
    """Whether Chinese characters stand in it."""
    return _HAN.search(text) is not None


@functools.cache
def grammar(language: str) -> Grammar:
    """The grammar of a language; that of English for one that is not ours."""
    name = language if language in LANGUAGES else "en"
    return _read(name, _tables()[name])


@functools.cache
def _tables() -> Mapping[str, Any]:
    text = resources.files("copilot.conversation").joinpath("grammar.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def _read(language: str, table: Mapping[str, Any]) -> Grammar:
    word = _characters if language == "zh" else _words
    tail = r"(?:{})$" if language == "zh" else r"[ ,]+(?:{})$"
    return Grammar(
        language=language,
        lead=word(table["leads"]),
        tail=re.compile(tail.format("|".join(table["tails"])), re.IGNORECASE),
        article=word(table["articles"]),
        thing=word(table["things"]),
        condition=word(table["conditions"]),
        pronoun=word(table["pronouns"]),
        ask=word(table["asks"]),
        measure=word(table["measures"]),
        property=re.compile(rf"[¿¡ ]*(?:{table['property']})", re.IGNORECASE),
        properties=tuple(table["properties"].split()),
        possessive=word(table["possessives"]),
        twins=tuple(frozenset(group.split()) for group in table["twins"]),
        verbs=frozenset(table["verbs"].split()),
        elides=bool(table["elides"]),
        counterparts=tuple(tuple(group.split()) for group in table["counterparts"]),
    )


def _words(alternatives: Sequence[str]) -> re.Pattern[str]:
    longest = "|".join(sorted(alternatives, key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:{longest})(?:(?<=['’])|(?!\w))", re.IGNORECASE)


def _characters(alternatives: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(sorted(alternatives, key=len, reverse=True)))
