"""`copilot translate` and `copilot memory`, without a package: the memory and the gloss remain."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from copilot.cli import app


@pytest.fixture(autouse=True)
def no_shipped_packages(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Whatever translators ship: these tests are about what happens without."""
    for module in ("copilot.models", "copilot.models.folders"):
        monkeypatch.setattr(f"{module}.SHIPPED_TRANSLATION", tmp_path / "none")


@pytest.fixture
def run() -> Callable[..., Any]:
    """Run a command over the test's own data folder."""
    return lambda *arguments: CliRunner().invoke(app, list(arguments))


def test_translate_without_a_package_shows_the_original_and_the_cure(run: Callable[..., Any]) -> None:
    done = run("translate", "Zzzz qqqq PPR-9087.", "--from", "de", "--to", "pl", "--json")
    told = json.loads(done.stdout)
    assert done.exit_code == 0
    assert (told["from"], told["to"], told["text"], told["kind"]) == ("de", "pl", "Zzzz qqqq PPR-9087.", "original")
    assert told["protected"] == ["PPR-9087"] and told["sentences"][0]["protected"] == ["PPR-9087"]
    assert "copilot models install" in told["warnings"][0]


def test_translate_takes_a_file_and_the_memory(run: Callable[..., Any], tmp_path: Path) -> None:
    path = tmp_path / "steps.txt"
    path.write_text("- Prüfen Sie den Deckel.\n- 24 Nm\n", encoding="utf-8")
    added = run("memory", "add", "Prüfen Sie den Deckel.", "Check the cover.", "--from", "de", "--to", "en")
    assert added.exit_code == 0
    told = json.loads(run("translate", str(path), "--from", "de", "--to", "en", "--json").stdout)
    assert told["text"] == "- Check the cover.\n- 24 Nm\n"
    assert [item["kind"] for item in told["sentences"]] == ["reviewed", "original"] and told["warnings"] == []
    shown = run("translate", str(path), "--from", "de", "--to", "en").stdout
    assert shown.count("Check the cover.") == 1 and "reviewed: sentence 1\n" in shown


@pytest.mark.parametrize("charset", ["utf-8", "cp1252", "utf-16"])
def test_translate_reads_text_files_in_any_character_set(run: Callable[..., Any], tmp_path: Path, charset: str) -> None:
    path = tmp_path / "pruefung.txt"
    path.write_bytes("Prüfen Sie die Öffnung für das Gehäuse – täglich.".encode(charset))
    told = json.loads(run("translate", str(path), "--from", "de", "--to", "pl", "--json").stdout)
    assert told["sentences"][0]["source"] == "Prüfen Sie die Öffnung für das Gehäuse – täglich."


def test_translate_reads_documents_with_their_lists_and_tables(run: Callable[..., Any], tmp_path: Path) -> None:
    from docx import Document

    page = Document()
    page.add_heading("Prüfung", 1)
    page.add_paragraph("Prüfen Sie den Deckel.")
    table = page.add_table(rows=2, cols=2)
    for row, texts in zip(table.rows, (("Teil", "Moment"), ("Deckel", "24 Nm")), strict=True):
        row.cells[0].text, row.cells[1].text = texts
    path = tmp_path / "steps.docx"
    page.save(str(path))
    run("memory", "add", "Prüfen Sie den Deckel.", "Check the cover.", "--from", "de", "--to", "en")
    told = json.loads(run("translate", str(path), "--from", "de", "--to", "en", "--json").stdout)
    assert told["text"].startswith("# Prüfung") and "Check the cover." in told["text"]
    assert "Teil\tMoment\nDeckel\t24 Nm" in told["text"].replace(" [", "[").partition("Check")[2]


def test_translate_says_that_a_text_is_in_the_target_language_already(run: Callable[..., Any]) -> None:
    told = json.loads(run("translate", "The cover must be closed before the test.", "--to", "en", "--json").stdout)
    assert told["warnings"] == ["The text is in en already."] and told["kind"] == "original"


