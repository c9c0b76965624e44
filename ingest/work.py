"""What passes between the steps of an ingest: work to read, what was read, and when to stop."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from pathlib import Path

from copilot.errors import ParseError
from copilot.types import Document, Element, Outcome
from ingest.originals import Snapshot


@dataclass(frozen=True, slots=True)
class Work:
    """A file to be read and stored; without a snapshot it is a kept original whose points are made again."""

    path: Path
    document: Document
    snapshot: Snapshot | None
    known: bool = False
    reason: str = ""

    @property
    def restores(self) -> bool:
        """Whether this makes the points of a known revision again, and leaves its row as it is."""
        return self.snapshot is None


@dataclass(frozen=True, slots=True)
class Reading:
    """What a parser made of a file: elements, or the error."""

    work: Work
    elements: list[Element] = field(default_factory=list)
    error: ParseError | None = None
    seconds: float = 0.0


Step = Work | Outcome
"""Work to do, or an outcome that is certain already."""


class Stop:
    """Asked by a signal or another thread to end an ingest after what is being stored."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def ask(self) -> None:
        """End soon."""
        self._event.set()

    @property
    def asked(self) -> bool:
        """Whether the ingest is to end."""
        return self._event.is_set()
