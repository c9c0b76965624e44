from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Iterator

import pytest
from qdrant_client import QdrantClient

from copilot.index.server import ServerIndex
from copilot.testing_index import IndexContract

pytestmark = pytest.mark.filterwarnings("ignore:Payload indexes have no effect:UserWarning")


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
