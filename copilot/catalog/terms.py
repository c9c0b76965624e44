"""What the catalog keeps of glossaries: concepts and their terms, by knowledge base."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import Engine, delete, insert, select
from sqlalchemy.orm import Session

from copilot.catalog.nouns import Term, TermConcept
from copilot.catalog.tables import MetaRow, TermConceptRow, TermRow

_VERSION = "glossary"
_BATCH = 500  # below every database's limit of bound parameters


class TermStore:
    """Concepts and terms; each method is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def _session(self) -> Session:
        return Session(self._engine, expire_on_commit=False)

    def glossary_version(self) -> str:
        """Changes with every change of any glossary; empty before the first."""
        with self._session() as session:
            return session.scalar(select(MetaRow.value).where(MetaRow.name == _VERSION)) or ""

    def put_concepts(self, kb: str, concepts: Iterable[TermConcept], *, replace: bool = False) -> None:
        """Add or replace concepts of a knowledge base by their ids; ``replace`` removes its others."""
        new = {concept.id: concept for concept in concepts}
        with self._session() as session, session.begin():
            query = select(TermConceptRow.id, TermConceptRow.position).where(TermConceptRow.kb == kb)
            known = {name: position for name, position in session.execute(query)}
            _remove(session, kb, [name for name in known if replace or name in new])
            first = 1 + max(known.values(), default=0)
            places = {name: known.get(name, number) for number, name in enumerate(new, first)}
            _insert(session, kb, [(places[name], concept) for name, concept in new.items()])
            session.merge(MetaRow(name=_VERSION, value=uuid.uuid4().hex))

    def concepts(self, kbs: Collection[str] | None = None) -> list[TermConcept]:
        """The concepts of these knowledge bases (None: of all) in the order of their import."""
        head, body = TermConceptRow, TermRow
        # Columns, not rows as objects: a company's glossary may hold 100,000 terms, and a question waits for it.
        heads = select(head.kb, head.id, head.definitions, head.domain, head.source).order_by(head.kb, head.position)
        bodies = select(body.kb, body.concept, body.text, body.language, body.status).order_by(
            body.kb, body.concept, body.position
        )
        if kbs is not None:
            heads, bodies = heads.where(head.kb.in_(sorted(kbs))), bodies.where(body.kb.in_(sorted(kbs)))
        with self._session() as session:
            terms: dict[tuple[str, str], list[Term]] = {}
            for kb, concept, *term in session.execute(bodies):
                terms.setdefault((kb, concept), []).append(Term(*term))
            return [
                TermConcept(name, kb, tuple(terms.get((kb, name), ())), dict(definitions), domain, source)
                for kb, name, definitions, domain, source in session.execute(heads)
            ]


def _remove(session: Session, kb: str, names: Sequence[str]) -> None:
    for start in range(0, len(names), _BATCH):
        some = names[start : start + _BATCH]
        session.execute(delete(TermRow).where(TermRow.kb == kb, TermRow.concept.in_(some)))
        session.execute(delete(TermConceptRow).where(TermConceptRow.kb == kb, TermConceptRow.id.in_(some)))


def _insert(session: Session, kb: str, placed: Sequence[tuple[int, TermConcept]]) -> None:
    heads = [
        {"kb": kb, "id": item.id, "definitions": dict(item.definitions), "domain": item.domain, "source": item.source,
         "position": position}
        for position, item in placed
    ]  # fmt: skip
    terms = [
        {"kb": kb, "concept": item.id, "position": number, "language": term.language, "text": term.text,
         "status": term.status}
        for _, item in placed for number, term in enumerate(item.terms)
    ]  # fmt: skip
    if heads:
        session.execute(insert(TermConceptRow), heads)
    if terms:
        session.execute(insert(TermRow), terms)
