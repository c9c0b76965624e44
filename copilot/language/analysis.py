"""From text to search terms: identifiers joined and split, numbers in one form, stems per language, Chinese words.

The same analysis serves passages and questions. A term is a short string; an index keeps its 32-bit id.
"""

from __future__ import annotations

import functools
import logging
import math
import re
import unicodedata
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from copilot.language.compounds import parts
from copilot.language.stems import fold, stem
from copilot.language.words import MEASURED, QUESTION_WORDS, function_words
from copilot.types import SparseVector

ANALYSIS_VERSION = "2"
# Under this index a sparse vector keeps its length norm, so that exact counts can be worked out from the weights.
NORM_ID = 0
K1 = 1.2
B = 0.75
# Terms of an average chunk, measured once on technical text cut to chunks of this product's size: fixed, so that
# a vector never depends on what was ingested before it.
AVERAGE_TERMS = {
    "de": 150.0, "en": 130.0, "es": 130.0, "fr": 135.0, "it": 135.0, "pl": 125.0, "pt": 135.0, "zh": 140.0
}  # fmt: skip
AVERAGE_TERMS_DEFAULT = 130.0

_HAN = r"\u3400-\u9fff\uf900-\ufaff"
# A group: runs of letters and digits tied by - _ / . or : without a space; decimals stay whole.
_GROUP = re.compile(rf"(?:[^\W_{_HAN}]|[\u0300-\u036f])+(?:[-_/.:·,](?:[^\W_{_HAN}]|[\u0300-\u036f])+)*|[{_HAN}]+")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_ATOM = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+")
_SPACED_THOUSANDS = re.compile(r"(?<![\d.,])(\d{1,3})((?:[\u00a0\u202f ]\d{3})+)(?![\d])")
_UNITS = frozenset(
    "nm mm cm m km ml l cl kg g t s ms min h v mv kv a ma ah kwh wh w kw mw hz khz mhz n kn bar mbar pa kpa mpa psi "
    "rpm db ohm k c f".split()
)
_TIES = (" ", ": ", "\u2019", "'", " -", "- ", " - ")  # between two groups that may be one name: "Modul: 9"
_KEPT_CHARS = 600  # of a text whose concepts are kept: sentences and rows, no whole passages
_LONGEST_NAME, _LONGEST_UNIT = 12, 5  # letters before digits ("Station 12"), letters after them ("24 Nm")


@dataclass(frozen=True, slots=True)
class Concept:
    """One thing a question asks for: the word as typed and its alternative terms, the surest first.

    ``kind`` is word, function, number, quantity, identifier, compound (joined by hyphens), pair, or part (of an
    identifier, or of the German compound before it).
    """

    surface: str
    terms: tuple[str, ...]
    kind: str


@functools.cache
def _jieba() -> Any:
    logging.getLogger("jieba").setLevel(logging.WARNING)
    import jieba

    jieba.setLogLevel(logging.WARNING)
    jieba.initialize()
    return jieba


def normalise_number(text: str) -> tuple[str, ...]:
    """The value in plain form: decimal point, no trailing zeros; two readings where the mark may mean thousands.

    "2,37" and "2.37" -> ("2.37",); "1.200" -> ("1200", "1.2"); "1.234.567,5" -> ("1234567.5",).
    """
    marks = [char for char in text if char in ".,"]
    if not marks:
        return (text,)
    if len(set(marks)) == 2:
        decimal = marks[-1]
        whole, _, fraction = text.rpartition(decimal)
        return (_plain(whole.replace(",", "").replace(".", ""), fraction),)
    parts = re.split(r"[.,]", text)
    grouped = all(len(part) == 3 for part in parts[1:]) and 0 < len(parts[0]) <= 3
    if len(marks) > 1:
        return ("".join(parts),) if grouped else (".".join(parts),)
    decimal_reading = _plain(parts[0], parts[1])
    if grouped and parts[0] != "0":
        return ("".join(parts), decimal_reading)
    return (decimal_reading,)


