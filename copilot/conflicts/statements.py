"""Every value that a passage gives, with what it is said of: the words around it, its bound, its conditions."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from copilot.conflicts.values import COUNT, DATE, SPAN, Value, values_of
from copilot.quantities import Quantity, quantities
from copilot.verification.clauses import Clause, clauses
from copilot.verification.figures import figures, plain
from copilot.verification.polarity import Polarity, polarity
from copilot.verification.sources import Source, texts_of
from copilot.verification.wording import Word, words

__all__ = ["COUNT", "DATE", "SPAN", "Statement", "statements"]

_FIELD = re.compile(r"([^|;\t:\n]{1,80}): ([^|;\t\n]+)(?:\s?[|;\t]\s?|$)")
_UNIT_HEAD = re.compile(r"unit|einheit|unité|unidad|unità|unidade|jednostka|单位", re.IGNORECASE)
# What was so before tells nothing of what is so now.
_FORMER = re.compile(
    r"\bformer(?:ly)?\b|\bprevious\w*|\bbefore the change\b|^before$|\bold\b|\bhitherto\b|\binstead of\b|"
    r"\brather than\b|"
    r"\bbisher\w*|\bzuvor\b|\bfrüher\w*|^vorher$|\balte[rnms]?\b|\bstatt\b|\banstatt\b|\bauparavant\b|^avant\b|"
    r"\bancien\w*|\bau lieu\b|\bprécédent\w*|^antes\b|\banterior\w*|\ben lugar\b|\bem vez\b|\bantig\w*|^prima\b|"
    r"\bprecedent\w*|\binvece\b|\bvecchi\w*|\bdawn\w*|\bdotychczas\w*|\bzamiast\b|\bpoprzedni\w*|\bprzed zmianą\b|"
    r"\bstar[aey]\w{0,2}\b|原|此前|变更前|旧|而不是|\brevision [a-z]\b.{0,3}$", re.IGNORECASE,
)
_LATER = re.compile(
    r"\bafter\b|\bnew\b|\bnow\b|\bnach(?:her)?\b|\bneu\w*|\baprès\b|\bnouve\w+|\bdopo\b|\bnuov\w|"
    r"\bdespués\b|"
    r"\bnuev\w|\bdepois\b|\bnov[oa]\b|\bpo\b|\bnow[aye]\b|\brevision\b|后|新", re.IGNORECASE
)
_FROM = re.compile(
    r"\b(?:from|von|vom|de|desde|da|dal|dall'|z|ze|由|从)\s?$|(?:由|从)$", re.IGNORECASE
)
_ABOUT = re.compile(
    r"\b(?:about|around|some|approx\w*|ca|circa|rund|etwa|environ|unos|unas|cerca de|około|ok|aproximadamente)"
    r"\.?\s?$|约$",
    re.IGNORECASE,
)
# Values that were found, not asked for: they contradict no rule.
_MEASURED = re.compile(
    r"\bmeasured\b|\bwas\b|\bwere\b|\breached\b|\bfell\b|\brose\b|\bgemessen\w*|\bbetrug\w*|\blag\b|\blagen\b|\bfiel\b|"
    r"\bmesur\w+|\bétait\b|\bmedid\w+|\bmisurat\w+|\bera\b|\berano\b|\bfoi\b|\bficou\b|\bfue\b|\bwyniós\w*|\bwyniosł\w*|"
    r"\bzmierzon\w*|测得|实测|达到|为止", re.IGNORECASE,
)
_DESIGNATED = re.compile(
    r"\b(?:wave|step|stage|phase|level|class|type|line|bay|module|station|cavity|group|zone|week|shift|variant|"
    r"version|chapter|section|table|figure|pin|no|number|batch|trial|"
    r"welle|schritt|stufe|klasse|typ|linie|feld|modul|gruppe|woche|schicht|variante|kapitel|abschnitt|tabelle|"
    r"bild|nummer|nr|charge|versuch|vague|étape|niveau|classe|ligne|poste|zone|semaine|équipe|chapitre|essai|lot|"
    r"onda|oleada|paso|etapa|fase|nivel|clase|línea|puesto|zona|semana|turno|capítulo|ensayo|lote|passo|linha|posto|"
    r"ondata|passo|livello|linea|modulo|postazione|gruppo|settimana|capitolo|prova|lotto|fala|krok|etap|poziom|klasa|"
    r"linia|moduł|stanowisko|grupa|strefa|tydzień|zmiana|rozdział|próba|partia)\.?$|[第波步级类型线区组批段]$",
    re.IGNORECASE,
)
_CONDITION = re.compile(
    r"\b(?:at|after|for|during|within|under|bei|nach|für|während|unter|à|après|pendant|sous|a|tras|durante|bajo|"
    r"después de|dopo|per|sotto|após|em|sob|przy|po|przez|w|od|in|from|ab)\s?$|[在经于]$|(?:[,(]\s?)$", re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Statement:
    """A value and what it is said of.

    ``kind`` is the dimension of its unit, count or date. ``low`` and ``high`` are its ends in ``unit``; ``bound`` is
    upper, lower or empty. ``near`` are the words of its clause or its row and column, ``all`` those of its sentence.
    ``conditions`` are other values that it depends on, as (dimension, value). ``former``: it was so, ``found``: it
    was measured.
    """

    kind: str
    unit: str
    low: Decimal
    high: Decimal
    shown: str
    text: str
    language: str
    quantity: Quantity | None
    bound: str
    about: bool
    former: bool
    found: bool
    near: tuple[Word, ...]
    all: tuple[Word, ...]
    head: tuple[Word, ...]
    """Of a row the words of its column; ``near`` are then those of its first cell alone"""
    noun: tuple[Word, ...]
    """Of a count the word after it: what is counted"""
    clause: str
    identifiers: frozenset[str]
    conditions: frozenset[tuple[str, str]]
    others: frozenset[tuple[str, str]]
    """The values of other kinds in its sentence, as (dimension, value)"""
    numbered: frozenset[str]
    """Numbers that tell its thing from others of its kind ("wave 1", "in 2023")"""
    polarity: Polarity
    row: bool
    place: float
    """Where it stands among the values of its kind in the passage, 0 to 1; -1 where it is the only one"""


@dataclass(frozen=True, slots=True)
class _Piece:
    """A sentence or row."""

    text: str
    language: str


@functools.lru_cache(maxsize=2048)
def kinds(source: Source) -> frozenset[str]:
    """The kinds of the values of a passage: most of it need not be read for a value of another kind."""
    found: set[str] = set()
    for text in texts_of(source):
        fields = _fields(text)
        made = (
            [made for *_, made in _values_of_row(fields, source.language)]
            if fields else values_of(plain(text), source.language)
        )
        found |= {item.kind for item in made}
    return frozenset(found)


@functools.lru_cache(maxsize=1024)
def statements(source: Source) -> tuple[Statement, ...]:
    """The statements of a passage, in order."""
    found: list[Statement] = []
    for text in texts_of(source):
        fields, piece = _fields(text), _Piece(text, source.language)
        found += _of_row(piece, fields) if fields else _of_sentence(piece)
    placed = []
    for number, item in enumerate(found):
        kin = [at for at, other in enumerate(found) if other.kind == item.kind]
        placed.append(replace(item, place=kin.index(number) / (len(kin) - 1)) if len(kin) > 1 else item)
    return tuple(placed)


def _fields(text: str) -> list[tuple[str, str]]:
    """(header, cell) of a row that is told as "Header: cell | Header: cell", at least two."""
    found = [(head.strip(), cell.strip()) for head, cell in _FIELD.findall(text)]
    return found if len(found) > 1 else []


def _named(fields: list[tuple[str, str]]) -> tuple[str, frozenset[str]]:
    """What a row is about by its cells: its name, and the number that it is told by where it has one."""
    label = [cell for head, cell in fields if not re.fullmatch(r"[^\w]*[\d.,\s±+/–-]+\S{0,4}", cell)][:1]
    name = label[0] if label else ""
    key = frozenset([fields[0][1]]) if re.search(r"\d", fields[0][1]) and fields[0][1] != name else frozenset()
    return name, key


def _values_of_row(fields: list[tuple[str, str]], language: str) -> Iterator[tuple[str, str, Value]]:
    """The values of a row, each with its column's head and the cell told under it."""
    unit = next((cell for head, cell in fields if _UNIT_HEAD.search(head)), "")
    name, key = _named(fields)
    for head, cell in fields:
        if cell == name or cell in key or _UNIT_HEAD.search(head) or unit and not re.search(r"[\d]", cell):
            continue
        told = f"{head}: {cell} {unit}".strip() if unit and not quantities(cell, language) else f"{head}: {cell}"
        for made in values_of(told, language):
            if made.start >= len(head) or made.found:
                yield head, told, made


