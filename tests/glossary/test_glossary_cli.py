"""The commands of the glossary, as they are typed."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from copilot.catalog import Catalog, open_catalog
from copilot.settings import load_settings
from copilot.types import LANGUAGES, KnowledgeBase

SAMPLE = Path(__file__).resolve().parents[2] / "corpus_samples" / "glossary.csv"
Run = Callable[..., Any]


@pytest.fixture
def run() -> Run:
    from copilot.cli import app

    return lambda *arguments: CliRunner().invoke(app, ["glossary", *map(str, arguments)])


@pytest.fixture
def terms(tmp_path: Path) -> Path:
    path = tmp_path / "terms.csv"
    path.write_text("concept,de,en,en_forbidden\n1,Mutter,nut,screw nut\n2,Schraube,bolt,\n", "utf-8")
    return path


def catalog() -> Catalog:
    return open_catalog(load_settings())


def test_import_makes_the_knowledge_base_and_says_so(run: Run, terms: Path) -> None:
    done = run("import", terms, "--kb", "service", "--json")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert (told["concepts"], told["terms"], told["forbidden"], told["languages"]) == (2, 5, 1, ["de", "en"])
    assert told["knowledge_base_made"] is True
    assert "2 concepts with 5 terms" in run("import", terms, "--kb", "service").stdout


def test_import_of_a_circle_exits_2_and_imports_nothing(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "circle.csv"
    path.write_text("en,en_forbidden\nbolt,screw\nscrew,bolt\n", "utf-8")
    done = run("import", path, "--kb", "service")
    assert done.exit_code == 2
    assert "circle" in done.stderr and done.stdout == ""
    assert catalog().concepts() == [] and catalog().knowledge_bases() == []


def test_list_shows_terms_of_what_may_be_read(run: Run, terms: Path) -> None:
    catalog().put_knowledge_base(KnowledgeBase("closed", default_acl=("board",)))
    run("import", terms, "--kb", "closed")
    run("import", terms, "--kb", "open")
    told = json.loads(run("list", "--json").stdout)["concepts"]
    assert {concept["kb"] for concept in told} == {"open"}
    assert told[0]["terms"][2] == {"text": "screw nut", "language": "en", "status": "forbidden"}
    assert "en  nut; -screw nut" in run("list", "--as", "ben", "--groups", "board", "--kb", "closed").stdout
    assert run("list", "--kb", "closed").exit_code == 2
    assert run("list", "--lang", "fr").stdout.startswith("There is no term")


def test_check_files_exits_1_where_a_forbidden_term_is_in_use(run: Run, terms: Path, tmp_path: Path) -> None:
    run("import", terms, "--kb", "service")
    text = tmp_path / "text.txt"
    text.write_text("Fit the bolt.\nFit the screw nuts.\n", "utf-8")
    done = run("check", text, "--lang", "en", "--json")
    assert done.exit_code == 1
    (finding,) = json.loads(done.stdout)["forbidden"]
    assert (finding["found"], finding["use"], finding["locator"]) == ("screw nuts", "nut", "line 2")
    text.write_text("Fit the bolt.", "utf-8")
    assert run("check", text, "--lang", "en").exit_code == 0
    text.write_bytes(b"\xff\xfe\xfa")
    assert run("check", text).exit_code == 2


def test_suggest_without_parallel_documents_says_what_to_do(run: Run) -> None:
    done = run("suggest")
    assert done.exit_code == 0
    assert "same family" in done.stderr


def test_sample_glossary_holds_sixty_concepts_in_every_language_and_is_sound(run: Run) -> None:
    done = run("import", SAMPLE, "--kb", "service", "--json")
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["problems"] == []
    concepts = catalog().concepts(["service"])
    assert len(concepts) >= 60
    assert all(concept.languages == LANGUAGES for concept in concepts)
    with SAMPLE.open(encoding="utf-8", newline="") as file:
        assert {len(row) for row in csv.reader(file)} == {19}
