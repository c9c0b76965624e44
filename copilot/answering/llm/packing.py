"""Which passages a language model is given: those about the thing asked for, as many as the token budget holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from copilot.answering.choosing import lacking
from copilot.answering.llm import prompts
from copilot.answering.llm.proving import provable
from copilot.llms import count_tokens
from copilot.settings import LLMSettings
from copilot.types import Evidence, Passage

_FEWEST_CHARS = 200


def about(evidence: Evidence) -> tuple[Passage, ...]:
    """The passages that hold the names, numbers and identifiers asked for; all, where each holds a part of them.

    A neighbour of the thing asked for is not handed on: a model may take its values for those of the thing.
    """
    lacked = lacking(evidence)
    kept = []
    for item in evidence.passages:
        hits = tuple(hit for hit in item.hits if not lacked.get(hit.chunk.id))
        if hits:
            kept.append(replace(item, hits=hits))
    return tuple(kept) or evidence.passages


def packed(
    passages: Sequence[Passage], question: str, language: str, limits: LLMSettings, key: str, most: int
) -> tuple[str, str, tuple[Passage, ...]]:
    """(rules, prompt, the passages that are in it), best first until the budget is used up."""
    rules = prompts.system(language, most, key)
    frame = prompts.user((), question, language, key)
    budget = min(limits.token_budget, limits.context_window) - limits.max_tokens
    budget -= count_tokens(rules) + count_tokens(frame)
    shown: list[str] = []
    kept: list[Passage] = []
    for item in passages:
        text = _shown(item)
        if count_tokens(text) > budget:
            if kept:
                continue  # a shorter one may fit
            text = _cut(text, budget)
        if not text:
            continue
        shown.append(text)
        kept.append(item)
        budget -= count_tokens(text)
    return rules, prompts.user(shown, question, language, key), tuple(kept)


def _shown(item: Passage) -> str:
    """A passage without what gives orders to a model."""
    texts = []
    for hit in item.hits:
        clean = provable(hit)
        whole = clean.whole if clean is not None else prompts.LEFT_OUT
        if clean is not None and len(clean.whole) < len(hit.chunk.embed_text):
            whole += f"\n{prompts.LEFT_OUT}"
        texts.append((hit, whole))
    return prompts.passage(item, texts)


def _cut(text: str, budget: int) -> str:
    """As much of a text as the budget holds; nothing where that is next to nothing."""
    size = len(text)
    while size >= _FEWEST_CHARS and count_tokens(text[:size]) > budget:
        size = size * 4 // 5
    return text[:size] if size >= _FEWEST_CHARS else ""
