"""Signs that somebody is caught: a loop of letting pass, over-reach, a stuck step; three sequential tests.

Each gathers a log likelihood ratio from event to event and never lets it fall below nought (CUSUM: Page
1954; its steps are those of the sequential test of Wald 1945). For y with chance p0 usually, p1 in the
sign:

    S <- max(0, S + w [y ln(p1 / p0) + (1 - y) ln((1 - p1) / (1 - p0))]),    S + told <= h
    the sign stands while S + told = h, with at least 2 occasions let pass, or attempts that did not work

    avoidance loop   of a domain; y = gone for or let pass; p1 = .15; p0 = the usual chance: the less of
                     what the model foretells at the usual belief, fear and bias, and of the share gone
                     for before
    over-reach       of a domain; y = outcome; p0 = how sure they were, p1 = 2 logits less
    stuck step       of a task; y = outcome; p0 = .5, p1 = .1

p1 is at most half of p0. The usual belief, fear and bias are slow means over the times something was gone
for. Judgements tell of a loop that gathers (told, 0 to 6): how far belief has fallen and fear risen, as
log likelihood ratios of N(1.5, s) against N(0, s) logits and of N(.3, .15) against N(0, .15). An outcome
with help counts in part (w), and so does a failure without effort.

Thresholds h (`Parameters`) are such that of 100 steady people 5 have a false alarm of each sign in 90
days: `rung simulate loops --calibrate` finds them, and `rung simulate loops` measures on other people
what they are worth (docs/loops.md).

A sign ceases by the same sum: as S + told never passes h, one step gone for (or one that worked by
oneself) takes it below. What lies more than 28 days back is left in peace, and the evidence begins anew.
"""

from __future__ import annotations

from math import log, pi, sqrt
from typing import NamedTuple

from rung.engine import approach
from rung.engine.dynamics import SECONDS_PER_DAY
from rung.engine.events import Event
from rung.engine.forecasting import Ladder
from rung.engine.parameters import Parameters
from rung.engine.scales import information, sigmoid
from rung.engine.situation import Situation
from rung.engine.state import BELIEF, LIFT, DomainState, Person, Stretch, Usual

__all__ = [
    "AVOIDANCE_LOOP",
    "OVER_REACH",
    "SIGNS",
    "STUCK_STEP",
    "Sign",
    "judged",
    "occasion",
    "signs",
    "tried",
]

AVOIDANCE_LOOP, OVER_REACH, STUCK_STEP = "avoidance-loop", "over-reach", "stuck-step"
SIGNS = {
    AVOIDANCE_LOOP: "much is let pass that would usually be gone for: missed, occasions, expected, days",
    OVER_REACH: "attempts work less than the person was sure of: missed, occasions, expected, days",
    STUCK_STEP: "attempts at one step do not come to work: missed, occasions, expected, days",
}
"""Every message id, and the numbers that come with it."""

# All of these are assumptions; the thresholds alone are calibrated.
_QUIET_DAYS = 28.0
_LOOP_CHANCE, _STUCK_CHANCE = 0.15, 0.1
"""That something is gone for in a loop, that a step works which is stuck."""
_LESS_ABLE = 2.0
"""Logits that somebody is less able than sure who reaches too far."""
_HALF = 0.5
"""Chance that a step works which is not stuck, at the least."""
_LEAST = 2
"""Occasions let pass, or attempts that did not work, before any sign stands."""
_EDGE = 0.02
"""No chance is nearer to 0 and 1: one occasion never decides."""
_USUAL_RATE = 0.1
"""How fast the usual follows what stands when something is gone for."""
_FALL, _WANDER = 1.5, 0.6
"""Fall of belief in a loop, and how widely belief wanders without one, logits."""
_MORE_FEARED, _FEAR_NOISE = 0.3, 0.15
"""Rise of what is feared in a loop, and its sd without one."""
_MOST_TOLD = 6.0
"""Judgements never say more than this; below the threshold, so that they alone are no sign."""


class Sign(NamedTuple):
    """One sign, what speaks for it, and how much."""

    kind: str
    """A message id of `SIGNS`; the words are the app's."""
    task: str | None
    """The step that is stuck; None where it is the domain as a whole."""
    since: float
    """When the first event was that speaks for it."""
    occasions: int
    """Events since then."""
    evidence: float
    """Share of what it takes, 0 to 1: the sign stands at 1."""
    numbers: dict[str, float]
    """Those of `SIGNS`: missed = let pass, or not worked; expected = to be gone for, or to work."""


def signs(
    person: Person, ladder: Ladder, at: float | None, p: Parameters, *, least: float = 1.0
) -> tuple[Sign, ...]:
    """The signs that stand for a ladder at a moment; with `least` < 1 those on the way as well."""
    state = person.domains.get(ladder.domain)
    if state is None:
        return ()
    now = state.time if at is None else max(at, state.time)
    steps = {task.name for task in ladder.tasks}
    stretches: list[tuple[str, str | None, Stretch, float]] = [
        (AVOIDANCE_LOOP, None, state.loop, p.loop_limit),
        (OVER_REACH, None, state.over_reach, p.over_reach_limit),
    ]
    stretches += [
        (STUCK_STEP, record.name, record.stuck, p.stuck_limit)
        for record in state.tasks
        if record.name in steps
    ]
    found = (_sign(*one, now) for one in stretches)
    return tuple(sign for sign in found if sign is not None and sign.evidence >= least)


def _sign(kind: str, task: str | None, stretch: Stretch, limit: float, now: float) -> Sign | None:
    if stretch.since is None or stretch.last is None or _is_long_past(stretch, now):
        return None
    numbers = {
        "missed": float(stretch.missed),
        "occasions": float(stretch.occasions),
        "expected": stretch.expected,
        "days": (stretch.last - stretch.since) / SECONDS_PER_DAY,
    }
    evidence = min(stretch.evidence / limit, stretch.missed / _LEAST)
    return Sign(kind, task, stretch.since, stretch.occasions, evidence, numbers)


