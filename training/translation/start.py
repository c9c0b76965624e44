"""Gives the embedding a start: pieces that stand in the same pairs begin near each other, across both languages."""

from __future__ import annotations

from pathlib import Path

import numpy as np


def start(work: Path, vocabulary: int, width: int) -> None:
    """Write start.npy (vocabulary, width): a truncated SVD of the positive PMI of source and target pieces."""
    if (work / "start.npy").exists():
        return
    from scipy import sparse

    with np.load(work / "rows.npz") as rows:
        left, right = (_presence(sparse, rows[side], rows[f"{side}_ends"], vocabulary) for side in ("source", "target"))
    together = (left.T @ right).tocoo()
    keep = together.data >= 2
    first, second, count = together.row[keep], together.col[keep], together.data[keep].astype(np.float64)
    seen_left, seen_right = (np.asarray(side.sum(0)).ravel() + 20.0 for side in (left, right))
    pmi = np.log(count * left.shape[0] / seen_left[first] / seen_right[second])
    kept = pmi > 0
    matrix = sparse.csr_matrix((pmi[kept], (first[kept], second[kept])), shape=(vocabulary, vocabulary))
    u, values, v = _svd(matrix, width - width // 8)
    sides = [_unit(u * values**0.5), _unit(v * values**0.5)]
    shared = _unit(sides[0] + sides[1])
    chance = np.random.default_rng(3)
    table = chance.normal(0, 0.25 * width**-0.5, (vocabulary, width))
    table[:, : shared.shape[1]] += shared
    table[~shared.any(1)] = chance.normal(0, width**-0.5, (int((~shared.any(1)).sum()), width))
    np.save(work / "start.npy", table.astype(np.float32))


def _presence(sparse: object, values: np.ndarray, ends: np.ndarray, vocabulary: int) -> object:
    starts = np.concatenate([[0], ends])
    matrix = sparse.csr_matrix((np.ones(len(values), np.float32), values, starts), shape=(len(ends), vocabulary))  # type: ignore[attr-defined]
    matrix.sum_duplicates()
    matrix.data[:] = 1
    return matrix


def _svd(matrix: object, rank: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Randomised: two power iterations over a seeded projection."""
    chance = np.random.default_rng(5)
    basis = chance.normal(size=(matrix.shape[1], rank + 16)).astype(np.float32)  # type: ignore[attr-defined]
    for _ in range(2):
        basis, _ = np.linalg.qr(matrix.T @ (matrix @ basis))  # type: ignore[attr-defined]
    inner, _ = np.linalg.qr(matrix @ basis)  # type: ignore[operator]
    u, values, v = np.linalg.svd((matrix.T @ inner).T, full_matrices=False)  # type: ignore[attr-defined]
    return (inner @ u)[:, :rank], values[:rank], v.T[:, :rank]


def _unit(rows: np.ndarray) -> np.ndarray:
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.divide(rows, norms, out=np.zeros_like(rows), where=norms > 1e-9)
