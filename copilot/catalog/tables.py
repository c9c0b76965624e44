"""The tables of the catalog, as typed SQLAlchemy classes."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import JSON, Date, DateTime, Float, ForeignKey, ForeignKeyConstraint, Index, Integer, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

SCHEMA = "1"


class Base(DeclarativeBase):
    """All tables; lists and mappings are kept as JSON."""

    type_annotation_map = {list[str]: JSON, list[int]: JSON, dict[str, Any]: JSON, str: String(512)}


class MetaRow(Base):
    """One name with its value: the schema's version, the generation published last."""

    __tablename__ = "meta"
    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str] = mapped_column(Text)


class KnowledgeBaseRow(Base):
    """A knowledge base."""

    __tablename__ = "knowledge_bases"
    name: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    default_acl: Mapped[list[str]]
    languages: Mapped[list[str]]


class PolicyRow(Base):
    """What an id of a policy stands for."""

    __tablename__ = "policies"
    id: Mapped[str] = mapped_column(primary_key=True)
    kb: Mapped[str]
    groups: Mapped[list[str]]
    state: Mapped[str]


class RevisionRow(Base):
    """A document of one revision of its bytes, with three policies: demanded now, carried by the points that
    the writer holds, and carried by those of the generation published last (null: no points there).
    """

    __tablename__ = "revisions"
    id: Mapped[str] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(primary_key=True)
    kb: Mapped[str] = mapped_column(ForeignKey("knowledge_bases.name"), index=True)
    uri: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    media_type: Mapped[str]
    language: Mapped[str]
    number: Mapped[str]
    family: Mapped[str] = mapped_column(index=True)
    revision: Mapped[str]
    status: Mapped[str]
    effective: Mapped[dt.date | None] = mapped_column(Date)
    supersedes: Mapped[str] = mapped_column(Text)
    owner: Mapped[str]
    sites: Mapped[list[str]]
    models: Mapped[list[str]]
    years: Mapped[list[int]]
    labels: Mapped[list[str]]
    acl: Mapped[list[str]]
    pipeline: Mapped[str]
    source: Mapped[str] = mapped_column(index=True)
    pages: Mapped[int] = mapped_column(Integer)
    policy: Mapped[str] = mapped_column(ForeignKey("policies.id"), index=True)
    stored_policy: Mapped[str | None]
    published_policy: Mapped[str | None]
    removed: Mapped[bool]
    current: Mapped[bool]
    pending: Mapped[bool] = mapped_column(index=True)
    added: Mapped[dt.datetime] = mapped_column(DateTime(timezone=True))


class OutcomeRow(Base):
    """What became of one file in one run."""

    __tablename__ = "outcomes"
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    run: Mapped[str] = mapped_column(index=True)
    uri: Mapped[str] = mapped_column(Text)
    status: Mapped[str]
    category: Mapped[str]
    chunks: Mapped[int]
    pages: Mapped[int]
    seconds: Mapped[float] = mapped_column(Float)
    reason: Mapped[str] = mapped_column(Text)
    cure: Mapped[str] = mapped_column(Text)
    document_id: Mapped[str] = mapped_column(index=True)
    at: Mapped[dt.datetime] = mapped_column(DateTime(timezone=True))
    __table_args__ = (Index("ix_outcomes_uri", "uri", mysql_length=255),)


class JobRow(Base):
    """An ingest that waits, runs or ended."""

    __tablename__ = "jobs"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    paths: Mapped[list[str]]
    kb: Mapped[str]
    requested_by: Mapped[str]
    state: Mapped[str] = mapped_column(index=True)
    progress: Mapped[float] = mapped_column(Float)
    message: Mapped[str] = mapped_column(Text)
    created: Mapped[dt.datetime] = mapped_column(DateTime(timezone=True))


class FeedbackRow(Base):
    """What a reader thought of an answer."""

    __tablename__ = "feedback"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    principal: Mapped[str] = mapped_column(index=True)
    question: Mapped[str] = mapped_column(Text)
    verdict: Mapped[str]
    comment: Mapped[str] = mapped_column(Text)
    created: Mapped[dt.datetime] = mapped_column(DateTime(timezone=True))


class ConversationRow(Base):
    """A conversation of one principal."""

    __tablename__ = "conversations"
    id: Mapped[str] = mapped_column(primary_key=True)
    principal: Mapped[str] = mapped_column(index=True)
    title: Mapped[str] = mapped_column(Text)
    created: Mapped[dt.datetime] = mapped_column(DateTime(timezone=True))
    updated: Mapped[dt.datetime] = mapped_column(DateTime(timezone=True))


class TurnRow(Base):
    """One question of a conversation with its answer as JSON."""

    __tablename__ = "turns"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    conversation: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    question: Mapped[str] = mapped_column(Text)
    answer: Mapped[dict[str, Any]]
    created: Mapped[dt.datetime] = mapped_column(DateTime(timezone=True))


class TermConceptRow(Base):
    """A concept of a knowledge base's glossary."""

    __tablename__ = "term_concepts"
    kb: Mapped[str] = mapped_column(ForeignKey("knowledge_bases.name"), primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    definitions: Mapped[dict[str, Any]]
    domain: Mapped[str]
    source: Mapped[str] = mapped_column(Text)
    position: Mapped[int]


class TermRow(Base):
    """One term of a concept; ``position`` keeps the glossary's order."""

    __tablename__ = "terms"
    kb: Mapped[str] = mapped_column(primary_key=True)
    concept: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    language: Mapped[str]
    text: Mapped[str] = mapped_column(Text)
    status: Mapped[str]
    __table_args__ = (ForeignKeyConstraint(["kb", "concept"], ["term_concepts.kb", "term_concepts.id"]),)
