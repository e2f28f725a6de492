"""Simulated people who are steady, and people whom something catches on a known day; and what is true.

Everybody has steps of -2 to 2 logits, judges all of them every so many days, and tells what they fear. An
occasion comes on some days a week; then they go for their step of the moment, or let it pass, and try.
What is true is defined here and nowhere else:

    steady       belief and ability stay where they are, but for the mood: nothing is learned. The step is
                 the one that was judged nearest to 70 at the start
    loop         steady until a day. Then belief falls by 1.5 to 3 logits and stays there, and arousal
                 rises by .3 to .6, read as threat. A loop is on where the chance to go for the step is
                 less than half of what it was before; whoever still goes is none of those to be found
    over-reach   steady until a day. Then every step works as if they were 2 to 3 logits less able than
                 they are sure of their step, and they stay as sure
    stuck step   steady until a day. Then the step of the moment works at 2 to 8 of 100, however sure they
                 are
    at large     nobody is steady: they learn, wander and forget by the model, and take the step that they
                 judged nearest to 70 last. What becomes of them becomes of them: a sign is false where
                 the truth of that time speaks against it (`Lived.is_false`)

The chance to go for a step is a mean over moods, the chance that it works one with average luck. What
catches them is not in the log itself. All sizes are assumptions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from rung.engine.dynamics import SECONDS_PER_DAY
from rung.engine.events import Event
from rung.engine.parameters import Parameters
from rung.engine.scales import FloatArray, logit
from rung.engine.simulation import crowd as life
from rung.engine.simulation.crowd import Crowd, Met, learn_by_theory
from rung.engine.simulation.policies import BoolArray, IntArray
from rung.engine.simulation.population import Kind, born, individual, task_offsets
from rung.engine.simulation.recording import Recording

__all__ = ["AT_LARGE", "DOMAIN", "LOOP", "OVER_REACH", "STEADY", "STUCK", "Lived", "World", "live"]

STEADY, LOOP, OVER_REACH, STUCK, AT_LARGE = "steady", "loop", "over-reach", "stuck step", "at large"
DOMAIN = "it"
DIFFICULTIES = np.linspace(-2.0, 2.0, 6)
NAMES = [f"step {place + 1}" for place in range(DIFFICULTIES.size)]
_NEAR = 0.7
_MOODS, _WEIGHTS = np.polynomial.hermite_e.hermegauss(7)
_WEIGHTS = _WEIGHTS / _WEIGHTS.sum()


@dataclass(frozen=True, slots=True)
class World:
    """What happens to people, and how much of it is told.

    >>> World(LOOP).days
    90
    """

    happens: str = STEADY
    days: int = 90
    a_week: tuple[float, float] = (2.0, 7.0)
    """Occasions a week, from and to; each person has a number of their own."""
    judged_every: int = 7
    """Days between judgements of all steps."""
    told: float = 1.0
    """Share of the occasions that is logged."""
    between: tuple[int, int] = (21, 45)
    """First and last day on which something may catch them."""


class Lived(NamedTuple):
    """What became of people, and the truth of each day; arrays by day have shape (days, n)."""

    caught_on: IntArray
    """Day; beyond the last for whom nothing catches."""
    going: FloatArray
    """Chance to go for the step of that day; nan without a logged occasion, as in those below."""
    working: FloatArray
    """Chance that it works."""
    over: FloatArray
    """Log odds of being sure of it, less those that it works."""
    places: IntArray
    """Index of the step of that day."""
    went: FloatArray
    """1 gone for, 0 let pass."""
    outcome: FloatArray
    """nan where there was no attempt."""
    logs: list[list[Event]]
    """Each person's."""

    @property
    def usual(self) -> FloatArray:
        """Mean chance to go before anything caught them, shape (n,)."""
        days = np.arange(len(self.going))[:, None]
        before = np.where(days < self.caught_on, self.going, np.nan)
        return _means(before)

    @property
    def later(self) -> FloatArray:
        """Mean chance to go since, shape (n,); nan for whom nothing caught."""
        days = np.arange(len(self.going))[:, None]
        since = np.where(days >= self.caught_on, self.going, np.nan)
        return _means(since)

    def is_false(self, kind: str, person: int, since: int, day: int) -> bool:
        """Whether what is true from one day to another speaks against a sign.

        Of a loop: the chance to go was at least three quarters of that of the six weeks before. Of
        over-reach: they were at most half a logit surer than it worked. Of a stuck step: the step of the
        last day worked at least every other time.
        """
        stretch = slice(since, day + 1)
        if kind == LOOP:
            before = self.going[max(0, since - 42) : since, person]
            if not np.isfinite(before).any():
                return False
            return bool(np.nanmean(self.going[stretch, person]) >= 0.75 * np.nanmean(before))
        if kind == OVER_REACH:
            return bool(self.over[stretch, person].mean() <= 0.5)
        same = self.places[stretch, person] == self.places[day, person]
        return bool(self.working[stretch, person][same].mean() >= 0.5)


