"""The next step: one recommendation, with its reasons as message ids and numbers.

Of the steps that the rules of safety leave (`stopping`), that lie at most one step above what the person has
managed or believes to manage (`within_a_step`), that are likely enough (no more than `REACH` log odds below
the wanted chance) and that will not most likely be let pass (`GONE_FOR`), the one by which the last step is
reached soonest, looking ahead (`lookahead`); where none is, the one that is most likely
gone for and works. A step that stands firm and has often worked is left behind.
Once the last step has worked twice, the one nearest to the wanted chance again, and what has long not been
tried first. Of two as good the easier.

A bridge is proposed below a step that rests, where a gap is wide, or where looking ahead says that it pays:
between two steps, at the difficulty

    b* = mu - logit(p*) sqrt(1 + pi V / 8)        mu, V: log odds of success at difficulty 0

(mean of a logistic Gaussian, MacKay 1992), kept between the difficulties of the two.
"""

from __future__ import annotations

from math import pi
from typing import NamedTuple

from rung.engine.dynamics import SECONDS_PER_DAY
from rung.engine.forecasting import Estimate, Ladder, efficacy_of_met, log_odds_of_success
from rung.engine.loops import signs
from rung.engine.parameters import Parameters
from rung.engine.planning.lookahead import GOAL
from rung.engine.planning.reasons import Reason, about
from rung.engine.planning.rungs import FIRM, NEAR, REACH, Rung, are_all_firm, rungs_of, stands, within_a_step
from rung.engine.planning.stopping import allowed_of, pause_of, resting_of
from rung.engine.planning.ways import Source, Way, ways
from rung.engine.scales import logit
from rung.engine.situation import Task, meet
from rung.engine.state import DomainState, Person

__all__ = ["Bridge", "Option", "Recommendation", "next_step"]

_LONG_DAYS = 28.0
"""Days after which what worked is worth trying again; an assumption."""
_OFTEN = 5
"""Successes after which a firm step is left for a harder one; an assumption."""
_READY = 0.75
"""Chance of approach from which somebody is ready for that one; an assumption."""
_AS_SHORT = 0.05
"""Days within which two ways are as good as each other: looking ahead knows no better; an assumption."""
_PAYS = 1.0
"""Days that a bridge must save to be proposed by looking ahead: it has to be thought up first."""


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
    sooner: float = 0.0
    """Days that it saves on the way to the last step, looking ahead; 0 where that is not why."""


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
    before: tuple[Source, ...] = ()
    """What would help first: a model, an honest assurance, reading the heartbeat anew."""
    days: float | None = None
    """Expected days to the last step, giving up counted in; None once it has worked often enough."""


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
    state = stands(person, ladder.domain, at, p)
    rungs = rungs_of(state, ladder, p)
    asleep = resting_of(rungs)
    resting = asleep[0] if asleep else None
    pause = pause_of(state, rungs, resting, p)
    caught = signs(person, ladder, at, p)
    allowed = allowed_of(rungs, pause, caught, wanted_chance)
    chosen = _Choice(state, rungs, allowed, wanted_chance, p)
    rung = rungs[chosen.place]
    below = rungs[rung.place - 1] if rung.place else None
    above = rungs[rung.place + 1] if rung.place + 1 < len(rungs) else None
    return Recommendation(
        task=rung.task,
        chance=rung.chance,
        efficacy=efficacy_of_met(state, rung.met),
        reasons=(*about(rungs, allowed, rung, resting, wanted_chance), *chosen.reasons()),
        easier=Option(below.task, below.chance) if below else None,
        harder=Option(above.task, above.chance) if above in allowed and above else None,
        bridge=_bridge(state, chosen, resting, pause, p),
        pause=pause,
        resting=tuple(rung.task for rung in asleep),
        before=chosen.before,
        days=chosen.days,
    )


