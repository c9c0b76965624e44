"""The nouns that only the catalog and those who ask it need."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from copilot.ids import policy_id
from copilot.types import Document

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
