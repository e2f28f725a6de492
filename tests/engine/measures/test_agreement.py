"""Kappa against scikit-learn, a published table, the delta method and draws; and microanalysis."""

from types import ModuleType

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from rung.engine.measures import Agreement, agreement, congruence, counts_of
from rung.engine.measures.agreement import Weights
from rung.errors import InvalidInput

KINDS: tuple[Weights, ...] = ("none", "linear", "quadratic")
tables = st.integers(2, 4).flatmap(
    lambda kinds: st.lists(
        st.lists(st.integers(0, 30), min_size=kinds, max_size=kinds), min_size=kinds, max_size=kinds
    )
)


def pairs_of(table: list[list[int]]) -> tuple[list[int], list[int]]:
    cells = [(i, j) for i, row in enumerate(table) for j, count in enumerate(row) for _ in range(count)]
    return [i for i, _ in cells], [j for _, j in cells]


def found_in(table: list[list[int]], weights: Weights = "none") -> Agreement:
    found = agreement(table, weights)
    assert found is not None
    return found


@pytest.fixture(scope="module")
def metrics() -> ModuleType:
    found: ModuleType = pytest.importorskip("sklearn.metrics")
    return found


@given(tables)
def test_counting_is_the_table(table: list[list[int]]) -> None:
    assert counts_of(*pairs_of(table), len(table)).tolist() == table


@given(tables, st.sampled_from(KINDS))
def test_kappa_is_that_of_scikit_learn(metrics: ModuleType, table: list[list[int]], weights: Weights) -> None:
    found = agreement(table, weights)
    if found is None:
        return
    first, second = pairs_of(table)
    labels = list(range(len(table)))
    told = metrics.cohen_kappa_score(
        first, second, labels=labels, weights=None if weights == "none" else weights
    )
    assert found.kappa == pytest.approx(told, abs=1e-9)


def test_the_table_of_fleiss() -> None:
    """Fleiss, Statistical Methods for Rates and Proportions: two diagnoses of 100 people."""
    found = found_in([[75, 1, 4], [5, 4, 1], [0, 0, 10]])
    assert (round(found.observed, 2), round(found.expected, 2), round(found.kappa, 2)) == (0.89, 0.66, 0.68)
    assert round(found.error_if_chance, 3) == 0.076


def kappa_of(p: NDArray[np.float64], w: NDArray[np.float64]) -> float:
    expected = (w * np.outer(p.sum(axis=1), p.sum(axis=0))).sum()
    return float(((w * p).sum() - expected) / (1 - expected))


@pytest.mark.parametrize("weights", KINDS)
@pytest.mark.parametrize("table", [[[20, 5], [7, 30]], [[75, 1, 4], [5, 4, 1], [2, 3, 10]]])
def test_the_error_is_that_of_the_delta_method(table: list[list[int]], weights: Weights) -> None:
    counts = np.array(table, dtype=float)
    total, kinds = counts.sum(), len(table)
    p, step = counts / total, 1e-6
    apart = np.abs(np.subtract.outer(np.arange(kinds), np.arange(kinds))) / (kinds - 1)
    w = {"none": np.eye(kinds), "linear": 1 - apart, "quadratic": 1 - apart**2}[weights]
    gradient = np.zeros_like(p)
    for place in np.ndindex(p.shape):
        moved = np.zeros_like(p)
        moved[place] = step
        gradient[place] = (kappa_of(p + moved, w) - kappa_of(p - moved, w)) / (2 * step)
    variance = ((gradient**2 * p).sum() - (gradient * p).sum() ** 2) / total
    assert found_in(table, weights).error == pytest.approx(np.sqrt(variance), rel=1e-4)


def test_the_errors_are_those_of_tables_that_were_drawn() -> None:
    chance = np.random.default_rng(11)
    p = np.array([[0.4, 0.1], [0.15, 0.35]])
    alone = np.outer(p.sum(axis=1), p.sum(axis=0))
    exact = found_in((p * 400).round().astype(int).tolist())
    for shares, told in ((p, exact.error), (alone, exact.error_if_chance)):
        drawn = chance.multinomial(400, shares.ravel(), 4000).reshape(-1, 2, 2)
        spread = np.std([found_in(one.tolist()).kappa for one in drawn])
        assert told == pytest.approx(spread, rel=0.05)


@given(tables, st.sampled_from(KINDS))
def test_it_does_not_matter_who_sorted_first(table: list[list[int]], weights: Weights) -> None:
    found, turned = agreement(table, weights), agreement(np.transpose(table), weights)
    assert (found is None) == (turned is None)
    if found and turned:
        assert found[1:] == pytest.approx(turned[1:], abs=1e-9)


@given(tables, st.sampled_from(KINDS))
def test_agreement_is_at_most_whole(table: list[list[int]], weights: Weights) -> None:
    found = agreement(table, weights)
    if found is None:
        return
    assert found.kappa <= 1 + 1e-9
    low, high = found.interval
    assert -1 <= low <= high <= 1
    assert found.error >= 0
    assert found.error_if_chance >= 0


def test_two_kinds_have_one_kappa_however_it_is_weighted() -> None:
    table = [[12, 3], [4, 9]]
    assert len({round(found_in(table, weights).kappa, 12) for weights in KINDS}) == 1


def test_who_agrees_in_all_has_one_and_chance_has_nought() -> None:
    assert found_in([[5, 0], [0, 7]]).kappa == 1
    assert found_in([[4, 4], [4, 4]]).kappa == 0
    assert agreement([[9, 0], [0, 0]]) is None
    assert agreement([[0, 0], [0, 0]]) is None


@pytest.mark.parametrize("wrong", [[[1, 2]], [], [[1, -1], [0, 1]], [[float("nan"), 1], [0, 1]]])
def test_what_is_no_table_is_refused(wrong: list[list[float]]) -> None:
    with pytest.raises(InvalidInput):
        agreement(wrong)


def test_sortings_of_other_things_are_refused() -> None:
    with pytest.raises(InvalidInput):
        counts_of([0], [0, 1], 2)
    with pytest.raises(InvalidInput):
        counts_of([0, 2], [0, 1], 2)


tries = st.lists(st.tuples(st.floats(0, 1), st.sampled_from([0.0, 0.5, 1.0])), max_size=40)


@given(tries)
def test_congruence_counts_what_matches_try_by_try(found: list[tuple[float, float]]) -> None:
    judged, outcomes = [one for one, _ in found], [two for _, two in found]
    told = congruence(judged, outcomes)
    assert told.tries == len(found)
    assert told.matched == sum((rating >= 0.5) == (outcome >= 0.5) for rating, outcome in found)
    worked = sum(outcome >= 0.5 for outcome in outcomes)
    assert told.base == max(worked, len(found) - worked)
    if told.agreement:
        assert told.agreement.observed == pytest.approx(told.matched / told.tries)


def test_congruence_is_high_and_tells_nothing_where_everything_works() -> None:
    """Lee's objection of 1983: what matches must be held against what matches anyway."""
    told = congruence([0.9] * 20, [1.0] * 19 + [0.0])
    assert (told.matched, told.base, told.agreement) == (19, 19, None)