def _means(rows: FloatArray) -> FloatArray:
    """Means over days without nan; nan where there is nothing else."""
    known = np.isfinite(rows)
    count = known.sum(axis=0)
    mean: FloatArray = np.where(known, rows, 0.0).sum(axis=0) / np.maximum(count, 1)
    return np.where(count, mean, np.nan)


def live(
    people: int, world: World, *, seed: int, parameters: Parameters | None = None, first: int = 0
) -> Lived:
    """Let people live; `first` is the number of the first of them in the logs."""
    return _Lives(people, world, np.random.default_rng(seed), parameters or Parameters(), first).live()


class _Lives:
    """People on their way through a quarter."""

    def __init__(
        self, people: int, world: World, random: np.random.Generator, p: Parameters, first: int
    ) -> None:
        self.world, self.random, self.people = world, random, people
        self.p = individual(p, people, random)
        self.crowd = born(people, Kind(), random, self.p)
        offsets = [task_offsets(people, random, self.p) for _ in NAMES]
        self.believed, self.able = (np.array(rows) for rows in zip(*offsets, strict=True))
        self.everybody = np.arange(people)
        low, high = world.a_week
        self.often = random.uniform(low, high, people) / 7.0
        self.caught_on = random.integers(world.between[0], world.between[1] + 1, people)
        if world.happens in (STEADY, AT_LARGE):
            self.caught_on = np.full(people, world.days)
        self.fall = random.uniform(1.5, 3.0, people)
        self.roused = random.uniform(0.0, 0.4, people)
        self.reading = random.uniform(-0.5, 0.5, people)
        self.recording = Recording(people, first)
        self.time = 0.0
        self.places = np.zeros(people, dtype=np.int64)
        self.still = self.crowd
        self.learn = learn_by_theory if world.happens == AT_LARGE else _nothing

    def live(self) -> Lived:
        """All days of everybody."""
        days: list[tuple[Any, ...]] = []
        for day in range(self.world.days):
            self.time = day * SECONDS_PER_DAY
            self.pass_night()
            self.catch(self.caught_on == day)
            if day % self.world.judged_every == 0:
                self.judge(day)
            days.append(self.one_day())
        going, working, over, places, went, outcome = (np.array(column) for column in zip(*days, strict=True))
        logs = [self.recording.events_of(person) for person in range(self.people)]
        return Lived(self.caught_on, going, working, over, places, went, outcome, logs)

    def pass_night(self) -> None:
        after = life.advance(self.crowd, 1.0, self.random, self.p)
        if self.world.happens != AT_LARGE:
            after = after._replace(belief=self.still.belief, set_point=self.still.set_point,
                                   ability=self.still.ability, practised=self.still.practised)  # fmt: skip
        self.crowd = after._replace(arousal=self.roused, appraisal=self.reading)

    def catch(self, hit: BoolArray) -> None:
        """The day comes on which something catches some of them."""
        if not hit.any():
            return
        if self.world.happens == LOOP:
            belief = self.still.belief - hit * self.fall
            self.still = self.still._replace(belief=belief, set_point=self.still.set_point - hit * self.fall)
            self.crowd = self.crowd._replace(belief=belief, set_point=self.still.set_point)
            self.roused = np.where(hit, self.roused + self.random.uniform(0.3, 0.6, self.people), self.roused)
            self.reading = np.where(hit, -0.6, self.reading)
            self.crowd = self.crowd._replace(arousal=self.roused, appraisal=self.reading)
            return
        sure, works = self.log_odds(self.calm(), self.met(self.places))
        wanted = sure - self.random.uniform(2.0, 3.0, self.people)
        if self.world.happens == STUCK:
            wanted = logit(self.random.uniform(0.02, 0.08, self.people))
        # Over-reach is of all steps, as if ability were less; a stuck step is one alone.
        shift = np.where(hit, np.minimum(wanted - works, 0.0), 0.0)
        if self.world.happens == OVER_REACH:
            self.able = self.able + shift
        else:
            self.able[self.places, self.everybody] += shift

    def judge(self, day: int) -> None:
        """All steps are judged; the step of the moment is chosen then: once, or again by people at large."""
        ratings = []
        for place in range(len(NAMES)):
            places = np.full(self.people, place)
            met = self.met(places)
            rated = life.judge(self.crowd, met, self.random, self.p)
            feared = life.arousal(self.crowd, met, self.p) * (1.0 - self.crowd.appraisal) / 2.0
            told = np.round(np.clip(feared + 0.1 * self.random.standard_normal(self.people), 0.0, 1.0), 1)
            self.record("judgement", places, None, value=rated, feared=told)
            ratings.append(rated)
        if day == 0 or self.world.happens == AT_LARGE:
            self.places = np.argmin(np.abs(np.array(ratings) - _NEAR), axis=0)

    def one_day(self) -> tuple[Any, ...]:
        met, p = self.met(self.places), self.p
        due = self.random.random(self.people) < self.often
        zeros = np.zeros(self.people)
        going = sum(
            weight * life.chance_of_approach(self.calm()._replace(mood=p.mood_spread * mood + zeros), met, p)
            for mood, weight in zip(_MOODS, _WEIGHTS, strict=True)
        )
        sure, works = self.log_odds(self.calm(), met)
        goes = due & (self.random.random(self.people) < life.chance_of_approach(self.crowd, met, p))
        told = due & (self.random.random(self.people) < self.world.told)
        habit = self.crowd
        self.crowd, tried = life.attempt(self.crowd, met, self.random, p, who=goes, learn=self.learn)
        self.record("choice", self.places, told, value=goes * 1.0)
        self.record(
            "attempt", self.places, told & goes, value=tried.outcome, feedback=tried.outcome,
            effort=tried.effort, arousal=np.round(tried.arousal, 2), appraisal=habit.appraisal,
        )  # fmt: skip
        return (
            np.where(told, going, np.nan), 1.0 / (1.0 + np.exp(-works)), sure - works, self.places,
            np.where(told, goes, np.nan), np.where(told & goes, tried.outcome, np.nan),
        )  # fmt: skip

    def calm(self) -> Crowd:
        return self.crowd._replace(mood=np.zeros(self.people))

    def met(self, places: IntArray) -> Met:
        return Met(
            DIFFICULTIES[places], self.believed[places, self.everybody], self.able[places, self.everybody]
        )

    def log_odds(self, crowd: Crowd, met: Met) -> tuple[FloatArray, FloatArray]:
        """Of being sure of a step, and that it works."""
        return logit(life.efficacy(crowd, met, self.p)), logit(life.chance(crowd, met, self.p))

    def record(self, kind: str, places: IntArray, who: Any, **columns: Any) -> None:
        self.recording.add(
            self.time, kind, DOMAIN, NAMES, who, columns | {"difficulty": DIFFICULTIES[places]}, places
        )


def _nothing(
    crowd: Crowd, efficacy: FloatArray, outcome: FloatArray, credit: FloatArray, p: Parameters
) -> FloatArray:
    return np.zeros_like(efficacy)
