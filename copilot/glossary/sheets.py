"""Term bases as tables, from CSV and XLSX: one row a concept with a column a language, or one row a term."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from copilot.catalog.nouns import FORBIDDEN, Term
from copilot.errors import UsageError
from copilot.glossary.entries import Entry, Problem, cleaned, is_language_code, language_of, status_of
from copilot.language import fold

Row = tuple[int, tuple[str, ...]]
"""(row number as a spreadsheet counts, its cells)"""

_FIELDS = {
    "concept": "concept conceptid id entry entryid key",
    "term": "term text word",
    "language": "language lang locale languagecode",
    "status": "status usage administrativestatus approval type",
    "definition": "definition description explanation meaning",
    "domain": "domain subject subjectfield field area",
    "use": "use useinstead replacement replacedby instead preferredterm",
    "source": "source sourceterm src srcterm",
    "target": "target targetterm translation tgt tgtterm",
    "source_language": "sourcelanguage sourcelang srclang srclanguage from",
    "target_language": "targetlanguage targetlang tgtlang tgtlanguage to",
}  # fmt: skip
_FIELD_OF = {name: field for field, names in _FIELDS.items() for name in names.split()}
# What `copilot glossary suggest` tells a reader beside its pairs.
_PASSED_OVER = frozenset({"score", "dice", "count", "pages", "example", "note", "notes", "comment"})
_SPLIT = re.compile(r"\s*[;|；\n]\s*")
_NAMED = re.compile(r"([A-Za-z]{2})\s*[:=]\s*(.+)")
_YES = frozenset("yes true 1 x ja oui si sim tak 是".split())
_NO = frozenset("no false 0 - nein non nao nie 否".split())
_WORDS = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class _Column:
    """What a column holds: a field, or terms (or definitions) of a language under a status.

    Terms without a language are of the row's.
    """

    field: str
    language: str = ""
    status: str = ""


def read_rows(rows: Sequence[Row], name: str) -> tuple[list[Entry], list[Problem]]:
    """The entries of a table whose first row names its columns; raises UsageError where they cannot be told."""
    if not rows:
        raise UsageError(f"'{name}' is empty.", "Give a table whose first row names its columns.")
    problems: list[Problem] = []
    columns = _columns(rows[0][1], problems)
    fields = {column.field for column in columns if column}
    reader = _reader(columns)
    if reader is _by_concept and not any(column and column.field == "terms" and column.language for column in columns):
        raise UsageError(
            f"'{name}' names no column of terms: {', '.join(cell for cell in rows[0][1] if cell)[:200] or 'nothing'}.",
            "Name columns by language (de, en, de_forbidden, de_definition ...), or give concept, language, term, "
            "status.",
        )  # fmt: skip
    needed = _NEEDED[reader.__name__]
    missing = [item for item in needed if item not in fields]
    if reader is _by_term and not {"concept", "use"} & fields:
        missing.append("concept")
    if missing:
        raise UsageError(f"'{name}' lacks the column '{missing[0]}'.", "Add it: copilot glossary import --help.")
    entries = [entry for row in rows[1:] if any(row[1]) for entry in reader(row, columns, problems)]
    return entries, problems


def _reader(columns: Sequence[_Column | None]) -> _Reader:
    fields = {column.field for column in columns if column}
    if "term" in fields:
        return _by_term
    if {"source", "target"} <= fields:
        return _by_pair
    bare = any(column and column.field == "terms" and not column.language for column in columns)
    return _by_language if bare and "language" in fields else _by_concept


def _columns(head: Sequence[str], problems: list[Problem]) -> list[_Column | None]:
    found: list[_Column | None] = []
    for cell in head:
        column = _column(cell)
        if column is None and cell.strip() and fold(cell.strip()) not in _PASSED_OVER:
            problems.append(Problem("ignored", f"The column '{cleaned(cell)[:60]}' is not known and was passed over."))
        found.append(column)
    return found


def _column(head: str) -> _Column | None:
    """'de', 'German', 'de (forbidden)', 'forbidden_de', 'de_definition', 'status', ..."""
    if fold(re.sub(r"[\W_]", "", head)) in _FIELD_OF:
        return _Column(_FIELD_OF[fold(re.sub(r"[\W_]", "", head))])
    if language_of(head):
        return _Column("terms", language_of(head) or "")
    words = [word for word in _WORDS.findall(head) if fold(word) not in ("term", "terms", "use")]
    spoken = [language_of(word) for word in words]
    language = next((item for item in spoken if item), None)
    if language is None:
        status = status_of("".join(words)) or next(filter(None, map(status_of, words)), "")
        return _Column("terms", "", status) if status and len(words) <= 2 else None
    others = [fold(word) for word, item in zip(words, spoken, strict=True) if item is None]
    others = [word for word in others if not re.fullmatch(r"[a-z]{2}|\d+", word)]  # de-DE, en 2
    if not others:
        return _Column("terms", language)
    if others[0] in _FIELDS["definition"].split():
        return _Column("definition", language)
    said = [status for status in (status_of("".join(others)), *map(status_of, others)) if status]
    return _Column("terms", language, FORBIDDEN if FORBIDDEN in said else said[0]) if said else None


def _cells(row: Row, columns: Sequence[_Column | None]) -> dict[str, str]:
    """The cells of the plain fields."""
    return {
        column.field: cell.strip() for column, cell in zip(columns, row[1], strict=False)
        if column and column.field != "terms" and not column.language
    }  # fmt: skip


def _bare(
    row: Row, columns: Sequence[_Column | None], language: str, entry: Entry, problems: list[Problem]
) -> Iterator[Term]:
    """The terms of columns that name a status but no language: of ``language``, or as the cell says ('de: Mutter')."""
    for column, cell in zip(columns, row[1], strict=False):
        if column is None or column.field != "terms" or column.language:
            continue
        for text in filter(None, _SPLIT.split(cell.strip())):
            named = _NAMED.fullmatch(text)
            spoken = language_of(named.group(1)) if named else None
            if spoken and named:
                yield Term(named.group(2), spoken, column.status)
            elif language:
                yield Term(text, language, column.status)
            else:
                problems.append(Problem(
                    "unreadable", f"{entry.where}: of which language is '{text[:40]}' ({column.status})?",
                    f"Name the column {column.status}_de, say, or write 'de: {text[:40]}'.", grave=True,
                ))  # fmt: skip


def _by_concept(row: Row, columns: Sequence[_Column | None], problems: list[Problem]) -> Iterator[Entry]:
    """One concept a row; a cell may hold several terms, parted by semicolons, the first of them preferred."""
    cells = _cells(row, columns)
    entry = Entry(f"Row {row[0]}", cells.get("concept", ""), domain=cells.get("domain", ""))
    for column, cell in zip(columns, row[1], strict=False):
        if column is None or not column.language or not cell.strip():
            continue
        if column.field == "definition":
            entry.definitions[column.language] = cleaned(cell)
            continue
        entry.terms.extend(Term(text, column.language, column.status) for text in _SPLIT.split(cell) if text.strip())
    spoken = {column.language for column in columns if column and column.field == "terms" and column.language}
    entry.terms.extend(_bare(row, columns, spoken.pop() if len(spoken) == 1 else "", entry, problems))
    _general_definition(entry, cells)
    yield entry


def _by_term(row: Row, columns: Sequence[_Column | None], problems: list[Problem]) -> Iterator[Entry]:
    """One term a row; rows of one concept belong together, or a term names the one to use instead."""
    cells = _cells(row, columns)
    language = _spoken(cells.get("language", ""), row, problems)
    status = _status(cells, row, problems)
    if language is None:
        return
    row, flagged = _flags(row, columns)
    status = status or flagged
    use = cells.get("use", "")
    entry = Entry(f"Row {row[0]}", cells.get("concept", ""), domain=cells.get("domain", ""))
    if use and fold(use) != fold(cells.get("term", "")):
        entry.id = entry.id or f"{language}:{fold(cleaned(use))}"
        entry.terms = [Term(use, language), Term(cells["term"], language, status or FORBIDDEN)]
    else:
        entry.id = entry.id or f"{language}:{fold(cleaned(cells['term']))}"
        entry.terms = [Term(cells["term"], language, status)]
    entry.terms.extend(_bare(row, columns, language, entry, problems))
    _general_definition(entry, cells)
    yield entry


def _flags(row: Row, columns: Sequence[_Column | None]) -> tuple[Row, str]:
    """A column 'forbidden' may say yes or no of the row's term: the row without such cells, and the status said."""
    cells, said = list(row[1]), ""
    for place, (column, cell) in enumerate(zip(columns, cells, strict=False)):
        if column and column.field == "terms" and not column.language and fold(cell.strip()) in _YES | _NO:
            said = column.status if fold(cell.strip()) in _YES else said
            cells[place] = ""
    return (row[0], tuple(cells)), said


