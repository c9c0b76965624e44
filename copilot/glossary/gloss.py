"""Gloss: a sentence in its own language with its key terms explained in the reader's; never a translation."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Protocol

from copilot.glossary.glossary import Glossary
from copilot.glossary.vocabulary import BASE
from copilot.language import concepts, fold, function_words, stem
from copilot.language.compounds import parts
from copilot.language.unshown import fit_to_show

MOST_ENTRIES = 8
# A word of the table is shown when it is this probable, and this probable the other way round: too few are better
# than wrong ones.
LEAST_PROBABILITY = 0.7
LEAST_WAY_BACK = 0.3
_SHORTEST = 4
_LONGEST_TERM = 3  # words
_WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|[\u0300-\u036f])*")
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_GAP = re.compile(r"[ \u00a0\n]|-")
_MASKED = re.compile(r"\S*\d\S*|\S*[/\\@]\S+")  # identifiers, values, paths, addresses: nothing to explain

LABELS = {
    "de": "Schlüsselbegriffe: ", "en": "Key terms: ", "es": "Términos clave: ", "fr": "Termes clés : ",
    "it": "Termini chiave: ", "pl": "Kluczowe terminy: ", "pt": "Termos-chave: ", "zh": "关键术语：",
}  # fmt: skip


class Words(Protocol):
    """The word table: translations of analysed terms, and how a term is mostly written."""

    def translations(self, term: str, source: str, target: str) -> tuple[tuple[str, float], ...]:
        """(term of the target language, probability), the surest first."""
        ...

    def surface(self, term: str, language: str) -> str:
        """How the term is mostly written."""
        ...


@dataclass(frozen=True, slots=True)
class GlossEntry:
    """Words at sentence[start:end] and what they mean; ``origin`` is glossary, vocabulary or table."""

    start: int
    end: int
    surface: str
    meaning: str
    origin: str
    probability: float
    definition: str = ""


@dataclass(frozen=True, slots=True)
class Gloss:
    """The original sentence and its explained terms in their order; no entries: nothing is known for sure."""

    sentence: str
    source: str
    target: str
    entries: tuple[GlossEntry, ...]

    @property
    def key_terms(self) -> str:
        """The explained terms on one line in the reader's language; empty where there are none."""
        unique = {fold(entry.surface): f"{entry.surface} = {entry.meaning}" for entry in reversed(self.entries)}
        shown = [unique.pop(fold(entry.surface)) for entry in self.entries if fold(entry.surface) in unique]
        return LABELS.get(self.target, LABELS["en"]) + "; ".join(shown) if shown else ""

    @property
    def text(self) -> str:
        """The sentence as it stands, and below it the key terms."""
        return f"{self.sentence}\n{self.key_terms}" if self.entries else self.sentence


@dataclass(frozen=True, slots=True)
class Glosser:
    """Explains sentences by the company's glossary, the base vocabulary and a word table, in this order."""

    glossary: Glossary | None = None
    words: Words | None = None
    vocabulary: Glossary | None = None

    def __call__(self, sentence: str, source: str, target: str, kbs: Collection[str] | str = ()) -> str:
        """The sentence with its key terms on a line below; empty where nothing can be explained."""
        made = gloss(sentence, source, target, self.glossary, self.words, kbs, self.vocabulary)
        return made.text if made.entries else ""


def gloss(
    sentence: str,
    source: str,
    target: str,
    glossary: Glossary | None = None,
    table: Words | None = None,
    kbs: Collection[str] | str = (),
    vocabulary: Glossary | None = None,
) -> Gloss:
    """Explain a sentence's key terms: by the glossaries of ``kbs`` first, then by the vocabulary, then by the table.

    At most MOST_ENTRIES, all of the glossaries' before any of the table's, there the longest, which are the rarest.
    """
    if source == target:
        return Gloss(sentence, source, target, ())
    found = list(_from_glossary(sentence, source, target, glossary, kbs, "glossary"))
    for entry in _from_vocabulary(sentence, source, target, vocabulary):
        if not any(entry.start < known.end and known.start < entry.end for known in found):
            found.append(entry)
    if table is not None and len(found) < MOST_ENTRIES:
        taken = [(entry.start, entry.end) for entry in found]
        more = _from_table(sentence, source, target, table, taken)
        found += sorted(more, key=lambda entry: (-len(entry.surface), entry.start))[: MOST_ENTRIES - len(found)]
    return Gloss(sentence, source, target, tuple(sorted(found[:MOST_ENTRIES], key=lambda entry: entry.start)))


