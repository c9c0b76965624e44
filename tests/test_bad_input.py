"""Input that goes wrong in real life, through the real command line: each becomes an outcome, none ends the run."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from contextlib import closing, suppress
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from PIL import Image, ImageDraw, ImageFont
from pypdf import PdfReader, PdfWriter

from copilot.catalog import Catalog
from copilot.settings import load_settings
from copilot.types import Chunk, Where

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parent.parent
CODES = ROOT / "corpus_samples" / "service" / "lista_kodow_usterek_tasso_h_pl.pdf"
CHINESE = "电池 维修 手册 第2版.md"


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "copilot", *arguments]


def environment(data: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("COPILOT_")}
    return kept | {"COPILOT_DATA_DIR": str(data), "PYTHONPATH": str(ROOT)}


def copilot(data: Path, *arguments: str, code: int = 0, stdin: str = "") -> list[dict[str, Any]]:
    """The JSON lines that the command prints; its exit code must be ``code``."""
    done = subprocess.run(
        command(*arguments), cwd=data.parent, env=environment(data), input=stdin, capture_output=True, text=True,
        timeout=300, check=False,
    )
    assert done.returncode == code, f"exit code {done.returncode}\n{done.stdout}\n{done.stderr}"
    assert "Traceback" not in done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def by_name(lines: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {Path(unquote(line["uri"])).name: line for line in lines}


def write_pages(path: Path, pages: int) -> None:
    """A PDF of so many pages with one line each."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", "", "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
    for number in range(1, pages + 1):
        text = f"Station {number}: clamp until the gauge shows {number + 1000} N."
        line = f"BT /F1 11 Tf 1 0 0 1 60 700 Tm ({text}) Tj ET"
        objects.append(f"<< /Length {len(line)} >>\nstream\n{line}\nendstream")
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {len(objects)} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>"
        )
    kids = " ".join(f"{number} 0 R" for number in range(5, len(objects) + 1, 2))
    objects[1] = f"<< /Type /Pages /Kids [{kids}] /Count {pages} >>"
    data, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(data))
        data += f"{number} 0 obj\n{body}\nendobj\n".encode()
    start = len(data)
    data += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    data += b"".join(f"{offset:010d} 00000 n \n".encode() for offset in offsets)
    data += f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode()
    path.write_bytes(data)


def write_picture(path: Path) -> None:
    """A PNG with a printed line, whatever its name says."""
    picture = Image.new("L", (1400, 200), 255)
    text = "Torque of the clamp screw: 9 Nm, key size 10"
    ImageDraw.Draw(picture).text((60, 70), text, fill=0, font=ImageFont.load_default(48))
    picture.save(path, format="PNG")


def fill(folder: Path) -> None:
    """Everything that is wrong with a folder, and two good files."""
    (folder / "good.md").write_text("# Hoist\n\nThe hoist HB-7 carries 350 kg. Check the hook before every shift.\n")
    (folder / CHINESE).write_text("# 电池维修手册\n\n模组盖板螺栓的拧紧力矩为 8 Nm，拧紧后再转 45 度。\n")
    (folder / "empty.pdf").touch()
    writer = PdfWriter(clone_from=PdfReader(CODES))
    writer.encrypt("secret", algorithm="RC4-128")
    writer.write(folder / "locked.pdf")
    write_picture(folder / "picture.pdf")
    write_pages(folder / "long.pdf", 400)
    (folder / "below").mkdir()
    (folder / "below" / "loop").symlink_to(folder, target_is_directory=True)
    (folder / "below" / "itself").symlink_to(folder / "below" / "itself")


