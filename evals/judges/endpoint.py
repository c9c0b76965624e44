"""Asks an OpenAI-compatible endpoint for a judgement as JSON: kept on disk, limited, tried again, counted."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import os
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from pydantic import BaseModel, ValidationError

from evals.judges.spec import JudgeReport, JudgeSpec

_AGAIN = frozenset((408, 409, 425, 429, 500, 502, 503, 504, 529))
_BACKOFF_S, _LONGEST_WAIT_S = 0.5, 20.0
_GIVEN_UP_AFTER = 8  # requests in a row, each tried again, without any answer: the judge is not there
_NO_ANSWER = "no answer"
_DISPENSABLE = ("temperature", "max_tokens", "response_format")
_FENCE = re.compile(r"^\s*```(?:json)?\s*(.*?)\s*```\s*$", re.DOTALL)


class NotJudged(Exception):
    """Why there is no judgement: in words for the case's error."""


@dataclass(frozen=True, slots=True)
class _Written:
    """What the model wrote, and the version that it says it is."""

    content: str
    version: str


class Endpoint:
    """One judge: its connection while it is open, its cache, and what it took so far."""

    def __init__(self, spec: JudgeSpec) -> None:
        self.spec = spec
        self._versions: dict[str, None] = {}
        self._tokens_in = self._tokens_out = self._cached = self._asked = self._silent = 0
        self._client: httpx.AsyncClient | None = None
        self._places = asyncio.Semaphore(spec.concurrency)
        self._pending: dict[str, asyncio.Lock] = {}
        self._known: dict[str, _Written] = {}
        self._options: dict[str, Any] = {
            "temperature": 0, "max_tokens": spec.max_tokens, "response_format": {"type": "json_object"}
        }  # fmt: skip

    @contextlib.asynccontextmanager
    async def opened(self) -> AsyncIterator[Endpoint]:
        """Connected, for the length of one event loop."""
        hooks = {"response": [self._count]}
        self._places, self._pending = asyncio.Semaphore(self.spec.concurrency), {}
        # The time limit is set around each request as a whole: an answer that drips in is as slow as none.
        async with httpx.AsyncClient(event_hooks=hooks, timeout=None, headers=self.headers()) as client:
            self._client = client
            yield self
        self._client = None

    def report(self, failed: int = 0) -> JudgeReport:
        """Name, version as the server tells it, tokens, cost."""
        cost = (self._tokens_in * self.spec.price_in + self._tokens_out * self.spec.price_out) / 1000
        return JudgeReport(
            self.spec.name, ", ".join(self._versions), self._tokens_in, self._tokens_out, round(cost, 6),
            self._cached, self._asked, failed,
        )

    async def judgement(self, prompt: str, shape: type[BaseModel]) -> BaseModel:
        """The judgement in this shape; NotJudged where the judge does not give one."""
        key = self._key(prompt, shape)
        async with self._pending.setdefault(key, asyncio.Lock()):  # the same is asked only once
            known = self._known.get(key) or _read(self._kept(key))
            if known is not None:
                with contextlib.suppress(ValidationError):
                    made = shape.model_validate_json(_unfenced(known.content))
                    self._known[key] = known
                    self._cached += 1
                    self._versions[known.version] = None
                    return made
            async with self._places:
                written, made = await self._asked_for(prompt, shape)
            self._known[key] = written
            _write(self._kept(key), written)
            return made

    async def _asked_for(self, prompt: str, shape: type[BaseModel]) -> tuple[_Written, BaseModel]:
        why = ""
        for attempt in range(self.spec.retries + 1):
            written = await self._reply(prompt)
            try:
                return written, shape.model_validate_json(_unfenced(written.content))
            except ValidationError as error:
                first = error.errors()[0]
                why = f"invalid judgement: {first['msg']} at {'.'.join(map(str, first['loc'])) or 'the whole'}"
            if attempt >= 1:  # once again is worth it, more is not: the model does not write this shape
                break
        raise NotJudged(why)

    async def _reply(self, prompt: str) -> _Written:
        why = ""
        for attempt in range(self.spec.retries + 1):
            if self._silent >= max(_GIVEN_UP_AFTER, 2 * self.spec.concurrency):
                raise NotJudged(f"the judge does not answer: given up after {self._silent} requests")
            wait = min(_LONGEST_WAIT_S, _BACKOFF_S * 2**attempt)
            self._asked += 1
            try:
                async with asyncio.timeout(self.spec.timeout_s):
                    assert self._client is not None
                    response = await self._client.post(self._address(), json=self._body(prompt))
            except TimeoutError:
                why = f"{_NO_ANSWER} within {self.spec.timeout_s:g} s"
            except httpx.ConnectError as error:
                why = f"{_NO_ANSWER}: {error}"
            except httpx.HTTPError as error:
                self._silent = 0
                why = f"broken connection: {type(error).__name__} {error}"
            else:
                self._silent = 0
                if response.is_success:
                    return self._content(response)
                why = f"status {response.status_code}: {response.text[:200]}"
                if response.status_code not in _AGAIN and not self._left_out(response):
                    break
                wait = min(_LONGEST_WAIT_S, _retry_after(response) or wait)
            if attempt < self.spec.retries:
                await asyncio.sleep(wait)
        else:
            self._silent += why.startswith(_NO_ANSWER)
        raise NotJudged(why)

    def _content(self, response: httpx.Response) -> _Written:
        try:
            body = response.json()
            choice = body["choices"][0]
            content = choice["message"]["content"]
        except (ValueError, KeyError, IndexError, TypeError) as error:
            raise NotJudged(f"not a chat completion: {response.text[:200]}") from error
        if not content:
            raise NotJudged(f"nothing written (finish reason {choice.get('finish_reason')})")
        version = " ".join(filter(None, (str(body.get("model") or ""), str(body.get("system_fingerprint") or ""))))
        self._versions[version] = None
        return _Written(str(content), version)

    async def _count(self, response: httpx.Response) -> None:
        """Tokens of every reply, also of those that are of no use: they are paid for."""
        await response.aread()
        with contextlib.suppress(ValueError, AttributeError, TypeError):
            usage = response.json().get("usage") or {}
            self._tokens_in += int(usage.get("prompt_tokens") or 0)
            self._tokens_out += int(usage.get("completion_tokens") or 0)

    def _address(self) -> str:
        version = f"?api-version={self.spec.api_version}" if self.spec.api_version else ""
        return f"{self.spec.base_url}/chat/completions{version}"

    def headers(self) -> dict[str, str]:
        """How the key is sent; empty without one."""
        key = self.spec.api_key
        if not key:
            return {}
        # Azure reads the one, all others the other.
        return {"Authorization": f"Bearer {key}", **({"api-key": key} if ".azure." in self.spec.base_url else {})}

    def _body(self, prompt: str) -> dict[str, Any]:
        body: dict[str, Any] = {"model": self.spec.model, "messages": [{"role": "user", "content": prompt}]}
        return body | {name: value for name, value in self._options.items() if value is not None}

    def _left_out(self, response: httpx.Response) -> bool:
        """Whether the server refused an option by name that the request can do without: it is sent no more."""
        named = [name for name in _DISPENSABLE if name in response.text]
        if response.status_code not in (400, 422) or not named:
            return False
        if "max_tokens" in named:  # what models that think first call it
            self._options["max_completion_tokens"] = self.spec.max_tokens
        self._options.update(dict.fromkeys(named))
        return True

    def _key(self, prompt: str, shape: type[BaseModel]) -> str:
        asked = json.dumps([self.spec.model, self.spec.max_tokens, prompt, shape.model_json_schema()], sort_keys=True)
        return hashlib.sha256(asked.encode()).hexdigest()

    def _kept(self, key: str) -> Path | None:
        """Where this judgement is kept: a folder for each judge, since others judge otherwise."""
        return self.spec.cache / self.spec.folder / f"{key}.json" if self.spec.cache is not None else None


def _unfenced(content: str) -> str:
    found = _FENCE.match(content)
    return found.group(1) if found else content


def _retry_after(response: httpx.Response) -> float:
    with contextlib.suppress(ValueError):
        return max(0.0, float(response.headers.get("retry-after", 0)))
    return 0.0


def _read(path: Path | None) -> _Written | None:
    """What is kept there; None where nothing is, or nothing that can be read."""
    with contextlib.suppress(OSError, ValueError, TypeError, KeyError):
        if path is not None:
            kept = json.loads(path.read_text(encoding="utf-8"))
            return _Written(str(kept["content"]), str(kept["version"]))
    return None


def _write(path: Path | None, written: _Written) -> None:
    """Whole or not at all: a run may be killed."""
    if path is None:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    made = path.with_suffix(f".{os.getpid()}.tmp")
    made.write_text(json.dumps({"content": written.content, "version": written.version}, ensure_ascii=False), "utf-8")
    made.replace(path)
