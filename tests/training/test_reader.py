"""The reader's training from its files to a model that the product loads, at the smallest size."""

from __future__ import annotations

import gzip
import json
import random
from pathlib import Path
from typing import Any

import pytest

from copilot.reading import Reader
from training.reader.documents import cells, markdown
from training.reader.parallel import LANGUAGES, keywords
from training.reader.readings import Reading, stretch, written

PARTS = ("housing", "cover", "flange", "bearing", "gasket", "sensor", "bracket", "pump", "valve", "shaft")


def _gzip(path: Path, lines: list[str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in lines)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Questions and parallel text of the layout that the training reads, a handful each."""
    folder = tmp_path_factory.mktemp("data")
    passages, questions = [], []
    for source, language in (("squad-it", "it"), ("xquad", "en"), ("xquad", "es")):
        for number, thing in enumerate(PARTS):
            name = f"{source}:{language}{number}"
            text = f"The {thing} is red. Its mass is {number} kg. It was made in Turin."
            passages.append({"id": name, "source": source, "lang": language, "title": thing, "text": text})
            answer = {"text": f"{number} kg", "start": text.index("Its")}
            questions.append({"id": f"{source}:{source[0]}{number}-{language}", "source": source, "lang": language,
                              "passage": name, "text": f"How heavy is the {thing}?", "answerable": True,
                              "answers": [answer]})  # fmt: skip
    _gzip(folder / "qa" / "passages.jsonl.gz", [json.dumps(row) for row in passages])
    _gzip(folder / "qa" / "questions.jsonl.gz", [json.dumps(row) for row in questions])
    for language in LANGUAGES:
        rows = [f"manual\tTighten the {thing} with a torque of {at} Nm.\t{language} {thing} {at} Nm festziehen bitte."
                for at, thing in enumerate(PARTS * 3)]  # fmt: skip
        _gzip(folder / "parallel" / f"en-{language}.tsv.gz", ["source\ten\txx", *rows])
    return folder


def _write(folder: Path) -> None:
    folder.mkdir()
    rows: list[dict[str, Any]] = []
    for at in range(40):
        thing = PARTS[at % len(PARTS)]
        name = f"en-p{at:03}"
        told = [f"Joint: {thing} {side}; Torque: {at + turn} Nm" for turn, side in enumerate(("left", "right"))]
        rows.append({"id": name, "title": "Manual", "heading": thing, "lang": "en", "sentences": told})
        rows.append({"passage": name, "lang": "de", "text": f"{thing} links?", "answers": [0], "kind": "value"})
        rows.append({"passage": name, "lang": "en", "text": f"colour of {thing}", "answers": [], "kind": "absent"})
    (folder / "en.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")


@pytest.mark.slow
def test_three_lessons_make_a_model_that_the_product_reads_with(data: Path, tmp_path: Path) -> None:
    from training.reader.__main__ import main

    _write(tmp_path / "written")
    out = tmp_path / "reader"
    flags = ["--data", data, "--work", tmp_path / "work", "--written", tmp_path / "written", "--out", out]
    main([*map(str, flags), "--steps", "2", "1", "1"])
    stated = json.loads((out / "manifest.json").read_text("utf-8"))
    assert [lesson["steps"] for lesson in stated["recipe"]] == [2, 1, 1]
    assert set(stated["figures"]) == {"xquad", "written"}
    card = (out / "README.md").read_text("utf-8")
    assert "| written | two languages |" in card and "80 questions" in card
    scores = Reader(out).scores("How heavy is the pump?", "Manual", ["The pump is red.", "Its mass is 3 kg."])
    assert len(scores) == 2
    before = (tmp_path / "work" / "lesson-3.pt").stat().st_mtime_ns
    main([*map(str, flags), "--steps", "2", "1", "1"])
    assert (tmp_path / "work" / "lesson-3.pt").stat().st_mtime_ns == before, "a finished lesson is not given again"
    assert Reader(out).scores("How heavy is the pump?", "Manual", ["The pump is red.", "Its mass is 3 kg."]) == scores


def test_a_stretch_keeps_what_is_right_in_it() -> None:
    reading = Reading("q", "p", tuple("abcdefgh"), frozenset([2, 6]))
    for seed in range(50):
        part = stretch(reading, random.Random(seed))
        assert 1 <= len(part.sentences) <= 4
        assert {part.sentences[at] for at in part.right} == {"c", "g"} & set(part.sentences)


def test_learnt_and_held_passages_are_apart(tmp_path: Path) -> None:
    _write(tmp_path / "written")
    learnt, held = (written(tmp_path / "written", flag) for flag in (True, False))
    assert len(learnt) + len(held) == 80
    assert len(held) >= 8
    assert not {item.sentences for item in learnt} & {item.sentences for item in held}


def test_keywords_are_some_of_the_words() -> None:
    text = "Tighten the four bolts of the rear cover crosswise to 24 Nm"
    for seed in range(30):
        asked = keywords(text, random.Random(seed)).rstrip("?？").split()
        assert 1 <= len(asked) <= 12
        assert set(asked) <= set(text.split())


def test_rows_become_tables_and_prose_stays_prose() -> None:
    passage = {"title": "T", "heading": "H", "lang": "en",
               "sentences": ["Joint: cover; Torque: 24 Nm", "Joint: plug; Torque: 9 Nm", "Note: use oil."]}  # fmt: skip
    assert markdown(passage) == (
        "# T\n\n## H\n\n| Joint | Torque |\n| --- | --- |\n| cover | 24 Nm |\n| plug | 9 Nm |\n\nNote: use oil.\n"
    )
    assert cells("Der Zyklus dauert 90 s.") is None
