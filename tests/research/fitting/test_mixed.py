"""The mixed model against the joint Gaussian of all that everyone said, written out."""

from __future__ import annotations

import math
import pickle
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from rung.engine.prediction.crowd import Judged
from rung.engine.prediction.habits import OWN, PERSONAL, Population
from rung.engine.prediction.rows import NAMES
from rung.engine.scales import FloatArray
from rung.research.fitting import mixed
from rung.research.fitting.judgements import fit_judgements
from rung.research.fitting.mixed import PRIOR, Fit, Guess, fit, own_weights, totals
from rung.research.fitting.sums import People, added, people_of

K, R = len(NAMES), len(PERSONAL)
FEW = settings(max_examples=25, deadline=None)


class Case(NamedTuple):
    """Some people, and where a fit might stand."""

    known: Judged
    guess: Guess


def people(
    count: int,
    judgements: Sequence[int],
    seed: int,
    population: Population | None = None,
    silent: Sequence[int] = (),
) -> Judged:
    """People who judge as a population says; `silent` numbers are nought in every row."""
    random = np.random.default_rng(seed)
    population = population or population_of(seed)
    person = np.repeat(np.arange(count), np.resize(judgements, count))
    rows = random.normal(size=(len(person), K)) * random.uniform(0.1, 1.0, K)
    rows[:, list(silent)] = 0.0
    own = random.multivariate_normal(np.zeros(R), population.spread, count)
    change = rows @ population.weights + (rows[:, OWN] * own[person]).sum(axis=1)
    change += math.sqrt(population.noise) * random.normal(size=len(person))
    order = random.permutation(len(person))
    order = order[np.argsort(person[order] % 3, kind="stable")]
    place = np.arange(len(person))
    return Judged(place, person[order], rows[order], np.zeros(len(person)), change[order])


def population_of(seed: int) -> Population:
    random = np.random.default_rng(seed + 1000)
    root = 0.02 * random.normal(size=(R, R))
    return Population(0.3 * random.normal(size=K), root @ root.T + 1e-5 * np.eye(R), 0.01)


def case(seed: int, count: int = 5) -> Case:
    """Some people, and a guess that has nothing to do with them."""
    random = np.random.default_rng(seed)
    other = population_of(seed + 1)
    known = people(count, random.integers(1, 12, count).tolist(), seed)
    return Case(known, Guess(other.weights, other.spread, float(random.uniform(0.01, 0.1)), 10.0))


def some_of(known: Judged, rows: NDArray[np.intp]) -> Judged:
    return Judged(
        known.place[rows], known.person[rows], known.rows[rows], known.last[rows], known.change[rows]
    )


NOBODY = np.empty(0, np.intp)


class Joint(NamedTuple):
    """One person's part of the joint Gaussian."""

    rows: FloatArray
    change: FloatArray
    covariance: FloatArray
    """W = s^2 I + Z V Z'."""


def joints(known: Judged, spread: FloatArray, noise: float) -> list[Joint]:
    found = []
    for number in np.unique(known.person):
        mine = known.person == number
        rows, z = known.rows[mine], known.rows[mine][:, OWN]
        found.append(Joint(rows, known.change[mine], z @ spread @ z.T + noise * np.eye(len(rows))))
    return found


def log_likelihood(known: Judged, weights: FloatArray, spread: FloatArray, noise: float) -> float:
    """Log density of all changes, person by person."""
    found = 0.0
    for rows, change, covariance in joints(known, spread, noise):
        left = change - rows @ weights
        sign, log_det = np.linalg.slogdet(2.0 * np.pi * covariance)
        assert sign > 0.0
        found += -0.5 * (log_det + float(left @ np.linalg.solve(covariance, left)))
    return found


# One step's totals


@FEW
@given(st.integers(0, 10_000))
def test_the_likelihood_is_that_of_the_joint_gaussian(seed: int) -> None:
    known, guess = case(seed)
    found = totals(people_of(known), guess)
    wanted = log_likelihood(known, guess.weights, guess.spread, guess.noise)
    assert found.log_likelihood == pytest.approx(wanted, rel=1e-9, abs=1e-7)
    assert (found.people, found.judgements) == (len(np.unique(known.person)), len(known.change))


