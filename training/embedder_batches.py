"""Batches for the embedder: pairs of texts that mean the same or belong together, as flat arrays of pieces."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from training.embedder_corpus import LANGUAGES, Corpus
from training.embedder_tokens import Texts, tokenise

LONGEST = 160
_SHORTEST_HALF = 6
# Pieces of a question, at least and less than.
_SPAN = (3, 13)
_COLUMNS = len(LANGUAGES)
_TOGETHER = 0.2
_NONE = np.zeros(0, dtype=np.int32)


@dataclass(slots=True)
class Batch:
    """Two sides of n texts each as (pieces, offsets), and a group number each: equal groups are no negatives.

    ``english`` holds for pairs the row of each English text, else nothing.
    """

    kind: str
    one: tuple[np.ndarray, np.ndarray]
    two: tuple[np.ndarray, np.ndarray]
    groups: np.ndarray
    english: np.ndarray


@dataclass(slots=True)
class Store:
    """The corpus as pieces. ``messages``, ``titles`` and ``bodies`` are (n, languages) rows of ``texts``, -1: none."""

    texts: Texts
    messages: np.ndarray
    neighbours: np.ndarray
    titles: np.ndarray
    bodies: np.ndarray
    title_groups: np.ndarray
    shares: np.ndarray


def make_store(corpus: Corpus, tokenizer: Any) -> Store:
    """Every text of the corpus as pieces, with the tables that find them."""
    texts: list[str] = []
    messages = _table(corpus.messages, texts)
    titles = _table([_column(section, 0) for section in corpus.sections], texts)
    bodies = _table([_column(section, 1) for section in corpus.sections], texts)
    names: dict[str, int] = {}
    groups = [names.setdefault(next(iter(section.values()))[0].lower(), len(names)) for section in corpus.sections]
    return Store(
        tokenise(tokenizer, texts), messages, corpus.neighbours, titles, bodies,
        np.array(groups, dtype=np.int64), _shares(corpus.sources),
    )


def _column(section: dict[str, tuple[str, str]], part: int) -> list[str | None]:
    return [section[language][part] if language in section else None for language in LANGUAGES]


def _table(rows: list[list[str | None]], texts: list[str]) -> np.ndarray:
    table = np.full((len(rows), _COLUMNS), -1, dtype=np.int32)
    for number, row in enumerate(rows):
        for column, text in enumerate(row):
            if text:
                table[number, column] = len(texts)
                texts.append(text)
    return table


def _shares(sources: list[str]) -> np.ndarray:
    """How likely a message is drawn: sources by the power .8 of their size, a dictionary's entries half as often."""
    names, where, sizes = np.unique(np.array(sources), return_inverse=True, return_counts=True)
    weights = sizes.astype(float) ** -0.2
    weights[names == "wiktionary"] *= 0.5
    drawn = weights[where]
    return np.cumsum(drawn) / drawn.sum()


