import pytest

from copilot.language import detect, sentences

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
