"""Measures the translation packages on the sample documents and writes docs/translation.md.

    python benchmarks/translation.py [--packages DIR] [--no-write]

chrF and BLEU per set are those that the training command measured on its development sets, which are not part of
this repository; they stand in each package's metadata. Everything else is measured here, on one thread.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import re
import shutil
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from _report import ROOT, machine, table

from copilot.models import SHIPPED_TRANSLATION
from copilot.translation.argos import Hypothesis
from copilot.translation.engine import Engine, used
from copilot.translation.faithful import LOST
from copilot.translation.layout import pieces
from copilot.translation.masks import protected
from copilot.translation.packages import Package
from copilot.translation.questions import Questions
from copilot.translation.slots import Job, Slot
from copilot.types import LANGUAGES

PAGE = ROOT / "docs" / "translation.md"
SAMPLES = ROOT / "corpus_samples"
SETS = ROOT / "tests" / "translation" / "sets"
SENTENCES = 200
_FRONT = re.compile(r"\A\+\+\+.*?^\+\+\+$", re.DOTALL | re.MULTILINE)
_WORDS = re.compile(r"[^\W\d_]{2,}")


@dataclass(frozen=True, slots=True)
class Obeyed:
    """What the set of one direction showed: sentences, those left for what was lost, tokens and terms (kept, all)."""

    sentences: int
    left: int
    tokens: tuple[int, int]
    terms: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Measured:
    """What was found for one package; sentences with what it shows (None: the gloss is shown) and would have shown."""

    package: Package
    size: int
    per_second: float
    shown: list[tuple[Job, Hypothesis]]
    open: list[tuple[Job, Hypothesis]]
    tokens: tuple[int, int]
    terms: tuple[int, int]
    own: Obeyed
    question_ms: tuple[float, float, float]


def sentences(language: str) -> list[str]:
    """Sentences and cells of the sample documents in one language, in a seeded order."""
    found: dict[str, None] = {}
    for path in sorted((SAMPLES / "sources").glob(f"*_{language}.md")):
        text = _FRONT.sub("", path.read_text(encoding="utf-8"))
        for piece in pieces(text, language):
            if piece.translatable and len(_WORDS.findall(piece.text)) >= 2:
                found.setdefault(piece.text.strip())
    texts = list(found)
    random.Random(4).shuffle(texts)
    return texts


def ungated(package: Package) -> Package:
    """The package without its gate: what it says of everything."""
    extras = {key: value for key, value in package.extras.items() if key != "speak"}
    return replace(package, metadata=dict(package.metadata) | {"copilot": extras})


def measure(package: Package, engine: Engine) -> Measured:
    """Translate sample sentences with and without the gate."""
    texts = sentences(package.source)
    jobs = [Job(text, tuple(protected(text))) for text in texts[:SENTENCES]]
    free = (ungated(package),)
    engine.translate(jobs[:2], free)
    began = time.process_time()
    opened = engine.translate(jobs, free)
    seconds = time.process_time() - began
    coded = [Job(text, tuple(protected(text))) for text in texts if protected(text)][:SENTENCES]
    kept = [found.text != "" and _whole(job, found.text) for job, found in _pairs(engine, coded, free)]
    named = _pairs(engine, _with_terms(texts, package)[:SENTENCES], free)
    obeyed = [
        found.text != "" and used(slot.text, found.text, package.target) for job, found in named for slot in job.terms
    ]
    return Measured(
        package,
        sum(file.stat().st_size for file in package.folder.rglob("*") if file.is_file()),
        len(jobs) / max(seconds, 1e-9),
        _pairs(engine, jobs, (package,)),
        list(zip(jobs, opened, strict=True)),
        (sum(kept), len(kept)),
        (sum(obeyed), len(obeyed)),
        _own_set(package, engine, free),
        question_times(package),
    )


def _own_set(package: Package, engine: Engine, free: tuple[Package]) -> Obeyed:
    """The sentences that were written for the direction: what each must keep is told beside it."""
    name = f"{package.source}_{package.target}"
    lines = (SETS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    records = [json.loads(line) for line in lines]
    jobs = [Job(record["text"], tuple(protected(record["text"]))) for record in records]
    made = engine.translate(jobs, free)
    kept = [
        item.text.count(token) >= record["text"].count(token)
        for record, item in zip(records, made, strict=True) for token in record["keep"]
    ]
    with (SETS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        terms = [(row[package.source], row[package.target]) for row in csv.DictReader(file)]
    named = _pairs(engine, _holding([record["text"] for record in records], terms), free)
    said = [used(slot.text, item.text, package.target) for job, item in named for slot in job.terms]
    left = sum(item.refused == LOST for item in made)
    return Obeyed(len(jobs), left, (sum(kept), len(kept)), (sum(said), len(said)))


def _pairs(engine: Engine, jobs: Sequence[Job], way: Sequence[Package]) -> list[tuple[Job, Hypothesis]]:
    return list(zip(jobs, engine.translate(jobs, way), strict=True))


def _whole(job: Job, made: str) -> bool:
    return all(made.count(item.text) >= 1 for item in job.kept)


def _with_terms(texts: Sequence[str], package: Package) -> list[Job]:
    """Sentences that hold a term of the sample glossary, the term to be put in."""
    with (SAMPLES / "glossary.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    terms = [
        (source, row[package.target].split("; ")[0])
        for row in rows
        for source in row.get(package.source, "").split("; ")
        if source and row.get(package.target)
    ]
    return _holding(texts, terms)


def _holding(texts: Sequence[str], terms: Sequence[tuple[str, str]]) -> list[Job]:
    """The sentences that hold one of the terms as it is written, with what is to be put in."""
    jobs = []
    for text in texts:
        kept = tuple(protected(text))
        slots: list[Slot] = []
        for source, target in sorted(terms, key=lambda pair: -len(pair[0])):
            found = re.search(rf"(?<!\w){re.escape(source)}(?!\w)", text, re.IGNORECASE)
            if found and all(found.end() <= item.start or found.start() >= item.end for item in [*kept, *slots]):
                slots.append(Slot(found.start(), found.end(), target))
        if slots:
            jobs.append(Job(text, kept, tuple(sorted(slots, key=lambda slot: slot.start))))
    return jobs


QUESTION = {"es": "¿Con qué par de apriete se montan los tornillos de la carcasa después del ensayo?"}


def question_times(package: Package) -> tuple[float, float, float]:
    """Milliseconds for a 15-word question, 3 hypotheses each: in one language; in seven at once; asked again.

    For seven the package stands in for those of the other directions, each with a model of its own in memory.
    """
    text = QUESTION[package.source]
    targets = [language for language in LANGUAGES if language != package.source]
    with tempfile.TemporaryDirectory() as folder:
        for target in targets:
            home = Path(folder) / f"translate-{package.source}_{target}"
            shutil.copytree(package.folder, home)
            told = dict(ungated(package).metadata) | {"to_code": target}
            (home / "metadata.json").write_text(json.dumps(told), encoding="utf-8")
        questions = Questions(Engine((Path(folder),), threads=1), budget_s=60)
        questions.ask("¿Cuál es?", package.source, targets, 3)  # loads the models
        times = []
        for asked, wanted in ((text, targets[:1]), (text + " ", targets), (text + " ", targets)):
            began = time.perf_counter()
            questions.ask(asked, package.source, wanted, 3)
            times.append(1000 * (time.perf_counter() - began))
    return times[0], times[1], times[2]


INTRODUCTION = """\
A package of ours is small and does not translate everything well. It shows a translation only where its gate lets it,
which was calibrated so that of the sentences shown nine in ten reach a sentence chrF of 50; everywhere else the
original is shown with its key terms explained (the gloss). "Spoken" says how often it speaks, "good" how many of these
sentences reach that chrF. A larger package (`copilot models pull`, or `copilot models install FILE`) translates more.
"""


OWN_SET = """\
Sentences written for each direction (`tests/translation/sets`), each with part numbers, codes, norms, values with
units, files, code or addresses, and a glossary of terms that they hold; the gate open, so that the model itself speaks.
"""


def page(found: Sequence[Measured]) -> str:
    """The whole page."""
    head = f"Written by `benchmarks/translation.py` ({machine()}); the packages' card tells how they were made."
    tables = [_quality(found), _own_table(found), _questions(found), _samples_table(found)]
    parts = ["# Translation: the shipped packages", head, INTRODUCTION.strip(), *tables]
    return "\n\n".join([*parts, *(_samples(each) for each in found)]) + "\n"


def _quality(found: Sequence[Measured]) -> str:
    names = {
        "reported": "two sources kept for reports",
        "calibrated": "sources kept for calibration",
        "slice": "held-out sentences of the training sources",
        "composed": "composed workshop sentences, unseen",
    }
    rows = []
    for each in found:
        sets = each.package.extras.get("sets", {})
        for name, words in names.items():
            if name in sets:
                one = sets[name]
                rows.append(
                    [
                        each.package.name,
                        words,
                        one["sentences"],
                        one["chrf"],
                        one["bleu"],
                        f"{one['spoken']:.1%}",
                        f"{one['good_of_spoken']:.0%}",
                        f"{one['good_of_silent']:.0%}",
                    ]
                )
    head = "direction|development set|sentences|chrF, all|BLEU, all|spoken|good of spoken|good of the rest".split("|")
    return "## On development sets\n\n" + table(head, rows)


def _own_table(found: Sequence[Measured]) -> str:
    rows = [
        [each.package.name, each.own.sentences, each.own.left, _of(each.own.tokens), _of(each.own.terms)]
        for each in found
    ]
    head = "direction|sentences|left untranslated for what was lost|protected tokens identical|glossary terms used"
    return "## Protected tokens and glossary\n\n" + OWN_SET.strip() + "\n\n" + table(head.split("|"), rows)


def _questions(found: Sequence[Measured]) -> str:
    rows = [[each.package.name, *(f"{value:.1f} ms" for value in each.question_ms)] for each in found]
    words = (
        "A question of 15 words, 3 hypotheses a language, by the clock on 2 cores; for seven languages the package\n"
        "stands in for those of the other directions. A search waits 250 ms at most, and has the word table meanwhile."
    )
    head = ["from", "one language", "seven languages at once", "asked again"]
    return "## Questions\n\n" + words + "\n\n" + table(head, rows)


def _of(counts: tuple[int, int]) -> str:
    return f"{counts[0]} of {counts[1]}"


def _samples_table(found: Sequence[Measured]) -> str:
    rows = []
    for each in found:
        spoken = sum(made.text != "" for _, made in each.shown)
        left = sum(made.refused == LOST for _, made in each.open)
        rows.append(
            [
                each.package.name,
                f"{each.size / 2**20:.1f} MiB",
                f"{each.per_second:.0f}",
                f"{spoken} of {len(each.shown)}",
                f"{left} of {len(each.open)}",
                _of(each.tokens),
                _of(each.terms),
            ]
        )
    head = [
        "direction",
        "size",
        "sentences per CPU second",
        "sample sentences spoken",
        "left untranslated for what was lost, gate open",
        "sentences with all their protected tokens, gate open",
        "glossary terms in the text, gate open",
    ]
    return "## On the sample documents\n\n" + table(head, rows)


def _samples(each: Measured) -> str:
    open_ = {job.source: made for job, made in each.open}
    spoken = [(job.source, made.text) for job, made in each.shown if made.text][:10]
    silent = [
        (job.source, made.text)
        for job, made in ((job, open_[job.source]) for job, shown in each.shown if not shown.text)
        if made.text
    ][:10]
    parts = [f"## {each.package.name}: samples from the sample documents"]
    for title, rows in (("Spoken", spoken), ("Held back: what it would have said", silent)):
        cells = [[text.replace("|", "\\|") for text in row] for row in rows]
        parts.append(f"{title}:\n\n" + (table(["original", "translation"], cells) if cells else "None."))
    return "\n\n".join(parts)


def main() -> None:
    """Measure every package in a folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--packages", type=Path, default=SHIPPED_TRANSLATION)
    parser.add_argument("--no-write", action="store_true")
    options = parser.parse_args()
    engine = Engine((options.packages,), threads=1)
    text = page([measure(package, engine) for _, package in sorted(engine.packages().items())])
    if options.no_write:
        print(text)
    else:
        PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
