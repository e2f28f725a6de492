"""Day after day on a ladder: advice, going for it or not, an attempt, what it teaches, giving up or arriving.

Each day with an occasion, each person who is still on the way

    1  gets an advice (a policy's), and follows it, or picks a step on their own (`Climb.follows`)
    2  sees a model, hears an assurance or reads the heartbeat anew, if that is part of it
    3  goes for the step, or lets it pass (`approach`)
    4  tries, learns (`crowd.attempt`), and judges the step anew
    5  gives up for good with a chance that falls with efficacy for the step of the day (`effort`)

and is at the goal once the last step has worked `GOAL` times without help: once may be luck (an assumption).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from rung.engine.dynamics import SECONDS_PER_DAY
from rung.engine.effort import chance_of_quitting
from rung.engine.events import Event
from rung.engine.parameters import Parameters
from rung.engine.planning.lookahead import GOAL
from rung.engine.scales import FloatArray
from rung.engine.simulation import crowd as life
from rung.engine.simulation.climbs import DOMAIN, Climb, Climbed, Knowing, Truth, own_choice, step_names
from rung.engine.simulation.crowd import Crowd, Met
from rung.engine.simulation.policies import (
    ASSURANCE,
    MODEL,
    REAPPRAISAL,
    Advice,
    BoolArray,
    IntArray,
    Policy,
    View,
)
from rung.engine.simulation.population import born, individual, task_offsets
from rung.engine.simulation.recording import Recording

__all__ = ["climb", "climb_told"]


def climb(
    policy: Policy | Knowing,
    people: int,
    setting: Climb,
    *,
    seed: int | np.random.SeedSequence = 0,
    parameters: Parameters | None = None,
    progress: Callable[[int], object] | None = None,
) -> Climbed:
    """Let people climb by a policy's advice. The same seed gives every policy the same people.

    A policy that is `Knowing` is shown the truth as well: an oracle. `progress` is called
    with each day.
    """
    days = _Days(policy, people, setting, seed, parameters or Parameters())
    for day in days:
        if progress:
            progress(day + 1)
    return days.outcome()


def climb_told(
    policy: Policy | Knowing,
    people: int,
    setting: Climb,
    *,
    seed: int | np.random.SeedSequence = 0,
    parameters: Parameters | None = None,
    logged: int | None = None,
    first: int = 0,
) -> Iterator[Event]:
    """What the same people tell on their way, as events of a log; no more than a day of it is held in memory.

    Only the first `logged` of them are told of; they are called p0, p1 and so on, from `first`.

    >>> class TheEasiest:
    ...     name = "always the easiest"
    ...
    ...     def advise(self, view: View) -> Advice:
    ...         return Advice(0 * view.last)
    >>> events = list(climb_told(TheEasiest(), 2, Climb(steps=3, days=1)))
    >>> sorted({event.person for event in events}), sum(event.kind == "choice" for event in events)
    (['p0', 'p1'], 2)
    """
    told = Recording(people if logged is None else logged, first)
    days = _Days(policy, people, setting, seed, parameters or Parameters(), told)
    yield from told.taken()
    for _ in days:
        yield from told.taken()


class _Days:
    """People on their way; going over it lets one day pass after the other."""

    def __init__(
        self,
        policy: Policy | Knowing,
        people: int,
        setting: Climb,
        seed: int | np.random.SeedSequence,
        p: Parameters,
        told: Recording | None = None,
    ) -> None:
        birth, living = map(_source, _sequence(seed).spawn(2))
        self.policy, self.setting, self.people, self.random = policy, setting, people, living
        self.p = individual(setting.kind.parameters(p), people, birth)
        self.crowd = born(people, setting.kind, birth, self.p)
        steps, rungs = setting.steps, setting.difficulties
        gap = rungs[1] - rungs[0] if steps > 1 else 1.0
        self.difficulties = np.concatenate([rungs, rungs - gap / 2.0])
        offsets = [task_offsets(people, birth, self.p, setting.task_spread) for _ in range(2 * steps)]
        self.believed, self.able = (np.array(rows) for rows in zip(*offsets, strict=True))
        self.everybody = np.arange(people)
        self.ratings = np.full((steps, people), np.nan)
        self.tried, self.worked, self.passed = (np.zeros((steps, people)) for _ in range(3))
        self.last = np.zeros(people, dtype=np.int64)
        self.went = np.zeros(people, dtype=bool)
        self.last_outcome = np.full(people, np.nan)
        self.failures, self.goal_worked, self.passes, self.attempts = (np.zeros(people) for _ in range(4))
        self.reached, self.gave_up = np.full(people, np.nan), np.full(people, np.nan)
        self.active = np.ones(people, dtype=bool)
        self.by_day: list[tuple[float, float, float, float]] = []
        self.time = 0.0
        self.names = step_names(steps)
        self.read = Recording(people) if getattr(policy, "reads_log", False) else None
        self.recordings = [each for each in (self.read, told) if each is not None]
        self.read_up_to = np.zeros(people, dtype=np.int64)
        self.judge_all()

    def __iter__(self) -> Iterator[int]:
        for day in range(self.setting.days):
            if self.setting.ends and not self.active.any():
                return
            self.live(day)
            yield day

    def judge_all(self) -> None:
        """The whole ladder is judged by all who are on the way."""
        is_all = self.active.all()
        for step in range(self.setting.steps):
            met = self.met_at(step)
            ratings = life.judge(self.crowd, met, self.random, self.p)
            self.ratings[step] = ratings if is_all else np.where(self.active, ratings, self.ratings[step])
            if self.recordings:
                places = np.full(self.people, step)
                self.record("judgement", places, self.active, value=ratings, feared=self.feared(met))

    def met(self, places: IntArray) -> Met:
        """Each person's own step of the day."""
        at = self.at(places)
        return Met(
            self.difficulties.take(places), self.believed.take(at), self.able.take(at), self.setting.stakes
        )

    def met_at(self, step: int) -> Met:
        """The same step for everybody."""
        return Met(self.difficulties[step], self.believed[step], self.able[step], self.setting.stakes)

    def at(self, places: IntArray) -> IntArray:
        """Where each person's own place stands in rows of shape (k, n), one after the other."""
        return places * self.people + self.everybody

    def feared(self, met: Met) -> FloatArray:
        """How heavy what is feared is said to be: arousal read as threat; nan where nothing is at stake."""
        if not self.setting.stakes:
            return np.full(self.people, np.nan)
        heavy: FloatArray = life.arousal(self.crowd, met, self.p) * (1.0 - self.crowd.appraisal) / 2.0
        return heavy

    def live(self, day: int) -> None:
        """One day of everybody."""
        setting, p, random = self.setting, self.p, self.random
        self.time = (day + 1) * SECONDS_PER_DAY
        self.crowd = life.advance(self.crowd, 1.0, random, p)
        if day and day % setting.asked_again == 0:
            self.judge_all()
        due = self.active
        if setting.occasions < 1.0:
            due = due & (random.random(self.people) < setting.occasions)
        step, places, before = self.resolved(self.advice(day))
        met = self.met(places)
        habit = self.crowd.appraisal
        if before.any():
            self.prepare(met, places, before, due)
        standing = life.standing(self.crowd, met, p)
        chance = life.chance_of_approach(self.crowd, met, p, before=standing)
        goes = due & (random.random(self.people) < chance)
        self.crowd, tried = life.attempt(
            self.crowd, met, random, p, who=goes, learn=setting.learn, before=standing
        )
        told = due if setting.logs >= 1.0 else due & (random.random(self.people) < setting.logs)
        self.log(places, met, goes, told, tried)
        self.crowd = self.crowd._replace(appraisal=habit)
        self.count(step, places, due, goes, told, tried)
        self.see_who_ends(day, met, due, goes)

    def advice(self, day: int) -> Advice:
        view = View(
            day, self.difficulties[: self.setting.steps], self.ratings, self.tried, self.worked, self.passed,
            self.last, self.went, self.last_outcome, self.failures, self.active, self.events, self.random,
        )  # fmt: skip
        if isinstance(self.policy, Knowing):
            return self.policy.advise_knowing(view, self.truth())
        return self.policy.advise(view)

    def truth(self) -> Truth:
        return Truth(
            self.crowd, self.believed, self.able, self.difficulties, self.goal_worked, self.setting, self.p
        )

    def resolved(self, advice: Advice) -> tuple[IntArray, IntArray, IntArray]:
        """Step, place (a bridge's comes after the steps) and what comes before, once all have decided."""
        steps = self.setting.steps
        given = np.asarray(advice.step)
        step = given.astype(np.int64)
        if (step != given).any() or step.shape != (self.people,) or step.min() < 0 or step.max() >= steps:
            raise ValueError(
                f"policy {self.policy.name!r}: step must hold {self.people} whole numbers, 0 to {steps - 1}"
            )
        before = np.broadcast_to(np.asarray(advice.before), (self.people,))
        places = step if advice.bridge is False else np.where(advice.bridge, step + steps, step)
        if self.setting.follows < 1.0:
            own = self.random.random(self.people) >= self.setting.follows
            chosen = own_choice(self.truth(), self.random)
            step, places = np.where(own, chosen, step), np.where(own, chosen, places)
            before = np.where(own, 0, before)
        return step, places, before

    def prepare(self, met: Met, places: IntArray, before: IntArray, due: BoolArray) -> None:
        """The other three sources, for whom they come first today."""
        setting, p = self.setting, self.p
        sees, hears, reads = (due & (before & source > 0) for source in (MODEL, ASSURANCE, REAPPRAISAL))
        if sees.any():
            self.crowd, _ = life.watched(
                self.crowd, met, 1.0, p, similarity=setting.similarity, coping=1.0, who=sees
            )
            self.record("model", places, sees, value=1.0, similarity=setting.similarity, coping=1.0)
        if hears.any():
            self.crowd = life.assured(self.crowd, met, 0.8, p, credibility=setting.credibility, who=hears)
            self.record("persuasion", places, hears, value=0.8, credibility=setting.credibility)
        if reads.any():
            moved = self.crowd.appraisal + setting.calming * (1.0 - self.crowd.appraisal)
            self.crowd = life.feels(self.crowd, appraisal=moved, who=reads)

    def log(self, places: IntArray, met: Met, goes: BoolArray, told: BoolArray, tried: life.Tried) -> None:
        """What is told of the day: went or not, how it went, and how sure one is of the step now."""
        tells = goes & told
        ratings = life.judge(self.crowd, met, self.random, self.p)
        of_step = np.flatnonzero(tells & (places < self.setting.steps))
        self.ratings.ravel()[self.at(places).take(of_step)] = ratings.take(of_step)
        if self.recordings:
            self.record("choice", places, told, value=goes * 1.0)
            self.record(
                "attempt", places, tells, value=tried.outcome, feedback=tried.outcome, effort=tried.effort,
                arousal=tried.arousal, appraisal=self.crowd.appraisal,
            )  # fmt: skip
            self.record("judgement", places, tells, value=ratings, feared=self.feared(met))

    def record(self, kind: str, places: IntArray, who: Any, **columns: Any) -> None:
        columns["difficulty"] = self.difficulties[places]
        for recording in self.recordings:
            recording.add(self.time, kind, DOMAIN, self.names, who, columns, places)

    def events(self, person: int) -> list[Event]:
        """What was recorded of a person since last asked."""
        if self.read is None:
            raise ValueError(f"policy {self.policy.name!r} reads the log: it must have reads_log = True")
        since, self.read_up_to[person] = int(self.read_up_to[person]), len(self.read)
        return self.read.events_of(person, since)

    def count(
        self, step: IntArray, places: IntArray, due: BoolArray, goes: BoolArray, told: BoolArray,
        tried: life.Tried,
    ) -> None:  # fmt: skip
        """Book what happened."""
        worked, passes = goes & (tried.outcome >= 0.5), due & ~goes
        knows, at = goes & told, self.at(step)
        for rows, who in ((self.tried, knows), (self.worked, worked & told), (self.passed, passes & told)):
            rows.ravel()[at.take(np.flatnonzero(who))] += 1.0
        is_all = bool(told.all())
        self.last = step.copy() if is_all else np.where(told, step, self.last)
        self.went = knows | self.went & ~told
        self.last_outcome = tried.outcome if is_all else np.where(told, tried.outcome, self.last_outcome)
        self.failures = self.failures * ~(worked & told) + (knows & ~worked)
        self.attempts += goes
        self.passes += passes
        self.goal_worked += worked & (places == self.setting.steps - 1)

    def see_who_ends(self, day: int, met: Met, due: BoolArray, goes: BoolArray) -> None:
        """Who arrives, who gives up; and how everybody stands to the goal this evening."""
        calm = self.calm()
        if self.setting.ends:
            arrives = self.active & (self.goal_worked >= GOAL)
            self.reached[arrives] = day + 1.0
            sure = life.efficacy(calm, met, self.p)
            quits = due & ~arrives & (self.random.random(self.people) < chance_of_quitting(sure, self.p))
            self.gave_up[quits] = day + 1.0
            self.active = self.active & ~arrives & ~quits
        sure, able = self.standing(calm, self.setting.steps - 1)
        self.by_day.append((float(sure.mean()), float(able.mean()), float(due.sum()), float(goes.sum())))

    def calm(self) -> Crowd:
        return self.crowd._replace(mood=0.0 * self.crowd.mood)

    def standing(self, calm: Crowd, step: int) -> tuple[FloatArray, FloatArray]:
        """Efficacy and chance for a step, without the mood of the day."""
        met = self.met_at(step)
        before = life.standing(calm, met, self.p)
        return before.efficacy, life.chance(calm, met, self.p, before=before)

    def outcome(self) -> Climbed:
        calm, steps = self.calm(), self.setting.steps
        sure, able = np.zeros((2, steps, self.people))
        for step in range(steps):
            sure[step], able[step] = self.standing(calm, step)
        by_day = np.array(self.by_day or [(sure[-1].mean(), able[-1].mean(), 0.0, 0.0)]).T
        return Climbed(
            self.reached, self.gave_up, self.attempts, self.passes, sure[-1], able[-1], sure.mean(axis=0),
            able.mean(axis=0), by_day[0], by_day[1], by_day[2], by_day[3],
        )  # fmt: skip


def _source(seed: np.random.SeedSequence) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(seed))


def _sequence(seed: int | np.random.SeedSequence) -> np.random.SeedSequence:
    return seed if isinstance(seed, np.random.SeedSequence) else np.random.SeedSequence(seed)
