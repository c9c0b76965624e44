"""Fit the answerer's rankers and confidence on questions with answers in passages, in one language and across two.

    python -m training.answers --data DIR [--most 600] [--out copilot/answering/model.json]

DIR holds passages.jsonl.gz {id, source, lang, title, text} and questions.jsonl.gz {id, source, lang, passage, text,
answerable, answers: [{text, start}]}. Seeded; about ten minutes on one core. Whole articles are held apart: the
confidence is fitted on articles that the ranker never saw, and ``held_out`` stands on a third part. XQuAD is the dev
set: it is only reported. Across languages the training pairs are the questions that are asked in Spanish and in
Italian about the same article, and those of one language without the feature that tells nothing between two; the
features know no language, and ``dev`` tells how far that carries. Afterwards `python -m evals.calibrate --set
evals/calibration --write` adjusts the confidence to engineering documents, `python -m training.ranking --write` adds
the reader, and `copilot eval calibrate --afresh` fits the curves.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from copilot.answering.features import FEATURES
from copilot.answering.model import (
    CONFIDENCE_FEATURES,
    Logistic,
    Scoring,
    confidence_features,
    rank,
    sigmoid,
)
from copilot.language.wordtable import open_word_table
from training.answer_cases import (
    DEV,
    Asking,
    Example,
    Passage,
    Pool,
    apart,
    cross_pairs,
    directions,
    examples,
    own_pairs,
    part,
    read,
    without_grams,
)
from training.fitting import fit

OWN = ("es", "it", "pt", "zh")
CROSS = (("es", "it"), ("it", "es"))
DEV_LANGUAGES = ("de", "en", "es", "zh")
_DEV_MOST = 100
_SHOWN, _ADD = 0.4, 0.3  # the probability from which the report counts an answer as shown; see AnswerModel
_NO_CONFIDENCE = Logistic(dict.fromkeys(CONFIDENCE_FEATURES, 0.0), 0.0)
SOURCES = "SQuAD 2.0 (es), SQuAD-it, SQuAD 1.1 (pt), CMRC 2018; weights, no text; XQuAD as dev set only"


def training_examples(passages: list[Passage], questions: list[Asking], most: int) -> tuple[list[Example], ...]:
    """Examples within a language, and across two."""
    lexicon = open_word_table()
    passages = [item for item in passages if item.source != DEV]
    questions = apart(passages, questions)
    pools = {language: Pool(language, passages, lexicon) for language in OWN}
    own = [made for pool in pools.values() for made in examples(pool, own_pairs(pool, questions), most)]
    across = [
        made
        for source, target in CROSS
        for made in examples(pools[target], cross_pairs(pools[target], source, questions), most)
    ]
    return own, across


def dev_examples(passages: list[Passage], questions: list[Asking]) -> list[Example]:
    """The dev set in every direction."""
    lexicon = open_word_table()
    passages = [item for item in passages if item.source == DEV]
    questions = [item for item in questions if item.source == DEV]
    made: list[Example] = []
    for target in DEV_LANGUAGES:
        pool = Pool(target, passages, lexicon)
        for source in DEV_LANGUAGES:
            made += examples(pool, cross_pairs(pool, source, questions), _DEV_MOST)
    return made


def fit_scoring(made: Sequence[Example]) -> Scoring:
    """The ranker on options of questions whose answer was retrieved; the confidence on articles it never saw."""
    ranked = [item for item in made if part(item.article) < 5 and item.kind == "answerable" and item.right.any()]
    rows = np.array([option.features for item in ranked for option in item.options])
    ranker = fit(rows, np.concatenate([item.right for item in ranked]), FEATURES)
    draft = Scoring(ranker, _NO_CONFIDENCE)
    rows, right = confidence_rows(draft, [item for item in made if 5 <= part(item.article) < 8])
    return Scoring(ranker, fit(rows, right, CONFIDENCE_FEATURES))


def confidence_rows(model: Scoring, made: Sequence[Example]) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.bool_]]:
    """The confidence features of each example, and whether its first option is right."""
    rows, right = [], []
    for item in made:
        ranked = rank(model, item.options)
        rows.append(confidence_features(ranked, item.terms))
        right.append(bool(item.right[item.options.index(ranked[0][1])]))
    return np.array(rows), np.array(right)


def report(model: Scoring, made: Sequence[Example]) -> dict[str, Any]:
    """Per direction: first option right, right within two, calibration error, what share of each kind is shown."""
    figures: dict[str, Any] = {}
    for (source, target), own in directions(made).items():
        rows, right = confidence_rows(model, own)
        chance = np.array([sigmoid(model.confidence.score(CONFIDENCE_FEATURES, row)) for row in rows])
        kinds = np.array([item.kind for item in own])
        answerable = kinds == "answerable"
        entry: dict[str, Any] = {
            "questions": int(answerable.sum()),
            "retrieved": _share([item.right.any() for item in own if item.kind == "answerable"]),
            "first_right": _share(right[answerable]),
            "right_in_two": _share([_in_two(model, item) for item in own if item.kind == "answerable"]),
            "calibration_error": round(abs(float(chance.mean() - right.mean())), 3),
        }
        for kind in sorted(set(kinds)):
            entry[f"shown_{kind}"] = _share(chance[kinds == kind] >= _SHOWN)
        figures[target if source == target else f"{source}>{target}"] = entry
    return figures


def _in_two(model: Scoring, item: Example) -> bool:
    return any(item.right[item.options.index(option)] for _, option in rank(model, item.options)[:2])


def _share(values: Sequence[Any] | npt.NDArray[Any]) -> float:
    return round(float(np.mean(values)), 3)


def main() -> None:
    """Fit, report, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--most", type=int, default=600, help="questions per direction")
    parser.add_argument("--out", type=Path, default=Path("copilot/answering/model.json"))
    flags = parser.parse_args()
    passages, questions = read(flags.data)
    own, across = training_examples(passages, questions, flags.most)
    models = {"own": fit_scoring(own), "other": fit_scoring([*across, *map(without_grams, own)])}
    dev = dev_examples(passages, questions)
    kinds = {"own": (own, [item for item in dev if item.direction[0] == item.direction[1]]),
             "other": (across, [item for item in dev if item.direction[0] != item.direction[1]])}
    held_out, on_dev = {}, {}
    for name, (made, checked) in kinds.items():
        held_out |= report(models[name], [item for item in made if part(item.article) >= 8])
        on_dev |= report(models[name], checked)
    figures = {"held_out": held_out, "dev": on_dev}
    print(json.dumps(figures, indent=1))
    # What stands beside the words' weights, the reader's, is made over them: see training/ranking.py.
    beside = json.loads(flags.out.read_text(encoding="utf-8")) if flags.out.exists() else {}
    text = json.dumps({**beside, "words": _table(models, figures, flags.most)}, indent=1)
    flags.out.write_text(text + "\n", encoding="utf-8")


def _table(models: Mapping[str, Scoring], figures: dict[str, Any], most: int) -> dict[str, Any]:
    provenance = {"made_by": "training/answers.py", "questions_per_direction": most, "sources": SOURCES, **figures}
    return {
        "provenance": provenance,
        **{name: scoring_table(model) for name, model in models.items()},
        "add": _ADD,
    }


def scoring_table(model: Scoring) -> dict[str, Any]:
    """A Scoring as model.json holds it."""
    parts = {"ranker": model.ranker, "confidence": model.confidence}
    return {name: {"weights": dict(item.weights), "bias": item.bias} for name, item in parts.items()}


if __name__ == "__main__":
    main()
