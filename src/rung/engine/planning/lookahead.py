"""Looking ahead: what a step today is worth in days, by what an attempt teaches and what it costs.

A Markov decision problem over two numbers, how far belief has moved (dm) and how far ability has (dt), from
what is thought of the person now. On a day with step k,

    goes for it    with chance A = approach(SE_k)
    it works       with chance P_k; then belief rises (`mastery`) and so does ability (`practice`)
    gives up       with chance q = quitting(SE_k), which costs what is left of the horizon H

    Q_k(dm, dt) = [1 + q H + (1 - q) A (P V(up) + (1 - P) V(down))] / [1 - (1 - q)(1 - A)]
    V = min(min_k Q_k, H)        V = 0 once the goal step has worked as often as is needed

A step let pass leaves everything where it is: hence the quotient. V is found by value iteration (Bellman
1957) on a grid, between whose points it is linear. Openness is held half way to where it settles; what is not
known of the person enters through mean chances alone, and what an attempt would tell of them does not. These
are approximations, and simulation says what they cost (docs/planning.md).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from rung.engine import approach, attribution, mastery
from rung.engine.effort import chance_of_quitting, effort
from rung.engine.parameters import Parameters
from rung.engine.performance import practice
from rung.engine.scales import FloatArray, information, sigmoid

__all__ = ["GOAL", "HORIZON", "Outlook", "Today", "Value", "look_ahead"]

GOAL = 2
"""Times that the last step has to work without help: once may be luck; an assumption."""
HORIZON = 120.0
"""Days that giving up costs, and that are looked ahead; an assumption."""
_MOVES = np.linspace(-2.5, 4.5, 29)
_GAINS = np.linspace(0.0, 2.0, 5)
_ROUNDS = 30
_ENOUGH = 0.5
"""Days: the values are settled when none moves further. More rounds change one choice in twelve, and save .02
days where they do."""


class Outlook(NamedTuple):
    """What is thought of a person and k steps now."""

    sure: FloatArray
    """Log odds of lasting efficacy for each step, shape (k,)."""
    able: FloatArray
    """Log odds that an ordinary attempt at each works, shape (k,)."""
    feared: FloatArray
    """How heavy the feared outcome of each is, 0 to 1, shape (k,)."""
    openness: float
    attempts: float
    """Attempts so far: practice teaches ever less."""
    bias: float
    """To approach, logits."""
    unsure: float
    """Variance of what is not known of the log odds of efficacy, logits²."""
    bias_unsure: float
    """Variance of what is not known of the bias."""
    goal: int
    """Index of the step that all this is for."""
    needed: int
    """Times that it has still to work."""


class Today(NamedTuple):
    """Ways to spend this day; every array has the same shape."""

    step: np.typing.NDArray[np.int64]
    sure: FloatArray
    """Log odds of efficacy as it will be felt at the step, with all that passes."""
    able: FloatArray
    """Log odds that it works."""
    feared: FloatArray
    learned: FloatArray
    """Logits that belief moves before the step (a model seen)."""
    cost: FloatArray
    """Days that the preparation costs."""


class Value(NamedTuple):
    """Days still needed, from what is thought of the person now."""

    outlook: Outlook
    days: FloatArray
    """V, shape (needed + 1, moves, gains); V[0] = 0."""
    parameters: Parameters

    def of(self, today: Today) -> FloatArray:
        """Days to the goal step if today is spent so, shape of `today`."""
        o, p = self.outlook, self.parameters
        sure = sigmoid(today.sure)
        goes = _goes(o, sure, today.feared, p)
        works = sigmoid(today.able)
        quits = chance_of_quitting(sure, p)
        up, down = _shifts(o.openness, sure, p)
        gain_up, gain_down = (float(practice(outcome, o.attempts, p)) for outcome in (1.0, 0.0))
        now, arrived = self.days[o.needed], self.days[o.needed - 1]
        is_goal = today.step == o.goal
        moved = today.learned
        after_success = np.where(
            is_goal, _between(arrived, moved + up, gain_up), _between(now, moved + up, gain_up)
        )
        after_failure = _between(now, moved + down, gain_down)
        tried = works * after_success + (1.0 - works) * after_failure
        tomorrow = goes * tried + (1.0 - goes) * _between(now, moved, 0.0)
        spent: FloatArray = 1.0 + today.cost + quits * HORIZON + (1.0 - quits) * tomorrow
        return spent


def look_ahead(outlook: Outlook, p: Parameters) -> Value:
    """Days still needed to the goal step, from wherever belief and ability may go."""
    sure = sigmoid(outlook.sure + p.slope * _MOVES[:, None])
    goes = _goes(outlook, sure, outlook.feared, p)
    stays = 1.0 - chance_of_quitting(sure, p)
    trying: Any = effort(sure, p)
    extra = p.slope * p.effort_weight * (trying - p.effort_usual)
    works = sigmoid(outlook.able + p.slope * _GAINS[:, None] + extra[:, None, :]).transpose(2, 0, 1)
    up, down = _shifts((outlook.openness + _settled(p)) / 2.0, sure, p)
    rises, falls = _matrix(_MOVES[:, None] + up), _matrix(_MOVES[:, None] + down)
    practised = [_practised(float(practice(outcome, outlook.attempts, p))) for outcome in (1.0, 0.0)]
    left = (1.0 - stays * (1.0 - goes)).T[:, :, None]
    cost = (1.0 + (1.0 - stays) * HORIZON).T[:, :, None] / left
    weight = (stays * goes).T[:, :, None] / left
    steps = len(outlook.sure)
    shape = steps, len(_MOVES), len(_GAINS)
    works, fails = weight * works, weight * (1.0 - works)
    days = np.zeros((outlook.needed + 1, *shape[1:]))
    for needed in range(1, outlook.needed + 1):
        arrived = (rises @ (days[needed - 1] @ practised[0])).reshape(shape)[outlook.goal]
        value = np.minimum(days[needed - 1] + 5.0, HORIZON)
        for _ in range(_ROUNDS):
            worked = (rises @ (value @ practised[0])).reshape(shape)
            worked[outlook.goal] = arrived
            failed = (falls @ (value @ practised[1])).reshape(shape)
            newer = np.minimum((cost + works * worked + fails * failed).min(axis=0), HORIZON)
            change = np.abs(newer - value).max()
            value = newer
            if change < _ENOUGH:
                break
        days[needed] = value
    return Value(outlook, days, p)


def _goes(o: Outlook, sure: FloatArray, feared: FloatArray, p: Parameters) -> FloatArray:
    """Mean chance of approach over what is not known (mean of a logistic Gaussian, MacKay 1992)."""
    odds: FloatArray = approach.drive(sure, feared, p) + o.bias
    variance = (p.approach_slope * information(sure)) ** 2 * o.unsure + o.bias_unsure
    return sigmoid(odds / np.sqrt(1.0 + np.pi / 8.0 * variance))


def _shifts(openness: float, sure: FloatArray, p: Parameters) -> tuple[FloatArray, FloatArray]:
    """Moves of belief by a success and by a failure, logits."""
    open_to = openness + 0.0 * sure
    good, bad = np.ones_like(sure), np.zeros_like(sure)
    return (
        mastery.shift(open_to, sure, good, attribution.credit(sure, True, p), p),
        mastery.shift(open_to, sure, bad, attribution.credit(sure, False, p), p),
    )


def _settled(p: Parameters) -> float:
    """Openness that many outcomes lead to: v^2 I c = q, at I = .2 and c = .75."""
    settled: float = (p.openness_per_event / 0.15) ** 0.5
    return settled


def _places(moves: FloatArray, grid: FloatArray) -> tuple[np.typing.NDArray[np.int64], FloatArray]:
    place = np.clip((moves - grid[0]) / (grid[1] - grid[0]), 0.0, len(grid) - 1.000001)
    low = place.astype(np.int64)
    return low, place - low


def _matrix(moves: FloatArray) -> FloatArray:
    """Linear interpolation on the grid of moves, shape (steps * moves, moves)."""
    low, share = _places(moves.T.ravel(), _MOVES)
    rows = np.arange(low.size)
    matrix = np.zeros((low.size, len(_MOVES)))
    matrix[rows, low], matrix[rows, low + 1] = 1.0 - share, share
    return matrix


def _practised(gain: float) -> FloatArray:
    """The same on the grid of gains, to be multiplied from the right."""
    low, share = _places(_GAINS + gain, _GAINS)
    matrix = np.zeros((len(_GAINS), len(_GAINS)))
    columns = np.arange(len(_GAINS))
    matrix[low, columns], matrix[low + 1, columns] = 1.0 - share, share
    return matrix


def _between(values: FloatArray, move: FloatArray, gain: float) -> FloatArray:
    low, share = _places(move, _MOVES)
    at, more = _places(np.array(gain), _GAINS)
    line = (1.0 - more) * values[:, at] + more * values[:, at + 1]
    found: FloatArray = (1.0 - share) * line[low] + share * line[low + 1]
    return found
