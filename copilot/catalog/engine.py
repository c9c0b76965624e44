"""Opening the catalog's database: SQLite's switches, and the check of the schema's version."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event, insert, inspect, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.orm import Session

from copilot.catalog.tables import SCHEMA, Base, MetaRow
from copilot.errors import CatalogError

BUSY_S = 30.0


def open_engine(url: str, path: Path) -> Engine:
    """The engine of ``url``, or of the SQLite file at ``path`` where it is empty; raises CatalogError."""
    try:
        engine = _engine(url, path)
        _ensure_schema(engine, url or str(path))
    except (ArgumentError, NoSuchModuleError, ImportError) as error:
        raise CatalogError(
            f"The catalog's URL cannot be taken: {error}.",
            "Correct the setting 'catalog_url' (for PostgreSQL: install its driver).",
        ) from error
    except (DBAPIError, OSError) as error:
        raise CatalogError(
            f"The catalog {_name(url, path)} cannot be opened: {getattr(error, 'orig', error)}.",
            "Check that the file or server is there, whole and writable; run 'copilot doctor'.",
        ) from error
    return engine


def _name(url: str, path: Path) -> str:
    return make_url(url).render_as_string(hide_password=True) if url else str(path)


def _engine(url: str, path: Path) -> Engine:
    if url:
        engine = create_engine(url, pool_pre_ping=True)
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": BUSY_S})
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _configure_sqlite)
    return engine


def _configure_sqlite(connection: Any, _record: Any) -> None:
    if not isinstance(connection, sqlite3.Connection):
        return
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={int(BUSY_S * 1000)}")
    cursor.execute("PRAGMA journal_mode=WAL")
    # FULL: a commit of the catalog must not be lost after the points were published.
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _ensure_schema(engine: Engine, name: str) -> None:
    # Tables only ever come in addition under one schema: an older catalog gets those that it lacks.
    if not set(Base.metadata.tables) <= set(inspect(engine).get_table_names()):
        _create(engine)
    with Session(engine) as session:
        found = session.scalar(select(MetaRow.value).where(MetaRow.name == "schema"))
    if found != SCHEMA:
        newer = found is not None and found.isdigit() and int(found) > int(SCHEMA)
        raise CatalogError(
            f"The catalog {name} has schema {found or 'unknown'}, this version needs {SCHEMA}.",
            "Update the program." if newer else "Ingest again into an empty data folder.",
        )


def _create(engine: Engine) -> None:
    """Make all tables and the version's row in one transaction; two processes may do so at once."""
    try:
        with engine.begin() as connection:
            if engine.dialect.name == "sqlite":
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            Base.metadata.create_all(connection)
            known = connection.scalar(select(MetaRow.value).where(MetaRow.name == "schema"))
            if known is None:
                connection.execute(insert(MetaRow).values(name="schema", value=SCHEMA))
    except DBAPIError:
        if not set(Base.metadata.tables) <= set(inspect(engine).get_table_names()):
            raise
