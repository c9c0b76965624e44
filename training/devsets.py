"""Cuts the dev sets by source from parallel sections and questions: what no training step may ever read.

    python -m training.devsets --data DIR --out DIR

DIR holds parallel/sections.jsonl.gz {id, en: [title, text], ...} and qa/{passages,questions}.jsonl.gz. Each set is a
folder of corpus.jsonl (id, lang, title, text), queries.jsonl (id, lang, text) and qrels.tsv (query_id, corpus_id,
score), as `benchmarks/retrieval.py` takes it; ids that differ only in their last -xx are one item in other languages.

Sections: the title is the question, the body the passage. Left out altogether are sections whose title stands over
other sections of the source, too ('References' names none of thirteen), or has less than two letters, and those whose
body has no substance. What is decided by the English side holds for all languages, so that they are asked the same.

`distractors` holds passages of the other sources, a thousand of each language as far as there are, and no questions:
they crowd a pool without being right for anything.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from copilot.types import LANGUAGES

HELD_OUT = ("security-101", "owasp-asvs", "xquad")
_SECTIONS = ("security-101", "owasp-asvs")
_TOGETHER = "technical"
_CROWD, _CROWD_SIZE = "distractors", 1000
_LEAST_BODY = 100
_LEAST_LETTERS = 2


@dataclass(frozen=True, slots=True)
class DevSet:
    """Rows of the three files; a judgement is (query id, corpus id), each worth 1."""

    corpus: tuple[dict[str, str], ...]
    queries: tuple[dict[str, str], ...]
    judgements: tuple[tuple[str, str], ...]

    def __add__(self, other: DevSet) -> DevSet:
        return DevSet(
            self.corpus + other.corpus, self.queries + other.queries, self.judgements + other.judgements
        )


def is_held_out(identifier: str) -> bool:
    """Whether a source or a section, pair or passage id belongs to a dev set, and so to no training."""
    return identifier.partition(":")[0].partition("/")[0] in HELD_OUT


def section_set(sections: Sequence[dict[str, Any]], source: str) -> DevSet:
    """The set of one source: titles ask for bodies, in every language that a section has."""
    own = [item for item in sections if item["id"].partition(":")[0] == source]
    repeated = Counter(_folded(item["en"][0]) for item in own)
    corpus: list[dict[str, str]] = []
    queries: list[dict[str, str]] = []
    judgements: list[tuple[str, str]] = []
    for item in own:
        if not _is_asked(item, repeated):
            continue
        spoken = [language for language in LANGUAGES if language in item and item[language][1].strip()]
        names = {language: f"{item['id']}-{language}" for language in spoken}
        corpus += [_passage(names[language], language, "", item[language][1]) for language in spoken]
        for language in spoken:
            if _has_words(item[language][0]):
                queries.append(_query(names[language], language, item[language][0]))
                judgements += [(names[language], names[other]) for other in spoken]
    return DevSet(tuple(corpus), tuple(queries), tuple(judgements))


def question_set(
    passages: Iterable[dict[str, Any]], questions: Iterable[dict[str, Any]], source: str
) -> DevSet:
    """The set of one source of questions: they ask for the passage they were written for, in all its languages."""
    corpus = [_passage(item["id"], item["lang"], item["title"], item["text"])
              for item in passages if item["source"] == source]
    versions: dict[str, list[str]] = {}
    for item in corpus:
        versions.setdefault(_base(item["id"]), []).append(item["id"])
    queries: list[dict[str, str]] = []
    judgements: list[tuple[str, str]] = []
    for item in questions:
        if item["source"] == source and item["answerable"]:
            queries.append(_query(item["id"], item["lang"], item["text"]))
            judgements += [(item["id"], version) for version in versions[_base(item["passage"])]]
    return DevSet(tuple(corpus), tuple(queries), tuple(judgements))


def crowd_set(sections: Iterable[dict[str, Any]], most: int = _CROWD_SIZE) -> DevSet:
    """Passages of the sources that are in no dev set, ``most`` of each language, without questions."""
    corpus: list[dict[str, str]] = []
    taken: Counter[str] = Counter()
    for item in sections:
        if is_held_out(item["id"]):
            continue
        for language in LANGUAGES:
            if language in item and item[language][1].strip() and taken[language] < most:
                taken[language] += 1
                corpus.append(_passage(f"{item['id']}-{language}", language, "", item[language][1]))
    return DevSet(tuple(corpus), (), ())


def write_set(made: DevSet, folder: Path) -> None:
    """Write the three files of a set."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in (("corpus", made.corpus), ("queries", made.queries)):
        lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        (folder / f"{name}.jsonl").write_text(lines, encoding="utf-8")
    judged = "".join(f"{query}\t{passage}\t1\n" for query, passage in made.judgements)
    (folder / "qrels.tsv").write_text("query_id\tcorpus_id\tscore\n" + judged, encoding="utf-8")


def main() -> None:
    """Cut and write all sets."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    flags = parser.parse_args()
    sections = list(_read(flags.data / "parallel" / "sections.jsonl.gz"))
    made = {source: section_set(sections, source) for source in _SECTIONS}
    made[_TOGETHER] = made[_SECTIONS[0]] + made[_SECTIONS[1]]
    made[_CROWD] = crowd_set(sections)
    qa = flags.data / "qa"
    made["xquad"] = question_set(_read(qa / "passages.jsonl.gz"), _read(qa / "questions.jsonl.gz"), "xquad")
    for name, rows in made.items():
        write_set(rows, flags.out / name)
        print(f"{name}: {len(rows.corpus)} passages, {len(rows.queries)} questions", flush=True)


def _is_asked(item: dict[str, Any], repeated: Counter[str]) -> bool:
    title, body = item["en"]
    return len(body) >= _LEAST_BODY and repeated[_folded(title)] == 1 and _has_words(title)


def _has_words(title: str) -> bool:
    return sum(map(str.isalpha, title)) >= _LEAST_LETTERS


def _folded(text: str) -> str:
    return " ".join(text.lower().split())


def _base(identifier: str) -> str:
    return identifier[:-3]


def _passage(identifier: str, language: str, title: str, text: str) -> dict[str, str]:
    return {"id": identifier, "lang": language, "title": title, "text": text}


def _query(identifier: str, language: str, text: str) -> dict[str, str]:
    return {"id": identifier, "lang": language, "text": text}


def _read(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


if __name__ == "__main__":
    main()
