"""Labelled answers: a question, an answer to it, the passages it was made from, and what a person says of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from copilot.errors import UsageError
from copilot.types import (
    Answer,
    Chunk,
    Citation,
    CitedDocument,
    Claim,
    Document,
    ElementKind,
    Hit,
    Passage,
    Span,
    Support,
    Verdict,
)
from evals.json_lines import read_lines
from evals.types import Case, CaseSource, Observation

LABELS = Path(__file__).resolve().parent / "labels.jsonl"
GOOD = frozenset(("right", "rightly_refused"))
FAULTS = (
    "wrong_number", "wrong_page", "wrong_language", "incomplete", "unsupported", "wrongly_refused",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Label:
    """An answer as an observation, and the person's verdict: ``reason`` is right, rightly_refused or a fault."""

    observation: Observation
    reason: str

    @property
    def good(self) -> bool:
        """Whether a person would take the answer."""
        return self.reason in GOOD


def load_labels(path: Path = LABELS) -> list[Label]:
    """The labelled answers of a JSONL file; UsageError names the file and line of what cannot be read."""
    return [_read(place, line) for place, line in read_lines(path)]


def _read(place: str, line: Mapping[str, Any]) -> Label:
    try:
        return _label(line)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        why = f"the field {error} is missing" if isinstance(error, KeyError) else str(error)
        raise UsageError(f"{place}: {why}.", "docs/evaluation.md tells the fields.") from error


def _label(line: Mapping[str, Any]) -> Label:
    if line["reason"] not in GOOD and line["reason"] not in FAULTS:
        raise ValueError(f"the reason '{line['reason']}' is none of {', '.join((*sorted(GOOD), *FAULTS))}")
    if line["good"] is not (line["reason"] in GOOD):
        raise ValueError(f"good is {line['good']}, which does not fit the reason '{line['reason']}'")
    sources = tuple(CaseSource(item["document"], int(item["page"]), item["quote"]) for item in line["sources"])
    case = Case(line["id"], line["question"], line["language"], line["reference"], sources)
    hits = [_hit(item, number) for number, item in enumerate(line["passages"])]
    return Label(Observation(case, None, _answer(line["answer"], line["question"], hits)), line["reason"])


def _answer(given: Mapping[str, Any], question: str, hits: Sequence[Hit]) -> Answer:
    claims = tuple(_claim(item, marker, hits) for marker, item in enumerate(given["claims"], 1))
    text = given["text"] or "\n".join(claim.text for claim in claims)
    return Answer(
        question, given["language"], Verdict.ANSWERED if claims else Verdict.NOT_FOUND, text, claims,
        tuple(citation for claim in claims for citation in claim.citations),
        tuple(Passage(number, (hit,)) for number, hit in enumerate(hits, 1)),
    )


def _claim(given: Mapping[str, Any], marker: int, hits: Sequence[Hit]) -> Claim:
    from evals.metrics.matching import holds

    own = [hit.chunk for hit in hits if hit.document.id == given["document"]]
    held = [chunk.id for chunk in own if holds(chunk.text, given["quote"])] or [chunk.id for chunk in own] or [""]
    document = CitedDocument(
        given["document"], _uri(given["document"]), given["document"], given["language"], "", "released"
    )
    citation = Citation(marker, document, (int(given["page"]),), (), "", given["quote"], chunk_id=held[0])
    return Claim(given["text"], given["kind"], (citation,), Support(1.0, "written by hand"))


def _hit(given: Mapping[str, Any], number: int) -> Hit:
    text, path, language = given["text"], given["document"], given["language"]
    document = Document(path, "", _uri(path), path, "", "", language)
    span = Span(int(given["page"]))
    chunk = Chunk(
        f"{path}#{number}", path, "", number, text, text, (), ((0, len(text), span),), language, ElementKind.TEXT
    )
    return Hit(chunk, document, 1.0)


def _uri(path: str) -> str:
    return f"file:///{path}"
