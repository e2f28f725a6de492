"""Held out: everyone is predicted by what was fitted to the other folds, and both by the same people."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from rung.research.fitting.heldout import HeldOut, filled, hold_out

NUMBERS = [np.random.default_rng(number).normal(number % 3, 1.0, 3 + number) for number in range(7)]
"""What seven people said; the more, the later they come."""
FOLD = np.array([0, 2, 0, 1, 2, 0, 1])


def mean_of(people: NDArray[np.intp], without: int) -> float:
    assert not (FOLD[people] == without).any()
    return float(np.concatenate([NUMBERS[person] for person in people]).mean())


def errors(person: int, fold: int, mean: float) -> NDArray[np.float64]:
    assert FOLD[person] == fold
    off = NUMBERS[person] - mean
    return np.stack([off**2, np.abs(off)], axis=1)


def held_out(given_mean: float, fold: NDArray[np.intp] = FOLD, seed: int = 0) -> HeldOut | None:
    return hold_out(fold, mean_of, errors, given_mean, ["squared", "absolute"], seed=seed)


def test_scores_are_means_over_all_that_was_predicted_by_the_other_folds() -> None:
    found = held_out(0.5)
    assert found is not None
    ours, theirs = [], []
    for person, fold in enumerate(FOLD.tolist()):
        mean = mean_of(np.flatnonzero(fold != FOLD), fold)
        ours.append(errors(person, fold, mean))
        theirs.append(errors(person, fold, 0.5))
    for place, score in enumerate(("squared", "absolute")):
        told = found.scores[score]
        one, other = (float(np.concatenate(rows)[:, place].mean()) for rows in (ours, theirs))
        assert told.fitted.value == pytest.approx(one)
        assert told.given.value == pytest.approx(other)
        assert told.difference.value == pytest.approx(one - other)
    assert (found.people, found.predicted) == (7, sum(map(len, NUMBERS)))


def test_the_first_score_decides_which_is_better() -> None:
    far, near = held_out(100.0), held_out(float(np.concatenate(NUMBERS).mean()))
    assert far is not None
    assert near is not None
    assert far.is_better
    assert not near.is_better
    difference = far.scores["squared"].difference
    assert difference.high is not None
    assert difference.high < 0.0


def test_an_interval_is_of_the_paired_difference() -> None:
    """Both are the same but for a constant: each varies from draw to draw, their difference does not."""

    def shifted(person: int, fold: int, shift: float) -> NDArray[np.float64]:
        return np.abs(NUMBERS[person])[:, None] + shift

    found = hold_out(FOLD, lambda people, without: 0.0, shifted, 0.25, ["size"])
    assert found is not None
    told = found.scores["size"]
    assert told.fitted.low is not None
    assert told.fitted.high is not None
    assert told.fitted.high - told.fitted.low > 0.1
    assert told.difference == pytest.approx((-0.25, -0.25, -0.25))


def test_the_same_seed_draws_the_same_people() -> None:
    assert held_out(0.5, seed=3) == held_out(0.5, seed=3) != held_out(0.5, seed=4)


def test_nobody_can_be_held_out_of_one_fold() -> None:
    assert hold_out(np.zeros(3, np.intp), mean_of, errors, 0.5, ["squared"]) is None
    assert hold_out(np.empty(0, np.intp), mean_of, errors, 0.5, ["squared"]) is None


def test_progress_is_told_person_by_person() -> None:
    done: list[int] = []
    hold_out(FOLD, mean_of, errors, 0.5, ["squared", "absolute"], progress=done.append)
    assert done == [1, 2, 3, 4, 5, 6, 7]


@given(st.lists(st.booleans(), min_size=1, max_size=6), st.integers(0, 1000))
def test_a_covariance_that_is_filled_is_one_and_has_both_parts_as_they_were(
    told: list[bool], seed: int
) -> None:
    seen, size = np.array(told), len(told)
    roots = np.random.default_rng(seed).normal(size=(2, size, size))
    fitted, other = (root @ root.T + 0.01 * np.eye(size) for root in roots)
    found = filled(fitted, other, seen)
    np.testing.assert_array_equal(found, found.T)
    assert np.linalg.eigvalsh(found).min() > 0.0
    np.testing.assert_array_equal(found[np.ix_(seen, seen)], fitted[np.ix_(seen, seen)])
    np.testing.assert_array_equal(found[np.ix_(~seen, ~seen)], other[np.ix_(~seen, ~seen)])
    assert not found[np.ix_(seen, ~seen)].any()
