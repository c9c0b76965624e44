"""The answerer over a language model: what it writes is proved sentence by sentence, else the documents are quoted."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from copilot.answering.instructions import commanding
from copilot.answering.llm import notes, packing
from copilot.answering.llm.guards import Guard, shown
from copilot.answering.llm.parsing import Missing, Sentence, parsed
from copilot.answering.llm.proving import Checker, Prover
from copilot.answering.messages import message
from copilot.answering.text import bag, match
from copilot.errors import LLMError
from copilot.language import concepts
from copilot.llms import LanguageModel
from copilot.protocols import Answerer
from copilot.types import Claim, Draft, Evidence, Passage

_log = logging.getLogger(__name__)
_NAMED = 0.5
_SURE = 0.9  # a quotation that is as likely right as this outweighs a model's word that nothing answers
_MOST_READ = 3  # lines read, as a multiple of the lines shown


class LLMAnswerer:
    """Answers with a language model; ``quoting`` decides whether there is an answer to look for, and stands in."""

    name = "llm"

    def __init__(
        self,
        model: LanguageModel,
        quoting: Answerer,
        checker: Checker,
        most: int = 8,
        new_key: Callable[[], str] = lambda: secrets.token_hex(8),
    ) -> None:
        self._model = model
        self._quoting = quoting
        self._checker = checker
        self._most = most
        self._new_key = new_key

    def warm(self) -> None:
        """Load what the quoting answerer would load at its first question."""
        warming = getattr(self._quoting, "warm", None)
        if warming is not None:
            warming()

    def close(self) -> None:
        """Let go of the model's connections."""
        self._model.close()

    def answer(self, evidence: Evidence) -> Draft:
        """The proved sentences, or what the documents say verbatim, or nothing."""
        *_, draft = self.stream(evidence)
        assert isinstance(draft, Draft)
        return draft

    def stream(self, evidence: Evidence) -> Iterator[Claim | Draft]:
        """Each sentence as soon as it is written and proved, then the Draft that holds them all."""
        quoted = self._quoting.answer(evidence)
        if _settled(quoted, evidence):
            yield from quoted.claims
            yield quoted
            return
        reading = _Reading()
        error = ""
        try:
            yield from self._written(evidence, reading)
        except LLMError as failed:
            error = failed.reason
            _log.warning("The language model did not answer: %s", failed)
        draft = self._draft(reading, error, evidence, quoted)
        if not reading.claims:
            yield from draft.claims
        yield draft

    def _written(self, evidence: Evidence, reading: _Reading) -> Iterator[Claim]:
        key = self._new_key()
        language = _language(evidence)
        rules, prompt, passages = packing.packed(
            packing.about(evidence), evidence.question.text, language, self._model.limits, key, self._most
        )
        if not passages:
            raise LLMError("the token budget leaves no room for a passage", "Raise COPILOT_LLM__TOKEN_BUDGET.")
        guard = Guard(rules, key, language, frozenset(hit.document.uri for item in passages for hit in item.hits))
        prover = Prover(self._checker, passages, language, _topical(evidence, language))

        def read(pieces: Iterator[str]) -> Iterator[Claim]:
            reading.begin(passages)
            for item in parsed(pieces, language):
                yield from reading.take(self._judged(item, reading, guard, prover, evidence))
                if reading.ended or len(reading.claims) == self._most or reading.read > _MOST_READ * self._most:
                    return

        yield from self._model.told(rules, prompt, read)

    def _judged(
        self, item: Sentence | Missing, reading: _Reading, guard: Guard, prover: Prover, evidence: Evidence
    ) -> Claim | None:
        """The claim that a sentence makes, if it may be shown."""
        if isinstance(item, Missing):
            reading.found_nothing |= not item.text
            if item.text and item.text.casefold() in evidence.question.text.casefold():
                reading.missing.append(item.text)  # the asker's own words only: else it would be a way to say anything
            return None
        reading.read += 1
        text = shown(item.text)
        reading.ended = guard.leaks_key(text)
        if any(text == claim.text for claim in (*reading.claims, *reading.waiting)):
            return None
        cited = [marker for marker in item.markers if marker in prover.markers]
        fault = guard.fault(text, prover.texts(cited))
        if fault or not cited:
            _log.info("A sentence of the language model was dropped: %s.", fault or "it cites no passage")
            reading.dropped += 1
            return None
        return self._proved(text, cited, reading, prover)

    def _proved(self, text: str, cited: list[int], reading: _Reading, prover: Prover) -> Claim | None:
        marking = self._model.limits.unsupported == "mark"
        proof = prover.prove(text, cited, always=marking)
        if proof.supported:
            return Claim(text, "generated", proof.citations, proof.support)
        if marking and proof.citations:
            return Claim(text, "unsupported", proof.citations, proof.support)
        # The reason's code alone: what follows it may hold words of the documents.
        _log.info("A sentence of the language model was dropped: %s.", proof.support.reason.partition(":")[0])
        reading.dropped += 1
        return None

    def _draft(self, reading: _Reading, error: str, evidence: Evidence, quoted: Draft) -> Draft:
        language = evidence.question.answer_language or evidence.language
        if reading.claims:
            told = [message(notes.BROKE_OFF, language, reason=error)] if error else []
            if reading.dropped:
                told.append(message(notes.DROPPED, language, count=reading.dropped))
            return Draft(
                tuple(reading.claims), reading.claims[0].support.score,
                tuple(dict.fromkeys((*quoted.missing, *reading.missing))), conflicts=quoted.conflicts,
                closest=quoted.closest, warnings=(*quoted.warnings, *told),
                engine={"answerer": self.name, "llm": self._model.name},
            )
        if reading.believed and not error and quoted.probability < _SURE:
            note, kept = message(notes.FOUND_NOTHING, language), replace(quoted, claims=())
            closest = quoted.closest or tuple(item for claim in quoted.claims for item in claim.citations)
            return replace(
                kept, warnings=(*quoted.warnings, note), closest=closest,
                engine={"answerer": self.name, "llm": self._model.name},
            )
        note = message(notes.FELL_BACK, language, reason=error) if error else message(notes.UNPROVED, language)
        state = error or "wrote nothing that the passages support"
        return replace(
            quoted, warnings=(*quoted.warnings, note),
            engine={"answerer": self._quoting.name, "llm": f"{self._model.name}: {state}"},
        )


