"""Makes translation packages from parallel text, from nothing to a calibrated Argos package, in one command.

    python -m training.translation --data DIR --work DIR --out DIR [--pairs es-en,...] [--size small|large]
                                   [--minutes N | --steps N] [--threads N] [--workers N] [--sources all|permissive]

DIR of --data holds en-XX.tsv.gz (source, English, foreign). Each step leaves its files in --work and is not done
again; training goes on from its last checkpoint. Seeded. --size small makes one direction on a CPU; large makes one
model for all pairs with a <2xx> prefix and wants an accelerator.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from training.translation import card
from training.translation.pairs import Pair
from training.translation.recipe import SIZES

_ENOUGH = 200  # sentences to calibrate on; with fewer, a package of a narrow domain gets no gate
_LIMIT = 1500  # sentences of a set that are looked at
_ALL = [f"{code}-en" for code in ("de", "es", "fr", "it", "pl", "pt", "zh")]
_DEFAULTS = {"tiny": ["es-en"], "small": ["es-en"], "large": _ALL + [f"en-{pair[:2]}" for pair in _ALL]}


def main(arguments: Sequence[str] | None = None) -> None:
    """Every step from tables to calibrated packages and their card; print one line of JSON for each direction."""
    options = _options(arguments)
    named = options.pairs.split(",") if options.pairs else _DEFAULTS[options.size]
    directions = [(pair.split("-")[0], pair.split("-")[1]) for pair in named]
    _train(options, directions)
    for direction in directions:
        print(json.dumps(finish(options.work, options.out, direction, directions, options.size)))
    card.write(options.work, options.out, options.size, options.sources)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m training.translation", description=__doc__.split("\n")[0])
    for name in ("data", "work", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--pairs", default="", help="directions, such as es-en,en-es; default: what suits the size")
    parser.add_argument("--size", choices=sorted(SIZES), default="small")
    parser.add_argument("--minutes", type=float, default=0.0, help="of training; default: what suits the size")
    parser.add_argument("--steps", type=int, default=0, help="of training, instead of minutes: repeatable")
    parser.add_argument("--threads", type=int, default=0, help="default: torch's own choice")
    parser.add_argument("--workers", type=int, default=1, help="processes that share each step, one core each")
    parser.add_argument("--sources", choices=["all", "permissive"], default="all")
    return parser.parse_args(arguments)


def _train(options: argparse.Namespace, directions: Sequence[tuple[str, str]]) -> None:
    import torch

    from training.translation.prepare import open_pieces, prepare
    from training.translation.start import start
    from training.translation.train import train

    if options.threads:
        torch.set_num_threads(options.threads)
    size = SIZES[options.size]
    prepare(options.data, options.work, directions, size, options.sources)
    vocabulary = int(open_pieces(options.work).get_piece_size())
    start(options.work, vocabulary, size.width)
    train(options.work, vocabulary, size, options.minutes or size.minutes, options.steps, options.workers)


def finish(
    work: Path, out: Path, direction: tuple[str, str], directions: Sequence[tuple[str, str]], size: str
) -> dict[str, Any]:
    """Convert, package, evaluate and calibrate one direction; its figures also go into the package's metadata."""
    from training.translation import package
    from training.translation.calibrate import calibrate, word_filters
    from training.translation.evaluate import evaluate

    if not (work / "model").exists() or (work / "model.pt").stat().st_mtime > (work / "model").stat().st_mtime:
        package.convert(work, SIZES[size])
    folder = package.package(work, out, direction, len({target for _, target in directions}) > 1, {})
    name = "-".join(direction)
    sets = json.loads((work / "dev.json").read_text(encoding="utf-8"))[name]
    measured = {label: evaluate(folder, [Pair(**row) for row in rows], _LIMIT) for label, rows in sets.items() if rows}
    learned = [each for label in ("calibrated", "slice") if label in measured for each in measured[label][0]]
    metadata = package.read_metadata(folder)
    if len(learned) >= _ENOUGH:
        filters = word_filters(work / f"words-{name}.txt")
        metadata["copilot"]["speak"] = calibrate(
            learned, direction, filters, measured["composed"][0] if "composed" in measured else ()
        )
        package.write_metadata(folder, metadata)
    figures = _figures(folder, measured)
    main_set = figures.get("reported") or next(iter(figures.values()), {})
    metadata["copilot"]["quality"] = {key: main_set.get(key, 0.0) for key in ("chrf", "bleu")}
    metadata["copilot"]["sets"] = figures
    package.write_metadata(folder, metadata)
    return {"package": folder.name, **figures}


def _figures(folder: Path, measured: Mapping[str, tuple[Sequence[Any], Any]]) -> dict[str, dict[str, float]]:
    """Per set: chrF and BLEU with all sentences spoken, then how the gate decides in the product."""
    from training.translation.calibrate import spoken

    return {label: asdict(report) | spoken(made, folder) for label, (made, report) in measured.items()}


if __name__ == "__main__":
    main()