def _plain(whole: str, fraction: str) -> str:
    fraction = fraction.rstrip("0")
    whole = whole.lstrip("0") or "0"
    return f"{whole}.{fraction}" if fraction else whole


def _normalise(text: str) -> str:
    text = unicodedata.normalize("NFKC", text)
    text = text.replace("\u00ad", "").replace("\ufffe", "")
    text = re.sub(r"[\u2010-\u2015\u2212]", "-", text)
    return _SPACED_THOUSANDS.sub(lambda match: match.group(1) + re.sub(r"\s", "", match.group(2)), text)


def concepts(text: str, language: str, written_in: str = "") -> list[Concept]:
    """The concepts of a text in order; joined identifiers follow their parts.

    ``language`` gives the stems; function words are those of it and of the language the text is ``written_in``.
    """
    short = len(text) <= _KEPT_CHARS
    return list(_kept(text, language, written_in)) if short else _concepts(text, language, written_in)


@functools.lru_cache(maxsize=8192)
def _kept(text: str, language: str, written_in: str) -> tuple[Concept, ...]:
    """Of a sentence or question, which several stages of one answer read."""
    return tuple(_concepts(text, language, written_in))


def _concepts(text: str, language: str, written_in: str) -> list[Concept]:
    stops = function_words(language) | function_words(written_in)
    found: list[Concept] = []
    previous: tuple[str, list[str]] | None = None
    end = 0
    text = _normalise(text)
    shouted = text.isupper() and len(text.split()) > 3
    for match in _GROUP.finditer(text):
        group = match.group()
        if "\u3400" <= group[0] <= "\u9fff" or "\uf900" <= group[0] <= "\ufaff":
            found.extend(_han(group))
            previous = None
            continue
        adjacent = previous is not None and text[end : match.start()] in _TIES
        atoms = _ATOM.findall(group)
        asking = previous is not None and previous[0].lower() in QUESTION_WORDS and group.lower() in MEASURED
        found.extend(_atoms(group, atoms, language, stops | {group.lower()} if asking else stops))
        if adjacent and previous is not None:
            found.extend(_joined_over_space(previous, (group, atoms), shouted))
        previous, end = (group, atoms), match.end()
    return found


def _atoms(group: str, atoms: list[str], language: str, stops: frozenset[str]) -> Iterator[Concept]:
    for atom in atoms:
        if atom[0].isdigit():
            yield Concept(atom, normalise_number(atom), "number")
        else:
            yield from _word(atom, language, atom.lower() in stops)
    if len(atoms) > 1:
        yield Concept(group, (_join(atoms),), _joined_kind(atoms))
        for run in _runs(atoms):
            if len(run) > 1 and run != atoms:
                yield Concept("".join(run), (_join(run),), "identifier")
            if len(run) > 2:
                for left, right in zip(run, run[1:], strict=False):
                    yield Concept(left + right, (_join([left, right]),), "part")


@functools.lru_cache(maxsize=32768)
def _word(atom: str, language: str, function: bool) -> tuple[Concept, ...]:
    """A word, and the parts of a German compound."""
    first, second = stem(atom, language), stem(fold(atom), language)
    word = Concept(atom, (first,) if first == second else (first, second), "function" if function else "word")
    if language != "de" or function:
        return (word,)
    return word, *(Concept(part, (stem(part, "de"),), "part") for part in parts(atom))


def _join(atoms: list[str]) -> str:
    return fold("".join(atoms)).replace(",", ".")


def _is_word(atom: str) -> bool:
    """Whether letters inside a group are a word ('M8-Schrauben'), not part of an identifier ('PPR-9087')."""
    return len(atom) > 4 and atom.isalpha() and not atom.isupper()


def _joined_kind(atoms: list[str]) -> str:
    """identifier, quantity ("140Nm" names no part) or compound."""
    if len(atoms) == 2 and atoms[0][0].isdigit() and fold(atoms[1]) in _UNITS:
        return "quantity"
    return "identifier" if _is_identifier(atoms) else "compound"