def _from_glossary(
    sentence: str, source: str, target: str, glossary: Glossary | None, kbs: Collection[str] | str, origin: str
) -> Iterator[GlossEntry]:
    for match in glossary.matches(sentence, source, target, kbs) if glossary else ():
        if match.target_term and fold(match.target_term) != fold(match.surface):
            yield GlossEntry(
                match.start, match.end, match.surface, match.target_term, origin, 1.0, match.definition
            )  # fmt: skip


def _from_vocabulary(sentence: str, source: str, target: str, vocabulary: Glossary | None) -> Iterator[GlossEntry]:
    """Leading terms alone: those behind them widen a search, but may be wider or narrower than what they stand for."""
    if vocabulary is None:
        return
    leading = {fold(concept.preferred(source)) for concept in vocabulary.concepts(BASE)}
    for match in vocabulary.matches(sentence, source, target, BASE):
        named = _is_name(sentence, match.start, source) and " " not in match.surface
        if fold(match.source_term) in leading and not named and fold(match.target_term) != fold(match.surface):
            yield GlossEntry(match.start, match.end, match.surface, match.target_term, "vocabulary", 1.0)


def _from_table(
    sentence: str, source: str, target: str, table: Words, taken: list[tuple[int, int]]
) -> Iterator[GlossEntry]:
    """Longest terms first; no two entries for one word."""
    taken = [*taken, *((match.start(), match.end()) for match in _MASKED.finditer(sentence))]
    for start, end, terms in _candidates(sentence, source):
        if any(start < last and first < end for first, last in taken):
            continue
        surface = sentence[start:end]
        meaning, probability = _meaning(terms, source, target, table)
        if not meaning and source == "de" and not any(table.translations(term, source, target) for term in terms):
            meaning, probability = _by_parts(surface, target, table)
        if meaning:
            taken.append((start, end))
            if fold(meaning) != fold(surface):
                yield GlossEntry(start, end, surface, meaning, "table", probability)


def _candidates(sentence: str, language: str) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """(start, end, analysed terms that it may be) of words and short phrases, the longest first."""
    if language == "zh":
        yield from _chinese(sentence)
        return
    words = list(_WORD.finditer(sentence))
    stops = function_words(language)
    for size in range(_LONGEST_TERM, 0, -1):
        for index in range(len(words) - size + 1):
            phrase = words[index : index + size]
            if phrase[0].group().lower() in stops or phrase[-1].group().lower() in stops:
                continue
            if size == 1 and (len(phrase[0].group()) < _SHORTEST or _is_name(sentence, phrase[0].start(), language)):
                continue
            gaps = zip(phrase, phrase[1:], strict=False)
            if all(_GAP.fullmatch(sentence, left.end(), right.start()) for left, right in gaps):
                yield phrase[0].start(), phrase[-1].end(), _spellings([word.group() for word in phrase], language)


def _is_name(sentence: str, start: int, language: str) -> bool:
    """A capital inside a sentence, in a language that does not write its nouns so."""
    before = sentence[:start].rstrip(" \"'“„«([")
    return language != "de" and sentence[start].isupper() and bool(before) and before[-1] not in ".:!?;\t\n|–"


def _spellings(words: list[str], language: str) -> tuple[str, ...]:
    exact = " ".join(stem(word, language) for word in words)
    plain = " ".join(stem(fold(word), language) for word in words)
    return tuple(dict.fromkeys((exact, plain)))


def _chinese(sentence: str) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    known = {item.surface for item in concepts(sentence, "zh") if item.kind == "word" and _HAN.match(item.surface)}
    for word in sorted(known, key=lambda item: (-len(item), item)):
        start = sentence.find(word) if len(word) > 1 else -1
        while start >= 0:
            yield start, start + len(word), (word,)
            start = sentence.find(word, start + len(word))


def _meaning(terms: tuple[str, ...], source: str, target: str, table: Words) -> tuple[str, float]:
    """What the table is sure of, with its probability; empty where it is not sure."""
    for term in terms:
        found = table.translations(term, source, target)
        if found:
            return _sure(term, found[0], source, target, table)
    return "", 0.0


def _sure(
    term: str, best: tuple[str, float], source: str, target: str, table: Words
) -> tuple[str, float]:
    name, probability = best
    if probability < LEAST_PROBABILITY or not fit_to_show(name, target):
        return "", 0.0
    back = dict(table.translations(name, target, source))
    return (table.surface(name, target), probability) if back.get(term, 0.0) >= LEAST_WAY_BACK else ("", 0.0)


def _by_parts(surface: str, target: str, table: Words) -> tuple[str, float]:
    """A German compound by its parts, where all of them are sure."""
    known = [_meaning((stem(part, "de"),), "de", target, table) for part in parts(surface)]
    if not known or not all(meaning for meaning, _ in known):
        return "", 0.0
    return " + ".join(meaning for meaning, _ in known), min(probability for _, probability in known)
