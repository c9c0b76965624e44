"""Taking a term base's file into the catalog: all of it, or nothing where it contradicts itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from copilot.catalog import Catalog
from copilot.catalog.nouns import TermConcept
from copilot.errors import UsageError
from copilot.glossary.contradictions import contradictions
from copilot.glossary.entries import Problem, to_concepts
from copilot.glossary.reading import read_entries
from copilot.types import KnowledgeBase

_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import took in; ``problems`` are those that did not stand in its way."""

    file: str
    kb: str
    concepts: int
    terms: int
    forbidden: int
    languages: tuple[str, ...]
    knowledge_base_made: bool
    problems: tuple[Problem, ...]


def import_glossary(
    catalog: Catalog, path: Path, kb: str, form: str = "", *, replace: bool = False
) -> Imported:
    """Import a TBX, CSV or XLSX file into a knowledge base's glossary; searches and translations use it at once.

    Concepts are replaced by id; ``replace`` removes those that the file does not hold. Raises UsageError, and
    imports nothing, where the file cannot be read or the glossary would contradict itself.
    """
    entries, problems = read_entries(path, form)
    concepts, more = to_concepts(entries, kb, path.name)
    problems += more
    if not concepts:
        raise _refused(path, problems or [Problem("empty", "It holds no term.", "Fill it in.", grave=True)])
    new = {concept.id for concept in concepts}
    others = [] if replace else [concept for concept in catalog.concepts([kb]) if concept.id not in new]
    problems += contradictions([*others, *concepts])
    if any(problem.grave for problem in problems):
        raise _refused(path, problems)
    made = kb not in {base.name for base in catalog.knowledge_bases()}
    if made:
        catalog.put_knowledge_base(KnowledgeBase(kb, kb))
    catalog.put_concepts(kb, concepts, replace=replace)
    return _summary(path, kb, concepts, made, problems)


def _summary(
    path: Path, kb: str, concepts: Sequence[TermConcept], made: bool, problems: Sequence[Problem]
) -> Imported:
    terms = [term for concept in concepts for term in concept.terms]
    languages = tuple(sorted({term.language for term in terms}))
    forbidden = sum(term.status == "forbidden" for term in terms)
    return Imported(path.name, kb, len(concepts), len(terms), forbidden, languages, made, tuple(problems))


def _refused(path: Path, problems: Sequence[Problem]) -> UsageError:
    grave = [problem for problem in problems if problem.grave] or list(problems)
    lines = [f"{problem.message} {problem.cure}".strip() for problem in grave[:_SHOWN]]
    more = f"and {len(grave) - _SHOWN} more." if len(grave) > _SHOWN else ""
    return UsageError(f"Nothing of '{path.name}' was imported:", " ".join([*lines, more]).strip())
