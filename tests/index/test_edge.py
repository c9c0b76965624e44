from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from copilot.errors import IndexError_, IndexLocked
from copilot.index import edge
from copilot.index.edge import EdgeIndex
from copilot.testing_index import IndexContract
from copilot.testing_points import (
    DIMENSION,
    OPEN,
    expected_sparse,
    fill,
    make_point,
    many_points,
    reading,
)
from copilot.types import Point, SparseVector, Where

QUERY = SparseVector((1,), (1.0,))
PER_DOCUMENT = 5
DOCUMENTS = 60


class TestEdgeKeepsTheContract(IndexContract):
    @pytest.fixture
    def open_index(self, tmp_path: Path) -> Callable[[int, str], EdgeIndex]:
        return lambda dimension, fingerprint: EdgeIndex(tmp_path / "index", dimension, fingerprint)


@pytest.fixture
def index(tmp_path: Path) -> EdgeIndex:
    return EdgeIndex(tmp_path / "index", DIMENSION, "fp")


def test_views_through_links_leave_the_generation_as_it_was_here(tmp_path: Path) -> None:
    assert edge.links_are_safe(tmp_path / "links.json")


def test_links_are_tried_once_for_each_version_of_the_engine(
    index: EdgeIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    note = tmp_path / "index" / "links.json"
    with reading(index, [make_point()]):
        assert json.loads(note.read_text())["safe"] is True
    tried: list[bool] = []
    monkeypatch.setattr(edge, "_try_links", lambda: bool(tried.append(True)))
    assert edge.links_are_safe(note) and tried == []
    for text in ('{"engine": "0.0.1", "safe": true}', "not json", "[]"):
        note.write_text(text)
        assert not edge.links_are_safe(note) and not edge.links_are_safe(note)
    assert len(tried) == 3


def document_points(number: int) -> list[Point]:
    return [make_point(f"d{number}", position, terms={1: 1.0 + number, 2 + position: 0.5})
            for position in range(PER_DOCUMENT)]


# Ingests the documents that are not there yet; says after each flush how many are safe, and publishes now and then.
WRITER = f"""
import sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
from pathlib import Path
from test_edge import *
index = EdgeIndex(Path(sys.argv[1]), DIMENSION, "fp")
writer = index.writer()
have = writer.documents()
print("open", flush=True)
for number in range(DOCUMENTS):
    if have.get((f"d{{number}}", "s1")) != PER_DOCUMENT:
        writer.upsert(document_points(number))
    if number % 3 == 2:
        writer.flush()
        print(number + 1, flush=True)
    if number % 12 == 11:
        writer.publish()
writer.publish()
writer.close()
print("done", flush=True)
"""


def run_writer(path: Path, kill_after: int) -> int:
    """Run it until so many lines came, kill it, and return how many documents it had said are safe."""
    process = subprocess.Popen([sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, text=True)
    safe = 0
    assert process.stdout is not None
    with process, process.stdout as lines:
        for count, line in enumerate(lines):
            safe = int(line) if line.strip().isdigit() else safe
            if count == kill_after:
                process.send_signal(signal.SIGKILL)
                break
    return safe


class Asking(threading.Thread):
    """Opens readers and asks them, until it is told to stop; each generation must be whole."""

    def __init__(self, index: EdgeIndex) -> None:
        super().__init__()
        self.index = index
        self.stop = threading.Event()
        self.enough = threading.Event()
        self.generations: set[str] = set()
        self.answers = 0
        self.faults: list[str] = []

    def run(self) -> None:
        while not self.stop.is_set():
            try:
                self._ask()
            except Exception as error:
                self.faults.append(repr(error))

    def _ask(self) -> None:
        with closing(self.index.reader()) as reader:
            self.generations.add(reader.generation)
            for _ in range(3):
                found = reader.sparse(QUERY, OPEN, 10 * DOCUMENTS)
                if len(found) != reader.statistics.chunks("en", OPEN.policies) or len(found) % PER_DOCUMENT:
                    self.faults.append(f"{reader.generation}: {len(found)} points")
                self.answers += 1
                if self.answers > 3:
                    self.enough.set()


def test_killed_writer_loses_nothing_that_it_flushed_while_readers_go_on(index: EdgeIndex, tmp_path: Path) -> None:
    fill(index, document_points(0))
    asking = Asking(index)
    asking.start()
    dice = random.Random(3)
    try:
        for _ in range(3):
            safe = run_writer(tmp_path / "index", kill_after=dice.randint(1, 15))
            with closing(index.writer()) as writer:
                stored = writer.documents()
            assert all(stored[f"d{number}", "s1"] == PER_DOCUMENT for number in range(safe))
        assert run_writer(tmp_path / "index", kill_after=10_000) == DOCUMENTS
    finally:
        asking.stop.set()
        asking.join()
    assert asking.faults == [] and asking.answers > 10 and len(asking.generations) > 1
    with closing(index.writer()) as writer:
        assert writer.documents() == {(f"d{number}", "s1"): PER_DOCUMENT for number in range(DOCUMENTS)}
        assert writer.publish() == index.current()
    points = [point for number in range(DOCUMENTS) for point in document_points(number)]
    with reading(index) as reader:
        expected = expected_sparse(points, QUERY, OPEN)[:40]
        assert [(hit.score, hit.chunk.id) for hit in reader.sparse(QUERY, OPEN, 40)] == expected
    assert index.generations() == [index.current()]
    assert list((tmp_path / "index" / "views").iterdir()) == []


def test_readers_beside_a_writer_see_whole_generations_only(index: EdgeIndex) -> None:
    fill(index, document_points(0))
    asking = [Asking(index) for _ in range(2)]
    for thread in asking:
        thread.start()
    with closing(index.writer()) as writer:
        for number in range(1, 13):
            writer.upsert(document_points(number))
            if number % 3 == 0:
                writer.remove([f"d{number - 1}"])
                writer.publish()
    for thread in asking:
        assert thread.enough.wait(120)
        thread.stop.set()
        thread.join()
        assert thread.faults == []
    index.writer().close()
    assert index.generations() == [index.current()] == ["g5"]


def test_writer_of_another_process_is_named(index: EdgeIndex, tmp_path: Path) -> None:
    code = WRITER.split("have =")[0] + "print('open', flush=True); sys.stdin.read()"
    command = [sys.executable, "-c", code, str(tmp_path / "index")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        other.stdout.readline()
        with pytest.raises(IndexLocked, match=rf"process {other.pid} \(-c .*since"):
            index.writer()
        other.kill()
    index.writer().close()


def test_generation_is_kept_while_it_is_read_and_goes_afterwards(index: EdgeIndex) -> None:
    first = fill(index, [make_point()])
    with reading(index) as reader:
        second = fill(index, [make_point("d2")])
        assert index.generations() == [first, second]
        assert len(reader.dense((1.0, 0.0, 0.0), OPEN, 5)) == 1
    index.writer().close()
    assert index.generations() == [second]


def test_what_a_crash_left_is_swept(index: EdgeIndex, tmp_path: Path) -> None:
    current = fill(index, [make_point()])
    root = tmp_path / "index"
    for left in ("gens/.making/segments", "gens/.gone-1", "gens/g7", "views/1-dead/segments", "work.new"):
        (root / left).mkdir(parents=True)
    (root / "gens/g7/lease").touch()
    (root / "views/1-dead.lock").touch()
    index.writer().close()
    assert [path.name for path in (root / "gens").iterdir()] == [current]
    assert list((root / "views").iterdir()) == []


def test_reader_opens_where_hard_links_cannot_be_made(
    index: EdgeIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(index, many_points())

    def refuse(*_: object) -> None:
        raise OSError("no links here")

    assert edge.links_are_safe(tmp_path / "index" / "links.json")
    monkeypatch.setattr(os, "link", refuse)
    with reading(index) as reader:
        assert len(reader.sparse(QUERY, Where(frozenset({"open", "secret", "purchasing"})), 90)) > 10


def test_damaged_generation_is_said_with_its_cure(index: EdgeIndex, tmp_path: Path) -> None:
    generation = tmp_path / "index" / "gens" / fill(index, [make_point()])
    meta = json.loads((generation / "meta.json").read_text())
    (generation / "meta.json").write_text(json.dumps({**meta, "points": 9}))
    with pytest.raises(IndexError_, match=r"1 points where 9 were published.*--rebuild"):
        index.reader()
    (generation / "meta.json").write_text(json.dumps(meta))
    (generation / "statistics.bin").write_bytes(b"not it")
    with pytest.raises(IndexError_, match="statistics.bin of generation g1"):
        index.reader()


def test_missing_generation_is_said_and_published_anew_by_the_next_ingest(index: EdgeIndex, tmp_path: Path) -> None:
    (tmp_path / "index" / "gens" / fill(index, [make_point()])).rename(tmp_path / "lost")
    with pytest.raises(IndexError_, match=r"Generation g1 is missing.*Run the ingest again"):
        index.reader()
    with closing(index.writer()) as writer:
        assert writer.publish() == "g2"
    with reading(index) as reader:
        assert len(reader.dense((1.0, 0.0, 0.0), OPEN, 5)) == 1


def test_killed_rebuild_leaves_what_was_published(index: EdgeIndex, tmp_path: Path) -> None:
    fill(index, [make_point()])
    with closing(index.rebuild()) as writer:
        writer.upsert([make_point("d2")])
    with reading(index) as reader:
        assert reader.statistics.languages(OPEN.policies) == {"en": 1}
        assert [hit.chunk.document_id for hit in reader.sparse(QUERY, OPEN, 5)] == ["d1"]
    with closing(index.writer()) as writer:
        assert writer.documents() == {("d2", "s1"): 1}


def test_many_threads_get_the_same_answers_from_one_reader(index: EdgeIndex) -> None:
    where = Where(frozenset({"open", "secret"}))
    with reading(index, many_points()) as reader, ThreadPoolExecutor(6) as pool:
        expected = [hit.chunk.id for hit in reader.sparse(QUERY, where, 20)]
        answers = list(pool.map(lambda _: [hit.chunk.id for hit in reader.sparse(QUERY, where, 20)], range(60)))
    assert len(expected) > 5 and answers == [expected] * 60


def test_closed_reader_says_so(index: EdgeIndex) -> None:
    with reading(index, [make_point()]) as reader:
        reader.close()
        with pytest.raises(IndexError_, match="was closed"):
            reader.dense((1.0, 0.0, 0.0), OPEN, 5)


def test_reader_used_in_a_forked_child_says_so(index: EdgeIndex) -> None:
    with reading(index, [make_point()]) as reader:
        child = os.fork()
        if child == 0:
            try:
                reader.dense((1.0, 0.0, 0.0), OPEN, 5)
            except IndexError_ as error:
                os._exit(17 if "forked" in str(error) else 1)
            os._exit(2)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 17