@pytest.mark.parametrize(
    "text",
    ["Die Schraube M8 ist mit 24 Nm anzuziehen. " * 1200, "Schraube " * 4000, "12 345,6\n-40\n7.8",
     "Prüfe 密封圈 и насос αβγ ポンプ مضخة mit 42 bar."],
    ids=["50,000 characters", "one sentence of 4,000 words", "only numbers", "mixed scripts"],
)  # fmt: skip
def test_translate_gives_every_sentence_of_odd_texts_back(run: Callable[..., Any], tmp_path: Path, text: str) -> None:
    path = tmp_path / "odd.txt"
    path.write_text(text, encoding="utf-8")
    done = run("translate", str(path), "--from", "de", "--to", "pl", "--json")
    told = json.loads(done.stdout)
    assert done.exit_code == 0
    assert " ".join(item["source"] for item in told["sentences"]).split() == text.split()


def test_translate_set_gives_a_line_for_each_line(run: Callable[..., Any], tmp_path: Path) -> None:
    run("memory", "add", "Prüfen Sie den Deckel.", "Check the cover.", "--from", "de", "--to", "en")
    lines = [
        {"id": "a", "from": "de", "to": "en", "text": "Prüfen Sie den Deckel.", "reference": "Check the cover."},
        {"id": "b", "from": "de", "to": "tlh", "text": "x"}, [], {"id": 7, "from": "en", "to": "en", "text": "P0A7E"},
    ]
    path = tmp_path / "set.jsonl"
    path.write_text("\n".join(json.dumps(line) for line in lines) + "\n{torn\n\n", encoding="utf-8")
    done = run("translate", "--set", str(path), "--json")
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.exit_code == 1 and [item["id"] for item in told] == ["a", "b", None, 7, None]
    assert (told[0]["text"], told[0]["chrf"]) == ("Check the cover.", 100.0)
    assert "tlh" in told[1]["error"] and "object" in told[2]["error"] and "JSON" in told[4]["error"]
    assert told[3]["text"] == "P0A7E"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("x", "--from", "de"), "--to"),
        (("", "--to", "en"), "nothing to translate"),
        (("x", "--to", "klingon"), "klingon"),
        (("missing.txt", "--to", "en"), "no file missing.txt"),
        (("x", "--to", "en", "--kb", "none"), "no knowledge base 'none'"),
        ((), "either a text"),
        (("--set", "missing.jsonl"), "missing.jsonl"),
    ],
)
def test_translate_what_cannot_be_taken_is_told(run: Callable[..., Any], arguments: tuple[str, ...], said: str) -> None:
    done = run("translate", *arguments)
    assert done.exit_code == 2 and said in done.stderr + done.stdout


def test_memory_goes_out_and_in_as_tmx(run: Callable[..., Any], tmp_path: Path) -> None:
    run("memory", "add", "Deckel zu.", "Cover closed.", "--from", "de", "--to", "en")
    path = tmp_path / "memory.tmx"
    assert json.loads(run("memory", "export", str(path), "--json").stdout)["units"] == 1
    told = json.loads(run("memory", "import", str(path), "--json").stdout)
    assert (told["units"], told["stored"]) == (1, 1)
    assert run("memory", "import", str(path), "--kb", "nowhere").exit_code == 2


def test_models_list_and_unknown_models(run: Callable[..., Any], tmp_path: Path) -> None:
    told = json.loads(run("models", "list", "--json").stdout)
    assert told["pairs"] == [] and {model["kind"] for model in told["models"]} <= {"embedder", "reader", "translation"}
    assert run("models", "remove", "nothing").exit_code == 2
    bad = tmp_path / "bad.argosmodel"
    bad.write_bytes(b"torn")
    done = run("models", "install", str(bad))
    assert done.exit_code == 2 and "bad.argosmodel" in done.stderr
