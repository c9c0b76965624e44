"""Writes the card of the packages in a folder: data and licences, making, quality, known faults."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from training.translation.recipe import CALIBRATED, HELD_SHARE, REPORTED, SIZES, UNUSED
from training.translation.workshop import ORIGIN

LICENCES = {
    "python-docs": "PSF documentation licence, translations CC0", "django-docs": "BSD-3", "odoo": "LGPL-3",
    "erpnext": "GPL-3", "kicad": "GPL-3", "freecad": "LGPL-2.1+", "librecad, openscad, blender": "GPL-2+",
    "librepcb, fritzing, betaflight": "GPL-3", "cura": "LGPL-3", "prusaslicer": "AGPL-3",
    "gnome-user-docs": "CC-BY 3.0", "git-manpages": "GPL-2", "jenkins, fastapi, edgeai-beginners": "MIT",
    "tldr": "CC-BY 4.0", "wiktionary": "CC-BY-SA 3.0 / GFDL",
    ORIGIN: "composed by this project's own frames and words (workshop_es.toml), no one else's text",
}  # fmt: skip
SETS = {
    "reported": f"{', '.join(REPORTED)}: never trained on, never calibrated on",
    "calibrated": f"{', '.join(CALIBRATED)}: never trained on; the gate learned on them",
    "slice": f"one sentence in {HELD_SHARE} of the other sources, by its English text; the gate learned on them",
    "composed": "composed workshop sentences that were not trained on",
}

PAGE = """\
# Translation packages

Argos packages trained by this project (`python -m training.translation`); the licence of the weights follows that of
the texts below. They are small: what they say passes a gate first (`copilot/translation/gate.py`), and where they may
not speak the original is shown with a gloss.

## Data

{data}

## Training

{training}

## Measured

{measured}

chrF and BLEU (sacrebleu) are of all sentences, as if there were no gate. "Spoken" is the share that passes the gate in
the product, "good" the share of these whose sentence chrF is 50 or more.

## Calibration

A logistic regression guesses whether a sentence reaches a chrF of 50: from the model's mean log-probability, length,
how many stems of the source were seen 5, 25 and 100 times in training, how many stems of either side have no
counterpart in the other by the word table, length ratio and repetition. A lost or doubled mask,
a negation on one side only, and a word that the language does not have, always close the gate.
The threshold was set on sources that the weights were not fitted on (five folds by source; the composed
sentences helped to fit the weights, but not to set it), for nine good ones in ten with a margin.

## Known faults

Without the gate it is no general translator: long sentences lose parts, rare words are invented or replaced, names are
translated, masks get lost in long sentences (the product then tries other ways, or shows the original). The gate
judges by words, not by meaning: a wrong preposition, tense or number may pass, and so may two words that changed
places. A good score says little about texts far from software, workshop and quality language.
"""


def write(work: Path, out: Path, size: str, sources: str) -> Path:
    """CARD.md beside the packages, from their metadata and the training's log."""
    packages = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(out.glob("*/metadata.json"))]
    measured = "\n\n".join(_measured(package) for package in packages)
    text = PAGE.format(data=_data(sources), training=_training(work, size), measured=measured)
    path = out / "CARD.md"
    path.write_text(text, encoding="utf-8")
    return path


def _data(sources: str) -> str:
    rows = [f"| {name} | {licence} |" for name, licence in LICENCES.items()]
    head = f"Sources: {sources}; not used: {', '.join(UNUSED)}. Licences as each project states them.\n\n"
    return head + "\n".join(["| source | licence of the text |", "| --- | --- |", *rows])


def _training(work: Path, size: str) -> str:
    lines = (work / "log.jsonl").read_text(encoding="utf-8").splitlines()
    log: Sequence[dict[str, Any]] = [json.loads(line) for line in lines]
    shape = SIZES[size]
    pieces = sum(line["pieces"] for line in log)
    return (
        f"Size `{size}`: {shape.encoder} encoder and {shape.decoder} decoder layers of {shape.width} units, "
        f"{shape.vocabulary:,} pieces, rows of at most {shape.longest} pieces, bfloat16, Muon and Adam; "
        "int8 in the package. "
        f"{log[-1]['step']:,} steps, about {pieces / 1e6:.1f} million target pieces, "
        f"{log[-1]['spent_s'] / 60:.0f} minutes of a shared CPU; last loss {log[-1]['loss']}."
    )


def _measured(package: dict[str, Any]) -> str:
    rows = ["| set | sentences | chrF | BLEU | spoken | good of spoken | good of the rest |", "|" + " --- |" * 7]
    for name, one in package["copilot"].get("sets", {}).items():
        rows.append(
            f"| {SETS.get(name, name)} | {one['sentences']} | {one['chrf']} | {one['bleu']} | {one['spoken']:.1%} | "
            f"{one['good_of_spoken']:.0%} | {one['good_of_silent']:.0%} |"
        )
    return f"{package['from_name']} to {package['to_name']}:\n\n" + "\n".join(rows)
