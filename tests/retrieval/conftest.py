"""Corpora of passages made for a test, stored through the real catalog and the embedded index of the settings."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from copilot.catalog import CURRENT, Policy
from copilot.embedding import open_embedder
from copilot.ids import chunk_id, document_id
from copilot.language import sparse_vector
from copilot.service import Copilot
from copilot.settings import load_settings
from copilot.types import Chunk, Document, ElementKind, KnowledgeBase, Point, Span
from copilot.wiring import open_catalog, open_copilot, open_index

Passage = tuple[str, str]
"""Language and text."""
OpenCorpus = Callable[[Sequence[Passage]], Copilot]
_PER_DOCUMENT = 1000
_KB = "made"


def _documents(passages: Sequence[Passage]) -> Iterator[tuple[Document, list[Chunk]]]:
    """Documents of one language each, of at most a thousand chunks."""
    for language in sorted({language for language, _ in passages}):
        texts = [text for spoken, text in passages if spoken == language]
        for start in range(0, len(texts), _PER_DOCUMENT):
            name = f"{language}-{start}.txt"
            sha256 = hashlib.sha256(name.encode()).hexdigest()
            identifier = document_id(_KB, name)
            document = Document(id=identifier, kb=_KB, uri=f"file:///{name}", title=name, sha256=sha256,
                                media_type="text/plain", language=language, pipeline="made", source=_KB, pages=1)
            chunks = [
                Chunk(id=chunk_id(identifier, sha256, position), document_id=identifier, sha256=sha256,
                      position=position, text=text, embed_text=text, headings=(),
                      pieces=((0, len(text), Span()),), language=language, kind=ElementKind.TEXT)
                for position, text in enumerate(texts[start : start + _PER_DOCUMENT])
            ]
            yield document, chunks


def _store(passages: Sequence[Passage], data_dir: Path) -> None:
    settings = load_settings(data_dir=data_dir)
    embedder = open_embedder(settings.embedder)
    catalog = open_catalog(settings)
    catalog.put_knowledge_base(KnowledgeBase(_KB, "Made for a test"))
    policy = Policy.of(_KB, [], CURRENT)
    with contextlib.closing(open_index(settings, embedder).writer()) as writer:
        rows = []
        for document, chunks in _documents(passages):
            vectors = embedder.get_text_embedding_batch([chunk.embed_text for chunk in chunks])
            writer.upsert([
                Point(chunk, tuple(vector), sparse_vector(chunk.embed_text, chunk.language), policy.id)
                for chunk, vector in zip(chunks, vectors, strict=True)
            ])
            rows.append((document, policy, True))
        writer.flush()
        catalog.put_documents(rows)
        catalog.mark_published(writer.publish())
    catalog.close()


@pytest.fixture(scope="session")
def open_corpus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenCorpus]:
    """A function from passages to a Copilot over them, closed at the end of the run."""
    with contextlib.ExitStack() as stack:

        def opened(passages: Sequence[Passage]) -> Copilot:
            data_dir = tmp_path_factory.mktemp("corpus") / "data"
            _store(passages, data_dir)
            return stack.enter_context(open_copilot(load_settings(data_dir=data_dir)))

        yield opened
