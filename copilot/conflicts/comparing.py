"""Two passages side by side: the values on which they contradict each other, if both apply at the same time."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from copilot.conflicts.agreeing import agree, comparable
from copilot.conflicts.likeness import Near, apart, counted, features, grounded, likeness, partner
from copilot.conflicts.named import akin, names, strangers, variants
from copilot.conflicts.statements import Statement, kinds, statements
from copilot.types import Applicability
from copilot.verification.engineering import EngineeringWords
from copilot.verification.sources import Source
from copilot.verification.wording import Wording

CURRENT = "released"
_NOT_CURRENT = frozenset({"superseded", "withdrawn", "draft", "obsolete", "archived", "cancelled", "replaced"})
LIKELY = 0.3  # of two passages, from which two values are taken for one thing
SURE = 0.6  # the same in an answer, where a dozen passages stand against each claim
CERTAIN = 0.9  # the same of documents of two families
_NEAR = 0.5  # a partner as likely as this share of the best one counts, too
_COUNTED = 0.25


@dataclass(frozen=True, slots=True)
class Told:
    """A passage as it is compared: its text, the headings above it, what its document applies to, its status.

    ``family`` is shared by editions and translations of one document: a value that stands in one stands in all.
    """

    source: Source
    titles: str = ""
    applicability: Applicability = Applicability()
    status: str = CURRENT
    family: str = ""
    number: str = ""

    @property
    def names(self) -> frozenset[str]:
        """The models and identifiers that its document and its headings name."""
        return names(self.titles, self.source.language, self.number, self.applicability.models)

    def kin(self, other: Told) -> bool:
        """Whether both are editions of one document."""
        return bool(self.family) and self.family == other.family or bool(self.number) and self.number == other.number


@dataclass(frozen=True, slots=True)
class Difference:
    """Two statements about one thing that cannot both hold, and how likely they are about one thing."""

    a: Statement
    b: Statement
    chance: float


@functools.cache
def default_wording() -> Wording:
    """Words compared by the shipped table; by spelling alone where it is missing."""
    from copilot.errors import ModelError
    from copilot.language.wordtable import open_word_table

    try:
        return Wording(EngineeringWords(open_word_table()))
    except ModelError:
        return Wording(None)


@functools.cache
def default_near() -> Near:
    """The cosine by the shipped embedder, whatever embedder searches: the weights were fitted to it."""
    import numpy as np

    from copilot.embedding import open_query_embedder
    from copilot.settings import EmbedderSettings

    embedder = open_query_embedder(EmbedderSettings())

    @functools.lru_cache(maxsize=4096)
    def vector(text: str) -> Any:
        return np.asarray(embedder.get_text_embedding_batch([text])[0])

    return lambda one, other: float(vector(one) @ vector(other))


def current(status: str) -> bool:
    """Whether a document of this status says what holds now."""
    return status.strip().lower() not in _NOT_CURRENT


def overlapping(a: Applicability, b: Applicability) -> bool:
    """Whether something is under both: an empty field means everything."""
    pairs = ((a.sites, b.sites), (a.models, b.models), (a.years, b.years))
    return all(not one or not other or set(one) & set(other) for one, other in pairs)


def differences(a: Told, b: Told, wording: Wording | None = None, near: Near | None = None) -> list[Difference]:
    """The likeliest first; none where one passage is not current, or the two apply to different things."""
    if not applies(a, b):
        return []
    known, titles = wording or default_wording(), ("", "")
    found = [item for item in matched(known, near or default_near(), a, b)
             if item.chance >= LIKELY and not agree(item.a, item.b) and not variants(known, item.a, item.b, titles)]
    return sorted(found, key=lambda item: -item.chance)


def measured(wording: Wording, near: Near, a: Told, b: Told) -> dict[tuple[int, int], tuple[float, ...]]:
    """The features of each pair of statements that can be compared, by their places in the two passages."""
    ours, theirs = statements(a.source), statements(b.source)
    found = {}
    for i, one in enumerate(ours):
        for j, other in enumerate(theirs):
            if comparable(one, other) and not _apart(a, one, b, other) and _alike(wording, one, other):
                common = _common(ours, theirs, i, j)
                found[i, j] = features(wording, near, one, other, (a.titles, b.titles), common)
    return found


def _apart(a: Told, one: Statement, b: Told, other: Statement) -> bool:
    """Whether something names them as two: what stands in the statements, or what their documents are called."""
    return apart(one, other) or not a.kin(b) and strangers(one, other, a.names, b.names)


def _alike(wording: Wording, a: Statement, b: Statement) -> bool:
    """Whether two counts may be of one thing; other values may."""
    return not (a.noun and b.noun) or counted(wording, a, b) >= _COUNTED


def _common(ours: Sequence[Statement], theirs: Sequence[Statement], i: int, j: int) -> float:
    """The share of the other values of the shorter passage that the other passage has, too."""
    mine = [(item.kind, item.low) for number, item in enumerate(ours) if number != i]
    its = [(item.kind, item.low) for number, item in enumerate(theirs) if number != j]
    fewest = min(len(mine), len(its))
    return len(set(mine) & set(its)) / fewest if fewest else 0.0


def matched(wording: Wording, near: Near, a: Told, b: Told) -> list[Difference]:
    """Statements that are each other's likeliest partner; those with a partner of the same value are settled."""
    ours, theirs = statements(a.source), statements(b.source)
    table = {place: likeness(values) for place, values in measured(wording, near, a, b).items()}
    found = []
    for (i, j), chance in table.items():
        row = [value for (x, _), value in table.items() if x == i]
        column = [value for (_, y), value in table.items() if y == j]
        if chance >= max(row) and chance >= max(column) and not _settled(ours, theirs, i, j, table):
            found.append(Difference(ours[i], theirs[j], chance))
    return found


