"""The data folder that a set's cases are asked in: documents of a set get one of their own, made by `ingest`."""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from copilot.errors import UsageError
from copilot.settings import Settings
from evals.running.fingerprint import files_hash

GOLDEN = Path(__file__).resolve().parents[1] / "golden"
SAMPLES = Path(__file__).resolve().parents[2] / "corpus_samples"
DOCUMENTS = "documents"
BASELINE = "baseline.json"
_DONE = ".ingested"
_UNUSED_S = 14 * 24 * 3600.0
_WAIT_S = "600"
# The rooms of the product that decide what an index holds.
_SHAPING = ("ingest", "copilot.language", "copilot.index", "copilot.catalog", "copilot.embedding", "copilot.codec")

Told = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class CaseSet:
    """Cases to ask: a file or a folder of JSONL, and the documents that come with them (None: what is ingested)."""

    cases: Path
    documents: Path | None
    baseline: Path

    @property
    def name(self) -> str:
        """What a report calls it."""
        return self.cases.stem if self.cases.is_file() else self.cases.name


def case_set(path: Path | None) -> CaseSet:
    """The set that ``--set`` names; without it the golden cases over the samples. UsageError where there is none."""
    if path is None:
        if not GOLDEN.is_dir() or not SAMPLES.is_dir():
            raise UsageError("The golden cases need the sample documents of a checkout.", "Name your own with --set.")
        return CaseSet(GOLDEN, SAMPLES, GOLDEN.parent / BASELINE)
    if not path.exists():
        raise UsageError(f"There is no set '{path}'.", "Name a JSONL file of cases, or a folder of them.")
    if path.resolve() == GOLDEN:
        return case_set(None)
    folder = path if path.is_dir() else path.parent
    documents = path / DOCUMENTS
    return CaseSet(path, documents if documents.is_dir() else None, folder / BASELINE)


def settings_of(chosen: CaseSet, settings: Settings, told: Told) -> Settings:
    """The settings under which a set is asked: its documents' own data folder, ingested where it is not there yet."""
    if chosen.documents is None:
        return settings
    folder = corpora(settings) / _key(chosen.documents, settings)
    own = settings.model_copy(
        update={"data_dir": folder, "catalog_url": "", "index": settings.index.model_copy(update={"url": ""})}
    )
    if not (folder / _DONE).is_file():
        _ingest(chosen.documents, folder, told)
    (folder / _DONE).touch()
    _sweep(folder.parent, keep=folder)
    return own


def corpora(settings: Settings) -> Path:
    """Where data folders of sets lie."""
    return settings.data_dir.absolute() / "evals" / "corpora"


def _key(documents: Path, settings: Settings) -> str:
    from copilot.wiring import fingerprint

    content = files_hash(documents, _files(documents))
    made = "|".join([content, fingerprint(settings), *(_source_hash(name) for name in _SHAPING)])
    return f"{documents.resolve().parent.name}-{hashlib.sha256(made.encode()).hexdigest()[:12]}"


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)


def _source_hash(name: str) -> str:
    """Of a module's or package's source files, found without importing them."""
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        return ""
    origin = Path(spec.origin)
    files = origin.parent.rglob("*.py") if spec.submodule_search_locations else [origin]
    return files_hash(origin.parent, files)


def _ingest(documents: Path, folder: Path, told: Told) -> None:
    """Run the product's own command in a process of its own; files that cannot be read do not end the run."""
    told(f"Ingesting {documents} into a data folder of its own (kept for the next run) ...")
    folder.mkdir(parents=True, exist_ok=True)
    paths = os.pathsep.join(filter(None, (str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH", ""))))
    own = {"COPILOT_DATA_DIR": str(folder), "COPILOT_CATALOG_URL": "", "COPILOT_INDEX__URL": "", "PYTHONPATH": paths}
    done = subprocess.run(
        [sys.executable, "-m", "copilot", "ingest", str(documents), "--wait", _WAIT_S],
        env={**os.environ, **own}, capture_output=True, text=True, errors="replace", check=False,
    )  # fmt: skip
    failed = [line for line in done.stdout.splitlines() if line.startswith("failed")]
    for line in failed:
        told(line)
    if done.returncode != 0 and not (done.returncode == 1 and failed):
        said = (done.stderr.strip() or done.stdout.strip()).splitlines()[-1:]
        raise UsageError(
            f"The documents in '{documents}' were not ingested: {' '.join(said) or 'no reason was given'}",
            f"Try it apart: copilot ingest {documents}",
        )


def _sweep(folder: Path, keep: Path) -> None:
    """Remove data folders that no run used for two weeks."""
    for path in folder.iterdir():
        with contextlib.suppress(OSError):
            used = (path / _DONE) if (path / _DONE).is_file() else path
            if path != keep and time.time() - used.stat().st_mtime > _UNUSED_S:
                shutil.rmtree(path)
