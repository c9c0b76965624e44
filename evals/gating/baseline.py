"""The baseline: what was right when someone last said so, case by case, with who, when and why."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from copilot.errors import UsageError
from copilot.types import to_json
from evals.running.fingerprint import Fingerprint, cases_hash, content_hash
from evals.running.results import Kept

# What the gate compares; the rest stands in a run's own results.
RANKED = ("recall_at_10", "mrr", "ndcg_at_10", "semantic_similarity", "faithfulness_lexical_judge")
JUDGED = (
    "ragas_faithfulness", "ragas_answer_relevancy", "ragas_llm_context_precision", "ragas_llm_context_recall",
    "ragas_factual_correctness", "ragas_noise_sensitivity",
)  # fmt: skip
VERDICTS = (
    "no_leakage", "no_wrong_refusal", "right_refusal", "quote_verbatim", "numeric_fidelity", "page_correct",
    "citation_recall", "numbers_correct", "box_correct", "answer_language",
)  # fmt: skip
KEPT_SCORES = frozenset((*VERDICTS, *RANKED, *JUDGED))
_FORMAT = 1
_ANSWER_CHARS = 240
_FIRST = "A first one is written by: copilot eval gate --update --who NAME --why REASON"
_CURE = "If the change is meant, write it again: copilot eval gate --update --who NAME --why REASON"


@dataclass(frozen=True, slots=True)
class Entry:
    """One case as it was: the verdict, why, the scores, and the answer in short for the report."""

    digest: str
    language: str
    tags: tuple[str, ...]
    right: bool
    why: str
    scores: Mapping[str, float] = field(default_factory=dict)
    answer: str = ""
    cites: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Baseline:
    """All cases of a run that was taken as the measure; ``selection`` names the part of the set that was asked."""

    who: str
    when: str
    why: str
    fingerprint: Fingerprint
    cases: Mapping[str, Entry]
    selection: Mapping[str, object] = field(default_factory=dict)


def entry_of(item: Kept) -> Entry:
    """What a baseline keeps of a case."""
    result = item.result
    scores = {name: round(found.value, 3) for name, found in sorted(result.scores.items()) if name in KEPT_SCORES}
    return Entry(
        item.digest, result.language, result.tags, result.right, result.why, scores, answer_text(result.answer),
        tuple(cites(result.answer)),
    )  # fmt: skip


def answer_text(answer: Mapping[str, Any]) -> str:
    """The answer in short."""
    text = " ".join(str(answer.get("text", "")).split())
    return text if len(text) <= _ANSWER_CHARS else text[: _ANSWER_CHARS - 1] + "…"


def cites(answer: Mapping[str, Any]) -> list[str]:
    """The documents that an answer cites with their pages, "manual.pdf p. 6"; of a retrieval run those it found."""
    found: dict[str, None] = {}
    for item in answer.get("citations") or ():
        found[_place(item["document"]["uri"], item["pages"])] = None
    if "text" not in answer:
        for hit in (answer.get("hits") or ())[:3]:
            found[_place(hit["uri"], hit["pages"])] = None
    return list(found)


def _place(uri: str, pages: Sequence[int]) -> str:
    from urllib.parse import unquote

    return f"{unquote(uri.rsplit('/', 1)[-1])} p. {', '.join(map(str, pages))}"


def baseline_of(kept: Sequence[Kept], fingerprint: Fingerprint, who: str, why: str,
                selection: Mapping[str, object] | None = None) -> Baseline:
    """The run as the measure of later ones; UsageError where who or why is not said."""
    if not who.strip() or not why.strip():
        raise UsageError("A baseline says who wrote it and why.", "Add --who NAME --why REASON.")
    when = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    cases = {item.id: entry_of(item) for item in sorted(kept, key=lambda item: item.id)}
    return Baseline(who.strip(), when, why.strip(), fingerprint, cases, dict(selection or {}))


def write_baseline(path: Path, baseline: Baseline) -> None:
    """One line a case, by id, so that a change of one case is one line in a review."""
    content = {"format": _FORMAT, **to_json(baseline)}
    content = {"format": _FORMAT, "digest": content_hash(content), **content}
    cases = content.pop("cases")
    head = json.dumps(content, ensure_ascii=False, indent=1)
    lines = ",\n".join(f"  {json.dumps(key)}: {json.dumps(cases[key], ensure_ascii=False)}" for key in sorted(cases))
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    part.write_text(f'{head.removesuffix(chr(10) + "}")},\n "cases": {{\n{lines}\n }}\n}}\n', encoding="utf-8")
    part.replace(path)


def read_baseline(path: Path) -> Baseline:
    """The baseline of a file; UsageError where there is none, or it cannot be what was written."""
    if not path.is_file():
        raise UsageError(f"There is no baseline '{path}'.", f"Name one with --baseline. {_FIRST}")
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if content["format"] != _FORMAT:
            raise UsageError(f"'{path}' is a baseline of format {content['format']}, not {_FORMAT}.", _CURE)
        found, digest = _baseline(content), content.pop("digest", "")
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UsageError(f"'{path}' is no baseline that can be read: {error!r}.", _CURE) from error
    if digest != content_hash(content):
        raise UsageError(f"The baseline '{path}' was changed by hand: its digest is not that of its content.", _CURE)
    if cases_hash({key: entry.digest for key, entry in found.cases.items()}) != found.fingerprint.cases:
        raise UsageError(f"The baseline '{path}' was changed by hand: its fingerprint is not that of its cases.", _CURE)
    return found


def _baseline(content: Mapping[str, Any]) -> Baseline:
    cases = {
        str(key): Entry(
            item["digest"], item["language"], tuple(item["tags"]), bool(item["right"]), item["why"],
            {name: float(value) for name, value in item["scores"].items()}, item["answer"], tuple(item["cites"]),
        )  # fmt: skip
        for key, item in content["cases"].items()
    }
    return Baseline(
        content["who"], content["when"], content["why"], Fingerprint(**content["fingerprint"]), cases,
        content["selection"],
    )  # fmt: skip
