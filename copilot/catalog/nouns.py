"""The nouns that only the catalog and those who ask it need."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from copilot.ids import policy_id
from copilot.types import Document

PREFERRED = "preferred"
ADMITTED = "admitted"
FORBIDDEN = "forbidden"

CURRENT = "current"
SUPERSEDED = "superseded"
DRAFT = "draft"

Key = tuple[str, str]
"""(document id, sha256)"""


@dataclass(frozen=True, slots=True)
class Policy:
    """What a document demands of its reader: any of the groups (none: public), in a base and a state."""

    id: str
    kb: str
    groups: tuple[str, ...]
    state: str

    @classmethod
    def of(cls, kb: str, groups: Iterable[str], state: str) -> Policy:
        """The policy with the id that its content gives it."""
        names = tuple(sorted(set(groups)))
        return cls(policy_id(kb, names, state), kb, names, state)

    def in_state(self, state: str) -> Policy:
        """The same demand on the reader in another state."""
        return Policy.of(self.kb, self.groups, state)


@dataclass(frozen=True, slots=True)
class Revision:
    """A row of the catalog: the document of one revision of its bytes, and which policy holds where.

    ``policy`` is demanded now, ``stored_policy`` is what the writer's points carry, ``published_policy`` what
    those of the generation published last carry; None where there are no points.
    """

    document: Document
    policy: str
    stored_policy: str | None
    published_policy: str | None
    removed: bool
    current: bool
    added: dt.datetime

    @property
    def key(self) -> Key:
        """The document's id and the digest of its bytes."""
        return (self.document.id, self.document.sha256)


@dataclass(frozen=True, slots=True)
class Feedback:
    """What a reader thought of an answer; ``verdict`` is up or down."""

    id: int
    principal: str
    question: str
    verdict: str
    comment: str
    created: dt.datetime


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation of one principal, titled by its first question."""

    id: str
    principal: str
    title: str
    created: dt.datetime
    updated: dt.datetime


@dataclass(frozen=True, slots=True)
class Turn:
    """A question with its answer as JSON; ``answer`` is empty where it may no longer be shown."""

    id: int
    conversation: str
    question: str
    answer: Mapping[str, Any]
    created: dt.datetime


@dataclass(frozen=True, slots=True)
class Term:
    """A word or phrase for a concept in one language; ``status`` is preferred, admitted or forbidden."""

    text: str
    language: str
    status: str = PREFERRED


@dataclass(frozen=True, slots=True)
class TermConcept:
    """One thing of a knowledge base's glossary and all its terms; ``definitions`` are by language.

    ``source`` names the file that it was imported from.
    """

    id: str
    kb: str
    terms: tuple[Term, ...]
    definitions: Mapping[str, str] = field(default_factory=dict)
    domain: str = ""
    source: str = ""

    def of(self, language: str, *statuses: str) -> tuple[Term, ...]:
        """Its terms in a language, in the glossary's order; only those of the statuses, where any is named."""
        return tuple(
            term for term in self.terms if term.language == language and (not statuses or term.status in statuses)
        )

    def preferred(self, language: str) -> str:
        """The term to use in a language, or an empty string."""
        found = self.of(language, PREFERRED) or self.of(language, ADMITTED)
        return found[0].text if found else ""

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages in which it has a term that may be used."""
        return tuple(sorted({term.language for term in self.terms if term.status != FORBIDDEN}))


@dataclass(frozen=True, slots=True)
class Unit:
    """A sentence and its translation by people; ``kb`` is empty where it belongs to everybody."""

    source_language: str
    target_language: str
    source: str
    target: str
    kb: str = ""
    reviewed: bool = False
    author: str = ""
