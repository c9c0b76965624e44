from __future__ import annotations

import datetime as dt
import http.server
import json
import shutil
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from typer.testing import CliRunner

from copilot import doctor
from copilot.answering import calibration
from copilot.catalog import Catalog, Policy, Revision
from copilot.cli import app
from copilot.doctor import data, imports, installation
from copilot.doctor.checks import Check, Report, State
from copilot.errors import IndexError_, IndexLocked, SettingsError
from copilot.language import wordtable
from copilot.reading import reader
from copilot.settings import EmbedderSettings, Settings, load_settings
from copilot.types import Document


def test_report_is_usable_unless_something_needed_is_not_ok() -> None:
    ok, spare = Check("a", State.OK, needed=True), Check("b", State.MISSING, cost="less", cure="get it")
    assert Report.of([ok, spare]).usable
    assert not Report.of([ok, Check("c", State.BROKEN, needed=True)]).usable


def test_text_tells_cost_and_cure_of_what_is_not_ok_only() -> None:
    checks = [Check("a", State.OK, cost="never said"), Check("b", State.MISSING, "x", "less", "go")]
    text = doctor.text(Report.of(checks))
    assert "costs: less" in text and "cure: go" in text and "never said" not in text


def test_imports_are_tried_for_real_and_a_crash_is_blamed_on_its_module(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "crashes_hard.py").write_text("import os\nos._exit(7)\n")
    (tmp_path / "prints_much.py").write_text("print('noise')\n__version__ = '1.2'\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    found = imports.try_imports(["prints_much", "not_there_at_all", "crashes_hard", "json"])
    assert found["prints_much"] == (True, "1.2")
    assert found["not_there_at_all"][0] is False and "ModuleNotFoundError" in found["not_there_at_all"][1]
    assert found["crashes_hard"] == (False, "the interpreter ended with status 7")
    assert found["json"][0] is False and "not reached" in found["json"][1]


def test_an_import_that_takes_too_long_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sleeps_long.py").write_text("import time\ntime.sleep(60)\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr(imports, "TIMEOUT_S", 1.0)
    assert imports.try_imports(["sleeps_long"])["sleeps_long"] == (False, "it took more than 1 s")


def test_a_needed_module_that_is_missing_is_told_from_one_that_breaks() -> None:
    found = {name: (True, "1") for name, _, _ in installation._MODULES}
    found["torch"] = (False, "ModuleNotFoundError: No module named 'torch'")
    found["sentence_transformers"] = (False, "RuntimeError: operator torchvision::nms does not exist")
    checks = {check.name: check for check in installation.check_modules(found)}
    assert checks["import torch"].state is State.MISSING and checks["import torch"].needed
    assert checks["import sentence_transformers"].state is State.BROKEN
    assert checks["import streamlit"].state is State.OK and not checks["import streamlit"].needed


def test_a_cuda_build_of_torch_is_told_with_the_cure() -> None:
    check = installation.check_torch_build({"torch": (True, "2.13.0 cuda")})
    assert check.state is State.BROKEN and "TORCH_INDEX" in check.cure and not check.needed
    assert installation.check_torch_build({"torch": (True, "2.13.0+cpu")}).state is State.OK


def test_missing_tesseract_languages_are_named_with_their_packages(tmp_path: Path) -> None:
    for code in ("deu", "eng", "spa", "fra", "ita", "por", "osd"):
        (tmp_path / f"{code}.traineddata").touch()
    check = installation.check_ocr_languages([tmp_path / "none", tmp_path])
    assert check.state is State.MISSING and check.detail == "missing: pl, zh"
    assert check.cure.endswith("tesseract-ocr-pol tesseract-ocr-chi-sim")
    for code in ("pol", "chi_sim"):
        (tmp_path / f"{code}.traineddata").touch()
    assert installation.check_ocr_languages([tmp_path]).state is State.OK


PACKAGED = Settings(embedder=EmbedderSettings(model="all-minilm-l6-v2"))


def test_the_shipped_embedder_is_whole() -> None:
    check = installation.check_embedder(Settings())
    assert check.state is State.OK and "sha256 as in its manifest" in check.detail


def test_a_shipped_embedder_that_was_changed_is_broken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from copilot.embedding import shipped

    (tmp_path / "manifest.json").write_text('{"dimension": 2, "files": {"tokenizer.json": "0"}}')
    (tmp_path / "tokenizer.json").write_text("{}")
    monkeypatch.setattr("copilot.embedding.open_shipped", lambda: shipped.open_shipped(tmp_path))
    check = installation.check_embedder(Settings())
    assert check.state is State.BROKEN and check.needed and check.cure


def test_the_packaged_embedder_is_the_published_one() -> None:
    check = installation.check_embedder(PACKAGED)
    assert check.state is State.OK and "sha256 as published" in check.detail


def test_embedder_weights_that_were_changed_are_broken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from copilot import embedding

    (tmp_path / "model.safetensors").write_bytes(b"other weights")
    monkeypatch.setattr(embedding, "packaged_model_path", lambda: tmp_path)
    check = installation.check_embedder(PACKAGED)
    assert check.state is State.BROKEN and check.needed and check.cure


def test_a_data_folder_that_is_a_file_is_broken(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert data.check_folder(tmp_path / "file").state is State.BROKEN
    assert data.check_folder(tmp_path / "not" / "yet").state is State.OK
    assert not (tmp_path / "not").exists(), "the doctor makes no folders"


def test_settings_that_cannot_be_read_are_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    check = data.check_settings(SettingsError("Setting 'x' cannot be taken.", "Correct it."))
    assert check.state is State.BROKEN and check.needed
    monkeypatch.setenv("COPILOT_RETRIEVAL__TOP_K", "many")
    monkeypatch.setattr(doctor, "check_installation", lambda settings: [])
    done = CliRunner().invoke(app, ["doctor", "--json"])
    assert done.exit_code == 1
    report = json.loads(done.stdout)
    assert report["usable"] is False and "retrieval.top_k" in report["checks"][0]["detail"]


class _Server(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200 if self.headers.get("api-key") == "right" else 401)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def server() -> Iterator[str]:
    with http.server.HTTPServer(("127.0.0.1", 0), _Server) as listening:
        thread = threading.Thread(target=listening.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{listening.server_port}"
        listening.shutdown()
        thread.join()


def test_a_server_is_asked_with_its_key(server: str) -> None:
    assert data.check_server(server, "right").state is State.OK
    wrong = data.check_server(server, "wrong")
    assert wrong.state is State.BROKEN and "API_KEY" in wrong.cure and "wrong" not in wrong.detail


def test_a_server_that_does_not_answer_is_missing() -> None:
    check = data.check_server("http://127.0.0.1:9", "")
    assert check.state is State.MISSING and check.needed
    assert data.check_server("no url at all", "").state is State.MISSING


def _row(name: str, stored: bool = True, removed: bool = False) -> Revision:
    document = Document(name, "kb", f"{name}.pdf", name, "ab", "application/pdf")
    policy = Policy.of("kb", (), "current").id
    return Revision(document, policy, policy if stored else None, None, removed, True, dt.datetime(2025, 1, 1))


def test_catalog_and_index_that_differ_are_broken_and_named() -> None:
    rows = [_row("a"), _row("b"), _row("gone", stored=False, removed=True)]
    check = data.compare(rows, {("a", "ab"): 3, ("stray", "cd"): 1}, "g1", 0)
    assert check.state is State.BROKEN
    assert "1 documents without points (such as b)" in check.detail and "1 revisions of points" in check.detail
    fine = data.compare(rows, {("a", "ab"): 3, ("b", "ab"): 1}, "g1", 0)
    assert fine.state is State.OK and "4 chunks" in fine.detail
    assert data.compare(rows, {("a", "ab"): 3, ("b", "ab"): 1}, "g1", 2).state is State.BROKEN


class _Index:
    def __init__(self, error: Exception | None = None) -> None:
        self.error = error
        self.closed = False

    def current(self) -> str:
        return "g4"

    def writer(self) -> _Index:
        if self.error:
            raise self.error
        return self

    def documents(self) -> dict[tuple[str, str], int]:
        return {("a", "ab"): 2}

    def close(self) -> None:
        self.closed = True


@pytest.mark.parametrize(("error", "state", "words"), [
    (None, State.OK, "2 chunks"),
    (IndexLocked("Process 7 writes.", "Wait."), State.OK, "not compared with the catalog: Process 7 writes."),
    (IndexError_("It is damaged.", "Ingest with --rebuild."), State.BROKEN, "It is damaged."),
])
def test_the_index_is_opened_and_given_back(
    monkeypatch: pytest.MonkeyPatch, error: Exception | None, state: State, words: str
) -> None:
    index = _Index(error)
    wiring: Any = ModuleType("copilot.wiring")
    wiring.open_index = lambda settings, embedder: index
    monkeypatch.setitem(sys.modules, "copilot.wiring", wiring)
    check = data.check_index(Settings(), [_row("a")], 0)
    assert (check.state, check.needed) == (state, True)
    assert words in check.detail
    assert index.closed is (error is None)


def test_a_catalog_of_another_version_is_broken_with_its_cure() -> None:
    settings = Settings()
    settings.data_dir.mkdir(parents=True)
    settings.catalog_path.write_bytes(b"this is no database" * 100)
    (check,) = data.check_contents(settings)
    assert check.state is State.BROKEN and check.cure


def test_an_empty_catalog_is_ok(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings()
    assert data.check_contents(settings)[0].detail == "nothing was ingested yet"
    Catalog.at(settings.catalog_path).close()
    wiring: Any = ModuleType("copilot.wiring")
    index = _Index()
    index.current = lambda: ""  # type: ignore[method-assign]
    wiring.open_index = lambda settings, embedder: index
    monkeypatch.setitem(sys.modules, "copilot.wiring", wiring)
    assert [check.state for check in data.check_contents(settings)] == [State.OK, State.OK]


@pytest.mark.slow
def test_doctor_finds_this_installation_usable() -> None:
    done = CliRunner().invoke(app, ["doctor", "--json"])
    report = json.loads(done.stdout)
    assert (done.exit_code, report["usable"]) == (0, True), [
        check for check in report["checks"] if check["state"] != "ok"]


def test_translation_is_missing_without_packages_and_broken_with_a_damaged_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("copilot.models", "copilot.models.folders"):
        monkeypatch.setattr(f"{module}.SHIPPED_TRANSLATION", tmp_path / "none")
    settings = Settings(data_dir=tmp_path)
    check = installation.check_translation(settings)
    assert check.state is State.MISSING and "copilot models" in check.cure and not check.needed
    (settings.packages_path / "translate-de_en").mkdir(parents=True)
    metadata = settings.packages_path / "translate-de_en" / "metadata.json"
    metadata.write_text('{"from_code": "de", "to_code": "en"}', encoding="utf-8")
    assert installation.check_translation(settings).detail == "de>en"
    metadata.write_text("{", encoding="utf-8")
    check = installation.check_translation(settings)
    assert check.state is State.BROKEN and "translate-de_en" in check.detail


def test_the_reader_is_verified_and_curves_fitted_without_it_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = load_settings(data_dir=tmp_path)
    assert installation.check_reader(settings).state is State.OK
    (tmp_path / calibration.FILE).write_text(calibration.to_text(calibration.shipped()), encoding="utf-8")
    check = installation.check_reader(settings)
    assert check.state is State.MISSING and "fitted without the reader" in check.detail and "calibrate" in check.cure
    (tmp_path / calibration.FILE).write_text("{", encoding="utf-8")
    check = installation.check_reader(settings)
    assert check.state is State.BROKEN and "cannot be read" in check.detail and "calibrate" in check.cure
    (tmp_path / calibration.FILE).unlink()
    assert "left out" in installation.check_reader(load_settings(data_dir=tmp_path, answer={"reader": False})).detail
    copied = shutil.copytree(reader.FOLDER, tmp_path / "reader")
    with (copied / "model.onnx").open("ab") as file:
        file.write(b"x")
    monkeypatch.setattr(reader.Reader.__init__, "__defaults__", (copied,))
    check = installation.check_reader(settings)
    assert check.state is State.BROKEN and "damaged" in check.detail and check.cure


@pytest.mark.parametrize("sources", ["all", "permissive"])
def test_the_word_table_is_there_and_one_changed_byte_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sources: str
) -> None:
    settings = Settings.model_validate({"retrieval": {"tables": sources}})
    assert installation.check_words(settings).state is State.OK
    assert installation.check_words(None).state is State.OK
    copied = shutil.copytree(wordtable.FOLDER, tmp_path / "words")
    content = bytearray((copied / f"words-{sources}.bin").read_bytes())
    content[-1] ^= 1
    (copied / f"words-{sources}.bin").write_bytes(content)
    monkeypatch.setattr(wordtable, "FOLDER", copied)
    check = installation.check_words(settings)
    assert check.state is State.BROKEN and "checksum" in check.detail and check.cure
