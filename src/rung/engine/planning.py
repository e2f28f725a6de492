"""The next step: one recommendation, with its reasons as message ids and numbers.

The step whose chance of success is nearest, in log odds, to the wanted chance; of two equally near
the easier. Where no step is near, a bridge between two, at the difficulty

    b* = mu - logit(p*) sqrt(1 + pi V / 8)        mu, V: log odds of success at difficulty 0

(mean of a logistic Gaussian, MacKay 1992), kept between the difficulties of the two.

Two stop rules come first (docs/decisions/0011). After two failures in a row at a step, that step and
all above it rest until something easier has worked. When belief falls while avoidance rises over two
windows, nothing harder than what has worked is proposed, and talking to somebody is. Deterministic.
"""

from __future__ import annotations

from math import pi
from typing import NamedTuple, TypeAlias

from rung.engine.dynamics import advance, new_domain
from rung.engine.forecasting import Estimate, Ladder, chance_of_success, efficacy, log_odds_of_success
from rung.engine.parameters import Parameters
from rung.engine.scales import logit
from rung.engine.situation import Task, meet
from rung.engine.state import Person, TaskRecord, Window

__all__ = ["REASONS", "Bridge", "Option", "Reason", "Recommendation", "next_step"]

_FAILURES = 2
"""Failures in a row after which something easier is offered (a safety rule of the app)."""
_FIRM = 0.9
"""Chance from which a step stands firm; an assumption."""
_NEAR = 0.8
"""Log odds within which a step counts as near the wanted chance (.75 gives .57 to .87); an assumption."""

REASONS = {
    "near-wanted-chance": "its chance of success is near the wanted one: chance, wanted",
    "below-wanted-chance": "no step is as likely as wanted, this one comes nearest: chance, wanted",
    "above-wanted-chance": "every step is likelier than wanted, this one comes nearest: chance, wanted",
    "managed-before": "the person's record at this step: worked, attempts",
    "managed-below": "the record at the step below: worked, attempts",
    "rated": "the last judgement of this step: rating",
    "not-judged-yet": "this step has not been judged",
    "not-enough-data": "too little is known to say: judgements and attempts still needed",
    "two-failures": "a harder step did not work this many times in a row: failures",
    "belief-down-avoidance-up": "belief fell while avoidance rose over windows: windows",
    "all-stand-firm": "every step of the ladder stands firm",
}
"""Every message id, and the numbers that come with it."""

Numbers: TypeAlias = dict[str, float]


class Reason(NamedTuple):
    """Why: a message id of `REASONS` and its numbers; the words are the app's."""

    id: str
    numbers: Numbers


class Option(NamedTuple):
    """A step with its chance of success."""

    task: Task
    chance: Estimate


class Bridge(NamedTuple):
    """A step that does not exist yet: between these two, about this hard."""

    below: Task | None
    above: Task
    difficulty: float
    """Logits."""


class Recommendation(NamedTuple):
    """One next step, why, and what else could be done."""

    task: Task | None
    """None for a ladder without steps."""
    chance: Estimate
    """Chance that an attempt works."""
    efficacy: Estimate
    """How sure the person is."""
    reasons: tuple[Reason, ...]
    easier: Option | None = None
    harder: Option | None = None
    bridge: Bridge | None = None
    """Where the step is worth splitting, or the gap below it worth bridging."""
    pause: Reason | None = None
    """Set when difficulty should not be raised for now."""


class _Rung(NamedTuple):
    """One step of the ladder under consideration."""

    place: int
    task: Task
    chance: Estimate
    record: TaskRecord

    @property
    def has_worked(self) -> bool:
        return self.record.worked_at is not None

    def away_from(self, wanted: float) -> float:
        """Log odds from the wanted chance; above 0 where it is likelier."""
        return logit(self.chance.mean) - logit(wanted)


def next_step(
    person: Person, ladder: Ladder, wanted_chance: float, at: float | None, p: Parameters
) -> Recommendation:
    """The next step on a ladder for a wanted chance of success (.60, .75 or .90 in the app).

    Raises `ValueError` unless the wanted chance lies between 0 and 1.
    """
    if not 0.0 < wanted_chance < 1.0:
        raise ValueError(f"wanted_chance: {wanted_chance:g} is not between 0 and 1")
    if not ladder.tasks:
        nothing = Estimate(0.5, 0.0, 1.0)
        return Recommendation(None, nothing, nothing, ())
    state = person.domains.get(ladder.domain)
    rungs = _rungs(person, ladder, at, p)
    resting = _resting_from(rungs)
    loop = _avoidance_loop(state.windows if state else ())
    allowed = _allowed(rungs, resting, loop)
    chosen = min(allowed, key=lambda rung: (abs(rung.away_from(wanted_chance)), rung.place))
    below = rungs[chosen.place - 1] if chosen.place else None
    above = rungs[chosen.place + 1] if chosen.place + 1 < len(rungs) else None
    ends = _gap(rungs, chosen, resting, wanted_chance)
    return Recommendation(
        task=chosen.task,
        chance=chosen.chance,
        efficacy=efficacy(person, chosen.task, at, p),
        reasons=tuple(_reasons(rungs, chosen, below, resting, wanted_chance)),
        easier=Option(below.task, below.chance) if below else None,
        harder=Option(above.task, above.chance) if above in allowed and above else None,
        bridge=_bridge(person, *ends, wanted_chance, at, p) if ends else None,
        pause=loop,
    )


