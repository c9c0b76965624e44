from collections import Counter
from pathlib import Path

import pytest

from copilot.language import detect, sentences
from copilot.language.vocabularies import strangers
from copilot.searching import QUESTION_CERTAINTY
from copilot.types import LANGUAGES

QUESTIONS = [
    ("de", "Wie hoch ist das Anzugsmoment der Gehäuseschrauben?"),
    ("en", "What is the tightening torque of the housing bolts?"),
    ("es", "¿Cuál es el par de apriete de los tornillos de la carcasa?"),
    ("fr", "Quel est le couple de serrage des vis du carter ?"),
    ("it", "Qual è la coppia di serraggio delle viti dell'alloggiamento?"),
    ("pl", "Jaki jest moment dokręcania śrub obudowy?"),
    ("pt", "Qual é o torque de aperto dos parafusos da carcaça?"),
    ("zh", "电池包壳体螺栓的拧紧力矩是多少？"),
    ("de", "Was ist das torque für M8?"),
    ("de", "Anzugsmoment Gehäuseschrauben"),
]


@pytest.mark.parametrize(("language", "text"), QUESTIONS)
def test_detect_question(language: str, text: str) -> None:
    assert detect(text) == language


@pytest.mark.parametrize("text", ["PPR-9087", "P0A7E", "24 Nm", "", "???", "M8"])
def test_detect_without_words_falls_back(text: str) -> None:
    assert detect(text) == "und"
    assert detect(text, "pl") == "pl"


SHORT = [line.split("\t") for line in (Path(__file__).with_name("short_queries.tsv")).read_text("utf-8").splitlines()]


def test_short_queries_of_two_or_three_words_are_told_apart() -> None:
    right = Counter(language for language, text in SHORT if detect(text, certainty=QUESTION_CERTAINTY) == language)
    assert len(SHORT) == 200 and right.total() >= 186
    assert set(right) == set(LANGUAGES) and min(right.values()) >= 21


ARTICLES_TELL = [
    ("it", "Quanto pesa la porta KL-40?"), ("pt", "Quanto pesa a porta KL-40?"), ("es", "Cuanto pesa la puerta KL-40?"),
    ("fr", "Combien pese la porte KL-40?"), ("it", "Quanto dura la batteria?"), ("pt", "Quanto dura a bateria?"),
    ("it", "Quanto costa lo statore?"), ("pt", "Quanto custa o estator?"), ("es", "Cuanto cuesta el estator?"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "text"), ARTICLES_TELL)
def test_articles_tell_short_questions_of_sister_languages_apart(language: str, text: str) -> None:
    assert detect(text, certainty=QUESTION_CERTAINTY) == language


NOTHING_TELLS = ["0A5-915-101-C", "P0A80", "P0A80 U0100-00", "M8 x 25", "SF-3", "torque", "fuse", "audit"]


@pytest.mark.parametrize("text", NOTHING_TELLS)
def test_names_alone_and_single_words_of_many_languages_are_not_guessed(text: str) -> None:
    assert detect(text, certainty=QUESTION_CERTAINTY) == "und"


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "What is the Anzugsmoment of M8?"), ("de", "Wie hoch ist die coppia di serraggio?"),
     ("fr", "Quel est le Kühlmittel de la batterie ?"), ("pl", "Jaki jest torque dla śruby M8?")],
)  # fmt: skip
def test_a_question_with_words_of_another_language_is_in_that_of_its_grammar(language: str, text: str) -> None:
    assert detect(text, certainty=QUESTION_CERTAINTY) == language


def test_strangers_are_words_that_only_other_languages_know() -> None:
    assert strangers("What is the Anzugsmoment of the M8 bolts?", "en") == {"de": frozenset({"anzugsmoment"})}
    assert strangers("Wie hoch ist das Anzugsmoment?", "de") == {}
    assert "it" in strangers("Wie hoch ist die coppia di serraggio?", "de")


def _split(text: str, language: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text, language)]


def test_sentences_abbreviations_and_decimals_do_not_end_one() -> None:
    text = "Ziehen Sie z. B. die Schraube (vgl. Abb. 3) mit 2.5 Nm an. Danach prüfen, ca. 24 Nm."
    assert _split(text, "de") == [
        "Ziehen Sie z. B. die Schraube (vgl. Abb. 3) mit 2.5 Nm an.",
        "Danach prüfen, ca. 24 Nm.",
    ]


def test_sentences_chinese_marks_end_one() -> None:
    assert _split("打开盖子。检查密封圈！完成", "zh") == ["打开盖子。", "检查密封圈！", "完成"]


def test_sentences_number_of_a_step_stays_with_it() -> None:
    assert _split("3. Remove the cover. 4. Check it.", "en")[0].startswith("3. Remove")


def test_sentences_line_break_ends_one() -> None:
    assert _split("Torque\n24 Nm", "en") == ["Torque", "24 Nm"]
