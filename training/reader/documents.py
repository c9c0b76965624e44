"""The passages written for the reader as documents with cases, so that the whole product can be asked about them.

    python -m training.reader.documents --out DIR [--parts 6,7,8,9]

Writes DIR/documents (every passage as a Markdown file, its rows as tables) and DIR/cases.jsonl with the questions about
the passages of these parts: 6 to 9 are those that the reader does not learn from.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from training.reader.readings import LEARNT, WRITTEN, part, rows_of

_CELL = re.compile(r"(?:^|;\s+)([^:;]{1,60}):\s+")
_ABSENT = "absent_property"


def cells(sentence: str) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """Heads and cells of a row ("Joint: cover; Torque: 24 Nm"); None for prose."""
    found = list(_CELL.finditer(sentence))
    if len(found) < 2 or found[0].start() != 0:
        return None
    ends = [item.start() for item in found[1:]] + [len(sentence)]
    told = tuple(sentence[item.end() : end].strip() for item, end in zip(found, ends, strict=True))
    return tuple(item[1].strip() for item in found), told


def markdown(passage: Mapping[str, Any]) -> str:
    """The passage as a document: runs of rows with the same heads are tables, what is between them a paragraph."""
    parts = [f"# {passage['title']}", f"## {passage['heading']}"]
    glue = "" if passage["lang"] == "zh" else " "
    for heads, group in groupby(passage["sentences"], key=lambda item: (cells(item) or (None,))[0]):
        run = list(group)
        parts.append(glue.join(run) if heads is None else _table(heads, run))
    return "\n\n".join(parts) + "\n"


def _table(heads: Sequence[str], run: Sequence[str]) -> str:
    rows = [heads, ["---"] * len(heads), *(cells(item)[1] for item in run)]  # type: ignore[index]
    return "\n".join("| " + " | ".join(cell.replace("|", "/") for cell in row) + " |" for row in rows)


def case(row: Mapping[str, Any], passage: Mapping[str, Any], number: int) -> dict[str, Any]:
    """The question as a case of an evaluation set."""
    quotes = [_quote(passage["sentences"][at]) for at in row["answers"]]
    crossing = ["cross"] if row["lang"] != passage["lang"] else []
    sources = [{"document": f"{passage['id']}.md", "page": 1, "quote": quote} for quote in quotes]
    return {
        "id": f"{row['passage']}-{number}", "question": row["text"], "language": row["lang"],
        "reference": quotes[0] if quotes else "", "sources": sources,
        "principal": {"id": "tester", "groups": []}, "tags": crossing if quotes else [_ABSENT],
    }  # fmt: skip


def _quote(sentence: str) -> str:
    told = cells(sentence)
    return " | ".join(told[1]) if told else sentence


def cases(folder: Path, parts: Sequence[int]) -> Iterator[dict[str, Any]]:
    """The questions about the passages of these parts; what asks for a whole list is left out."""
    for path in sorted(folder.glob("*.jsonl")):
        passages, questions = rows_of(path)
        for number, row in enumerate(questions):
            if part(row["passage"]) in parts and len(row["answers"]) < 3:
                yield case(row, passages[row["passage"]], number)


def main() -> None:
    """Write the documents and the cases."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--written", type=Path, default=WRITTEN)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--parts", default=",".join(map(str, range(LEARNT, 10))))
    flags = parser.parse_args()
    folder = flags.out / "documents"
    folder.mkdir(parents=True, exist_ok=True)
    for path in sorted(flags.written.glob("*.jsonl")):
        for name, passage in rows_of(path)[0].items():
            (folder / f"{name}.md").write_text(markdown(passage), encoding="utf-8")
    parts = [int(item) for item in flags.parts.split(",")]
    lines = [json.dumps(item, ensure_ascii=False) for item in cases(flags.written, parts)]
    (flags.out / "cases.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(lines)} cases over {len(list(folder.iterdir()))} documents")


if __name__ == "__main__":
    main()
