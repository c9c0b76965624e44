"""Writes a word table file in the layout that copilot.language.wordtable maps."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from copilot.language.wordtable import ALIGNED, CAPITAL, MAGIC, STEPS

Table = Mapping[str, Sequence[tuple[str, float]]]
LARGEST = 65535  # terms of a language: a term's number takes two bytes


def write_tables(
    path: Path, tables: Mapping[tuple[str, str], Table], faces: Mapping[str, Mapping[str, str]] | None = None
) -> None:
    """Write directed tables {(source, target): {term: [(term, probability), ...]}}; the same bytes for the same input.

    ``faces`` gives written forms per language. Raises ValueError for a language of more than LARGEST terms.
    """
    terms = vocabularies(tables)
    arrays: dict[str, npt.NDArray[np.generic]] = {}
    for language, items in terms.items():
        if len(items) > LARGEST:
            raise ValueError(f"{language} has {len(items)} terms; at most {LARGEST} can be numbered")
        written = (faces or {}).get(language, {})
        arrays |= _pool(f"{language}.pool", [item.encode() for item in items])
        shown = [_face(item, written.get(item, item)) for item in items]
        arrays |= _pool(f"{language}.faces", shown)
    for (source, target), table in sorted(tables.items()):
        arrays |= _directed(f"{source}>{target}", table, terms[source], terms[target])
    path.write_bytes(_file(arrays))


def vocabularies(tables: Mapping[tuple[str, str], Table]) -> dict[str, list[str]]:
    """The terms of each language that any table names, sorted by their UTF-8 bytes."""
    found: dict[str, set[str]] = {}
    for (source, target), table in tables.items():
        found.setdefault(source, set()).update(table)
        found.setdefault(target, set()).update(item for row in table.values() for item, _ in row)
    return {language: sorted(items, key=str.encode) for language, items in sorted(found.items())}


def _pool(pool: str, items: Sequence[bytes]) -> dict[str, npt.NDArray[np.generic]]:
    lengths = np.array([len(item) for item in items], np.uint8)
    return {pool: np.frombuffer(b"".join(items), np.uint8), f"{pool}.lengths": lengths}


def _face(term: str, written: str) -> bytes:
    """A written form by what it shares with its term: empty if all, else one byte and the rest."""
    if written == term:
        return b""
    lowered = written[:1].lower() + written[1:]
    flag = CAPITAL if lowered != written else 0
    shared = 0
    while shared < min(len(lowered), len(term), CAPITAL - 1) and lowered[shared] == term[shared]:
        shared += 1
    if flag and lowered[:1].upper() + lowered[1:] != written:
        return b"\0" + written.encode()
    return bytes([flag + shared]) + lowered[shared:].encode()


def _directed(name: str, table: Table, source: list[str], target: list[str]) -> dict[str, npt.NDArray[np.generic]]:
    numbers = {item: number for number, item in enumerate(target)}
    lengths, targets, shares = [], [], []
    for item in source:
        before = len(targets)
        for other, share in table.get(item, ()):
            step = math.floor(STEPS * math.sqrt(min(share, 1.0)) + 1e-9)
            if step:
                targets.append(numbers[other])
                shares.append(step)
        lengths.append(len(targets) - before)
    return {
        f"{name}.targets": np.array(targets, np.uint16),
        f"{name}.targets.lengths": np.array(lengths, np.uint8),
        f"{name}.shares": np.array(shares, np.uint8),
    }


def _file(arrays: Mapping[str, npt.NDArray[np.generic]]) -> bytes:
    """Magic number, length of the header, header, and the arrays at their offsets behind it."""
    places: dict[str, list[object]] = {}
    size = 0
    for name, array in arrays.items():
        places[name] = [array.dtype.str, array.size, size]
        size += _padded(array.nbytes)
    header = json.dumps({"bytes": size, "arrays": places}, separators=(",", ":")).encode()
    head = MAGIC + len(header).to_bytes(4, "little") + header
    body = b"".join(array.tobytes().ljust(_padded(array.nbytes), b"\0") for array in arrays.values())
    return head.ljust(_padded(len(head)), b"\0") + body


def _padded(size: int) -> int:
    return -(-size // ALIGNED) * ALIGNED
