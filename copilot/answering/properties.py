"""Which property of a thing a question asks for (weight, price, colour ...), and whether a text speaks of it.

The words are data (properties.csv): a row a property, its unit pattern, then per language the words for it. The first
is its name; a star stands for any letters; words behind a plus tell the property in a text but do not ask for it.
"""

from __future__ import annotations

import csv
import functools
import re
from dataclasses import dataclass
from importlib import resources

from copilot.answering.property_units import UNITS
from copilot.answering.wanted import wanted

_INTERROGATIVE = {
    "en": r"what|which|how|who|whose|at what",
    "de": r"was|welche\w{0,2}|wie|wer|wieviel\w?",
    "es": r"qué|cuál(?:es)?|cuánt[oa]s?|quién(?:es)?|cómo",
    "fr": r"que|quels?|quelles?|combien|qui|quoi|quelle",
    "it": r"che|qual[ei]?|quant[oaie]|chi|cosa",
    "pl": r"jak\w*|ile|ilu|kto|któr\w+|co|czego|czym",
    "pt": r"que|qual|quais|quant[oa]s?|quem",
}
# Who asks for a number of litres or days has said the unit: the passage's own words decide.
_IN_UNITS = re.compile(
    r"(?:\b(?:how many|wie ?vielen?|cuánt[oa]s|combien de|combien d['’]|quant[ie]|quant[oa]s|ile|ilu)\s*(?:milli|centi|"
    r"kilo|milí|mili|metr|mètr|meter|lit|volt|amp|watt|bar\b|grad|degr|stopn|newton|minut|hour|stund|sekund|secon|segund|hor|"
    r"heur|or[ae]\b|godzin|days?|tag|día|dia|jour|giorn|dni|weeks?|woch|sema|settim|tygod|month|monat|mes|mois|mies|"
    r"year|jahr|año|anos|ans|anni|lat\b|euro|kg|mm|cm|km|nm\b))|(?:多少|几)个?(?:毫|厘|千|公|秒|分钟|小时|天|周|月|年|升|米|伏|安|瓦|度|元)"
)
# How something is done, or why, is no property of it.
HOW_TO = re.compile(
    r"\bhow (?:do|does|to|can|should|must|is|are|did|was|were)\b|"
    r"\bwie (?!(?:viel|hoch|groß|lang|schwer|dick|tief|breit|weit|schnell|stark|warm|heiß|kalt|laut|alt|hart|oft|"
    r"häufig|teuer))|"
    r"\bcomment\b|\bcómo\b|\bcome\b|\bcomo\b|"
    r"\bjak (?!(?:dług|częst|szybk|dalek|głośn|wysok|ciężk|grub|szerok|głębok|star|tward|duż))|如何|怎么|怎样|"
    r"\bwhy\b|\bwarum\b|\bwieso\b|\bweshalb\b|\bpourquoi\b|\bpor ?qu[eé]\b|\bperché\b|\bdlaczego\b|为什么|为何"
)
# Where a condition begins, what is asked for has been named.
_CONDITION = re.compile(
    r"\b(?:when|if|while|after|before|wenn|falls|sobald|nachdem|bevor|quand|lorsque|lorsqu|cuando|quando|caso|gdy|kiedy|"
    r"jeśli|jeżeli|podczas|during|durante|pendant|während)\b"
)
_REACH = 45  # letters behind the word that asks, within which the property is named
_HELD_BY_UNIT = 0.6  # a value in the property's unit without its name: it may be another length or time


@dataclass(frozen=True, slots=True, eq=False)
class Property:
    """A property with its name in each language, the words that ask for it, those that tell it, and its units."""

    name: str
    names: dict[str, str]
    asked: dict[str, re.Pattern[str]]
    told: dict[str, re.Pattern[str]]
    units: re.Pattern[str] | None


@dataclass(frozen=True, slots=True)
class Asked:
    """What a question asks of its thing: properties that its words may mean (one, rarely two), none where unclear."""

    properties: tuple[Property, ...]

    def name(self, language: str) -> str:
        """The first property's name in a language; empty where none is asked for."""
        return self.properties[0].names.get(language, self.properties[0].names["en"]) if self.properties else ""

    def names(self, word: str, language: str) -> bool:
        """Whether a word of the question names the property itself."""
        return any(item.told[language].search(word.casefold()) for item in self.properties if language in item.told)

    def held(self, text: str, language: str) -> float:
        """1 where a text names the property, less where it only has a value in its unit, 0 where neither."""
        return max((_held(item, text, language) for item in self.properties), default=1.0)