class _Choice:
    """The step that is chosen, and what looking ahead says of it."""

    def __init__(
        self, state: DomainState, rungs: list[Rung], allowed: list[Rung], wanted: float, p: Parameters
    ) -> None:
        self.state, self.rungs, self.allowed, self.wanted = state, rungs, allowed, wanted
        self.nearest = min(allowed, key=lambda rung: (abs(rung.away_from(wanted)), rung.place))
        self.graded = within_a_step(rungs, allowed)
        likely = [rung for rung in self.graded if rung.is_likely_enough(wanted)]
        ready_from = _ready_from(likely, wanted)
        self.likely = [rung.place for rung in likely if rung.place >= ready_from]
        self.ways: list[Way] = []
        self.is_there = rungs[-1].record.worked >= GOAL
        self.best: Way | None = None
        if self.is_there:
            self.place = self._kept_up().place
        else:
            self.ways = ways(state, rungs, _bridgeable(state, rungs, self.graded, wanted, p), p)
            open_to = self.likely or [self._likeliest().place]
            steps = [way for way in self.ways if not way.is_bridge and way.place in open_to]
            self.best = self._best_of(steps)
            self.place = self.best.place

    @property
    def before(self) -> tuple[Source, ...]:
        """What would help first."""
        return self.best.before if self.best else ()

    @property
    def days(self) -> float | None:
        """Expected to the last step."""
        return self.best.days if self.best else None

    def best_bridge(self) -> tuple[Way, float] | None:
        """The bridge by which the way is shortest, and the days that it saves."""
        over = [way for way in self.ways if way.is_bridge]
        if not over or self.best is None:
            return None
        best = min(over, key=lambda way: (way.days, way.place))
        return best, self.best.days - best.days

    def reasons(self) -> list[Reason]:
        """What looking ahead, or long standing, adds to the reasons."""
        if self.best is None:
            return self._reasons_to_keep_up()
        plain = {way.place: way.days for way in self.ways if not way.before and not way.is_bridge}
        reasons = []
        instead = min(way.days for way in self.ways if way.place == self.nearest.place and not way.is_bridge)
        if self.best.days < instead:
            reasons.append(Reason("ahead", {"days": self.best.days, "instead": instead}))
        sooner = {"sooner": plain[self.place] - self.best.days}
        return reasons + [Reason(f"before-{source}", sooner) for source in self.best.before]

    def _best_of(self, steps: list[Way]) -> Way:
        """The shortest way; of ways about as short, to the step nearest to the wanted chance."""
        shortest = min(way.days for way in steps)
        about = [way for way in steps if way.days <= shortest + _AS_SHORT]
        place = min(
            {way.place for way in about}, key=lambda at: (abs(self.rungs[at].away_from(self.wanted)), at)
        )
        return min((way for way in steps if way.place == place), key=lambda way: way.days)

    def _likeliest(self) -> Rung:
        """Where no step is likely enough: the one that is most likely gone for and manages."""
        return max(self.graded, key=lambda rung: (rung.goes * rung.chance.mean, -rung.place))

    def _kept_up(self) -> Rung:
        """After the goal: the hardest that worked and has long not been tried, else the nearest to wanted."""
        stale = [rung for rung in self.allowed if self._idle_days(rung) >= _LONG_DAYS]
        if stale:
            return stale[-1]
        if len(self.allowed) == len(self.rungs) and are_all_firm(self.rungs):
            return self.rungs[-1]
        return self.nearest

    def _idle_days(self, rung: Rung) -> float:
        """Days since a step that has worked was tried; 0 for one that never worked."""
        if rung.record.worked_at is None or rung.record.tried_at is None:
            return 0.0
        return (self.state.time - rung.record.tried_at) / SECONDS_PER_DAY

    def _reasons_to_keep_up(self) -> list[Reason]:
        chosen = self.rungs[self.place]
        if (idle := self._idle_days(chosen)) >= _LONG_DAYS:
            return [Reason("test-again", {"days": idle})]
        if chosen is self.rungs[-1]:
            return [Reason("vary-context", {"worked": chosen.record.worked})]
        return []


