"""Finding chunks: query variants, legs, fusion."""

from copilot.retrieval.search import Ranked, Search

__all__ = ["Ranked", "Search"]
