"""The next step: one recommendation, with its reasons as message ids and numbers.

The step whose chance of success is nearest, in log odds, to the wanted chance; of two equally near
the easier; the goal where every step stands firm. Between two steps of which one is likelier and the
other less likely than wanted, and neither near, a bridge, at the difficulty

    b* = mu - logit(p*) sqrt(1 + pi V / 8)        mu, V: log odds of success at difficulty 0

(mean of a logistic Gaussian, MacKay 1992), kept between the difficulties of the two.

Stop rules come first (docs/decisions/0011). A step *rests*, with all above it, after two failures or
three avoidances in a row, until enough has worked elsewhere without help. Nothing above a step that
failed three times and never worked. And difficulty *pauses* at what has worked, with the advice to talk
to somebody, when belief falls while avoidance rises or stays high over two windows, when most steps are
judged a good deal lower than the time before, and when even the easiest step keeps failing.
"""

from __future__ import annotations

from itertools import pairwise
from math import floor, pi
from typing import NamedTuple, TypeAlias

from rung.engine.dynamics import SECONDS_PER_DAY, advance, new_domain
from rung.engine.forecasting import Estimate, Ladder, chance_of_success, efficacy, log_odds_of_success
from rung.engine.parameters import Parameters
from rung.engine.scales import logit
from rung.engine.situation import Task, meet
from rung.engine.state import DomainState, Person, TaskRecord, Window

__all__ = ["REASONS", "Bridge", "Option", "Reason", "Recommendation", "next_step"]

# The rules of safety are the app's own and assumptions all; no study sets these numbers.
_FAILURES = 2
"""Failures in a row after which a step rests."""
_AVOIDANCES = 3
"""Avoidances in a row after which a step rests."""
_HOPELESS = 3
"""Failures without a success after which nothing harder is proposed."""
_TALK = 4
"""Failures in a row at the easiest step after which talking to somebody is advised."""
_FALL = 0.1
"""Fall of belief, in logits, that counts from one window to the next; more than drift alone."""
_OCCASIONS = 2
"""Occasions that a window needs to count."""
_HIGH = 0.8
"""Share of occasions avoided that counts as high."""
_DROP = 0.2
"""Mean fall of judgements, of 1, that counts as a good deal: beyond what their noise makes likely."""
_FIRM = 0.9
"""Chance from which a step stands firm."""
_NEAR = 0.8
"""Log odds within which a step counts as near the wanted chance (.75 gives .57 to .87)."""

