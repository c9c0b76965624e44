"""What the reader learns from: a question, a passage in sentences, and which of these answer it."""

from __future__ import annotations

import collections
import hashlib
import json
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from copilot.language.sentences import sentences
from training.answer_cases import DEV, Asking, Passage, apart

WRITTEN = Path("training/questions")
LEARNT, ALL = 6, 10


@dataclass(frozen=True, slots=True)
class Reading:
    """``place`` is title and heading; ``right`` numbers the sentences that answer, none where the passage does not."""

    question: str
    place: str
    sentences: tuple[str, ...]
    right: frozenset[int]
    direction: tuple[str, str] = ("", "")


def part(name: str) -> int:
    """0 to 9, fixed per article or passage: below ``LEARNT`` the reader learns from it, the rest is held apart."""
    return int(hashlib.md5(name.encode()).hexdigest(), 16) % ALL


class Questions:
    """Questions about passages of encyclopaedias, asked in the passage's language and, where known, in others."""

    def __init__(self, passages: Sequence[Passage], questions: Sequence[Asking], dev: bool) -> None:
        chosen = [item for item in questions if item.source == DEV] if dev else apart(passages, questions)
        self._passages = {item.id: item for item in passages if (item.source == DEV) == dev}
        self._spans = {item.id: sentences(item.text, item.language) for item in self._passages.values()}
        self._articles: dict[str, list[Passage]] = collections.defaultdict(list)
        for item in self._passages.values():
            self._articles[f"{item.source}\n{item.title}"].append(item)
        by_key: dict[str, list[Asking]] = collections.defaultdict(list)
        for item in chosen:
            if item.passage in self._passages and (dev or part(self._passages[item.passage].title) < LEARNT):
                by_key[item.key].append(item)
        self.pairs = [(asked, about) for same in by_key.values() for asked in same for about in same]

    def reading(self, asked: Asking, about: Asking, rng: random.Random, near: float = 0.0) -> Reading:
        """The question over the passage it is about; with chance ``near``, over the passage most like it instead."""
        passage = self._passages[about.passage]
        direction = asked.language, passage.language
        if rng.random() < near and (other := self._nearest(about)) is not None:
            return Reading(asked.text, other.title, self._sentences(other), frozenset(), direction)
        right = frozenset(
            number
            for number, (start, end) in enumerate(self._spans[passage.id])
            if any(start <= at < end for at in about.starts)
        )
        return Reading(asked.text, passage.title, self._sentences(passage), right, direction)

    def _sentences(self, passage: Passage) -> tuple[str, ...]:
        return tuple(passage.text[start:end] for start, end in self._spans[passage.id])

    def _nearest(self, about: Asking) -> Passage | None:
        """Of the same article, what shares most letters with the question: it is what a search brings by mistake."""
        passage = self._passages[about.passage]
        others = [item for item in self._articles[f"{passage.source}\n{passage.title}"] if item.id != passage.id]
        asked = grams(about.text)
        return max(others, key=lambda item: len(asked & grams(item.text)), default=None)


def grams(text: str) -> set[str]:
    """Character 4-grams, of Chinese 2-grams."""
    size = 2 if any("\u4e00" <= letter <= "\u9fff" for letter in text) else 4
    return {text[at : at + size] for at in range(len(text) - size + 1)}


def written(folder: Path, learnt: bool) -> list[Reading]:
    """The questions over engineering passages that were written for this project; the passages held apart if not."""
    found: list[Reading] = []
    for path in sorted(folder.glob("*.jsonl")):
        passages, questions = rows_of(path)
        for row in questions:
            if (part(row["passage"]) < LEARNT) == learnt:
                found.append(_written(row, passages[row["passage"]]))
    return found


def stretch(reading: Reading, rng: random.Random) -> Reading:
    """One to four sentences of the passage, as a short chunk or a lone row is found."""
    count = rng.randint(1, 4)
    first = rng.randrange(max(1, len(reading.sentences) - count + 1))
    if reading.right and rng.random() < 0.6:
        answer = rng.choice(sorted(reading.right))
        first = min(max(0, answer - rng.randrange(count)), max(0, len(reading.sentences) - count))
    right = frozenset(number - first for number in reading.right if first <= number < first + count)
    return Reading(reading.question, reading.place, reading.sentences[first : first + count], right, reading.direction)


def _written(row: Mapping[str, Any], passage: Mapping[str, Any]) -> Reading:
    place = f"{passage['title']}\n{passage['heading']}"
    direction = row["lang"], passage["lang"]
    return Reading(row["text"], place, tuple(passage["sentences"]), frozenset(row["answers"]), direction)


def rows_of(path: Path) -> tuple[dict[str, dict[str, Any]], list[dict[str, Any]]]:
    """The passages of a file by id, and its questions."""
    with path.open(encoding="utf-8") as file:
        rows = [json.loads(line) for line in file if line.strip()]
    return {row["id"]: row for row in rows if "id" in row}, [row for row in rows if "passage" in row]


def others(readings: Sequence[Reading], rng: random.Random) -> Iterable[Reading]:
    """Each question over another passage of its document language, which does not answer it."""
    pools: dict[str, list[Reading]] = collections.defaultdict(list)
    for item in readings:
        pools[item.direction[1]].append(item)
    for item in readings:
        asked = grams(item.question)
        drawn = [other for other in rng.sample(pools[item.direction[1]], 12) if other.sentences != item.sentences]
        if drawn:
            near = max(drawn, key=lambda other: len(asked & grams(" ".join(other.sentences))))
            yield Reading(item.question, near.place, near.sentences, frozenset(), item.direction)
