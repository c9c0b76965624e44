"""A reader orders each list by what it reads; without one the fused order stands."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from copilot.errors import ModelError
from copilot.retrieval.hits import Lists
from copilot.retrieval.reranking import CrossEncoderReranker, reranked
from copilot.types import Chunk, Document, ElementKind, Hit, Leg


def _hit(name: str, language: str = "en") -> Hit:
    chunk = Chunk(name, name, "s", 0, name, f"text of {name}", (), (), language, ElementKind.TEXT)
    return Hit(chunk, Document(name, "kb", "uri", name, "s", "text/plain", language), 1.0, {"sparse": Leg(1, 1.0)})


class _Lengths:
    """Likes what shares most letters with the question."""

    def __init__(self) -> None:
        self.read: list[str] = []

    def scores(self, question: str, passages: Sequence[str]) -> list[float]:
        self.read += passages
        return [float(len(set(question) & set(passage))) for passage in passages]


def test_reranked_orders_each_list_and_reads_every_hit_once() -> None:
    a, bolt, vis = _hit("a"), _hit("bolt"), _hit("vis", "fr")
    reader = _Lengths()
    found = reranked(Lists((a, bolt, vis), (a, bolt), (vis,)), "bolt", reader)
    assert [hit.chunk.id for hit in found.own] == ["bolt", "a"]
    assert found.own[0].legs["reader"].rank == 1 and found.own[0].legs["sparse"] == Leg(1, 1.0)
    assert len(found.merged) == 3 and len(reader.read) == 3
    assert reranked(Lists((), (), ()), "bolt", reader) == Lists((), (), ())


def test_cross_encoder_that_is_not_there_names_the_setting(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cannot be loaded"):
        CrossEncoderReranker(str(tmp_path / "none")).scores("a", ["b"])


@pytest.mark.slow
def test_cross_encoder_of_a_folder_reads_pairs(tmp_path: Path) -> None:
    transformers = pytest.importorskip("transformers")
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "bolt", "torque", "cat"]
    vocabulary = {word: place for place, word in enumerate(words)}
    transformers.BertTokenizerFast(vocab=vocabulary).save_pretrained(tmp_path)
    config = transformers.BertConfig(
        vocab_size=len(words), hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16,
        num_labels=1, max_position_embeddings=32, initializer_range=0.5,
    )  # fmt: skip
    transformers.BertForSequenceClassification(config).save_pretrained(tmp_path)
    reader = CrossEncoderReranker(str(tmp_path))
    first, second = reader.scores("bolt torque", ["bolt", "cat"])
    assert first != second
    assert reader.scores("bolt torque", ["bolt", "cat"]) == pytest.approx([first, second], rel=1e-3)
