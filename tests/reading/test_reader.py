"""The shipped reader: it finds the sentence that answers in the asker's language and in others, and is verified."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from copilot.answering.extractive import ExtractiveAnswerer
from copilot.errors import ModelError
from copilot.reading import Reader, open_reader
from copilot.reading.reader import FOLDER

PLACE = "Werkstatthandbuch GX-4\nAnzugsmomente und Wartung"
SENTENCES = (
    "Die Schrauben des hinteren Deckels werden in zwei Stufen mit 24 Nm angezogen.",
    "Das Öl wird alle 40.000 km gewechselt, bei Fahrten im Gebirge doppelt so oft.",
    "Undichte Gehäuse sendet die Werkstatt an das Prüflabor in Kassel.",
)
ASKED = [
    ("Mit welchem Drehmoment wird der Deckel befestigt?", 0),
    ("Wie oft ist ein Ölwechsel fällig?", 1),
    ("Where are leaking housings sent?", 2),
    ("Wohin kommen undichte Gehäuse?", 2),
    ("How often must the oil be changed?", 1),
    ("¿Cada cuántos kilómetros se cambia el aceite?", 1),
    ("Con quale coppia si serrano le viti del coperchio?", 0),
    ("Quand faut-il remplacer l'huile ?", 1),
    ("Jakim momentem dokręca się śruby pokrywy?", 0),
]


@pytest.mark.parametrize(("question", "answer"), ASKED)
def test_the_sentence_that_answers_scores_highest(question: str, answer: int) -> None:
    scores = open_reader().scores(question, PLACE, SENTENCES)
    assert scores.index(max(scores)) == answer


def test_a_question_about_something_else_scores_lower() -> None:
    reader = open_reader()
    asked = max(reader.scores("Wie oft ist ein Ölwechsel fällig?", PLACE, SENTENCES))
    absent = max(reader.scores("Wer hat die Fußballweltmeisterschaft 1990 gewonnen?", PLACE, SENTENCES))
    assert absent < asked


def test_scores_are_the_same_every_time_and_do_not_depend_on_other_passages() -> None:
    first = Reader().scores(ASKED[0][0], PLACE, SENTENCES)
    other = Reader()
    other.scores("Something else?", "Elsewhere", ["Another sentence.", "And one more."])
    assert other.scores(ASKED[0][0], PLACE, SENTENCES) == first


def test_a_passage_longer_than_a_window_is_read_to_its_end() -> None:
    filler = [f"Schritt {number}: Die Abdeckung Nummer {number} abnehmen und beiseitelegen." for number in range(60)]
    scores = open_reader().scores("Wie oft ist ein Ölwechsel fällig?", PLACE, [*filler, SENTENCES[1]])
    assert len(scores) == 61
    assert scores.index(max(scores)) == 60


def test_a_warm_answerer_has_its_reader_loaded() -> None:
    reader = Reader()
    ExtractiveAnswerer(reader=reader).warm()
    assert reader._loaded is not None
    ExtractiveAnswerer().warm()


def test_empty_texts_have_scores_as_well() -> None:
    scores = open_reader().scores("", "", ["", "Das Öl wird gewechselt."])
    assert len(scores) == 2 and scores[0] < 0
    assert open_reader().scores("Wie oft?", PLACE, []) == ()


@pytest.mark.parametrize("fault", ["absent", "damaged", "no manifest", "other embedder"])
def test_a_broken_model_is_named_with_its_cure(fault: str, tmp_path: Path) -> None:
    folder = tmp_path / "reader"
    shutil.copytree(FOLDER, folder)
    if fault == "absent":
        (folder / "model.onnx").unlink()
    elif fault == "damaged":
        with (folder / "model.onnx").open("ab") as file:
            file.write(b"x")
    elif fault == "no manifest":
        (folder / "manifest.json").unlink()
    else:
        stated = json.loads((folder / "manifest.json").read_text("utf-8"))
        (folder / "manifest.json").write_text(json.dumps(stated | {"embedder": "0" * 12}))
    with pytest.raises(ModelError, match=r"(?i)reader") as caught:
        Reader(folder).scores("Wie oft?", PLACE, SENTENCES)
    assert "training.reader" in caught.value.cure