class Batches:
    """Draws batches of one kind after the other; the same seed draws the same ones."""

    def __init__(self, store: Store, size: int, cycle: str, seed: int, block: int = 1) -> None:
        """``cycle`` names the kinds in turn: p pairs, s sections, n neighbours, h halves and q spans of long texts."""
        self._store, self._size, self._cycle, self._block = store, size, cycle, block
        self._seed = seed
        self._kinds: dict[str, Callable[[np.random.Generator], Batch]] = {
            "p": self._pairs, "s": self._sections, "n": self._neighbours, "h": self._halves, "q": self._spans,
        }
        lengths = np.diff(store.texts.starts)
        known = store.messages >= 0
        self._long = np.flatnonzero((np.where(known, lengths[store.messages], 0) >= 4 * _SHORTEST_HALF).sum(1) >= 2)

        rows = {"p": len(store.messages), "s": len(store.titles), "n": len(store.neighbours), "h": len(self._long)}
        rows["q"] = rows["h"]
        for kind in cycle:
            if not rows.get(kind):
                raise ValueError(f"the data hold nothing for steps of kind '{kind}' (p, s, n, h and q are known)")

    def draw(self, step: int) -> Batch:
        """The batch of this step, the same whenever it is asked for."""
        rng = np.random.default_rng((self._seed, step))
        return self._kinds[self._cycle[step % len(self._cycle)]](rng)

    def _rows(self, rng: np.random.Generator, count: int) -> np.ndarray:
        """Runs of neighbouring numbers: what stands close together is a harder negative."""
        starts = rng.integers(0, count, max(1, self._size // self._block))
        return np.unique((starts[:, None] + np.arange(self._block)).ravel() % count)

    def _pairs(self, rng: np.random.Generator) -> Batch:
        starts = np.searchsorted(self._store.shares, rng.random(max(1, self._size // self._block)))
        rows = np.unique((starts[:, None] + np.arange(self._block)).ravel() % len(self._store.messages))
        one, two = two_languages(self._store.messages[rows], rng)
        texts = self._store.texts
        return Batch(
            "pairs", texts.take(one, LONGEST), texts.take(two, LONGEST), np.arange(len(rows)),
            self._store.messages[rows, 0],
        )

    def _sections(self, rng: np.random.Generator) -> Batch:
        store = self._store
        rows = self._rows(rng, len(store.titles))
        titles, bodies = mostly_apart(store.titles[rows], store.bodies[rows], rng)
        return Batch(
            "sections", store.texts.take(titles, LONGEST), store.texts.take(bodies, LONGEST, rng),
            store.title_groups[rows], _NONE,
        )

    def _neighbours(self, rng: np.random.Generator) -> Batch:
        store = self._store
        rows = self._rows(rng, len(store.neighbours))
        first, second = store.neighbours[rows, 0], store.neighbours[rows, 1]
        one, two = mostly_apart(store.messages[first], store.messages[second], rng)
        # A neighbour of a neighbour is none: otherwise the next row's first text would be a wrong negative.
        kept = np.r_[True, np.diff(first) != 0] & ~np.isin(second, first)
        return Batch("neighbours", store.texts.take(one[kept], LONGEST), store.texts.take(two[kept], LONGEST),
                     np.arange(int(kept.sum())), _NONE)

    def _halves(self, rng: np.random.Generator) -> Batch:
        """The beginning of a long message in one language, its end in another."""
        store = self._store
        rows = self._long[self._rows(rng, len(self._long))]
        one, two = two_languages(store.messages[rows], rng)
        share = rng.uniform(0.25, 0.6, len(rows))
        starts = store.texts.starts
        length, other = starts[one + 1] - starts[one], starts[two + 1] - starts[two]
        first = np.maximum(1, (length * share).astype(np.int64))
        skipped = np.minimum((other * share).astype(np.int64), other - 1)
        rest = np.minimum(other - skipped, LONGEST)
        return Batch("halves", store.texts.slices(starts[one], np.minimum(first, LONGEST)),
                     store.texts.slices(starts[two] + skipped, rest), np.arange(len(rows)), _NONE)

    def _spans(self, rng: np.random.Generator) -> Batch:
        """A few pieces out of a long message in one language, as a question has them, and all of it in another."""
        store = self._store
        rows = self._long[self._rows(rng, len(self._long))]
        one, two = two_languages(store.messages[rows], rng)
        starts = store.texts.starts
        available = starts[one + 1] - starts[one]
        length = np.minimum(rng.integers(*_SPAN, len(rows)), available)
        first = starts[one] + (rng.random(len(rows)) * (available - length + 1)).astype(np.int64)
        return Batch("spans", store.texts.slices(first, length), store.texts.take(two, LONGEST),
                     np.arange(len(rows)), _NONE)


def mostly_apart(one: np.ndarray, two: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """A text of each row of both tables, four times out of five in different languages where there are such.

    Were the languages drawn freely, their being equal would tell right from wrong, and a vector would learn to say
    which language it is of.
    """
    where = np.arange(len(one))
    first = np.where(one >= 0, rng.random(one.shape), -1.0).argmax(1)
    drawn = np.where(two >= 0, rng.random(two.shape), -1.0)
    # Still before those that are missing: it is taken where it is the only one.
    drawn[where, first] = np.where(drawn[where, first] >= 0, -0.5 + 2 * (rng.random(len(one)) < _TOGETHER), -1.0)
    return one[where, first], two[where, drawn.argmax(1)]


def two_languages(table: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Two texts of each row in different languages."""
    drawn = np.where(table >= 0, rng.random(table.shape), -1.0)
    order = np.argsort(-drawn, axis=1)[:, :2]
    where = np.arange(len(table))
    return table[where, order[:, 0]], table[where, order[:, 1]]
