from __future__ import annotations

import random
import uuid
from pathlib import Path

import numpy as np
import pytest

from copilot.errors import IndexError_
from copilot.index.vectors import StoredVectors, vector_file
from copilot.types import SparseVector

# Ids that end or begin in zero bytes: no byte of an id may be taken for padding.
ODD = ["00000000-0000-4000-8000-000000000000", "ff000000-0000-4000-8000-000000000000",
       "ff000000-0000-4000-8000-000000000001"]


def random_vectors(count: int) -> dict[str, SparseVector]:
    dice = random.Random(4)
    ids = [*ODD, *(str(uuid.UUID(int=dice.getrandbits(128), version=4)) for _ in range(count))]
    dice.shuffle(ids)
    return {
        name: SparseVector(
            terms := tuple(sorted(dice.sample(range(2**32), dice.randint(0, 9)))),
            tuple(dice.choice((0.25, 1.5, 3.0)) for _ in terms),
        )
        for name in ids
    }


def write(path: Path, vectors: dict[str, SparseVector]) -> None:
    with vector_file(path) as file:
        for name, vector in vectors.items():
            file.add(name, vector)


def test_every_vector_comes_back_for_its_id_in_the_order_asked(tmp_path: Path) -> None:
    vectors = random_vectors(200)
    write(tmp_path / "vectors.bin", vectors)
    asked = [*sorted(vectors), "ff000000-0000-4000-8000-000000000002", ODD[0]]
    found = StoredVectors(tmp_path / "vectors.bin").of(asked)
    expected = [vectors.get(name, SparseVector((), ())) for name in asked]
    assert [(tuple(item.indices), tuple(item.values)) for item in found] == [
        (item.indices, item.values) for item in expected
    ]
    longest = max(found, key=lambda item: len(item.indices))
    assert np.asarray(longest.indices).dtype == np.uint32 and np.asarray(longest.values).dtype == np.float32


def test_empty_file_holds_nothing(tmp_path: Path) -> None:
    write(tmp_path / "vectors.bin", {})
    stored = StoredVectors(tmp_path / "vectors.bin")
    assert stored.of([]) == [] and stored.of([ODD[0]]) == [SparseVector((), ())]


@pytest.mark.parametrize(("spoil", "reason"), [
    (lambda data: data[:-1], "cut off"),
    (lambda data: b"another" + data[7:], "another version"),
    (lambda data: b"", "another version"),
])
def test_file_that_is_not_whole_is_refused_with_the_cure(tmp_path: Path, spoil: object, reason: str) -> None:
    path = tmp_path / "vectors.bin"
    write(path, random_vectors(5))
    path.write_bytes(spoil(path.read_bytes()))  # type: ignore[operator]
    with pytest.raises(IndexError_, match=rf"{reason}.*--rebuild"):
        StoredVectors(path)


def test_file_that_was_not_finished_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "vectors.bin"
    with pytest.raises(RuntimeError), vector_file(path) as file:
        file.add(ODD[0], SparseVector((1,), (1.0,)))
        raise RuntimeError
    with pytest.raises(IndexError_, match="another version"):
        StoredVectors(path)
