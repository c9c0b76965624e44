"""Dev sets: what is asked, what is left out, and that no training source slips in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from training.devsets import crowd_set, is_held_out, question_set, section_set, write_set

BODY = {"en": "The key is kept in a safe place, and nobody but the owner may take it from there without asking first. ",
        "de": "Der Schlüssel liegt an einem sicheren Ort, und niemand außer dem Eigentümer darf ihn von dort nehmen. "}


def section(identifier: str, english: str, german: str, body: dict[str, str] = BODY) -> dict[str, Any]:
    return {"id": identifier, "en": [english, body["en"]], "de": [german, body["de"]]}


SECTIONS = [
    section("owasp-asvs:a.md#1", "Keeping keys", "Schlüssel aufbewahren"),
    section("owasp-asvs:a.md#2", "References", "Verweise"),
    section("owasp-asvs:b.md#2", "references", "Literatur"),
    section("owasp-asvs:b.md#3", "Short", "Kurz", {"en": "See above.", "de": "Siehe oben."}),
    section("owasp-asvs:b.md#4", "4", "4"),
    section("fastapi:c.md#1", "Keeping keys", "Schlüssel"),
]


def test_titles_ask_for_bodies_in_every_language() -> None:
    made = section_set(SECTIONS, "owasp-asvs")
    assert [(row["id"], row["lang"], row["text"]) for row in made.queries] == [
        ("owasp-asvs:a.md#1-de", "de", "Schlüssel aufbewahren"), ("owasp-asvs:a.md#1-en", "en", "Keeping keys"),
    ]
    assert [row["text"] for row in made.corpus] == [BODY["de"], BODY["en"]]
    assert all(row["title"] == "" for row in made.corpus)
    ids = [row["id"] for row in made.corpus]
    assert set(made.judgements) == {(query, passage) for query in ids for passage in ids}


def test_a_title_over_several_sections_or_without_words_and_a_short_body_are_left_out() -> None:
    made = section_set(SECTIONS, "owasp-asvs")
    assert {row["id"][:-3] for row in made.corpus} == {"owasp-asvs:a.md#1"}


def test_a_question_asks_for_its_passage_in_all_languages() -> None:
    passages = [{"id": f"xquad:001-{language}", "source": "xquad", "lang": language, "title": "T", "text": "body"}
                for language in ("en", "zh")]
    passages.append({"id": "squad-it:1", "source": "squad-it", "lang": "it", "title": "T", "text": "corpo"})
    questions = [
        {"id": "xquad:q-en", "source": "xquad", "lang": "en", "passage": "xquad:001-en", "text": "Why?",
         "answerable": True},
        {"id": "squad-it:q", "source": "squad-it", "lang": "it", "passage": "squad-it:1", "text": "Perché?",
         "answerable": True},
    ]
    made = question_set(passages, questions, "xquad")
    assert [row["id"] for row in made.queries] == ["xquad:q-en"]
    assert made.judgements == (("xquad:q-en", "xquad:001-en"), ("xquad:q-en", "xquad:001-zh"))
    assert [row["title"] for row in made.corpus] == ["T", "T"]


def test_held_out_is_told_by_the_source_alone() -> None:
    held = ("security-101", "security-101/s", "owasp-asvs:4.0/en/0x01.md#2", "xquad:000-en")
    free = ("owasp-top10", "owasp-top10:a#1", "squad2-es:x", "fastapi/s")
    assert all(map(is_held_out, held)) and not any(map(is_held_out, free))


def test_the_crowd_holds_other_sources_only_and_no_more_than_asked_for() -> None:
    made = crowd_set([*SECTIONS, section("fastapi:c.md#2", "More", "Mehr")], most=1)
    assert [row["id"] for row in made.corpus] == ["fastapi:c.md#1-de", "fastapi:c.md#1-en"]
    assert made.queries == () and made.judgements == ()


def test_files_are_as_the_benchmark_reads_them(tmp_path: Path) -> None:
    write_set(section_set(SECTIONS, "owasp-asvs"), tmp_path / "set")
    rows = [json.loads(line) for line in (tmp_path / "set" / "corpus.jsonl").read_text("utf-8").splitlines()]
    assert set(rows[0]) == {"id", "lang", "title", "text"}
    head, *judged = (tmp_path / "set" / "qrels.tsv").read_text("utf-8").splitlines()
    assert head == "query_id\tcorpus_id\tscore" and len(judged) == 4
    assert judged[0].split("\t") == ["owasp-asvs:a.md#1-de", "owasp-asvs:a.md#1-de", "1"]