def _ready_from(likely: list[Rung], wanted: float) -> int:
    """Place below which nothing is proposed: what stands firm and has often worked is left for a harder step.

    Only where that one is as likely as wanted, and will be gone for. Looking ahead alone would repeat the
    firm one for long, since every success counts alike there. But who knows easy successes alone is soon put
    off by a failure (Bandura 1997, ch. 3); that is not in the model.
    """
    done = [rung.place for rung in likely if rung.record.worked >= _OFTEN and rung.chance.mean >= FIRM]
    ready = [
        rung.place
        for rung in likely
        if done and rung.place > done[-1] and rung.away_from(wanted) >= 0.0 and rung.goes >= _READY
    ]
    return ready[0] if ready else 0


def _bridgeable(
    state: DomainState, rungs: list[Rung], allowed: list[Rung], wanted: float, p: Parameters
) -> dict[int, tuple[float, float]]:
    """Lasting and able log odds of a step half the way below each allowed one that would be likely enough."""
    met_by, met = meet(state, Task(rungs[0].task.domain), p)
    lasting, able = met.lasting(met_by, p)[0], log_odds_of_success(met_by, met, p)[0]
    spare = p.slope * met.difficulty
    found = {}
    for rung in allowed:
        room = _room(rungs[rung.place - 1] if rung.place else None, rung)
        if room is not None:
            hard = p.slope * (room[0] + room[1]) / 2.0
            found[rung.place] = lasting + spare - hard, able + spare - hard
    return {place: odds for place, odds in found.items() if odds[1] - logit(wanted) >= -REACH}


def _room(below: Rung | None, above: Rung) -> tuple[float, float] | None:
    high = above.task.difficulty or 0.0
    low = high - 1.0 if below is None else below.task.difficulty or 0.0
    return (low, high) if low < high else None


def _bridge(
    state: DomainState, chosen: _Choice, resting: Rung | None, pause: Reason | None, p: Parameters
) -> Bridge | None:
    """A step to put between two: below one that rests, in a wide gap, or where looking ahead says so."""
    rungs, wanted, sooner = chosen.rungs, chosen.wanted, 0.0
    over = chosen.best_bridge()
    ends = _gap(rungs, rungs[chosen.place], resting, pause, wanted)
    if over is not None and over[1] >= _PAYS and pause is None:
        way, sooner = over
        ends = (rungs[way.place - 1] if way.place else None), rungs[way.place]
    if ends is None or (room := _room(*ends)) is None:
        return None
    below, above = ends
    met_by, met = meet(state, Task(above.task.domain), p)
    mean, variance = log_odds_of_success(met_by, met, p)
    wished = mean - logit(wanted) * (1.0 + pi * variance / 8.0) ** 0.5
    low, high = room
    margin = 0.25 * (high - low)
    hard = (low + high) / 2.0 if sooner else min(max(wished, low + margin), high - margin)
    return Bridge(below.task if below else None, above.task, hard, sooner)


def _gap(
    rungs: list[Rung], chosen: Rung, resting: Rung | None, pause: Reason | None, wanted: float
) -> tuple[Rung | None, Rung] | None:
    """Between which two steps one is missing, if any; below the chosen one while difficulty pauses."""
    below = rungs[chosen.place - 1] if chosen.place else None
    if resting is not None and (pause is None or resting is chosen):
        return (rungs[resting.place - 1] if resting.place else None), resting
    away = chosen.away_from(wanted)
    if away < -NEAR and (below is None or below.away_from(wanted) > NEAR):
        return below, chosen
    above = rungs[chosen.place + 1] if chosen.place + 1 < len(rungs) else None
    if away > NEAR and pause is None and above is not None and above.away_from(wanted) < -NEAR:
        return chosen, above
    return None