@functools.lru_cache(maxsize=1024)
def asked_property(question: str, language: str) -> Asked:
    """The property that a question asks for: the first that is named behind its interrogative (in Chinese the last).

    Questions for a date or a reason ask for no property of a thing, whatever they name.
    """
    kind = wanted(question)
    found = asked_properties(question, language)
    if kind == "date" or not found or _called_otherwise(question, language, found[0][0]):
        return Asked(())
    # The longest wording where several begin: "durée de vie" is no "durée".
    at = max(found, key=lambda one: (one[1], -one[0])) if language == "zh" else found[0]
    same = [item for first, last, item in found if (first, last) == at[:2]]
    if kind == "person":
        same = [item for item in same if item.name in ("manufacturer", "supplier")]
    return Asked(tuple(dict.fromkeys(same)))


def asked_properties(question: str, language: str) -> list[tuple[int, int, Property]]:
    """Where a question names properties that it may ask for, in order: (start, end, property)."""
    folded = question.casefold()
    if _IN_UNITS.search(folded) or HOW_TO.search(folded):
        return []
    start, end = _region(folded, language)
    found = [
        (match.start(), match.end(), item)
        for item in properties()
        if language in item.asked
        for match in item.asked[language].finditer(folded, start, end)
    ]
    return sorted(found, key=lambda one: (one[0], -one[1]))


def _called_otherwise(question: str, language: str, start: int) -> bool:
    """Whether a word that may mean a property, but does not ask for it alone, stands before the first that does.

    "Resistenza del bullone di massa" asks for no mass. English puts such words before the noun that counts.
    """
    if language in ("en", "zh"):
        return False
    folded = question.casefold()
    begin, _ = _region(folded, language)
    return any(item.told[language].search(folded, begin, start) for item in properties() if language in item.told)


def asking(question: str, language: str) -> int:
    """Where in a folded question the word that asks ends; -1 where there is none."""
    pattern = _INTERROGATIVE.get(language)
    found = re.search(rf"\b(?:{pattern})\b", question) if pattern else None
    return found.end() if found else -1


def _region(question: str, language: str) -> tuple[int, int]:
    start = asking(question, language)
    if start < 0:
        return 0, len(question)
    condition = _CONDITION.search(question, start)
    begins = question.rfind(" ", 0, start) + 1  # the word that asks is part of many phrases: "how heavy"
    end = min(len(question), start + _REACH, condition.start() if condition else len(question))
    while end < len(question) and question[end].isalnum():
        end += 1
    return begins, end


def _held(item: Property, text: str, language: str) -> float:
    told, folded = item.told.get(language), text.casefold()
    if told is not None and told.search(folded):
        return 1.0
    if item.units is None or not item.units.search(text):
        return 0.0
    # A value in the same unit that the text calls otherwise is another property: a diameter is no length. What never
    # is asked for alone (a tolerance, a resolution) comes in the unit of any.
    others = (
        other.told.get(language)
        for other in properties()
        if (other.units is item.units or not other.asked) and other is not item
    )
    return 0.0 if any(other is not None and other.search(folded) for other in others) else _HELD_BY_UNIT


@functools.cache
def properties() -> tuple[Property, ...]:
    """All that are known."""
    file = resources.files("copilot.answering").joinpath("properties.csv")
    rows = csv.DictReader(file.read_text(encoding="utf-8").splitlines())
    return tuple(_property(row) for row in rows)


def _property(row: dict[str, str]) -> Property:
    words = {name: cell.split(";") for name, cell in row.items() if name not in ("property", "units")}
    return Property(
        row["property"],
        {language: items[0].lstrip("+") for language, items in words.items()},
        {
            language: _pattern(plain, language)
            for language, items in words.items()
            if (plain := [item for item in items if item[0] != "+"])
        },
        {language: _pattern([item.lstrip("+") for item in items], language) for language, items in words.items()},
        UNITS[row["units"]],
    )


def _pattern(words: list[str], language: str) -> re.Pattern[str]:
    forms = "|".join(_form(word.casefold()) for word in dict.fromkeys(words))
    return re.compile(forms if language == "zh" else rf"(?<!\w)(?:{forms})(?!\w)")


def _form(word: str) -> str:
    return re.escape(word).replace(r"\*", r"\w*").replace(r"o\?", "o?").replace(r"\ ", r"\s+")