class Changing:
    """A file that is written again every millisecond for as long as it is open; it never is empty or cut."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._write)
        path.write_text(self._text(0))

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join()

    @staticmethod
    def _text(number: int) -> str:
        return f"# Log\n\nThe pressure at station {number % 10} is 1.5 bar, as it was the day before.\n"

    def _write(self) -> None:
        number = 0
        with self._path.open("r+") as file:
            while not self._end.wait(0.001):
                number += 1
                file.seek(0)
                file.write(self._text(number))
                file.flush()


class Runs:
    """What two ingests of the bad folder said: while one file kept changing, and after it came to rest."""

    def __init__(self, folder: Path, data: Path) -> None:
        self.folder, self.data = folder, data
        with Changing(folder / "changing.md"):
            self.first = by_name(copilot(data, "ingest", str(folder), "--json", code=1))
        self.second = by_name(copilot(data, "ingest", str(folder), "--json", code=1))


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Runs:
    folder = tmp_path_factory.mktemp("bad")
    fill(folder)
    return Runs(folder, tmp_path_factory.mktemp("bad-data") / "data")


@pytest.mark.parametrize(("name", "category"), [("empty.pdf", "empty"), ("locked.pdf", "encrypted")])
def test_a_file_that_cannot_be_read_names_its_cure(runs: Runs, name: str, category: str) -> None:
    outcome = runs.first[name]
    assert (outcome["status"], outcome["category"]) == ("failed", category) and outcome["cure"]
    assert name in outcome["reason"]
    assert runs.second[name]["status"] == "failed"


def test_the_rest_goes_on_and_a_second_run_reads_nothing_again(runs: Runs) -> None:
    for name in ("good.md", CHINESE, "long.pdf"):
        assert runs.first[name]["status"] == "indexed", runs.first[name]
        assert runs.second[name]["status"] == "unchanged"


def test_status_lists_what_failed_afterwards(runs: Runs) -> None:
    (status,) = copilot(runs.data, "status", "--json")
    listed = {Path(item["uri"]).name for item in status["failures"]}
    assert {"empty.pdf", "locked.pdf", "itself"} <= listed


def test_four_hundred_pages_are_all_there(runs: Runs) -> None:
    assert runs.first["long.pdf"]["pages"] == 400
    text = " ".join(chunk.text for chunk in stored(runs.data) if "Station" in chunk.text)
    assert all(f"Station {number}:" in text for number in range(1, 401))


@pytest.mark.ocr
def test_a_picture_called_pdf_is_read_as_the_picture_that_it_is(runs: Runs) -> None:
    assert runs.first["picture.pdf"]["status"] == "indexed", runs.first["picture.pdf"]
    assert any("clamp screw" in chunk.text for chunk in stored(runs.data))


def test_a_directory_loop_yields_each_file_once(runs: Runs) -> None:
    assert sorted(runs.first) == sorted(
        ["good.md", CHINESE, "empty.pdf", "locked.pdf", "picture.pdf", "long.pdf", "changing.md", "itself"]
    )
    assert runs.first["itself"]["category"] == "unreadable"


def test_a_file_that_changes_while_it_is_read_is_left_until_it_rests(runs: Runs) -> None:
    outcome = runs.first["changing.md"]
    assert (outcome["status"], outcome["category"]) == ("failed", "changed_while_read")
    assert runs.second["changing.md"]["status"] == "indexed"
    resting = (runs.folder / "changing.md").read_text().splitlines()[-1]
    assert any(resting in chunk.text for chunk in stored(runs.data))


@pytest.mark.parametrize("question", ["", "torque " * 2858], ids=["empty", "20,000 characters"])
def test_what_is_no_question_is_refused_in_a_sentence(runs: Runs, question: str) -> None:
    (answer,) = copilot(runs.data, "ask", question, "--json", code=2)
    assert (answer["verdict"], answer["claims"], answer["citations"]) == ("refused", [], [])
    assert answer["text"].strip() and len(json.dumps(answer)) < 2000


def test_a_batch_survives_what_is_no_question_and_cites_the_file_with_a_chinese_name(runs: Runs) -> None:
    texts = ["", "?!… —— 。", "x" * 20_000, "模组盖板螺栓的拧紧力矩是多少？", "How much does the hoist HB-7 carry?"]
    lines = "".join(json.dumps({"id": number, "question": text}) + "\n" for number, text in enumerate(texts))
    answers = copilot(runs.data, "ask", "--batch", "-", stdin=lines + "no JSON\n", code=1)
    assert [item["id"] for item in answers] == [0, 1, 2, 3, 4, None]
    assert all(item.get("verdict") == "refused" or item["error"] for item in answers[:3])
    assert "8 Nm" in answers[3]["claims"][0]["text"]
    assert answers[3]["citations"][0]["document"]["title"] == "电池维修手册"
    assert "350 kg" in answers[4]["text"] and "line" in answers[5]


def test_a_file_and_a_folder_without_the_right_to_read_them_are_outcomes(tmp_path: Path) -> None:
    folder = tmp_path / "manuals"
    (folder / "closed").mkdir(parents=True)
    (folder / "good.md").write_text("# Jack\n\nThe jack lifts 2 t.\n")
    (folder / "secret.md").write_text("# Jack\n\nNobody may read this.\n")
    (folder / "closed" / "inside.md").write_text("# Jack\n\nNor this.\n")
    (folder / "secret.md").chmod(0)
    (folder / "closed").chmod(0)
    try:
        done = subprocess.run(
            [*as_anybody(), *command("ingest", str(folder), "--json")], cwd=tmp_path, capture_output=True, text=True,
            env=environment(tmp_path / "data"), timeout=300, check=False,
        )
    finally:
        (folder / "closed").chmod(0o700)
    assert done.returncode == 1, done.stderr
    outcomes = by_name([json.loads(line) for line in done.stdout.splitlines()])
    assert outcomes["good.md"]["status"] == "indexed"
    for name in ("secret.md", "closed"):
        assert (outcomes[name]["status"], outcomes[name]["category"]) == ("failed", "unreadable")
        assert name in outcomes[name]["reason"] and outcomes[name]["cure"]
    assert "inside.md" not in outcomes


def as_anybody() -> list[str]:
    """What takes root's right to read everything from a command; nothing for those who have none."""
    if os.geteuid() != 0:
        return []
    without = ["setpriv", "--bounding-set", "-dac_override,-dac_read_search"]
    if not shutil.which("setpriv") or subprocess.run([*without, "true"], capture_output=True, check=False).returncode:
        pytest.skip("root may read everything, and setpriv cannot take that right away here")
    return without


