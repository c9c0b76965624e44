"""A circuit breaker: what failed several times in a row is left alone for a while, then tried once."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable


class CircuitBreaker:
    """Closed, open or half open. Thread-safe; ``clock`` gives seconds."""

    def __init__(self, failures: int, wait_s: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = failures
        self._wait_s = wait_s
        self._clock = clock
        self._lock = threading.Lock()
        self._failed = 0
        self._opened: float | None = None
        self._trying = False

    @property
    def state(self) -> str:
        """closed, open or half_open."""
        with self._lock:
            if self._opened is None:
                return "closed"
            return "half_open" if self._trying or self._due() else "open"

    def allow(self) -> bool:
        """Whether a request may be sent; half open, one alone may until it succeeded or failed."""
        with self._lock:
            if self._opened is None:
                return True
            if self._trying or not self._due():
                return False
            self._trying = True
            return True

    def succeeded(self) -> None:
        """A request was answered."""
        with self._lock:
            self._failed, self._opened, self._trying = 0, None, False

    def failed(self) -> None:
        """A request failed."""
        with self._lock:
            self._failed += 1
            if self._trying or self._failed >= self._most:
                self._opened = self._clock()
            self._trying = False

    def released(self) -> None:
        """A request ended without telling either, say because its reader went away."""
        with self._lock:
            self._trying = False

    def _due(self) -> bool:
        return self._opened is not None and self._clock() - self._opened >= self._wait_s
