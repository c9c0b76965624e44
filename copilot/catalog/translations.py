"""What the catalog keeps of translations: a cache of what models made, and the memory of what people made."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from sqlalchemy import DateTime, Engine, Index, Text, delete, func, insert, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Mapped, Session, mapped_column

from copilot.catalog.nouns import Unit
from copilot.catalog.rows import now
from copilot.catalog.tables import Base, MetaRow

_STEP = 500  # SQLite takes a bounded number of values in one statement
_MEMORY = "memory"


class TranslationRow(Base):
    """What a model made of a sentence; the sentence itself is not kept, only a hash of it and of what shaped it."""

    __tablename__ = "machine_translations"
    key: Mapped[str] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    score: Mapped[float]
    refused: Mapped[str]


class UnitRow(Base):
    """A translation unit of the memory."""

    __tablename__ = "translation_units"
    id: Mapped[str] = mapped_column(primary_key=True)
    kb: Mapped[str]
    source_language: Mapped[str]
    target_language: Mapped[str]
    source: Mapped[str] = mapped_column(Text)
    target: Mapped[str] = mapped_column(Text)
    reviewed: Mapped[bool]
    author: Mapped[str]
    changed: Mapped[dt.datetime] = mapped_column(DateTime(timezone=True))
    __table_args__ = (Index("ix_units_pair", "source_language", "target_language"),)


class TranslationStore:
    """The cache and the memory; each method is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    # the cache

    def cached_translations(self, keys: Collection[str]) -> dict[str, tuple[str, float, str]]:
        """{key: (text, score, why there is no text)} of those that are kept."""
        found: dict[str, tuple[str, float, str]] = {}
        with Session(self._engine) as session:
            for part in _parts(sorted(set(keys))):
                query = select(TranslationRow).where(TranslationRow.key.in_(part))
                found |= {row.key: (row.text, row.score, row.refused) for row in session.scalars(query)}
        return found

    def cache_translations(self, made: Mapping[str, tuple[str, float, str]]) -> None:
        """Keep them; a catalog that cannot be written keeps nothing, and nobody waits for it."""
        if not made:
            return
        try:
            with Session(self._engine) as session, session.begin():
                for part in _parts(list(made)):
                    session.execute(delete(TranslationRow).where(TranslationRow.key.in_(part)))
                session.execute(insert(TranslationRow), [
                    {"key": key, "text": text, "score": score, "refused": refused}
                    for key, (text, score, refused) in made.items()
                ])  # fmt: skip
        except DBAPIError:
            return

    def forget_translations(self) -> int:
        """Empty the cache, so that no translation outlives a forgotten document; return how many there were."""
        with Session(self._engine) as session, session.begin():
            count = session.scalar(select(func.count()).select_from(TranslationRow)) or 0
            session.execute(delete(TranslationRow))
        return count

    # the memory

    def remember(self, units: Iterable[Unit]) -> int:
        """Add units, or replace those of the same sentence, pair and base; return how many.

        What people reviewed is not replaced by what was only imported.
        """
        rows = {unit_id(unit): unit for unit in units}
        moment = now()
        with Session(self._engine) as session, session.begin():
            for part in _parts(list(rows)):
                reviewed = select(UnitRow.id).where(UnitRow.id.in_(part), UnitRow.reviewed)
                for key in session.scalars(reviewed).all():
                    if not rows[key].reviewed:
                        del rows[key]
            for part in _parts(list(rows)):
                session.execute(delete(UnitRow).where(UnitRow.id.in_(part)))
                session.execute(insert(UnitRow), [
                    {"id": key, "changed": moment, **{name: getattr(rows[key], name) for name in Unit.__slots__}}
                    for key in part
                ])  # fmt: skip
            _touch(session)
        return len(rows)

    def units(self, kbs: Collection[str] | None = None, source: str = "", target: str = "") -> list[Unit]:
        """The units, the latest last: of these bases and of none (None: all of them), of one pair where it is given."""
        query = select(UnitRow).order_by(UnitRow.changed, UnitRow.id)
        if kbs is not None:
            query = query.where(UnitRow.kb.in_(["", *sorted(set(kbs))]))
        if source:
            query = query.where(UnitRow.source_language == source)
        if target:
            query = query.where(UnitRow.target_language == target)
        with Session(self._engine) as session:
            return [Unit(*(getattr(row, name) for name in Unit.__slots__)) for row in session.scalars(query)]

    def forget_units(self, kbs: Sequence[str]) -> int:
        """Drop the memory of these bases (the empty name: what belongs to none); return how many units went."""
        with Session(self._engine) as session, session.begin():
            done = session.execute(delete(UnitRow).where(UnitRow.kb.in_(list(kbs))))
            _touch(session)
            return int(done.rowcount)  # type: ignore[attr-defined]

    def memory_version(self) -> str:
        """Changes with every change of the memory."""
        with Session(self._engine) as session:
            return session.scalar(select(MetaRow.value).where(MetaRow.name == _MEMORY)) or ""


def _parts(keys: Sequence[str]) -> Iterator[Sequence[str]]:
    return (keys[start : start + _STEP] for start in range(0, len(keys), _STEP))


def unit_id(unit: Unit) -> str:
    """One sentence of one pair in one base has one unit."""
    told = "\x1f".join((unit.kb, unit.source_language, unit.target_language, unit.source))
    return hashlib.sha256(told.encode()).hexdigest()


def _touch(session: Session) -> None:
    session.merge(MetaRow(name=_MEMORY, value=now().isoformat()))
