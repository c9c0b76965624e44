"""TranslationService: a text in another language, each sentence with what stands behind it."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from copilot.errors import ModelError
from copilot.language import detect, function_words
from copilot.translation.engine import Engine, used
from copilot.translation.kinds import TRANSLATED, overall_kind, wanted
from copilot.translation.layout import Piece, pieces, unwrapped
from copilot.translation.masks import Protected, protected
from copilot.translation.memory import Memory
from copilot.translation.packages import Package, Pair
from copilot.translation.questions import Questions
from copilot.translation.seams import Cache, Gloss, TermMatch, Terms
from copilot.translation.slots import Job, Slot
from copilot.types import UNKNOWN_LANGUAGE, GlossaryHit, TranslatedSentence, TranslatedText

# Changes with the rules by which sentences are cut, masked and checked: what was cached before is made again.
RULES = "2"
# From so many words on a sentence that reads as the target's is left as it is.
_CERTAIN_WORDS = 5
_REASONS = {
    "unsure": "the installed translator is not sure enough of them",
    "lost": "a number, a name or a code would have been lost",
}
_BATCH = 256  # sentences between two writes of the cache
MODELS_CURE = "Install one: copilot models install FILE, or on a connected machine copilot models pull {0} {1}."


@dataclass(frozen=True, slots=True)
class _Task:
    """A sentence on its way: its place (text, piece), what it must keep, its terms, and what is shown so far."""

    place: tuple[int, int]
    job: Job
    language: str
    shown: TranslatedSentence


class TranslationService:
    """Memory first, then the model, then the gloss; the original where nothing better is to be had. Thread-safe."""

    def __init__(
        self, engine: Engine, cache: Cache | None = None, memory: Memory | None = None, glossary: Terms | None = None,
        gloss: Gloss | None = None, names: Sequence[str] = (),
    ) -> None:
        self.name = "argos"
        self._engine = engine
        self._cache = cache
        self._memory = memory
        self._glossary = glossary
        self._gloss = gloss
        self._names = tuple(names)
        self._questions = Questions(engine)

    def pairs(self) -> frozenset[Pair]:
        """The directions that a package serves."""
        return self._engine.pairs()

    def translate(self, texts: Sequence[str], source: str, target: str) -> list[str | None]:
        """One text each; None where one of its sentences could not be translated faithfully."""
        made = self.render_all(texts, source, target)
        return [item.text if source == target or overall_kind(item) in TRANSLATED else None for item in made]

    def hypotheses(self, text: str, source: str, targets: Sequence[str], n: int = 3) -> dict[str, tuple[str, ...]]:
        """{target: up to n translations of a question}, of those that are there within a moment; the rest next time."""
        return self._questions.ask(text, source, targets, n)

    def render(
        self, text: str, source: str, target: str, knowledge_bases: Collection[str] = ()
    ) -> TranslatedText:
        """The text in the target language with its layout kept.

        Without a ``source`` each sentence's language is found out, the text's standing in for what is not clear.
        ``knowledge_bases`` are those whose glossary and memory the reader may use.
        """
        return self.render_all([text], source, target, knowledge_bases)[0]

    def render_all(
        self, texts: Sequence[str], source: str, target: str, knowledge_bases: Collection[str] = ()
    ) -> list[TranslatedText]:
        """As ``render``, for many texts at once: their sentences go to the model together."""
        languages = [source or detect(text) for text in texts]
        parts = [pieces(text, language) for text, language in zip(texts, languages, strict=True)]
        tasks = [
            self._task((number, place), part.text, source, languages[number], target, knowledge_bases)
            for number, line in enumerate(parts) for place, part in enumerate(line) if part.translatable
        ]
        shown = {task.place: task.shown for task in tasks}
        notes: dict[int, list[str]] = {}
        for language in sorted({task.language for task in tasks}):
            chosen = [task for task in tasks if task.language == language and _open(task, target)]
            shown |= self._pair(chosen, language, target, notes, knowledge_bases)
        return [
            _assembled(line, number, languages[number], target, shown, notes.get(number, []))
            for number, line in enumerate(parts)
        ]

    def _task(
        self, place: tuple[int, int], text: str, source: str, whole: str, target: str, kbs: Collection[str]
    ) -> _Task:
        language = self._language(text, source, whole, target)
        line = unwrapped(text)
        kept = protected(line, self._names)
        matches = self._matches(line, language, target, kbs, kept) if language != target else ()
        terms = tuple(Slot(item.start, item.end, item.target_term) for item in matches if item.target_term)
        hits = tuple(GlossaryHit(item.source_term, item.target_term, False, item.forbidden) for item in matches)
        tokens = tuple(item.text for item in kept)
        shown = TranslatedSentence(text, text, "original", language, tokens, hits)
        return _Task(place, Job(line, tuple(kept), terms), language, shown)

    def _language(self, text: str, source: str, whole: str, target: str) -> str:
        """The language given, unless the sentence clearly is the target's already; found out where none is given."""
        if source:
            certain = source != target and len(text.split()) >= _CERTAIN_WORDS and detect(text) == target
            return target if certain else source
        return detect(text, whole)

    def _matches(
        self, text: str, language: str, target: str, kbs: Collection[str], kept: Sequence[Protected]
    ) -> tuple[TermMatch, ...]:
        if self._glossary is None:
            return ()
        stops = function_words(language)
        found = []
        for item in self._glossary.matches(text, language, target, kbs):
            surface = text[item.start : item.end].lower()
            # An inflection that reads as a function word is one: "para" is no "par" of torque.
            grammar = surface in stops and surface != item.source_term.lower()
            if not grammar and not any(item.start < span.end and span.start < item.end for span in kept):
                found.append(item)
        return tuple(found)

    def _pair(
        self, tasks: Sequence[_Task], source: str, target: str, notes: dict[int, list[str]], kbs: Collection[str]
    ) -> dict[tuple[int, int], TranslatedSentence]:
        """All open sentences of one pair; ``notes`` takes what the reader of a text must be told."""
        shown: dict[tuple[int, int], TranslatedSentence] = {}
        for task in tasks:
            if known := self._remembered(task, target, kbs):
                shown[task.place] = known
        left = [task for task in tasks if task.place not in shown]
        way = self._engine.route(source, target)
        note, reason = ("", "") if way else (_missing(source, target), "no_package")
        try:
            for start in range(0, len(left) if way else 0, _BATCH):
                shown |= self._machine(left[start : start + _BATCH], way)
        except ModelError as error:
            note, reason = str(error), "damaged"
        for task in left:
            known = shown.get(task.place)
            if known is None or known.kind == "original":
                why = known.reason if known else reason
                shown[task.place] = self._glossed(task, target, kbs, why)
                if note and known is None:
                    notes.setdefault(task.place[0], []).append(note)
        return shown

    def _remembered(self, task: _Task, target: str, kbs: Collection[str]) -> TranslatedSentence | None:
        found = self._memory.find(task.job.source, task.language, target, kbs) if self._memory else None
        if found is None:
            return None
        return _with_hits(replace(task.shown, text=found.text, kind=found.kind, score=found.score), target)

    def _glossed(self, task: _Task, target: str, kbs: Collection[str], reason: str) -> TranslatedSentence:
        """The sentence with its key terms explained, or as it is, where nothing is known of them."""
        text = self._gloss(task.job.source, task.language, target, kbs) if self._gloss else ""
        return replace(task.shown, text=text or task.job.source, kind="gloss" if text else "original", reason=reason)

    def _machine(self, tasks: Sequence[_Task], way: Sequence[Package]) -> dict[tuple[int, int], TranslatedSentence]:
        """Those that the packages translate faithfully, from the cache where they were made before."""
        keys = {task.place: _key(task.job, way) for task in tasks}
        known = self._cache.cached_translations(keys.values()) if self._cache else {}
        first = {keys[task.place]: task.job for task in tasks if keys[task.place] not in known}
        made = self._engine.translate(list(first.values()), way)
        fresh = {key: (item.text, item.score, item.refused) for key, item in zip(first, made, strict=True)}
        if fresh and self._cache:
            self._cache.cache_translations(fresh)
        known |= fresh
        shown: dict[tuple[int, int], TranslatedSentence] = {}
        for task in tasks:
            text, score, refused = known[keys[task.place]]
            sentence = replace(task.shown, text=text, kind="machine", score=round(score, 4))
            shown[task.place] = _with_hits(sentence, way[-1].target) if text else replace(task.shown, reason=refused)
        return shown