@FEW
@given(st.integers(0, 10_000))
def test_information_score_and_curvature_are_those_of_the_joint_gaussian(seed: int) -> None:
    known, guess = case(seed)
    found = totals(people_of(known), guess)
    information, score, curvature = np.zeros((K, K)), np.zeros(K), np.zeros((R, R))
    for rows, change, covariance in joints(known, guess.spread, guess.noise):
        precision, z = np.linalg.inv(covariance), rows[:, OWN]
        information += rows.T @ precision @ rows
        score += rows.T @ precision @ change
        curvature += (z.T @ precision @ z) ** 2
    for ours, theirs in (
        (found.information, information),
        (found.score, score),
        (found.curvature, curvature),
    ):
        np.testing.assert_allclose(ours, theirs, rtol=1e-6, atol=1e-6 * np.abs(theirs).max())


@FEW
@given(st.integers(0, 10_000))
def test_spread_and_errors_are_expected_of_the_own_weights_given_all_that_was_said(seed: int) -> None:
    known, guess = case(seed)
    found = totals(people_of(known), guess)
    spread, errors = np.zeros((R, R)), 0.0
    for rows, change, covariance in joints(known, guess.spread, guess.noise):
        z, left = rows[:, OWN], change - rows @ guess.weights
        across = guess.spread @ z.T @ np.linalg.inv(covariance)
        own, doubt = across @ left, guess.spread - across @ z @ guess.spread
        spread += np.outer(own, own) + doubt
        errors += float(((left - z @ own) ** 2).sum() + np.trace(z @ doubt @ z.T))
    np.testing.assert_allclose(found.spread, spread, rtol=1e-6, atol=1e-8)
    assert found.errors == pytest.approx(errors, rel=1e-6)


@FEW
@given(st.integers(0, 10_000))
def test_own_weights_are_those_of_the_joint_gaussian(seed: int) -> None:
    known, guess = case(seed)
    population = Population(guess.weights, guess.spread, guess.noise)
    means, covariances = own_weights(people_of(known), population)
    for place, (rows, change, covariance) in enumerate(joints(known, guess.spread, guess.noise)):
        z = rows[:, OWN]
        across = guess.spread @ z.T @ np.linalg.inv(covariance)
        np.testing.assert_allclose(
            means[place], across @ (change - rows @ guess.weights), rtol=1e-6, atol=1e-8
        )
        wanted = guess.spread - across @ z @ guess.spread
        np.testing.assert_allclose(covariances[place], wanted, rtol=1e-6, atol=1e-8)


@FEW
@given(st.integers(0, 10_000))
def test_the_totals_of_parts_add_up(seed: int) -> None:
    known, guess = case(seed, count=6)

    def of(numbers: Sequence[int]) -> People:
        return people_of(some_of(known, np.flatnonzero(np.isin(known.person, numbers))))

    whole = totals(people_of(known), guess)
    parts = added(totals(of(numbers), guess) for numbers in ([0, 3], [1], [2, 4, 5]))
    for name in whole._fields:
        ours, theirs = getattr(parts, name), getattr(whole, name)
        np.testing.assert_allclose(ours, theirs, rtol=1e-8, atol=1e-6)


def test_nobody_has_totals_of_nought() -> None:
    known, guess = case(0)
    found = totals(people_of(some_of(known, NOBODY)), guess)
    assert (found.people, found.judgements, found.log_likelihood, found.errors) == (0, 0, 0.0, 0.0)
    assert not found.information.any()
    assert not found.spread.any()


def test_nothing_is_written_to_what_was_given() -> None:
    known, guess = case(1)
    sums = people_of(known)
    before = pickle.dumps((known, sums, guess))
    totals(sums, guess)
    fit_judgements(known)
    assert pickle.dumps((known, sums, guess)) == before


# Where a fit ends

