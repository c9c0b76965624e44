"""The one choke point for permissions: what a principal may find, see and open, by the catalog alone.

Everything here fails closed: whatever is missing, odd or contradictory counts as forbidden.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from copilot.catalog import CURRENT, SUPERSEDED, Catalog, Key, Policy, Revision
from copilot.errors import AccessDenied
from copilot.types import Document, Principal, Where

_IN_FORCE = ("released", "superseded")


@dataclass(frozen=True, slots=True)
class Permit:
    """What one principal may find in one search, as of the moment it was asked for."""

    where: Where
    _catalog: Catalog = field(repr=False)
    _rights: Rights = field(repr=False)
    _chosen: frozenset[Key] | None = field(repr=False, default=None)

    def check(self, keys: Iterable[Key]) -> Mapping[Key, Document]:
        """The documents of those (document id, sha256) that may be shown now; everything else is dropped."""
        wanted = set(keys)
        if self._chosen is not None:
            wanted &= self._chosen
        if self.where.documents:
            wanted = {key for key in wanted if key[0] in self.where.documents}
        rows = self._catalog.revisions_of({key[0] for key in wanted})
        shown = self._rights.shown(rows)
        return {row.key: row.document for row in shown if row.key in wanted}

    def documents(self) -> list[Document]:
        """Every document that a search under this permit may find, by address."""
        rows = self._catalog.revisions()
        found = self.check([row.key for row in rows])
        return sorted(found.values(), key=lambda document: (document.uri, document.sha256))


@dataclass(frozen=True, slots=True)
class Rights:
    """Which policies a principal meets: by groups alone, and in which states a search looks."""

    policies: Mapping[str, Policy]
    groups: frozenset[str]
    states: frozenset[str]
    knowledge_bases: frozenset[str] | None = None

    def meets(self, policy: Policy) -> bool:
        """Whether the principal meets the demand on the reader; the state is not looked at."""
        if self.knowledge_bases is not None and policy.kb not in self.knowledge_bases:
            return False
        return _sound(policy) and (not policy.groups or not self.groups.isdisjoint(policy.groups))

    def readable(self, row: Revision) -> bool:
        """Whether the principal may read this revision, whatever its state."""
        policy = self.policies.get(row.policy)
        return policy is not None and not row.removed and _fits(policy, row) and self.meets(policy)

    def shown(self, rows: Sequence[Revision]) -> list[Revision]:
        """Those that a search may show; ``rows`` must hold all revisions of each document."""
        waiting = {row.document.id for row in rows if row.current and row.published_policy is None}
        return [row for row in rows if self.readable(row) and self._state(row, waiting) in self.states]

    def _state(self, row: Revision, waiting: Collection[str]) -> str:
        """New bytes come with the next publish: until then old ones stay what they were published as."""
        name = row.policy
        if not row.current and row.published_policy and row.document.id in waiting:
            name = row.published_policy
        policy = self.policies.get(name)
        return policy.state if policy else ""


def permit(
    catalog: Catalog,
    principal: Principal,
    *,
    knowledge_bases: Sequence[str] = (),
    documents: Sequence[str] = (),
    languages: Sequence[str] = (),
    as_of: dt.date | None = None,
) -> Permit:
    """What the principal may find now; with ``as_of``, of each edition the revision in force that day.

    Empty bounds mean everything that the principal may read. Without ``as_of`` only current ones are found.
    """
    states = frozenset({CURRENT}) if as_of is None else frozenset({CURRENT, SUPERSEDED})
    bases = frozenset(knowledge_bases) if knowledge_bases else None
    rights = _rights(catalog, principal, states, bases)
    allowed = frozenset(
        name for name, policy in rights.policies.items() if policy.state in states and rights.meets(policy)
    )
    include, exclude = _overlays(catalog, rights, allowed)
    chosen = None if as_of is None else frozenset(_in_force(catalog, rights, as_of))
    named = tuple(documents)
    if chosen is not None:
        # A bound by id keeps the other editions from taking the places of those in force.
        ids = {key[0] for key in chosen}
        named = tuple(sorted(ids.intersection(named) if named else ids)) or ("",)
    where = Where(allowed, include, exclude, tuple(languages), named)
    return Permit(where, catalog, rights, chosen)


def readable(catalog: Catalog, principal: Principal, document_id: str, sha256: str = "") -> Document:
    """That revision, or the newest one readable; raises AccessDenied, be it absent or forbidden."""
    rights = _rights(catalog, principal, frozenset())
    rows = [row for row in catalog.revisions_of([str(document_id)]) if rights.readable(row)]
    if sha256:
        rows = [row for row in rows if row.document.sha256 == sha256]
    if not rows:
        raise AccessDenied(
            "This document is not there, or it is not for you.",
            "Ask its owner for access, or check the link.",
        )
    return max(rows, key=lambda row: (row.current, row.added)).document


def glossary_bases(catalog: Catalog, principal: Principal, within: Collection[str] = ()) -> tuple[str, ...]:
    """The knowledge bases whose glossaries the principal may use, of those in ``within`` where any is named.

    A glossary is like a document without groups of its own: its base's default ones are demanded. Where the base
    holds documents, the principal must be let to one of them, too.
    """
    rights = _rights(catalog, principal, frozenset())
    held: dict[str, bool] = {}
    for policy in rights.policies.values():
        held[policy.kb] = held.get(policy.kb, False) or rights.meets(policy)
    open_to = [
        base.name for base in catalog.knowledge_bases()
        if (not base.default_acl or not rights.groups.isdisjoint(base.default_acl)) and held.get(base.name, True)
    ]
    return tuple(name for name in open_to if not within or name in within)


def readable_rows(catalog: Catalog, principal: Principal, rows: Iterable[Revision]) -> list[Revision]:
    """Those rows that the principal may read, whatever their state."""
    rights = _rights(catalog, principal, frozenset())
    return [row for row in rows if rights.readable(row)]


def _rights(
    catalog: Catalog, principal: Principal, states: frozenset[str], bases: frozenset[str] | None = None
) -> Rights:
    policies = {policy.id: policy for policy in catalog.policies()}
    return Rights(policies, _groups(principal.groups), states, bases)


def _groups(value: Any) -> frozenset[str]:
    """The principal's groups; anything but a collection of names counts as none."""
    if not isinstance(value, (tuple, list, set, frozenset)):
        return frozenset()
    return frozenset(name for name in value if isinstance(name, str) and name.strip())


