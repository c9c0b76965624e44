"""Part numbers and quantities among ten thousand parts: every way of writing them finds the same passage first."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from copilot.service import Copilot
from copilot.types import Hit, Principal, Question

pytestmark = pytest.mark.slow

ASKER = Principal("tester")
PARTS = 10_000
LETTERS = "PRQBDT"
NAMES = {
    "en": ("bracket", "housing bolt", "cooling plate", "seal ring", "bus bar"),
    "de": ("Halterung", "Gehäuseschraube", "Kühlplatte", "Dichtring", "Stromschiene"),
    "fr": ("support", "vis de carter", "plaque de refroidissement", "joint torique", "barre omnibus"),
    "zh": ("支架", "壳体螺栓", "冷却板", "密封圈", "汇流排"),
}
SENTENCE = {
    "en": "Part {code}: {name}, bore {size} mm, {count} pieces in a box.",
    "de": "Teil {code}: {name}, Bohrung {size} mm, {count} Stück je Karton.",
    "fr": "Pièce {code} : {name}, alésage {size} mm, {count} pièces par boîte.",
    "zh": "零件 {code}：{name}，孔径 {size} mm，每箱 {count} 件。",
}
QUESTION = {
    "en": "What is the bore of {}?", "de": "Welche Bohrung hat {}?", "fr": "Quel est l'alésage de {} ?",
    "zh": "{} 的孔径是多少？",
}
FORMS: dict[str, Callable[[str, str], str]] = {
    "hyphen": lambda letters, digits: f"{letters}-{digits}",
    "blank": lambda letters, digits: f"{letters} {digits}",
    "joined": lambda letters, digits: f"{letters}{digits}",
    "lower": lambda letters, digits: f"{letters}{digits}".lower(),
    "lower hyphen": lambda letters, digits: f"{letters}-{digits}".lower(),
}
WRITTEN = ("hyphen", "blank", "joined")


@dataclass(frozen=True)
class Part:
    """A part as it stands in the corpus: ``written`` names the form of its code."""

    letters: str
    digits: str
    language: str
    written: str
    size: str
    text: str


def _parts() -> list[Part]:
    dice = random.Random(5)
    codes = {("PPR", "9087")}
    while len(codes) < PARTS:
        codes.add(("".join(dice.choices(LETTERS, k=3)), f"{dice.randrange(10_000):04}"))
    sizes = dice.sample(range(101, 10_000 + 101), PARTS)  # hundredths of a millimetre, each once
    made = []
    for number, (letters, digits) in enumerate(sorted(codes)):
        language = tuple(NAMES)[number % len(NAMES)]
        written = WRITTEN[number % len(WRITTEN)]
        size = f"{sizes[number] / 100:.2f}"
        shown = size if language in ("en", "zh") else size.replace(".", ",")
        text = SENTENCE[language].format(code=FORMS[written](letters, digits), name=dice.choice(NAMES[language]),
                                         size=shown, count=dice.randrange(2, 60))
        made.append(Part(letters, digits, language, written, size, text))
    return made


@pytest.fixture(scope="module")
def parts() -> list[Part]:
    return _parts()


@pytest.fixture(scope="module")
def copilot(parts: list[Part], open_corpus: Callable[..., Copilot]) -> Copilot:
    return open_corpus([(part.language, part.text) for part in parts])


def _sample(parts: list[Part], count: int) -> list[Part]:
    asked = [part for part in parts if (part.letters, part.digits) == ("PPR", "9087")]
    return asked + random.Random(9).sample(parts, count - 1)


def _first(copilot: Copilot, text: str, language: str = "") -> str:
    hits: tuple[Hit, ...] = copilot.search(Question(text, language=language), ASKER, top_k=1).hits
    return hits[0].chunk.text if hits else ""


@pytest.mark.parametrize("form", FORMS)
def test_search_a_part_number_in_any_form_finds_the_part_first(
    form: str, parts: list[Part], copilot: Copilot
) -> None:
    asked = _sample(parts, 24)
    assert {part.written for part in asked} == set(WRITTEN)
    missed = [(text, part.text) for part in asked
              if _first(copilot, text := FORMS[form](part.letters, part.digits)) != part.text]
    assert missed == []


@pytest.mark.parametrize("language", NAMES)
def test_search_a_question_about_a_part_finds_it_first_in_whatever_language_it_stands(
    language: str, parts: list[Part], copilot: Copilot
) -> None:
    asked = _sample(parts, 12)
    missed = []
    for number, part in enumerate(asked):
        form = tuple(FORMS.values())[number % len(FORMS)]
        text = QUESTION[language].format(form(part.letters, part.digits))
        if _first(copilot, text, language) != part.text:
            missed.append((text, part.text))
    assert missed == []


@pytest.mark.parametrize("mark", [",", "."])
def test_search_a_quantity_is_one_with_a_comma_and_with_a_point(
    mark: str, parts: list[Part], copilot: Copilot
) -> None:
    asked = _sample(parts, 24)
    assert {part.language for part in asked} == set(NAMES)
    missed = []
    for part in asked:
        text = part.size.replace(".", mark) + " mm"
        if _first(copilot, text, "de" if mark == "," else "en") != part.text:
            missed.append((text, part.text))
    assert missed == []


def test_search_a_number_that_no_part_has_finds_none_that_is_named_so(copilot: Copilot, parts: list[Part]) -> None:
    there = {part.letters + part.digits for part in parts}
    absent = next(f"QQQ{digits:04}" for digits in range(10_000) if f"QQQ{digits:04}" not in there)
    hits = copilot.search(Question(absent, language="en"), ASKER).hits
    assert all(absent not in hit.chunk.text.replace("-", "").replace(" ", "") for hit in hits)
