"""Finding a glossary's terms in running text: by stems, so inflected; the longest first; acronyms by their case."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from copilot.catalog.nouns import FORBIDDEN, Term, TermConcept
from copilot.language import fold, function_words, stem

_HAN = r"\u3400-\u9fff\uf900-\ufaff"
_TOKEN = re.compile(rf"[{_HAN}]|(?:[^\W_{_HAN}]|[\u0300-\u036f])+")
# What may stand between the words of one term: blanks, a hyphen, an apostrophe, a slash; no end of a sentence.
_GAP = re.compile(r"\s{0,3}|\s?[-\u2010-\u2015/'’·_]\s?|\.")
_TIE = re.compile(r"[-\u2010\u2011]")
_ACRONYM_CHARS = 4
_LONGEST_ENDING = 4
_SHORT_STEMS, _SHORT_STEM = frozenset({"es", "fr", "it", "pt"}), 3
# Inflections that leave the stemmer with two stems for one word: pinhão pinhões, luz luces, écrou écrous, wałek wałka.
_OTHER_FORMS = {
    "es": ((re.compile("z$"), "ces"), (re.compile("e$"), "es")),
    "fr": ((re.compile("u$"), "us"), (re.compile("u$"), "ux")),
    "pl": ((re.compile("e([kc])$"), r"\1a"),),
    "pt": ((re.compile("ão$"), "ões"), (re.compile("([aeou])l$"), r"\1is"), (re.compile("il$"), "is")),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """A term of the glossary at text[start:end]."""

    start: int
    end: int
    concept: TermConcept
    term: Term


@dataclass(frozen=True, slots=True)
class _Token:
    start: int
    end: int
    text: str
    keys: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Word:
    """One word of a term: the stems that it may have in a text, or how it must be written."""

    keys: frozenset[str]
    exact: str = ""
    forms: frozenset[str] = frozenset()
    begins: str = ""

    def fits(self, token: _Token, typed: bool) -> bool:
        if self.begins and not self._inflects(token.text.lower()):
            return False
        if self.forms and fold(token.text) not in self.forms:
            return False
        if not self.exact:
            return not self.keys.isdisjoint(token.keys)
        if token.text == self.exact or self.exact.isupper() and token.text in (self.exact + "s", self.exact + "’s"):
            return True
        return typed and token.text.casefold() == self.exact.casefold()


    def _inflects(self, text: str) -> bool:
        """Whether the text may be a form of the word: it begins as that does, with its accents, and ends near it."""
        return text.startswith(self.begins) and len(text) <= len(self.begins) + _LONGEST_ENDING


@dataclass(frozen=True, slots=True)
class _Pattern:
    words: tuple[_Word, ...]
    concept: TermConcept
    term: Term


class Lexicon:
    """The terms of some concepts in one language, ready to be found. Immutable, so thread-safe."""

    def __init__(self, concepts: Iterable[TermConcept], language: str, *, strict: bool = False) -> None:
        """``strict`` takes inflected forms only where they begin as the term does (porta is no form of portata)."""
        self._language = language
        self._strict = strict
        self._patterns: dict[str, list[_Pattern]] = {}
        for concept in concepts:
            for term in concept.of(language):
                self._add(concept, term)

    def _add(self, concept: TermConcept, term: Term) -> None:
        tokens = _tokens(term.text, self._language)
        words = tuple(self._word(token, len(tokens)) for token in tokens)
        self._index(_Pattern(words, concept, term))
        if len(tokens) > 1 and all(not _is_han(token.text) for token in tokens):
            whole = "".join(token.text for token in tokens)
            if len(whole) > 6 and not any(word.exact for word in words):
                begins = whole.lower()[:-1] if self._strict else ""
                self._index(_Pattern((_Word(_keys(whole, self._language), begins=begins),), concept, term))

    def _index(self, pattern: _Pattern) -> None:
        first = pattern.words[0]
        for key in first.keys:
            self._patterns.setdefault(key, []).append(pattern)

    def _word(self, token: _Token, of: int) -> _Word:
        text = token.text
        acronym = text.isupper() and len(text) > 1 or len(text) <= _ACRONYM_CHARS and text[1:] != text[1:].lower()
        if acronym and not text.isdigit() or of == 1 and len(text) <= 2 and text.isalpha() and not _is_han(text):
            plural = {fold(text), fold(text) + "s"}
            return _Word(token.keys | plural, text)
        lowered = text.lower()
        others = {
            pattern.sub(ending, lowered) for pattern, ending in _OTHER_FORMS.get(self._language, ())
            if pattern.search(lowered)
        }  # fmt: skip
        keys = token.keys.union(*(_keys(other, self._language) for other in others))
        forms = self._forms(lowered, others) if of == 1 else frozenset()
        # An ending changes the last letter at most; in Polish the last two.
        kept = len(lowered) - (2 if self._language == "pl" and len(lowered) > 5 else 1)
        return _Word(keys, forms=forms, begins=lowered[:kept] if self._strict and not _is_han(text) else "")

    def _forms(self, word: str, others: Iterable[str]) -> frozenset[str]:
        """The forms that a short word may have where a short stem is that of other words, too (vite and vita)."""
        if self._language not in _SHORT_STEMS or len(stem(word, self._language)) > _SHORT_STEM:
            return frozenset()
        plain = fold(word)
        plurals = {plain + "s", plain + "es"}
        if self._language == "it":
            plurals = {plain[:-1] + ("e" if plain.endswith("a") else "i")}
        return frozenset({plain, *plurals, *(fold(other) for other in others)})

    def places(self, text: str, *, typed: bool = False) -> list[Place]:
        """Every term that stands in the text, longest first where they overlap, in order of their places.

        Terms of one spelling all come. ``typed``: somebody typed this, so acronyms may be in lower case, unless
        that makes them a function word ("can").
        """
        found = sorted(self._found(text, typed), key=_preference)
        taken: list[tuple[int, int]] = []
        kept = []
        for place in found:
            span = (place.start, place.end)
            if span in taken or all(span[1] <= start or end <= span[0] for start, end in taken):
                kept.append(place)
                taken.append(span)
        return sorted(kept, key=lambda place: place.start)

    def _found(self, text: str, typed: bool) -> Iterator[Place]:
        if not self._patterns:
            return
        tokens = _tokens(text, self._language)
        stops = function_words(self._language)
        for index, token in enumerate(tokens):
            lenient = typed and token.text.lower() not in stops
            for first in (token, *_tied(tokens, index, text, self._language)):
                for pattern in _once(self._patterns, first.keys):
                    end = self._end(pattern, tokens, index, first, text, lenient)
                    if end:
                        yield Place(token.start, end, pattern.concept, pattern.term)

    @staticmethod
    def _end(
        pattern: _Pattern, tokens: Sequence[_Token], index: int, first: _Token, text: str, typed: bool
    ) -> int:
        """Where the pattern that begins at this token ends in the text; 0 where it does not stand there."""
        if not pattern.words[0].fits(first, typed):
            return 0
        if len(pattern.words) == 1:
            return first.end
        if first is not tokens[index] or index + len(pattern.words) > len(tokens):
            return 0
        for offset, word in enumerate(pattern.words[1:], start=1):
            before, token = tokens[index + offset - 1], tokens[index + offset]
            if not word.fits(token, typed) or not _GAP.fullmatch(text, before.end, token.start):
                return 0
        return tokens[index + len(pattern.words) - 1].end


def _preference(place: Place) -> tuple[int, int, bool]:
    return (place.start - place.end, place.start, place.term.status == FORBIDDEN)


def _once(patterns: dict[str, list[_Pattern]], keys: frozenset[str]) -> Iterator[_Pattern]:
    seen: set[int] = set()
    for key in sorted(keys):
        for pattern in patterns.get(key, ()):
            if id(pattern) not in seen:
                seen.add(id(pattern))
                yield pattern


def _tokens(text: str, language: str) -> list[_Token]:
    return [
        _Token(match.start(), match.end(), match.group(), _keys(match.group(), language))
        for match in _TOKEN.finditer(text)
    ]


def _tied(tokens: Sequence[_Token], index: int, text: str, language: str) -> Iterator[_Token]:
    """'Hochvolt-Batterie' read as one word, and 'Hochvolt-Batterie-Gehäuse'."""
    whole, last = tokens[index].text, tokens[index].end
    for following in tokens[index + 1 : index + 4]:
        if not _TIE.fullmatch(text, last, following.start):
            return
        whole, last = whole + following.text, following.end
        if not _is_han(whole):
            yield _Token(tokens[index].start, last, whole, _keys(whole, language))


@functools.lru_cache(maxsize=65536)
def _keys(word: str, language: str) -> frozenset[str]:
    plain = unicodedata.normalize("NFKC", word)
    if _is_han(plain):
        return frozenset({plain})
    return frozenset({stem(plain, language), stem(fold(plain), language)})


def _is_han(text: str) -> bool:
    return "\u3400" <= text[:1] <= "\u9fff" or "\uf900" <= text[:1] <= "\ufaff"
