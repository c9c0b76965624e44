import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.language import sparse_vector, term_id, terms
from copilot.language.analysis import AVERAGE_TERMS, AVERAGE_TERMS_DEFAULT, K1, B
from copilot.retrieval.query import query_vector
from copilot.retrieval.structured import StructuredQuery
from copilot.types import QueryTerm

WORDS = ["valve", "pump", "torque", "screw", "seal", "gasket", "bearing", "shaft"]
TEXTS = st.lists(st.sampled_from(WORDS), min_size=1, max_size=60).map(" ".join)
CHANCES = st.floats(0.05, 0.5)


def _slow(asked: list[QueryTerm], text: str) -> float:
    """The definition, word for word: counts are summed before BM25 saturates them."""
    counts = terms(text, "en")
    length = sum(counts.values()) / AVERAGE_TERMS.get("en", AVERAGE_TERMS_DEFAULT)
    norm = K1 * (1 - B + B * length)
    total = 0.0
    for item in asked:
        count = sum(chance**0.5 * counts[term] for term, chance in item.expansions or ((item.term, 1.0),))
        total += item.weight * count * (K1 + 1) / (count + norm)
    return total / ((K1 + 1) * sum(item.weight for item in asked) ** 0.5)


@given(texts=st.lists(TEXTS, min_size=1, max_size=4), chances=st.lists(CHANCES, min_size=2, max_size=2))
def test_scores_from_stored_weights_equal_the_definition_over_the_text(texts: list[str], chances: list[float]) -> None:
    pump, valve, screw = (next(iter(terms(word, "en"))) for word in ("pump", "valve", "screw"))
    asked = [
        QueryTerm("Ventil", valve, "word", 2.0, 3, 2.0, ((valve, chances[0]), (pump, chances[1]))),
        QueryTerm("Schraube", screw, "word", 1.5, 3, 1.5),
    ]
    found = StructuredQuery(asked).scores([sparse_vector(text, "en") for text in texts])
    assert list(found) == pytest.approx([_slow(asked, text) for text in texts], rel=1e-5, abs=1e-6)


@given(text=TEXTS)
def test_scores_of_a_question_in_the_own_language_equal_the_dot_product(text: str) -> None:
    asked = [QueryTerm(word, next(iter(terms(word, "en"))), "word", 1.0, 2, 1.0) for word in WORDS[:4]]
    passage = sparse_vector(text, "en")
    stored = dict(zip(passage.indices, passage.values, strict=True))
    query = query_vector(asked)
    dot = sum(weight * stored.get(index, 0.0) for index, weight in zip(query.indices, query.values, strict=True))
    scored = StructuredQuery(asked).scores([passage])[0] * (K1 + 1) * len(asked) ** 0.5
    assert scored == pytest.approx(dot, rel=1e-5)


def test_scores_split_over_synonyms_do_not_beat_the_one_word_said_as_often() -> None:
    first, second = (next(iter(terms(word, "en"))) for word in ("valve", "pump"))
    asked = [QueryTerm("x", first, "word", 1.0, 2, 1.0, ((first, 0.5), (second, 0.5)))]
    both, one = StructuredQuery(asked).scores([sparse_vector(text, "en") for text in ("valve pump", "valve valve")])
    assert both == pytest.approx(one)


def test_scores_of_nothing_are_zero() -> None:
    assert list(StructuredQuery([]).scores([sparse_vector("valve", "en")])) == [0.0]
    absent = QueryTerm("turbine", "turbin", "word", 3.0, 0, 3.0)
    assert list(StructuredQuery([absent]).scores([sparse_vector("valve", "en")])) == [0.0]
    assert len(StructuredQuery([absent]).scores([])) == 0


def test_term_id_never_meets_the_place_of_the_norm() -> None:
    assert term_id("valve") != 0
    assert sparse_vector("valve", "en").indices[0] == 0
