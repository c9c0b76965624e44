"""Intervals that enclose the mean, and a paired test that tells a fall from noise."""

from __future__ import annotations

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from evals.statistics import chance_of_no_fall, figure, surely_fallen


def test_the_interval_of_half_right_answers_is_that_of_a_fair_coin() -> None:
    found = figure([1.0, 0.0] * 50)
    assert found is not None
    assert (found.n, found.mean) == (100, 0.5)
    assert 0.38 < found.low < 0.42
    assert 0.58 < found.high < 0.62


def test_no_values_give_no_figure_and_equal_values_no_width() -> None:
    assert figure([]) is None
    found = figure([1.0, 1.0])
    assert found is not None
    assert (found.low, found.mean, found.high) == (1.0, 1.0, 1.0)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_the_mean_lies_in_its_interval_and_the_interval_in_the_bounds(values: list[float]) -> None:
    found = figure(values)
    assert found is not None
    assert 0 <= found.low <= found.mean + 1e-3 <= found.high + 2e-3 <= 1.002
    assert figure(values) == found


def test_a_real_fall_is_told_from_noise() -> None:
    random = Random(7)
    before = [random.random() for _ in range(60)]
    noisy = [min(1.0, max(0.0, value + random.gauss(0, 0.1))) for value in before]
    fallen = [max(0.0, value - 0.1 + random.gauss(0, 0.1)) for value in before]
    assert chance_of_no_fall(before, fallen) < 0.001
    assert chance_of_no_fall(before, noisy) > 0.05
    assert chance_of_no_fall(before, before) == 1.0


def test_a_fall_too_small_to_notice_or_of_few_cases_is_none() -> None:
    assert chance_of_no_fall([0.5] * 50, [0.495] * 50) == 1.0
    assert chance_of_no_fall([1.0] * 9, [0.0] * 9) == 1.0


def test_one_small_chance_among_many_is_no_finding() -> None:
    assert surely_fallen([0.03] + [0.5] * 19) == [False] * 20
    assert surely_fallen([0.0001] + [0.5] * 19) == [True] + [False] * 19
    assert surely_fallen([0.009]) == [True]


def test_noise_alone_fails_hardly_ever() -> None:
    """Forty runs of ten slices whose scores waver: at a level of 1 % hardly one is called fallen."""
    random = Random(11)
    called = 0
    for _ in range(40):
        chances = []
        for _ in range(10):
            before = [random.random() for _ in range(40)]
            chances.append(chance_of_no_fall(before, [value + random.gauss(0, 0.15) for value in before]))
        called += any(surely_fallen(chances))
    assert called <= 1
