"""Tables are learned where cases tell what a sum cannot, and heard only as far as they are right."""

from __future__ import annotations

import numpy as np
import pytest

from rung.engine.prediction.cases import NONE, expected
from rung.engine.prediction.crowd import Judged
from rung.engine.prediction.rows import NAMES
from rung.engine.scales import FloatArray
from rung.research.fitting.cases import fit_cases, learn_cases

GOOD, LEVEL = NAMES.index("good"), NAMES.index("level")


def crowd(people: int, each: int, seed: int = 0) -> Judged:
    """People whose good news counts only in the upper half of the scale: no sum says so."""
    random = np.random.default_rng(seed)
    count = people * each
    rows = np.zeros((count, len(NAMES)))
    rows[:, GOOD], rows[:, LEVEL] = random.random(count), random.uniform(-0.5, 0.5, count)
    change = np.where(rows[:, LEVEL] > 0.0, 0.3, 0.0) * rows[:, GOOD] + 0.05 * random.normal(size=count)
    person = np.repeat(np.arange(people), each)
    return Judged(np.arange(count), person, rows, 0.5 + rows[:, LEVEL], change)


def linear(known: Judged) -> FloatArray:
    """The best that a sum can do."""
    columns = known.rows[:, [GOOD, LEVEL]]
    weights = np.linalg.lstsq(columns, known.change, rcond=None)[0]
    told: FloatArray = columns @ weights
    return told


def error(change: FloatArray, told: FloatArray) -> float:
    return float(np.sqrt(np.mean((change - told) ** 2)))


def test_what_a_sum_cannot_say_is_found_on_people_who_took_no_part() -> None:
    known, others = crowd(60, 40), crowd(60, 40, seed=1)
    cases, _ = learn_cases(known, linear(known))
    assert cases.heard > 0.8
    told = expected(cases, others.rows, linear(others))
    assert error(others.change, told) < 0.9 * error(others.change, linear(others))
    assert error(others.change, told) == pytest.approx(0.05, abs=0.005)


def test_expectations_are_those_of_tables_learned_from_other_people() -> None:
    known = crowd(60, 40)
    cases, told = learn_cases(known, linear(known))
    in_sample = expected(cases, known.rows, linear(known))
    assert error(known.change, in_sample) < error(known.change, told)


def test_where_there_is_only_noise_nobody_listens_much() -> None:
    random = np.random.default_rng(0)
    known = crowd(20, 20)._replace(change=0.1 * random.normal(size=400))
    cases, told = learn_cases(known, np.zeros(400))
    assert cases.heard < 0.3
    assert error(known.change, told) <= error(known.change, np.zeros(400)) + 1e-12


def test_the_same_seed_gives_the_same_tables_and_another_one_others() -> None:
    known = crowd(20, 20)
    one, again, other = (fit_cases(known.rows, linear(known), known.change, seed) for seed in (0, 0, 1))
    np.testing.assert_array_equal(one.values, again.values)
    assert not np.array_equal(one.values, other.values)


@pytest.mark.parametrize("count", [0, 1, 5, 199])
def test_of_few_judgements_nothing_is_learned(count: int) -> None:
    known = crowd(1, count)
    assert fit_cases(known.rows, np.zeros(count), known.change) is NONE


def test_rows_that_never_differ_tell_nothing() -> None:
    change = np.random.default_rng(0).normal(size=300)
    assert fit_cases(np.ones((300, len(NAMES))), np.zeros(300), change) is NONE


def test_thresholds_and_values_have_few_digits_so_that_a_file_of_them_is_small() -> None:
    known = crowd(20, 20)
    cases = fit_cases(known.rows, linear(known), known.change)
    for numbers in (cases.thresholds, cases.values):
        np.testing.assert_array_equal(numbers, numbers.round(6))
