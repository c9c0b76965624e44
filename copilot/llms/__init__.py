"""Language models by configuration: any LlamaIndex LLM, with time limits, retries, a token count and a breaker."""

from __future__ import annotations

from copilot.llms.calling import LanguageModel, complete
from copilot.llms.tokens import count_tokens

__all__ = ["LanguageModel", "complete", "count_tokens"]
