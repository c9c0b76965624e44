"""The seams: small protocols that say what the operations mean. Embedders and LLMs use LlamaIndex's own."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Protocol, runtime_checkable

from copilot.types import (
    Chunk,
    Claim,
    Draft,
    Element,
    Evidence,
    Found,
    Near,
    Point,
    SparseVector,
    TranslatedText,
    Where,
)


class Statistics(Protocol):
    """Document frequencies of one generation, per language and policy, so that no count tells of forbidden text."""

    def chunks(self, language: str, policies: frozenset[str]) -> int:
        """How many chunks of that language stand under those policies."""
        ...

    def frequencies(self, language: str, policies: frozenset[str], terms: Sequence[int]) -> list[int]:
        """In how many of those chunks each term occurs, in the order of ``terms``."""
        ...

    def languages(self, policies: frozenset[str]) -> Mapping[str, int]:
        """The languages that stand under those policies, with their chunk counts."""
        ...


class IndexReader(Protocol):
    """One published, immutable generation. Thread-safe."""

    @property
    def generation(self) -> str:
        """The name of the generation."""
        ...

    @property
    def statistics(self) -> Statistics:
        """Its statistics."""
        ...

    def sparse(self, vector: SparseVector, where: Where, top_k: int, with_vectors: bool = False) -> list[Found]:
        """The best by dot product of sparse vectors, exact; ties by chunk id."""
        ...

    def dense(self, vector: Sequence[float], where: Where, top_k: int, with_vectors: bool = False) -> list[Found]:
        """The best by cosine, best first; ``with_vectors`` returns the stored sparse vectors."""
        ...

    def near_sparse(
        self, queries: Mapping[str, SparseVector], where: Where, top_k: int
    ) -> dict[str, list[Near]]:
        """As ``sparse``, for each language its own query over the chunks of that language; without their texts."""
        ...

    def near_dense(
        self, vector: Sequence[float], languages: Sequence[str], where: Where, top_k: int
    ) -> dict[str, list[Near]]:
        """As ``dense``, over the chunks of each of these languages; without their texts."""
        ...

    def get(self, chunk_ids: Sequence[str], where: Where, with_vectors: bool = False) -> list[Found]:
        """These chunks as far as ``where`` permits them, in no promised order; score 0."""
        ...

    def neighbours(self, document_id: str, sha256: str, first: int, last: int, where: Where) -> list[Chunk]:
        """The chunks of that revision at positions first..last as far as ``where`` permits, by position."""
        ...

    def close(self) -> None:
        """Let go of the generation."""
        ...


class IndexWriter(Protocol):
    """The one writer. ``upsert`` validates all points before it applies any."""

    def upsert(self, points: Sequence[Point]) -> None:
        """Add or replace points by chunk id; refuse wrong sizes, NaN, zero vectors, duplicate terms (ValueError)."""
        ...

    def supersede(self, document_id: str, sha256: str, policy: str) -> None:
        """Give every point of that document whose revision is not ``sha256`` the policy ``policy``."""
        ...

    def set_policy(self, document_id: str, sha256: str, policy: str) -> None:
        """Give every point of that revision the policy ``policy``."""
        ...

    def remove(self, document_ids: Sequence[str]) -> None:
        """Delete every point of those documents, all revisions."""
        ...

    def documents(self) -> Mapping[tuple[str, str], int]:
        """(document id, sha256) -> number of points, as stored now."""
        ...

    def flush(self) -> None:
        """Make durable what was applied."""
        ...

    def publish(self) -> str:
        """Make what was applied the generation that new readers open; return its name. No change: the same name."""
        ...

    def close(self) -> None:
        """Flush and give the lock back."""
        ...


class Index(Protocol):
    """A place where points are kept."""

    def writer(self) -> IndexWriter:
        """Become the one writer, or raise IndexLocked, naming the holder."""
        ...

    def reader(self) -> IndexReader:
        """Open the generation published last, or raise IndexMissing or FingerprintMismatch."""
        ...

    def current(self) -> str:
        """The name of the generation published last, or an empty string; cheap, so that readers can follow."""
        ...


class Embedder(Protocol):
    """What we use of LlamaIndex's BaseEmbedding."""

    model_name: str

    def get_query_embedding(self, query: str) -> list[float]:
        """The vector of a question."""
        ...

    def get_text_embedding_batch(self, texts: list[str], show_progress: bool = False) -> list[list[float]]:
        """The vectors of passages."""
        ...


class Parser(Protocol):
    """Turns a file into elements."""

    fingerprint: str

    def parse(self, path: Path, media_type: str, language: str) -> Iterable[Element]:
        """The elements in reading order; raises ParseError. ``language`` is a hint for OCR, may be empty."""
        ...


class Chunker(Protocol):
    """Turns elements into chunks."""

    fingerprint: str

    def chunk(
        self, document_id: str, sha256: str, title: str, elements: Iterable[Element], language: str
    ) -> list[Chunk]:
        """Chunks of one document in order; ``language`` is the document's, used where a chunk's is not certain."""
        ...


class Answerer(Protocol):
    """Turns passages into claims."""

    name: str

    def answer(self, evidence: Evidence) -> Draft:
        """Claims whose citations carry verbatim quotes; no claims where nothing supports an answer."""
        ...


@runtime_checkable
class StreamingAnswerer(Protocol):
    """An answerer that proposes while it still works."""

    name: str

    def stream(self, evidence: Evidence) -> Iterator[Claim | Draft]:
        """The claims one after the other, none of which is taken back, then the Draft that holds them all."""
        ...


class Translator(Protocol):
    """Translates texts, and says of each sentence how."""

    name: str

    def pairs(self) -> frozenset[tuple[str, str]]:
        """The directions that a package serves."""
        ...

    def translate(self, texts: Sequence[str], source: str, target: str) -> list[str | None]:
        """One text each, or None where it cannot be translated faithfully."""
        ...

    def render(
        self, text: str, source: str, target: str, knowledge_bases: Collection[str] = ()
    ) -> TranslatedText:
        """The text in the other language sentence by sentence; what cannot be translated stays or is glossed.

        ``knowledge_bases`` are those whose glossary and memory the reader may use.
        """
        ...

    def hypotheses(self, text: str, source: str, targets: Sequence[str], n: int = 3) -> dict[str, tuple[str, ...]]:
        """{target: up to ``n`` translations of a question}, of those that are there within a moment."""
        ...
