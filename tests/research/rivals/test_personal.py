"""Personal regressions: EM, online Bayes, and the point mass on the answer before."""

from __future__ import annotations

import numpy as np
import pytest
from tests.research.rivals.crowd import answers, crowd, series

from rung.engine.events import Event
from rung.research.rivals.evidence import SIZE, evidence_of
from rung.research.rivals.personal import PERSONAL_REPEATS, Population, by_em, online, with_point_mass
from rung.research.rivals.regression import coefficients


def test_em_recovers_the_population_that_made_the_people() -> None:
    generator = np.random.default_rng(0)
    mean, root = np.array([0.5, -0.3, 0.1]), np.array([[0.3, 0, 0], [0.1, 0.2, 0], [0, 0, 0.05]])
    rows = [generator.normal(size=(30, 3)) for _ in range(400)]
    changes = [own @ (mean + root @ generator.normal(size=3)) + generator.normal(0, 0.4, 30) for own in rows]
    found = by_em(rows, changes, 3)
    assert found.mean == pytest.approx(mean, abs=0.04)
    assert found.covariance == pytest.approx(root @ root.T, abs=0.015)
    assert found.noise == pytest.approx(0.16, rel=0.03)


def test_online_learning_ends_where_bayes_rule_on_everything_at_once_does() -> None:
    generator = np.random.default_rng(1)
    root = generator.normal(size=(4, 4))
    population = Population(generator.normal(size=4), root @ root.T + 0.1 * np.eye(4), 0.3)
    rows, changes = generator.normal(size=(25, 4)), generator.normal(size=25)
    means, sds = online(rows, changes, population)
    precision = np.linalg.inv(population.covariance)
    for number in (0, 1, 10, 24):
        before, seen = rows[:number], changes[:number]
        spread = np.linalg.inv(precision + before.T @ before / 0.3)
        b = spread @ (precision @ population.mean + before.T @ seen / 0.3)
        assert means[number] == pytest.approx(rows[number] @ b)
    assert sds[0] == pytest.approx(np.sqrt(rows[0] @ population.covariance @ rows[0] + 0.3))


def test_noise_of_ones_own_is_learned() -> None:
    generator = np.random.default_rng(2)
    population = Population(np.zeros(1), 0.01 * np.eye(1), 0.04)
    for sd in (0.05, 0.4):
        _, sds = online(np.ones((300, 1)), generator.normal(0, sd, 300), population)
        assert sds[0] == pytest.approx(np.sqrt(0.05))
        assert sds[-1] == pytest.approx(sd, rel=0.25)


def test_a_point_mass_takes_its_share_of_the_quantiles_and_leaves_the_mean() -> None:
    mean, sd, point = np.array([0.5, 0.5]), np.array([0.1, 0.1]), np.array([0.52, 0.4])
    share = np.array([0.6, 0.3])
    found = with_point_mass(mean, sd, point, share)
    assert found.mean == pytest.approx(mean)
    for row, (at, part) in enumerate(zip(point, share, strict=True)):
        assert (found.quantiles[row] == at).mean() == pytest.approx(part, abs=0.02)
    assert found.quantiles.mean(axis=1) == pytest.approx(mean, abs=0.005)


def test_a_share_of_nearly_nothing_is_the_plain_gaussian() -> None:
    found = with_point_mass(np.array([0.4]), np.array([0.05]), np.array([0.7]), np.array([1e-9]))
    assert found.quantiles[0, [9, 49, 89]] == pytest.approx([0.336, 0.4, 0.464], abs=0.001)


def test_somebody_who_repeats_is_expected_to_repeat_and_somebody_who_never_does_is_not() -> None:
    generator = np.random.default_rng(3)
    restless = [answers(np.clip(generator.normal(0.5, 0.1, 40), 0, 1).tolist(), f"r{i}") for i in range(5)]
    steady = [
        answers(np.repeat(generator.choice([0.4, 0.5, 0.6], 10), 4).tolist(), f"s{i}") for i in range(5)
    ]
    model = PERSONAL_REPEATS.fit([*restless[1:], *steady[1:]], "judgement", 0)

    def repeated(person: int) -> float:
        one = (steady, restless)[person][0]
        found = model.predict(one, "judgement").quantiles[-10:]
        return float((found == evidence_of(one).last[-10:, None]).mean())

    assert repeated(0) > 0.4
    assert repeated(1) < 0.1


def test_evidence_is_what_the_log_has_of_it() -> None:
    told = [
        Event("p", "d", "t", 0.0, "judgement", 0.4),
        Event("p", "d", "t", 1.0, "attempt", 1.0, feedback=0.0),
        Event("p", "d", "t", 2.0, "feedback", 0.8),
        Event("p", "d", "t", 3.0, "judgement", 0.6, difficulty=2.0),
    ]
    evidence = evidence_of(series("p", told))
    assert evidence.rows.shape == (1, SIZE)
    assert evidence.last.tolist() == [0.4]
    assert evidence.change.tolist() == pytest.approx([0.2])
    own = [1.0, -0.1, 0.0, 0.0, 1.0]
    of_told, of_outcome = [0.0, 0.0, 0.0, 1.0], [0.6, -0.06, 1.0, 0.6, 0.36]
    smooth, of_task = [0.4, 0.24 - 0.4, 0.6], [2.0, 1.2, -0.2, 0.0]
    assert evidence.rows[0] == pytest.approx([*own, *of_told, *of_outcome, *smooth, *of_task])


def test_evidence_tells_apart_what_was_judged_of_each_task() -> None:
    told = [("a", 0.2), ("b", 0.8), ("a", 0.3), ("c", 0.5)]
    person = series(
        "p", [Event("p", "d", task, float(i), "judgement", v) for i, (task, v) in enumerate(told)]
    )
    all_tasks = 0.2 + 0.3 * 0.6
    assert evidence_of(person).rows[:, -1] == pytest.approx([0.0, 0.2 - all_tasks, 0.0])


def test_evidence_follows_the_order_of_the_series_over_domains() -> None:
    for person in crowd(3):
        places = person.scored("judgement")
        evidence = evidence_of(person)
        assert evidence.last + evidence.change == pytest.approx(
            [person.events[place].value for place in places]
        )


def test_least_squares_leaves_at_nought_what_the_log_says_nothing_of() -> None:
    rows = np.column_stack([np.random.default_rng(5).normal(size=50), np.zeros(50)])
    assert coefficients(rows, 2.0 * rows[:, 0]) == pytest.approx([2.0, 0.0], abs=1e-3)
