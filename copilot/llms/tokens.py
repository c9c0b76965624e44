"""Tokens counted on this machine, by the tokenizer that LlamaIndex carries."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any

# Other models' tokenizers cut Polish, Chinese and part numbers finer than the one we count with.
MARGIN = 1.25


def count_tokens(text: str) -> int:
    """About how many tokens a text has for any model: the count of one tokenizer, and a margin."""
    return int(len(_tokenizer()(text)) * MARGIN) if text else 0


@functools.cache
def _tokenizer() -> Callable[[str], Sequence[Any]]:
    from llama_index.core.utils import get_tokenizer

    made: Callable[[str], Sequence[Any]] = get_tokenizer()
    return made
