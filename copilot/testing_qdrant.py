"""A small HTTP server that takes what a Qdrant server takes, strictly, and executes it in memory: for tests only."""

from __future__ import annotations

import json
import re
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic_core import to_jsonable_python
from qdrant_client import QdrantClient, models

Do = Callable[[QdrantClient, str, Any], Any]


def _create(client: QdrantClient, name: str, body: models.CreateCollection) -> bool:
    return client.create_collection(name, body.vectors or {}, body.sparse_vectors)


def _index(client: QdrantClient, name: str, body: models.CreateFieldIndex) -> Any:
    return client.create_payload_index(name, body.field_name, body.field_schema)


def _upsert(client: QdrantClient, name: str, body: models.PointsList) -> Any:
    return client.upsert(name, body.points, update_filter=body.update_filter)


def _set_payload(client: QdrantClient, name: str, body: models.SetPayload) -> Any:
    return client.set_payload(name, body.payload, models.FilterSelector(filter=body.filter))


def _scroll(client: QdrantClient, name: str, body: models.ScrollRequest) -> Any:
    points, offset = client.scroll(
        name, body.filter, body.limit or 10, offset=body.offset, with_payload=body.with_payload or False,
        with_vectors=body.with_vector or False,
    )
    return {"points": points, "next_page_offset": offset}


def _retrieve(client: QdrantClient, name: str, body: models.PointRequest) -> Any:
    return client.retrieve(name, body.ids, body.with_payload or False, body.with_vector or False)


def _query(client: QdrantClient, name: str, body: models.QueryRequestBatch) -> Any:
    return client.query_batch_points(name, body.searches)


_ROUTES: tuple[tuple[str, str, Any, Do], ...] = (
    ("GET", "/exists", None, lambda client, name, _: {"exists": client.collection_exists(name)}),
    ("PUT", "", models.CreateCollection, _create),
    ("DELETE", "", None, lambda client, name, _: client.delete_collection(name)),
    ("PUT", "/index", models.CreateFieldIndex, _index),
    ("PUT", "/points", models.PointsList, _upsert),
    ("POST", "/points/payload", models.SetPayload, _set_payload),
    ("POST", "/points/delete", models.FilterSelector, lambda client, name, body: client.delete(name, body)),
    ("POST", "/points/count", models.CountRequest, lambda client, name, body: client.count(name, body.filter)),
    ("POST", "/points/scroll", models.ScrollRequest, _scroll),
    ("POST", "/points", models.PointRequest, _retrieve),
    ("POST", "/points/query/batch", models.QueryRequestBatch, _query),
)


@dataclass
class FakeQdrant:
    """The server's address, its key, what it was asked, and how many of the next requests get status 503."""

    url: str
    api_key: str
    busy: int = 0
    requests: list[tuple[str, str, Any]] = field(default_factory=list)


def _answer(fake: FakeQdrant, client: QdrantClient, method: str, path: str, text: bytes) -> tuple[int, Any]:
    if fake.busy > 0:
        fake.busy -= 1
        return 503, "busy"
    match = re.fullmatch(r"/collections/([\w-]+)(/[\w/]*)?", path.partition("?")[0])
    if match is None:
        return 404, f"no such path: {path}"
    name, rest = match.group(1), match.group(2) or ""
    for verb, suffix, model, do in _ROUTES:
        if (verb, suffix) == (method, rest):
            # The models forbid unknown fields, as the server's strict clients would want it.
            body = TypeAdapter(model).validate_json(text) if model else None
            fake.requests.append((method, rest, body))
            if rest not in ("", "/exists") and not client.collection_exists(name):
                return 404, f"Not found: Collection `{name}` doesn't exist!"
            return 200, do(client, name, body)
    return 404, f"no such path: {method} {path}"


@contextmanager
def fake_qdrant(api_key: str = "") -> Iterator[FakeQdrant]:
    """Run the server on a free port of this machine until the block ends."""
    client = QdrantClient(":memory:")
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _do(self) -> None:
            text = self.rfile.read(int(self.headers.get("content-length") or 0))
            if api_key and self.headers.get("api-key") != api_key:
                return self._send(401, "Must provide an API key or an Authorization bearer token")
            try:
                with lock, warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    status, result = _answer(fake, client, self.command, self.path, text)
            except (ValidationError, ValueError) as error:
                status, result = 400, str(error)
            self._send(status, result)

        do_GET = do_PUT = do_POST = do_DELETE = _do  # noqa: N815

        def _send(self, status: int, result: Any) -> None:
            answer = {"result": to_jsonable_python(result), "status": "ok", "time": 0.0}
            if status != 200:
                answer = {"status": {"error": str(result)}, "time": 0.0}
            body = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """Keep silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    fake = FakeQdrant(f"http://127.0.0.1:{server.server_port}", api_key)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield fake
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
        client.close()
