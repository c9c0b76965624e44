"""What a run keeps: one JSON line a case in results.jsonl, written as it goes, so that a run can be resumed."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TextIO

from copilot.errors import UsageError
from copilot.types import Answer, Hit, SearchResult, to_json
from evals.types import CROSS, DRAFT, PENDING, Case, CaseResult, Observation, Score

RESULTS = "results.jsonl"
OWN, ABSENT = "own", "absent"
_SYNC_EVERY = 8
_TOP = 10


@dataclass(frozen=True, slots=True)
class Kept:
    """A case's result with what a report tells of it.

    ``digest`` is the case's hash, ``run`` the run's fingerprint when it was asked; ``sources`` are the languages of
    the documents that hold the answer.
    """

    result: CaseResult
    digest: str
    run: str
    question: str = ""
    reference: str = ""
    sources: tuple[str, ...] = ()
    answerable: bool = True

    @property
    def kind(self) -> str:
        """Where the answer stands: in the question's language, in others only, or nowhere for this principal."""
        if not self.answerable:
            return ABSENT
        return CROSS if CROSS in self.result.tags else OWN

    @property
    def id(self) -> str:
        """The case's id."""
        return self.result.case_id

    @property
    def counted(self) -> bool:
        """Whether it belongs to the figures: neither a draft nor asking for what the product cannot do yet."""
        return not {PENDING, DRAFT}.intersection(self.result.tags)


def case_digest(case: Case) -> str:
    """A hash of all that the case says; where it stands does not count."""
    content = to_json(replace(case, origin=""))
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:16]


def shown_answer(observation: Observation) -> Mapping[str, object]:
    """The answer as JSON without the texts of its passages; of a retrieval run the hits alone."""
    if observation.answer is None:
        return {"hits": _hits(observation.search)}
    answer: Answer = replace(observation.answer, passages=())
    content: dict[str, object] = to_json(answer)
    del content["passages"]
    return {**content, "hits": _hits(observation.search)}


def _hits(result: SearchResult | None) -> list[dict[str, object]]:
    return [_hit(hit) for hit in result.hits[:_TOP]] if result else []


def _hit(hit: Hit) -> dict[str, object]:
    pages = sorted({span.page for span in hit.chunk.spans})
    return {"uri": hit.document.uri, "title": hit.document.title, "pages": pages, "score": round(hit.score, 4)}


class Journal:
    """results.jsonl, open for writing; lines reach the disk in small batches. Use it in a ``with`` statement."""

    def __init__(self, folder: Path, kept: Iterable[Kept] = ()) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        part = folder / (RESULTS + ".part")
        part.write_text("".join(line(item) for item in kept), encoding="utf-8")
        os.replace(part, folder / RESULTS)
        self._file: TextIO = (folder / RESULTS).open("a", encoding="utf-8")
        self._waiting = 0

    def __enter__(self) -> Journal:
        return self

    def __exit__(self, *_: object) -> None:
        self._sync()
        self._file.close()

    def add(self, item: Kept) -> None:
        """Write one case."""
        self._file.write(line(item))
        self._waiting += 1
        if self._waiting >= _SYNC_EVERY:
            self._sync()

    def _sync(self) -> None:
        self._file.flush()
        os.fsync(self._file.fileno())
        self._waiting = 0


def write_results(folder: Path, kept: Iterable[Kept]) -> None:
    """The whole file at once, in place of what a run wrote as it went."""
    with Journal(folder, kept):
        pass


def line(item: Kept) -> str:
    """One case as a line of JSON."""
    result = item.result
    content = {
        "id": result.case_id, "hash": item.digest, "fingerprint": item.run, "language": result.language,
        "tags": result.tags, "question": item.question, "reference": item.reference,
        "source_languages": item.sources, "answerable": item.answerable, "right": result.right, "why": result.why,
        "scores": result.scores,
        "error": result.error, "errors": result.errors, "seconds": round(result.seconds, 4), "answer": result.answer,
    }  # fmt: skip
    return json.dumps(to_json(content), ensure_ascii=False, allow_nan=False) + "\n"


def read_results(folder: Path) -> list[Kept]:
    """The cases of a run in the order in which they were asked; a last line torn by a kill is passed over.

    Raises UsageError where there are no results or a line in their middle cannot be read.
    """
    path = folder / RESULTS
    if not path.is_file():
        raise UsageError(f"There are no results in '{folder}'.", "Name the folder that copilot eval run wrote (--out).")
    return list(_read(path))


def _read(path: Path) -> Iterator[Kept]:
    text = path.read_text(encoding="utf-8", errors="replace")
    lines = text.removesuffix("\n").split("\n") if text else []  # not splitlines: texts may hold its other separators
    for number, content in enumerate(lines, 1):
        try:
            yield _kept(json.loads(content))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            if number == len(lines) and not text.endswith("\n"):
                return
            raise UsageError(
                f"{path}:{number} cannot be read: {error}.", "Run copilot eval run again without --resume."
            ) from error


def _kept(content: Mapping[str, Any]) -> Kept:
    scores = {name: Score(float(item["value"]), item["reason"]) for name, item in content["scores"].items()}
    result = CaseResult(
        content["id"], content["language"], tuple(content["tags"]), bool(content["right"]), content["why"], scores,
        content["answer"], content["error"], content["errors"], float(content["seconds"]),
    )  # fmt: skip
    return Kept(
        result, content["hash"], content["fingerprint"], content["question"], content["reference"],
        tuple(content["source_languages"]), bool(content["answerable"]),
    )  # fmt: skip
