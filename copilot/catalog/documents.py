"""What the catalog knows of knowledge bases, documents, their revisions and their policies."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from sqlalchemy import ColumnElement, Engine, and_, or_, select, update
from sqlalchemy.orm import Session

from copilot.catalog.nouns import CURRENT, DRAFT, SUPERSEDED, Key, Policy, Revision
from copilot.catalog.rows import (
    document_columns,
    now,
    to_knowledge_base,
    to_policy,
    to_revision,
)
from copilot.catalog.tables import KnowledgeBaseRow, MetaRow, PolicyRow, RevisionRow
from copilot.errors import CatalogError
from copilot.types import Document, KnowledgeBase

_BATCH = 500  # below every database's limit of bound parameters


class DocumentStore:
    """Knowledge bases, revisions and policies; each method is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def _session(self) -> Session:
        return Session(self._engine, expire_on_commit=False)

    # knowledge bases

    def put_knowledge_base(self, kb: KnowledgeBase) -> None:
        """Add or replace a knowledge base."""
        with self._session() as session, session.begin():
            session.merge(
                KnowledgeBaseRow(
                    name=kb.name,
                    title=kb.title,
                    default_acl=list(kb.default_acl),
                    languages=list(kb.languages),
                )
            )

    def knowledge_bases(self) -> list[KnowledgeBase]:
        """All knowledge bases by name."""
        with self._session() as session:
            return [to_knowledge_base(row) for row in session.scalars(select(KnowledgeBaseRow).order_by("name"))]

    # writing revisions

    def put_document(self, document: Document, policy: Policy, *, stored: bool = True) -> None:
        """Add or replace one revision and make it its document's current one; see ``put_documents``."""
        self.put_documents([(document, policy, stored)])

    def put_documents(self, entries: Iterable[tuple[Document, Policy, bool]]) -> None:
        """Add or replace revisions in one transaction; the document's other revisions become superseded.

        The third item says whether the writer's points carry the policy already (flushed); where it is False
        the demand acts at once and ``unstored`` names the revision until ``mark_stored``. Other revisions
        take the groups of the new one: who loses a document loses its past. Raises CatalogError for an
        unknown knowledge base.
        """
        with self._session() as session, session.begin():
            for document, policy, stored in entries:
                if session.get(KnowledgeBaseRow, document.kb) is None:
                    raise CatalogError(
                        f"'{document.uri}' names the knowledge base '{document.kb}', which is not there.",
                        "Add it to the manifest's [[knowledge_bases]], or ingest with --kb.",
                    )
                _merge_policy(session, policy)
                _put(session, document, policy, stored)
                _supersede_others(session, document, policy, stored)

    def restore_documents(self, entries: Iterable[tuple[Key, str]]) -> None:
        """Note that the points of these older revisions were stored again under the pipeline given."""
        with self._session() as session, session.begin():
            for key, pipeline in entries:
                row = session.get(RevisionRow, key)
                if row is not None:
                    row.pipeline = pipeline
                    row.stored_policy = row.policy

    def mark_removed(self, document_ids: Collection[str]) -> None:
        """Hide all revisions of these documents; ``unstored`` names them until their points are gone."""
        with self._session() as session, session.begin():
            for batch in _batches(sorted(document_ids)):
                session.execute(
                    update(RevisionRow)
                    .where(RevisionRow.id.in_(batch))
                    .values(removed=True, current=False, pending=RevisionRow.published_policy.is_not(None))
                )

    def mark_stored(self, keys: Collection[Key]) -> None:
        """The writer's points of these revisions carry what is demanded now (none, if removed), durably."""
        with self._session() as session, session.begin():
            for row in _rows_of(session, keys):
                row.stored_policy = None if row.removed else row.policy

    def mark_unplanted(self, keys: Collection[Key]) -> None:
        """The points of these revisions are about to be removed or made again; until then they do not count."""
        with self._session() as session, session.begin():
            for row in _rows_of(session, keys):
                row.stored_policy = None

    def mark_published(self, generation: str) -> None:
        """The generation holds what was stored: its policies become the published ones."""
        rows = RevisionRow
        with self._session() as session, session.begin():
            session.execute(update(rows).values(published_policy=rows.stored_policy).where(
                rows.published_policy.is_distinct_from(rows.stored_policy)))  # fmt: skip
            session.execute(update(rows).values(pending=False).where(rows.pending, ~_PENDING))
            session.merge(MetaRow(name="generation", value=generation))

    # reading

    def generation(self) -> str:
        """The generation that was marked as published last, or an empty string."""
        with self._session() as session:
            return session.scalar(select(MetaRow.value).where(MetaRow.name == "generation")) or ""

    def document(self, document_id: str, sha256: str = "") -> Document | None:
        """That revision, or the current one (the newest where none is); None where there is none."""
        found = self.revision(document_id, sha256)
        return found.document if found else None

    def revision(self, document_id: str, sha256: str = "") -> Revision | None:
        """The row of that revision, or of the current one; None where there is none."""
        rows = self.revisions_of([document_id])
        if sha256:
            rows = [row for row in rows if row.document.sha256 == sha256]
        return max(rows, key=lambda row: (not row.removed, row.current, row.added), default=None)

    def revisions(
        self, *, kb: str = "", source: str = "", family: str = "", current: bool = False, removed: bool = False
    ) -> list[Revision]:
        """Rows by address: of one knowledge base, source or family, the current ones only, the removed ones too."""
        query = select(RevisionRow).order_by(RevisionRow.uri, RevisionRow.added)
        if kb:
            query = query.where(RevisionRow.kb == kb)
        if source:
            query = query.where(RevisionRow.source == source)
        if family:
            query = query.where(RevisionRow.family == family)
        if current:
            query = query.where(RevisionRow.current)
        if not removed:
            query = query.where(~RevisionRow.removed)
        with self._session() as session:
            return [to_revision(row) for row in session.scalars(query)]

    def documents(self, kb: str = "", *, current: bool = True) -> list[Document]:
        """Documents that are not removed, by address; the current revisions only unless told otherwise."""
        return [row.document for row in self.revisions(kb=kb, current=current)]

    def rows(self, keys: Collection[Key]) -> Mapping[Key, Revision]:
        """The rows of these (document id, sha256); unknown keys are left out."""
        with self._session() as session:
            found = [to_revision(row) for row in _rows_of(session, keys)]
        return {row.key: row for row in found}

    def revisions_of(self, document_ids: Collection[str]) -> list[Revision]:
        """Every row of these documents, oldest first."""
        found: list[Revision] = []
        with self._session() as session:
            for batch in _batches(sorted(set(document_ids))):
                query = select(RevisionRow).where(RevisionRow.id.in_(batch)).order_by(RevisionRow.added)
                found.extend(to_revision(row) for row in session.scalars(query))
        return found

    def policies(self) -> list[Policy]:
        """Every policy that any document ever demanded."""
        with self._session() as session:
            return [to_policy(row) for row in session.scalars(select(PolicyRow).order_by("id"))]

    def pending(self) -> list[Revision]:
        """Rows whose published points do not carry what is demanded now: removed, new, another policy."""
        with self._session() as session:
            return [to_revision(row) for row in session.scalars(select(RevisionRow).where(RevisionRow.pending))]

    def unstored(self) -> list[Revision]:
        """Rows whose points the writer has yet to remove or to give another policy."""
        with self._session() as session:
            return [to_revision(row) for row in session.scalars(select(RevisionRow).where(_UNSTORED))]

    def count(self) -> tuple[int, int]:
        """(documents that are current, revisions that are not removed)."""
        rows = self.revisions()
        return sum(row.current for row in rows), len(rows)


