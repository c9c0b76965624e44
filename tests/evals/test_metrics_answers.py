"""Metrics of answers, and the verdict on a case, over answers made by hand."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.types import Answer, Conflict, Reading
from evals.metrics import ANSWERS, METRICS, right
from evals.testing_observations import (
    answer,
    citation,
    claim,
    document,
    hit,
    observation,
    quoted,
    source,
)
from evals.types import Observation

WANTED = source("a.pdf", 7, "Tighten to 25 Nm.")
GOOD = quoted("a.pdf", 7, "Tighten to 25 Nm.")


def value(name: str, seen: Observation) -> float | None:
    score = METRICS[name](seen)
    return None if score is None else score.value


def seen(found: Answer, *sources: object, **kwargs: object) -> Observation:
    return observation(*(sources or (WANTED,)), found=found, **kwargs)  # type: ignore[arg-type]


# citations


def test_citation_precision_is_the_share_of_right_ones_and_recall_the_share_of_sources() -> None:
    mixed = seen(answer(GOOD, quoted("b.pdf", 1, "Something else.")))
    assert (value("citation_precision", mixed), value("citation_recall", mixed)) == (0.5, 1)


def test_an_answer_without_claims_has_no_precision_and_no_recall() -> None:
    assert (value("citation_precision", seen(answer())), value("citation_recall", seen(answer()))) == (None, 0)


def test_another_sentence_of_the_right_page_is_not_right_where_the_reference_holds_no_value() -> None:
    wanted = source("a.pdf", 7, "The housing must never be welded.")
    asked = {"reference": "No, welding is not allowed."}
    assert right(seen(answer(quoted("a.pdf", 7, "The housing must never be welded.")), wanted, **asked))[0]
    good, why = right(seen(answer(quoted("a.pdf", 7, "Store the seals dry and dark.")), wanted, **asked))
    assert not good and "something else of page 7" in why


def test_what_is_computed_holds_the_number_of_the_reference() -> None:
    wanted = source("a.pdf", 7, "B | 7")
    for text, expected in (("12 rows", True), ("13 rows", False)):
        counted = claim(text, citation("a.pdf", 7, "B | 7"), kind="computed")
        assert right(seen(answer(counted), wanted, reference="12 rows"))[0] is expected


def test_a_passage_that_is_only_near_cites_nothing() -> None:
    near = dataclasses.replace(answer(), closest=(citation("a.pdf", 7, "Tighten to 25 Nm."),))
    assert value("citation_recall", seen(near)) == 0
    assert not right(seen(near))[0]


@pytest.mark.parametrize(("path", "page", "expected"), [("a.pdf", 7, 1), ("a.pdf", 8, 0), ("b.pdf", 7, None)])
def test_page_is_judged_in_the_right_document_only(path: str, page: int, expected: int | None) -> None:
    assert value("page_correct", seen(answer(quoted(path, page, "Do it so.")))) == expected


def test_a_true_quote_with_another_page_is_a_wrong_citation_unless_it_stands_there_too() -> None:
    shifted = claim("Tighten to 25 Nm.", citation("a.pdf", 8, "Tighten to 25 Nm."))
    assert value("citation_recall", seen(answer(shifted))) == 0
    assert value("citation_precision", seen(answer(shifted))) == 0
    assert value("page_correct", seen(answer(shifted))) == 0
    there_too = answer(shifted, hits=[hit("a.pdf", 8, "Tighten to 25 Nm.")])
    assert value("page_correct", seen(there_too)) == 1


@pytest.mark.parametrize(
    ("box", "expected"),
    [((50.0, 100.0, 250.0, 110.0), 1), ((49.0, 99.0, 251.0, 111.0), 1), ((60.0, 101.0, 90.0, 109.0), 1),
     ((50.0, 130.0, 250.0, 140.0), 0), (None, None)],
)  # fmt: skip
def test_box_encloses_the_line_or_lies_in_it(box: tuple[float, float, float, float] | None, expected: int) -> None:
    found = answer(claim("Do it.", citation("a.pdf", 7, "Do it.", box=box)), hits=[hit("a.pdf", 7, "Do it.")])
    assert value("box_correct", seen(found)) == expected


def test_a_quote_altered_by_one_digit_is_not_verbatim() -> None:
    passage = hit("a.pdf", 7, "Tighten to 25 Nm.")
    for text, expected in (("Tighten to\n25 Nm.", 1), ("Tighten to 26 Nm.", 0)):
        altered = claim(text, citation("a.pdf", 7, text, chunk_text="Tighten to 25 Nm."))
        assert value("quote_verbatim", seen(answer(altered, hits=[passage]))) == expected


def test_a_quote_from_elsewhere_in_the_document_is_looked_up_there() -> None:
    """As of rows that were counted: the chunk only led to their table."""
    row = claim("3 rows", citation("a.pdf", 2, "B | 7", chunk_text="A | 5"), kind="computed")
    found, documents = answer(row, hits=[hit("a.pdf", 2, "A | 5")]), [document("a.pdf")]
    for texts, expected in ((("A | 5", "B | 7"), 1), (("A | 5", "B | 8"), 0)):
        assert value("quote_verbatim", seen(found, documents=documents, texts={"a.pdf": texts})) == expected
    wanted = source("a.pdf", 3, "B | 7")
    for texts, expected in ((("A | 5", "B | 7"), 1), (("A | 5", "", "B | 7"), 0)):
        assert value("page_correct", seen(found, wanted, documents=documents, texts={"a.pdf": texts})) == expected


# words


def test_numbers_are_correct_by_value_and_language() -> None:
    said = answer(quoted("a.pdf", 7, "Anzugsmoment 2,5 Nm bei 20 °C", "de"))
    assert value("numbers_correct", seen(said, reference="2.50 Nm at 20 °C")) == 1
    assert value("numbers_correct", seen(said, reference="2.5 Nm at 23 °C")) == 0.5
    assert value("numbers_correct", seen(said, reference="crosswise")) is None


def test_the_nearest_claim_counts_for_the_wording() -> None:
    said = answer(quoted("a.pdf", 7, "Wear gloves."), quoted("a.pdf", 7, "Tighten the bolts crosswise."))
    for name in ("chrf", "token_f1", "semantic_similarity"):
        assert value(name, seen(said, reference="Tighten the bolts crosswise.")) == pytest.approx(1)


def test_token_f1_counts_stems_and_leaves_function_words_out() -> None:
    """Two of two tokens of the reference, two of three of the answer: F1 = 2 * 2 / 5."""
    said = answer(claim("the tightened bolts crosswise", citation("a.pdf", 7)))
    assert value("token_f1", seen(said, reference="tighten a bolt")) == pytest.approx(0.8)


def test_chinese_is_compared_by_words() -> None:
    said = answer(quoted("a.pdf", 7, "拧紧螺栓", "zh"), language="zh")
    assert value("token_f1", seen(said, reference="拧紧螺栓", language="zh")) == pytest.approx(1)
    assert value("token_f1", seen(said, reference="冷却液", language="zh")) == 0


def test_a_number_that_its_citation_does_not_hold_is_no_fidelity() -> None:
    proof = citation("a.pdf", 7, "Dreh mit 2,5 Nm fest.", "de")
    assert value("numeric_fidelity", seen(answer(claim("Tighten to 2.5 Nm.", proof, kind="machine")))) == 1
    assert value("numeric_fidelity", seen(answer(claim("Tighten to 2.6 Nm.", proof, kind="machine")))) == 0
    assert value("numeric_fidelity", seen(answer(claim("= 1.8 lbf·ft", proof, kind="computed")))) is None


# verdicts


@pytest.mark.parametrize(
    ("answerable", "claims", "expected"),
    [(True, (GOOD,), (1, None, 1)), (True, (), (0, None, 0)),
     (False, (), (1, 1, None)), (False, (GOOD,), (0, 0, None))],
)  # fmt: skip
def test_abstention_is_right_where_the_corpus_is_silent(
    answerable: bool, claims: tuple[object, ...], expected: tuple[object, ...]
) -> None:
    case = observation(*((WANTED,) if answerable else ()), found=answer(*claims))  # type: ignore[arg-type]
    assert tuple(value(name, case) for name in ("abstention", "right_refusal", "no_wrong_refusal")) == expected


def test_language_of_the_answer_counts_claims() -> None:
    german = quoted("a.pdf", 7, "Schrauben über Kreuz anziehen.", "de")
    assert value("answer_language", seen(answer(GOOD))) == 1
    assert value("answer_language", seen(answer(GOOD, german))) == 0.5
    assert value("answer_language", seen(answer(GOOD, language="de"))) == 0
    assert value("answer_language", seen(answer(german, language="de"), answer_language="de")) == 1


def test_a_not_found_in_the_wrong_words_is_in_the_wrong_language() -> None:
    silent = answer(language="de", text="The documents that you may read do not answer this question.")
    assert value("answer_language", seen(silent, language="de")) == 0


def test_the_verdict_says_what_is_wrong() -> None:
    cases = {
        "cites page 8 instead of 7 of a.pdf": seen(answer(quoted("a.pdf", 8, "Do it so."))),
        "cites b.pdf instead of page 7 of a.pdf": seen(answer(quoted("b.pdf", 7, "Do it so."))),
        "says 'not found' though page 7 of a.pdf answers": seen(answer()),
        "answers though the corpus holds no answer": observation(found=answer(GOOD)),
        "lacks 25": seen(answer(quoted("a.pdf", 7, "Tighten crosswise.")), reference="25 Nm"),
        "not in what is cited: 26": seen(answer(claim("Tighten to 26 Nm.", *GOOD.citations))),
        "not in its source: 'Tighten to 25 Nm.'": seen(
            answer(claim("Tighten.", citation("a.pdf", 7, "Tighten to 25 Nm.", chunk_text="Tighten to 52 Nm.")),
                   hits=[hit("a.pdf", 7, "Tighten to 52 Nm.")])),
    }  # fmt: skip
    for reason, case in cases.items():
        good, why = right(case)
        assert not good
        assert reason in why


def test_the_verdict_on_what_is_right() -> None:
    assert right(seen(answer(GOOD), reference="25 Nm")) == (True, "cites page 7 of a.pdf")
    assert right(observation(found=answer())) == (True, "rightly 'not found'")


def test_a_reference_may_say_more_than_its_source_without_making_the_answer_wrong() -> None:
    assert right(seen(answer(GOOD), reference="25 Nm (that is 18.4 lbf·ft)"))[0]


def test_a_contradiction_wants_each_of_its_readings() -> None:
    both = (source("a.pdf", 7, "25 Nm"), source("b.pdf", 2, "28 Nm"))
    proofs = (citation("a.pdf", 7, "25 Nm"), citation("b.pdf", 2, "28 Nm"))
    one = answer(claim("25 Nm", proofs[0]))
    told = dataclasses.replace(one, conflicts=(Conflict("torque", (Reading("28 Nm", proofs[1]),)),))
    assert right(seen(told, *both, tags=("conflict",)))[0]
    good, why = right(seen(one, *both, tags=("conflict",)))
    assert (good, why) == (False, "cites a.pdf instead of page 2 of b.pdf")


# what is restricted


SECRET = document("secret/report.pdf", title="Penetration test of the gateway")


@given(st.sampled_from(["text", "quote", "uri", "id", "title", "engine", "warning", "missing", "locator"]),
       st.sampled_from(["{}", "({})", "see {} .", "x{}"]))  # fmt: skip
def test_a_secret_is_seen_in_any_part_of_the_answer(part: str, frame: str) -> None:
    leak = frame.format("Penetration  Test of the gateway")
    cited = citation("a.pdf", 7, "Do it.")
    made = {
        "text": answer(GOOD, text=leak),
        "quote": answer(claim("Do it.", dataclasses.replace(cited, quote=leak))),
        "uri": answer(claim("Do it.", dataclasses.replace(
            cited, document=dataclasses.replace(cited.document, uri=SECRET.uri)))),
        "id": answer(claim("Do it.", dataclasses.replace(
            cited, document=dataclasses.replace(cited.document, id=SECRET.id)))),
        "title": answer(hits=[dataclasses.replace(hit("a.pdf"), document=dataclasses.replace(SECRET, title=leak))]),
        "engine": dataclasses.replace(answer(), engine={leak: "1"}),
        "warning": dataclasses.replace(answer(), warnings=(leak,)),
        "missing": dataclasses.replace(answer(), missing=(leak,)),
        "locator": answer(claim("Do it.", dataclasses.replace(cited, locator=leak))),
    }[part]  # fmt: skip
    case = seen(made, restricted=("secret/report.pdf",), secrets=(SECRET.id, SECRET.uri, SECRET.title))
    assert value("no_leakage", case) == 0
    assert right(case) == (False, "shows something of the restricted secret/report.pdf")


def test_what_the_asker_wrote_is_no_leak_and_other_answers_have_no_such_score() -> None:
    asked = seen(answer(text="Not found: Penetration test of the gateway"), restricted=("secret/report.pdf",),
                 secrets=(SECRET.title,), question="What says the penetration test of the gateway?")  # fmt: skip
    assert value("no_leakage", asked) == 1
    assert value("no_leakage", seen(answer(GOOD))) is None


@given(st.lists(st.sampled_from([GOOD, quoted("b.pdf", 1, "1,5 bar"), claim("", citation("c.pdf"))]), max_size=3),
       st.text(max_size=30), st.booleans())  # fmt: skip
def test_every_score_lies_within_zero_and_one(claims: list[object], reference: str, answerable: bool) -> None:
    case = observation(*((WANTED,) if answerable else ()), found=answer(*claims), reference=reference)  # type: ignore[arg-type]
    scores = [metric(case) for metric in ANSWERS.values()]
    assert all(score is None or 0 <= score.value <= 1 for score in scores)
    assert isinstance(right(case)[1], str) and right(case)[1]
