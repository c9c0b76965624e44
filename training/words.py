"""Makes the word tables and the German compound list from parallel text: python -m training.words --data DIR.

Nothing is drawn by chance: the same data gives the same bytes. What was analysed and aligned before is taken from
the work folder, so a broken run goes on where it stopped.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import time
from collections import Counter
from collections.abc import Mapping
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from training import words_card, words_compounds
from training.words_align import Links, added, align, distinct
from training.words_tables import Pruning, Row, both_ways
from training.words_text import COARSE, FINE, LANGUAGES, LONGEST, PERMISSIVE, Parallel, analysed, rows
from training.words_write import LARGEST, write_tables

FIGURES = "FIGURES.md"  # what was measured with the tables; people keep it, the card quotes it
Mask = npt.NDArray[np.bool_]
Tables = dict[tuple[str, str], dict[str, Row]]


def main() -> None:
    """Train, print, write."""
    flags = _flags()
    started = time.perf_counter()
    flags.out.mkdir(parents=True, exist_ok=True)
    flags.work.mkdir(parents=True, exist_ok=True)
    compounds(flags.data / "en-de.tsv.gz", flags.out / "compounds-de.txt.gz")
    analyse_all(flags.data, flags.work, flags.processes)
    kinds = ("all", "permissive") if flags.sources == "both" else (flags.sources,)
    made = {kind: train(kind, flags.data, flags.out, flags.work, flags.prune) for kind in kinds}
    seconds = round(time.perf_counter() - started)
    manifest = describe(flags.out, made, seconds)
    figures = flags.out / FIGURES
    measured = figures.read_text(encoding="utf-8") if figures.exists() else ""
    (flags.out / "CARD.md").write_text(words_card.card(manifest, measured), encoding="utf-8")
    print(f"done in {seconds} s", flush=True)


def _flags() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of en-XX.tsv.gz")
    parser.add_argument("--out", type=Path, default=Path("copilot/models/words"))
    parser.add_argument("--work", type=Path, default=Path("work/words"), help="what is kept between runs")
    parser.add_argument("--sources", choices=("all", "permissive", "both"), default="both")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--prune", type=float, default=Pruning().least_share, help="least probability kept")
    return parser.parse_args()


def compounds(data: Path, out: Path) -> None:
    """Write the list by which German compounds are split; the analysis of what follows uses it."""
    counts = words_compounds.standing_alone(german for _, _, german in rows(data))
    words_compounds.write(out, counts)
    print(f"compounds: {len(counts)} German words stand alone", flush=True)


def analyse_all(data: Path, work: Path, processes: int) -> None:
    """Bring all rows into terms; more than one process works on the languages side by side."""
    jobs = [(data, language, work) for language in LANGUAGES]
    if processes > 1:
        with get_context("spawn").Pool(processes) as pool:
            pool.starmap(analyse, jobs, chunksize=1)
        return
    for job in jobs:
        analyse(*job)


def analyse(data: Path, language: str, work: Path) -> None:
    """Bring one language's rows into terms, unless the work folder has them."""
    started = time.perf_counter()
    taken = analysed(data / f"en-{language}.tsv.gz", language, work)
    print(f"{language}: {len(taken.source_of)} rows analysed in {time.perf_counter() - started:.0f} s", flush=True)


def train(kind: str, data: Path, out: Path, work: Path, least_share: float) -> dict[str, Any]:
    """Make one table file; what it was made from and what it holds."""
    tables: Tables = {}
    faces: dict[str, dict[str, str]] = {"en": {}}
    used: dict[str, dict[str, int]] = {}
    for language in LANGUAGES:
        text = analysed(data / f"en-{language}.tsv.gz", language, work)
        kept = _kept(text, kind)
        links = _links(text, kept, work / f"links-{language}-{kind}.npz")
        there, back = both_ways(links, text.english, text.other, Pruning(least_share=least_share))
        tables["en", language], tables[language, "en"] = there, back
        faces[language] = dict(zip(text.other.terms, text.other.surfaces, strict=True))
        faces["en"] = dict(zip(text.english.terms, text.english.surfaces, strict=True)) | faces["en"]
        sources = Counter(text.sources[number].partition("/")[0] for number in text.source_of[kept].tolist())
        used[language] = dict(sorted(sources.items()))
        print(f"{kind} {language}: {int(kept.sum())} rows, {len(there)} and {len(back)} terms", flush=True)
    path = out / f"words-{kind}.bin"
    write_tables(path, _numbered(tables), faces)
    entries = {f"{source}>{target}": len(table) for (source, target), table in sorted(tables.items())}
    return {"file": path.name, "least_share": least_share, "rows": used, "terms": entries}


def _kept(text: Parallel, kind: str) -> Mask:
    allowed = [kind == "all" or name.partition("/")[0] in PERMISSIVE for name in text.sources]
    return np.array(allowed, bool)[text.source_of]


def _links(text: Parallel, kept: Mask, path: Path) -> Links:
    """Expected counts of the fine and the coarse reading together, from the work folder where they are there."""
    if not path.exists():
        found = [_reading(text, kept, role) for role in (FINE, COARSE)]
        links = added(found[0], found[1], len(text.other.terms))
        partial = path.with_suffix(".part.npz")
        np.savez(partial, left=links.left, right=links.right, expected=links.expected)
        partial.replace(path)
    with np.load(path) as stored:
        return Links(stored["left"], stored["right"], stored["expected"])


def _reading(text: Parallel, kept: Mask, role: int) -> Links:
    left = distinct(text.english.reading(role), text.english.starts, kept, LONGEST)
    right = distinct(text.other.reading(role), text.other.starts, kept, LONGEST)
    return align(left, right, len(text.english.terms), len(text.other.terms))


def _numbered(tables: Tables) -> Tables:
    """The tables without the terms that no number is left for: those in the fewest of a language's tables go."""
    seen: dict[str, Counter[str]] = {}
    for (source, target), table in tables.items():
        for term, row in table.items():
            seen.setdefault(source, Counter())[term] += 1 + len(row)
            seen.setdefault(target, Counter()).update(item for item, _ in row)
    kept = {language: {item for item, _ in counts.most_common(LARGEST)} for language, counts in seen.items()}
    return {
        (source, target): {
            term: [item for item in row if item[0] in kept[target]]
            for term, row in table.items()
            if term in kept[source]
        }
        for (source, target), table in tables.items()
    }


def describe(out: Path, made: Mapping[str, Mapping[str, Any]], seconds: int) -> dict[str, Any]:
    """Write and return the manifest: each file's checksum and size, and what each table was made from.

    A table that this run did not make keeps its entry.
    """
    path = out / "manifest.json"
    before = json.loads(path.read_text(encoding="utf-8"))["tables"] if path.exists() else {}
    tables = {kind: item for kind, item in before.items() if (out / item["file"]).exists()} | dict(made)
    names = [item["file"] for item in tables.values()] + ["compounds-de.txt.gz"]
    contents = {name: (out / name).read_bytes() for name in names}
    manifest = {
        "made_by": "training/words.py",
        "seconds": seconds,
        "files": {
            name: {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
            for name, content in contents.items()
        },
        "tables": tables,
    }
    path.write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
    return manifest


if __name__ == "__main__":
    main()
