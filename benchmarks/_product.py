"""The product's own retrieval over a judged set: items go in through its Ingestor, questions through its Copilot."""

from __future__ import annotations

import contextlib
import json
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from _judged import Item, Query, Score
from _rivals import embed_text

from copilot import searching
from copilot.embedding import open_embedder
from copilot.ids import chunk_id
from copilot.library import local_path
from copilot.retrieval.expansion import NoLexicon
from copilot.retrieval.search import Search
from copilot.service import Copilot
from copilot.settings import Settings, load_settings
from copilot.types import Chunk, Element, ElementKind, Hit, OutcomeStatus, Principal, Question, Span
from copilot.wiring import fingerprint, open_catalog, open_copilot, open_index
from ingest.pipeline import Ingestor, Parts

DEPTH = 100
POOL = "pool"
_PRINCIPAL = Principal("benchmark")
_TITLE, _TEXT = "title", "text"
_NOT_STORED = (OutcomeStatus.FAILED, OutcomeStatus.SKIPPED)


class ItemParser:
    """A file of one item, as two elements: its title, where it has one, and its text."""

    fingerprint = "benchmark-item-1"

    def parse(self, path: Path, media_type: str, language: str) -> list[Element]:
        """See the protocol Parser."""
        row = json.loads(path.read_text(encoding="utf-8"))
        title = [Element(ElementKind.TITLE, row[_TITLE], Span())] if row[_TITLE].strip() else []
        return [*title, Element(ElementKind.TEXT, row[_TEXT], Span())]


class ItemChunker:
    """One chunk for the whole item, in the language that it was given."""

    fingerprint = "benchmark-item-1"

    def chunk(
        self, document_id: str, sha256: str, title: str, elements: Sequence[Element], language: str
    ) -> list[Chunk]:
        """See the protocol Chunker; ``title`` may be the file's name, so the item's own is taken."""
        *heads, body = elements
        head = heads[0].text if heads else ""
        searched = embed_text(Item("", language, head, body.text))
        whole = ((0, len(body.text), Span()),)
        made = Chunk(chunk_id(document_id, sha256, 0), document_id, sha256, 0, body.text, searched,
                     (head,) if head else (), whole, language, ElementKind.TEXT)
        return [made]


def ingest_items(groups: Mapping[str, Sequence[Item]], folder: Path) -> Settings:
    """Store items, each group in a knowledge base of its name, in a data folder of their own; returns its settings.

    Files are named by numbers, so that no id of the set reaches the product.
    """
    source = folder / "items"
    shutil.rmtree(source, ignore_errors=True)
    entries = ['name = "items"']
    for group, items in groups.items():
        for number, item in enumerate(items):
            place = source / group / item.language
            place.mkdir(parents=True, exist_ok=True)
            row = json.dumps({_TITLE: item.title, _TEXT: item.text}, ensure_ascii=False)
            (place / f"{number:06}.json").write_text(row, encoding="utf-8")
        entries += [f'[[documents]]\npath = "{group}/{language}/*"\nlanguage = "{language}"\nkb = "{group}"'
                    for language in sorted({item.language for item in items})]
    (source / "manifest.toml").write_text("\n\n".join(entries) + "\n", encoding="utf-8")
    settings = load_settings(data_dir=folder / "data", ingest={"originals": "reference", "publish_every_s": 1e6})
    with contextlib.closing(_ingestor(settings)) as ingestor:
        failed = [item for item in ingestor.ingest([source]) if item.status in _NOT_STORED]
    if failed:  # they count as not found
        print(f"{len(failed)} items were not stored; the first: {failed[0].reason}", file=sys.stderr, flush=True)
    return settings


def _ingestor(settings: Settings) -> Ingestor:
    embedder = open_embedder(settings.embedder)
    parts = Parts(
        parser=ItemParser(), chunker=ItemChunker(), embedder=embedder, embedder_fingerprint=fingerprint(settings),
        index=open_index(settings, embedder), catalog=open_catalog(settings), media_type=lambda path: "text/plain",
    )
    return Ingestor(parts, settings)


@dataclass
class Found:
    """The lists of one search, each (item's base, score), best first."""

    hits: list[Score]
    own: list[Score]
    others: list[Score]


class Ours:
    """A Copilot over ingested items that answers with their bases, and a stopwatch."""

    def __init__(self, copilot: Copilot, groups: Mapping[str, Sequence[Item]]) -> None:
        self._copilot = copilot
        self._groups = groups
        self.seconds: list[float] = []

    def search(
        self, query: Query, language: str = "", groups: Sequence[str] = (POOL,), told: bool = True
    ) -> Found:
        """Search all items, or those of one language; ``told``: the question's language is given, else detected."""
        bound = {"language": (language,)} if language else {}
        question = Question(query.text, language=query.language if told else "", knowledge_bases=tuple(groups),
                            filters=bound)
        started = time.perf_counter()
        result = self._copilot.search(question, _PRINCIPAL, DEPTH)
        self.seconds.append(time.perf_counter() - started)
        return Found(self._scores(result.hits), self._scores(result.own), self._scores(result.others))

    def _scores(self, hits: Sequence[Hit]) -> list[Score]:
        return [(self.item(hit.document.uri).base, hit.score) for hit in hits]

    def item(self, uri: str) -> Item:
        """The item that a document's address stands for."""
        path = local_path(uri)
        if path is None:
            raise ValueError(f"{uri} is none of the benchmark's files")
        return self._groups[path.parent.parent.name][int(path.stem)]


@contextlib.contextmanager
def open_ours(
    settings: Settings, groups: Mapping[str, Sequence[Item]], without: Callable[[type[Search]], type[Search]] | None
) -> Iterator[Ours]:
    """The product over its data folder; ``without`` makes a search that lacks a part, for as long as this is open."""
    whole = searching.Search
    if without is not None:
        searching.Search = without(whole)  # type: ignore[misc]
    try:
        with open_copilot(settings) as copilot:
            copilot.warm()
            yield Ours(copilot, groups)
    finally:
        searching.Search = whole  # type: ignore[misc]


def without_table(search: type[Search]) -> type[Search]:
    """A search that knows no translation: words stand for themselves."""

    class Changed(search):  # type: ignore[misc, valid-type]
        def __init__(self, *arguments: Any, **named: Any) -> None:
            super().__init__(*arguments, **named)
            self._lexicon = NoLexicon()

    return Changed


def without_leg(name: str) -> Callable[[type[Search]], type[Search]]:
    """Searches whose leg of that name weighs nothing."""

    def change(search: type[Search]) -> type[Search]:
        class Changed(search):  # type: ignore[misc, valid-type]
            def __init__(self, *arguments: Any, **named: Any) -> None:
                super().__init__(*arguments, **named)
                weights = self._weights
                self._weights = lambda asked, held: {**weights(asked, held), name: 0.0}

        return Changed

    return change
