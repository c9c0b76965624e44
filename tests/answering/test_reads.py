"""What the reader says moves the answer: its scores reach the options, tables are read as tables, silence stays."""

from __future__ import annotations

from collections.abc import Sequence

from copilot.answering.extractive import ExtractiveAnswerer
from copilot.answering.features import options
from copilot.answering.model import AnswerModel, Logistic, Scoring
from copilot.answering.reads import read
from copilot.language import concepts
from copilot.types import Chunk, Document, ElementKind, Evidence, Hit, Passage, QueryTerm, Question, Span

TEXT = "The rear cover is tightened to 24 Nm. The drain plug is torqued to 35 Nm."


class Scripted:
    """Gives a sentence the score that is written down for a word of it."""

    def __init__(self, **scores: float) -> None:
        self._scores = scores
        self.asked: list[tuple[str, str, tuple[str, ...]]] = []

    def scores(self, question: str, place: str, sentences: Sequence[str]) -> tuple[float, ...]:
        self.asked.append((question, place, tuple(sentences)))
        found = ([score for word, score in self._scores.items() if word in text] for text in sentences)
        return tuple(scores[0] if scores else -5.0 for scores in found)


def _hit(name: str, text: str, position: int = 0, kind: ElementKind = ElementKind.TEXT, embed: str = "") -> Hit:
    chunk = Chunk(name, "d", "ab", position, text, embed or text, ("Manual", "Torques"),
                  ((0, len(text), Span(1, None)),), "en", kind)  # fmt: skip
    return Hit(chunk, Document("d", "service", "file:///m.pdf", "Manual GX", "ab", "application/pdf"), 1.0)


def _evidence(question: str, *hits: Hit) -> Evidence:
    terms = tuple(
        QueryTerm(item.surface, item.terms[0], item.kind, 2.0, 1, 0.0 if item.kind == "function" else 2.0)
        for item in concepts(question, "en")
    )
    return Evidence(Question(question), "en", tuple(Passage(n, (hit,)) for n, hit in enumerate(hits, 1)), {"en": terms})


def test_sentences_are_read_with_their_place_and_rows_of_a_table_together() -> None:
    rows = [_hit(f"r{at}", f"{thing}\t{at} Nm", at, ElementKind.TABLE_ROW, f"Manual\nJoint: {thing}; Torque: {at} Nm")
            for at, thing in ((3, "cap"), (1, "plug"))]  # fmt: skip
    reader = Scripted(plug=2.0)
    found = read(_evidence("plug torque", _hit("t", TEXT), *rows), reader)
    assert reader.asked == [
        ("plug torque", "Manual GX\nTorques", tuple(f"{part}." for part in TEXT.rstrip(".").split(". "))),
        ("plug torque", "Manual GX\nTorques", ("Joint: plug; Torque: 1 Nm", "Joint: cap; Torque: 3 Nm")),
    ]
    assert found == {("t", 0): -5.0, ("t", TEXT.index("The drain")): 2.0, ("r1", 0): 2.0, ("r3", 0): -5.0}


def test_a_chunk_without_a_sentence_is_passed_over() -> None:
    assert set(read(_evidence("torque", _hit("blank", " \n "), _hit("t", "24 Nm.")), Scripted())) == {("t", 0)}


def test_a_score_is_a_bounded_feature_and_0_without_a_reader() -> None:
    hit = _hit("t", TEXT)
    (first, second) = options("torque?", "en", [hit], [], reads={("t", 0): 99.0})
    assert (first.feature("read"), second.feature("read")) == (2.0, 0.0)
    assert {option.feature("read") for option in options("torque?", "en", [hit], [])} == {0.0}


def test_what_the_reader_prefers_is_quoted() -> None:
    heard = Scoring(Logistic({"read": 2.0}, 0.0), Logistic({"read": 2.0}, 0.0))
    for word, told in (("cover", "24 Nm"), ("plug", "35 Nm")):
        answerer = ExtractiveAnswerer(1, AnswerModel(heard, heard, 0.9), reader=Scripted(**{word: 6.0}))
        (claim,) = answerer.answer(_evidence("What torque does the part need?", _hit("t", TEXT))).claims
        assert told in claim.text


def test_what_no_passage_holds_is_not_claimed_however_sure_the_reader_is() -> None:
    answerer = ExtractiveAnswerer(reader=Scripted(cover=8.0, plug=8.0))
    assert not answerer.answer(_evidence("What torque does QX-9931 need?", _hit("t", TEXT))).claims
