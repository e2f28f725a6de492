"""Looking ahead, against a slow and plain solution of the same problem, and against people who live it."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rung.engine import Parameters, approach, attribution, mastery
from rung.engine.effort import chance_of_quitting, effort
from rung.engine.performance import practice
from rung.engine.planning.lookahead import HORIZON, Outlook, Today, Value, look_ahead
from rung.engine.scales import FloatArray, sigmoid

P = Parameters()
RISES = (-1.0, -0.5, 0.0, 0.5, 1.0)
"""Logits by which somebody is surer of every step."""
NEVER = -1000.0
"""A bias to approach, in logits, with which nothing is gone for."""


def outlook(
    sure: tuple[float, ...],
    able: tuple[float, ...],
    needed: int = 2,
    openness: float = 0.6,
    bias: float = 0.0,
) -> Outlook:
    """Somebody of whom all is known, on a ladder whose last step is the goal; log odds."""
    steps = len(sure)
    return Outlook(
        np.array(sure), np.array(able), np.zeros(steps), openness, 5.0, bias, 0.0, 0.0, steps - 1, needed
    )


def today(o: Outlook, learned: float = 0.0, cost: float = 0.0) -> Today:
    """Each step, as lasting belief and ability have it."""
    same = np.zeros(len(o.sure))
    return Today(np.arange(len(o.sure)), o.sure, o.able, same, same + learned, same + cost)


def days_left(value: Value, move: float = 0.0) -> float:
    """Days still needed where belief has moved so far: what a day costs on which all is let pass."""
    passing = value._replace(outlook=value.outlook._replace(bias=NEVER))
    now = passing.of(today(value.outlook, move))
    quits = chance_of_quitting(sigmoid(value.outlook.sure), P)
    left = (now - 1.0 - quits * HORIZON) / (1.0 - quits)
    return float(left[0])


class Plain(NamedTuple):
    """The problem again, point by point of a grid of its own, without quotients and matrices."""

    o: Outlook
    moves: FloatArray
    gains: FloatArray

    def chances(
        self, step: int, move: FloatArray, gain: FloatArray
    ) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Of giving up, of going for it, and that it works."""
        sure = sigmoid(self.o.sure[step] + P.slope * move)
        goes = sigmoid(approach.drive(sure, 0.0, P) + self.o.bias)
        extra = P.effort_weight * (effort(sure, P) - P.effort_usual)
        return chance_of_quitting(sure, P), goes, sigmoid(self.o.able[step] + P.slope * (gain + extra))

    def after(
        self, step: int, move: FloatArray, gain: FloatArray, good: bool
    ) -> tuple[FloatArray, FloatArray]:
        """Where belief and ability stand after an attempt."""
        sure = sigmoid(self.o.sure[step] + P.slope * move)
        openness = (self.o.openness + (P.openness_per_event / 0.15) ** 0.5) / 2.0 + 0.0 * sure
        shift = mastery.shift(openness, sure, float(good) + 0.0 * sure, attribution.credit(sure, good, P), P)
        return move + shift, gain + practice(float(good), self.o.attempts, P)

    def between(self, values: FloatArray, move: FloatArray, gain: FloatArray) -> FloatArray:
        """Linear between the points of the grid, and flat beyond it."""
        first, at = _place(self.moves, move)
        second, more = _place(self.gains, gain)
        low = (1.0 - more) * values[first, second] + more * values[first, second + 1]
        high = (1.0 - more) * values[first + 1, second] + more * values[first + 1, second + 1]
        found: FloatArray = (1.0 - at) * low + at * high
        return found

    def costs(self, now: FloatArray, then: FloatArray, move: FloatArray, gain: FloatArray) -> FloatArray:
        """Days by each step: one today, and what is left tomorrow; `then` holds once the goal has worked."""
        found = []
        for step in range(len(self.o.sure)):
            quits, goes, works = self.chances(step, move, gain)
            well, badly = self.after(step, move, gain, True), self.after(step, move, gain, False)
            worked = self.between(then if step == self.o.goal else now, *well)
            tried = works * worked + (1.0 - works) * self.between(now, *badly)
            tomorrow = goes * tried + (1.0 - goes) * self.between(now, move, gain)
            found.append(1.0 + quits * HORIZON + (1.0 - quits) * tomorrow)
        return np.array(found)

    def solved(self) -> list[FloatArray]:
        """Days left, by how often the goal has still to work."""
        move, gain = np.meshgrid(self.moves, self.gains, indexing="ij")
        values = [np.zeros(move.shape)]
        for _ in range(self.o.needed):
            value, change = np.full(move.shape, HORIZON), 1.0
            while change > 1e-3:
                newer = np.minimum(self.costs(value, values[-1], move, gain).min(axis=0), HORIZON)
                value, change = newer, float(np.abs(newer - value).max())
            values.append(value)
        return values


