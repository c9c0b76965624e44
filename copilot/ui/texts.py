"""The app's texts in each language, read from one catalogue, with numbers and dates as that language writes them."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal, format_percent

from copilot.types import UNKNOWN_LANGUAGE

FALLBACK = "en"
_HERE = Path(__file__).parent
_FILES = ("texts.toml", "texts_documents.toml", "texts_translate.toml")
# The words of a locator, which are the same in every document: "table 3, row 12", "slide 4 > notes".
_PLACE = re.compile(r"(?:(?<=^)|(?<= > )|(?<=, ))(table|rows?|line|slide) (\d+(?:-\d+)?)(?=$|, | > )")
_LOCALES = {"zh": "zh_Hans_CN", "pt": "pt_BR", "en": "en_GB"}


class Texts:
    """The texts of one language: ``texts("nav_chat")``, with values for its placeholders."""

    def __init__(self, language: str, catalogue: Mapping[str, Mapping[str, str]]) -> None:
        self.language = language
        self._catalogue = catalogue
        self._locale = Locale.parse(_LOCALES.get(language, language))

    def __call__(self, key: str, /, **values: object) -> str:
        """The text with its placeholders filled; KeyError for a key that is not in the catalogue."""
        return self._catalogue[key][self.language].format(**values)

    def raw(self, key: str) -> str:
        """The text with its placeholders."""
        return self._catalogue[key][self.language]

    def status(self, name: str) -> str:
        """A document's status in words; the status itself where it is not one of ours."""
        return self(f"status_{name}") if f"status_{name}" in self._catalogue else name

    def engine(self, name: str) -> str:
        """A part of the engine in words, where we have them."""
        return self(f"engine_{name}") if f"engine_{name}" in self._catalogue else name

    def language_name(self, code: str) -> str:
        """The language's name, beginning with a capital."""
        if code == UNKNOWN_LANGUAGE:
            return code.upper()
        name = str(self._locale.languages.get(code, code.upper()))
        return name[:1].upper() + name[1:]

    def place(self, locator: str) -> str:
        """A locator with its own words in this language; headings and cells stay as they are."""
        return _PLACE.sub(lambda found: self(f"place_{found[1]}", number=found[2]), locator)

    def date(self, value: dt.date) -> str:
        """The date in medium length."""
        return str(format_date(value, format="medium", locale=self._locale))

    def number(self, value: float) -> str:
        """The number with this language's separators."""
        return str(format_decimal(value, locale=self._locale))

    def percent(self, share: float) -> str:
        """A share of 1 as whole per cent, as this language writes it."""
        return str(format_percent(share, locale=self._locale))


@cache
def catalogue() -> Mapping[str, Mapping[str, str]]:
    """Every text by key and language."""
    found: dict[str, Mapping[str, str]] = {}
    for name in _FILES:
        found |= tomllib.loads((_HERE / name).read_text("utf-8"))
    return found


@cache
def texts_of(language: str) -> Texts:
    """The texts of a language; English where we do not speak it."""
    known = language if language in catalogue()["own_name"] else FALLBACK
    return Texts(known, catalogue())