_PENDING: ColumnElement[bool] = or_(
    and_(~RevisionRow.removed, RevisionRow.published_policy.is_distinct_from(RevisionRow.policy)),
    and_(RevisionRow.removed, RevisionRow.published_policy.is_not(None)),
)
_UNSTORED: ColumnElement[bool] = and_(
    RevisionRow.stored_policy.is_not(None),
    or_(RevisionRow.removed, RevisionRow.stored_policy != RevisionRow.policy),
)


def policy_state(document: Document) -> str:
    """The state that a document's status asks for, as long as its bytes are the newest."""
    if document.status in ("superseded", "withdrawn"):
        return SUPERSEDED
    return CURRENT if document.status in ("released", "in_review") else DRAFT


def _merge_policy(session: Session, policy: Policy) -> None:
    session.merge(PolicyRow(id=policy.id, kb=policy.kb, groups=list(policy.groups), state=policy.state))
    session.flush()


def _put(session: Session, document: Document, policy: Policy, stored: bool) -> None:
    row = session.get(RevisionRow, (document.id, document.sha256))
    if row is None:
        row = RevisionRow(
            id=document.id, sha256=document.sha256, stored_policy=None, published_policy=None, added=now()
        )
        session.add(row)
    for name, value in document_columns(document).items():
        setattr(row, name, value)
    row.policy, row.removed, row.current = policy.id, False, True
    row.stored_policy = policy.id if stored else row.stored_policy
    row.pending = row.published_policy != policy.id


def _supersede_others(session: Session, document: Document, policy: Policy, stored: bool) -> None:
    """Older bytes of the document: superseded, and under the groups of the newest."""
    query = select(RevisionRow).where(RevisionRow.id == document.id, RevisionRow.sha256 != document.sha256)
    others = list(session.scalars(query))
    if not others:
        return
    old = policy.in_state(SUPERSEDED)
    _merge_policy(session, old)
    for row in others:
        row.current = False
        row.kb, row.acl, row.policy = document.kb, list(document.acl), old.id
        row.status = "superseded" if row.status == "released" else row.status
        if stored and row.stored_policy is not None:
            row.stored_policy = old.id
        row.pending = row.published_policy is not None if row.removed else row.published_policy != old.id


def _rows_of(session: Session, keys: Collection[Key]) -> list[RevisionRow]:
    wanted = set(keys)
    found: list[RevisionRow] = []
    for batch in _batches(sorted({key[0] for key in wanted})):
        rows = session.scalars(select(RevisionRow).where(RevisionRow.id.in_(batch)))
        found.extend(row for row in rows if (row.id, row.sha256) in wanted)
    return found


def _batches(items: Sequence[str]) -> Iterable[Sequence[str]]:
    for start in range(0, len(items), _BATCH):
        yield items[start : start + _BATCH]
