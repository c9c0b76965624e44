"""Which judge: its endpoint, model and limits as data, from the settings and the flag; and what a judge reports."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlparse

from copilot.errors import UsageError
from copilot.settings import Settings


@dataclass(frozen=True, slots=True)
class JudgeSpec:
    """An OpenAI-compatible endpoint with its model; prices are per 1,000 tokens, in any currency."""

    base_url: str
    model: str
    api_key: str = ""
    api_version: str = ""
    timeout_s: float = 60.0
    concurrency: int = 4
    retries: int = 2
    max_tokens: int = 2048
    cache: Path | None = None
    price_in: float = 0.0
    price_out: float = 0.0

    @property
    def name(self) -> str:
        """The model and the host it is asked at, without the key."""
        return f"{self.model} at {urlparse(self.base_url).netloc}"

    @property
    def folder(self) -> str:
        """The name of this judge's own cache folder: other endpoints and models judge otherwise."""
        digest = hashlib.sha256(f"{self.base_url}|{self.model}|{self.api_version}".encode()).hexdigest()[:12]
        return f"{re.sub(r'[^A-Za-z0-9.-]+', '-', self.model)[:40]}-{digest}"


@dataclass(frozen=True, slots=True)
class JudgeReport:
    """Who judged and what it took: ``version`` is what the server says it is; ``cached`` judgements cost nothing.

    ``cost`` follows from the prices of the settings; ``failed`` counts metrics of cases without a judgement.
    """

    name: str
    version: str = ""
    tokens_in: int = 0
    tokens_out: int = 0
    cost: float = 0.0
    cached: int = 0
    asked: int = 0
    failed: int = 0


def judge_spec(settings: Settings, flag: str = "") -> JudgeSpec | None:
    """The judge of ``--judge URL#MODEL``, else that of the settings; None where neither names one.

    Raises UsageError for a flag without a URL or a model.
    """
    section = settings.judge
    url, model = section.base_url, section.model
    if flag:
        url, _, model = flag.partition("#")
        model = model or section.model
    if not url and not model:
        return None
    if urlparse(url).scheme not in ("http", "https") or not urlparse(url).netloc or not model:
        raise UsageError(
            f"'{flag or url}' names no judge.",
            "Give --judge URL#MODEL, say http://127.0.0.1:11434/v1#llama3.1, or set judge.base_url and judge.model.",
        )
    cache = Path(section.cache_dir) if section.cache_dir else settings.data_dir / "evals" / "judgements"
    return JudgeSpec(
        url.rstrip("/"), model, section.api_key.get_secret_value(), section.api_version, section.timeout_s,
        section.concurrency, section.retries, section.max_tokens, cache, section.price_in, section.price_out,
    )


