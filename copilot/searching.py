"""Searching for one principal: what may be read, the question's language and variants, hits checked once more."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from copilot.access import Permit, glossary_bases, permit
from copilot.answering.conversions import without_units
from copilot.answering.translations import Translations
from copilot.catalog import Catalog
from copilot.glossary.vocabulary import Widening
from copilot.language import detect
from copilot.protocols import Embedder, IndexReader
from copilot.retrieval import Asked, Lexicon, Ranked, Search, Synonym
from copilot.retrieval.expansion import NoLexicon
from copilot.retrieval.hits import lists
from copilot.retrieval.reranking import Reranker, reranked
from copilot.retrieval.spelling import Speller
from copilot.retrieval.synonyms import merged
from copilot.retrieval.variants import variants
from copilot.settings import Settings
from copilot.types import UNKNOWN_LANGUAGE, Hit, Principal, Question, SearchResult

DEFAULT_LANGUAGE = "en"
# The best guess for a short question was right 8 times of 8 at .46 to .89; the corpus's majority was not.
QUESTION_CERTAINTY = 0.4


@dataclass(frozen=True, slots=True)
class Searched:
    """What a search found, the ranking behind it, what the asker may read, and hits that no list shows."""

    result: SearchResult
    ranked: Ranked
    allowed: Permit
    rest: tuple[Hit, ...] = ()


class Searching:
    """Runs searches over a generation; the catalog decides at that moment what may be found."""

    def __init__(
        self,
        catalog: Catalog,
        embedder: Embedder | None,
        settings: Settings,
        translations: Translations,
        lexicon: Lexicon | None = None,
        glossary: Widening | None = None,
        reranker: Reranker | None = None,
    ) -> None:
        self._catalog = catalog
        self._embedder = embedder
        self._settings = settings
        self._translations = translations
        self._lexicon = lexicon
        self._glossary = glossary
        self._reranker = reranker

    def language(self, asked: Question, principal: Principal, reader: IndexReader) -> str:
        """The user's choice, else what the words show, else the language most of the permitted text is in."""
        if asked.language:
            return asked.language
        found = detect(asked.text, certainty=QUESTION_CERTAINTY)
        if found != UNKNOWN_LANGUAGE:
            return found
        counts = reader.statistics.languages(self.permit(asked, principal).where.policies)
        return max(sorted(counts), key=lambda name: counts[name], default=DEFAULT_LANGUAGE)

    def permit(self, asked: Question, principal: Principal) -> Permit:
        """What the principal may read of what the question is limited to."""
        return permit(
            self._catalog,
            principal,
            knowledge_bases=asked.knowledge_bases,
            documents=asked.documents,
            languages=asked.filters.get("language", ()),
            as_of=asked.as_of,
        )

    def run(
        self, asked: Question, language: str, principal: Principal, reader: IndexReader, top_k: int | None = None
    ) -> Searched:
        """Search and check every hit once more against the catalog before it leaves."""
        allowed = self.permit(asked, principal)
        search = Search(reader, self._embedder, self._settings.retrieval.candidates, self._lexicon)
        spoken = list(reader.statistics.languages(allowed.where.policies))
        translated = self._translations.question(asked.text, language, spoken)
        synonyms = self._synonyms(asked, language, spoken, principal)
        text = without_units(asked.text, language)
        ranked = search.run(Asked(text, language, translated, synonyms), allowed.where)
        most = top_k or self._settings.retrieval.top_k
        found = lists(ranked.candidates, language, most, lambda some: search.read(some, allowed.where), allowed.check)
        if self._reranker is not None:
            found = reranked(found, asked.text, self._reranker)
        shown = variants(asked.text, language, translated, ranked.weighted, self._lexicon, synonyms)
        result = SearchResult(asked.text, language, found.merged, found.own, found.others, shown, ranked.timings_s)
        told = replace(ranked, weighted=merged(ranked.weighted, synonyms, language))
        return Searched(result, told, allowed, found.rest)

    def editions(
        self, cited: Hit, seen: Collection[str], asked: Question, language: str, principal: Principal,
        reader: IndexReader,
    ) -> tuple[Hit, ...]:
        """What the other current editions of a hit's document say to the question, but for those ``seen`` already."""
        document = cited.document
        if not document.family or asked.documents:
            return ()
        rows = self._catalog.revisions(kb=document.kb, family=document.family, current=True)
        others = tuple(sorted({row.document.id for row in rows} - {document.id, *seen}))
        if not others:
            return ()
        result = self.run(replace(asked, documents=others), language, principal, reader).result
        return (*result.own, *result.others)

    def near(self, searched: Searched, reader: IndexReader) -> tuple[str, ...]:
        """Near spellings of what the question names and nothing readable holds: offered, never taken."""
        allowed = searched.allowed
        speller = Speller(reader, allowed.where, allowed.check, self._lexicon or NoLexicon())
        return speller.did_you_mean(searched.ranked.weighted, searched.result.language)

    def _synonyms(
        self, asked: Question, language: str, spoken: Sequence[str], principal: Principal
    ) -> dict[str, list[Synonym]]:
        """What the glossaries of the knowledge bases that the asker may see make of the question, per language."""
        if self._glossary is None:
            return {}
        bases = glossary_bases(self._catalog, principal, asked.knowledge_bases)
        found = self._glossary.widened(asked.text, language, spoken, bases)
        return {target: [Synonym(*item) for item in items] for target, items in found.items()}
