"""A fit finds the people that a log was made up from, and says rightly how sure it is of them."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import pytest

from rung.engine.prediction.habits import PERSONAL, Population
from rung.engine.prediction.rows import NAMES
from rung.errors import InvalidInput
from rung.research.fitting import recovery
from rung.research.fitting.recovery import LEVELS, Recovery, recover
from rung.research.fitting.simulation import Simulated, simulate

SPREADS = {"one": 0.03, "level": 0.1, "good": 0.5, "bad": 0.5, "told_last": 0.05, "slow": 0.1, "task": 0.1}
WEIGHTS = {
    "level": -0.3,
    "mean": 0.2,
    "good": 1.0,
    "bad": 0.8,
    "borrowed": 1.0,
    "body": 1.0,
    "told_last": 0.05,
}
PEOPLE = Population(
    np.array([WEIGHTS.get(name, 0.0) for name in NAMES]),
    np.diag([SPREADS.get(name, 0.02) ** 2 for name in PERSONAL]),
    0.06**2,
)
"""People whose judgements hardly ever reach an end of the scale, where the model would be wrong."""


BOUNDS = {0.5: (0.45, 0.67), 0.8: (0.75, 0.9), 0.95: (0.9, 0.985)}
"""How people differ is not known exactly, so that a fit is a little too sure or not sure enough."""


@lru_cache(maxsize=2)
def found(seed: int) -> Recovery:
    return recover(PEOPLE, seed=seed)


@pytest.mark.parametrize("seed", [0, 1])
def test_intervals_hold_as_often_as_they_say_where_people_in_general_are_known(seed: int) -> None:
    for level in LEVELS:
        assert found(seed).coverage_known[level] == pytest.approx(level, abs=0.02)


@pytest.mark.parametrize("seed", [0, 1])
def test_intervals_of_a_fit_hold_about_as_often_as_they_say(seed: int) -> None:
    for level, (low, high) in BOUNDS.items():
        assert low < found(seed).coverage[level] < high


@pytest.mark.parametrize("seed", [0, 1])
def test_own_weights_correlate_with_the_true_ones_nearly_as_well_as_is_possible(seed: int) -> None:
    possible = [found(seed).possible[name] for name in SPREADS]
    missing = [found(seed).possible[name] - found(seed).correlation[name] for name in SPREADS]
    assert all(0.4 < most < 1.0 for most in possible)
    assert -0.03 < np.mean(missing) < 0.1
    assert max(missing) < 0.3


@pytest.mark.parametrize("seed", [0, 1])
def test_weights_of_people_in_general_and_noise_are_found(seed: int) -> None:
    assert found(seed).error < 0.01
    assert found(seed).noise == pytest.approx(1.0, abs=0.05)
    assert found(seed).fit.converged
    assert found(seed).at_ends < 0.01


def test_what_belongs_to_somebody_else_is_not_taken_for_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Were true weights and people mixed up, or intervals too narrow, the tests above would tell."""

    def mixed_up(*arguments: Any, **more: Any) -> Simulated:
        log, own = simulate(*arguments, **more)
        return Simulated(log, np.roll(own, 1, axis=0))

    monkeypatch.setattr(recovery, "simulate", mixed_up)
    wrong = recover(PEOPLE, people=60, judgements=40)
    assert np.mean([abs(wrong.correlation[name]) for name in SPREADS]) < 0.2
    assert wrong.coverage_known[0.95] < 0.9


def test_the_more_people_judge_the_better_they_are_known() -> None:
    little, much = (recover(PEOPLE, people=40, judgements=judgements) for judgements in (10, 100))
    assert all(much.possible[name] > little.possible[name] for name in PERSONAL)
    assert much.judgements == 10 * little.judgements == 4_000


def test_the_same_seed_makes_up_the_same_people() -> None:
    one, other, another = (simulate(PEOPLE, 3, 5, seed=seed) for seed in (4, 4, 5))
    assert list(one.log.events()) == list(other.log.events())
    assert list(one.log.events()) != list(another.log.events())


def test_progress_is_told_person_by_person() -> None:
    told: list[int] = []
    simulate(PEOPLE, 4, 3, progress=told.append)
    assert told == [1, 2, 3, 4]


def test_weights_that_do_not_vary_by_themselves_are_refused() -> None:
    with pytest.raises(InvalidInput, match="cannot be drawn"):
        simulate(PEOPLE._replace(spread=np.zeros_like(PEOPLE.spread)), 3, 3)
