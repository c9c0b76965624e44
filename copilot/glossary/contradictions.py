"""What a glossary says against itself: forbidden terms that are to be used elsewhere, circles, shared terms."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence

from copilot.catalog.nouns import FORBIDDEN, TermConcept
from copilot.glossary.entries import Problem

_Key = tuple[str, str]
"""(language, term without case)"""


def contradictions(concepts: Sequence[TermConcept]) -> list[Problem]:
    """The problems among the concepts of one knowledge base, grave ones first."""
    leads = _leads(concepts)
    endless = _peeled(leads)
    problems = [*_circles(leads, endless), *_chains(leads, endless), *_without_a_term(concepts), *_shared(concepts)]
    return sorted(problems, key=lambda problem: not problem.grave)


def _leads(concepts: Sequence[TermConcept]) -> dict[_Key, dict[_Key, TermConcept]]:
    """{forbidden term: {the term to use instead: the concept that says so}}."""
    found: dict[_Key, dict[_Key, TermConcept]] = defaultdict(dict)
    for concept in concepts:
        for term in concept.terms:
            instead = concept.preferred(term.language)
            if term.status == FORBIDDEN and instead:
                key = (term.language, term.text.casefold())
                found[key][term.language, instead.casefold()] = concept
    return found


def _circles(leads: Mapping[_Key, Mapping[_Key, TermConcept]], left: Collection[_Key]) -> Iterator[Problem]:
    """Forbidden terms that lead back to themselves; ``left`` are those that lead on without an end."""
    done: set[_Key] = set()
    for start in left:
        path: list[_Key] = []
        at = start
        while at not in path and at not in done:
            path.append(at)
            at = next(target for target in leads[at] if target in left)
        if at in path:
            circle = path[path.index(at) :]
            names = [name for _, name in [*circle, circle[0]]]
            shown = " -> ".join(names if len(names) < 12 else [*names[:10], "...", names[-1]])
            yield Problem(
                "cycle", f"These forbidden terms ({start[0]}) lead in a circle: {shown}.",
                "Decide which of them is to be used, and forbid only the others.", grave=True,
                concepts=tuple(next(iter(leads[key].values())).id for key in circle), language=start[0],
            )  # fmt: skip
        done.update(path)


def _peeled(leads: Mapping[_Key, Mapping[_Key, TermConcept]]) -> dict[_Key, None]:
    """The forbidden terms from which every way goes on and on: what leads out is taken away until nothing does."""
    sources: dict[_Key, list[_Key]] = defaultdict(list)
    open_ways = {}
    for start, targets in leads.items():
        open_ways[start] = sum(target in leads for target in targets)
        for target in targets:
            sources[target].append(start)
    ended = [key for key, count in open_ways.items() if not count]
    gone = set(ended)
    while ended:
        for start in sources[ended.pop()]:
            open_ways[start] -= 1
            if not open_ways[start] and start not in gone:
                gone.add(start)
                ended.append(start)
    return {key: None for key in leads if key not in gone}


def _chains(leads: Mapping[_Key, Mapping[_Key, TermConcept]], endless: Collection[_Key]) -> Iterator[Problem]:
    """A term to use instead of another that is itself forbidden; those in a circle are told as such."""
    for start, targets in leads.items():
        for target, concept in targets.items():
            if target in leads and not (start in endless and target in endless):
                other = next(iter(leads[target].values()))
                yield Problem(
                    "contradiction",
                    f"Concept '{concept.id}' says '{target[1]}' ({target[0]}) instead of '{start[1]}', "
                    f"but concept '{other.id}' forbids '{target[1]}'.",
                    "Let both name the same term.", grave=True, concepts=(concept.id, other.id), language=start[0],
                )  # fmt: skip


def _without_a_term(concepts: Sequence[TermConcept]) -> Iterator[Problem]:
    for concept in concepts:
        for language in sorted({term.language for term in concept.terms}):
            if not concept.preferred(language):
                names = ", ".join(term.text for term in concept.of(language))
                yield Problem(
                    "contradiction", f"Concept '{concept.id}' forbids {names} ({language}) and names no term to use.",
                    "Add the preferred term.", concepts=(concept.id,), language=language,
                )  # fmt: skip


def _shared(concepts: Sequence[TermConcept]) -> Iterator[Problem]:
    """One term under two concepts: allowed (words have several senses), but worth a look."""
    holders: dict[_Key, list[tuple[TermConcept, str]]] = defaultdict(list)
    for concept in concepts:
        for term in concept.terms:
            holders[term.language, term.text.casefold()].append((concept, term.status))
    for (language, name), found in holders.items():
        if len(found) < 2:
            continue
        ids = tuple(concept.id for concept, _ in found)
        statuses = {status == FORBIDDEN for _, status in found}
        if len(statuses) == 2:
            kind, text = "ambiguous", f"'{name}' ({language}) is forbidden in one concept and used in another: "
        else:
            kind, text = "duplicate", f"'{name}' ({language}) stands under {len(ids)} concepts: "
        yield Problem(kind, text + ", ".join(ids) + ".", "Merge them, or tell the terms apart.", concepts=ids,
                      language=language)  # fmt: skip