def _place(grid: FloatArray, at: FloatArray) -> tuple[np.typing.NDArray[np.int64], FloatArray]:
    place = np.clip((at - grid[0]) / (grid[1] - grid[0]), 0.0, len(grid) - 1.000001)
    return place.astype(np.int64), place - place.astype(np.int64)


def fine(o: Outlook) -> Plain:
    """Four times as fine as the grid of the planner."""
    return Plain(o, np.linspace(-2.5, 4.5, 113), np.linspace(0.0, 2.0, 17))


def lived(plain: Plain, values: list[FloatArray], people: int, days: int, seed: int) -> FloatArray:
    """Days that people need who take the step that costs least: each day drawn, each giving up counted."""
    chance = np.random.default_rng(seed)
    o = plain.o
    move, gain, spent = np.zeros(people), np.zeros(people), np.zeros(people)
    needed = np.full(people, o.needed)
    for _ in range(days):
        for left in range(o.needed, 0, -1):
            who = np.flatnonzero(needed == left)
            if not who.size:
                continue
            step = plain.costs(values[left], values[left - 1], move[who], gain[who]).argmin(axis=0)
            spent[who] += 1.0
            for one in range(len(o.sure)):
                these = who[step == one]
                quits, goes, works = plain.chances(one, move[these], gain[these])
                draws = chance.random((3, these.size))
                ends = draws[0] < quits
                tries, good = ~ends & (draws[1] < goes), draws[2] < works
                well = plain.after(one, move[these], gain[these], True)
                badly = plain.after(one, move[these], gain[these], False)
                move[these] = np.where(tries, np.where(good, well[0], badly[0]), move[these])
                gain[these] = np.where(tries, np.where(good, well[1], badly[1]), gain[these])
                spent[these[ends]] += HORIZON
                needed[these[ends]] = 0
                if one == o.goal:
                    needed[these[tries & good]] -= 1
        if not needed.any():
            break
    return spent


def today_costs(plain: Plain) -> FloatArray:
    """Days by each step, from what is thought of the person now."""
    values, start, needed = plain.solved(), np.zeros(1), plain.o.needed
    costs: FloatArray = plain.costs(values[needed], values[needed - 1], start, start)[:, 0]
    return costs


LADDERS = {
    "sure and able": outlook((1.5, 0.8, 0.0), (2.0, 1.2, 0.6)),
    "able but doubting": outlook((0.0, -0.8, -1.6), (2.0, 1.4, 0.8)),
    "sure but less able": outlook((1.8, 1.0, 0.4), (1.2, 0.0, -0.9)),
    "one step": outlook((-0.6,), (0.4,), needed=1),
}


@pytest.mark.parametrize("name", LADDERS)
def test_days_are_those_of_a_plain_solution_on_a_finer_grid(name: str) -> None:
    o = LADDERS[name]
    exact = float(today_costs(fine(o)).min())
    assert days_left(look_ahead(o, P)) == pytest.approx(exact, rel=0.1)


