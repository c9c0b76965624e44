"""Metrics of the search, over rankings that can be checked in the head."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.metrics import METRICS, RETRIEVAL
from evals.testing_observations import document, hit, observation, search, source


def value(name: str, *args: object, **kwargs: object) -> float | None:
    score = METRICS[name](observation(*args, **kwargs))  # type: ignore[arg-type]
    return None if score is None else score.value


WRONG = [hit("b.pdf", page) for page in range(1, 30)]
RIGHT = hit("a.pdf", 7)


@pytest.mark.parametrize(("rank", "expected"), [(1, (1, 1, 1, 1.0)), (3, (0, 1, 1, 1 / 3)), (10, (0, 0, 1, 0.1))])
def test_recall_and_reciprocal_rank_follow_the_rank_of_the_first_right_hit(
    rank: int, expected: tuple[float, ...]
) -> None:
    found = search(*WRONG[: rank - 1], RIGHT, *WRONG[rank:])
    names = ("recall_at_1", "recall_at_5", "recall_at_10", "mrr")
    assert tuple(value(name, source("a.pdf", 7), search=found) for name in names) == pytest.approx(expected)


def test_nothing_right_among_the_hits_counts_zero_everywhere() -> None:
    found = search(*WRONG[:12])
    names = ("recall_at_1", "recall_at_5", "recall_at_10", "mrr", "ndcg_at_10")
    assert [value(name, source("a.pdf", 7), search=found) for name in names] == [0] * 5


def test_ndcg_of_the_second_rank_is_one_over_the_logarithm_of_three() -> None:
    assert value("ndcg_at_10", source("a.pdf", 7), search=search(WRONG[0], RIGHT)) == pytest.approx(1 / math.log2(3))


def test_more_hits_of_the_same_page_gain_nothing() -> None:
    more = search(WRONG[0], RIGHT, hit("a.pdf", 7, "more"), hit("a.pdf", 7, "still more"))
    assert value("ndcg_at_10", source("a.pdf", 7), search=more) == pytest.approx(1 / math.log2(3))


def test_a_hit_on_another_page_that_holds_the_quote_is_right() -> None:
    found = search(hit("a.pdf", 8, "Torque:\n25  Nm"))
    assert value("recall_at_1", source("a.pdf", 7, "torque: | 25 Nm"), search=found) == 1


def test_one_of_several_sources_is_enough_unless_a_tag_says_that_each_is_needed() -> None:
    found, both = search(hit("a.pdf", 7)), (source("a.pdf", 7), source("c.pdf", 1))
    assert value("recall_at_10", *both, search=found) == 1
    assert value("recall_at_10", *both, search=found, tags=("conflict",)) == 0.5
    assert value("ndcg_at_10", *both, search=found, tags=("conflict",)) == pytest.approx(1 / (1 + 1 / math.log2(3)))


def test_contradicting_sources_are_each_wanted_even_within_a_family() -> None:
    documents = (document("a.pdf", family="A"), document("a_de.pdf", "de", family="A"))
    both = (source("a.pdf", 7), source("a_de.pdf", 3))
    found = search(hit("a_de.pdf", 3))
    assert value("recall_at_1", *both, search=found, documents=documents, tags=("conflict",)) == 0.5


def test_another_released_edition_answers_on_the_same_page_and_a_superseded_one_does_not() -> None:
    found = search(hit("a_fr.pdf", 7))
    for status, expected in (("released", 1), ("superseded", 0)):
        documents = (document("a.pdf", family="A"), document("a_fr.pdf", family="A", status=status))
        assert value("recall_at_1", source("a.pdf", 7), search=found, documents=documents) == expected


def test_another_edition_answers_on_another_page_if_it_holds_the_quotes_numbers() -> None:
    documents = (document("a.pdf", family="A"), document("a_fr.pdf", "fr", family="A"))
    for text, expected in (("serrer à 25,5 Nm", 1), ("serrer à 52,5 Nm", 0)):
        found = search(hit("a_fr.pdf", 9, text, "fr"))
        wanted = source("a.pdf", 7, "tighten to 25.5 Nm")
        assert value("recall_at_1", wanted, search=found, documents=documents) == expected


def test_the_two_lists_count_for_cases_of_their_kind_only() -> None:
    documents = (document("a.pdf", "en"),)
    lists = search(own=(RIGHT,), others=())
    assert value("own_recall_at_10", source("a.pdf", 7), search=lists, documents=documents) == 1
    assert value("others_recall_at_10", source("a.pdf", 7), search=lists, documents=documents) is None
    assert value("others_recall_at_10", source("a.pdf", 7), search=lists, documents=documents, language="pl") == 0


def test_a_document_whose_name_ends_alike_is_another_one() -> None:
    assert value("recall_at_1", source("a.pdf", 7), search=search(hit("xa.pdf", 7))) == 0


def test_cases_without_an_answer_have_no_retrieval_score() -> None:
    assert all(metric(observation(search=search(RIGHT))) is None for metric in RETRIEVAL.values())


PLACES = st.lists(st.tuples(st.sampled_from(["a.pdf", "b.pdf"]), st.integers(1, 3)), max_size=14)


@given(PLACES, PLACES)
def test_scores_lie_within_zero_and_one_and_recall_never_falls_with_k(
    ranked: list[tuple[str, int]], wanted: list[tuple[str, int]]
) -> None:
    found = search(*(hit(path, page) for path, page in ranked))
    sources = [source(path, page, "quote of its own") for path, page in wanted]
    values = [value(name, *sources, search=found) for name in RETRIEVAL]
    assert all(number is None or 0 <= number <= 1 for number in values)
    recalls = [value(f"recall_at_{k}", *sources, search=found) or 0 for k in (1, 5, 10)]
    assert recalls == sorted(recalls)