def stored(data: Path) -> list[Chunk]:
    """Every chunk of the published generation whose document is in the catalog, by id."""
    from copilot.embedding import open_embedder
    from copilot.wiring import open_index

    settings = load_settings(data_dir=data)
    with closing(Catalog.at(settings.catalog_path)) as catalog:
        where = Where(frozenset(policy.id for policy in catalog.policies()))
        keys = [row.key for row in catalog.revisions()]
    with closing(open_index(settings, open_embedder(settings.embedder)).reader()) as reader:
        found = [chunk for key in keys for chunk in reader.neighbours(*key, 0, 100_000, where)]
    return sorted(found, key=lambda chunk: chunk.id)


def write_many(folder: Path, files: int) -> None:
    folder.mkdir()
    for number in range(files):
        text = f"On press {number} set the ram to {40 + number} bar, wait 3 s and read the gauge twice."
        (folder / f"press_{number:03}.md").write_text(f"# Press {number}\n\n{text}\n")


def interrupt(folder: Path, data: Path) -> int:
    """Ctrl-C once the first outcomes are told, and again a second later; the exit code as a shell sees it."""
    process = subprocess.Popen(
        command("ingest", str(folder), "--json"), cwd=data.parent, env=environment(data), text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stdout.readline(), process.communicate()[1]
    process.send_signal(signal.SIGINT)
    with suppress(subprocess.TimeoutExpired):
        process.wait(timeout=1)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert "Traceback" not in errors
    return process.returncode if process.returncode >= 0 else 128 - process.returncode


def test_ctrl_c_twice_in_an_ingest_and_the_next_one_completes_it(tmp_path: Path) -> None:
    # Outcomes are told after each 64 documents, so that the first Ctrl-C comes in the middle.
    folder, files = tmp_path / "presses", 150
    write_many(folder, files)
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    copilot(whole, "ingest", str(folder), "--json")
    assert interrupt(folder, broken) == 130
    with closing(Catalog.at(broken / "catalog.sqlite")) as catalog:
        before = len(catalog.documents())
    assert 0 < before < files
    again = by_name(copilot(broken, "ingest", str(folder), "--json"))
    assert sorted(item["status"] for item in again.values()) == ["indexed"] * (files - before) + ["unchanged"] * before
    assert stored(broken) == stored(whole)
    assert len({chunk.document_id for chunk in stored(broken)}) == files
