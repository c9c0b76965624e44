"""'Did you mean': near spellings that the permitted text does hold, for what a question names and no text has.

No list of words is kept. The spellings near to the one typed are made, and the statistics tell under the reader's
policies alone which of them occur; a passage that holds one, found under the same rights, gives its written form.
So nothing forbidden can be offered, and nothing has to be stored.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from copilot.language import concepts, fold, stem, term_id
from copilot.protocols import IndexReader
from copilot.retrieval.expansion import Lexicon
from copilot.types import Chunk, QueryTerm, SparseVector, Where

LANGUAGES = ("de", "en", "es", "fr", "it", "pl", "pt", "zh")

# What OCR and tired eyes take for one another, in lower case.
_ALIKE = ("0o", "1il", "5s", "8b", "2z", "6g")
_CODE_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
_WORD_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_MORE_LETTERS = {
    "de": "äöüß", "es": "áéíñóú", "fr": "àâçéèêëîïôû", "it": "àèéìòù", "pl": "ąćęłńóśźż", "pt": "áâãàçéêíóôõú",
}  # fmt: skip
_SHORTEST_CODE, _SHORTEST_NUMBER, _SHORTEST_WORD, _LONGEST = 4, 5, 5, 40
_MOST_READINGS = 64
_MOST_OFFERED, _MOST_ASKED = 5, 8

Readable = Callable[[Iterable[tuple[str, str]]], Container[tuple[str, str]]]
"""Those of some (document id, sha256) that the reader may see now."""


@dataclass(frozen=True, slots=True)
class Speller:
    """Looks near spellings up in one generation, for one reader."""

    reader: IndexReader
    where: Where
    readable: Readable
    lexicon: Lexicon

    def did_you_mean(self, asked: Mapping[str, Sequence[QueryTerm]], language: str) -> tuple[str, ...]:
        """Near spellings, the likeliest first, at most five; ``asked`` holds a question's terms per language."""
        languages = sorted(
            (name for name in asked if not self.where.languages or name in self.where.languages),
            key=lambda name: (name != language, name),
        )
        offered: dict[str, None] = {}
        for term in _unheld(asked, language)[:_MOST_ASKED]:
            if _is_code(term):
                offered.update(dict.fromkeys(self._codes(term, languages)))
            elif not self._is_known(term.surface, language):
                offered.update(dict.fromkeys(self._words(term, languages)))
        return tuple(offered)[:_MOST_OFFERED]

    def _is_known(self, word: str, language: str) -> bool:
        """Whether it is a word of the language, though no document holds it: nothing was mistyped."""
        term = stem(word, language)
        return any(self.lexicon.translations(term, language, other) for other in LANGUAGES if other != language)

    def _codes(self, term: QueryTerm, languages: Sequence[str]) -> list[str]:
        """A likelier kind of slip that explains a code silences the others: they would be noise."""
        typed = term.term
        for spellings in (_confused(typed), _swapped(typed), list(_edited(typed, _CODE_LETTERS))):
            written = [form for name in languages for form in self._written(spellings, name)]
            if written:
                return list(dict.fromkeys(written))
        return []

    def _words(self, term: QueryTerm, languages: Sequence[str]) -> list[str]:
        """In the question's language, the first of ``languages``, and only where it holds none in the others."""
        typed = term.surface.lower()
        for names in (languages[:1], languages[1:]):
            for slips in (_transposed, _edited_word):
                written = [form for name in names for form in self._written(slips(typed, name), name)]
                written = [form for form in written if fold(form) != fold(typed)]
                if written:
                    return list(dict.fromkeys(written))
        return []

    def _written(self, terms: Iterable[str], language: str) -> list[str]:
        """The written forms of those terms that a readable passage of that language holds."""
        unique = list(dict.fromkeys(terms))
        counts = self.reader.statistics.frequencies(language, self.where.policies, [term_id(item) for item in unique])
        held = [item for item, count in zip(unique, counts, strict=True) if count]
        bounded = replace(self.where, languages=(language,))
        forms: dict[str, None] = {}
        for item in held[:_MOST_OFFERED]:
            found = self.reader.sparse(SparseVector((term_id(item),), (1.0,)), bounded, 1)
            shown = self.readable([(hit.chunk.document_id, hit.chunk.sha256) for hit in found])
            chunks = [hit.chunk for hit in found if (hit.chunk.document_id, hit.chunk.sha256) in shown]
            forms.update(dict.fromkeys(_form_in(chunk, item) for chunk in chunks))
        return [form for form in forms if form]