def _is_identifier(atoms: list[str]) -> bool:
    return any(atom[0].isdigit() for atom in atoms) and not any(_is_word(atom) for atom in atoms)


def _runs(atoms: list[str]) -> list[list[str]]:
    """The stretches of a group between its words that hold a digit."""
    runs: list[list[str]] = [[]]
    for atom in atoms:
        if _is_word(atom):
            runs.append([])
        else:
            runs[-1].append(atom)
    return [run for run in runs if any(atom[0].isdigit() for atom in run)]


def _joined_over_space(left: tuple[str, list[str]], right: tuple[str, list[str]], shouted: bool) -> Iterator[Concept]:
    """'PPR 9087' and '24 Nm' are also one term: short letters beside digits, either way round."""
    left_atoms, right_atoms = left[1], right[1]
    if not left_atoms or not right_atoms:
        return
    a, b = left_atoms[-1], right_atoms[0]
    letters, digits = (a, b) if b[0].isdigit() else (b, a)
    if letters[0].isdigit() or len(letters) > (_LONGEST_UNIT if a[0].isdigit() else _LONGEST_NAME):
        return
    if not digits[0].isdigit():
        return
    if a[0].isdigit():
        for value in normalise_number(a):
            yield Concept(f"{a} {b}", (value + fold(b),), "quantity")
        return
    # "ISO 26262" is a name in two words; "at 750" is none, and in a text all in capitals they look alike.
    kind = "identifier" if a.isupper() and len(a) > 1 and not shouted else "pair"
    yield Concept(f"{a} {b}", (fold(a) + normalise_number(b)[-1],), kind)
    if len(left_atoms) > 1 or len(right_atoms) > 1:
        yield Concept(f"{left[0]} {right[0]}", (fold("".join(left_atoms + right_atoms)),), "pair")


def _han(group: str) -> Iterator[Concept]:
    """Words of jieba's search mode, and the pairs of characters that they leave out; no pair touches a stop word."""
    stops = function_words("zh")
    words = [word for word in _jieba().cut_for_search(group) if word.strip()]
    seen = set(words)
    for word in words:
        yield Concept(word, (word,), "function" if word in stops else "word")
    for run in _between_stops(group, stops):
        for start in range(len(run) - 1):
            pair = run[start : start + 2]
            if pair not in seen:
                yield Concept(pair, (pair,), "pair")


def _between_stops(group: str, stops: frozenset[str]) -> list[str]:
    runs = [""]
    for word in _jieba().cut(group):
        if word in stops:
            runs.append("")
        else:
            runs[-1] += word
    return runs


def terms(text: str, language: str) -> Counter[str]:
    """All terms of a passage with their counts."""
    return Counter(term for concept in concepts(text, language) for term in set(concept.terms))


def term_id(term: str) -> int:
    """The 32-bit id of a term (CRC-32 of its UTF-8 bytes); never NORM_ID."""
    return zlib.crc32(term.encode()) or 1


def sparse_vector(text: str, language: str) -> SparseVector:
    """Saturated term frequencies (BM25, Robertson and Zaragoza 2009) of a passage, without IDF.

    The document's part alone: the query carries IDF, so a vector depends on its text and nothing else. The weight
    under NORM_ID is the norm n: a term of weight w occurs w * n / (K1 + 1 - w) times.
    """
    counts = terms(text, language)
    length = sum(counts.values())
    norm = K1 * (1 - B + B * length / AVERAGE_TERMS.get(language, AVERAGE_TERMS_DEFAULT))
    weights: dict[int, float] = {NORM_ID: norm} if counts else {}
    for term, count in counts.items():
        weights[term_id(term)] = count * (K1 + 1) / (count + norm)
    ordered = sorted(weights)
    return SparseVector(tuple(ordered), tuple(weights[index] for index in ordered))


def idf(chunks: float, frequency: float) -> float:
    """BM25's inverse document frequency, never negative (Lucene's form)."""
    return math.log(1 + (chunks - frequency + 0.5) / (frequency + 0.5))
