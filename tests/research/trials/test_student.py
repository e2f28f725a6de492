"""Student's t against tables, published examples and simulation."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rung.research.trials.student import critical, power, smallest, tails


@pytest.mark.parametrize(
    ("df", "alpha", "value"),
    [(1, 0.05, 12.7062), (5, 0.05, 2.5706), (10, 0.01, 3.1693), (30, 0.05, 2.0423), (120, 0.10, 1.6577)],
)
def test_critical_values_are_those_of_the_tables(df: float, alpha: float, value: float) -> None:
    assert critical(df, alpha) == pytest.approx(value, abs=1e-4)


@given(st.floats(-60, 60))
def test_with_one_degree_of_freedom_it_is_cauchys(t: float) -> None:
    assert tails(np.array([t]), np.array([1.0]))[0] == pytest.approx(
        1 - 2 / math.pi * math.atan(abs(t)), abs=1e-12
    )


@given(st.floats(-60, 60))
def test_with_two_degrees_of_freedom_it_has_a_closed_form(t: float) -> None:
    assert tails(np.array([t]), np.array([2.0]))[0] == pytest.approx(
        1 - abs(t) / math.sqrt(2 + t * t), abs=1e-12
    )


def test_with_many_degrees_of_freedom_it_is_normal() -> None:
    t = np.linspace(-4, 4, 17)
    assert tails(t, np.full(17, 1e8)) == pytest.approx(
        [math.erfc(abs(x) / math.sqrt(2)) for x in t], abs=1e-7
    )


@given(st.floats(0, 50), st.floats(0.01, 5), st.floats(1, 500))
def test_further_out_is_rarer(t: float, more: float, df: float) -> None:
    near, far = tails(np.array([t, t + more]), np.array([df, df]))
    assert 0.0 <= far <= near <= 1.0


@pytest.mark.parametrize(
    ("d", "wanted", "people"),
    [(0.2, 0.8, 394), (0.5, 0.8, 64), (0.8, 0.8, 26), (0.2, 0.9, 527), (0.5, 0.9, 86), (0.8, 0.9, 34)],
)
def test_sample_sizes_are_those_of_cohens_table_and_gpower(d: float, wanted: float, people: int) -> None:
    assert smallest(d, wanted, 0.05) == smallest(-d, wanted, 0.05) == people


def test_without_a_difference_power_is_alpha() -> None:
    assert power(0.0, 12, 40, 0.05) == pytest.approx(0.05, abs=1e-9)
    assert smallest(0.0, 0.8, 0.05) is None
    assert smallest(1e-4, 0.8, 0.05) is None


@given(
    st.floats(0.1, 3),
    st.sampled_from([0.8, 0.9]),
    st.sampled_from([0.01, 0.05]),
    st.sampled_from([0.5, 1.0, 3.0]),
)
def test_the_smallest_size_is_enough_and_one_less_is_not(
    d: float, wanted: float, alpha: float, ratio: float
) -> None:
    found = smallest(d, wanted, alpha, ratio)
    assert found is not None
    assert power(d, found, max(2, round(found * ratio)), alpha) >= wanted
    if found > 2:
        assert power(d, found - 1, max(2, round((found - 1) * ratio)), alpha) < wanted