def _rungs(person: Person, ladder: Ladder, at: float | None, p: Parameters) -> list[_Rung]:
    state = person.domains.get(ladder.domain)
    records = {record.name: record for record in state.tasks} if state else {}
    return [
        _Rung(
            place,
            task,
            chance_of_success(person, task, at, p),
            records.get(task.name, TaskRecord(task.name, 0.0)),
        )
        for place, task in enumerate(ladder.tasks)
    ]


def _resting_from(rungs: list[_Rung]) -> _Rung | None:
    """The easiest step that failed twice in a row, and below which nothing has worked since."""
    worked_at = float("-inf")
    for rung in rungs:
        failed_at = rung.record.tried_at
        if rung.record.failures_in_a_row >= _FAILURES and failed_at is not None and worked_at <= failed_at:
            return rung
        if rung.record.worked_at is not None:
            worked_at = max(worked_at, rung.record.worked_at)
    return None


def _avoidance_loop(windows: tuple[Window, ...]) -> Reason | None:
    """Belief down while avoidance is up over two windows, each against the one before it."""
    if len(windows) < 3:
        return None
    beliefs = [window.belief for window in windows]
    shares = [window.avoided / (window.approached + window.avoided) for window in windows]
    falls = beliefs[0] > beliefs[1] > beliefs[2]
    rises = shares[0] <= shares[1] <= shares[2] and shares[0] < shares[2]
    return Reason("belief-down-avoidance-up", {"windows": 2.0}) if falls and rises else None


def _allowed(rungs: list[_Rung], resting: _Rung | None, loop: Reason | None) -> list[_Rung]:
    """The steps that the stop rules leave; at least the easiest."""
    last = len(rungs) - 1
    if resting is not None:
        last = min(last, resting.place - 1)
    if loop is not None:
        last = min(last, max((rung.place for rung in rungs if rung.has_worked), default=0))
    return rungs[: max(last, 0) + 1]


def _gap(
    rungs: list[_Rung], chosen: _Rung, resting: _Rung | None, wanted: float
) -> tuple[_Rung | None, _Rung] | None:
    """Between which two steps one is missing, if any."""
    if resting is not None:
        return (rungs[resting.place - 1] if resting.place else None), resting
    away = chosen.away_from(wanted)
    if away < -_NEAR:
        return (rungs[chosen.place - 1] if chosen.place else None), chosen
    if away > _NEAR and chosen.place + 1 < len(rungs):
        return chosen, rungs[chosen.place + 1]
    return None


def _bridge(
    person: Person, below: _Rung | None, above: _Rung, wanted: float, at: float | None, p: Parameters
) -> Bridge:
    """A step between two, as hard as gives the wanted chance."""
    domain = above.task.domain
    state = person.domains.get(domain) or new_domain(0.0 if at is None else at, p)
    state, met = meet(state if at is None else advance(state, at, p), Task(domain), p)
    mean, variance = log_odds_of_success(state, met, p)
    wished = mean - logit(wanted) * (1.0 + pi * variance / 8.0) ** 0.5
    high = above.task.difficulty or 0.0
    low = high - 1.0 if below is None else below.task.difficulty or 0.0
    margin = 0.25 * (high - low)
    return Bridge(below.task if below else None, above.task, min(max(wished, low + margin), high - margin))


def _reasons(
    rungs: list[_Rung], chosen: _Rung, below: _Rung | None, resting: _Rung | None, wanted: float
) -> list[Reason]:
    reasons = []
    if resting is not None:
        reasons.append(Reason("two-failures", {"failures": float(resting.record.failures_in_a_row)}))
    if all(rung.chance.mean >= _FIRM for rung in rungs):
        reasons.append(Reason("all-stand-firm", {}))
    away = chosen.away_from(wanted)
    nearness = "below" if away < -_NEAR else "above" if away > _NEAR else "near"
    reasons.append(Reason(f"{nearness}-wanted-chance", {"chance": chosen.chance.mean, "wanted": wanted}))
    if chosen.record.attempts:
        reasons.append(_record_of(chosen, "managed-before"))
    if below is not None and below.record.attempts:
        reasons.append(_record_of(below, "managed-below"))
    if chosen.record.rating is None:
        reasons.append(Reason("not-judged-yet", {}))
    else:
        reasons.append(Reason("rated", {"rating": chosen.record.rating}))
    if missing := chosen.chance.missing:
        needed = {"judgements": float(missing.judgements), "attempts": float(missing.attempts)}
        reasons.append(Reason("not-enough-data", needed))
    return reasons


def _record_of(rung: _Rung, reason: str) -> Reason:
    return Reason(reason, {"worked": rung.record.worked, "attempts": float(rung.record.attempts)})
