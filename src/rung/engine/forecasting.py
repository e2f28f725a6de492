"""What the state says when it is asked: efficacy, chances, level, strength, generality, calibration.

Every answer is an `Estimate` with the interval that it lies in with a chance of 80 %, and with what is
still missing before it deserves to be shown ("not enough data yet").

    efficacy             sigmoid(z) at the mean of z (so that good news never lowers it)
    chance of success    what outcomes say of ability, and what lasting belief says of it by the regression
                         that r = .38 of efficacy and performance gives (Stajkovic & Luthans 1998),
                         weighted by precision; mean over what is not known. An assurance and a
                         momentary bodily state do not enter: they are no evidence of ability
    chance of approach   `approach`
    level                hardest step rated at least 20, a cut-off customary but not confirmed
    strength             mean efficacy over the ladder (Bandura 2006)
    generality           share of the person's domains whose neutral task is judged 50 or more; an assumption
    calibration gap      belief minus ability over the tasks tried, in logits; expected against actual success
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from rung.engine import approach
from rung.engine.dynamics import advance, new_domain
from rung.engine.gaussian import project
from rung.engine.observation import expected_chance
from rung.engine.parameters import Parameters
from rung.engine.scales import information, sigmoid
from rung.engine.situation import Situation, Task, meet
from rung.engine.state import BELIEF, LIFT, DomainState, Person

__all__ = [
    "MIN_ATTEMPTS",
    "Calibration",
    "Estimate",
    "Generality",
    "Ladder",
    "Level",
    "Missing",
    "ability",
    "approach_of_met",
    "belief",
    "calibration",
    "chance_of_approach",
    "chance_of_choosing",
    "chance_of_met",
    "chance_of_success",
    "efficacy",
    "efficacy_of_met",
    "generality",
    "ladder_seen",
    "level",
    "log_odds_of_success",
    "prospects",
    "strength",
]

_WIDTH = 1.2815515655446004
"""Half-width, in sd, of the interval that holds 80 % of a Gaussian."""
MIN_ATTEMPTS = 3
"""Outcomes before a person's own record is spoken of; an assumption."""


class Missing(NamedTuple):
    """What is still needed before an answer deserves to be shown."""

    judgements: int
    attempts: int


class Estimate(NamedTuple):
    """A number with its 80 % interval, low to high."""

    mean: float
    """Of efficacy: at the mean of its log odds, so that half of what is possible lies on either side."""
    low: float
    high: float
    missing: Missing | None = None
    """None when there is enough data; else say "not enough data yet" instead of the number."""


class Ladder(NamedTuple):
    """The graded steps of one domain, easiest first."""

    domain: str
    tasks: tuple[Task, ...]

    @classmethod
    def of(cls, domain: str, *names: str) -> Ladder:
        """A ladder of named steps, spread evenly from -1.5 to 1.5 logits.

        >>> [task.difficulty for task in Ladder.of("talks", "to a friend", "to the team", "on stage").tasks]
        [-1.5, 0.0, 1.5]
        """
        gap = 3.0 / max(len(names) - 1, 1)
        return cls(domain, tuple(Task(domain, name, -1.5 + gap * place) for place, name in enumerate(names)))


class Level(NamedTuple):
    """The hardest step that the person is judged able to do."""

    step: int
    """How many steps up, 0 to `steps`; 0 = none yet."""
    steps: int
    task: Task | None
    missing: Missing | None


class Generality(NamedTuple):
    """How far belief reaches over the person's domains; never a score of the person."""

    domains: tuple[str, ...]
    """Domains with enough data to speak of."""
    reaching: tuple[str, ...]
    """Those in which the person is rather sure than unsure of a neutral task (50 or more; an assumption)."""
    missing: Missing | None

    @property
    def share(self) -> float:
        """Share of the domains that reach it, 0 to 1."""
        return len(self.reaching) / len(self.domains) if self.domains else 0.0


class Calibration(NamedTuple):
    """Belief against success in one domain."""

    attempts: int
    expected: float
    """Mean of what was expected before each attempt."""
    worked: float
    """Mean outcome."""
    gap: Estimate
    """Belief minus ability in logits: above 0 more sure than the record, below 0 stricter than it."""
    missing: Missing | None


def _now(person: Person, domain: str, at: float | None, p: Parameters) -> DomainState:
    state = person.domains.get(domain)
    moment = person.time if at is None else at
    if state is None:
        return new_domain(moment or 0.0, p)
    return state if moment is None else advance(state, moment, p)


def _chance_estimate(mean: float, variance: float, missing: Missing | None) -> Estimate:
    reach = _WIDTH * variance**0.5
    return Estimate(expected_chance(mean, variance), sigmoid(mean - reach), sigmoid(mean + reach), missing)


