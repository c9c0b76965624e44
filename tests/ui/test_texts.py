from __future__ import annotations

import datetime as dt
import re
import string
from pathlib import Path

import pytest

import copilot.ui
from copilot.types import LANGUAGES
from copilot.ui.texts import catalogue, texts_of

ROOM = Path(copilot.ui.__file__).parent
DERIVED = {
    "status_": ("released", "superseded", "withdrawn", "in_review", "draft", "failed"),
    "outcome_": ("indexed", "unchanged", "replaced", "removed", "skipped", "failed"),
    "verdict_": ("answered", "partial", "not_found", "refused"),
    "job_": ("queued", "running", "done", "failed"),
    "engine_": ("extractive", "llm", "none"),
    "kind_": ("generated", "unsupported"),
    "place_": ("table", "row", "rows", "line", "slide"),
}


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def used_keys() -> set[str]:
    sources = "\n".join(path.read_text("utf-8") for path in ROOM.glob("*.py"))
    keys = set(re.findall(r'texts(?:_of\(\w+\))?\(\s*"(\w+)"', sources))
    keys |= set(re.findall(r'^    "(\w+)", ', sources, re.MULTILINE)) & set(catalogue())
    script = (ROOM / "panel.js").read_text("utf-8")
    keys |= set(re.findall(r"texts\.(\w+)", script))
    return keys | {prefix + name for prefix, names in DERIVED.items() for name in names}


def test_every_text_is_there_in_every_language() -> None:
    missing = [
        (key, language) for key, texts in catalogue().items() for language in LANGUAGES
        if not texts.get(language, "").strip()
    ]
    assert missing == []
    assert all(set(texts) == set(LANGUAGES) for texts in catalogue().values())


def test_placeholders_are_the_same_in_every_language() -> None:
    differing = {
        key for key, texts in catalogue().items()
        if len({frozenset(placeholders(text)) for text in texts.values()}) != 1
    }
    assert differing == set()


def test_code_uses_only_keys_of_the_catalogue() -> None:
    assert used_keys() - set(catalogue()) == set()


def test_panel_gets_every_text_that_its_script_asks_for() -> None:
    from copilot.ui.panel import _TEXTS

    asked = set(re.findall(r"texts\.(\w+)", (ROOM / "panel.js").read_text("utf-8")))
    assert asked == set(_TEXTS)


@pytest.mark.parametrize(("language", "number", "date"), [
    ("en", "1,284.5", "3 Feb 2025"), ("de", "1.284,5", "03.02.2025"), ("zh", "1,284.5", "2025年2月3日"),
])
def test_numbers_and_dates_are_written_as_the_language_does(language: str, number: str, date: str) -> None:
    texts = texts_of(language)
    assert texts.number(1284.5) == number
    assert texts.date(dt.date(2025, 2, 3)) == date


def test_language_names_begin_with_a_capital_and_unknown_ones_keep_their_code() -> None:
    assert texts_of("fr").language_name("de") == "Allemand"
    assert texts_of("fr").language_name("und") == "UND"
    assert texts_of("xx").language == "en"