@dataclass(slots=True)
class _Reading:
    """What was read of a reply so far."""

    claims: list[Claim] = field(default_factory=list)
    waiting: list[Claim] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    read: int = 0
    dropped: int = 0
    found_nothing: bool = False
    commanded: bool = False
    ended: bool = False

    def begin(self, passages: tuple[Passage, ...]) -> None:
        """A reply begins, for the first time or again; nothing was given of the one before."""
        self.missing.clear()
        self.waiting.clear()
        self.read = self.dropped = 0
        self.found_nothing = self.ended = False
        self.commanded = any(commanding(hit.chunk.embed_text) for item in passages for hit in item.hits)

    def take(self, claim: Claim | None) -> list[Claim]:
        """What may be shown now: a marked sentence waits until a supported one stands beside it."""
        if claim is None:
            return []
        self.waiting.append(claim)
        if claim.kind != "generated" and not self.claims:
            return []
        told = list(self.waiting)
        self.claims += told
        self.waiting.clear()
        return told

    @property
    def believed(self) -> bool:
        """Whether 'nothing found' is taken from the model: not where a passage may have told it to say so."""
        return self.found_nothing and not self.read and not self.commanded


def _language(evidence: Evidence) -> str:
    return evidence.question.answer_language or evidence.language


def _topical(evidence: Evidence, language: str) -> Callable[[str], bool]:
    """Whether a sentence in the answer's language names anything that the question asks about."""
    terms = [term for term in evidence.terms.get(language, ()) if term.weight > 0 and term.kind != "function"]
    asked = {
        term for item in concepts(evidence.question.text, evidence.language) if item.kind != "function"
        for term in item.terms
    }

    def topical(sentence: str) -> bool:
        told = bag(sentence, language)
        if any(match(term, told) >= _NAMED for term in terms):
            return True
        return not terms and bool(asked & told.terms)

    return topical


def _settled(quoted: Draft, evidence: Evidence) -> bool:
    """Whether a model has nothing to add: there is nothing to read, a thing asked for is nowhere, or it is computed."""
    return not evidence.passages or quoted.shape == "computed" or bool(quoted.missing and not quoted.claims)