SILENT = (K - 1, K - 2)
TRUE = population_of(7)
KNOWN = people(60, [10, 25, 40], 7, TRUE, SILENT)
FITTED = fit_judgements(KNOWN)
SIZES = np.sqrt((KNOWN.rows**2).mean(axis=0))


def test_the_fit_ends_and_tells_of_what() -> None:
    assert FITTED.converged
    assert (FITTED.people, FITTED.judgements) == (60, len(KNOWN.change))
    p = FITTED.population
    wanted = log_likelihood(KNOWN, p.weights, p.spread, p.noise)
    assert FITTED.log_likelihood == pytest.approx(wanted, rel=1e-9)


def test_the_gradient_in_the_weights_is_nought_there_but_for_the_ridge() -> None:
    """What is left of a slope, numerically, would move no weight by a tenth of its standard error."""
    p, step = FITTED.population, 1e-4
    slope = np.empty(K)
    for place in range(K):
        ahead, back = p.weights.copy(), p.weights.copy()
        ahead[place] += step
        back[place] -= step
        slope[place] = (
            log_likelihood(KNOWN, ahead, p.spread, p.noise) - log_likelihood(KNOWN, back, p.spread, p.noise)
        ) / (2.0 * step)
    information = sum(
        (
            rows.T @ np.linalg.solve(covariance, rows)
            for rows, _, covariance in joints(KNOWN, p.spread, p.noise)
        ),
        start=np.zeros((K, K)),
    )
    ridge = ridge_of(FITTED, information)
    slope -= ridge * (p.weights - PRIOR)
    moved = np.linalg.solve(information + np.diag(ridge), slope)
    assert (np.abs(moved) < 0.1 * FITTED.errors).all()


def ridge_of(found: Fit, information: FloatArray) -> FloatArray:
    """The ridge, from the error of a number that the log does not have: nothing else tells of it."""
    scale = np.maximum(SIZES, 0.05)
    assert not information[SILENT[0]].any()
    ridge: FloatArray = (scale / scale[SILENT[0]]) ** 2 / found.errors[SILENT[0]] ** 2
    return ridge


def test_standard_errors_of_the_weights_agree_with_numerical_curvature() -> None:
    p = FITTED.population
    step = 0.01 * FITTED.errors
    centre = log_likelihood(KNOWN, p.weights, p.spread, p.noise)
    ahead = [log_likelihood(KNOWN, p.weights + step * one, p.spread, p.noise) for one in np.eye(K)]
    back = [log_likelihood(KNOWN, p.weights - step * one, p.spread, p.noise) for one in np.eye(K)]
    curve = np.diag(-(np.array(ahead) - 2.0 * centre + np.array(back)) / step**2)
    for one in range(K):
        for other in range(one):
            both = p.weights + step * (np.eye(K)[one] + np.eye(K)[other])
            mixed = log_likelihood(KNOWN, both, p.spread, p.noise) - ahead[one] - ahead[other] + centre
            curve[one, other] = curve[other, one] = -mixed / (step[one] * step[other])
    information = np.diag(np.zeros(K))
    for rows, _, covariance in joints(KNOWN, p.spread, p.noise):
        information += rows.T @ np.linalg.solve(covariance, rows)
    errors = np.sqrt(np.diag(np.linalg.inv(curve + np.diag(ridge_of(FITTED, information)))))
    np.testing.assert_allclose(FITTED.errors, errors, rtol=0.02)


def test_standard_errors_of_the_spread_and_the_noise_are_those_of_fisher_information() -> None:
    p = FITTED.population
    information, of_noise = np.zeros(R), 0.0
    for rows, _, covariance in joints(KNOWN, p.spread, p.noise):
        precision, z = np.linalg.inv(covariance), rows[:, OWN]
        for place in range(R):
            part = precision @ np.outer(z[:, place], z[:, place])
            information[place] += 0.5 * float(np.trace(part @ part))
        of_noise += 0.5 * float(np.trace(precision @ precision))
    told = information > 1e-6
    np.testing.assert_allclose(FITTED.spread_errors[told], information[told] ** -0.5, rtol=1e-6)
    # That of the noise leaves out what own weights take: a lower bound, and near it with many judgements.
    assert of_noise**-0.5 >= FITTED.noise_error >= 0.6 * of_noise**-0.5


