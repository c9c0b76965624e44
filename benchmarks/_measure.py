"""What the benchmarks share: stopwatches around a class's method, percentiles, the golden questions, a quickstart."""

from __future__ import annotations

import contextlib
import json
import statistics
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from _report import ROOT

SAMPLES = ROOT / "corpus_samples"


class Steps:
    """Seconds per step of a run by a ``clock``, summed over threads; with ``outermost`` a step within another is that
    other's.
    """

    def __init__(self, outermost: bool = False, clock: Callable[[], float] = time.perf_counter) -> None:
        self._clock = clock
        self.seconds: dict[str, float] = defaultdict(float)
        self._lock = threading.Lock()
        self._outermost = outermost
        self._within = threading.local()

    @contextlib.contextmanager
    def timed(self, step: str, owner: object, *methods: str) -> Iterator[None]:
        """While this is open, calls of these methods of ``owner``, or functions of a module, count for ``step``."""
        kept = {name: getattr(owner, name) for name in methods}
        for name, method in kept.items():
            setattr(owner, name, self._wrapped(step, method))
        try:
            yield
        finally:
            for name, method in kept.items():
                setattr(owner, name, method)

    def _wrapped(self, step: str, method: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:
            if self._outermost and getattr(self._within, "step", ""):
                return method(*arguments, **named)
            started = self._clock()
            self._within.step = step
            try:
                return method(*arguments, **named)
            finally:
                self._within.step = ""
                with self._lock:
                    self.seconds[step] += self._clock() - started

        return call


def milliseconds(seconds: Sequence[float]) -> tuple[str, str]:
    """(p50, p95) as text."""
    ordered = sorted(seconds)
    high = ordered[min(len(ordered) - 1, round(0.95 * (len(ordered) - 1)))]
    return f"{1000 * statistics.median(ordered):.0f}", f"{1000 * high:.0f}"


def timed_calls(call: Callable[[str], object], questions: Sequence[str]) -> list[float]:
    """Seconds of each call; the first question goes once before, unmeasured."""
    call(questions[0])
    taken = []
    for question in questions:
        started = time.perf_counter()
        call(question)
        taken.append(time.perf_counter() - started)
    return taken


def questions(per_language: int) -> list[str]:
    """So many golden questions with an answer of each language, languages in turn."""
    found: dict[str, list[str]] = defaultdict(list)
    with (ROOT / "evals" / "golden" / "questions.jsonl").open(encoding="utf-8") as lines:
        for case in map(json.loads, lines):
            if case["sources"] and not case["principal"]["groups"]:
                found[case["language"]].append(case["question"])
    lists = [texts[:per_language] for _, texts in sorted(found.items())]
    return [texts[number] for number in range(per_language) for texts in lists if number < len(texts)]
