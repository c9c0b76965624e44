from __future__ import annotations

import subprocess
import sys

OURS = """
import sys
from copilot.deferred import defer_llama_index
defer_llama_index()
from copilot.answering.synthesizer import CopilotSynthesizer
from copilot.retrieval.retriever import CopilotRetriever
from copilot.types import Draft, SearchResult
result = SearchResult("q", "en", (), (), (), (), {})
retriever = CopilotRetriever(lambda text: result)
assert CopilotSynthesizer(lambda hits: Draft()).synthesize("q", retriever.retrieve("q")).metadata == {"draft": Draft()}
"""


def run(code: str) -> str:
    return subprocess.run([sys.executable, "-c", OURS + code], check=True, capture_output=True, text=True).stdout


def test_our_retriever_and_synthesizer_load_none_of_the_indices_and_no_tokenizer() -> None:
    loaded = set(run("print(*sys.modules)").split())
    assert "llama_index.core.base.base_retriever" in loaded
    heavy = {"tiktoken", "nltk", "pandas", "networkx", "fsspec", "qdrant_client", "torch"}
    assert not heavy & loaded
    assert not {"llama_index.core.indices.base", "llama_index.core.chat_engine.types"} & loaded


def test_names_of_the_package_itself_are_there_when_they_are_asked_for() -> None:
    run("""
import llama_index.core
from llama_index.core import MockEmbedding, VectorStoreIndex, set_global_handler
from llama_index.core.query_engine import RetrieverQueryEngine
assert llama_index.core.__version__ and llama_index.core.global_tokenizer is None
index = VectorStoreIndex([], embed_model=MockEmbedding(4))
assert RetrieverQueryEngine(retriever, CopilotSynthesizer(lambda hits: Draft())).query("q").source_nodes == []
assert retriever.retrieve("q") == []
""")


def test_what_was_set_before_stays_when_the_package_is_loaded_after_all() -> None:
    run("""
import llama_index.core
llama_index.core.global_tokenizer = str.split
from llama_index.core import VectorStoreIndex
assert llama_index.core.global_tokenizer is str.split
""")


def test_deferring_after_the_first_import_changes_nothing() -> None:
    code = """
import llama_index.core
from copilot.deferred import defer_llama_index
before = llama_index.core
defer_llama_index()
import sys
assert sys.modules["llama_index.core"] is before and type(before).__name__ == "module" and before.VectorStoreIndex
"""
    subprocess.run([sys.executable, "-c", code], check=True)
