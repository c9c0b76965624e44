"""What a run's figures rest on, as hashes: corpus, cases, pipeline, settings, engine, code and models."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from copilot.settings import Settings
from copilot.types import to_json

if TYPE_CHECKING:
    from copilot.catalog import Revision

_CODE = {".py", ".json", ".toml", ".txt", ".csv"}
_MODELS = {".safetensors", ".bin", ".gz", ".model"}
# What these say changes no answer; a key is no one else's business, even as a hash.
_UNSEEN = {"data_dir", "catalog_url", "user", "groups", "ingest", "models"}
_SECRET = {"api_key"}


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """Hashes of what was asked (corpus, cases, suite) and of what answered; ``engine`` names its parts in words."""

    suite: str
    corpus: str
    cases: str
    pipeline: str
    settings: str
    code: str
    models: str
    judge: str = ""
    engine: Mapping[str, str] = field(default_factory=dict)

    @property
    def run(self) -> str:
        """One hash over everything but the cases: a case asked under it need not be asked again."""
        return _hash({**to_json(self), "cases": ""})


def corpus_hash(revisions: Iterable[Revision]) -> str:
    """Of the documents as they were ingested: name, bytes, status, dates and rights; not where they lie."""
    return _hash(sorted(_described(row) for row in revisions))


def _described(row: Revision) -> str:
    document = row.document
    name = document.uri.rsplit("/", 1)[-1]
    groups = ",".join(sorted(document.acl))
    return "|".join((name, document.sha256, document.kb, document.status, str(document.effective or ""), groups))


def cases_hash(digests: Mapping[str, str]) -> str:
    """Of the cases' ids and their own hashes, in whichever order they are asked."""
    return _hash(sorted(digests.items()))


def content_hash(content: Mapping[str, Any]) -> str:
    """Of anything that JSON can hold, in whichever order its names stand."""
    return _hash(content)


def settings_hash(settings: Settings) -> str:
    """Of the settings that can change an answer."""
    return _hash(_visible(settings.model_dump(mode="json", exclude=_UNSEEN)))


def code_hash() -> str:
    """Of the product's own files."""
    return _files_hash(_CODE)


def models_hash() -> str:
    """Of the models that the product ships."""
    return _files_hash(_MODELS)


def files_hash(root: Path, files: Iterable[Path]) -> str:
    """Of files' paths below a folder and their contents."""
    total = hashlib.sha256()
    for path in sorted(files):
        total.update(path.relative_to(root).as_posix().encode() + b"\0")
        with path.open("rb") as file:
            total.update(hashlib.file_digest(file, "sha256").digest())
    return total.hexdigest()[:16]


def _files_hash(suffixes: set[str]) -> str:
    import copilot

    root = Path(copilot.__file__).parent
    files = (path for path in root.rglob("*") if path.suffix in suffixes and "__pycache__" not in path.parts)
    return files_hash(root, files)


def _visible(content: Any) -> Any:
    if not isinstance(content, dict):
        return content
    return {name: _visible(value) for name, value in content.items() if name not in _SECRET}


def _hash(content: Any) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:16]
