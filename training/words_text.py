"""Parallel text as rows of term numbers, analysed as the product analyses it, kept on disk between runs."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from copilot.language import ANALYSIS_VERSION, Concept, concepts
from copilot.language.compounds import lexicon

LANGUAGES = ("de", "es", "fr", "it", "pl", "pt", "zh")
# These make the dev sets: nothing is ever learned from them.
HELD_BACK = frozenset({"security-101", "owasp-asvs"})
PERMISSIVE = frozenset({"python-docs", "django-docs", "jenkins", "fastapi", "edgeai-beginners", "tldr"})
LONGEST_WORD = 40
LONGEST = 60  # terms of a side; longer rows are mostly lists, and cost most
# Each word stands in a row up to twice: in its fine reading (compounds in their parts, hyphened words apart) and in
# its coarse one (whole). Where both stood together, the parts would take the whole's translations, and leave it chance.
FINE, COARSE, FUNCTION = 1, 2, 4
Ints = npt.NDArray[np.int32]
Bytes = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Side:
    """One language's side of all rows: term numbers end to end, where each row starts, and what the numbers mean.

    ``roles`` tells of each number in which readings it stands; function words are marked, and stand in both.
    """

    flat: Ints
    roles: Bytes
    starts: npt.NDArray[np.int64]
    terms: tuple[str, ...]
    surfaces: tuple[str, ...]

    def reading(self, role: int) -> Ints:
        """The numbers of one reading; -1 for what does not stand in it."""
        return np.where(self.roles & role, self.flat, np.int32(-1))

    def words(self) -> npt.NDArray[np.bool_]:
        """Whether each term is a word that means something: no function word, no path or name of code."""
        found = np.zeros(len(self.terms), bool)
        found[self.flat[(self.roles & FUNCTION) == 0]] = True
        plain = [len(item) <= LONGEST_WORD and item.replace("-", "").isalpha() for item in self.surfaces]
        kept: npt.NDArray[np.bool_] = found & np.array(plain, bool)
        return kept


@dataclass(frozen=True, slots=True)
class Parallel:
    """All rows of English and one other language, and the source of each."""

    english: Side
    other: Side
    sources: tuple[str, ...]
    source_of: Ints


class _Numbers:
    """Numbers terms as they come, and remembers how each was written."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._numbers: dict[str, int] = {}
        self._written: dict[int, Counter[str]] = defaultdict(Counter)
        self._flat: list[int] = []
        self._roles: list[int] = []
        self._starts = [0]
        self._known: dict[str, tuple[list[int], list[int]]] = {}

    def add(self, text: str) -> None:
        if text not in self._known:
            found = list(readings(concepts(text, self._language), self._language))
            self._known[text] = [self._number(concept) for concept, _ in found], [role for _, role in found]
        numbers, roles = self._known[text]
        self._flat.extend(numbers)
        self._roles.extend(roles)
        self._starts.append(len(self._flat))

    def _number(self, concept: Concept) -> int:
        number = self._numbers.setdefault(concept.terms[0], len(self._numbers))
        self._written[number][concept.surface] += 1
        return number

    def side(self) -> Side:
        written = tuple(self._written[number].most_common(1)[0][0] for number in range(len(self._numbers)))
        return Side(
            np.array(self._flat, np.int32), np.array(self._roles, np.uint8), np.array(self._starts, np.int64),
            tuple(self._numbers), written,
        )  # fmt: skip


