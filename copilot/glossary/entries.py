"""What a term base's file says, before it is known to be sound: entries, and how their words are read."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from copilot.catalog.nouns import ADMITTED, FORBIDDEN, PREFERRED, Term, TermConcept
from copilot.language import fold
from copilot.types import LANGUAGES

MAX_TERM_CHARS = 200

_STATUSES = {
    PREFERRED: "preferred preferredterm approved recommended standard main bevorzugt préféré preferido preferito "
    "preferowany 首选",
    ADMITTED: "admitted admittedterm allowed accepted acceptable synonym synonyms alternative alternatives alt "
    "erlaubt admis admitido ammesso dopuszczalny 允许",
    FORBIDDEN: "forbidden deprecated deprecatedterm supersededterm superseded prohibited banned obsolete "
    "notrecommended avoid dontuse donotuse verboten interdit prohibido proibido vietato zabroniony 禁用",
}
_STATUS_OF = {fold(word): status for status, words in _STATUSES.items() for word in words.split()}
_LANGUAGE_NAMES = {
    "de": "german deutsch ger deu", "en": "english eng", "es": "spanish español castellano spa",
    "fr": "french français fre fra", "it": "italian italiano ita", "pl": "polish polski pol",
    "pt": "portuguese português por", "zh": "chinese 中文 汉语 chi zho",
}  # fmt: skip
_LANGUAGE_OF = {fold(name): code for code, names in _LANGUAGE_NAMES.items() for name in names.split()}
_CODE = re.compile(r"([a-z]{2,3})(?:[-_][a-z0-9]{2,8})*", re.IGNORECASE)


@dataclass(slots=True)
class Entry:
    """One concept as a file has it; ``where`` is a row or an id for messages. A status may be empty: not said."""

    where: str
    id: str = ""
    terms: list[Term] = field(default_factory=list)
    definitions: dict[str, str] = field(default_factory=dict)
    domain: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a glossary; ``grave`` problems keep a file from being imported.

    ``kind`` is unreadable, empty, contradiction, cycle, duplicate, ambiguous or ignored.
    """

    kind: str
    message: str
    cure: str = ""
    grave: bool = False
    concepts: tuple[str, ...] = ()
    language: str = ""


def status_of(text: str) -> str | None:
    """The status that a word stands for; None where it stands for none, empty where nothing is said."""
    plain = re.sub(r"[\s_\-'’.]", "", fold(text.strip())).removesuffix("admnsts")
    return _STATUS_OF.get(plain) if plain else ""


def language_of(text: str) -> str | None:
    """One of our languages from a code ('de', 'zh-CN') or a name; None for anything else."""
    plain = fold(text.strip())
    if plain in _LANGUAGE_OF:
        return _LANGUAGE_OF[plain]
    match = _CODE.fullmatch(plain)
    return match.group(1) if match and match.group(1) in LANGUAGES else None


def is_language_code(text: str) -> bool:
    """Whether a word looks like a language's code, known here or not."""
    return re.fullmatch(r"[a-z]{2}(?:[-_][a-z0-9]{2,8})?", text.strip(), re.IGNORECASE) is not None


def cleaned(text: str) -> str:
    """A term as it is kept: NFC, no control characters, single blanks."""
    kept = "".join(char for char in text if unicodedata.category(char) not in ("Cc", "Cf", "Cs") or char in "\n\t")
    return " ".join(unicodedata.normalize("NFC", kept).split())


def to_concepts(entries: Iterable[Entry], kb: str, source: str) -> tuple[list[TermConcept], list[Problem]]:
    """The concepts of the entries, and what is wrong with single terms; entries of one id are one concept."""
    merged: dict[str, Entry] = {}
    problems: list[Problem] = []
    for entry in entries:
        entry.terms = [term for term in (_checked(item, entry, problems) for item in entry.terms) if term]
        if not entry.terms:
            problems.append(Problem("empty", f"{entry.where} has no term.", "Fill it in, or remove it."))
            continue
        entry.id = cleaned(entry.id) or _own_id(entry.terms)
        known = merged.setdefault(entry.id, entry)
        if known is not entry:
            known.terms += entry.terms
            known.definitions |= entry.definitions
            known.domain = known.domain or entry.domain
    concepts = []
    for entry in merged.values():
        terms = _settled(entry, problems)
        concepts.append(TermConcept(entry.id, kb, terms, entry.definitions, entry.domain[:512], source))
    return concepts, problems


def _checked(term: Term, entry: Entry, problems: list[Problem]) -> Term | None:
    text = cleaned(term.text)
    if not text:
        return None
    if len(text) > MAX_TERM_CHARS or not any(char.isalnum() for char in text):
        problems.append(Problem(
            "unreadable", f"{entry.where}: '{text[:60]}' is no term (it has {len(text)} characters).",
            f"Give words, at most {MAX_TERM_CHARS} characters.", grave=True, language=term.language,
        ))  # fmt: skip
        return None
    return Term(text, term.language, term.status)


def _own_id(terms: Sequence[Term]) -> str:
    """The id of a concept that the file gives none: its English term, else its first."""
    first = next((term for term in terms if term.language == "en" and term.status != FORBIDDEN), terms[0])
    return f"{first.language}:{fold(first.text)}"[:500]


def _settled(entry: Entry, problems: list[Problem]) -> tuple[Term, ...]:
    """The entry's terms, each once, with one preferred term a language."""
    found: dict[tuple[str, str], Term] = {}
    leaders: set[str] = {term.language for term in entry.terms if term.status == PREFERRED}
    for term in entry.terms:
        key = (term.language, term.text.casefold())
        status = term.status or (ADMITTED if term.language in leaders else PREFERRED)
        if status == PREFERRED:
            leaders.add(term.language)
        known = found.get(key)
        if known is None:
            found[key] = Term(term.text, term.language, status)
        elif FORBIDDEN in (known.status, status) and known.status != status:
            problems.append(Problem(
                "contradiction", f"{entry.where}: '{term.text}' ({term.language}) is both {known.status} and {status}.",
                "Keep one of the two.", grave=True, concepts=(entry.id,), language=term.language,
            ))  # fmt: skip
    return _one_leader(entry, list(found.values()), problems)


def _one_leader(entry: Entry, terms: list[Term], problems: list[Problem]) -> tuple[Term, ...]:
    settled: list[Term] = []
    taken: dict[str, str] = {}
    for term in terms:
        if term.status == PREFERRED and term.language in taken:
            problems.append(Problem(
                "duplicate", f"{entry.where} prefers '{taken[term.language]}' and '{term.text}' ({term.language}); "
                "the second is taken as admitted.", "Mark it as admitted.", concepts=(entry.id,),
                language=term.language,
            ))  # fmt: skip
            term = Term(term.text, term.language, ADMITTED)
        elif term.status == PREFERRED:
            taken[term.language] = term.text
        settled.append(term)
    return tuple(settled)


def definitions(texts: Mapping[str, str]) -> dict[str, str]:
    """Definitions by language, cleaned; empty ones are left out."""
    return {language: cleaned(text) for language, text in texts.items() if cleaned(text)}
