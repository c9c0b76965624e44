"""Checks of the settings, the data folder, the server, and that catalog and index tell the same."""

from __future__ import annotations

import shutil
import tempfile
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from copilot.doctor.checks import Check, State
from copilot.errors import CopilotError, IndexLocked, SettingsError
from copilot.settings import Settings

if TYPE_CHECKING:
    from copilot.catalog import Key, Revision

_FREE_MB = 500
_SERVER_TIMEOUT_S = 5.0
_AGAIN = "Run copilot ingest again on the same folders: it mends what an interrupted run left."


def check_settings(error: SettingsError | None) -> Check:
    """Whether the settings could be read."""
    if error is not None:
        return Check("settings", State.BROKEN, error.reason, "no command that needs them runs", error.cure, True)
    file = Path("copilot.toml")
    return Check("settings", State.OK, f"{file} and the environment" if file.is_file() else "defaults and the "
                 "environment", needed=True)


def check_data(settings: Settings) -> list[Check]:
    """Data folder, free space, server if one is set, catalog and index."""
    folder = check_folder(settings.data_dir)
    checks = [folder, check_space(settings.data_dir)]
    if settings.index.url:
        checks.append(check_server(settings.index.url, settings.index.api_key))
    if settings.llm.configured:
        checks.append(check_language_model(settings))
    if folder.state is State.OK:
        checks += check_contents(settings)
    return checks


def _nearest(folder: Path) -> Path:
    folder = folder.absolute()
    return next((path for path in (folder, *folder.parents) if path.is_dir()), Path("/"))


def check_folder(data_dir: Path) -> Check:
    """Whether the data folder can be written, or made where it is not there yet."""
    name, cost = "data folder", "nothing can be ingested"
    cure = "Make it writable, or set COPILOT_DATA_DIR to another folder."
    if data_dir.exists() and not data_dir.is_dir():
        return Check(name, State.BROKEN, f"{data_dir} is no folder", cost, cure, True)
    nearest = _nearest(data_dir)
    try:
        with tempfile.TemporaryFile(dir=nearest):
            pass
    except OSError as error:
        return Check(name, State.BROKEN, f"{nearest} cannot be written: {error.strerror}", cost, cure, True)
    there = "" if data_dir.is_dir() else " (made with the first ingest)"
    return Check(name, State.OK, f"{data_dir}{there}", needed=True)


def check_space(data_dir: Path) -> Check:
    """Whether the disk of the data folder has room."""
    free_mb = shutil.disk_usage(_nearest(data_dir)).free // 2**20
    if free_mb < _FREE_MB:
        return Check("free space", State.BROKEN, f"{free_mb} MiB", "an ingest will fail midway; nothing is lost",
                     f"Free at least {_FREE_MB} MiB, or set COPILOT_DATA_DIR to another disk.")
    return Check("free space", State.OK, f"{free_mb / 1024:.1f} GiB")


def check_server(url: str, api_key: str) -> Check:
    """Whether the Qdrant server of the settings answers."""
    name, cost = "index server", "nothing can be asked or ingested"
    try:
        request = urllib.request.Request(url.rstrip("/") + "/collections", headers={"api-key": api_key})
        with urllib.request.urlopen(request, timeout=_SERVER_TIMEOUT_S):
            return Check(name, State.OK, url, needed=True)
    except urllib.error.HTTPError as error:
        cure = "Check COPILOT_INDEX__API_KEY." if error.code in (401, 403) else "Check COPILOT_INDEX__URL."
        return Check(name, State.BROKEN, f"{url} answers {error.code} {error.reason}", cost, cure, True)
    except (OSError, ValueError) as error:
        reason = getattr(error, "reason", error)
        return Check(name, State.MISSING, f"{url}: {reason}", cost,
                     "Start the server, or correct COPILOT_INDEX__URL (empty: the embedded index).", True)


def check_language_model(settings: Settings) -> Check:
    """Whether the language model of the settings answers; without one nothing is checked."""
    from copilot.llms.building import described
    from copilot.llms.probing import probe

    seconds, reason, cure = probe(settings.llm)
    name, where = "language model", described(settings.llm)
    if reason:
        return Check(name, State.BROKEN, f"{where}: {reason}", "answers quote the documents and say so", cure)
    return Check(name, State.OK, f"{where}, answers in {seconds:.1f} s")


def check_contents(settings: Settings) -> list[Check]:
    """The catalog, and whether it and the index hold the same documents."""
    if not settings.catalog_url and not settings.catalog_path.is_file():
        return [Check("catalog", State.OK, "nothing was ingested yet", needed=True)]
    from copilot.catalog import open_catalog

    try:
        catalog = open_catalog(settings)
        try:
            rows = catalog.revisions(removed=True)
            waiting = len(catalog.pending())
        finally:
            catalog.close()
    except CopilotError as error:
        return [Check("catalog", State.BROKEN, error.reason, "nothing can be asked", error.cure, True)]
    current = sum(row.current and not row.removed for row in rows)
    checks = [Check("catalog", State.OK, f"{current} documents", needed=True)]
    return [*checks, check_index(settings, rows, waiting)]


def check_index(settings: Settings, rows: Sequence[Revision], waiting: int) -> Check:
    """Opens the index as its writer for a moment, which also sweeps away what dead readers left."""
    from copilot.embedding import open_query_embedder
    from copilot.wiring import open_index

    name = "index"
    try:
        index = open_index(settings, open_query_embedder(settings.embedder))
        generation = index.current()
        if not generation and not any(row.stored_policy for row in rows):
            return Check(name, State.OK, "nothing was published yet", needed=True)
        writer = index.writer()
        try:
            points = writer.documents()
        finally:
            writer.close()
    except IndexLocked as error:
        return Check(name, State.OK, f"not compared with the catalog: {error.reason}", needed=True)
    except CopilotError as error:
        return Check(name, State.BROKEN, error.reason, "nothing can be asked", error.cure, True)
    return compare(rows, points, generation, waiting)


def compare(rows: Sequence[Revision], points: Mapping[Key, int], generation: str, waiting: int) -> Check:
    """Rows of the catalog that say their points are stored, against the points that are."""
    stored = {row.key for row in rows if row.stored_policy is not None}
    bare = stored - set(points)
    stray = set(points) - stored
    if bare or stray:
        titles = {row.key: row.document.title or row.document.uri for row in rows}
        example = next((titles[key] for key in sorted(bare)), "")
        detail = f"{len(bare)} documents without points" + (f" (such as {example})" if example else "")
        return Check(
            "index", State.BROKEN, f"{detail}, {len(stray)} revisions of points without a document",
            "these documents are not found; nothing forbidden is", _AGAIN,
        )
    detail = f"generation {generation or 'none'}, {sum(points.values())} chunks, in step with the catalog"
    if waiting:
        return Check("index", State.BROKEN, f"{detail}; {waiting} changes were not published",
                     "their new content is not found yet; rights and removals already hold", _AGAIN)
    return Check("index", State.OK, detail, needed=True)