def _of_row(piece: _Piece, fields: list[tuple[str, str]]) -> Iterator[Statement]:
    name, key = _named(fields)
    identifiers = frozenset(form for form, _ in figures(name, piece.language).identifiers)
    identifiers |= frozenset(form for form, _, _ in figures(name, piece.language).pairs)
    heads = [head for head, _ in fields]
    for head, told, made in _values_of_row(fields, piece.language):
        column = re.sub(r"[(].*?[)]", "", head)
        yield _statement(
            made, told, piece, (name, f"{name} {column}", column), identifiers, frozenset(),
            polarity(f"{name}, {head}", piece.language), _was(head, heads), key,
        )


def _was(head: str, heads: list[str]) -> bool:
    """Whether a column tells what was: "Before" beside "After"; "Avant" beside "Arrière" is the front."""
    return bool(_FORMER.search(head)) and any(_LATER.search(other) for other in heads)


def _of_sentence(piece: _Piece) -> Iterator[Statement]:
    text = plain(piece.text)
    values = list(values_of(text, piece.language))
    if not values:
        return
    read = figures(piece.text, piece.language)
    named = frozenset(form for form, _ in read.identifiers) | frozenset(form for form, _, _ in read.pairs)
    named |= frozenset(number.value for number in read.numbers if number.value.count(".") > 1)
    parts = clauses(text, piece.language)
    for made in values:
        clause = _clause_of(parts, made, text)
        before = text[: made.start]
        conditions = frozenset(
            (other.kind, f"{other.low}") for other in values
            if _CONDITION.search(text[: other.start]) and other.kind != made.kind
        )
        others = frozenset((other.kind, f"{other.low}") for other in values if other.kind != made.kind)
        former = bool(_FORMER.search(before[-26:])) or bool(_FROM.search(before)) and any(
            other.kind == made.kind and other.start > made.start for other in values
        )
        if _is_condition(made, values, text):
            continue
        yield _statement(
            made, text, piece, (clause, text, ""), named, conditions, polarity(clause, piece.language), former,
            others=others,
        )