def occasion(state: DomainState, at: Situation, went: bool, time: float, p: Parameters) -> DomainState:
    """The domain after an occasion that was gone for or let pass; before the bias learns from it."""
    now = _now(state)
    usual = now if state.usual is None else state.usual
    chance = _usual_chance(state, at, now, usual, p)
    told = _told(state, now, usual)
    loop = _gathered(state.loop, float(went), chance, _LOOP_CHANCE, time, p.loop_limit, told=told)
    if loop.since is None:  # what had gathered was as usual
        passed = state.loop.missed + (not went)
        usual = usual._replace(
            went=usual.went + state.loop.occasions + 1 - passed, passed=usual.passed + passed
        )
    if went:
        usual = usual._replace(
            belief=usual.belief + _USUAL_RATE * (now.belief - usual.belief),
            bias=usual.bias + _USUAL_RATE * (now.bias - usual.bias),
            feared=usual.feared + _USUAL_RATE * (now.feared - usual.feared),
        )
    return state._replace(usual=usual, loop=loop)


def judged(state: DomainState, p: Parameters) -> DomainState:
    """The domain after a judgement: what it says of a loop that may be on."""
    loop = state.loop
    if loop.since is None or state.usual is None:
        return state
    told = _told(state, _now(state), state.usual)
    evidence = min(loop.evidence - loop.told + told, p.loop_limit)
    return state._replace(loop=loop._replace(evidence=evidence, told=told))


def _now(state: DomainState) -> Usual:
    feared = [record.feared for record in state.tasks if record.judgements]
    mean = sum(feared) / len(feared) if feared else 0.0
    return Usual(float(state.belief.mean[BELIEF] + state.belief.mean[LIFT]), state.approach_mean, mean)


def _usual_chance(state: DomainState, at: Situation, now: Usual, usual: Usual, p: Parameters) -> float:
    """Chance to go for it as usual: as the model foretells it, or as often as they did, whichever is less."""
    sure = sigmoid(at.mean + p.slope * (usual.belief - now.belief))
    drive = approach.drive(sure, min(now.feared, usual.feared), p) + usual.bias
    unsure = (p.approach_slope * information(sure)) ** 2 * at.variance
    foretold = _mean_chance(drive, state.approach_variance + unsure)
    return min(foretold, (usual.went + 1.0) / (usual.went + usual.passed + 2.0))


def _told(state: DomainState, now: Usual, usual: Usual) -> float:
    """What judgements say: log likelihood ratio of a belief that fell, and of more that is feared."""
    unsure = float(state.belief.covariance[BELIEF, BELIEF])
    fall = _FALL * (usual.belief - now.belief - _FALL / 2.0) / (_WANDER**2 + unsure)
    fear = _MORE_FEARED * (now.feared - usual.feared - _MORE_FEARED / 2.0) / _FEAR_NOISE**2
    return min(max(fall + fear, 0.0), _MOST_TOLD)


def tried(
    state: DomainState,
    event: Event,
    at: Situation,
    outcome: float,
    sure: float,
    p: Parameters,
) -> DomainState:
    """The domain after an attempt of which the person was this sure."""
    weight = 1.0 - (event.aid or 0.0) if outcome >= 0.5 else _effort_share(event.effort, p)
    less = _mean_chance(at.mean - _LESS_ABLE, at.variance)
    over_reach = _gathered(state.over_reach, outcome, sure, less, event.time, p.over_reach_limit, weight)
    state = state._replace(over_reach=over_reach)
    if at.place is None:
        return state
    record = state.tasks[at.place]
    stuck = _gathered(record.stuck, outcome, _HALF, _STUCK_CHANCE, event.time, p.stuck_limit, weight)
    record = record._replace(stuck=stuck)
    return state._replace(tasks=(*state.tasks[: at.place], record, *state.tasks[at.place + 1 :]))


def _mean_chance(mean: float, variance: float) -> float:
    """Mean of sigmoid(z) for z ~ N(mean, variance), to about .01 (MacKay 1992); an event has to be cheap."""
    return sigmoid(mean / sqrt(1.0 + pi * variance / 8.0))


def _effort_share(effort: float | None, p: Parameters) -> float:
    """How far a failure counts: less where little was put in."""
    return 1.0 if effort is None else min(1.0, effort / p.effort_usual)


def _gathered(
    stretch: Stretch,
    y: float,
    usual: float,
    caught: float,
    time: float,
    limit: float,
    weight: float = 1.0,
    told: float = 0.0,
) -> Stretch:
    p0 = min(max(usual, _EDGE), 1.0 - _EDGE)
    p1 = max(min(caught, p0 / 2.0), _EDGE / 2.0)
    if _is_long_past(stretch, time):
        stretch = Stretch()
    if y >= 0.5:
        told = min(told, stretch.told)  # whatever was judged: going for something never speaks for a loop
    step = weight * (y * log(p1 / p0) + (1.0 - y) * log((1.0 - p1) / (1.0 - p0)))
    gathered = stretch.evidence - stretch.told + step
    if gathered <= 0.0:
        return Stretch()
    return Stretch(
        min(gathered + told, limit),
        told,
        time if stretch.since is None else stretch.since,
        time,
        stretch.occasions + 1,
        stretch.missed + (y < 0.5),
        stretch.expected + usual,
    )


def _is_long_past(stretch: Stretch, now: float) -> bool:
    return stretch.last is not None and now - stretch.last > _QUIET_DAYS * SECONDS_PER_DAY
