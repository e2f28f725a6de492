"""Chances of success and of approach from named evidence, which each person's own events learn to weigh.

    p = mean of sigmoid(b . x),   b ~ N(mean, covariance)

x is the evidence of one question (`ATTEMPT` and `CHOICE` name it), b what it weighs: at first what it weighs
for people at large, then for this person, learned from every event by one Laplace step. An outcome y meets b
only in z = b . x, so the step is that of one number, by Newton's method; v is the variance of z:

    z' = z + v (y - p') / phi,   p' = sigmoid(z'),   w = p' (1 - p') / phi
    b <- b + C x (z' - z) / v,   C <- C - C x x' C w / (1 + w v),   C the covariance

(Laird & Ware 1982, Biometrics 38:963; MacKay 1992, Neural Computation 4:720.) phi is the dispersion of a
quasi-likelihood: 1 for outcomes that are 0 or 1, less for partial ones (Wedderburn 1974, Biometrika 61:439).

What the theory expects of a weight, before any data, follows from the engine's default parameters where they
say it (efficacy drives approach, fear weighs against it, belief and ability correlate by .38). The other
weights, and all doubts and spreads, are assumptions; the spreads of `ATTEMPT` were chosen among four sets on
development logs. What is remembered of a person is in `memory`.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from rung.engine.events import Event
from rung.engine.observation import expected_chance
from rung.engine.parameters import Parameters
from rung.engine.prediction.memory import (
    Memory,
    Past,
    log_odds_by_judgements,
    log_odds_by_outcomes,
    told_log_odds,
)
from rung.engine.scales import FloatArray, information, sigmoid

__all__ = [
    "ATTEMPT",
    "CHOICE",
    "Evidence",
    "Weights",
    "chance",
    "evidence_of",
    "learned",
    "theory",
]

_P = Parameters()
_ABILITIES = _P.ability_spread**2 + _P.ability_task_spread**2
_BELIEFS = _P.set_point_spread**2 + _P.belief_spread**2 + _P.task_spread**2
_APPROACH = _P.approach_slope
_DAY = 86_400.0
_ROUNDS = 50
_LONGEST = 4.0
"""Logits that one step of Newton's method may go; none from a reasonable forecast goes as far."""
_CLOSE = 1e-10


class Evidence(NamedTuple):
    """One number that a chance rests on, and what theory says of its weight before any data."""

    name: str
    meaning: str
    weight: float
    """What it weighs for people at large, in logits per unit."""
    doubt: float
    """Sd of what is not known of that."""
    spread: float
    """Sd of people's own weights around it, as long as data do not say."""


ATTEMPT: tuple[Evidence, ...] = (
    Evidence("start", "1", _P.slope * _P.prior_ability, 1.5, 0.5),
    Evidence("ease", "minus the difficulty in logits, 0 where unknown", _P.slope, 1.0, 0.1),
    Evidence("ability", "trail of outcomes in the domain, hardly forgotten", 1.0, 0.5, 0.1),
    Evidence("task", "trail of outcomes at this task, on top of ability", 1.0, 0.5, 0.1),
    Evidence("form", "trail of late outcomes in the domain, minus ability", 0.2, 0.5, 0.1),
    Evidence("surprise", "the last outcome in the domain minus its chance", 0.0, 0.5, 0.1),
    Evidence("same", "the last outcome at this task minus its chance", 0.0, 0.5, 0.1),
    Evidence(
        "belief",
        "trail of judgements: of the domain, and of the task on top, less its difficulty",
        _P.belief_ability_correlation * math.sqrt(_ABILITIES / _BELIEFS),
        0.5,
        0.1,
    ),
    Evidence("last", "log odds of the last judgement of the task, minus belief", 0.0, 0.5, 0.1),
    Evidence("unjudged", "1 before the first judgement", 0.0, 0.5, 0.1),
    Evidence("calibration", "smooth mean of outcomes minus the judgements before them", 0.0, 0.5, 0.1),
    Evidence("told", "smooth log odds of feedback", 0.1, 0.5, 0.1),
    Evidence("heard", "smooth log odds of what others did and said", 0.1, 0.3, 0.1),
    Evidence("threat", "arousal read as threat", -_P.arousal_on_performance, 0.5, 0.1),
    Evidence("practice", "log of 1 + attempts in the domain", 0.05, 0.2, 0.05),
    Evidence("newness", "doubt of ability, 1 before the first outcome", 0.0, 0.5, 0.1),
    Evidence("pause", "log of 1 + days since the last attempt", 0.0, 0.2, 0.05),
)
"""What success is foretold from."""