def readings(found: Sequence[Concept], language: str) -> list[tuple[Concept, int]]:
    """The words among a text's concepts, each with the readings that it stands in."""
    taken: list[tuple[Concept, int]] = []
    atoms: list[int] = []  # where the words of the running group stand, without their parts
    for concept in found:
        if any(char.isdigit() for char in concept.surface) or (language != "zh" and len(concept.terms[0]) < 2):
            continue
        if concept.kind == "part" and atoms:
            taken[atoms[-1]] = taken[atoms[-1]][0], taken[atoms[-1]][1] & ~FINE
            taken.append((concept, FINE))
        elif concept.kind == "compound":
            _whole_instead(taken, atoms, concept)
        elif concept.kind in ("word", "function"):
            atoms.append(len(taken))
            taken.append((concept, FINE | COARSE | (FUNCTION if concept.kind == "function" else 0)))
    return _chinese(taken) if language == "zh" else taken


def _whole_instead(taken: list[tuple[Concept, int]], atoms: list[int], joined: Concept) -> None:
    """In the coarse reading a joined word ("read-only") stands for its own words."""
    own = [place for place in atoms if taken[place][0].surface in joined.surface][-joined.surface.count("-") - 1 :]
    for place in range(own[0], len(taken)) if own else ():
        concept, role = taken[place]
        taken[place] = concept, role & ~COARSE
    taken.append((joined, COARSE))


def _chinese(taken: list[tuple[Concept, int]]) -> list[tuple[Concept, int]]:
    """Search mode gives the words inside a long word before it: fine are those, coarse is the long one."""
    written = [concept.surface for concept, _ in taken]
    for place, (whole, role) in enumerate(taken):
        inside = place
        while inside and written[inside - 1] in whole.surface and written[inside - 1] != whole.surface:
            inside -= 1
            taken[inside] = taken[inside][0], taken[inside][1] & ~COARSE
        if inside < place:
            taken[place] = whole, role & ~FINE
    return taken


def rows(path: Path, allowed: frozenset[str] | None = None) -> Iterator[tuple[str, str, str]]:
    """Source, English and the other side of each usable row; ``allowed`` names the sources taken, all if None."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        next(file)
        for line in file:
            source, english, other = line.rstrip("\n").split("\t")
            origin = source.partition("/")[0]
            if origin not in HELD_BACK and (allowed is None or origin in allowed):
                yield source, english, other


def analysed(path: Path, language: str, work: Path) -> Parallel:
    """The rows of one file in terms, from the work folder if the same file was analysed by the same analysis before."""
    stat = path.stat()
    key = hashlib.sha256(f"{path.name} {stat.st_size} {ANALYSIS_VERSION} {len(lexicon())}".encode()).hexdigest()[:12]
    kept = work / f"{language}-{key}.npz"
    if not kept.exists():
        _write(kept, _analyse(path, language))
    return _read(kept)


def _analyse(path: Path, language: str) -> Parallel:
    english, other = _Numbers("en"), _Numbers(language)
    sources: dict[str, int] = {}
    source_of = []
    for source, left, right in rows(path):
        english.add(left)
        other.add(right)
        source_of.append(sources.setdefault(source, len(sources)))
    return Parallel(english.side(), other.side(), tuple(sources), np.array(source_of, np.int32))


def _write(path: Path, data: Parallel) -> None:
    names = [data.english.terms, data.english.surfaces, data.other.terms, data.other.surfaces, data.sources]
    partial = path.with_suffix(".part.npz")
    np.savez(
        partial,
        left=data.english.flat, left_roles=data.english.roles, left_starts=data.english.starts,
        right=data.other.flat, right_roles=data.other.roles, right_starts=data.other.starts,
        source_of=data.source_of,
        names=np.frombuffer(json.dumps(names).encode(), np.uint8),
    )  # fmt: skip
    partial.replace(path)


def _read(path: Path) -> Parallel:
    with np.load(path) as kept:
        names: Sequence[Sequence[str]] = json.loads(kept["names"].tobytes())
        english = Side(kept["left"], kept["left_roles"], kept["left_starts"], tuple(names[0]), tuple(names[1]))
        other = Side(kept["right"], kept["right_roles"], kept["right_starts"], tuple(names[2]), tuple(names[3]))
        return Parallel(english, other, tuple(names[4]), kept["source_of"])
