"""The shipped word tables: which terms of one language stand for a term of another, and how surely.

Tables lead from English and to English; two other languages meet through it. A file is memory-mapped: a magic
number, the length of a JSON header, the header, then arrays at offsets counted from the header's end. Terms of a
language stand sorted by their UTF-8 bytes; a probability p is kept as floor(255 * sqrt(p)), so that no row's sum
grows beyond 1. Lengths of terms, written forms and rows take a byte each; where they begin is added up on first use.
"""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from copilot.errors import ModelError

FOLDER = Path(__file__).resolve().parent.parent / "models" / "words"
MAGIC = b"CPWORDS2"
PIVOT = "en"
MOST = 20
LEAST = 0.005
STEPS = 255
ALIGNED = 8  # every array begins at a multiple of so many bytes
CAPITAL = 128  # set in a written form's first byte: its first letter is a capital
Translations = tuple[tuple[str, float], ...]


@functools.cache
def open_word_table(path: Path | None = None) -> WordTable:
    """The table at ``path``, by default the one of all sources, memory-mapped; ModelError if missing or damaged."""
    return WordTable(path or table_path())


def table_path(sources: str = "all") -> Path:
    """Where the shipped table made from these sources (all or permissive) lies."""
    return FOLDER / f"words-{sources}.bin"


class WordTable:
    """One word table file. Thread-safe; opening reads its header only."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._data, self._arrays = _mapped(path)
        self.languages = frozenset(name.partition(".")[0] for name in self._arrays if name.endswith(".pool"))
        self.pairs = frozenset((a, b) for a in self.languages for b in self.languages if a != b)
        self._edges: dict[str, memoryview] = {}
        self._views: dict[str, memoryview] = {}
        self._cached = functools.lru_cache(maxsize=16384)(self._translations)

    def translations(self, term: str, source: str, target: str) -> Translations:
        """Analysis terms of ``target`` that stand for a term of ``source``, with probabilities, the surest first.

        Probabilities are in (0, 1] and sum to 1 at most; () where the table does not know. The term of several words
        is their stems joined by one blank.
        """
        return self._cached(term, source, target) if (source, target) in self.pairs else ()

    def surface(self, term: str, language: str) -> str:
        """The written form of a term that was seen most often; the term itself if unknown."""
        place = self._find(term, language)
        if place < 0:
            return term
        stored = self._slice(f"{language}.faces", place)
        if not stored:
            return term
        form = term[: stored[0] % CAPITAL] + stored[1:].decode("utf-8")
        return form[:1].upper() + form[1:] if stored[0] >= CAPITAL else form

    def knows(self, term: str, language: str) -> bool:
        """Whether the language has the term."""
        return self._find(term, language) >= 0

    def terms(self, language: str) -> list[str]:
        """All terms of a language, sorted by their UTF-8 bytes; empty for a language that it lacks."""
        if language not in self.languages:
            return []
        return [self._term(number, language) for number in range(len(self._arrays[f"{language}.pool.lengths"]))]

    def verify(self) -> None:
        """Compare the whole file with its manifest's checksum; ModelError where they differ."""
        manifest = self.path.with_name("manifest.json")
        try:
            expected = json.loads(manifest.read_text(encoding="utf-8"))["files"][self.path.name]["sha256"]
        except (OSError, ValueError, KeyError) as error:
            raise _damaged(manifest, "does not name it") from error
        if hashlib.sha256(self.path.read_bytes()).hexdigest() != expected:
            raise _damaged(self.path, "differs from its checksum")

    def _translations(self, term: str, source: str, target: str) -> Translations:
        if PIVOT in (source, target):
            return self._direct(term, source, target)
        found: dict[int, float] = {}
        for middle, share in self._row(self._find(term, source), source, PIVOT):
            for end, further in self._row(middle, PIVOT, target):
                found[end] = found.get(end, 0.0) + share * further
        kept = [(self._term(end, target), share) for end, share in found.items() if share >= LEAST]
        return tuple(sorted(kept, key=lambda item: (-item[1], item[0]))[:MOST])

    def _direct(self, term: str, source: str, target: str) -> Translations:
        row = self._row(self._find(term, source), source, target)
        return tuple((self._term(number, target), share) for number, share in row)

    def _row(self, place: int, source: str, target: str) -> list[tuple[int, float]]:
        """The numbers of the terms that stand for the one at ``place``, with probabilities; [] for place -1."""
        name = f"{source}>{target}"
        if place < 0 or f"{name}.targets" not in self._arrays:
            return []
        starts = self._starts(f"{name}.targets")
        begin, end = starts[place], starts[place + 1]
        targets, shares = self._arrays[f"{name}.targets"][begin:end], self._arrays[f"{name}.shares"][begin:end]
        return [
            (number, (share / STEPS) ** 2) for number, share in zip(targets.tolist(), shares.tolist(), strict=True)
        ]

    def _find(self, term: str, language: str) -> int:
        """The number of a term, -1 if there is none: a binary search."""
        if language not in self.languages:
            return -1
        wanted, low = term.encode("utf-8"), 0
        high = len(self._arrays[f"{language}.pool.lengths"])
        while low < high:
            middle = (low + high) // 2
            found = self._slice(f"{language}.pool", middle)
            if found == wanted:
                return middle
            low, high = (middle + 1, high) if found < wanted else (low, middle)
        return -1

    def _term(self, number: int, language: str) -> str:
        return self._slice(f"{language}.pool", number).decode("utf-8")

    def _slice(self, pool: str, number: int) -> bytes:
        edges = self._starts(pool)
        view = self._views.get(pool)
        if view is None:
            view = self._views[pool] = memoryview(self._arrays[pool])
        return view[edges[number] : edges[number + 1]].tobytes()

    def _starts(self, name: str) -> memoryview:
        """Where each entry of a pool or table begins, and the last one ends; a view, of which one is read fastest."""
        import numpy as np

        if name not in self._edges:
            ends = np.cumsum(self._arrays[f"{name}.lengths"], dtype=np.uint32)
            self._edges[name] = np.concatenate([np.zeros(1, dtype=np.uint32), ends]).data
        return self._edges[name]


def _mapped(path: Path) -> tuple[Any, Mapping[str, Any]]:
    import numpy as np

    try:
        data = np.memmap(path, dtype=np.uint8, mode="r")
        if data[: len(MAGIC)].tobytes() != MAGIC:
            raise ValueError("it is no word table")
        head = len(MAGIC) + 4
        end = head + int.from_bytes(data[len(MAGIC) : head].tobytes(), "little")
        header = json.loads(data[head:end].tobytes())
        begin = -(-end // ALIGNED) * ALIGNED
        if begin + header["bytes"] != len(data):
            raise ValueError(f"it has {len(data)} bytes, not {begin + header['bytes']}")
        arrays = {
            name: np.frombuffer(data, dtype, count, begin + offset)
            for name, (dtype, count, offset) in header["arrays"].items()
        }
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _damaged(path, str(error)) from error
    return data, arrays


def _damaged(path: Path, why: str) -> ModelError:
    return ModelError(f"The word table {path} cannot be used: {why}.", "Install the product again, or train it again.")