CHOICE: tuple[Evidence, ...] = (
    Evidence("start", "1", _APPROACH * (0.5 - _P.approach_threshold), 1.5, _P.approach_spread),
    Evidence(
        "efficacy",
        "belief by the trail of judgements, else the chance by outcomes, as a chance minus .5",
        _APPROACH,
        _APPROACH / 2.0,
        1.0,
    ),
    Evidence("last", "the last judgement of the task minus efficacy", 0.0, 2.0, 0.5),
    Evidence("prospect", "chance by outcomes minus efficacy", 0.0, 2.0, 0.5),
    Evidence("surprise", "the last outcome at the task minus its chance", 0.0, 1.0, 0.5),
    Evidence(
        "fear", "how likely and bad the feared outcome was said to be", -_APPROACH * _P.fear_cost, 1.0, 0.3
    ),
    Evidence("threat", "arousal read as threat", -_APPROACH * _P.arousal_on_belief / 4.0, 1.0, 0.3),
    Evidence("heard", "smooth log odds of what others did and said", 0.1, 0.3, 0.1),
    Evidence("ease", "minus the difficulty in logits, 0 where unknown", 0.0, 0.5, 0.3),
    Evidence("bias", "trail of choices in the domain", 0.2, 0.5, 0.1),
    Evidence("liking", "trail of choices of this task, on top of bias", 1.0, 0.5, 0.1),
    Evidence("repeat", "1 where it was chosen the last time, -1 where not", 0.0, 0.5, 0.5),
    Evidence("known", "log of 1 + attempts at the task", 0.0, 0.3, 0.1),
    Evidence("often", "log of 1 + choices in the domain", 0.0, 0.2, 0.05),
)
"""What approach is foretold from; between two tasks, the first one's minus the other's."""


def evidence_of(memory: Memory, asked: Event) -> tuple[float, ...]:
    """The evidence for an attempt or a choice, in the order of `ATTEMPT` or `CHOICE`.

    Of `asked` only domain, task, time, difficulty and the other task are used.
    """
    domain, task = memory.of(asked.domain, asked.task)
    difficulty = task.difficulty if asked.difficulty is None else asked.difficulty
    if asked.kind == "attempt":
        return _of_attempt(asked.time, domain, task, difficulty)
    other = asked.versus
    if other is None:
        shared = domain.bias.mean, math.log1p(domain.choices), _threat(domain, asked.time)
        return _of_choice(1.0, _of_task(domain, task, difficulty), shared, domain.heard)
    second = memory.of(asked.domain, other)[1]
    pair = _of_task(domain, task, task.difficulty), _of_task(domain, second, second.difficulty)
    gap = tuple(one - two for one, two in zip(*pair, strict=True))
    repeat = (task.chosen - second.chosen) / 2.0
    return _of_choice(0.0, (*gap[:7], repeat, *gap[8:]), (0.0, 0.0, 0.0), task.heard - second.heard)


