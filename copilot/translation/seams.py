"""What a translation may draw on: a glossary, a cache, a gloss; each is optional."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Protocol

Gloss = Callable[[str, str, str, Collection[str]], str]


class TermMatch(Protocol):
    """A glossary's term in a text."""

    @property
    def start(self) -> int:
        """Where it begins."""
        ...

    @property
    def end(self) -> int:
        """Where it ends."""
        ...

    @property
    def source_term(self) -> str:
        """The term as the glossary writes it."""
        ...

    @property
    def target_term(self) -> str:
        """What stands for it in the target language; empty where the glossary knows nothing."""
        ...

    @property
    def forbidden(self) -> bool:
        """Whether the source's term is not to be used."""
        ...


class Terms(Protocol):
    """The glossary."""

    def version(self) -> str:
        """Changes with the glossary."""
        ...

    def matches(self, text: str, source: str, target: str, kbs: Collection[str]) -> Sequence[TermMatch]:
        """The terms in a text, in order, apart."""
        ...


class Cache(Protocol):
    """Where translations of models are kept: the catalog."""

    def cached_translations(self, keys: Collection[str]) -> dict[str, tuple[str, float, str]]:
        """Those that are there."""
        ...

    def cache_translations(self, made: Mapping[str, tuple[str, float, str]]) -> None:
        """Keep them."""
        ...
