"""The catalog: knowledge bases, documents, revisions, policies, outcomes, jobs, conversations, terms, translations."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine

from copilot.catalog.activity import ActivityStore
from copilot.catalog.documents import DocumentStore, policy_state
from copilot.catalog.engine import open_engine
from copilot.catalog.nouns import (
    ADMITTED,
    CURRENT,
    DRAFT,
    FORBIDDEN,
    PREFERRED,
    SUPERSEDED,
    Conversation,
    Feedback,
    Key,
    Policy,
    Revision,
    Term,
    TermConcept,
    Turn,
    Unit,
)
from copilot.catalog.terms import TermStore
from copilot.catalog.translations import TranslationStore
from copilot.settings import Settings

__all__ = [
    "ADMITTED",
    "CURRENT",
    "DRAFT",
    "FORBIDDEN",
    "PREFERRED",
    "SUPERSEDED",
    "Catalog",
    "Conversation",
    "Feedback",
    "Key",
    "Policy",
    "Revision",
    "Term",
    "TermConcept",
    "Turn",
    "Unit",
    "open_catalog",
    "policy_state",
]


class Catalog(DocumentStore, ActivityStore, TermStore, TranslationStore):
    """All that is known beside the index; thread-safe, one short transaction per call."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)

    @classmethod
    def at(cls, path: Path) -> Catalog:
        """The catalog in the SQLite file at ``path``, made where it is missing; raises CatalogError."""
        return cls(open_engine("", path))

    def close(self) -> None:
        """Give the connections back."""
        self._engine.dispose()


def open_catalog(settings: Settings) -> Catalog:
    """The catalog that the settings name, made where it is missing; raises CatalogError."""
    return Catalog(open_engine(settings.catalog_url, settings.catalog_path))
