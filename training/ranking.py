"""Adds the reader's scores to the answerer's weights, and reports what that does on passages held apart.

    python -m training.reader.documents --out DIR
    COPILOT_DATA_DIR=DATA copilot ingest DIR/documents
    python -m training.ranking --data-dir DATA [--most 2600] [--write]

Only passages that the reader did not learn from are asked about, and the product itself searches. The weights that
words alone were given stay as they are and the reader's is added: all of them fitted anew to these questions (the
report's "refitted", on parts 6 to 8 of ten) is better on their like (part 9, which is reported), and no better on
the cases of evals/calibration, which are closer to what people ask.
"""

from __future__ import annotations

import argparse
import json
import pickle
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from copilot.answering.calibration import Calibration, Curve
from copilot.answering.choosing import choose, ranked_options
from copilot.answering.features import FEATURES, Option, Reads
from copilot.answering.model import CONFIDENCE_FEATURES, AnswerModel, Logistic, Scoring, load_model
from copilot.answering.reads import read
from copilot.reading import open_reader
from copilot.service import Copilot
from copilot.settings import load_settings
from copilot.types import Evidence, Passage, Principal, QueryTerm, Question
from copilot.wiring import open_copilot
from training.answers import scoring_table
from training.fitting import fit
from training.reader.documents import cells
from training.reader.lesson import area
from training.reader.readings import LEARNT, WRITTEN, part, rows_of

MODEL = Path("copilot/answering/model.json")
ADDED = {"own": (1.0, 0.8), "other": (1.0, 0.2)}
"""The weight of a quarter of the reader's logit in the ranker, and beyond that in the confidence: chosen on
evals/calibration; between languages it tells which sentence, and little of whether any."""
_RANKER, _CONFIDENCE, _REPORT = (6, 7), (8,), (9,)
_PRINCIPAL = Principal("tester")
_AS_THEY_ARE = Calibration({"own": Curve(1.0, 0.0), "other": Curve(1.0, 0.0)}, {"own": 0.0, "other": 0.0})


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, the passage it is about, and the sentences that answer it as they stand in documents."""

    text: str
    language: str
    passage: str
    told: str
    quotes: tuple[str, ...]

    @property
    def foreign(self) -> bool:
        """Whether its answer stands in another language."""
        return self.language != self.told

    def right(self, option: Option) -> bool:
        """Whether the option is one of the sentences."""
        if not option.hit.document.uri.endswith(f"/{self.passage}.md"):
            return False
        text = _folded(option.text)
        return any(text in quote or quote in text for quote in self.quotes if len(text) > len(quote) / 2)


def questions(folder: Path, parts: Iterable[int]) -> list[Asked]:
    """The questions about passages of these parts."""
    made = []
    wanted = set(parts)
    for path in sorted(folder.glob("*.jsonl")):
        passages, rows = rows_of(path)
        for row in rows:
            passage = passages[row["passage"]]
            if part(row["passage"]) in wanted:
                quotes = tuple(_quote(passage["sentences"][at]) for at in row["answers"])
                made.append(Asked(row["text"], row["lang"], row["passage"], passage["lang"], quotes))
    return made


def _quote(sentence: str) -> str:
    told = cells(sentence)
    return _folded(" ".join(told[1]) if told else sentence)


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


Found = tuple[Question, str, tuple[Passage, ...], dict[str, tuple[QueryTerm, ...]]]
"""What evidence holds, without what reaches into the data folder, so that it can be kept in a file."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A question with the evidence that the product found, and what the reader made of it."""

    asked: Asked
    evidence: Evidence
    reads: Reads


def search(copilot: Copilot, asked: Sequence[Asked]) -> list[Found]:
    """The evidence of every question."""
    found = []
    for number, item in enumerate(asked, start=1):
        evidence = copilot.evidence(Question(item.text, language=item.language), _PRINCIPAL)
        found.append((evidence.question, evidence.language, evidence.passages, dict(evidence.terms)))
        if number % 200 == 0:
            print(f"{number} of {len(asked)} questions", flush=True)
    return found


def see(asked: Sequence[Asked], found: Sequence[Found]) -> list[Seen]:
    """The reader's scores of all that was found."""
    reader = open_reader()
    evidence = [Evidence(*item) for item in found]
    return [Seen(item, made, read(made, reader)) for item, made in zip(asked, evidence, strict=True)]


def fit_ranker(seen: Sequence[Seen], foreign: bool, model: AnswerModel) -> Logistic:
    """On the options in the language of the answer, of questions whose answer was found."""
    rows: list[tuple[float, ...]] = []
    right: list[bool] = []
    for item in seen:
        if item.asked.foreign == foreign and item.asked.quotes:
            ranked = ranked_options(item.evidence, item.asked.told, model, item.reads)
            flags = [item.asked.right(option) for _, option in ranked]
            if any(flags):
                rows += [option.features for _, option in ranked]
                right += flags
    print(f"ranker {'other' if foreign else 'own'}: {sum(right)} right of {len(right)} options")
    return fit(np.array(rows), np.array(right), FEATURES)


