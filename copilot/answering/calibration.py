"""From a raw score to the probability that the answer is right, per language and pair; the curves are data.

The shipped curves (calibration.json) are the maintainers'; a team's own, refitted on its labels, lie in the data
folder and go before them.
"""

from __future__ import annotations

import functools
import json
import logging
import math
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from copilot.answering.model import sigmoid
from copilot.errors import SettingsError

FILE = "calibration.json"
_BY_WORDS = "calibration_words.json"
_WITH = {True: "with", False: "without"}
_LOG = logging.getLogger(__name__)
_FORMAT = 1


@dataclass(frozen=True, slots=True)
class Curve:
    """p = 1 / (1 + exp(-(slope * score + shift))) (Platt 1999), from ``n`` answers that were judged."""

    slope: float
    shift: float
    n: int = 0

    def chance(self, score: float) -> float:
        """The probability at a raw score."""
        return sigmoid(self.slope * score + self.shift)


@dataclass(frozen=True, slots=True)
class Calibration:
    """Curves by direction and the probabilities from which the answerer speaks.

    ``curves`` holds "own" and "other" (passages in the question's language, or in another), and where there were
    questions enough a language ("de") or a pair ("de>en", the question's language first). ``date`` and ``source``
    say when and on which set they were fitted.
    """

    curves: Mapping[str, Curve]
    speak: Mapping[str, float]
    prefer: float = 0.5
    """The own language goes first unless its probability is below this share of another's."""
    date: str = ""
    source: str = ""
    answers: int = 0
    reads: bool = False
    """Whether they were fitted to scores that a reader had a part in."""

    def chance(self, score: float, asked: str, told: str) -> float:
        """The probability that an answer in language ``told`` to a question in language ``asked`` is right."""
        name = asked if asked == told else f"{asked}>{told}"
        return (self.curves.get(name) or self.curves[self.kind(asked, told)]).chance(score)

    @property
    def told(self) -> str:
        """Which calibration this is, in a line."""
        return f"{self.date}, {self.answers} cases of {self.source}"

    def threshold(self, foreign: bool) -> float:
        """The probability from which the answerer speaks."""
        return self.speak["other" if foreign else "own"]

    @staticmethod
    def kind(asked: str, told: str) -> str:
        """Own or other: whether the passages are in the question's language."""
        return "own" if asked == told else "other"


def load_calibration(folder: Path | None = None, reads: bool = False) -> Calibration:
    """The team's curves where the data folder holds them, else the shipped ones; SettingsError if they are broken.

    ``reads`` says whether a reader scores the sentences: curves hold for one way of scoring only.
    """
    found = team(folder) if folder is not None else None
    if found is None:
        return shipped(reads)
    if found.reads == reads:
        return found
    told = _WITH[found.reads]
    _LOG.warning("%s of %s was fitted %s the reader; refit it with `copilot eval calibrate`", FILE, folder, told)
    return shipped(reads)


def team(folder: Path) -> Calibration | None:
    """The curves that the data folder holds; SettingsError if they are broken."""
    path = folder / FILE
    return _read(path.read_text(encoding="utf-8"), str(path)) if path.is_file() else None


@functools.cache
def shipped(reads: bool = False) -> Calibration:
    """The curves of the package."""
    name = FILE if reads else _BY_WORDS
    return _read(resources.files("copilot.answering").joinpath(name).read_text(encoding="utf-8"), name)


def to_text(calibration: Calibration, figures: Mapping[str, Any] | None = None) -> str:
    """The file's content; ``figures`` are kept beside the curves for readers."""
    table = {
        "format": _FORMAT,
        "date": calibration.date,
        "set": calibration.source,
        "answers": calibration.answers,
        "reads": calibration.reads,
        "speak": dict(calibration.speak),
        "prefer": calibration.prefer,
        "curves": {
            name: {"slope": round(curve.slope, 4), "shift": round(curve.shift, 4), "n": curve.n}
            for name, curve in sorted(calibration.curves.items())
        },
        "figures": dict(figures or {}),
    }
    return json.dumps(table, indent=1, ensure_ascii=False) + "\n"


def _read(text: str, name: str) -> Calibration:
    cure = "Refit it with `copilot eval calibrate`, or remove the file: the shipped calibration then holds again."
    try:
        table = json.loads(text)
        curves = {key: Curve(float(row["slope"]), float(row["shift"]), int(row["n"]))
                  for key, row in table["curves"].items()}
        speak = {key: float(table["speak"][key]) for key in ("own", "other")}
        known = table["format"] == _FORMAT
        prefer = float(table["prefer"])
        reads = bool(table.get("reads", False))
        made = Calibration(curves, speak, prefer, str(table["date"]), str(table["set"]), int(table["answers"]), reads)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise SettingsError(f"The calibration '{name}' cannot be read: {error!r}.", cure) from error
    numbers = [value for curve in curves.values() for value in (curve.slope, curve.shift)]
    sound = all(math.isfinite(value) for value in numbers) and all(curve.slope > 0 for curve in curves.values())
    if not known or not {"own", "other"} <= set(curves) or not sound or any(not 0 <= p <= 1 for p in speak.values()):
        raise SettingsError(f"The calibration '{name}' holds no usable curves.", cure)
    return made