def _settled(
    ours: tuple[Statement, ...], theirs: tuple[Statement, ...], i: int, j: int, table: dict[tuple[int, int], float]
) -> bool:
    """Whether either value stands in the other passage too, said of nearly as like a thing."""
    if agree(ours[i], theirs[j]):
        return False
    near = table[i, j] * _NEAR
    return any(
        (x == i or y == j) and value >= near and agree(ours[x], theirs[y]) for (x, y), value in table.items()
    )


def contradicted(
    quote: Told, mine: Sequence[Told], theirs: Sequence[Told], wording: Wording | None = None, near: Near | None = None
) -> list[tuple[Difference, int]]:
    """What another document says otherwise than a quote: the difference, and in which of its passages ``theirs``.

    All passages of both documents that were found take part: a value that its own document gives for another thing,
    or that the other document has for this thing, too, contradicts nothing.
    """
    known, cosine = wording or default_wording(), near or default_near()
    found = []
    for number, one in enumerate(statements(quote.source)):
        row = [
            (chance, index, other)
            for index, told in enumerate(theirs) if applies(quote, told)
            for other, chance in _partners(known, cosine, quote, number, told)
        ]
        best = max(row, key=lambda item: item[0], default=None)
        if best is None or best[0] < SURE or any(agree(one, item[2]) for item in row if item[0] >= _NEAR * best[0]):
            continue
        if not _certain(known, quote, one, theirs[best[1]], best[2], best[0]):
            continue
        if _beside(quote, one, best[2]) or _beside(theirs[best[1]], best[2], one):
            continue
        back = [
            (chance, other)
            for told in mine
            for other, chance in _partners(known, cosine, theirs[best[1]], _place(theirs[best[1]], best[2]), told)
        ]
        rivals = [item for item in back if item[0] >= _NEAR * best[0]]
        if not any(agree(best[2], item[1]) or item[0] > best[0] and not agree(one, item[1]) for item in rivals):
            found.append((Difference(one, best[2], best[0]), best[1]))
    return found


def _certain(wording: Wording, a: Told, one: Statement, b: Told, other: Statement, chance: float) -> bool:
    """Whether two values may be shown as a conflict: of two families only with much that speaks for one thing."""
    if a.kin(b):
        return True
    titles = (a.titles, b.titles)
    tied = bool(a.names & b.names) or akin(wording, one, other, titles)
    return tied and chance >= CERTAIN and not variants(wording, one, other, titles)


def _beside(told: Told, one: Statement, other: Statement) -> bool:
    """Whether the sentence of ``one`` gives the value of ``other``, too: of a list of stages, say."""
    kin = [item for item in statements(told.source) if item.text == one.text and comparable(item, other)]
    return any(agree(item, other) for item in kin)


def applies(a: Told, b: Told) -> bool:
    """Whether both say what holds now, of something that both apply to."""
    return current(a.status) and current(b.status) and overlapping(a.applicability, b.applicability)


def _place(told: Told, item: Statement) -> int:
    return statements(told.source).index(item)


def _partners(wording: Wording, near: Near, a: Told, number: int, b: Told) -> list[tuple[Statement, float]]:
    """The statements of ``b`` that may be of the same as one of ``a``, with their probabilities; no unlikely ones."""
    ours = statements(a.source)
    one = ours[number]
    if one.former or one.kind not in kinds(b.source):
        return []
    theirs = statements(b.source)
    found = []
    for j, other in enumerate(theirs):
        if comparable(one, other) and not _apart(a, one, b, other) and _alike(wording, one, other):
            common = _common(ours, theirs, number, j)
            # Editions say the same in other words: their likeness needs no word that both are known to have.
            kin = a.kin(b)
            values = partner(wording, near, one, other, (a.titles, b.titles), common, _NEAR * SURE, kin)
            if values and (kin or grounded(values)):
                found.append((other, likeness(values)))
    return found
