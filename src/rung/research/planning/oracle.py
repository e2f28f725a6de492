"""An oracle: the same look ahead as Rung's planner, with the truth in place of estimates.

It knows what each person lastingly believes and can do at each step and how fast they learn; neither the
mood nor the luck of the day, and no rule of learning but the theory's. So it is no bound, only a yardstick:
how much of the way is lost by not knowing people. With a dial it keeps to steps that are graded and likely
enough, as Rung does, and tells what those limits cost.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from rung.engine import affect, persuasion, vicarious
from rung.engine.parameters import Parameters
from rung.engine.planning.lookahead import GOAL, Outlook, Today, look_ahead
from rung.engine.planning.rungs import REACH, SURE
from rung.engine.planning.ways import CONVEYED, COST
from rung.engine.scales import FloatArray, logit, sigmoid
from rung.engine.simulation import crowd as life
from rung.engine.simulation.climbs import Climb, Truth
from rung.engine.simulation.crowd import Crowd, Met
from rung.engine.simulation.policies import ASSURANCE, MODEL, REAPPRAISAL, Advice, BoolArray, IntArray, View

__all__ = ["Oracle"]

_SETS = range(MODEL + ASSURANCE + REAPPRAISAL + 1)


class Oracle:
    """Picks the step, the bridge and the sources by which the goal is reached soonest, in truth."""

    def __init__(
        self,
        *,
        bridges: bool = True,
        sources: bool = True,
        wanted: float | None = None,
        name: str = "oracle",
    ) -> None:
        """`wanted` is the dial, where the oracle has one; without it any step may be proposed."""
        self.name = name
        self._least = -np.inf if wanted is None else logit(wanted) - REACH
        self._bridges, self._sources = bridges, sources
        self._own: list[Parameters] = []
        self._assured: BoolArray = np.zeros(0, dtype=bool)

    def advise_knowing(self, view: View, truth: Truth) -> Advice:
        """What is best for each person who is on the way."""
        if view.day == 0:
            self._own = [_own(truth.parameters, person) for person in range(view.people)]
            self._assured = np.zeros(view.people, dtype=bool)
        known = _known(truth, 2 * view.steps if self._bridges else view.steps)
        footing = self._footing(view)
        places, before = np.zeros((2, view.people), dtype=np.int64)
        for person in np.flatnonzero(view.active):
            sets = [chosen for chosen in _SETS if self._sources or not chosen]
            if self._assured[person]:  # never twice in a row, as Rung's planner has it
                sets = [chosen for chosen in sets if not chosen & ASSURANCE]
            limits = int(footing[person]), self._least
            days = _days(known, int(person), truth, self._own[person], sets, limits)
            chosen, places[person] = divmod(int(days.argmin()), days.shape[1])
            before[person] = sets[chosen]
        self._assured = before & ASSURANCE > 0
        return Advice(places % view.steps, before, places >= view.steps)

    def _footing(self, view: View) -> IntArray:
        """The hardest step that has worked, or was judged likely; the last one where there is no dial."""
        if self._least == -np.inf:
            return np.full(view.people, view.steps - 1)
        held = (view.worked > 0.0) | (np.nan_to_num(view.ratings) >= SURE)
        footing: IntArray = np.where(held, np.arange(view.steps)[:, None], -1).max(axis=0)
        return footing


class _Known(NamedTuple):
    """How everybody stands to each step, and to each bridge where those are looked at; shape (k, n)."""

    believed: FloatArray
    """Log odds of efficacy, without what passes and without the body."""
    able: FloatArray
    """Log odds that it works, likewise."""
    roused: FloatArray
    """Arousal as it is today, but for the mood."""
    roused_usually: FloatArray
    """Without a lift."""


def _known(truth: Truth, rows: int) -> _Known:
    crowd, difficulty = truth.crowd, truth.difficulties[:rows, None]
    met = Met(difficulty, truth.believed[:rows], truth.able[:rows], truth.climb.stakes)
    calm = crowd._replace(mood=0.0 * crowd.mood)
    believed = crowd.belief + met.believed - difficulty
    roused, usually = (
        np.broadcast_to(life.arousal(each, met, truth.parameters), believed.shape)
        for each in (calm, calm._replace(lift=0.0 * crowd.lift))
    )
    return _Known(believed, crowd.ability + met.able - difficulty, roused, usually)


def _days(
    known: _Known, person: int, truth: Truth, own: Parameters, sets: list[int], limits: tuple[int, float]
) -> FloatArray:
    """Days to the goal step for each set of sources and each step or bridge, shape (sets, k)."""
    crowd: Any = Crowd(*(float(each[person]) for each in truth.crowd))  # type: ignore[arg-type]  # one person's
    believed, able, roused, usually = (rows[:, person] for rows in known)
    steps, setting, (footing, least) = truth.climb.steps, truth.climb, limits
    outlook = Outlook(
        sure=(believed + affect.on_belief(usually, crowd.appraisal, own))[:steps],
        able=(able + affect.on_performance(usually, crowd.appraisal, own))[:steps],
        feared=(usually * (1.0 - crowd.appraisal) / 2.0)[:steps],
        openness=crowd.openness,
        attempts=crowd.attempts,
        bias=crowd.bias,
        unsure=own.mood_spread**2,
        bias_unsure=0.0,
        goal=steps - 1,
        needed=int(max(1, GOAL - truth.goal_worked[person])),
    )
    today = _today(believed, able, roused, crowd, setting, own, sets)
    graded = np.arange(believed.size) % steps <= footing + 1
    likely = graded & (able >= least)
    return np.where(likely if likely.any() else graded, look_ahead(outlook, own).of(today), np.inf)


def _today(
    believed: FloatArray,
    able: FloatArray,
    roused: FloatArray,
    crowd: Any,
    setting: Climb,
    own: Parameters,
    sets: list[int],
) -> Today:
    """Every step and bridge after every set of sources, as the simulator lets them work."""
    none = np.zeros_like(believed)
    model, assurance, reads = (
        np.array([[float(chosen & source > 0)] for chosen in sets])
        for source in (MODEL, ASSURANCE, REAPPRAISAL)
    )
    sure = believed + crowd.lift + affect.on_belief(roused, crowd.appraisal, own)
    chances = sigmoid(sure)
    felt: Any = vicarious.felt_similarity(setting.similarity, 1.0, own) + none
    shown = vicarious.shift(crowd.openness + none, chances, 1.0 + none, felt, crowd.models_seen, own)
    credible = setting.credibility * crowd.trust
    lift: Any = np.maximum(persuasion.lift(chances, CONVEYED + none, credible, own), 0.0)
    read = crowd.appraisal + setting.calming * (1.0 - crowd.appraisal)
    calmer, eased = (
        effect(roused, read, own) - effect(roused, crowd.appraisal, own)
        for effect in (affect.on_belief, affect.on_performance)
    )
    return Today(
        step=np.tile(np.arange(none.size), (len(sets), 1)),
        sure=sure + model * shown + assurance * lift + reads * calmer,
        able=able + affect.on_performance(roused, crowd.appraisal, own) + reads * eased,
        feared=roused * (1.0 - crowd.appraisal - reads * (read - crowd.appraisal)) / 2.0,
        learned=model * shown,
        cost=COST * (model + assurance + reads) + none,
    )


def _own(p: Parameters, person: int) -> Parameters:
    """With the learning rates of this person, which `individual` has drawn for everybody."""
    good, bad = (float(np.asarray(rates)[person]) for rates in (p.weight_good, p.weight_bad))
    return replace(p, weight_good=good, weight_bad=bad)
