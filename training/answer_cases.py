"""Questions with answers in passages, asked as the product asks: of passages in their own language, or in another."""

from __future__ import annotations

import collections
import gzip
import hashlib
import json
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from copilot.answering.features import FEATURES, Option, options
from copilot.retrieval.expansion import Lexicon
from copilot.retrieval.search import Asked, Search
from copilot.retrieval.weights import leg_weights
from copilot.types import Document, Hit, QueryTerm, Where
from training.pools import POLICY, Item, MemoryReader

PASSAGES = 6
# Deep enough that passages of other articles are left when a question's own article is taken away.
_DEPTH = 100
DEV = "xquad"


@dataclass(frozen=True)
class Passage:
    """A passage of an article."""

    id: str
    source: str
    language: str
    title: str
    text: str


@dataclass(frozen=True)
class Asking:
    """A question in ``language`` about a passage; ``key`` is the same in every language that it is asked in.

    ``starts`` are where in the passage answers begin; none means that the passage does not answer.
    """

    key: str
    source: str
    language: str
    text: str
    passage: str
    starts: tuple[int, ...]


@dataclass(frozen=True)
class Example:
    """A question against one language's passages: the options, and which of them are right."""

    direction: tuple[str, str]
    article: str
    kind: str
    options: list[Option]
    right: npt.NDArray[np.bool_]
    terms: Sequence[QueryTerm]


def read(folder: Path) -> tuple[list[Passage], list[Asking]]:
    """All passages and questions of a folder with passages.jsonl.gz and questions.jsonl.gz."""
    passages = [
        Passage(row["id"], row["source"], row["lang"], row["title"], row["text"])
        for row in _rows(folder / "passages.jsonl.gz")
    ]
    questions = []
    for row in _rows(folder / "questions.jsonl.gz"):
        starts = tuple(answer["start"] for answer in row["answers"]) if row["answerable"] else ()
        key = row["id"].split(":", 1)[1].removesuffix(f"-{row['lang']}")
        questions.append(Asking(key, row["source"], row["lang"], row["text"], row["passage"], starts))
    return passages, questions


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        yield from map(json.loads, file)


def apart(passages: Sequence[Passage], questions: Sequence[Asking]) -> list[Asking]:
    """The questions for training: none of the dev set, none about a passage that the dev set asks about, too."""
    held = {item.key for item in questions if item.source == DEV}
    asked_about = {item.passage for item in questions if item.key in held}
    return [item for item in questions if item.source != DEV and item.passage not in asked_about]


class Pool:
    """The passages of one language, searched with the product's own analysis and fusion, without the dense leg."""

    def __init__(self, language: str, passages: Sequence[Passage], lexicon: Lexicon | None) -> None:
        own = [item for item in passages if item.language == language]
        self.language = language
        self.articles = {item.id: item.title for item in own}
        items = [Item(item.id, item.id, language, item.title, item.text) for item in own]
        self._search = Search(MemoryReader(items, None), None, _DEPTH, lexicon, _without_dense)

    def ask(self, text: str, language: str, without: str = "") -> tuple[list[Hit], Sequence[QueryTerm]]:
        """The best passages for a question in a language but for those of one article, and the question's terms."""
        where = Where(frozenset({POLICY}))
        found = self._search.run(Asked(text, language), where)
        kept = [item for item in found.candidates if not without or self.articles[item.id] != without][:PASSAGES]
        self._search.read(kept, where)
        hits = [Hit(item.chunk, _document(item.id), item.score, item.legs) for item in kept if item.chunk]
        return hits, found.weighted.get(self.language, ())


def _without_dense(question: str, passage: str) -> Mapping[str, float]:
    weights = {"sparse": 1.0, **leg_weights(question, passage)}
    return {name: value for name, value in weights.items() if name not in ("dense", "prior")}


def _document(name: str) -> Document:
    return Document(name, "", "", "", "", "")


def examples(
    pool: Pool, asked: Sequence[tuple[Asking, Asking]], most: int, say: Callable[[str], object] = print
) -> list[Example]:
    """Pairs (the question as asked, the same question about this pool's passages), as they are and without the article.

    A question asked in the pool's own language stands for itself.
    """
    chosen = list(asked)
    random.Random(7).shuffle(chosen)
    made: list[Example] = []
    for question, about in chosen[:most]:
        article = pool.articles[about.passage]
        kind = "answerable" if about.starts else "near_miss"
        for name, without in ((kind, ""), ("topic_absent", article)):
            example = _example(pool, question, about, name, without)
            made += [example] if example else []
    say(f"{len(made)} examples over {pool.language}")
    return made


def _example(pool: Pool, question: Asking, about: Asking, kind: str, without: str) -> Example | None:
    hits, terms = pool.ask(question.text, question.language, without)
    found = options(question.text, question.language, hits, terms, foreign=question.language != pool.language)
    if not found:
        return None
    starts = about.starts if kind == "answerable" else ()
    right = np.array(
        [
            option.hit.chunk.id == about.passage and any(option.start <= start < option.end for start in starts)
            for option in found
        ]
    )
    return Example((question.language, pool.language), pool.articles[about.passage], kind, found, right, terms)


def own_pairs(pool: Pool, questions: Sequence[Asking]) -> list[tuple[Asking, Asking]]:
    """The questions of the pool's language about its passages."""
    return [(item, item) for item in questions if item.language == pool.language and item.passage in pool.articles]


def cross_pairs(pool: Pool, source: str, questions: Sequence[Asking]) -> list[tuple[Asking, Asking]]:
    """The questions in another language that are also asked about this pool's passages."""
    here = {item.key: item for item in questions if item.language == pool.language and item.passage in pool.articles}
    return [(item, here[item.key]) for item in questions if item.language == source and item.key in here]


def part(article: str) -> int:
    """0 to 9, fixed per article: 0-4 fit the rankers, 5-7 the confidence, 8-9 are reported."""
    return int(hashlib.md5(article.encode()).hexdigest(), 16) % 10


def directions(made: Sequence[Example]) -> dict[tuple[str, str], list[Example]]:
    """The examples by (question's language, passages' language)."""
    grouped: dict[tuple[str, str], list[Example]] = collections.defaultdict(list)
    for item in made:
        grouped[item.direction].append(item)
    return dict(sorted(grouped.items()))


def without_grams(made: Example) -> Example:
    """The example as if its passages were in another language: shared letters told nothing."""
    at = FEATURES.index("gram_sentence")
    blind = [
        replace(option, features=(*option.features[:at], 0.0, *option.features[at + 1 :])) for option in made.options
    ]
    return replace(made, options=blind)
