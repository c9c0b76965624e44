"""The model card of an embedder: data with licences, steps, time, figures, known faults."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from training.embedder_corpus import HELD_OUT, PERMISSIVE

_LICENCES = {
    "python-docs": "PSF documentation licence, translations CC0", "django-docs": "BSD-3", "odoo": "LGPL-3",
    "erpnext": "GPL-3", "oca": "AGPL-3", "kicad": "GPL-3", "kicad-doc": "GPL-3 or CC-BY 3.0", "freecad": "LGPL-2.1",
    "librecad": "GPL-2", "qelectrotech": "GPL-2", "openscad": "GPL-2", "blender": "GPL-2", "librepcb": "GPL-3",
    "fritzing": "GPL-3", "betaflight": "GPL-3", "cura": "LGPL-3", "prusaslicer": "AGPL-3",
    "gnome-user-docs": "CC-BY 3.0", "git-manpages": "GPL-2", "jenkins": "MIT", "fastapi": "MIT",
    "edgeai-beginners": "MIT", "owasp-top10": "CC-BY 3.0 / CC-BY-SA 4.0", "tldr": "CC-BY 4.0",
    "wiktionary": "CC-BY-SA 3.0 / GFDL",
}
_KINDS = {"mono": "same language", "cross": "other language", "mixed_same": "mixed pool, same language",
          "mixed_cross": "mixed pool, other language", "lists_cross": "list of other languages"}


@dataclass(frozen=True, slots=True)
class Made:
    """One finished run."""

    recipe: Mapping[str, Any]
    counts: Mapping[str, int]
    figures: Mapping[str, Mapping[str, float]]
    seconds: float
    beside: Mapping[str, Any]


def write_card(folder: Path, made: Made) -> None:
    """README.md with the front matter that model catalogues read."""
    body = _STATIC if made.recipe["size"] == "static" else _TRANSFORMER
    text = body.format(
        **made.recipe, minutes=made.seconds / 60, data=_data(made.counts),
        figures=_figures(made.figures) + _beside(made.beside),
        held_out=", ".join(HELD_OUT),
    )
    (folder / "README.md").write_text(_HEAD + text, encoding="utf-8")


def _data(counts: Mapping[str, int]) -> str:
    rows = ["| source | pairs | licence of the text |", "| --- | --- | --- |"]
    for source in sorted(_LICENCES, key=lambda name: -counts.get(name, 0)):
        if counts.get(source):
            mark = "" if source in PERMISSIVE else " (not permissive)"
            rows.append(f"| {source} | {counts[source]:,} | {_LICENCES[source]}{mark} |")
    pairs = ", ".join(f"{name} {number:,}" for name, number in sorted(counts.items()) if name.startswith("en-"))
    rows += ["", f"Pairs by language: {pairs}. Sections (title and body): {counts['sections']:,}; neighbouring "
                 f"messages: {counts['neighbours']:,}."]
    return "\n".join(rows)


def _figures(figures: Mapping[str, Mapping[str, float]]) -> str:
    if not figures:
        return "Not measured in this run."
    rows = ["| nDCG@10, vectors alone | " + " | ".join(_KINDS.values()) + " |", "| --- " * (len(_KINDS) + 1) + "|"]
    for name, values in figures.items():
        cells = [f"{values[kind]:.3f}" if kind in values else "" for kind in _KINDS]
        rows.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(rows)


def _beside(manifest: Mapping[str, Any]) -> str:
    """The figures of another model, for comparison; empty where there is none."""
    if not manifest:
        return ""
    recipe = manifest["recipe"]
    words = f"made by the same command with --sources {recipe['sources']} --steps {recipe['steps']}"
    return f"\n\nFor comparison, {words}:\n\n{_figures(manifest['figures'])}"


_HEAD = """---
language: [en, de, es, fr, it, pl, pt, zh]
library_name: sentence-transformers
pipeline_tag: sentence-similarity
tags: [sentence-transformers, static-embedding, technical-text]
---

"""
_STATIC = """# Static multilingual embedder for technical text

Turns questions and passages in English, German, Spanish, French, Italian, Polish, Portuguese and Chinese into vectors
of one space, {dimension} numbers long. It is a table: {pieces:,} pieces of words (byte pairs over NFKC and lower case,
split at scripts, punctuation and digits), int8 with a scale each; a text is the mean of its pieces, of unit length. No
prefix is expected. Load it with `SentenceTransformer(folder)` (sentence-transformers 6).

## How it was made

`python -m training.embedder --size static --sources {sources} --seed {seed} --steps {steps} --pieces {pieces}
--dimension {dimension} --batch {batch} --cycle {cycle} --block {block}`: {minutes:.0f} minutes of steps on two shared
CPU cores.

- Start: all-MiniLM-L6-v2's vectors (Apache 2.0) of the 15,000 pieces most frequent in English, their {dimension}
  principal components, weighted by rarity; every other piece is the mean of the English sides of the messages in
  which it stands.
- Learning: ranking among the other texts of a batch ({batch} texts), both directions, scale 20, Adam on the rows used,
  rate .04 falling linearly. Steps in turn (`--cycle`): p = a message in two of its languages, drawn among all it has,
  so that pairs without English come too; s = a section's title and a window of its body; n = neighbouring messages of
  one document, both four times out of five in different languages, or a vector learns to tell its own; h = the
  beginning of a long message and its end in another language; q = a few pieces out of a long message and all of it in
  another language.
- Sections: those that the data give, and titles with the rows that follow them in documentation, joined over languages
  by their English.

## Data

{data}

Never read: {held_out}. Models are made from the text; the text itself is not in them as sentences.

## Figures

{figures}

## Known faults

A mean knows no order: "pump before valve" and "valve before pump" are one. Negation, numbers and part numbers barely
move a vector: leave those to the sparse legs. Words not in the data (automotive ones above all) are their pieces'
mean. Polish, with the fewest long sentences, is weakest, above all as the language of the question. On English alone
MiniLM is clearly better: its vectors were a start here, not a teacher.
"""
_TRANSFORMER = """# Small multilingual transformer for technical text

Turns questions and passages in English, German, Spanish, French, Italian, Polish, Portuguese and Chinese into vectors
of one space: {layers} layers of all-MiniLM-L6-v2's width over {pieces:,} pieces of our own, mean over pieces, unit
length. No prefix is expected.

## How it was made

`python -m training.embedder --size transformer --sources {sources} --seed {seed} --steps {steps} --batch {batch}
--cycle {cycle} --layers {layers}`: {minutes:.0f} minutes. The body starts from all-MiniLM-L6-v2 (Apache 2.0), so do the
rows of English pieces; the other rows from the static model's start by least squares. Losses: squared error to the
teacher's English vector for both sides of a pair, and half the in-batch ranking of pairs, sections and neighbours.

## Data

{data}

Never read: {held_out}.

## Figures

{figures}

## Known faults

Texts are cut at 256 pieces. A model of this size made without an accelerator is a proof of the command, not a model to
use.
"""