def _open(task: _Task, target: str) -> bool:
    return task.language != UNKNOWN_LANGUAGE and wanted(task.shown, target)


def _key(job: Job, way: Sequence[Package]) -> str:
    """What shaped the translation: the sentence, what it keeps, the terms, the packages, the rules."""
    told = [RULES, *(f"{package.name} {package.fingerprint}" for package in way), job.source]
    told += [f"{item.start}:{item.end}" for item in job.kept]
    told += [f"{slot.start}:{slot.end}:{slot.text}" for slot in job.terms]
    return hashlib.sha256("\x1f".join(told).encode("utf-8", "surrogatepass")).hexdigest()


def _with_hits(sentence: TranslatedSentence, target: str) -> TranslatedSentence:
    """The sentence with those terms marked that its translation holds."""
    hits = tuple(
        replace(hit, used=bool(hit.target_term) and used(hit.target_term, sentence.text, target))
        for hit in sentence.glossary
    )
    return replace(sentence, glossary=hits)


def _missing(source: str, target: str) -> str:
    return f"No installed package translates {source} > {target}. " + MODELS_CURE.format(source, target)


def _assembled(
    line: Sequence[Piece], number: int, source: str, target: str,
    shown: Mapping[tuple[int, int], TranslatedSentence], notes: Sequence[str],
) -> TranslatedText:
    """One text again, from its layout and its sentences."""
    sentences = tuple(shown[number, place] for place, part in enumerate(line) if part.translatable)
    # Beside others a gloss stays on its line, so that lists and tables keep theirs.
    apart = len(sentences) > 1
    texts = [
        _inline(shown[number, place], apart) if part.translatable else part.text for place, part in enumerate(line)
    ]
    told = tuple(dict.fromkeys([*notes, *_untranslated(sentences, target)]))
    return TranslatedText("".join(texts), source, target, sentences, told)


def _untranslated(sentences: Sequence[TranslatedSentence], target: str) -> Iterator[str]:
    """What a reader is told of sentences that were left as they are."""
    words = [item for item in sentences if any(map(str.isalpha, item.source))]
    already = sum(item.language == target for item in words)
    if already:
        yield f"The text is in {target} already." if already == len(words) else (
            f"{already} sentence(s) are in {target} already."
        )
    unclear = sum(item.language == UNKNOWN_LANGUAGE and any(map(str.isalpha, item.source)) for item in sentences)
    if unclear:
        yield f"The language of {unclear} sentence(s) is not clear: give it."
    for reason, why in _REASONS.items():
        count = sum(item.reason == reason for item in sentences)
        if count:
            yield f"{count} sentence(s) are not translated: {why}."


def _inline(sentence: TranslatedSentence, apart: bool) -> str:
    if sentence.kind != "gloss" or not apart:
        return sentence.text
    original, _, terms = sentence.text.partition("\n")
    return f"{original} [{' '.join(terms.split())}]" if terms else original
