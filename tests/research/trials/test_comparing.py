"""Comparisons of two arms, against plain formulas, closed forms and one another."""

from __future__ import annotations

from math import sqrt
from statistics import NormalDist

import numpy as np
import pytest

from rung.engine.scales import FloatArray
from rung.research.trials.comparing import Sample, compare
from rung.research.trials.student import power, tails


def drawn(trials: int, people: int, shift: float, seed: int, spread: float = 1.0) -> FloatArray:
    return shift + spread * np.random.default_rng(seed).standard_normal((trials, people))


def sample(
    values: FloatArray, baseline: FloatArray | None = None, counts: FloatArray | None = None
) -> Sample:
    return Sample(values, baseline, np.ones_like(values) if counts is None else counts)


def binomial_bounds(chance: float, trials: int) -> tuple[float, float]:
    """Counts between which a binomial lies in 999 of 1,000 cases, by its exact distribution."""
    logs = np.cumsum([0.0, *np.log((trials - np.arange(trials)) / np.arange(1, trials + 1))])
    counts = np.arange(trials + 1)
    below = np.cumsum(np.exp(logs + counts * np.log(chance) + (trials - counts) * np.log1p(-chance)))
    return float(np.searchsorted(below, 0.0005)), float(np.searchsorted(below, 0.9995))


def test_power_of_a_plain_normal_difference_is_that_of_the_closed_form() -> None:
    trials, people, d = 4000, 40, 0.6
    found = compare(
        sample(drawn(trials, people, d, 1)), sample(drawn(trials, people, 0, 2)), ([people], [people])
    )
    low, high = binomial_bounds(power(d, people, people, 0.05), trials)
    assert low <= (found.p <= 0.05).sum() <= high
    assert found.g.mean() == pytest.approx(d, abs=4 * found.g.std() / sqrt(trials))


def test_smaller_trials_within_a_large_one_have_their_own_power() -> None:
    trials, sizes, d = 4000, [10, 25, 64], 0.5
    found = compare(sample(drawn(trials, 64, d, 3)), sample(drawn(trials, 64, 0, 4)), (sizes, sizes))
    for place, size in enumerate(sizes):
        low, high = binomial_bounds(power(d, size, size, 0.05), trials)
        assert low <= (found.p[:, place] <= 0.05).sum() <= high


@pytest.mark.parametrize("spread", [1.0, 3.0])
def test_without_a_difference_alpha_are_found(spread: float) -> None:
    trials = 4000
    one, other = sample(drawn(trials, 12, 0, 5, spread)), sample(drawn(trials, 36, 0, 6))
    found = compare(one, other, ([12], [36]))
    low, high = binomial_bounds(0.05, trials)
    assert low <= (found.p <= 0.05).sum() <= high


def test_a_baseline_that_foretells_gives_the_power_of_what_it_leaves() -> None:
    trials, people, d, r = 4000, 50, 0.4, 0.8
    before = [drawn(trials, people, 0, seed) for seed in (7, 8)]
    after = [
        r * first + sqrt(1 - r * r) * drawn(trials, people, 0, seed) + shift
        for first, seed, shift in zip(before, (9, 10), (d, 0.0), strict=True)
    ]
    found = compare(sample(after[0], before[0]), sample(after[1], before[1]), ([people], [people]))
    assert found.adjusted_p is not None
    assert found.adjusted_g is not None
    left = d / sqrt(1 - r * r)
    assert (found.adjusted_p <= 0.05).mean() == pytest.approx(power(left, people, people, 0.05), abs=0.02)
    assert found.adjusted_g.mean() == pytest.approx(d, abs=0.01)
    assert (found.p <= 0.05).mean() == pytest.approx(power(d, people, people, 0.05), abs=0.03)


def test_one_trial_is_as_by_hand() -> None:
    one, other = np.array([3.0, 5.0, 4.0, 8.0]), np.array([1.0, 2.0, 4.0])
    found = compare(sample(one[np.newaxis]), sample(other[np.newaxis]), ([4], [3]))
    variances = one.var(ddof=1) / 4, other.var(ddof=1) / 3
    df = sum(variances) ** 2 / (variances[0] ** 2 / 3 + variances[1] ** 2 / 2)
    t = (one.mean() - other.mean()) / sqrt(sum(variances))
    pooled = sqrt((3 * one.var(ddof=1) + 2 * other.var(ddof=1)) / 5)
    assert found.p[0, 0] == pytest.approx(tails(np.array([t]), np.array([df]))[0])
    assert found.g[0, 0] == pytest.approx((1 - 3 / 19) * (one.mean() - other.mean()) / pooled)


def test_ancova_is_the_regression_on_arm_and_baseline() -> None:
    random = np.random.default_rng(11)
    before, arm = random.standard_normal(30), np.repeat([1.0, 0.0], [18, 12])
    after = 0.5 * before + 0.3 * arm + random.standard_normal(30)
    found = compare(
        sample(after[np.newaxis, :18], before[np.newaxis, :18]),
        sample(after[np.newaxis, 18:], before[np.newaxis, 18:]),
        ([18], [12]),
    )
    rows = np.column_stack([np.ones(30), arm, before])
    weights, rest, *_ = np.linalg.lstsq(rows, after, rcond=None)
    error = sqrt(rest[0] / 27 * np.linalg.inv(rows.T @ rows)[1, 1])
    assert found.adjusted_p is not None
    assert found.adjusted_p[0, 0] == pytest.approx(tails(np.array([weights[1] / error]), np.array([27.0]))[0])


def test_those_who_do_not_count_might_as_well_not_be_there() -> None:
    one, other = drawn(50, 20, 0.5, 12), drawn(50, 20, 0, 13)
    counts = (np.random.default_rng(14).random((50, 20)) < 0.7).astype(np.float64)
    counts[:, :3] = 1.0
    masked = compare(sample(one, counts=counts), sample(other), ([20], [20]))
    for place in range(50):
        kept = one[place][counts[place] > 0][np.newaxis]
        alone = compare(sample(kept), sample(other[place][np.newaxis]), ([kept.size], [20]))
        assert masked.p[place, 0] == pytest.approx(alone.p[0, 0])
        assert masked.g[place, 0] == pytest.approx(alone.g[0, 0])


@pytest.mark.parametrize(("one", "other", "p"), [(2.0, 2.0, 1.0), (2.0, 3.0, 0.0)])
def test_where_nobody_differs_the_answer_is_sure(one: float, other: float, p: float) -> None:
    alike = compare(
        sample(np.full((1, 5), one), np.full((1, 5), 1.0)),
        sample(np.full((1, 5), other), np.full((1, 5), 1.0)),
        ([5], [5]),
    )
    assert alike.p[0, 0] == p
    assert alike.adjusted_p is not None
    assert alike.adjusted_p[0, 0] == p
    assert (alike.g[0, 0] == 0.0) == (p == 1.0)


def test_an_arm_that_is_nearly_empty_finds_nothing() -> None:
    counts = np.array([[1.0, 0.0, 0.0]])
    found = compare(sample(drawn(1, 3, 9, 1), counts=counts), sample(drawn(1, 3, 0, 2)), ([3], [3]))
    assert found.p[0, 0] == 1.0
    assert np.isnan(found.g[0, 0])


def test_the_bounds_of_a_binomial_are_about_those_of_the_normal() -> None:
    low, high = binomial_bounds(0.05, 4000)
    reach = NormalDist().inv_cdf(0.9995) * sqrt(4000 * 0.05 * 0.95)
    assert (low, high) == pytest.approx((200 - reach, 200 + reach), abs=3)