def lists(
    seen: Sequence[Seen], foreign: bool, model: AnswerModel
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Confidence features of the best list of a kind, whether its first option is right, whether there is an answer.

    In other languages only those questions count whose answer stands there, or nowhere.
    """
    rows, right, there = [], [], []
    for item in seen:
        asked = item.asked
        if asked.quotes and foreign != asked.foreign:
            continue
        chosen = choose(item.evidence, model, _AS_THEY_ARE, item.reads)
        made = [choices for choices in chosen if choices.foreign == foreign and choices.able]
        if made:
            best = max(made, key=lambda found: found.score)
            rows.append(best.features)
            right.append(asked.right(best.able[0].option))
            there.append(bool(asked.quotes))
    return np.array(rows), np.array(right), np.array(there)


def report(seen: Sequence[Seen], model: AnswerModel) -> dict[str, dict[str, float]]:
    """Per kind: found (a right option in the lists), first right, and how well the confidence tells right from not."""
    figures = {}
    for foreign, name in ((False, "own"), (True, "other")):
        asked = [item for item in seen if item.asked.quotes and item.asked.foreign == foreign]
        first, found = [], []
        for item in asked:
            ranked = ranked_options(item.evidence, item.asked.told, model, item.reads)
            flags = [item.asked.right(option) for _, option in ranked]
            found.append(any(flags))
            first.append(bool(flags) and flags[0])
        rows, right, there = lists(seen, foreign, model)
        scores = np.array([model.scoring(foreign).confidence.score(CONFIDENCE_FEATURES, row) for row in rows])
        figures[name] = {
            "questions": len(asked), "found": _share(found), "first_right": _share(first),
            "auc_right": round(area(scores[right].tolist(), scores[~right].tolist()), 3),
            "auc_there": round(area(scores[there].tolist(), scores[~there].tolist()), 3),
        }  # fmt: skip
    return figures


def _share(values: Sequence[bool]) -> float:
    return round(float(np.mean(values)), 3)


def of_parts(seen: Sequence[Seen], parts: Sequence[int]) -> list[Seen]:
    """Those about passages of these parts."""
    return [item for item in seen if part(item.asked.passage) in parts]


def added(words: AnswerModel) -> AnswerModel:
    """The weights of words with the reader's beside them."""
    own, other = (
        Scoring(
            _with(scoring.ranker, ranks),
            _with(scoring.confidence, sure - ranks * scoring.confidence.weights["score"]),
        )
        for scoring, (ranks, sure) in ((words.own, ADDED["own"]), (words.other, ADDED["other"]))
    )
    return replace(words, own=own, other=other)


def _with(model: Logistic, weight: float) -> Logistic:
    return Logistic(dict(model.weights) | {"read": round(weight, 4)}, model.bias)


def fit_model(seen: Sequence[Seen], words: AnswerModel) -> AnswerModel:
    """Rankers, then the confidence on what they put first."""
    rankers = [fit_ranker(of_parts(seen, _RANKER), foreign, words) for foreign in (False, True)]
    nothing = Logistic(dict.fromkeys(CONFIDENCE_FEATURES, 0.0), 0.0)
    draft = AnswerModel(Scoring(rankers[0], nothing), Scoring(rankers[1], nothing), words.add)
    made = []
    for foreign in (False, True):
        rows, right, _ = lists(of_parts(seen, _CONFIDENCE), foreign, draft)
        made.append(Scoring(rankers[foreign], fit(rows, right, CONFIDENCE_FEATURES)))
    return AnswerModel(made[0], made[1], words.add)


def main() -> None:
    """Ask, fit, report, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--written", type=Path, default=WRITTEN)
    parser.add_argument("--data-dir", type=Path, required=True)
    parser.add_argument("--most", type=int, default=2600)
    parser.add_argument("--found", type=Path, help="keep what was found here, and take it from here")
    parser.add_argument("--write", action="store_true")
    flags = parser.parse_args()
    asked = questions(flags.written, range(LEARNT, 10))
    random.Random(7).shuffle(asked)
    asked = asked[: flags.most]
    if flags.found and flags.found.exists():
        found = pickle.loads(flags.found.read_bytes())
    else:
        with open_copilot(load_settings(data_dir=flags.data_dir)) as copilot:
            found = search(copilot, asked)
        if flags.found:
            flags.found.write_bytes(pickle.dumps(found))
    seen = see(asked, found)
    words = load_model()
    models = {"words": words, "added": added(words), "refitted": fit_model(seen, words)}
    figures = {name: report(of_parts(seen, _REPORT), model) for name, model in models.items()}
    print(json.dumps(figures, indent=1))
    if flags.write:
        write(models["added"], {"made_by": "training/ranking.py", "reader": open_reader().version, **figures})


def write(model: AnswerModel, provenance: dict[str, Any]) -> None:
    """Put the model beside that of words alone."""
    table = json.loads(MODEL.read_text(encoding="utf-8"))
    table["reader"] = {"provenance": provenance, "own": scoring_table(model.own), "other": scoring_table(model.other),
                       "add": model.add}  # fmt: skip
    MODEL.write_text(json.dumps(table, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
