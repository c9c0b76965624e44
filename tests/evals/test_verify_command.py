from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from copilot.cli import app as whole
from copilot.errors import UsageError
from evals.commands.verify import verify
from evals.parts.verifying import figures, read_pairs

RUN = CliRunner()
app = typer.Typer(cls=whole.info.cls)
app.command("verify")(verify)
app.command("other")(lambda: None)
GOOD = {"id": "a", "sentence": "The pump runs at 40 l/min.", "language": "en",
        "sources": [{"text": "The pump runs at 40 l/min.", "language": "en"}], "label": "supported"}
BAD = {"id": "b", "claim": "The pump runs at 45 l/min.", "passage": "The pump runs at 40 l/min.", "supported": False}
UNKNOWN = {"text": "The pump runs at 40 l/min.", "quote": "Die Pumpe läuft mit 40 l/min.", "quote_language": "de"}


def written(folder: Path, *lines: object) -> Path:
    path = folder / "set.jsonl"
    texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    path.write_text("\n".join(texts), encoding="utf-8")
    return path


def test_each_sentence_is_one_json_object_and_the_summary_stands_apart(tmp_path: Path) -> None:
    done = RUN.invoke(app, ["verify", "--set", str(written(tmp_path, GOOD, BAD, UNKNOWN)), "--json"])
    assert done.exit_code == 0
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(line["id"], line["supported"], line["right"]) for line in lines] == [
        ("a", True, True), ("b", False, True), ("3", True, None)
    ]
    assert lines[1]["reason"].startswith("number: 45")
    summary = json.loads(done.stderr.splitlines()[-1])["summary"]
    assert (summary["cases"], summary["labelled"], summary["right"]) == (3, 2, 1.0)


def test_natural_names_of_fields_are_taken(tmp_path: Path) -> None:
    pairs = read_pairs(written(
        tmp_path,
        {"id": "1", "claim": "x y", "evidence": ["a", "b"], "label": "altered number"},
        {"id": "2", "statement": "x y", "context": {"passage": "c", "language": "fr"}, "label": True},
    ))  # fmt: skip
    assert [source.text for source in pairs[0].sources] == ["a", "b"]
    assert (pairs[0].kind, pairs[0].supported) == ("altered_number", False)
    assert (pairs[1].sources[0].language, pairs[1].supported) == ("fr", True)


@pytest.mark.parametrize(
    ("line", "told"),
    [("{", "no JSON"), ("[1]", "no JSON object"), ({"id": "x", "sentence": "a"}, "no sources"),
     ({"id": "x", "source": "a"}, "no sentence")],
)  # fmt: skip
def test_a_bad_line_is_named_with_its_place(tmp_path: Path, line: object, told: str) -> None:
    with pytest.raises(UsageError, match=told) as caught:
        read_pairs(written(tmp_path, GOOD, line))
    assert "set.jsonl:2" in str(caught.value)


def test_two_lines_of_one_id_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="was there before"):
        read_pairs(written(tmp_path, GOOD, GOOD))


def test_a_missing_set_is_a_usage_error(tmp_path: Path) -> None:
    assert RUN.invoke(app, ["verify", "--set", str(tmp_path / "none.jsonl")]).exit_code != 0


def test_the_shipped_sets_share_no_document() -> None:
    folder = Path(__file__).resolve().parents[2] / "evals" / "verification"
    documents = {
        name: {
            source["document"]
            for line in (folder / f"{name}.jsonl").read_text("utf-8").splitlines()
            for source in json.loads(line)["sources"]
        }
        for name in ("calibration", "report")
    }
    assert documents["calibration"].isdisjoint(documents["report"])
    split = json.loads((folder.parent / "split.json").read_text("utf-8"))
    assert documents["report"] <= set(split["report"])
    assert documents["calibration"] <= set(split["calibration"])
    assert len(read_pairs(folder / "report.jsonl")) >= 300


def test_figures_without_labels_count_only() -> None:
    assert figures([]) == {"cases": 0, "labelled": 0}
