from __future__ import annotations

import os
import socket
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import pytest
from qdrant_client import QdrantClient

from copilot.errors import IndexError_, IndexLocked
from copilot.index.server import ServerIndex
from copilot.testing_index import IndexContract
from copilot.testing_points import DIMENSION, OPEN, fill, make_point, reading
from copilot.testing_qdrant import FakeQdrant, fake_qdrant
from copilot.types import Where

pytestmark = [
    pytest.mark.filterwarnings("ignore:Payload indexes have no effect:UserWarning"),
    pytest.mark.filterwarnings("ignore:Local mode performs exact:UserWarning"),
]


class TestServerModeInMemoryKeepsTheContract(IndexContract):
    readers_keep_their_generation = False

    @pytest.fixture
    def open_index(self) -> Callable[[int, str], ServerIndex]:
        client = QdrantClient(":memory:")
        return lambda dimension, fingerprint: ServerIndex(dimension, fingerprint, client=client)


@pytest.mark.skipif(not os.environ.get("QDRANT_URL"), reason="QDRANT_URL names no server to test against")
class TestRealServerKeepsTheContract(IndexContract):
    readers_keep_their_generation = False

    @pytest.fixture
    def open_index(self) -> Iterator[Callable[[int, str], ServerIndex]]:
        url, key, name = os.environ["QDRANT_URL"], os.environ.get("QDRANT_API_KEY"), f"test{uuid.uuid4().hex[:8]}"
        yield lambda dimension, fingerprint: ServerIndex(
            dimension, fingerprint, collection=name, url=url, api_key=key or ""
        )
        client = QdrantClient(url=url, api_key=key)
        for collection in client.get_collections().collections:
            if collection.name.startswith(name):
                client.delete_collection(collection.name)


class TestServerModeOverHttpKeepsTheContract(IndexContract):
    """Over HTTP against a server that checks each request body strictly; no real Qdrant server is run here."""

    readers_keep_their_generation = False

    @pytest.fixture
    def open_index(self) -> Iterator[Callable[[int, str], ServerIndex]]:
        with fake_qdrant() as fake:
            opened: list[ServerIndex] = []

            def open_it(dimension: int, fingerprint: str) -> ServerIndex:
                opened.append(ServerIndex(dimension, fingerprint, url=fake.url))
                return opened[-1]

            yield open_it
            for index in opened:
                index.close()


def served(fake: FakeQdrant, **settings: Any) -> ServerIndex:
    return ServerIndex(DIMENSION, "fp", url=fake.url, **settings)


@pytest.mark.filterwarnings("ignore:Api key is used with an insecure connection:UserWarning")
def test_right_key_is_sent_and_wrong_key_is_said_with_its_cure() -> None:
    with fake_qdrant(api_key="right") as fake:
        with closing(served(fake, api_key="right")) as index:
            assert fill(index, [make_point()]) == "s1"
        with closing(served(fake, api_key="wrong")) as index, pytest.raises(IndexError_, match="INDEX__API_KEY"):
            index.current()


def test_refused_connection_names_the_server_and_the_cure() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
        with closing(ServerIndex(DIMENSION, "fp", url=url)) as index:
            with pytest.raises(IndexError_, match=rf"{url} cannot be reached.*COPILOT_INDEX__URL"):
                index.reader()


def test_busy_server_is_asked_again_and_nothing_is_lost() -> None:
    with fake_qdrant() as fake, closing(served(fake, waits_s=(0.0, 0.0))) as index, closing(index.writer()) as writer:
        for number in range(6):
            fake.busy = number % 3
            writer.upsert([make_point(position=number)])
        assert writer.documents() == {("d1", "s1"): 6}


def test_server_that_stays_busy_is_said_with_its_cure() -> None:
    with fake_qdrant() as fake, closing(served(fake, waits_s=(0.0, 0.0))) as index:
        fake.busy = 3
        with pytest.raises(IndexError_, match=r"too busy \(status 503, tried 3 times\).*Try again later"):
            index.current()
        assert index.current() == ""


def test_dense_queries_ask_for_acorn_and_access_stands_under_must() -> None:
    with fake_qdrant() as fake, closing(served(fake)) as index, reading(index, [make_point()]) as reader:
        where = Where(frozenset({"open"}), include=frozenset({"d9"}), exclude=frozenset({"d2"}))
        assert len(reader.dense((1.0, 0.0, 0.0), where, 5)) == 1
        (body,) = [body for _, path, body in fake.requests if path == "/points/query/batch"][-1].searches
        assert body.params.acorn.enable is True
        assert body.filter.should is None and len(body.filter.must) == 1
        assert [condition.match.any for condition in body.filter.must[0].should] == [["open"], ["d9"]]
        assert "except" not in str(body.filter) and body.filter.must_not[0].match.any == ["d2"]


def test_legs_of_all_languages_are_one_request() -> None:
    with fake_qdrant() as fake, closing(served(fake)) as index, reading(index, [make_point()]) as reader:
        before = len(fake.requests)
        query = make_point().sparse
        assert len(reader.near_sparse({"de": query, "en": query, "zh": query}, OPEN, 5)["en"]) == 1
        assert [path for _, path, _ in fake.requests[before:]] == ["/points/query/batch"]


def test_reader_of_a_rebuilt_collection_is_told_to_open_anew() -> None:
    with fake_qdrant() as fake, closing(served(fake)) as index, reading(index, [make_point()]) as reader:
        with closing(index.rebuild()) as writer:
            assert len(reader.dense((1.0, 0.0, 0.0), OPEN, 5)) == 1
            writer.publish()
        with pytest.raises(IndexError_, match="Open the index anew"):
            reader.dense((1.0, 0.0, 0.0), OPEN, 5)


def test_lock_of_a_dead_process_is_taken_over_and_a_lost_lock_is_noticed() -> None:
    with fake_qdrant() as fake, closing(served(fake)) as index:
        first = index.writer()
        dead = subprocess.Popen([sys.executable, "-c", ""])
        dead.wait()
        index._state._write_lock({**index._state._read(2), "pid": dead.pid}, first._token)
        with closing(index.writer()) as second:
            second.upsert([make_point()])
            with pytest.raises(IndexLocked, match=f"process {os.getpid()}"):
                first.upsert([make_point("d2")])
            first.close()
            second.upsert([make_point("d3")])
            assert set(second.documents()) == {("d1", "s1"), ("d3", "s1")}


def test_large_statistics_are_kept_in_several_points(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("copilot.index.state._TERMS_PER_POINT", 3)
    point = make_point(terms={term: 1.0 for term in range(10)})
    with fake_qdrant() as fake, closing(served(fake)) as index, reading(index, [point]) as reader:
        assert reader.statistics.frequencies("en", frozenset({"open"}), range(11)) == [1] * 10 + [0]
        assert reader.statistics.chunks("en", frozenset({"open"})) == 1