def _sound(policy: Policy) -> bool:
    """Whether the policy is what its id says; one tampered with or half written is met by nobody."""
    if not all(isinstance(name, str) for name in policy.groups):
        return False
    return Policy.of(policy.kb, policy.groups, policy.state).id == policy.id


def _fits(policy: Policy, row: Revision) -> bool:
    """Whether the policy says what the row itself says."""
    document = row.document
    return policy.kb == document.kb and set(policy.groups) == set(document.acl)


def _overlays(
    catalog: Catalog, rights: Rights, allowed: frozenset[str]
) -> tuple[frozenset[str], frozenset[str]]:
    """Documents whose published points carry another policy than is demanded now: (include, exclude)."""
    pending = catalog.pending()
    rows = catalog.revisions_of({row.document.id for row in pending})
    shown = {row.key for row in rights.shown(rows)}
    visible = {key[0] for key in shown}
    include = {row.document.id for row in rows if row.key in shown and row.published_policy not in allowed}
    exclude = {
        row.document.id for row in rows if row.published_policy in allowed and row.document.id not in visible
    }
    return frozenset(include), frozenset(exclude)


def _in_force(catalog: Catalog, rights: Rights, as_of: dt.date) -> list[Key]:
    """Of each edition (family or number, in one language) the readable revisions in force on that date."""
    chains: dict[tuple[str, str, str], list[Revision]] = {}
    for row in catalog.revisions():
        document = row.document
        if rights.readable(row) and document.status in _IN_FORCE and _begun(row, as_of):
            edition = document.family or document.number or document.id
            chains.setdefault((document.kb, edition, document.language), []).append(row)
    return [key for rows in chains.values() for key in _latest(rows, as_of)]


def _begun(row: Revision, as_of: dt.date) -> bool:
    effective = row.document.effective
    return effective is None or effective <= as_of


def _latest(rows: list[Revision], as_of: dt.date) -> list[Key]:
    """The revisions of the latest effective date; of one document under one date the newest bytes by then."""
    newest = max(row.document.effective or dt.date.min for row in rows)
    kept: dict[str, Revision] = {}
    for row in sorted(rows, key=lambda row: row.added):
        known = kept.get(row.document.id)
        if (row.document.effective or dt.date.min) == newest and (known is None or row.added.date() <= as_of):
            kept[row.document.id] = row
    return [row.key for row in kept.values()]
