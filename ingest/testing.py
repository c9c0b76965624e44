"""Fakes for tests of ingesting: a parser of plain text, an embedder of lengths, a data folder with the real index."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from copilot.access import permit
from copilot.catalog import Catalog
from copilot.errors import ParseError
from copilot.ids import chunk_id
from copilot.index.edge import EdgeIndex
from copilot.settings import IngestSettings, Settings
from copilot.types import Chunk, Element, ElementKind, Outcome, Principal, Span
from ingest.pipeline import Ingestor, Parts


class LineParser:
    """One element per line; a line 'broken' cannot be read; ``before`` is called with each path."""

    fingerprint = "lines-1"

    def __init__(self, before: Callable[[Path], None] = lambda path: None, pause_s: float = 0.0) -> None:
        self.before = before
        self.pause_s = pause_s
        self.parsed: list[str] = []

    def parse(self, path: Path, media_type: str, language: str) -> Iterable[Element]:
        """One element per line; '# ' makes a title."""
        self.parsed.append(path.name)
        time.sleep(self.pause_s)
        lines = path.read_text(encoding="utf-8").splitlines()
        self.before(path)
        if "broken" in lines:
            raise ParseError("broken", f"{path.name} is broken.")
        kinds = [ElementKind.TITLE if line.startswith("# ") else ElementKind.TEXT for line in lines]
        return [
            Element(kind, line.removeprefix("# "), Span(number))
            for number, (kind, line) in enumerate(zip(kinds, lines, strict=True), 1)
        ]


class LineChunker:
    """One chunk per element, in English."""

    fingerprint = "lines-1"

    def chunk(
        self, document_id: str, sha256: str, title: str, elements: Iterable[Element], language: str
    ) -> list[Chunk]:
        """One chunk per element."""
        return [
            Chunk(
                chunk_id(document_id, sha256, position), document_id, sha256, position, element.text,
                f"{title}\n{element.text}", (), ((0, len(element.text), element.span),), "en", element.kind,
            )
            for position, element in enumerate(elements)
        ]  # fmt: skip


class LengthEmbedder:
    """Four numbers: characters, words, digits, one."""

    model_name = "lengths"

    def get_query_embedding(self, query: str) -> list[float]:
        """Characters, words, digits, one."""
        return [float(len(query)), float(len(query.split())), float(len(re.findall(r"\d", query))), 1.0]

    def get_text_embedding_batch(self, texts: list[str], show_progress: bool = False) -> list[list[float]]:
        """The same of each text."""
        return [self.get_query_embedding(text) for text in texts]


class PipelineHouse:
    """A data folder with its ingestor."""

    def __init__(self, folder: Path, parser: LineParser | None = None, **limits: object) -> None:
        self.settings = Settings(data_dir=folder, ingest=IngestSettings(**limits))
        self.catalog = Catalog.at(self.settings.catalog_path)
        self.index = EdgeIndex(self.settings.index_path, 4, "lengths")
        self.parser = parser or LineParser()

    def ingestor(self) -> Ingestor:
        """A new ingestor over the same data folder."""
        parts = Parts(
            self.parser, LineChunker(), LengthEmbedder(), "lengths", self.index, self.catalog,
            lambda path: "text/plain",
        )  # fmt: skip
        return Ingestor(parts, self.settings)

    def ingest(self, *sources: Path, kb: str = "service", rebuild: bool = False) -> dict[str, Outcome]:
        """The outcomes by file name."""
        outcomes = self.ingestor().ingest(sources, kb, rebuild=rebuild)
        return {outcome.uri.rsplit("/", 1)[1]: outcome for outcome in outcomes}

    def readable(self, principal: Principal) -> set[str]:
        """The titles of all documents of the published generation that the principal may read now."""
        reader = self.index.reader()
        granted = permit(self.catalog, principal)
        found = reader.dense([1.0, 1.0, 1.0, 1.0], granted.where, 100)
        reader.close()
        shown = granted.check([(hit.chunk.document_id, hit.chunk.sha256) for hit in found])
        return {document.title for document in shown.values()}

    def state(self) -> tuple[object, ...]:
        """All that must be the same after a crash and a second run as after an undisturbed one."""
        writer = self.index.writer()
        points = dict(writer.documents())
        writer.close()
        reader = self.index.reader()
        policies = frozenset(policy.id for policy in self.catalog.policies())
        languages = dict(reader.statistics.languages(policies))
        reader.close()
        rows = sorted(
            (row.key, row.policy, row.stored_policy, row.published_policy, row.removed, row.current)
            for row in self.catalog.revisions(removed=True)
        )
        return points, languages, rows
