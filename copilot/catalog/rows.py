"""Rows of the catalog to nouns, and back."""

from __future__ import annotations

import datetime as dt
from typing import Any

from copilot.catalog.nouns import Conversation, Feedback, Policy, Revision, Turn
from copilot.catalog.tables import (
    ConversationRow,
    FeedbackRow,
    JobRow,
    KnowledgeBaseRow,
    OutcomeRow,
    PolicyRow,
    RevisionRow,
    TurnRow,
)
from copilot.types import Applicability, Document, Job, KnowledgeBase, Outcome, OutcomeStatus

_PLAIN = (
    "kb", "uri", "title", "media_type", "language", "number", "family", "revision", "status", "effective",
    "supersedes", "owner", "pipeline", "source", "pages",
)  # fmt: skip


def now() -> dt.datetime:
    """The time in UTC."""
    return dt.datetime.now(dt.UTC)


def aware(moment: dt.datetime) -> dt.datetime:
    """SQLite gives times back without their zone; all of ours are UTC."""
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)


def document_columns(document: Document) -> dict[str, Any]:
    """The columns of a document, all but its key."""
    columns = {name: getattr(document, name) for name in _PLAIN}
    scope = document.applicability
    return columns | {
        "sites": list(scope.sites), "models": list(scope.models), "years": list(scope.years),
        "labels": list(document.labels), "acl": list(document.acl),
    }  # fmt: skip


def to_document(row: RevisionRow) -> Document:
    """The document of a row."""
    return Document(
        id=row.id,
        sha256=row.sha256,
        applicability=Applicability(tuple(row.sites), tuple(row.models), tuple(row.years)),
        labels=tuple(row.labels),
        acl=tuple(row.acl),
        **{name: getattr(row, name) for name in _PLAIN},
    )


def to_revision(row: RevisionRow) -> Revision:
    """The row with its policies."""
    return Revision(
        document=to_document(row),
        policy=row.policy,
        stored_policy=row.stored_policy,
        published_policy=row.published_policy,
        removed=row.removed,
        current=row.current,
        added=aware(row.added),
    )


def to_policy(row: PolicyRow) -> Policy:
    """The policy as it was stored; whether its id fits is for access to judge."""
    return Policy(row.id, row.kb, tuple(row.groups), row.state)


def to_knowledge_base(row: KnowledgeBaseRow) -> KnowledgeBase:
    """The knowledge base of a row."""
    return KnowledgeBase(row.name, row.title, tuple(row.default_acl), tuple(row.languages))


def to_outcome(row: OutcomeRow) -> Outcome:
    """The outcome of a row."""
    return Outcome(
        uri=row.uri,
        status=OutcomeStatus(row.status),
        category=row.category,
        chunks=row.chunks,
        pages=row.pages,
        seconds=row.seconds,
        reason=row.reason,
        cure=row.cure,
        document_id=row.document_id,
    )


def to_job(row: JobRow) -> Job:
    """The job of a row."""
    return Job(
        row.id,
        tuple(row.paths),
        row.kb,
        row.requested_by,
        row.state,
        row.progress,
        row.message,
        aware(row.created),
    )


def to_feedback(row: FeedbackRow) -> Feedback:
    """The feedback of a row."""
    return Feedback(row.id, row.principal, row.question, row.verdict, row.comment, aware(row.created))


def to_conversation(row: ConversationRow) -> Conversation:
    """The conversation of a row."""
    return Conversation(row.id, row.principal, row.title, aware(row.created), aware(row.updated))


def to_turn(row: TurnRow) -> Turn:
    """The turn of a row."""
    return Turn(row.id, row.conversation, row.question, dict(row.answer), aware(row.created))
