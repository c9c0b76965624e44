"""Finding chunks: query variants, legs, fusion."""

from copilot.retrieval.expansion import Lexicon
from copilot.retrieval.query import Synonym
from copilot.retrieval.search import Asked, Ranked, Search

__all__ = ["Asked", "Lexicon", "Ranked", "Search", "Synonym"]