def _by_language(row: Row, columns: Sequence[_Column | None], problems: list[Problem]) -> Iterator[Entry]:
    """One concept in one language a row: concept, language, preferred, admitted, forbidden."""
    cells = _cells(row, columns)
    language = _spoken(cells.get("language", ""), row, problems)
    if language is not None:
        entry = Entry(f"Row {row[0]}", cells.get("concept", ""), domain=cells.get("domain", ""))
        entry.terms = list(_bare(row, columns, language, entry, problems))
        if cells.get("definition"):
            entry.definitions[language] = cleaned(cells["definition"])
        yield entry


def _by_pair(row: Row, columns: Sequence[_Column | None], problems: list[Problem]) -> Iterator[Entry]:
    """One pair a row: source_language, source, target_language, target."""
    cells = _cells(row, columns)
    entry = Entry(f"Row {row[0]}", cells.get("concept", ""), domain=cells.get("domain", ""))
    for side, status in (("source", ""), ("target", _status(cells, row, problems))):
        language = _spoken(cells.get(f"{side}_language", ""), row, problems)
        if language is not None:
            entry.terms.append(Term(cells[side], language, status))
    entry.terms.extend(_bare(row, columns, language_of(cells["target_language"]) or "", entry, problems))
    _general_definition(entry, cells)
    yield entry


