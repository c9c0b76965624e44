"""The adapter owns what each family of models expects before questions and passages."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from copilot.embedding import open_embedder, prefixes
from copilot.settings import EmbedderSettings

PLAIN = ("", "")


@pytest.mark.parametrize(("model", "question", "passage"), [
    ("intfloat/multilingual-e5-small", "query: ", "passage: "),
    ("e5-base-v2", "query: ", "passage: "),
    ("/models/models--intfloat--multilingual-e5-large/snapshots/0123abcd", "query: ", "passage: "),
    ("nomic-ai/nomic-embed-text-v1.5", "search_query: ", "search_document: "),
    ("Snowflake/snowflake-arctic-embed-l-v2.0", "query: ", ""),
    ("google/embeddinggemma-300m", "task: search result | query: ", "title: none | text: "),
])
def test_families_with_prefixes_of_a_few_words(model: str, question: str, passage: str) -> None:
    assert prefixes(EmbedderSettings(model=model)) == (question, passage)


@pytest.mark.parametrize("model", [
    "intfloat/multilingual-e5-large-instruct", "intfloat/e5-mistral-7b-instruct", "Qwen/Qwen3-Embedding-0.6B",
    "Alibaba-NLP/gte-Qwen2-1.5B-instruct",
])
def test_instructed_families_tell_the_task_before_questions_only(model: str) -> None:
    question, passage = prefixes(EmbedderSettings(model=model))
    assert question.startswith("Instruct: ") and "Query:" in question and passage == ""


@pytest.mark.parametrize("model", ["BAAI/bge-small-en-v1.5", "BAAI/bge-base-en", "BAAI/bge-large-en-v1.5"])
def test_english_bge_has_a_sentence_before_questions_only(model: str) -> None:
    question, passage = prefixes(EmbedderSettings(model=model))
    assert question.startswith("Represent this sentence") and passage == ""


@pytest.mark.parametrize("model", [
    "BAAI/bge-m3", "thenlper/gte-large", "Alibaba-NLP/gte-multilingual-base", "static-multilingual",
    "all-minilm-l6-v2", "sentence-transformers/paraphrase-multilingual-MiniLM-L12-v2", "/data/e50-report/model",
])
def test_other_families_have_none(model: str) -> None:
    assert prefixes(EmbedderSettings(model=model)) == PLAIN


def test_what_is_set_wins_even_where_it_is_empty() -> None:
    assert prefixes(EmbedderSettings(model="e5-base", query_prefix="q: ")) == ("q: ", "passage: ")
    assert prefixes(EmbedderSettings(model="e5-base", query_prefix="", passage_prefix="")) == PLAIN


def test_a_folder_of_no_known_family_states_its_own(tmp_path: Path) -> None:
    folder = tmp_path / "house-model"
    folder.mkdir()
    stated = '{"prompts": {"query": "ask: ", "document": "text: "}, "default_prompt_name": null}'
    (folder / "config_sentence_transformers.json").write_text(stated)
    assert prefixes(EmbedderSettings(model=str(folder))) == ("ask: ", "text: ")
    (folder / "config_sentence_transformers.json").write_text("{}")
    assert prefixes(EmbedderSettings(model=str(folder))) == PLAIN


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of real sentence-transformers models with a random table, named after families."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding
    from tokenizers import Tokenizer, models, pre_tokenizers

    words = "[UNK] query passage : how is the valve closed search_query search_document".split()
    tokenizer = Tokenizer(models.WordLevel({word: number for number, word in enumerate(words)}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    table = np.random.default_rng(5).normal(size=(len(words), 16)).astype(np.float32)
    folder = tmp_path_factory.mktemp("tiny")
    for name in ("multilingual-e5-tiny", "nomic-embed-tiny", "bge-m3-tiny"):
        SentenceTransformer(modules=[StaticEmbedding(tokenizer, table)], device="cpu").save(str(folder / name))
    return folder


def encoded(model: Path, text: str, **stated: str) -> tuple[np.ndarray, np.ndarray]:
    """(as a question, as a passage)."""
    embedder = open_embedder(EmbedderSettings(model=str(model), **stated))
    question, (passage,) = embedder.get_query_embedding(text), embedder.get_text_embedding_batch([text])
    assert embedder.dimension == 16
    return np.array(question), np.array(passage)


@pytest.mark.parametrize("name", ["multilingual-e5-tiny", "nomic-embed-tiny"])
def test_questions_and_passages_differ_where_the_family_has_prefixes(tiny: Path, name: str) -> None:
    question, passage = encoded(tiny / name, "how is the valve closed")
    assert np.linalg.norm(question) == pytest.approx(1, abs=1e-5)
    assert question @ passage < 0.999
    plain, same = encoded(tiny / name, "how is the valve closed", query_prefix="", passage_prefix="")
    assert np.allclose(plain, same, atol=1e-6) and question @ plain < 0.999 and passage @ plain < 0.999


def test_questions_and_passages_are_equal_where_it_has_none(tiny: Path) -> None:
    question, passage = encoded(tiny / "bge-m3-tiny", "how is the valve closed")
    assert np.allclose(question, passage, atol=1e-6)
