"""Copilot: asks one question for one principal, from the words typed to the cited and verified answer."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from copilot.access import Permit, glossary_bases, permit
from copilot.answering.extractive import ExtractiveAnswerer
from copilot.answering.messages import EMPTY, MISSING, NOT_FOUND, TOO_LONG, message
from copilot.answering.numbering import marked_text, renumber
from copilot.answering.sources import QuoteSources
from copilot.answering.translations import Translations
from copilot.answering.verification import verify
from copilot.catalog import Catalog
from copilot.generations import Generations
from copilot.glossary.vocabulary import Widening
from copilot.language import detect
from copilot.library import Library
from copilot.protocols import Answerer, Embedder, Index, IndexReader, Translator
from copilot.retrieval import Asked, Lexicon, Ranked, Search, Synonym
from copilot.retrieval.expansion import NoLexicon
from copilot.retrieval.hits import lists, passages_of, reserved
from copilot.retrieval.reranking import Reranker, reranked
from copilot.retrieval.spelling import Speller
from copilot.retrieval.synonyms import merged
from copilot.retrieval.variants import variants
from copilot.settings import Settings
from copilot.types import (
    UNKNOWN_LANGUAGE,
    Answer,
    Claim,
    Draft,
    Evidence,
    Hit,
    Passage,
    Principal,
    Question,
    SearchResult,
    Status,
    Verdict,
)

_WORD = re.compile(r"[^\W_]")
_DEFAULT_LANGUAGE = "en"
# The best guess for a short question was right 8 times of 8 at .46 to .89; the corpus's majority was not.
_QUESTION_CERTAINTY = 0.4


@dataclass(frozen=True, slots=True)
class _Searched:
    result: SearchResult
    ranked: Ranked
    allowed: Permit


class Copilot:
    """The read side. Thread-safe; close it, or use it in a ``with`` statement."""

    def __init__(
        self,
        index: Index,
        catalog: Catalog,
        library: Library,
        embedder: Embedder | None,
        settings: Settings,
        answerer: Answerer | None = None,
        translator: Translator | None = None,
        engine: Mapping[str, str] | None = None,
        lexicon: Lexicon | None = None,
        glossary: Widening | None = None,
        reranker: Reranker | None = None,
    ) -> None:
        self._catalog = catalog
        self._generations = Generations(index)
        self._embedder = embedder
        self._lexicon = lexicon
        self._glossary = glossary
        self._reranker = reranker
        self._settings = settings
        self._library = library
        self._translations = Translations(translator)
        self._answerer = answerer or ExtractiveAnswerer(settings.answer.max_claims)
        self._engine = dict(engine or {"answerer": self._answerer.name})

    def __enter__(self) -> Copilot:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the index."""
        self._generations.close()

    # asking

    def ask(self, question: Question | str, principal: Principal) -> Answer:
        """The answer with its claims and citations; 'not found' and 'refused' are answers, too."""
        *_, answer = self.stream(question, principal)
        assert isinstance(answer, Answer)
        return answer

    def stream(self, question: Question | str, principal: Principal) -> Iterator[Claim | Answer]:
        """The verified claims as they are found, then the Answer that holds them all."""
        asked = Question(question) if isinstance(question, str) else question
        started = time.perf_counter()
        refused = self._refuse(asked)
        if refused is not None:
            yield refused
            return
        with self._generations.current() as reader:
            language = self._language(asked, principal, reader)
            searched, draft, passages = self._draft(asked, language, principal, reader)
            near = () if draft.claims else self._near(searched, reader)
        drafted = time.perf_counter()
        claims: list[Claim] = []
        warnings: list[str] = []
        sources, bases = QuoteSources(self._library, principal), glossary_bases(self._catalog, principal)
        for proposed in draft.claims:
            tight = sources.tightened(proposed, passages)
            verified, faults = verify([tight], sources.stored, sources.boxed)
            warnings += faults
            told = asked.answer_language or language
            shown = [self._translations.claim(claim, told, passages, bases) for claim in verified]
            claims += shown
            # Numbered as they will be in the answer: later claims change no earlier marker.
            yield from renumber(claims, passages)[0][len(claims) - len(shown) :]
        done = time.perf_counter()
        timings = {
            **searched.result.timings_s,
            "answer": drafted - started - sum(searched.result.timings_s.values()),
            "verify": done - drafted,
            "total": done - started,
        }
        answer = self._answer(asked, language, draft, claims, passages, warnings, timings)
        yield replace(answer, did_you_mean=near)

    def search(self, question: Question | str, principal: Principal, top_k: int | None = None) -> SearchResult:
        """The hits, merged and as two lists: the question's language and the others."""
        asked = Question(question) if isinstance(question, str) else question
        if self._refuse(asked) is not None:
            return SearchResult(asked.text, asked.language or UNKNOWN_LANGUAGE, (), (), (), (), {})
        with self._generations.current() as reader:
            language = self._language(asked, principal, reader)
            searched = self._search(asked, language, principal, reader, top_k)
            return replace(searched.result, did_you_mean=self._near(searched, reader))

    def evidence(self, question: Question, principal: Principal) -> Evidence:
        """What the answerer would work from: for evaluation and calibration."""
        with self._generations.current() as reader:
            language = self._language(question, principal, reader)
            searched = self._search(question, language, principal, reader)
        return Evidence(question, language, passages_of(reserved(searched.result)), searched.ranked.weighted)

    def status(self, principal: Principal) -> Status:
        """Engine parts, and counts over what the principal may read."""
        allowed = permit(self._catalog, principal)
        count, bases = len(allowed.documents()), tuple(self._library.knowledge_bases(principal))
        with self._generations.current() as reader:
            languages = dict(reader.statistics.languages(allowed.where.policies))
            return Status(self._engine, count, sum(languages.values()), languages, bases, reader.generation)

    def warm(self) -> None:
        """Load what the first question would load."""
        if self._embedder is not None:
            self._embedder.get_query_embedding("warm")
        detect("Is this warm already, or how long does it take?")

    # steps

    def _refuse(self, asked: Question) -> Answer | None:
        limit = self._settings.answer.max_question_chars
        language = asked.answer_language or asked.language
        language = language or detect(asked.text[:500], _DEFAULT_LANGUAGE, _QUESTION_CERTAINTY)
        if not _WORD.search(asked.text):
            text = message(EMPTY, language)
        elif len(asked.text) > limit:
            text = message(TOO_LONG, language, length=len(asked.text), limit=limit)
        else:
            return None
        shown = asked.text if len(asked.text) <= limit else asked.text[:200] + "…"
        return Answer(shown, language, Verdict.REFUSED, text, engine=self._engine, warnings=(text,))

    def _language(self, asked: Question, principal: Principal, reader: IndexReader) -> str:
        """The user's choice, else what the words show, else the language most of the permitted text is in."""
        if asked.language:
            return asked.language
        found = detect(asked.text, certainty=_QUESTION_CERTAINTY)
        if found != UNKNOWN_LANGUAGE:
            return found
        counts = reader.statistics.languages(self._permit(asked, principal).where.policies)
        return max(sorted(counts), key=lambda name: counts[name], default=_DEFAULT_LANGUAGE)

    def _permit(self, asked: Question, principal: Principal) -> Permit:
        return permit(
            self._catalog,
            principal,
            knowledge_bases=asked.knowledge_bases,
            documents=asked.documents,
            languages=asked.filters.get("language", ()),
            as_of=asked.as_of,
        )

    def _search(
        self, asked: Question, language: str, principal: Principal, reader: IndexReader, top_k: int | None = None
    ) -> _Searched:
        """Search and check every hit once more against the catalog before it leaves."""
        allowed = self._permit(asked, principal)
        search = Search(reader, self._embedder, self._settings.retrieval.candidates, self._lexicon)
        spoken = list(reader.statistics.languages(allowed.where.policies))
        translated = self._translations.question(asked.text, language, spoken)
        synonyms = self._synonyms(asked, language, spoken, principal)
        ranked = search.run(Asked(asked.text, language, translated, synonyms), allowed.where)
        most = top_k or self._settings.retrieval.top_k
        found = lists(ranked.candidates, language, most, lambda some: search.read(some, allowed.where), allowed.check)
        if self._reranker is not None:
            found = reranked(found, asked.text, self._reranker)
        shown = variants(asked.text, language, translated, ranked.weighted, self._lexicon, synonyms)
        result = SearchResult(asked.text, language, found.merged, found.own, found.others, shown, ranked.timings_s)
        told = replace(ranked, weighted=merged(ranked.weighted, synonyms, language))
        return _Searched(result, told, allowed)

    def _synonyms(
        self, asked: Question, language: str, spoken: Sequence[str], principal: Principal
    ) -> dict[str, list[Synonym]]:
        """What the glossaries of the knowledge bases that the asker may see make of the question, per language."""
        if self._glossary is None:
            return {}
        bases = glossary_bases(self._catalog, principal, asked.knowledge_bases)
        found = self._glossary.widened(asked.text, language, spoken, bases)
        return {target: [Synonym(*item) for item in items] for target, items in found.items()}

    def _near(self, searched: _Searched, reader: IndexReader) -> tuple[str, ...]:
        """Near spellings of what the question names and nothing readable holds: offered, never taken."""
        allowed = searched.allowed
        speller = Speller(reader, allowed.where, allowed.check, self._lexicon or NoLexicon())
        return speller.did_you_mean(searched.ranked.weighted, searched.result.language)

    def _draft(
        self, asked: Question, language: str, principal: Principal, reader: IndexReader
    ) -> tuple[_Searched, Draft, tuple[Passage, ...]]:
        """Run LlamaIndex's retriever and synthesizer interfaces over our search and our answerer."""
        from copilot.answering.synthesizer import CopilotSynthesizer
        from copilot.retrieval.retriever import CopilotRetriever

        kept: list[_Searched] = []

        def search(_: str) -> SearchResult:
            kept.append(self._search(asked, language, principal, reader))
            return replace(kept[0].result, hits=reserved(kept[0].result))

        passages: list[Passage] = []

        def draft(hits: Sequence[Hit]) -> Draft:
            passages.extend(passages_of(hits))
            evidence = Evidence(asked, language, tuple(passages), kept[0].ranked.weighted)
            return self._answerer.answer(evidence)

        nodes = CopilotRetriever(search).retrieve(asked.text)
        response = CopilotSynthesizer(draft).synthesize(asked.text, nodes)
        made: Draft = (response.metadata or {}).get("draft", Draft())
        return kept[0], made, tuple(passages)

    def _answer(
        self,
        asked: Question,
        language: str,
        draft: Draft,
        claims: Sequence[Claim],
        passages: tuple[Passage, ...],
        warnings: Sequence[str],
        timings: Mapping[str, float],
    ) -> Answer:
        shown = asked.answer_language or language
        renumbered, used = renumber(claims, passages)
        citations = tuple(citation for claim in renumbered for citation in claim.citations)
        verdict, text = Verdict.ANSWERED, marked_text(renumbered)
        if not renumbered:
            verdict, text = Verdict.NOT_FOUND, message(NOT_FOUND, shown)
            if draft.missing:
                text += " " + message(MISSING, shown, names=", ".join(draft.missing))
        notes = list(warnings)
        superseded = {item.document.title for item in citations if item.document.status == "superseded"}
        notes += [f"Superseded: {title}" for title in sorted(superseded)]
        return Answer(
            asked.text,
            shown,
            verdict,
            text,
            tuple(renumbered),
            citations,
            used or passages,
            draft.missing,
            self._engine,
            tuple(notes),
            {name: round(value, 6) for name, value in timings.items()},
        )