def _plain_estimate(mean: float, variance: float, missing: Missing | None = None) -> Estimate:
    reach = _WIDTH * variance**0.5
    return Estimate(mean, mean - reach, mean + reach, missing)


def _met(person: Person, task: Task, at: float | None, p: Parameters) -> tuple[DomainState, Situation]:
    return meet(_now(person, task.domain, at, p), task, p)


def belief(person: Person, domain: str, at: float | None, p: Parameters) -> Estimate:
    """Efficacy belief of the domain as a whole, in logits, the lift of persuasion included."""
    state = _now(person, domain, at, p)
    mean = float(state.belief.mean[BELIEF] + state.belief.mean[LIFT])
    covariance = state.belief.covariance
    variance = covariance[BELIEF, BELIEF] + 2.0 * covariance[BELIEF, LIFT] + covariance[LIFT, LIFT]
    return _plain_estimate(mean, float(variance), _missing_belief(state))


def ability(person: Person, domain: str, at: float | None, p: Parameters) -> Estimate:
    """Ability in the domain as a whole, in logits, from outcomes alone."""
    state = _now(person, domain, at, p)
    return _plain_estimate(
        float(state.ability.mean[0]), float(state.ability.covariance[0, 0]), _missing_record(state)
    )


def efficacy(person: Person, task: Task, at: float | None, p: Parameters) -> Estimate:
    """How sure the person is that they can do the task, 0 to 1."""
    return efficacy_of_met(*_met(person, task, at, p))


def efficacy_of_met(state: DomainState, met: Situation) -> Estimate:
    """The same of a task that the state has met."""
    return _chance_estimate(met.mean, met.variance, _missing_belief(state))._replace(mean=met.efficacy)


def chance_of_success(person: Person, task: Task, at: float | None, p: Parameters) -> Estimate:
    """Chance that an ordinary attempt at the task works, 0 to 1."""
    state, met = _met(person, task, at, p)
    return chance_of_met(state, met, p)


def chance_of_met(state: DomainState, met: Situation, p: Parameters) -> Estimate:
    """The same of a task that the state has met."""
    mean, variance = log_odds_of_success(state, met, p)
    enough = state.attempts >= MIN_ATTEMPTS or _is_judged(state, met)
    return _chance_estimate(mean, variance, None if enough else Missing(1, MIN_ATTEMPTS - state.attempts))


def log_odds_of_success(state: DomainState, met: Situation, p: Parameters) -> tuple[float, float]:
    """Mean and variance of the log odds of success: outcomes, and lasting belief as evidence of ability."""
    h = met.ability(state.ability.mean.size, p)
    seen = float(h @ state.ability.mean) - p.slope * met.difficulty
    doubt = float(h @ state.ability.covariance @ h)
    if not (state.judgements or state.news):
        return seen, doubt
    believed, unsure = met.lasting(state, p)
    r, neutral = p.belief_ability_correlation, p.slope * met.difficulty
    between_abilities = p.slope**2 * (p.ability_spread**2 + p.ability_task_spread**2)
    between_beliefs = p.slope**2 * (p.set_point_spread**2 + p.belief_spread**2 + p.task_spread**2)
    per_logit = (between_abilities / between_beliefs) ** 0.5 / r
    told = per_logit * (believed + neutral) - neutral
    error = between_abilities * (1.0 - r**2) / r**2 + per_logit**2 * unsure
    return (seen * error + told * doubt) / (error + doubt), error * doubt / (error + doubt)


def chance_of_approach(person: Person, task: Task, at: float | None, p: Parameters) -> Estimate:
    """Chance that the person goes for the task when it is due, 0 to 1."""
    return approach_of_met(*_met(person, task, at, p), p)


def approach_of_met(state: DomainState, met: Situation, p: Parameters) -> Estimate:
    """The same of a task that the state has met."""
    feared = 0.0 if met.place is None else state.tasks[met.place].feared
    drive = approach.drive(met.efficacy, feared, p) + state.approach_mean
    unsure = (p.approach_slope * information(met.efficacy)) ** 2 * met.variance
    return _chance_estimate(drive, state.approach_variance + unsure, _missing_belief(state))


def chance_of_choosing(person: Person, task: Task, other: Task, at: float | None, p: Parameters) -> float:
    """Chance that the person picks a task over another one, 0 to 1."""
    _, one = _met(person, task, at, p)
    _, two = _met(person, other, at, p)
    return approach.chance_over(one.efficacy, two.efficacy, p)


