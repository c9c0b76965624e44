"""A corpus of any size: the samples behind groups of the benchmark, and synthetic filler beside them."""

from __future__ import annotations

import contextlib
import hashlib
import math
import random
import shutil
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from _measure import SAMPLES

from copilot.catalog import CURRENT, Catalog, Policy
from copilot.codec import parsed_file, write_elements
from copilot.ids import chunk_id, document_id
from copilot.index.edge import EdgeWriter
from copilot.language import sparse_vector
from copilot.protocols import IndexWriter
from copilot.settings import Settings
from copilot.types import Chunk, Document, Element, ElementKind, KnowledgeBase, Point, Span, SparseVector
from ingest.wiring import open_ingestor

PER_DOCUMENT = 100
FEW, SAMPLE, MOST, REST = "bench-few", "bench-samples", "bench-most", "bench-rest"
_KB = "filler"
_SENTENCE_WORDS = 14
_FEW_DOCUMENT = "service/battery_pack_manual_en.pdf"
_SAMPLE_BASES = ("service", "quality", "engineering", "security")


@dataclass(frozen=True)
class Stored:
    """A point as it went into the index, with the group that may read it: what another engine is given, too."""

    point: Point
    group: str


def restricted_samples(target: Path) -> Path:
    """The samples, each document readable by one group of the benchmark: one manual by FEW, the others by SAMPLE."""
    folder = target / SAMPLES.name
    shutil.copytree(SAMPLES, folder, ignore=shutil.ignore_patterns("sources", "*.py", ".*", "__pycache__"))
    head, *entries = (SAMPLES / "manifest.toml").read_text(encoding="utf-8").split("[[documents]]\n")
    changed = []
    for entry in entries:
        group = FEW if tomllib.loads(entry)["path"] == _FEW_DOCUMENT else SAMPLE
        lines = [line for line in entry.splitlines() if not line.startswith("groups =")]
        changed.append("[[documents]]\n" + "\n".join([f'groups = ["{group}"]', *lines]) + "\n\n")
    (folder / "manifest.toml").write_text(head + "".join(changed), encoding="utf-8")
    return folder


@contextlib.contextmanager
def _kept_points(points: list[Point]) -> Iterator[None]:
    """While this is open, what any writer stores is kept in ``points`` as well."""
    upsert = EdgeWriter.upsert

    def keep(writer: EdgeWriter, batch: Sequence[Point]) -> None:
        upsert(writer, batch)
        points.extend(batch)

    EdgeWriter.upsert = keep  # type: ignore[method-assign]
    try:
        yield
    finally:
        EdgeWriter.upsert = upsert  # type: ignore[method-assign]


def ingest_samples(settings: Settings, folder: Path) -> list[Stored]:
    """Ingest them as ever, and return what went into the index."""
    points: list[Point] = []
    with _kept_points(points), contextlib.closing(open_ingestor(settings)) as ingestor:
        outcomes = list(ingestor.ingest([folder]))
    few = {Policy.of(kb, [FEW], CURRENT).id for kb in _SAMPLE_BASES}
    print(f"  {len(outcomes)} files, {len(points)} chunks", flush=True)
    return [Stored(point, FEW if point.policy in few else SAMPLE) for point in points]


class Filler:
    """Documents of 100 chunks: words drawn from those of the samples in one language, vectors drawn at random."""

    def __init__(self, samples: Sequence[Stored], seed: int = 11) -> None:
        self._dice = random.Random(seed)
        self._words: dict[str, list[str]] = {}
        self._lengths: dict[str, list[int]] = {}
        for item in samples:
            chunk = item.point.chunk
            words = _words(chunk.text, chunk.language)
            self._words.setdefault(chunk.language, []).extend(words)
            self._lengths.setdefault(chunk.language, []).append(len(words))
        self._languages = [name for name in sorted(self._words) if len(self._lengths[name]) >= PER_DOCUMENT]
        self._dimension = len(samples[0].point.dense)
        self._made = 0

    def document(self, group: str) -> tuple[Document, list[Point]]:
        """The next document, of the language whose turn it is."""
        language = self._languages[self._made % len(self._languages)]
        name = f"{self._made:05}.txt"
        self._made += 1
        document = Document(
            id=document_id(_KB, name), kb=_KB, uri=f"file:///filler/{name}", title=f"Filler {name}",
            sha256=hashlib.sha256(name.encode()).hexdigest(), media_type="text/plain", language=language,
            acl=(group,), pipeline="filler", source=_KB, pages=1,
        )
        policy = Policy.of(_KB, [group], CURRENT)
        return document, [self._point(document, position, policy) for position in range(PER_DOCUMENT)]

    def _point(self, document: Document, position: int, policy: Policy) -> Point:
        text = self._text(document.language)
        chunk = Chunk(
            id=chunk_id(document.id, document.sha256, position), document_id=document.id, sha256=document.sha256,
            position=position, text=text, embed_text=text, headings=(), pieces=((0, len(text), Span()),),
            language=document.language, kind=ElementKind.TEXT,
        )
        return Point(chunk, self._vector(), sparse_vector(text, document.language), policy.id)

    def _text(self, language: str) -> str:
        words = self._dice.choices(self._words[language], k=self._dice.choice(self._lengths[language]))
        gap, end = ("", "。") if language == "zh" else (" ", ". ")
        starts = range(0, len(words), _SENTENCE_WORDS)
        return end.join(gap.join(words[start : start + _SENTENCE_WORDS]) for start in starts).strip()

    def _vector(self) -> tuple[float, ...]:
        raw = [self._dice.gauss(0, 1) for _ in range(self._dimension)]
        length = math.hypot(*raw)
        return tuple(value / length for value in raw)


def _words(text: str, language: str) -> list[str]:
    """Words as they stand; of Chinese, which writes no spaces, pairs of characters."""
    if language != "zh":
        return text.split()
    packed = "".join(text.split())
    return [packed[start : start + 2] for start in range(0, len(packed), 2)]


def add_filler(
    settings: Settings, writer: IndexWriter, catalog: Catalog, filler: Filler, groups: Sequence[str]
) -> list[Stored]:
    """One document for each group named, through the writer and the catalog; published at the end."""
    catalog.put_knowledge_base(KnowledgeBase(_KB, "Synthetic filler"))
    added: list[Stored] = []
    rows = []
    for number, group in enumerate(groups, start=1):
        document, points = filler.document(group)
        writer.upsert(points)
        elements = [Element(ElementKind.TEXT, point.chunk.text, Span()) for point in points]
        write_elements(parsed_file(settings.parsed_path, document), elements)
        rows.append((document, Policy.of(_KB, [group], CURRENT), True))
        # Other engines are given the dense vectors only; the sparse ones of 100,000 chunks would fill memory.
        added += [Stored(replace(point, sparse=SparseVector((), ())), group) for point in points]
        if number % 64 == 0 or number == len(groups):
            writer.flush()
            catalog.put_documents(rows)
            rows = []
            print(f"  {number * PER_DOCUMENT:,} filler chunks", flush=True)
    catalog.mark_published(writer.publish())
    return added
