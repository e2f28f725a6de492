"""What time does, when nothing else happens.

With f = 2^(-days / half-life) of each:

    belief       m <- set point + f (m - set point),   variance + belief_spread^2 (1 - f^2)
    persuasion   u <- f u
    arousal      T <- f T
    openness     v <- min(v + .004 days, limit)
    ability      loses what it forgets of practice (`performance.retained`);
                 variance + .002 days, up to what is not known of a stranger

The first is the Ornstein-Uhlenbeck process, so that a gap split in two equals the whole (tested).
The half-lives of belief (180 days) and arousal are assumptions; order numbers of laboratory data are
read as seconds, so that nothing fades between trials.
"""

from __future__ import annotations

import numpy as np

from rung.engine import performance
from rung.engine.gaussian import Gaussian, move, transform
from rung.engine.parameters import Parameters
from rung.engine.scales import Number
from rung.engine.state import BELIEF, LIFT, SET_POINT, DomainState

__all__ = ["SECONDS_PER_DAY", "advance", "new_domain", "retained"]

SECONDS_PER_DAY = 86_400.0


def retained(days: Number, half_life: float) -> Number:
    """Share that is left after some days.

    >>> retained(3.0, 3.0)
    0.5
    """
    share: Number = 2.0 ** (-days / half_life)
    return share


def new_domain(time: float, p: Parameters) -> DomainState:
    """A domain of which nothing is known yet but what holds for people in general."""
    set_point, around = p.set_point_spread**2, p.belief_spread**2
    covariance = np.array(
        [[set_point + around, set_point, 0.0], [set_point, set_point, 0.0], [0.0, 0.0, 0.0]]
    )
    return DomainState(
        time=time,
        belief=Gaussian(np.array([p.prior_belief, p.prior_belief, 0.0]), covariance),
        ability=Gaussian(np.array([p.prior_ability]), np.array([[p.ability_spread**2]])),
        tasks=(),
        openness=p.openness,
        trust=1.0,
        arousal=0.0,
        appraisal=0.0,
        approach_mean=0.0,
        approach_variance=p.approach_spread**2,
    )


def advance(state: DomainState, time: float, p: Parameters) -> DomainState:
    """The domain at a later time; the same domain if the time is not later."""
    days = (time - state.time) / SECONDS_PER_DAY
    if days <= 0.0:
        return state
    kept = retained(days, p.belief_half_life)
    matrix = np.eye(state.belief.mean.size)
    matrix[BELIEF, BELIEF], matrix[BELIEF, SET_POINT] = kept, 1.0 - kept
    matrix[LIFT, LIFT] = retained(days, p.persuasion_half_life)
    forgotten = _forgotten(state, time, p)
    return state._replace(
        time=time,
        practised=state.practised - forgotten,
        belief=transform(state.belief, matrix, BELIEF, p.belief_spread**2 * (1.0 - kept**2)),
        ability=move(state.ability, 0, -forgotten, _drift(state, days, p)),
        openness=min(state.openness + p.openness_per_day * days, p.openness_limit),
        arousal=state.arousal * retained(days, p.arousal_half_life),
    )


def _forgotten(state: DomainState, time: float, p: Parameters) -> float:
    """What is lost of practice from the state's time to a later one."""
    if state.practised_at is None:
        return 0.0
    before, after = (
        performance.retained((moment - state.practised_at) / SECONDS_PER_DAY, p)
        for moment in (state.time, time)
    )
    return state.practised * (1.0 - after / before)


def _drift(state: DomainState, days: float, p: Parameters) -> float:
    left = p.ability_spread**2 - float(state.ability.covariance[0, 0])
    return max(0.0, min(p.ability_drift * days, left))
