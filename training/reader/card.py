"""The reader's model card: how it was made, from what, how well it reads, what is known to go wrong."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

_HEAD = """---
language: [en, de, es, fr, it, pl, pt, zh]
tags: [reading, answer-sentence-selection, technical-text, onnx]
---

"""
_BODY = """# Reader: which sentence of a passage answers a question

Reads a question (up to 40 pieces), the title and heading of a passage (24) and its sentences (256 in all) and gives
each sentence the logit against "none of these answers", whatever the languages of the two. {layers} transformer layers
of width 384 over the unit rows of the shipped embedder, whose pieces and table it shares; ONNX with int8 weights,
run on the CPU without torch. `copilot.reading.Reader` packs and runs it.

## How it was made

`python -m training.reader`, in lessons:

{lessons}

- Start: the first {layers} layers of all-MiniLM-L6-v2 (Apache 2.0); the projection takes the embedder's rows of whole
  English pieces to that model's rows by least squares (it explains a quarter of them: the layers learn the rest).
- Loss: -log of the probability of the right sentences among all and "none" (0), AdamW, bfloat16, two CPU cores.
- "questions" are encyclopaedia questions with the passage that answers, in the passage's language or another, or with
  the most similar passage of the same article that does not; "parallel" asks for a sentence of technical text by some
  of its words or of its translation's, among its neighbours; "written" are questions over engineering passages that
  were written for this project (training/questions), six in ten of them; short stretches and other passages among
  them. In lesson 2 the shipped model saw their first half only.

## Data

| what | from | licence |
| --- | --- | --- |
| questions | SQuAD 2.0 (es), SQuAD-it, SQuAD 1.1 (pt), CMRC 2018; no article that XQuAD asks about | CC BY-SA 4.0 |
| parallel | the parallel technical text of the embedder's card | as there; some of it copyleft |
| written | {written} | this project's |

## How well it reads

In the right passage, the share of questions whose best sentence is right, and the area under the curve that tells the
right passage from one of the same topic that does not answer (XQuAD: the nearest of the article; written: questions
made to deceive over the same passage). XQuAD was never learnt from, nor were these passages.

{figures}

## Known faults

- A question made to deceive (another property of the same thing) often gets a high score all the same: 'not found'
  rests on the answerer's other evidence as well.
- French and Polish were learnt from parallel text and the written questions alone.
- It was not measured on languages beyond these eight.
"""


def write_card(
    folder: Path,
    layers: int,
    lessons: Sequence[Mapping[str, Any]],
    written: str,
    figures: Mapping[str, Mapping[str, Mapping[str, float]]],
) -> None:
    """README.md of the model's folder."""
    told = "\n".join(
        f"{number}. {lesson['steps']:,} steps of {lesson['batch']} readings, rate {lesson['rate']}, drawn as "
        + ", ".join(f"{name} {share:.0%}" for name, share in lesson["share"].items())
        for number, lesson in enumerate(lessons, start=1)
    )
    text = _BODY.format(layers=layers, lessons=told, written=written, figures=_table(figures))
    (folder / "README.md").write_text(_HEAD + text, encoding="utf-8")


def _table(figures: Mapping[str, Mapping[str, Mapping[str, float]]]) -> str:
    rows = ["| set | direction | questions | first right | AUC |", "| --- | --- | --- | --- | --- |"]
    for name, directions in figures.items():
        for kind, same in (("same language", True), ("two languages", False)):
            chosen = [row for pair, row in directions.items() if (pair[:2] == pair[-2:]) == same]
            rows += [_line(name, kind, chosen)] if chosen else []
        rows += [_line(name, pair[:2], [row]) for pair, row in directions.items() if pair[:2] == pair[-2:]]
    return "\n".join(rows)


def _line(name: str, kind: str, rows: Sequence[Mapping[str, float]]) -> str:
    questions = sum(row["questions"] for row in rows)
    return f"| {name} | {kind} | {questions:,.0f} | {_mean(rows, 'first_right')} | {_mean(rows, 'auc')} |"


def _mean(rows: Sequence[Mapping[str, float]], key: str) -> str:
    """Weighted by the questions; a direction in which every passage answers has no area."""
    known = [row for row in rows if not math.isnan(row[key])]
    if not known:
        return ""
    return f"{sum(row[key] * row['questions'] for row in known) / sum(row['questions'] for row in known):.2f}"
