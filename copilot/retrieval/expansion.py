"""What a question's word may be called in another language: company glossary first, then the word table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from copilot.language import Concept, stem

Expansions = tuple[tuple[str, float], ...]
_WORDS = frozenset({"word", "part", "compound"})
_HAN_FIRST, _HAN_LAST = "\u3400", "\u9fff"


class Lexicon(Protocol):
    """Translation probabilities between analysed terms."""

    def translations(self, term: str, source: str, target: str) -> Expansions:
        """Terms of ``target`` that stand for ``term``, with probabilities, the surest first; empty if unknown."""
        ...

    def surface(self, term: str, language: str) -> str:
        """How the term is mostly written."""
        ...


class NoLexicon:
    """Knows no word."""

    def translations(self, term: str, source: str, target: str) -> Expansions:
        """Nothing."""
        return ()

    def surface(self, term: str, language: str) -> str:
        """The term itself."""
        return term


@dataclass(frozen=True, slots=True)
class Expander:
    """Expands concepts of a question in one language into terms of another.

    A word that the question's language does not know is looked up in the other languages ("Was ist das torque?"),
    and else stands for itself, as names and loan words do.
    """

    lexicon: Lexicon
    languages: Sequence[str]

    def expand(self, concept: Concept, source: str, target: str) -> Expansions:
        """Terms of ``target`` with probabilities; empty where the concept has none (a word of no meaning there)."""
        if concept.kind == "function":
            return ()
        if not self._is_word(concept):
            # All readings of a number: "1.850" may be 1850 in one country and 1.85 in another.
            return () if _is_han(concept.surface) and target != "zh" else tuple((term, 1.0) for term in concept.terms)
        for term in concept.terms:
            found = self.lexicon.translations(term, source, target)
            if found:
                return found
        if _is_han(concept.surface):
            return ()
        return self.borrowed(concept, source, target) or ((stem(concept.surface, target), 1.0),)

    def borrowed(self, concept: Concept, source: str, target: str) -> Expansions:
        """What the word means as a word of a third language, the first that knows it; empty if none does."""
        if not self._is_word(concept) or _is_han(concept.surface):
            return ()
        for other in self.languages:
            if other in (source, target):
                continue
            found = self.lexicon.translations(stem(concept.surface, other), other, target)
            if found:
                return found
        return ()

    @staticmethod
    def _is_word(concept: Concept) -> bool:
        if concept.kind == "pair":
            return _is_han(concept.surface)
        return concept.kind in _WORDS and not any(char.isdigit() for char in concept.surface)


def _is_han(text: str) -> bool:
    return any(_HAN_FIRST <= char <= _HAN_LAST for char in text)