def _of_attempt(now: float, domain: Past, task: Past, difficulty: float) -> tuple[float, ...]:
    unjudged = domain.said is None
    belief = 0.0 if unjudged else log_odds_by_judgements(domain, task, difficulty)
    return (
        1.0,
        -difficulty,
        domain.ability.mean,
        task.ability.mean,
        domain.form.mean - domain.ability.mean,
        domain.surprise,
        task.surprise,
        belief,
        0.0 if task.said is None else told_log_odds(task.said) - belief,
        float(unjudged),
        domain.calibration,
        domain.told,
        domain.heard,
        _threat(domain, now),
        math.log1p(domain.attempts),
        domain.ability.doubt / _P.ability_spread**2,
        math.log1p(max(now - domain.tried, 0.0) / _DAY) if domain.attempts else 0.0,
    )


def _of_task(domain: Past, task: Past, difficulty: float) -> tuple[float, ...]:
    """What approach rests on of one task."""
    prospect = sigmoid(log_odds_by_outcomes(domain, task, difficulty))
    efficacy = prospect if domain.said is None else sigmoid(log_odds_by_judgements(domain, task, difficulty))
    return (
        efficacy - 0.5,
        0.0 if task.said is None else task.said - efficacy,
        prospect - efficacy if domain.attempts else 0.0,
        task.surprise,
        task.feared,
        -difficulty,
        task.bias.mean,
        task.chosen,
        math.log1p(task.attempts),
    )


def _of_choice(
    start: float, own: tuple[float, ...], shared: tuple[float, float, float], heard: float
) -> tuple[float, ...]:
    """In the order of `CHOICE`, from what is the task's own and what all tasks of the domain share."""
    bias, often, threat = shared
    efficacy, last, prospect, surprise, feared, ease, liking, repeat, known = own
    of_belief = (start, efficacy, last, prospect, surprise, feared, threat, heard)
    return (*of_belief, ease, bias, liking, repeat, known, often)


def _threat(domain: Past, now: float) -> float:
    if not domain.threat:
        return 0.0
    half_lives = max(now - domain.felt, 0.0) / _DAY / _P.arousal_half_life
    return domain.threat * math.exp2(-half_lives)


class Weights(NamedTuple):
    """What evidence weighs for a person."""

    mean: FloatArray
    """Shape (k,)."""
    covariance: FloatArray
    """Shape (k, k)."""
    dispersion: float = 1.0
    """Variance of outcomes over that of outcomes that are 0 or 1."""


def theory(evidence: tuple[Evidence, ...]) -> Weights:
    """What evidence weighs for anybody, before any data."""
    variances = [item.doubt**2 + item.spread**2 for item in evidence]
    return Weights(np.array([item.weight for item in evidence]), np.diag(variances))


def chance(weights: Weights, evidence: FloatArray) -> float:
    """Chance of success, of approach or of the first of two tasks, over what is not known of the weights."""
    variance = float(evidence @ weights.covariance @ evidence)
    return expected_chance(float(evidence @ weights.mean), max(variance, 0.0))


def learned(weights: Weights, evidence: FloatArray, value: float) -> Weights:
    """The weights after an outcome or a choice, 0 to 1, by one Laplace step.

    >>> weights = theory(ATTEMPT)
    >>> evidence = np.eye(len(ATTEMPT))[0]
    >>> [round(chance(one, evidence), 2) for one in (weights, learned(weights, evidence, 1.0))]
    [0.5, 0.65]
    """
    along = weights.covariance @ evidence
    variance = float(evidence @ along)
    if variance <= 0.0:
        return weights
    start = z = float(evidence @ weights.mean)
    pull = variance / weights.dispersion
    for _ in range(_ROUNDS):
        p = sigmoid(z)
        step = (start + pull * (value - p) - z) / (1.0 + pull * information(p))
        z += min(max(step, -_LONGEST), _LONGEST)
        if abs(step) < _CLOSE:
            break
    told = pull * information(sigmoid(z))
    shrink = told / (1.0 + told) / variance
    return Weights(
        weights.mean + along * ((z - start) / variance),
        weights.covariance - np.multiply.outer(along, along * shrink),
        weights.dispersion,
    )
