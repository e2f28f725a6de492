"""Tables of cases: what they say is what their formula says, and they can be stored."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rung.engine.prediction.cases import KEPT, NONE, Cases, as_lists, expected, from_lists
from rung.engine.prediction.rows import NAMES
from rung.errors import InvalidParameters

SIZE = len(NAMES)


def some_cases(seed: int, tables: int = 7, questions: int = 3) -> Cases:
    random = np.random.default_rng(seed)
    return Cases(
        random.integers(0, SIZE + 1, (tables, questions)),
        random.normal(size=(tables, questions)),
        0.1 * random.normal(size=(tables, 2**questions)),
        float(random.random()),
    )


@given(st.integers(0, 10_000))
def test_the_expectation_is_that_of_the_formula_table_by_table(seed: int) -> None:
    cases = some_cases(seed)
    random = np.random.default_rng(seed + 1)
    rows, means = random.normal(size=(5, SIZE)), random.normal(size=5)
    for row, mean, found in zip(rows, means, expected(cases, rows, means), strict=True):
        numbers = [*row, mean]
        said = KEPT * mean
        for asked, thresholds, values in zip(cases.asked, cases.thresholds, cases.values, strict=True):
            bits = "".join("1" if numbers[a] > t else "0" for a, t in zip(asked, thresholds, strict=True))
            said += values[int(bits, 2)]
        assert found == pytest.approx(mean + cases.heard * (said - mean), abs=1e-12)


def test_many_rows_are_answered_as_each_alone() -> None:
    cases, random = some_cases(3), np.random.default_rng(0)
    rows, means = random.normal(size=(9000, SIZE)), random.normal(size=9000)
    whole = expected(cases, rows, means)
    for place in (0, 4095, 4096, 8999):
        alone = expected(cases, rows[place : place + 1], means[place : place + 1])
        assert whole[place] == alone[0]


def test_without_tables_the_regression_stands_alone() -> None:
    means = np.array([0.1, -0.2])
    assert expected(NONE, np.zeros((2, SIZE)), means).tolist() == [0.1, -0.2]


def test_tables_that_nobody_listens_to_change_nothing() -> None:
    cases, means = some_cases(1)._replace(heard=0.0), np.array([0.1, -0.2])
    assert expected(cases, np.ones((2, SIZE)), means).tolist() == [0.1, -0.2]


def test_neither_rows_nor_means_are_changed() -> None:
    rows, means = np.ones((2, SIZE)), np.array([0.1, -0.2])
    expected(some_cases(1), rows, means)
    assert (rows == 1.0).all()
    assert means.tolist() == [0.1, -0.2]


@given(st.integers(0, 10_000))
def test_tables_come_back_exactly_from_json(seed: int) -> None:
    cases = some_cases(seed)
    back = from_lists(json.loads(json.dumps(as_lists(cases))))
    for one, other in zip(cases, back, strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"thresholds": [[0.0]]}, "one number of tables"),
        ({"values": [[0.0, 1.0, 2.0]]}, "one number of tables"),
        ({"asked": [[SIZE + 1, 0, 0]]}, "outside 0 to"),
        ({"heard": 1.5}, "heard is 1.5"),
        ({"values": [[float("nan")] * 8]}, "finite"),
    ],
)
def test_tables_that_do_not_fit_together_are_refused(change: dict[str, Any], told: str) -> None:
    with pytest.raises(InvalidParameters, match=told):
        from_lists({**as_lists(some_cases(0, tables=1)), **change})
