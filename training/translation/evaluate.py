"""Translates the development sets with a finished package and scores them: chrF and BLEU, whole and by sentence."""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from copilot.translation.argos import Model
from copilot.translation.masks import protected
from copilot.translation.slots import Job, filled, restored, symbols
from training.translation.pairs import Pair
from training.translation.recipe import MASKS


@dataclass(frozen=True, slots=True)
class Made:
    """One translated sentence: as the model saw and made it, and as a reader does; its score and chrF (0 to 100)."""

    pair: Pair
    seen: str
    made: str
    text: str
    score: float
    chrf: float


@dataclass(frozen=True, slots=True)
class Report:
    """Corpus figures of one set, all sentences spoken; ``kept`` is the share of masks that came through."""

    sentences: int
    chrf: float
    bleu: float
    per_second: float
    kept: float


@dataclass(frozen=True, slots=True)
class Given:
    """What a model sees of a sentence, and how its answer is read: as the product does it."""

    job: Job
    seen: str
    names: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> Given:
        """The sentence with masks for all that stays, where they suffice."""
        job = Job(text, tuple(protected(text)))
        slots = job.slots()
        names = symbols(job, MASKS, len(slots))
        return cls(job, filled(text, slots, names), tuple(names)) if names else cls(job, text, ())

    def read(self, made: str) -> str:
        """The answer with what stays put back; as it is where a mask was lost."""
        whole = restored(made, self.names, self.job.slots()) if self.names else None
        return made if whole is None else whole


def evaluate(folder: Path, pairs: Sequence[Pair], limit: int = 1000) -> tuple[list[Made], Report]:
    """The sentences of one development set (a seeded sample of at most `limit`) with their scores."""
    from sacrebleu.metrics import BLEU, CHRF

    chosen = list(pairs)
    random.Random(9).shuffle(chosen)
    chosen = chosen[:limit]
    given = [Given.of(pair.source) for pair in chosen]
    began = time.process_time()
    found = [best[0] for best in Model(folder, threads=1).hypotheses([each.seen for each in given])]
    seconds = time.process_time() - began
    chrf = CHRF()
    bleu = BLEU(tokenize="zh" if folder.name.split("_")[1].startswith("zh") else "13a")
    made: list[Made] = []
    for pair, each, best in zip(chosen, given, found, strict=True):
        whole = each.read(best.text)
        own = float(chrf.sentence_score(whole, [pair.target]).score)
        made.append(Made(pair, each.seen, best.text, whole, best.score, own))
    wanted = [(name, one.made) for each, one in zip(given, made, strict=True) for name in each.names]
    kept = sum(text.count(name) == 1 for name, text in wanted)
    texts, references = [each.text for each in made], [[pair.target for pair in chosen]]
    return made, Report(
        len(chosen),
        round(chrf.corpus_score(texts, references).score, 1),
        round(bleu.corpus_score(texts, references).score, 1),
        round(len(chosen) / max(seconds, 1e-9), 1),
        round(kept / max(1, len(wanted)), 3),
    )
