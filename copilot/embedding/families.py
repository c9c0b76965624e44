"""What each family of published models expects before a question and before a passage."""

from __future__ import annotations

import json
import re
from pathlib import Path

from copilot.settings import EmbedderSettings

_SEARCH = "Represent this sentence for searching relevant passages: "
_TASK = "Instruct: Given a web search query, retrieve relevant passages that answer the query\nQuery: "
# The first that matches a part of the model's name or path, from the models' own cards: (name, question, passage).
_FAMILIES = (
    (r"e5-.*instruct", _TASK, ""),
    (r"(^|[-_])e5([-_]|$)", "query: ", "passage: "),
    (r"bge-(small|base|large)-en", _SEARCH, ""),
    (r"bge-(small|base|large)-zh", "为这个句子生成表示以用于检索相关文章：", ""),
    (r"bge-m3", "", ""),
    (r"gte-qwen2.*instruct", _TASK, ""),
    (r"gte-", "", ""),
    (r"arctic-embed.*v2", "query: ", ""),
    (r"arctic-embed", _SEARCH, ""),
    (r"mxbai-embed", _SEARCH, ""),
    (r"nomic-embed|nomic-bert|modernbert-embed", "search_query: ", "search_document: "),
    (r"qwen3-embedding", _TASK.replace("\nQuery: ", "\nQuery:"), ""),
    (r"embeddinggemma", "task: search result | query: ", "title: none | text: "),
)
_PARTS = 4
_QUESTION_PROMPTS = ("query", "search_query", "s2p_query", "retrieval.query")
_PASSAGE_PROMPTS = ("document", "passage", "search_document", "retrieval.passage")


def prefixes(settings: EmbedderSettings) -> tuple[str, str]:
    """(question's, passage's) prefix: each as set, else its family's, else what the model's own folder states."""
    question, passage = _of_family(settings.model) or _of_folder(Path(settings.model))
    stated = settings.model_fields_set
    return (
        settings.query_prefix if "query_prefix" in stated else question,
        settings.passage_prefix if "passage_prefix" in stated else passage,
    )


def _of_family(model: str) -> tuple[str, str] | None:
    # From the end: a cache's folder hides the name behind a digest, and folders above may be called anything.
    for part in list(reversed(re.split(r"[/\\]|--", model.lower())))[:_PARTS]:
        for pattern, question, passage in _FAMILIES:
            if re.search(pattern, part):
                return question, passage
    return None


def _of_folder(folder: Path) -> tuple[str, str]:
    try:
        stated = json.loads((folder / "config_sentence_transformers.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return "", ""
    prompts = stated.get("prompts") or {}
    question, passage = (
        next((str(prompts[name]) for name in names if prompts.get(name)), "")
        for names in (_QUESTION_PROMPTS, _PASSAGE_PROMPTS)
    )
    return question, passage