def test_errors_of_the_weights_are_as_large_as_they_say() -> None:
    inside = []
    for seed in range(8):
        population = population_of(seed)
        found = fit_judgements(people(150, [60], seed, population))
        off = np.abs(found.population.weights - population.weights) / found.errors
        inside.append(off < 1.2816)
    assert float(np.mean(inside)) == pytest.approx(0.8, abs=0.07)


MANY = people(300, [50], 8, TRUE)
FITTED_TO_MANY = fit_judgements(MANY)


def assert_same_place(other: Fit) -> None:
    """Near, in terms of how well it is known where that is."""
    one = FITTED_TO_MANY
    assert other.converged
    assert other.log_likelihood == pytest.approx(one.log_likelihood, rel=1e-4)
    assert (np.abs(other.population.weights - one.population.weights) < 0.1 * one.errors).all()
    variances = (np.diag(each.population.spread) for each in (other, one))
    assert (np.abs(np.subtract(*variances)) < 0.7 * one.spread_errors).all()
    assert other.population.noise == pytest.approx(one.population.noise, rel=0.01)


@pytest.mark.parametrize("start", [1e-4, 1e-3, 1e-2, 0.1, 1.0])
def test_from_whatever_spread_it_starts_a_fit_ends_at_the_same_place(
    start: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mixed, "_STARTS", (start,))
    assert_same_place(fit_judgements(MANY))


@pytest.mark.parametrize("factor", [0.01, 0.3, 3.0, 100.0])
def test_from_whatever_noise_it_starts_a_fit_ends_at_the_same_place(factor: float) -> None:
    sums, sizes = people_of(MANY), np.sqrt((MANY.rows**2).mean(axis=0))
    square = float(MANY.change @ MANY.change) / len(MANY.change)
    assert_same_place(fit(lambda guess: totals(sums, guess), sizes, factor * square))


def test_no_start_is_above_the_end_by_more_than_the_priors_ask_for() -> None:
    assert len(FITTED.starts) > 1
    assert max(FITTED.starts) <= FITTED.log_likelihood + 2.0
    assert min(FITTED.starts) < FITTED.log_likelihood


def test_nobody_to_learn_from_leaves_what_theory_says() -> None:
    found = fit_judgements(some_of(KNOWN, NOBODY))
    np.testing.assert_array_equal(found.population.weights, PRIOR)
    assert (found.people, found.judgements, found.steps, found.converged) == (0, 0, 0, True)
    assert np.isfinite(found.errors).all()


def test_a_number_that_the_log_does_not_have_weighs_what_theory_says() -> None:
    np.testing.assert_array_equal(FITTED.population.weights[list(SILENT)], PRIOR[list(SILENT)])


def test_the_order_of_people_does_not_matter() -> None:
    backwards = some_of(KNOWN, np.arange(len(KNOWN.person))[::-1])._replace(person=59 - KNOWN.person[::-1])
    other = fit_judgements(backwards)
    np.testing.assert_allclose(other.population.weights, FITTED.population.weights, rtol=1e-6, atol=1e-9)
    np.testing.assert_allclose(other.population.spread, FITTED.population.spread, rtol=1e-5, atol=1e-9)


@pytest.mark.parametrize("count, judgements", [(1, 1), (1, 50), (40, 1), (3, 4)])
def test_a_few_people_or_judgements_leave_a_population_that_can_be_used(count: int, judgements: int) -> None:
    found = fit_judgements(people(count, [judgements], 3))
    p = found.population
    assert np.isfinite(p.weights).all()
    assert np.linalg.eigvalsh(p.spread).min() > 0.0
    assert p.noise > 0.0
    assert (found.errors > 0.0).all()


def test_people_who_never_change_leave_hardly_any_noise() -> None:
    known = people(10, [10], 4)
    found = fit_judgements(known._replace(change=np.zeros(len(known.change))))
    assert np.isfinite(found.population.weights).all()
    assert found.population.noise < 1e-3
