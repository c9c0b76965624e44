"""What a server index keeps beside its points, in a collection of its own: what is published, lock, statistics."""

from __future__ import annotations

import base64
import os
import socket
import time
import uuid
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from qdrant_client import models

from copilot.errors import IndexError_, IndexLocked
from copilot.index.generations import holder
from copilot.index.remote import Server
from copilot.index.statistics import Counted, Terms, TermStatistics

_META, _LOCK = 1, 2
_TERMS_PER_POINT = 50_000
_STALE_S = 300.0
_BEAT_S = 30.0
_NAMESPACE = uuid.UUID("c0d1f9a4-1d0b-5f5e-9a58-2f1be2f3a6b7")


class State:
    """The companion collection of one server index."""

    def __init__(self, server: Server, name: str) -> None:
        self.name = name
        self._server = server
        self._client = server.client
        self._there = False

    def exists(self) -> bool:
        """Whether it is there; asked until it is."""
        self._there = self._there or bool(self._server.call(self._client.collection_exists, self.name))
        return self._there

    def create(self) -> None:
        """Make it unless it is there."""
        if not self.exists():
            self._server.call(self._client.create_collection, self.name, vectors_config={})
        self._server.call(
            self._client.create_payload_index, self.name, field_name="generation",
            field_schema=models.PayloadSchemaType.INTEGER, wait=True,
        )

    def _read(self, point: int) -> dict[str, Any]:
        if not self.exists():
            return {}
        records = self._server.call(self._client.retrieve, self.name, ids=[point], with_payload=True)
        return dict(records[0].payload or {}) if records else {}

    def _write(self, points: list[models.PointStruct], only_if: models.Filter | None = None) -> None:
        self._server.call(self._client.upsert, self.name, points=points, wait=True, update_filter=only_if)

    def meta(self) -> dict[str, Any]:
        """``work`` and ``published``: what is written to and what readers open; empty where nothing is."""
        return self._read(_META)

    def write_meta(self, meta: Mapping[str, Any]) -> None:
        """Replace it as a whole."""
        self._write([models.PointStruct(id=_META, vector={}, payload=dict(meta))])

    # The writer's lock. Qdrant has no locks: a token is written only if the token seen is still there, and read back.

    def lock(self) -> str:
        """Become the one writer and return the token, or raise IndexLocked, naming the holder."""
        seen = self._read(_LOCK)
        if seen.get("token") and _is_alive(seen):
            raise _locked(self.name, seen)
        token = uuid.uuid4().hex
        self._write_lock({**holder(), "host": socket.gethostname(), "token": token}, seen.get("token", ""))
        self.check_lock(token)
        return token

    def _write_lock(self, lock: Mapping[str, Any], seen: str) -> None:
        unchanged = models.Filter(must=[models.FieldCondition(key="token", match=models.MatchValue(value=seen))])
        payload = {**lock, "beat": time.time()}
        self._write([models.PointStruct(id=_LOCK, vector={}, payload=payload)], unchanged)

    def check_lock(self, token: str) -> None:
        """Say that the writer lives; raise IndexLocked if another has taken over."""
        now = self._read(_LOCK)
        if now.get("token") != token:
            raise _locked(self.name, now)
        if time.time() - float(now["beat"]) > _BEAT_S:
            self._write_lock(now, token)

    def unlock(self, token: str) -> None:
        """Give the lock back if it is still one's own."""
        own = self._read(_LOCK)
        if own.get("token") == token:
            self._write_lock({**own, "token": ""}, token)

    # Statistics: one point per language and policy and 50,000 terms, tagged with the generation.

    def write_statistics(self, statistics: TermStatistics, generation: int) -> int:
        """Store them and return in how many points."""
        points = list(_points_of(statistics, generation))
        for start in range(0, len(points), 8):
            self._write(points[start:start + 8])
        return len(points)

    def statistics(self, generation: int, expected: int) -> TermStatistics:
        """Those of a generation; IndexError_ if some are missing."""
        of_it = models.FieldCondition(key="generation", match=models.MatchValue(value=generation))
        records: list[Any] = []
        offset: Any = None
        while True:
            page, offset = self._server.call(
                self._client.scroll, self.name, scroll_filter=models.Filter(must=[of_it]), limit=16, offset=offset,
                with_payload=True,
            )
            records += page
            if offset is None:
                break
        if len(records) != expected:
            raise IndexError_(f"Generation s{generation} of {self.name} has {len(records)} of {expected} statistics.",
                              "Open the index anew; if that does not help, ingest again with --rebuild.")
        return _statistics_of([record.payload for record in records])

    def drop_statistics(self, except_of: int) -> None:
        """Delete those of all generations but this one (also what a crash left unfinished)."""
        some = models.FieldCondition(key="generation", range=models.Range(gte=0))
        kept = models.FieldCondition(key="generation", match=models.MatchValue(value=except_of))
        selector = models.FilterSelector(filter=models.Filter(must=[some], must_not=[kept]))
        self._server.call(self._client.delete, self.name, points_selector=selector, wait=True)


def _is_alive(lock: Mapping[str, Any]) -> bool:
    if time.time() - float(lock["beat"]) > _STALE_S:
        return False
    if lock["host"] != socket.gethostname():
        return True
    try:
        os.kill(int(lock["pid"]), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass  # it runs, under another user
    return True


def _locked(name: str, lock: Mapping[str, Any]) -> IndexLocked:
    return IndexLocked(
        f"The index {name} is being written by process {lock.get('pid')} ({lock.get('command')}) since "
        f"{lock.get('since')} on {lock.get('host')}.",
        f"Wait until it ends, or end it; its lock lapses {_STALE_S:.0f} seconds after its last sign of life.",
    )


def _packed(numbers: Terms) -> str:
    return base64.b64encode(numbers.astype("<u4").tobytes()).decode()


def _unpacked(texts: list[str]) -> Terms:
    return np.concatenate([np.frombuffer(base64.b64decode(text), dtype="<u4") for text in texts])


def _points_of(statistics: TermStatistics, generation: int) -> Iterator[models.PointStruct]:
    for part in statistics.parts():
        for number, start in enumerate(range(0, max(1, len(part.terms)), _TERMS_PER_POINT)):
            end = start + _TERMS_PER_POINT
            name = f"{generation}\x1f{part.language}\x1f{part.policy}\x1f{number}"
            yield models.PointStruct(id=str(uuid.uuid5(_NAMESPACE, name)), vector={}, payload={
                "generation": generation, "language": part.language, "policy": part.policy, "part": number,
                "chunks": part.chunks, "terms": _packed(part.terms[start:end]),
                "counts": _packed(part.counts[start:end]),
            })


def _statistics_of(payloads: list[Mapping[str, Any]]) -> TermStatistics:
    parts: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for payload in sorted(payloads, key=lambda payload: int(payload["part"])):
        parts.setdefault((payload["language"], payload["policy"]), []).append(payload)
    return TermStatistics(
        Counted(language, policy, int(pieces[0]["chunks"]), _unpacked([piece["terms"] for piece in pieces]),
                _unpacked([piece["counts"] for piece in pieces]))
        for (language, policy), pieces in parts.items()
    )
