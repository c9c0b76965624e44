"""Document frequencies of one generation, per language and policy, as sorted arrays in one memory-mapped file."""

from __future__ import annotations

import json
import os
import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from copilot.errors import IndexError_

_MAGIC = b"COPDF\x00\x00\x01"
_FOLD_AT = 4_000_000
_KEPT_TERMS = 4_000_000  # of merged parts, 8 bytes each
Terms = npt.NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class Counted:
    """The chunks of one language under one policy, their terms (ascending) and in how many chunks each occurs."""

    language: str
    policy: str
    chunks: int
    terms: Terms
    counts: Terms


class TermStatistics:
    """The counts of all languages and policies; see the protocol Statistics. Thread-safe."""

    def __init__(self, parts: Iterable[Counted]) -> None:
        self._parts: dict[str, dict[str, Counted]] = {}
        for part in parts:
            self._parts.setdefault(part.language, {})[part.policy] = part
        self._merged: OrderedDict[tuple[str, frozenset[str]], Counted] = OrderedDict()
        self._lock = threading.Lock()

    def _permitted(self, language: str, policies: frozenset[str]) -> list[Counted]:
        parts = self._parts.get(language, {})
        return [parts[policy] for policy in policies if policy in parts]

    def _together(self, language: str, policies: frozenset[str]) -> Counted:
        """All that the policies permit of a language as one; the latest are kept, so that a question asks one table."""
        key = (language, policies)
        with self._lock:
            known = self._merged.get(key)
            if known is None:
                known = self._merged[key] = _merge(language, self._permitted(language, policies))
                size = sum(len(item.terms) for item in self._merged.values())
                while size > _KEPT_TERMS and len(self._merged) > 1:
                    size -= len(self._merged.popitem(last=False)[1].terms)
            self._merged.move_to_end(key)
        return known

    def chunks(self, language: str, policies: frozenset[str]) -> int:
        """How many chunks of that language stand under those policies."""
        return sum(part.chunks for part in self._permitted(language, policies))

    def frequencies(self, language: str, policies: frozenset[str], terms: Sequence[int]) -> list[int]:
        """In how many of those chunks each term occurs, in the order of ``terms``."""
        part = self._together(language, policies)
        if not len(part.terms):
            return [0] * len(terms)
        wanted = np.asarray(terms, dtype=np.uint32)
        at = np.minimum(np.searchsorted(part.terms, wanted), len(part.terms) - 1)
        counts: list[int] = np.where(part.terms[at] == wanted, part.counts[at], 0).tolist()
        return counts

    def languages(self, policies: frozenset[str]) -> Mapping[str, int]:
        """The languages that stand under those policies, with their chunk counts."""
        counted = {language: self.chunks(language, policies) for language in sorted(self._parts)}
        return {language: chunks for language, chunks in counted.items() if chunks}

    def parts(self) -> Iterator[Counted]:
        """All counts, by language and policy."""
        for language in sorted(self._parts):
            for policy in sorted(self._parts[language]):
                yield self._parts[language][policy]


def _merge(language: str, parts: Sequence[Counted]) -> Counted:
    if len(parts) == 1:
        return parts[0]
    nothing: Terms = np.zeros(0, np.uint32)
    terms = np.concatenate([nothing, *(part.terms for part in parts)])
    # Stable, since each part ascends already: such runs are merged, not sorted anew.
    order = np.argsort(terms, kind="stable")
    terms = terms[order]
    counts = np.concatenate([nothing, *(part.counts for part in parts)])[order]
    starts = np.flatnonzero(np.diff(terms, prepend=terms[:1] + np.uint32(1)))
    summed = np.add.reduceat(counts, starts) if len(starts) else nothing
    return Counted(language, "", sum(part.chunks for part in parts), terms[starts], summed)


class _Tally:
    """Counts the terms of one language and policy; folded now and then, so that memory stays bounded."""

    def __init__(self) -> None:
        self.chunks = 0
        self._terms: Terms = np.zeros(0, np.uint32)
        self._counts = np.zeros(0, np.int64)
        self._waiting: list[Terms] = []
        self._size = 0

    def add(self, indices: Sequence[int]) -> None:
        self.chunks += 1
        self._waiting.append(np.asarray(indices, dtype=np.uint32))
        self._size += len(indices)
        if self._size > _FOLD_AT:
            self._fold()

    def _fold(self) -> None:
        terms, counts = np.unique(np.concatenate([*self._waiting, self._terms[:0]]), return_counts=True)
        every, where = np.unique(np.concatenate([self._terms, terms]), return_inverse=True)
        total = np.zeros(len(every), np.int64)
        np.add.at(total, where, np.concatenate([self._counts, counts]))
        self._terms, self._counts, self._waiting, self._size = every, total, [], 0

    def counted(self, language: str, policy: str) -> Counted:
        self._fold()
        return Counted(language, policy, self.chunks, self._terms, self._counts.astype(np.uint32))


def count_terms(points: Iterable[tuple[str, str, Sequence[int]]]) -> TermStatistics:
    """Count (language, policy, terms of one chunk)."""
    tallies: dict[tuple[str, str], _Tally] = {}
    for language, policy, terms in points:
        tallies.setdefault((language, policy), _Tally()).add(terms)
    return TermStatistics(tally.counted(*key) for key, tally in tallies.items())


def save_statistics(statistics: TermStatistics, path: Path) -> None:
    """Write the file and make it durable: magic, length of the head, head as JSON, all terms, all counts (uint32)."""
    parts = list(statistics.parts())
    head = json.dumps([[part.language, part.policy, part.chunks, len(part.terms)] for part in parts]).encode()
    head += b" " * (-len(head) % 4)
    with path.open("wb") as file:
        file.write(_MAGIC + len(head).to_bytes(8, "little") + head)
        for part in parts:
            file.write(part.terms.astype("<u4").tobytes())
        for part in parts:
            file.write(part.counts.astype("<u4").tobytes())
        file.flush()
        os.fsync(file.fileno())


def load_statistics(path: Path) -> TermStatistics:
    """Map the file into memory; IndexError_ if it is not whole."""
    try:
        return TermStatistics(_mapped(path))
    except (OSError, ValueError) as error:
        raise IndexError_(
            f"The statistics {path.name} of generation {path.parent.name} cannot be read: {error}.",
            "Publish again: run the ingest once more; if that does not help, with --rebuild.",
        ) from error


def _mapped(path: Path) -> list[Counted]:
    with path.open("rb") as file:
        if file.read(8) != _MAGIC:
            raise ValueError("it is of another version")
        size = int.from_bytes(file.read(8), "little")
        head = json.loads(file.read(size))
    total = sum(length for *_, length in head)
    if not total:
        empty: Terms = np.zeros(0, np.uint32)
        return [Counted(language, policy, chunks, empty, empty) for language, policy, chunks, _ in head]
    numbers = np.memmap(path, dtype="<u4", mode="r", offset=16 + size, shape=(2 * total,))
    parts, start = [], 0
    for language, policy, chunks, length in head:
        end = start + length
        parts.append(Counted(language, policy, chunks, numbers[start:end], numbers[total + start:total + end]))
        start = end
    return parts