_Reader = Callable[[Row, Sequence[_Column | None], list[Problem]], Iterator[Entry]]
_NEEDED: Mapping[str, tuple[str, ...]] = {
    _by_concept.__name__: (), _by_term.__name__: ("language",), _by_language.__name__: ("language",),
    _by_pair.__name__: ("source_language", "target_language"),
}  # fmt: skip


def _spoken(text: str, row: Row, problems: list[Problem]) -> str | None:
    language = language_of(text)
    if language is None:
        known = is_language_code(text)
        problems.append(Problem(
            "ignored" if known else "unreadable",
            f"Row {row[0]}: " + (f"the language '{text}' is not one of ours." if text else "no language is named."),
            "" if known else "Write it as a code, say de.", grave=not known,
        ))  # fmt: skip
    return language


def _status(cells: Mapping[str, str], row: Row, problems: list[Problem]) -> str:
    status = status_of(cells.get("status", ""))
    if status is None:
        problems.append(Problem(
            "unreadable", f"Row {row[0]}: the status '{cells['status'][:40]}' is not known.",
            "Write preferred, admitted or forbidden.", grave=True,
        ))  # fmt: skip
    return status or ""


def _general_definition(entry: Entry, cells: Mapping[str, str]) -> None:
    if cells.get("definition") and entry.terms:
        entry.definitions.setdefault(entry.terms[0].language, cleaned(cells["definition"]))
