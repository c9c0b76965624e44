"""Answers written by a language model from numbered passages, each sentence proved before anyone sees it."""

from __future__ import annotations

from copilot.answering.llm.answerer import LLMAnswerer

__all__ = ["LLMAnswerer"]