def _is_condition(made: Value, values: list[Value], text: str) -> bool:
    """Whether another value of the sentence, which is no condition itself, depends on this one."""
    if not _CONDITION.search(text[: made.start]):
        return False
    return any(other.kind != made.kind and not _CONDITION.search(text[: other.start]) for other in values)


def _numbered(text: str, language: str) -> frozenset[str]:
    """Bare numbers after a word that no word follows, and years."""
    found = set()
    for number in figures(text, language).numbers:
        before, after = text[: number.start].rstrip(), text[number.end : number.end + 12].strip()
        year = re.fullmatch(r"(?:19|20)\d\d", number.value) is not None
        named = _DESIGNATED.search(before) is not None or (
            before[-1:].isalpha() and not number.unit and not number.spoken and not after[:1].isalpha()
        )
        if year or named and number.value.isdigit() and len(number.value) < 3:
            found.add(number.value)
    return frozenset(found)


def _clause_of(parts: tuple[Clause, ...], made: Value, text: str) -> str:
    place = 0
    for part in parts:
        start = text.find(part.text[:12], place)
        start = place if start < 0 else start
        if start <= made.start < start + len(part.text) + 2:
            kept = _without_units(part.words, made)
            enough = sum(len(word.surface) > 3 for word in kept) > 1
            head = re.split(r"[:：]", text[:start])  # "Front disc: minimum thickness 26 mm"
            told = f"{re.split(r'[,;，；]', head[-2])[-1].strip()}, {part.text}" if len(head) > 1 else part.text
            return told if enough or len(head) > 1 else text
        place = max(place, start)
    return text


def _statement(
    made: Value, text: str, piece: _Piece, about: tuple[str, str, str], identifiers: frozenset[str],
    conditions: frozenset[tuple[str, str]], read: Polarity, former: bool, key: frozenset[str] = frozenset(),
    others: frozenset[tuple[str, str]] = frozenset(),
) -> Statement:
    """``about``: the words next to the value, those around it, and of a row its column's; ``key``: what a row without
    a name is told by.
    """
    near, whole, head = about
    row = bool(head)
    clause = whole if row else near
    before = text[max(0, made.start - 24) : made.start]
    sides = {side for pair, side in polarity(clause, piece.language).sides if pair == 0}
    bound = {0: "upper", 1: "lower"}[min(sides)] if len(sides) == 1 else ""
    made = made if made.low <= made.high else replace(made, low=made.high, high=made.low)
    return Statement(
        made.kind, made.unit, made.low, made.high, made.shown.strip(), piece.text, piece.language, made.quantity,
        bound, bool(_ABOUT.search(before)), former, bool(_MEASURED.search(clause)),
        _without_units(words(near, piece.language), made), _without_units(words(whole, piece.language), made),
        words(head, piece.language), _noun(made, text, piece.language), clause,
        identifiers, conditions, others, key or _numbered(clause if row else piece.text, piece.language), read, row,
        -1.0,
    )


def _noun(made: Value, text: str, language: str) -> tuple[Word, ...]:
    after = re.split(r"[,.;:(|，。；]", text[made.end :])[0][:60] if made.kind == COUNT else ""
    return words(after, language)[:1]


def _without_units(found: tuple[Word, ...], made: Value) -> tuple[Word, ...]:
    return tuple(word for word in found if word.surface not in made.shown)
