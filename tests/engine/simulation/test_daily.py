"""Laws of the days on a ladder."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from rung.engine.parameters import Parameters
from rung.engine.simulation import MODEL, Advice, Climb, Climbed, Kind, View, climb
from rung.engine.simulation import crowd as life
from rung.engine.simulation.climbs import Truth
from rung.engine.simulation.crowd import Met
from rung.engine.simulation.daily import climb_told
from rung.engine.simulation.population import born

PEOPLE = 60


class Always:
    """The same step for everybody, and a note of every view."""

    name = "always"

    def __init__(self, step: Any, before: int = 0, bridge: bool = False) -> None:
        self.step, self.before, self.bridge = step, before, bridge
        self.seen: list[View] = []

    def advise(self, view: View) -> Advice:
        rows = {name: getattr(view, name).copy() for name in ("ratings", "tried", "worked", "passed")}
        self.seen.append(view._replace(**rows))
        return Advice(np.full(view.people, self.step), self.before, self.bridge)


class Reading(Always):
    """Reads the log as well."""

    reads_log = True

    def __init__(self) -> None:
        super().__init__(0)
        self.told: list[str] = []

    def advise(self, view: View) -> Advice:
        self.told += [event.kind for event in view.events(0)]
        return super().advise(view)


class Knowing(Always):
    """Notes the truth of the first day."""

    truth: Truth | None = None

    def advise_knowing(self, view: View, truth: Truth) -> Advice:
        self.truth = self.truth or truth
        return self.advise(view)


def same(one: Climbed, other: Climbed) -> bool:
    return all(np.array_equal(a, b, equal_nan=True) for a, b in zip(one, other, strict=True))


AVOIDERS = Kind("avoiders", bias=-60.0)


def test_nobody_is_on_the_way_after_arriving_or_giving_up() -> None:
    policy = Always(9)
    ended = climb(policy, PEOPLE, Climb(Kind("able", belief=1.5, ability=2.0), days=40), seed=1)
    arrived, left = ~np.isnan(ended.reached), ~np.isnan(ended.gave_up)
    assert arrived.any()
    assert left.any()
    assert not (arrived & left).any()
    last = np.where(arrived, ended.reached, np.where(left, ended.gave_up, 40.0))
    for day, view in enumerate(policy.seen):
        np.testing.assert_array_equal(view.active, day < last)
    np.testing.assert_array_equal(ended.attempts + ended.passed, last)
    np.testing.assert_array_equal(ended.days(40.0), np.where(arrived, ended.reached, 40.0))


def test_the_goal_takes_two_successes_at_the_last_step_itself() -> None:
    able = Climb(Kind("able", belief=9.0, ability=9.0, bias=60.0), days=6)
    assert np.nanmin(climb(Always(9), PEOPLE, able).reached) == 2.0
    assert np.isnan(climb(Always(8), PEOPLE, able).reached).all()
    assert np.isnan(climb(Always(9, bridge=True), PEOPLE, able).reached).all()


def test_letting_pass_changes_nothing_but_what_time_changes() -> None:
    setting = Climb(AVOIDERS, days=15, ends=False)
    easiest, hardest = (climb(Always(step), PEOPLE, setting, seed=2) for step in (0, 9))
    assert (easiest.passed == 15.0).all()
    assert (easiest.attempts == 0.0).all()
    assert same(easiest, hardest)


def test_an_attempt_that_is_not_made_changes_nobody() -> None:
    random, p = np.random.default_rng(0), Parameters()
    crowd = born(PEOPLE, Kind(), random, p)
    after, _ = life.attempt(crowd, Met(0.0), random, p, who=np.zeros(PEOPLE, dtype=bool))
    for before, now in zip(crowd, after, strict=True):
        np.testing.assert_array_equal(before, now)


def test_who_follows_no_advice_chooses_and_prepares_on_their_own() -> None:
    setting = Climb(days=20, follows=0.0)
    one, other = (
        climb(Always(0), PEOPLE, setting, seed=3),
        climb(Always(9, MODEL, True), PEOPLE, setting, seed=3),
    )
    assert same(one, other)
    assert not same(one, climb(Always(0), PEOPLE, Climb(days=20), seed=3))


def test_who_logs_nothing_tells_nothing_but_the_weekly_judgements() -> None:
    policy = Reading()
    climb(policy, PEOPLE, Climb(days=10, logs=0.0, ends=False), seed=4)
    last = policy.seen[-1]
    for rows in (last.tried, last.worked, last.passed, last.last, last.went, last.failures):
        assert not np.any(rows)
    assert np.isnan(last.outcome).all()
    assert policy.told == ["judgement"] * 20


def test_a_view_counts_what_is_told() -> None:
    policy = Always(3)
    climb(policy, PEOPLE, Climb(days=12, ends=False), seed=5)
    last = policy.seen[-1]
    assert (last.tried + last.passed).sum(axis=0).tolist() == [11.0] * PEOPLE
    assert (last.worked <= last.tried).all()
    assert (last.tried[[0, 1, 2, 4]] == 0.0).all()
    assert (last.last == 3).all()


@pytest.mark.parametrize("step", [-1, 10, 99])
def test_a_step_that_is_not_there_is_refused(step: int) -> None:
    with pytest.raises(ValueError, match=r"policy 'always': step must hold 60 whole numbers, 0 to 9"):
        climb(Always(step), PEOPLE, Climb(days=1))


def test_half_a_step_is_refused() -> None:
    class Halfway(Always):
        def advise(self, view: View) -> Advice:
            return Advice(np.full(PEOPLE, 2.5))

    with pytest.raises(ValueError, match="step must hold 60 whole numbers"):
        climb(Halfway(0), PEOPLE, Climb(days=1))


def test_advice_for_other_people_is_refused() -> None:
    class Short(Always):
        def advise(self, view: View) -> Advice:
            return Advice(np.zeros(3, dtype=np.int64))

    with pytest.raises(ValueError, match="step must hold 60"):
        climb(Short(0), PEOPLE, Climb(days=1))


def test_a_policy_must_say_that_it_reads_the_log() -> None:
    class Curious(Always):
        def advise(self, view: View) -> Advice:
            view.events(0)
            return super().advise(view)

    with pytest.raises(ValueError, match="it must have reads_log = True"):
        climb(Curious(0), PEOPLE, Climb(days=1))


def test_every_policy_meets_the_same_people() -> None:
    one, other = Knowing(0), Knowing(9, MODEL)
    for policy in (one, other):
        climb(policy, PEOPLE, Climb(days=3), seed=6)
    assert one.truth is not None
    assert other.truth is not None
    for mine, theirs in zip(one.truth.crowd, other.truth.crowd, strict=True):
        np.testing.assert_array_equal(mine, theirs)
    np.testing.assert_array_equal(one.truth.believed, other.truth.believed)
    np.testing.assert_array_equal(one.truth.able, other.truth.able)
    np.testing.assert_array_equal(one.seen[0].ratings, other.seen[0].ratings)


def test_the_same_seed_gives_the_same_lives() -> None:
    one, again, other = (climb(Always(4), PEOPLE, Climb(days=10), seed=seed) for seed in (7, 7, 8))
    assert same(one, again)
    assert not same(one, other)


def test_what_is_told_is_what_the_policy_reads() -> None:
    policy = Reading()
    setting = Climb(days=9)
    climb(policy, PEOPLE, setting, seed=9)
    told = [event.kind for event in climb_told(Reading(), PEOPLE, setting, seed=9) if event.person == "p0"]
    assert told[: len(policy.told)] == policy.told


def test_days_can_be_followed_from_outside() -> None:
    days: list[int] = []
    climb(Always(0), 3, Climb(days=4, ends=False), progress=days.append)
    assert days == [1, 2, 3, 4]
