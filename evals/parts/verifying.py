"""Labelled sentences against the verifier: what it says of each, and how often it is right, by kind and language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from copilot.errors import UsageError
from copilot.language import detect
from copilot.verification import SUPPORTED, Source, Verifier
from evals.calibration.reliability import calibration_error
from evals.json_lines import first, language_code, read_lines

_SENTENCE = "sentence claim text statement answer hypothesis"
_LANGUAGE = "language lang sentence_language claim_language"
_SOURCES = "sources passages passage source quotes quote evidence context premise citation"
_SOURCE_TEXT = "text passage quote content source evidence"
_SOURCE_LANGUAGE = "passage_language source_language quote_language evidence_language source_lang context_language"
_YES = frozenset("supported support supports true yes 1 entailed entailment faithful correct ok".split())


@dataclass(frozen=True, slots=True)
class Pair:
    """A sentence, what it cites, its kind (empty where unlabelled), and whether it is supported, if that is known."""

    id: str
    sentence: str
    language: str
    sources: tuple[Source, ...]
    kind: str
    supported: bool | None


@dataclass(frozen=True, slots=True)
class Checked:
    """What the verifier said of a pair."""

    pair: Pair
    score: float
    reason: str

    @property
    def supported(self) -> bool:
        """Whether it may stand."""
        return self.score >= SUPPORTED

    @property
    def right(self) -> bool | None:
        """Whether that is what the label says; None without a label."""
        return None if self.pair.supported is None else self.supported == self.pair.supported


def read_pairs(path: Path) -> list[Pair]:
    """The pairs of a set; UsageError names file and line of what cannot be taken."""
    return [_pair(place, item) for place, item in read_lines(path)]


def _pair(place: str, item: Mapping[str, Any]) -> Pair:
    sentence = str(first(item, _SENTENCE, place))
    language = language_code(first(item, _LANGUAGE, place, needed=False)) or detect(sentence, "en")
    given = first(item, _SOURCES, place)
    default = first(item, _SOURCE_LANGUAGE, place, needed=False)
    sources = tuple(
        _source(one, default, language, place) for one in (given if isinstance(given, list) else [given])
    )
    kind, supported = _label(item, place)
    return Pair(str(item["id"]), sentence, language, sources, kind, supported)


def _source(given: Any, default: Any, language: str, place: str) -> Source:
    item = given if isinstance(given, dict) else {"text": given}
    text = str(first(item, _SOURCE_TEXT, place))
    named = first(item, "language lang", place, needed=False) or default
    context = item.get("context") or item.get("headings") or ""
    shown = "\n".join(map(str, context)) if isinstance(context, list) else str(context)
    return Source(text, language_code(named) or detect(text, language), shown)


def _label(item: Mapping[str, Any], place: str) -> tuple[str, bool | None]:
    for name in ("label", "supported", "kind", "verdict"):
        given = item.get(name)
        if given is None:
            continue
        if isinstance(given, bool | int):
            return ("supported" if given else "unsupported"), bool(given)
        if isinstance(given, str):
            kind = given.strip().lower().replace(" ", "_").replace("-", "_")
            return ("supported" if kind in _YES else kind), kind in _YES
        raise UsageError(f"{place}: the label {given!r} is neither a text nor true or false.", "Write, say, supported.")
    return "", None


def check(pair: Pair, verifier: Verifier) -> Checked:
    """Ask the verifier."""
    found = verifier.check(pair.sentence, pair.language, pair.sources)
    return Checked(pair, found.score, found.reason)


def figures(checked: Sequence[Checked]) -> dict[str, Any]:
    """Precision and recall of "supported" and of "not supported", AUC, calibration error, and shares right by kind,
    by language and by pair of languages, each with its count.
    """
    known = [item for item in checked if item.right is not None]
    table: dict[str, Any] = {"cases": len(checked), "labelled": len(known)}
    if not known:
        return table
    table |= {"right": _share([bool(item.right) for item in known])}
    for name, wanted in (("supported", True), ("unsupported", False)):
        said = [item for item in known if item.supported is wanted]
        there = [item for item in known if item.pair.supported is wanted]
        table[name] = {
            "precision": _share([bool(item.right) for item in said]),
            "recall": _share([bool(item.right) for item in there]),
        }
    table["auc"] = _auc([(item.score, bool(item.pair.supported)) for item in known])
    table["calibration_error"] = round(
        calibration_error([(item.score, bool(item.pair.supported)) for item in known]), 3
    )
    table["by_kind"] = _by(known, lambda item: item.pair.kind)
    table["by_language"] = _by(known, lambda item: item.pair.language)
    table["by_pair"] = _by(
        known, lambda item: "same" if all(s.language == item.pair.language for s in item.pair.sources) else "across"
    )
    return table


def _by(checked: Sequence[Checked], key: Any) -> dict[str, dict[str, float]]:
    names = sorted({key(item) for item in checked})
    groups = {name: [bool(item.right) for item in checked if key(item) == name] for name in names}
    return {name: {"right": _share(found), "cases": len(found)} for name, found in groups.items()}


def _share(found: Sequence[bool]) -> float:
    return round(sum(found) / len(found), 3) if found else 0.0


def _auc(scored: Sequence[tuple[float, bool]]) -> float:
    """The chance that a supported sentence scores above an unsupported one; ties count half."""
    yes = [score for score, label in scored if label]
    no = [score for score, label in scored if not label]
    if not yes or not no:
        return 0.0
    won = sum((a > b) + 0.5 * (a == b) for a in yes for b in no)
    return round(won / (len(yes) * len(no)), 3)