@pytest.mark.parametrize("name", LADDERS)
def test_days_are_those_that_people_need_who_live_by_them(name: str) -> None:
    o = LADDERS[name]
    plain = fine(o)
    values, start = plain.solved(), np.zeros(1)
    spent = lived(plain, values, people=5000, days=600, seed=11)
    mean, error = float(spent.mean()), float(spent.std() / len(spent) ** 0.5)
    assert float(plain.between(values[o.needed], start, start)[0]) == pytest.approx(mean, abs=3.0 * error)
    assert days_left(look_ahead(o, P)) == pytest.approx(mean, rel=0.1, abs=3.0 * error)


@pytest.mark.parametrize("seed", range(8))
def test_the_step_of_today_costs_hardly_more_than_the_best_one(seed: int) -> None:
    chance = np.random.default_rng(seed)
    sure, able = (tuple(sorted(chance.uniform(-2.5, 2.5, 4), reverse=True)) for _ in range(2))
    o = outlook(sure, able, openness=float(chance.uniform(0.1, 1.0)))
    costs = today_costs(fine(o))
    chosen = int(look_ahead(o, P).of(today(o)).argmin())
    assert costs[chosen] <= costs.min() + 0.5 or costs.min() >= HORIZON


@pytest.mark.parametrize("name", LADDERS)
def test_more_steps_to_choose_from_never_make_the_way_longer(name: str) -> None:
    o = LADDERS[name]
    for step in range(len(o.sure)):
        only = sorted({step, o.goal})
        fewer = o._replace(
            sure=o.sure[only], able=o.able[only], feared=o.feared[only], goal=only.index(o.goal)
        )
        assert days_left(look_ahead(o, P)) <= days_left(look_ahead(fewer, P)) + 0.5


odds = st.floats(-3.0, 3.0)
people = st.builds(
    outlook,
    st.tuples(odds, odds, odds),
    st.tuples(odds, odds, odds),
    st.integers(1, 2),
    st.floats(0.1, 1.5),
    st.floats(-1.0, 1.0),
)


@settings(max_examples=60, deadline=None)
@given(people)
def test_the_more_ability_the_fewer_days(o: Outlook) -> None:
    days = look_ahead(o, P).days
    assert np.diff(days, axis=2).max() <= 0.51
    more = look_ahead(o._replace(able=o.able + 0.5), P)
    assert days_left(more) <= days_left(look_ahead(o, P)) + 0.51


@settings(max_examples=60, deadline=None)
@given(people)
def test_days_lie_between_the_times_still_needed_and_the_horizon(o: Outlook) -> None:
    days = look_ahead(o, P).days
    assert not days[0].any()
    for needed in range(1, o.needed + 1):
        assert needed <= days[needed].min()
        assert days[needed].max() <= HORIZON
    assert np.all(np.diff(days, axis=0) >= -0.51)


@settings(max_examples=60, deadline=None)
@given(people, st.floats(-1.0, 1.0))
def test_letting_pass_leaves_everything_where_it_is(o: Outlook, move: float) -> None:
    value = look_ahead(o, P)
    passing = value._replace(outlook=o._replace(bias=NEVER))
    quits = chance_of_quitting(sigmoid(o.sure), P)
    spent = passing.of(today(o, move))
    tomorrow = (spent - 1.0 - quits * HORIZON) / (1.0 - quits)
    assert tomorrow == pytest.approx(np.full(3, tomorrow[0]))
    assert passing.of(today(o, move, cost=0.25)) == pytest.approx(spent + 0.25)


@pytest.mark.parametrize("name", LADDERS)
def test_the_surer_the_fewer_days(name: str) -> None:
    days = [
        days_left(look_ahead(LADDERS[name]._replace(sure=LADDERS[name].sure + more), P)) for more in RISES
    ]
    assert all(later <= earlier + 0.5 for earlier, later in pairwise(days))
    assert days[-1] < days[0]