def _unheld(asked: Mapping[str, Sequence[QueryTerm]], language: str) -> list[QueryTerm]:
    """What a question names and no permitted text holds: codes, the longest first, then words."""
    every = [term for terms in asked.values() for term in terms]
    held = {term.surface for term in every if term.frequency}
    known_codes = [term.term for term in every if term.frequency and _is_code(term)]
    # The question's own language tells how a word was meant; others only how their stemmer cuts it.
    unheld = {term.surface: term for term in [*every, *asked.get(language, ())] if term.surface not in held}
    codes = _whole([term for term in unheld.values() if _is_code(term)], known_codes)
    words = [term for term in unheld.values() if _is_word(term)]
    return codes + [word for word in words if not any(fold(word.surface) in code.term for code in codes)]


def _whole(codes: Sequence[QueryTerm], held: Sequence[str]) -> list[QueryTerm]:
    """Codes that are no part of another one."""
    kept: list[QueryTerm] = []
    for term in sorted(codes, key=lambda item: -len(item.term)):
        if not any(term.term in longer for longer in [*held, *(item.term for item in kept)]):
            kept.append(term)
    return kept


def _is_code(term: QueryTerm) -> bool:
    if not _SHORTEST_CODE <= len(term.term) <= _LONGEST or not any(char.isdigit() for char in term.term):
        return False
    if term.kind == "number":
        return len(term.term) >= _SHORTEST_NUMBER
    return term.kind in ("identifier", "pair", "compound")


def _is_word(term: QueryTerm) -> bool:
    text = term.surface
    return term.kind == "word" and _SHORTEST_WORD <= len(text) <= _LONGEST and text.isalpha() and text[0] < "\u0370"


def _form_in(chunk: Chunk, term: str) -> str:
    """How a passage writes a term; empty where it does not hold it (ids of terms may collide)."""
    text = f"{chunk.text}\n{chunk.embed_text}"
    return next((item.surface for item in concepts(text, chunk.language) if term in item.terms), "")


def _confused(typed: str) -> list[str]:
    """Every reading under which look-alike characters are others, the fewest changes first."""
    forms = [(0, "")]
    for char in typed:
        alike = next((group for group in _ALIKE if char in group), char)
        forms = [(count + (other != char), form + other) for count, form in forms for other in alike]
        forms = sorted(forms)[:_MOST_READINGS]
    return [form for count, form in forms if count]


def _swapped(typed: str) -> list[str]:
    swapped = (typed[:at] + typed[at + 1] + typed[at] + typed[at + 2 :] for at in range(len(typed) - 1))
    return [form for form in dict.fromkeys(swapped) if form != typed]


def _transposed(typed: str, language: str) -> list[str]:
    """The terms of a word with two letters swapped."""
    return [stem(form, language) for form in _swapped(typed)]


def _edited_word(typed: str, language: str) -> list[str]:
    """The terms of a word with one letter left out, added or replaced."""
    letters = _WORD_LETTERS + _MORE_LETTERS.get(language, "")
    return [stem(form, language) for form in _edited(typed, letters)]


def _edited(typed: str, letters: str) -> Iterator[str]:
    """Every spelling with one character left out, added or replaced; the first characters last, they seldom err."""
    places = range(len(typed) - 1, -1, -1)
    for at in places:
        yield typed[:at] + typed[at + 1 :]
    for at in places:
        yield from (typed[: at + 1] + char + typed[at + 1 :] for char in letters)
    for at in places:
        yield from (typed[:at] + char + typed[at + 1 :] for char in letters if char != typed[at])
    yield from (char + typed for char in letters)