def level(person: Person, ladder: Ladder, at: float | None, p: Parameters) -> Level:
    """The hardest step rated at least the threshold (20 of 100); one never rated counts by its efficacy."""
    state = person.domains.get(ladder.domain)
    rated = {record.name: record.rating for record in state.tasks} if state else {}
    reached = 0
    for place, task in enumerate(ladder.tasks, start=1):
        rating = rated.get(task.name)
        sure = efficacy(person, task, at, p).mean if rating is None else rating
        if sure >= p.level_threshold:
            reached = place
    task_reached = ladder.tasks[reached - 1] if reached else None
    return Level(reached, len(ladder.tasks), task_reached, _missing_ladder(person, ladder))


def strength(person: Person, ladder: Ladder, at: float | None, p: Parameters) -> Estimate:
    """Mean efficacy over the ladder's steps, 0 to 1; the interval is the mean of the steps' intervals."""
    steps = [efficacy(person, task, at, p) for task in ladder.tasks]
    return _mean_of(steps, _missing_ladder(person, ladder))


def prospects(person: Person, ladder: Ladder, at: float | None, p: Parameters) -> Estimate:
    """Mean chance of success over the ladder's steps, 0 to 1; the interval is the mean of theirs."""
    steps = [chance_of_success(person, task, at, p) for task in ladder.tasks]
    return _mean_of(steps, next((step.missing for step in steps if step.missing), None))


def _mean_of(steps: list[Estimate], missing: Missing | None) -> Estimate:
    if not steps:
        return Estimate(0.0, 0.0, 1.0, Missing(1, 0))
    mean, low, high = (sum(parts) / len(steps) for parts in zip(*(step[:3] for step in steps), strict=True))
    return Estimate(mean, low, high, missing)


def ladder_seen(person: Person, domain: str, p: Parameters) -> Ladder:
    """The tasks of a domain that came up, easiest first: as the log told, then as the person believes.

    A domain that was only spoken of as a whole has the one task without a name.
    """
    state = person.domains.get(domain)
    tasks = [Task(domain, record.name, record.difficulty) for record in state.tasks] if state else []
    easiest_first = sorted(
        tasks, key=lambda task: (task.difficulty or 0.0, -efficacy(person, task, None, p).mean, task.name)
    )
    return Ladder(domain, tuple(easiest_first or [Task(domain)]))


def generality(person: Person, at: float | None, p: Parameters) -> Generality:
    """How many of the person's domains are believed in; needs two domains with data."""
    known = tuple(name for name, state in sorted(person.domains.items()) if _missing_belief(state) is None)
    reaching = tuple(name for name in known if efficacy(person, Task(name), at, p).mean >= 0.5)
    return Generality(known, reaching, None if len(known) >= 2 else Missing(2 - len(known), 0))


def calibration(person: Person, domain: str, at: float | None, p: Parameters) -> Calibration:
    """Belief against success: what was expected at each attempt, and what came of it."""
    state = _now(person, domain, at, p)
    count = max(state.attempts, 1)
    expected, worked = state.expected / count, state.worked / count
    mean, variance = _gap(state)
    missing = _missing_record(state) or _missing_belief(state)
    if missing is None and mean * (expected - worked) < 0.0:
        missing = Missing(
            0, MIN_ATTEMPTS
        )  # the record does not bear the gap out: it is mostly what we assume
    return Calibration(state.attempts, expected, worked, _plain_estimate(mean, variance, missing), missing)


def _gap(state: DomainState) -> tuple[float, float]:
    """Mean and variance of belief minus ability, over the tasks that were tried, as often as they were."""
    tried = np.array([float(record.attempts) for record in state.tasks])
    share = tried / tried.sum() if tried.sum() else tried
    believed, able = np.concatenate(([1.0, 0.0, 1.0], share)), np.concatenate(([1.0], share))
    mean_believed, unsure = project(state.belief, believed)
    mean_able, doubt = project(state.ability, able)
    return mean_believed - mean_able, unsure + doubt


def _missing_belief(state: DomainState) -> Missing | None:
    return None if state.judgements or state.news >= MIN_ATTEMPTS else Missing(1, 0)


def _missing_record(state: DomainState) -> Missing | None:
    return None if state.attempts >= MIN_ATTEMPTS else Missing(0, MIN_ATTEMPTS - state.attempts)


def _missing_ladder(person: Person, ladder: Ladder) -> Missing | None:
    """Half of the steps must have been judged before level and strength are spoken of."""
    state = person.domains.get(ladder.domain)
    judged = {record.name for record in state.tasks if record.judgements} if state else set()
    if state is not None and state.judgements:
        judged.add("")  # whoever judged anything has spoken of the domain as a whole
    needed = (len(ladder.tasks) + 1) // 2 - sum(task.name in judged for task in ladder.tasks)
    return Missing(needed, 0) if needed > 0 else None


def _is_judged(state: DomainState, met: Situation) -> bool:
    return state.judgements > 0 if met.place is None else state.tasks[met.place].judgements > 0
