"""Reading what language models write: markers, lines, thoughts, and whatever small models make of the format."""

import random

import pytest

from copilot.answering.llm.parsing import Missing, Sentence, numbers, parsed


def _read(text: str, language: str = "en") -> list[Sentence | Missing]:
    return list(parsed(iter([text]), language))


@pytest.mark.parametrize(
    ("written", "markers"),
    [
        ("Tighten to 45 Nm [1].", (1,)), ("Tighten to 45 Nm. [1]", (1,)), ("Tighten to 45 Nm [1][3].", (1, 3)),
        ("Tighten to 45 Nm [1, 3].", (1, 3)), ("Tighten to 45 Nm [1-3].", (1, 2, 3)), ("Tighten to 45 Nm 【2】.", (2,)),
        ("- Tighten to 45 Nm [passage 2].", (2,)), ("1. Tighten to 45 Nm [2]", (2,)),
        ("**Tighten** to 45 Nm [2]", (2,)), ("* Tighten to `45 Nm` [^2].", (2,)), ("Tighten to 45 Nm [2] [2].", (2,)),
        ("Step 4: Tighten to 45 Nm [2]", (2,)),
        ("Tighten to 45 Nm", ()), ("Tighten to 45 Nm [1 and 2].", (1, 2)),
    ],
)
def test_a_sentence_is_told_from_its_markers(written: str, markers: tuple[int, ...]) -> None:
    (made,) = _read(written)
    assert isinstance(made, Sentence)
    assert made.text.rstrip(".") == "Tighten to 45 Nm" and made.markers == markers


def test_a_number_alone_is_a_value_and_no_bullet() -> None:
    assert _read("73. [1]") == [Sentence("73.", (1,))]
    assert _read("24 Nm [1]") == [Sentence("24 Nm", (1,))]


def test_sentences_on_one_line_are_parted_by_their_markers() -> None:
    made = _read("Loosen it [1]. Turn it by 90 degrees [2]. Done. [3]\n")
    assert made == [Sentence("Loosen it.", (1,)), Sentence("Turn it by 90 degrees.", (2,)), Sentence("Done.", (3,))]


def test_sentences_before_one_marker_share_it() -> None:
    assert _read("Loosen it. Turn it. [2]") == [Sentence("Loosen it.", (2,)), Sentence("Turn it.", (2,))]


def test_chinese_sentences_are_parted_too() -> None:
    made = _read("先拧松螺栓。[1]\n再转90度。【2】", "zh")
    assert made == [Sentence("先拧松螺栓。", (1,)), Sentence("再转90度。", (2,))]


def test_decimals_and_ranges_in_a_sentence_are_no_markers() -> None:
    (made,) = _read("The gap is 0.3-0.5 mm at [A1] and 12.5 bar [4].")
    assert made == Sentence("The gap is 0.3-0.5 mm at [A1] and 12.5 bar.", (4,))


def test_every_cut_of_a_stream_gives_the_same_sentences() -> None:
    text = "<think>First [9] I\nthink.</think>Loosen it [1]. Turn it by 90.5 degrees [2][3].\n- Wait [4]\n\nMISSING: a"
    whole = _read(text)
    assert len(whole) == 4
    draw = random.Random(7)
    for _ in range(300):
        cuts = sorted(draw.sample(range(len(text)), draw.randint(1, 30)))
        pieces = [text[start:end] for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True)]
        assert list(parsed(iter(pieces), "en")) == whole


def test_a_sentence_comes_before_the_next_is_written() -> None:
    seen: list[str] = []

    def pieces() -> object:
        for piece in ("Loosen it [1].\n", "Turn it [2].\n", "Wait [3]."):
            seen.append(piece)
            yield piece

    first = next(parsed(pieces(), "en"))  # type: ignore[arg-type]
    assert first == Sentence("Loosen it.", (1,)) and seen == ["Loosen it [1].\n"]


def test_thoughts_are_never_read_even_where_they_do_not_end() -> None:
    assert _read("<think>It is 45 Nm [1].</think>\nIt is 50 Nm [2].") == [Sentence("It is 50 Nm.", (2,))]
    assert _read("<think>It is 45 Nm [1].") == []


@pytest.mark.parametrize("written", ["NOT_FOUND", "not found", "**NOT_FOUND**.", "\nNOT_FOUND\n"])
def test_nothing_found_is_read_in_its_spellings(written: str) -> None:
    assert _read(written) == [Missing()]
    assert _read("The leak was not found.") == [Sentence("The leak was not found.", ())]


def test_a_missing_part_is_read_without_markers() -> None:
    made = _read("It weighs 5 kg [1].\nMISSING: the colour [2].")
    assert made == [Sentence("It weighs 5 kg.", (1,)), Missing("the colour")]


def test_empty_replies_and_marks_alone_give_nothing() -> None:
    assert _read("") == [] and _read(" \n\n") == [] and _read("[1]") == [] and _read("---\n...") == []


def test_a_wide_range_of_markers_names_its_ends_only() -> None:
    assert numbers("[1-999]") == [1, 999] and numbers("[3-1]") == [3, 1]
