"""Trials run on simulated people: allocation, doses, drop-out and measurements, day by day.

Simulated people know nothing of each other, so that many trials are run at once: one `People` holds those of
all of them, trial after trial, and in each trial they are dealt out to the arms at random. On a day people
leave first, then come the doses, arm by arm in the order of the file, then the measurements in that order.

    stays from day to day with chance (1 - a_day) (1 - h),   h: chance of quitting (`effort`) if `from_doubt`
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from rung.engine.effort import chance_of_quitting
from rung.engine.parameters import Parameters
from rung.engine.scales import FloatArray
from rung.engine.simulation import Deed, People, Seen
from rung.research.trials.design import ATTEMPT, FEEDBACK, MODEL, PERSUASION, Design, Dose, Measure, sizes_of

__all__ = ["BASELINE", "Ran", "run"]

BASELINE = -1.0
"""The day under which a measurement before everything else stands."""
_WORKED = 0.5
"""An outcome counts as one that worked from here on."""

_Mask: TypeAlias = NDArray[np.bool_]


class Ran(NamedTuple):
    """What came of some trials; every array has shape (trials, people)."""

    arms: NDArray[np.int64]
    """The place of each person's arm."""
    left: FloatArray
    """The day on which they left; inf = never."""
    values: Mapping[tuple[str, float], FloatArray]
    """By measure and day (`BASELINE`: before everything else); nan where somebody was not measured."""


def run(
    design: Design, trials: int, people: int, seed: np.random.SeedSequence, p: Parameters | None = None
) -> Ran:
    """Run so many trials with so many people in an arm of ratio 1.

    The seed gives one source of chance to the people and another to allocation, attendance and drop-out.
    """
    return _Course(design, trials, people, seed, p or Parameters()).run()


