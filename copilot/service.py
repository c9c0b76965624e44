"""Copilot: asks one question for one principal, from the words typed to the cited and verified answer."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from copilot.access import glossary_bases, permit
from copilot.answering.extractive import ExtractiveAnswerer
from copilot.answering.messages import AS_OF, EMPTY, MISSING, NOT_FOUND, TOO_LONG, message
from copilot.answering.numbering import marked_text, renumber
from copilot.answering.sources import QuoteSources
from copilot.answering.translations import Translations
from copilot.answering.verification import verify
from copilot.catalog import Catalog
from copilot.conversation import Complete, dated, standalone
from copilot.generations import Generations
from copilot.glossary.vocabulary import Widening
from copilot.language import detect
from copilot.library import Library
from copilot.protocols import Answerer, Embedder, Index, IndexReader, Translator
from copilot.retrieval import Lexicon
from copilot.retrieval.hits import passages_of, reserved
from copilot.retrieval.reranking import Reranker
from copilot.searching import DEFAULT_LANGUAGE, QUESTION_CERTAINTY, Searched, Searching
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
        complete: Complete | None = None,
    ) -> None:
        self._catalog = catalog
        self._generations = Generations(index)
        self._embedder = embedder
        self._settings = settings
        self._complete = complete
        self._library = library
        self._translations = Translations(translator)
        self._searching = Searching(
            catalog, embedder, settings, self._translations, lexicon, glossary, reranker
        )
        self._answerer = answerer or ExtractiveAnswerer(settings.answer.max_claims)
        self._engine = dict(engine or {"answerer": self._answerer.name})

    def __enter__(self) -> Copilot:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the index, and of what the answerer holds open."""
        self._generations.close()
        closing = getattr(self._answerer, "close", None)
        if closing is not None:
            closing()

    # asking

    def ask(self, question: Question | str, principal: Principal) -> Answer:
        """The answer with its claims and citations; 'not found' and 'refused' are answers, too."""
        *_, answer = self.stream(question, principal)
        assert isinstance(answer, Answer)
        return answer

    def stream(self, question: Question | str, principal: Principal) -> Iterator[Claim | Answer]:
        """The verified claims as they are found, then the Answer that holds them all."""
        typed = Question(question) if isinstance(question, str) else question
        started = time.perf_counter()
        asked = self._alone(typed)
        refused = self._refuse(asked)
        if refused is not None:
            yield refused
            return
        told = asked.text if asked.text != typed.text else ""
        for item in self._answered(asked, principal, started):
            past = self._past(asked, item, principal, started) if isinstance(item, Answer) else []
            for said in past or [item]:
                if isinstance(said, Answer):
                    yield replace(said, question=typed.text, standalone=told)
                else:
                    yield said

    def _past(self, asked: Question, found: Answer, principal: Principal, started: float) -> list[Claim | Answer]:
        """Where nothing current answers a question about the past: what an edition of that time says, if one does."""
        if found.verdict is not Verdict.NOT_FOUND or asked.as_of is not None:
            return []
        then = dated(asked.text, found.language)
        if then is None:
            return []
        asked = replace(asked, text=then.text, as_of=then.as_of, language=asked.language or detect(asked.text, ""))
        *claims, answer = self._answered(asked, principal, started)
        if not isinstance(answer, Answer) or not answer.claims or answer.citations[0].document.status == "released":
            return []
        note = message(AS_OF, answer.language, date=then.as_of.isoformat())
        return [*claims, replace(answer, warnings=(note, *answer.warnings))]

    def _answered(self, asked: Question, principal: Principal, started: float) -> Iterator[Claim | Answer]:
        """The claims and the Answer to a question that stands alone."""
        with self._generations.current() as reader:
            language = self._searching.language(asked, principal, reader)
            sources = QuoteSources(self._library, principal)
            searched, passages, proposed = self._proposed(asked, language, principal, reader, sources)
            counted = reader.statistics.languages(searched.allowed.where.policies)
            bases = glossary_bases(self._catalog, principal)
            draft, claims, warnings, verifying_s = Draft(), list[Claim](), list[str](), 0.0
            for item in proposed:
                if isinstance(item, Draft):
                    draft = item
                    continue
                drafted = time.perf_counter()
                verified, faults = verify([sources.tightened(item, passages)], sources.stored, sources.boxed)
                warnings += faults
                told = asked.answer_language or language
                shown = [self._translations.claim(claim, told, passages, bases) for claim in verified]
                claims += shown
                verifying_s += time.perf_counter() - drafted
                # Numbered as they will be in the answer: later claims change no earlier marker.
                yield from renumber(claims, passages)[0][len(claims) - len(shown) :]
            near = () if draft.claims else self._searching.near(searched, reader)
        total = time.perf_counter() - started
        timings = {
            **searched.result.timings_s,
            "answer": total - verifying_s - sum(searched.result.timings_s.values()),
            "verify": verifying_s,
            "total": total,
        }
        answer = self._answer(asked, language, draft, claims, passages, warnings, timings)
        yield replace(answer, did_you_mean=near, searched=dict(counted))

    def search(self, question: Question | str, principal: Principal, top_k: int | None = None) -> SearchResult:
        """The hits, merged and as two lists: the question's language and the others."""
        asked = self._alone(Question(question) if isinstance(question, str) else question)
        if self._refuse(asked) is not None:
            return SearchResult(asked.text, asked.language or UNKNOWN_LANGUAGE, (), (), (), (), {})
        with self._generations.current() as reader:
            language = self._searching.language(asked, principal, reader)
            searched = self._searching.run(asked, language, principal, reader, top_k)
            return replace(searched.result, did_you_mean=self._searching.near(searched, reader))

    def evidence(self, question: Question, principal: Principal) -> Evidence:
        """What the answerer would work from: for evaluation and calibration."""
        with self._generations.current() as reader:
            language = self._searching.language(question, principal, reader)
            searched = self._searching.run(question, language, principal, reader)
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
        warming = getattr(self._answerer, "warm", None)
        if warming is not None:
            warming()

    # steps

    def _alone(self, asked: Question) -> Question:
        """A follow-up as it stands alone after the conversation's turns."""
        if not asked.turns:
            return asked
        made = standalone(asked, asked.language or detect(asked.text), self._complete)
        # Who switches language within a conversation is answered in the new one.
        told = asked.answer_language or asked.language or made.language
        return replace(asked, text=made.text, turns=(), answer_language=told)

    def _refuse(self, asked: Question) -> Answer | None:
        limit = self._settings.answer.max_question_chars
        language = asked.answer_language or asked.language
        language = language or detect(asked.text[:500], DEFAULT_LANGUAGE, QUESTION_CERTAINTY)
        if not _WORD.search(asked.text):
            text = message(EMPTY, language)
        elif len(asked.text) > limit:
            text = message(TOO_LONG, language, length=len(asked.text), limit=limit)
        else:
            return None
        shown = asked.text if len(asked.text) <= limit else asked.text[:200] + "…"
        return Answer(shown, language, Verdict.REFUSED, text, engine=self._engine, warnings=(text,))

    def _proposed(
        self, asked: Question, language: str, principal: Principal, reader: IndexReader, sources: QuoteSources
    ) -> tuple[Searched, tuple[Passage, ...], Iterator[Claim | Draft]]:
        """Run LlamaIndex's retriever and synthesizer interfaces over our search and our answerer."""
        from copilot.answering.synthesizer import CopilotSynthesizer
        from copilot.drafting import drafted
        from copilot.retrieval.retriever import CopilotRetriever

        kept: list[Searched] = []

        def search(_: str) -> SearchResult:
            kept.append(self._searching.run(asked, language, principal, reader))
            return replace(kept[0].result, hits=reserved(kept[0].result))

        nodes = CopilotRetriever(search).retrieve(asked.text)
        passages = passages_of(reserved(kept[0].result))

        def propose(_: Sequence[Hit]) -> Iterator[Claim | Draft]:
            evidence = Evidence(asked, language, passages, kept[0].ranked.weighted, sources.elements)
            return drafted(self._answerer, evidence, more)

        def more(claims: Sequence[Claim]) -> Sequence[Hit]:
            found = kept[0].result
            hits = {hit.chunk.id: hit for hit in (*found.own, *found.others, *kept[0].rest)}
            cited = [hits[item.chunk_id] for claim in claims[:1] for item in claim.citations if item.chunk_id in hits]
            seen = {hit.document.id for hit in hits.values()}
            for hit in cited[:1]:
                editions = self._searching.editions(hit, seen, asked, language, principal, reader)
                return (*hits.values(), *editions)
            return tuple(hits.values())

        return kept[0], passages, CopilotSynthesizer(propose).stream(asked.text, nodes)

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
            verdict = Verdict.PARTIAL if renumbered else verdict
            text += ("\n" if renumbered else " ") + message(MISSING, shown, names=", ".join(draft.missing))
        notes = [*draft.warnings, *warnings]
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
            {**self._engine, **draft.engine},
            tuple(notes),
            {name: round(value, 6) for name, value in timings.items()},
            probability=round(draft.probability, 4),
            shape=draft.shape,
            conflicts=draft.conflicts,
            closest=() if renumbered and not draft.missing else draft.closest,
        )