REASONS = {
    "near-wanted-chance": "its chance of success is near the wanted one: chance, wanted",
    "below-wanted-chance": "no step is as likely as wanted, this one comes nearest: chance, wanted",
    "above-wanted-chance": "every step is likelier than wanted, this one comes nearest: chance, wanted",
    "nearest-to-wanted": "no step is near the wanted chance, this one comes nearest: chance, wanted",
    "managed-before": "the person's record at this step: worked, attempts",
    "managed-below": "the record at the step below: worked, attempts",
    "rated": "the last judgement of this step: rating",
    "not-judged-yet": "this step has not been judged",
    "not-enough-data": "too little is known to say: judgements and attempts still needed",
    "two-failures": "a harder step did not work this many times in a row and rests: failures",
    "avoided": "a harder step was let pass this many times in a row and rests: avoidances",
    "easiest-fails": "even the easiest step did not work this many times in a row: failures",
    "easiest-avoided": "even the easiest step was let pass this many times in a row: avoidances",
    "all-stand-firm": "every step of the ladder stands firm",
    "belief-down-avoidance-up": "belief fell while much was let pass over windows: windows",
    "judged-lower": "most steps are judged lower than the time before: points",
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
    """Set when difficulty should not be raised for now, and talking to somebody would help."""
    resting: tuple[Task, ...] = ()
    """Steps that rest until something easier has worked, easiest first."""


class _Rung(NamedTuple):
    """One step of the ladder under consideration."""

    place: int
    task: Task
    chance: Estimate
    record: TaskRecord
    successes_since: int
    """Successes without help in the domain since this step was last tried or avoided."""

    def away_from(self, wanted: float) -> float:
        """Log odds from the wanted chance; above 0 where it is likelier."""
        return logit(self.chance.mean) - logit(wanted)

    @property
    def rests(self) -> bool:
        """Failed or avoided in a row, and too little has worked since; more failures take more."""
        record = self.record
        failed = record.failures_in_a_row >= _FAILURES and self.successes_since < record.failures_in_a_row - 1
        return failed or (record.avoided_in_a_row >= _AVOIDANCES and self.successes_since < 1)

    @property
    def is_hopeless(self) -> bool:
        return self.record.attempts >= _HOPELESS and self.record.worked_at is None


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
    rungs = _rungs(person, ladder, at, p)
    resting = next((rung for rung in rungs if rung.rests), None)
    pause = _pause(person.domains.get(ladder.domain), rungs, resting, person.time if at is None else at, p)
    allowed = _allowed(rungs, resting, pause)
    chosen = _chosen(rungs, allowed, wanted_chance)
    below = rungs[chosen.place - 1] if chosen.place else None
    above = rungs[chosen.place + 1] if chosen.place + 1 < len(rungs) else None
    ends = _gap(rungs, chosen, resting, pause, wanted_chance)
    return Recommendation(
        task=chosen.task,
        chance=chosen.chance,
        efficacy=efficacy(person, chosen.task, at, p),
        reasons=tuple(_reasons(rungs, allowed, chosen, below, resting, wanted_chance)),
        easier=Option(below.task, below.chance) if below else None,
        harder=Option(above.task, above.chance) if above in allowed and above else None,
        bridge=_bridge(person, *ends, wanted_chance, at, p) if ends else None,
        pause=pause,
        resting=tuple(rung.task for rung in rungs[resting.place :]) if resting else (),
    )


def _rungs(person: Person, ladder: Ladder, at: float | None, p: Parameters) -> list[_Rung]:
    state = person.domains.get(ladder.domain)
    records = {record.name: record for record in state.tasks} if state else {}
    rungs = []
    for place, task in enumerate(ladder.tasks):
        record = records.get(task.name, TaskRecord(task.name, 0.0))
        since = state.successes - record.successes_then if state else 0
        rungs.append(_Rung(place, task, chance_of_success(person, task, at, p), record, since))
    return rungs


def _pause(
    state: DomainState | None, rungs: list[_Rung], resting: _Rung | None, now: float | None, p: Parameters
) -> Reason | None:
    """Why difficulty should not be raised, if so."""
    if resting is not None and resting.place == 0 and resting.record.failures_in_a_row >= _TALK:
        return Reason("easiest-fails", {"failures": float(resting.record.failures_in_a_row)})
    if (
        state is not None
        and now is not None
        and _is_loop(state.windows, floor(now / (p.window_days * SECONDS_PER_DAY)))
    ):
        return Reason("belief-down-avoidance-up", {"windows": 2.0})
    falls = [
        rung.record.rating_before - rung.record.rating
        for rung in rungs
        if rung.record.rating is not None and rung.record.rating_before is not None
    ]
    if len(falls) >= 2 and sum(falls) / len(falls) >= _DROP:
        return Reason("judged-lower", {"points": 100.0 * sum(falls) / len(falls)})
    return None


def _is_loop(windows: tuple[Window, ...], now: int) -> bool:
    """Belief down while avoidance is up, or stays high, over two windows, each against the one before."""
    if len(windows) < 3 or now - windows[2].number > 1:
        return False
    numbers = [window.number for window in windows]
    occasions = [window.approached + window.avoided for window in windows]
    if numbers != [numbers[0] + step for step in range(3)] or min(occasions) < _OCCASIONS:
        return False
    first, second, last = (window.avoided / count for window, count in zip(windows, occasions, strict=True))
    falls = all(earlier.belief - later.belief >= _FALL for earlier, later in pairwise(windows))
    return falls and ((first <= second <= last and first < last) or min(second, last) >= _HIGH)


def _allowed(rungs: list[_Rung], resting: _Rung | None, pause: Reason | None) -> list[_Rung]:
    """The steps that the stop rules leave; at least the easiest."""
    last = next((rung.place for rung in rungs if rung.is_hopeless), len(rungs) - 1)
    if resting is not None:
        last = min(last, resting.place - 1)
    if pause is not None:
        last = min(last, max((rung.place for rung in rungs if rung.record.worked_at is not None), default=0))
    return rungs[: max(last, 0) + 1]


def _chosen(rungs: list[_Rung], allowed: list[_Rung], wanted: float) -> _Rung:
    if len(allowed) == len(rungs) and _all_firm(rungs):
        return rungs[-1]
    return min(allowed, key=lambda rung: (abs(rung.away_from(wanted)), rung.place))


def _all_firm(rungs: list[_Rung]) -> bool:
    return all(rung.chance.mean >= _FIRM for rung in rungs)


def _gap(
    rungs: list[_Rung], chosen: _Rung, resting: _Rung | None, pause: Reason | None, wanted: float
) -> tuple[_Rung | None, _Rung] | None:
    """Between which two steps one is missing, if any; below the chosen one while difficulty pauses."""
    below = rungs[chosen.place - 1] if chosen.place else None
    if resting is not None and (pause is None or resting is chosen):
        return (rungs[resting.place - 1] if resting.place else None), resting
    away = chosen.away_from(wanted)
    if away < -_NEAR and (below is None or below.away_from(wanted) > _NEAR):
        return below, chosen
    above = rungs[chosen.place + 1] if chosen.place + 1 < len(rungs) else None
    if away > _NEAR and pause is None and above is not None and above.away_from(wanted) < -_NEAR:
        return chosen, above
    return None


def _bridge(
    person: Person, below: _Rung | None, above: _Rung, wanted: float, at: float | None, p: Parameters
) -> Bridge | None:
    """A step between two, as hard as gives the wanted chance; none where their difficulties leave no room."""
    high = above.task.difficulty or 0.0
    low = high - 1.0 if below is None else below.task.difficulty or 0.0
    if low >= high:
        return None
    domain, moment = above.task.domain, person.time if at is None else at
    state = person.domains.get(domain) or new_domain(moment or 0.0, p)
    state, met = meet(state if moment is None else advance(state, moment, p), Task(domain), p)
    mean, variance = log_odds_of_success(state, met, p)
    wished = mean - logit(wanted) * (1.0 + pi * variance / 8.0) ** 0.5
    margin = 0.25 * (high - low)
    return Bridge(below.task if below else None, above.task, min(max(wished, low + margin), high - margin))


def _reasons(
    rungs: list[_Rung],
    allowed: list[_Rung],
    chosen: _Rung,
    below: _Rung | None,
    resting: _Rung | None,
    wanted: float,
) -> list[Reason]:
    reasons = [] if resting is None else [_why_it_rests(resting)]
    if _all_firm(rungs):
        reasons.append(Reason("all-stand-firm", {}))
    reasons.append(
        Reason(_nearness(allowed, chosen, wanted), {"chance": chosen.chance.mean, "wanted": wanted})
    )
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


def _nearness(allowed: list[_Rung], chosen: _Rung, wanted: float) -> str:
    aways = [rung.away_from(wanted) for rung in allowed]
    if abs(chosen.away_from(wanted)) <= _NEAR:
        return "near-wanted-chance"
    if max(aways) < 0.0:
        return "below-wanted-chance"
    return "above-wanted-chance" if min(aways) > 0.0 else "nearest-to-wanted"


def _why_it_rests(resting: _Rung) -> Reason:
    record, easiest = resting.record, resting.place == 0
    if record.failures_in_a_row >= _FAILURES:
        return Reason(
            "easiest-fails" if easiest else "two-failures", {"failures": float(record.failures_in_a_row)}
        )
    return Reason("easiest-avoided" if easiest else "avoided", {"avoidances": float(record.avoided_in_a_row)})


def _record_of(rung: _Rung, reason: str) -> Reason:
    return Reason(reason, {"worked": rung.record.worked, "attempts": float(rung.record.attempts)})