class _Course:
    def __init__(
        self, design: Design, trials: int, people: int, seed: np.random.SeedSequence, p: Parameters
    ) -> None:
        lives, course = map(np.random.default_rng, seed.spawn(2))
        sizes = sizes_of(design.arms, people)
        dealt = np.repeat(np.arange(len(sizes)), sizes)
        self.design, self.random = design, course
        self.shape = trials, len(dealt)
        self.arms = course.permuted(np.tile(dealt, (trials, 1)), axis=1).ravel()
        self.people = People(self.arms.size, seed=lives, kind=design.people.kind(), parameters=p)
        self.left = np.full(self.arms.size, np.inf)
        self.values: dict[tuple[str, float], FloatArray] = {}
        self._last: dict[str, FloatArray] = {}
        """The outcome of everybody's last attempt at a task in a dose; nan = none yet."""
        self._steps: dict[tuple[int, int], NDArray[np.int64]] = {}
        """Which step of a ladder everybody is at who climbs it in this dose of this arm."""

    def run(self) -> Ran:
        for measure in self.design.measures:
            if measure.baseline:
                self._measure(measure, BASELINE)
        today = 0.0
        for day in self.design.moments:
            if day > today:
                self.people.wait(day - today)
                self._leave(day, day - today)
                today = day
            self._treat(day)
            for measure in self.design.measures:
                if day in measure.days:
                    self._measure(measure, day)
        shaped = {key: values.reshape(self.shape) for key, values in self.values.items()}
        return Ran(self.arms.reshape(self.shape), self.left.reshape(self.shape), shaped)

    @property
    def _staying(self) -> _Mask:
        staying: _Mask = np.isinf(self.left)
        return staying

    def _leave(self, day: float, days: float) -> None:
        plan = self.design.drop_out
        if not self.design.loses_people:
            return
        own = np.array([plan.a_day if arm.drop_out is None else arm.drop_out for arm in self.design.arms])
        stays = (1.0 - own[self.arms]) ** days
        if plan.from_doubt:
            sure = self.people.efficacy(self.design.deed(plan.task))
            stays = stays * (1.0 - chance_of_quitting(sure, self.people.parameters)) ** days
        leaves = self._staying & (self.random.random(self.arms.size) >= stays)
        self.left[leaves] = day

    def _treat(self, day: float) -> None:
        for place, arm in enumerate(self.design.arms):
            for number, dose in enumerate(arm.doses):
                if day in dose.days:
                    who = (self.arms == place) & self._staying
                    if dose.attendance < 1.0:
                        who &= self.random.random(who.size) < dose.attendance
                    for _ in range(dose.times):
                        self._give(dose, who, (place, number))

    def _give(self, dose: Dose, who: _Mask, key: tuple[int, int]) -> None:
        if dose.climbs:
            self._climb(dose, who, key)
        elif dose.kind in (ATTEMPT, FEEDBACK, MODEL, PERSUASION):
            for deed in self.design.deeds(dose):
                self._give_one(dose, deed, who)
        else:
            self.people.feel(arousal=dose.arousal, appraisal=dose.appraisal, who=who)

    def _give_one(self, dose: Dose, deed: Deed, who: _Mask) -> None:
        if dose.kind == ATTEMPT:
            self._try(dose, deed, who)
        elif dose.kind == FEEDBACK:
            self._tell(dose, deed, who)
        elif dose.kind == MODEL:
            shown = 1.0 if dose.outcome is None else dose.outcome
            self.people.watch(deed, outcome=shown, similarity=dose.similarity, coping=dose.coping, who=who)
        elif dose.conveyed is not None:
            self.people.assure(deed, dose.conveyed, credibility=dose.credibility, who=who)

    def _try(self, dose: Dose, deed: Deed, who: _Mask) -> FloatArray:
        """Outcomes of those who tried; nan for the others."""
        if dose.may_pass:
            who = self.people.choose(deed, who=who)
        seen = Seen(np.nan, **_causes(dose)) if _causes(dose) else None
        tried = self.people.attempt(
            deed, who=who, aid=dose.aid, effort=dose.effort, told=dose.told, seen=seen
        )
        self._last[deed.name] = np.where(who, tried.outcome, self._last_of(deed))
        return tried.outcome

    def _climb(self, dose: Dose, who: _Mask, key: tuple[int, int]) -> None:
        deeds = self.design.deeds(dose)
        steps = self._steps.setdefault(key, np.zeros(who.size, dtype=np.int64))
        at = steps.copy()
        for place, deed in enumerate(deeds):
            here = who & (at == place)
            if here.any():
                steps[self._try(dose, deed, here) >= _WORKED] = min(place + 1, len(deeds) - 1)

    def _tell(self, dose: Dose, deed: Deed, who: _Mask) -> None:
        told = self._last_of(deed) if dose.outcome is None else np.full(who.size, dose.outcome)
        knows = who & ~np.isnan(told)
        if dose.after != "any":
            knows &= (told >= _WORKED) == (dose.after == "worked")
        self.people.feedback(
            deed,
            np.where(knows, told, _WORKED),
            credibility=dose.credibility,
            seen=Seen(np.nan, **_causes(dose)),
            who=knows,
        )

    def _last_of(self, deed: Deed) -> FloatArray:
        return self._last.get(deed.name, np.full(self.arms.size, np.nan))

    def _measure(self, measure: Measure, day: float) -> None:
        who = self._staying | self.design.drop_out.followed
        before = self.people.crowd()
        taken = self._taken(measure, self.design.deeds(measure), who)
        if not measure.teaches:
            self.people.change(**before._asdict())
        self.values[measure.name, day] = np.where(who, taken, np.nan)

    def _taken(self, measure: Measure, deeds: tuple[Deed, ...], who: _Mask) -> FloatArray:
        if measure.kind == "judgement":
            return _mean([self.people.judge(deed, who=who) for deed in deeds])
        if measure.kind == "score":
            return _mean([self.people.attempt(deed, who=who).outcome for deed in deeds])
        count, going = np.zeros(who.size), who
        for deed in deeds:
            going = self.people.choose(deed, who=going)
            if measure.kind == "climb":
                done = self.people.attempt(deed, who=going).outcome
                going = going & (done >= _WORKED)
            count += going
        return count


def _mean(taken: list[FloatArray]) -> FloatArray:
    mean: FloatArray = np.mean(taken, axis=0)
    return mean


def _causes(dose: Dose) -> dict[str, Any]:
    causes = {"internal": dose.internal, "stable": dose.stable, "controllable": dose.controllable}
    return {name: cause for name, cause in causes.items() if cause is not None}
