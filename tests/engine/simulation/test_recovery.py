"""The filter reads the logs of simulated people, whose truth is known, and finds it again."""

from __future__ import annotations

from itertools import groupby
from typing import NamedTuple

import numpy as np
import pytest

from rung import Engine, Parameters, Task
from rung.engine.scales import FloatArray
from rung.engine.simulation import Deed, People

TASKS = [Task("talks", f"step {place}", b) for place, b in enumerate((-1.0, 0.0, 1.0))]
STEPS = [Deed(task.name, task.difficulty or 0.0, "talks") for task in TASKS]
ENGINE = Engine()


class Found(NamedTuple):
    """What is true, and what the filter says, with its intervals of 80 %."""

    true: FloatArray
    said: FloatArray
    low: FloatArray
    high: FloatArray

    @property
    def correlation(self) -> float:
        return float(np.corrcoef(self.true, self.said)[0, 1])

    @property
    def coverage(self) -> float:
        return float(np.mean((self.low <= self.true) & (self.true <= self.high)))


def three_weeks(number: int, parameters: Parameters) -> People:
    people = People(number, seed=4, parameters=parameters, keeps_log=True)
    for day in range(21):
        step = STEPS[day % 3]
        people.judge(step)
        people.attempt(step, who=people.choose(step))
        if day == 9:
            people.assure(step, 0.8, credibility=0.7)
            people.watch(step, similarity=0.7)
        people.wait(1.0)
    for step in STEPS:
        people.judge(step)
    return people


def read_back(mood: float) -> tuple[Found, Found]:
    """Efficacy of each step, and ability, as found after three weeks; with how much mood (sd, logits)."""
    people = three_weeks(250, Parameters(mood_spread=mood))
    efficacies, abilities = [], []
    for _, events in groupby(people.log(), key=lambda event: event.person):
        person = ENGINE.replay(events)
        efficacies += [ENGINE.efficacy(person, task) for task in TASKS]
        abilities.append(ENGINE.ability(person, "talks"))
    sure = np.array([people.efficacy(step) for step in STEPS]).T.ravel()
    return tuple(
        Found(true, *(np.array([getattr(each, side) for each in told]) for side in ("mean", "low", "high")))
        for true, told in ((sure, efficacies), (people.crowd("talks").ability, abilities))
    )  # type: ignore[return-value]


def test_what_the_filter_knows_of_is_found_again_and_four_of_five_intervals_hold() -> None:
    efficacy, ability = read_back(mood=0.0)
    assert efficacy.correlation > 0.95
    assert efficacy.coverage == pytest.approx(0.8, abs=0.07)
    assert ability.correlation > 0.7
    assert ability.coverage == pytest.approx(0.8, abs=0.1)


def test_a_mood_that_the_filter_does_not_know_of_leaves_the_mean_right_and_intervals_too_narrow() -> None:
    efficacy, ability = read_back(mood=Parameters().mood_spread)
    assert efficacy.correlation > 0.93
    assert 0.45 < efficacy.coverage < 0.7
    assert ability.correlation > 0.7
    assert abs(float(np.mean(efficacy.said - efficacy.true))) < 0.03
