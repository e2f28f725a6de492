"""Which steps of a ladder to ask about first, and what is lost by leaving out the rest.

The efficacies of a ladder's steps are one joint Gaussian, linearised:

    y_i ~ s_i z_i,   s_i = sqrt E[(SE_i (1 - SE_i))^2]       over what is not known of z_i
    answer to step i = y_i + noise,   variance r = rating_noise^2 + rating_step^2 / 12

so that an answer to one step lowers what is not known of every other that shares the belief. *Information*
is the share of the variance of the ladder's strength (the mean efficacy) that the answers so far take away,
of what answers to all steps would take away now: 0 before the first question, 1 after the last. Strength is
the headline because it is what a scale of graded steps is summed up as (Bandura 2006). The same share of
the variances of the steps, one by one, stands beside it: it is lower, for each step has something of its own.

Each question is the one whose answer lowers the variance of strength most, given those before it; of two
that tell as much, the easier step. It depends on what is known, not on what will be answered, so that all
can be asked on one page (Lindley 1956; c-optimality in Chaloner & Verdinelli 1995; as tests do that fit
themselves to the person: Segall 1996). Greedy choice is within 1 - 1/e of the best where gains diminish
(Nemhauser, Wolsey & Fisher 1978), which variances of this form do nearly (Das & Kempe 2008; Krause, Singh &
Guestrin 2008); tests hold it against every subset of small ladders.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from rung.engine.dynamics import advance, new_domain
from rung.engine.forecasting import Ladder
from rung.engine.parameters import Parameters
from rung.engine.scales import FloatArray, information, sigmoid
from rung.engine.situation import Task, meet
from rung.engine.state import BELIEF, LIFT, DomainState, Person

__all__ = ["Question", "Questions", "questions"]

_FIRST_TASK = 3
_NODES = np.linspace(-5.0, 5.0, 41)
_WEIGHTS = np.exp(-0.5 * _NODES**2) / np.exp(-0.5 * _NODES**2).sum()
_TIE = 1e-9
"""Gains that differ by less than this share of the greatest are the same."""


class Question(NamedTuple):
    """One step to ask about, and what is known once it and those before it are answered."""

    task: Task
    gained: float
    """Share of the information of a full judgement that this answer adds."""
    known: float
    """Share that is known then, of strength; 1 after the last question."""
    known_of_steps: float
    """The same share of the steps one by one."""
    error: float
    """Expected error of a step's efficacy then (root mean square over all steps), 0 to 1."""
    error_of_rest: float
    """The same of the steps that are not asked about yet; 0 after the last question."""


class Questions(NamedTuple):
    """The steps of a ladder in the order in which they are worth asking about."""

    asked: tuple[Question, ...]
    """Best first."""
    error: float
    """Expected error of a step's efficacy before any answer (root mean square), 0 to 1."""
    noise: float
    """Expected error of somebody who knows nothing but one answer, 0 to 1."""
    doubts: tuple[float, ...] = ()
    """Expected error of each step before any answer, easiest step first, 0 to 1."""

    def loss(self, count: int) -> float:
        """How much greater the error of a step is after `count` answers than after all, 0 to 1."""
        if not self.asked:
            return 0.0
        after = self.asked[count - 1].error if count else self.error
        return after - self.asked[-1].error

    def enough(self, share: float) -> int:
        """How few questions tell at least this share of what all of them tell."""
        return next((count for count, one in enumerate(self.asked, 1) if one.known >= share), len(self.asked))


def questions(person: Person, ladder: Ladder, at: float | None, p: Parameters) -> Questions:
    """Every step of a ladder, the one first whose answer tells most."""
    noise = p.rating_noise**2 + p.rating_step**2 / 12.0
    before = _efficacies(person, ladder, at, p)
    left = list(range(len(ladder.tasks)))
    everything = _unknown(before) - _unknown(_after_all(before, noise))
    covariance, known, asked = before, np.zeros(2), []
    while left:
        gains = covariance[left].sum(axis=1) ** 2 / (covariance[left, left] + noise)
        place = left[int(np.argmax(gains >= (1.0 - _TIE) * gains.max()))]
        left.remove(place)
        along = covariance[:, place]
        covariance = covariance - np.multiply.outer(along, along) / (along[place] + noise)
        told = (_unknown(before) - _unknown(covariance)) / everything if left else np.ones(2)
        asked.append(
            Question(
                ladder.tasks[place],
                gained=float(told[0] - known[0]),
                known=float(told[0]),
                known_of_steps=float(told[1]),
                error=_error(covariance),
                error_of_rest=_error(covariance[np.ix_(left, left)]),
            )
        )
        known = told
    doubts = tuple(np.sqrt(before.diagonal()).tolist())
    return Questions(tuple(asked), _error(before), noise**0.5, doubts)


def _unknown(covariance: FloatArray) -> FloatArray:
    """What is not known of the sum of the steps, and of each of them: variances, in arbitrary units."""
    return np.array([covariance.sum(), covariance.trace()])


def _after_all(covariance: FloatArray, noise: float) -> FloatArray:
    """The covariance after an answer to every step."""
    noisy = covariance + noise * np.eye(len(covariance))
    left: FloatArray = covariance - covariance @ np.linalg.solve(noisy, covariance).astype(np.float64)
    return left


def _error(covariance: FloatArray) -> float:
    return float(covariance.diagonal().mean()) ** 0.5 if covariance.size else 0.0


def _efficacies(person: Person, ladder: Ladder, at: float | None, p: Parameters) -> FloatArray:
    """Covariance of the efficacies of a ladder's steps, linearised over what is not known of each."""
    state, moment = person.domains.get(ladder.domain), person.time if at is None else at
    if state is None:
        state = new_domain(moment or 0.0, p)
    elif moment is not None:
        state = advance(state, moment, p)
    met = [meet(state, task, p)[1] for task in ladder.tasks]
    means, variances = np.array([one.mean for one in met]), np.array([one.variance for one in met])
    z = means[:, None] + np.sqrt(np.maximum(variances, 0.0))[:, None] * _NODES
    slopes = np.sqrt(information(sigmoid(z)) ** 2 @ _WEIGHTS)
    rows, own = _rows(state, ladder, p)
    covariance: FloatArray = rows @ state.belief.covariance @ rows.T + np.diag(own)
    linear: FloatArray = covariance * np.multiply.outer(slopes, slopes)
    return linear


def _rows(state: DomainState, ladder: Ladder, p: Parameters) -> tuple[FloatArray, FloatArray]:
    """What each step weighs in the state, and the variance of what the state does not hold of it yet."""
    places = {record.name: place for place, record in enumerate(state.tasks)}
    rows = np.zeros((len(ladder.tasks), state.belief.mean.size))
    rows[:, [BELIEF, LIFT]] = p.slope
    own = np.zeros(len(ladder.tasks))
    for number, task in enumerate(ladder.tasks):
        if task.name in places:
            rows[number, _FIRST_TASK + places[task.name]] = p.slope
        elif task.name:
            own[number] = (p.slope * p.task_spread) ** 2
    return rows, own
