"""A question in several languages within a moment: for the search, which has other means where it takes longer."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait

from copilot.errors import ModelError
from copilot.translation.engine import Engine
from copilot.translation.packages import Package

BUDGET_S = 0.25
_KEPT = 2048


class Questions:
    """Translates questions in the background; what is not there in time is there for the next one. Thread-safe."""

    def __init__(self, engine: Engine, budget_s: float = BUDGET_S) -> None:
        self._engine = engine
        self._budget_s = budget_s
        self._lock = threading.Lock()
        self._pool: ThreadPoolExecutor | None = None
        self._asked: OrderedDict[tuple[str, ...], Future[tuple[str, ...]]] = OrderedDict()

    def ask(self, text: str, source: str, targets: Sequence[str], n: int) -> dict[str, tuple[str, ...]]:
        """{target: up to ``n`` texts} of those that a package serves and that are there within the budget."""
        waiting: dict[str, Future[tuple[str, ...]]] = {}
        for target in targets:
            way = self._engine.route(source, target) if target != source else ()
            if way and text.strip():
                waiting[target] = self._future(text, way, n)
        done, _ = wait(waiting.values(), timeout=self._budget_s)
        return {target: found for target, item in waiting.items() if item in done and (found := item.result())}

    def _future(self, text: str, way: Sequence[Package], n: int) -> Future[tuple[str, ...]]:
        key = (text, str(n), *(package.fingerprint for package in way))
        with self._lock:
            if key not in self._asked:
                if self._pool is None:
                    self._pool = ThreadPoolExecutor(2, thread_name_prefix="translation")
                self._asked[key] = self._pool.submit(self._alternatives, text, tuple(way), n)
            self._asked.move_to_end(key)
            while len(self._asked) > _KEPT:
                self._asked.popitem(last=False)
            return self._asked[key]

    def _alternatives(self, text: str, way: Sequence[Package], n: int) -> tuple[str, ...]:
        try:
            return self._engine.alternatives(text, way, n)
        except ModelError:
            return ()  # a torn package is told of where texts are translated, not in a search
