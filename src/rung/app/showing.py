"""How belief grows, shown on made-up people: one month of theirs, for where a reader puts five levers.

    500 people who doubt more than they need to (belief -1.2, ability +.6 logits), a ladder of 8 steps

    every other day    the step whose chance of success is nearest to the dial is due; who goes for it tries
    once a week        they see somebody manage it, who is alike as far as the lever says
    on days 4, 11, 18  somebody tells them of 8 chances in 10, and is believed as far as the lever says
    after each try     they put it down to themselves or not (attribution)
    from day 1 on      they read their heartbeat as threat or as readiness (reappraisal)

What becomes of them is the simulator's, and so the filter's own formulas. It is a pure function of the
levers: the same people with the same luck every time, so that two months differ by their levers alone.
Nobody's data is in it.

The lever of attribution goes from 0 (what works was luck, what does not is what I am like) over 50 (what
people make of it by themselves, `attribution.internal_share`) to 100 (what works was my doing, what does not
is how I went about it, and that can change). Days, sizes and the whole scene are choices.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np

from rung.engine import attribution
from rung.engine.parameters import Parameters
from rung.engine.scales import FloatArray
from rung.engine.simulation import Deed, Kind, People, Seen
from rung.engine.simulation import crowd as life
from rung.engine.simulation.crowd import Crowd, Met

__all__ = [
    "ASSURED_ON",
    "DAYS",
    "DUE_ON",
    "PEOPLE",
    "RANGES",
    "STEPS",
    "WATCHED_ON",
    "Lever",
    "Levers",
    "Middle",
    "Month",
    "month",
    "place_of",
]

PEOPLE: Final = 500
DAYS: Final = 30
STEPS: Final = 8
DUE_ON: Final = tuple(range(1, DAYS + 1, 2))
"""Days on which a step is due."""
WATCHED_ON: Final = (2, 9, 16, 23)
ASSURED_ON: Final = (4, 11, 18)

_SEED = 20
_DOUBTING = Kind("people who doubt more than they need to", belief=-1.2, ability=0.6)
_DIFFICULTIES = np.linspace(-1.75, 1.75, STEPS)
_STAKES = 0.8
_CONVEYED = 0.8
_KEPT = 512
"""Months that are remembered, so that moving a lever back costs nothing."""


class Lever(NamedTuple):
    """Where one lever can stand."""

    low: int
    high: int
    by: int
    rest: int
    """Where it changes nothing."""


RANGES: Final = {
    "dial": Lever(50, 90, 5, 75),
    "attribution": Lever(0, 100, 10, 50),
    "similarity": Lever(0, 100, 10, 0),
    "credibility": Lever(0, 100, 10, 0),
    "reappraisal": Lever(0, 100, 10, 50),
}

_WHOLE = re.compile(r"\s*(-?\d{1,9})(?:[.,]\d{0,30})?\s*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Levers:
    """Where the levers stand; as they are here, they change nothing."""

    dial: int = RANGES["dial"].rest
    """Wanted chance of success of the step that is due, of 100."""
    attribution: int = RANGES["attribution"].rest
    similarity: int = RANGES["similarity"].rest
    coping: bool = False
    """True where the model struggled first."""
    credibility: int = RANGES["credibility"].rest
    reappraisal: int = RANGES["reappraisal"].rest
    """0 the heartbeat is read as threat, 50 as neither, 100 as readiness."""


def place_of(lever: str, text: str) -> int:
    """Where a lever stands that somebody set by writing a number: the nearest place that it has.

    >>> place_of("dial", "83"), place_of("dial", "7"), place_of("dial", "most")
    (85, 50, 75)
    """
    known, found = RANGES[lever], _WHOLE.fullmatch(text)
    if not found:
        return known.rest
    inside = min(max(int(found[1]), known.low), known.high)
    return known.low + (inside - known.low + known.by // 2) // known.by * known.by


class Middle(NamedTuple):
    """The mean of all people, and between what the middle half of them is; 0 to 1."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Month:
    """What became of them; sequences have an item for each evening, from day 0 (before anything) on."""

    sure: tuple[Middle, ...]
    """How sure they are, over all steps."""
    works: tuple[Middle, ...]
    """The chance that a try works, over all steps."""
    lift: tuple[float, ...]
    """What assurances hold up for the time being, logits, on average."""
    let_pass: float
    """Occasions let pass, of `len(DUE_ON)`, on average."""
    worked: float
    """Tries that worked, on average."""
    hardest: float
    """The hardest step that has worked, 0 (none) to `STEPS`, on average."""


class _Scene(NamedTuple):
    """The people as they begin, and the ladder as it meets them."""

    crowd: Crowd
    p: Parameters
    ladder: Met
    """Arrays of shape (steps, people)."""


@lru_cache(maxsize=_KEPT)
def month(levers: Levers) -> Month:
    """The month of the made-up people under these levers.

    >>> month(Levers(similarity=90)).sure[-1].mean > month(Levers()).sure[-1].mean
    True
    """
    crowd, p, ladder = _scene()
    sure, works, lift = [_middle(_sure(crowd, ladder, p))], [_middle(life.chance(crowd, ladder, p))], [0.0]
    passed, worked, hardest = 0.0, 0.0, np.zeros(PEOPLE)
    crowd = life.feels(crowd, appraisal=levers.reappraisal / 50.0 - 1.0)
    for day in range(1, DAYS + 1):
        crowd = life.advance(crowd, 1.0, _luck(day, 0), p)
        place, step = _due(crowd, ladder, levers.dial / 100.0, p)
        if day in WATCHED_ON:
            alike, struggled = levers.similarity / 100.0, float(levers.coping)
            crowd, _learned = life.watched(crowd, step, 1.0, p, similarity=alike, coping=struggled)
        if day in ASSURED_ON:
            crowd = life.assured(crowd, step, _CONVEYED, p, credibility=levers.credibility / 100.0)
        if day in DUE_ON:
            crowd, outcome = _occasion(crowd, step, levers, day, p)
            passed += float(np.isnan(outcome).mean())
            worked += float((outcome == 1.0).mean())
            hardest = np.where((outcome == 1.0) & (place >= hardest), place + 1.0, hardest)
        sure.append(_middle(_sure(crowd, ladder, p)))
        works.append(_middle(life.chance(crowd, ladder, p)))
        lift.append(float(crowd.lift.mean()))
    return Month(tuple(sure), tuple(works), tuple(lift), passed, worked, float(hardest.mean()))


@lru_cache(maxsize=1)
def _scene() -> _Scene:
    people = People(PEOPLE, seed=_SEED, kind=_DOUBTING)
    crowd = people.crowd()
    steps = [people.met(Deed(f"step {place + 1}")) for place in range(STEPS)]
    ladder = Met(
        difficulty=np.repeat(_DIFFICULTIES[:, None], PEOPLE, axis=1),
        believed=np.stack([np.asarray(step.believed) for step in steps]),
        able=np.stack([np.asarray(step.able) for step in steps]),
        stakes=_STAKES,
    )
    return _Scene(crowd, people.parameters, ladder)


def _due(crowd: Crowd, ladder: Met, wanted: float, p: Parameters) -> tuple[FloatArray, Met]:
    """Each one's step whose chance is nearest to the wanted one: its place from 0, and as it meets them."""
    chances = life.chance(crowd, ladder, p)
    place = np.argmin(np.abs(chances - wanted), axis=0)
    own = place, np.arange(PEOPLE)
    difficulty, believed, able = (
        np.asarray(values)[own] for values in (ladder.difficulty, ladder.believed, ladder.able)
    )
    return place.astype(np.float64), Met(difficulty, believed, able, _STAKES)


def _occasion(crowd: Crowd, step: Met, levers: Levers, day: int, p: Parameters) -> tuple[Crowd, FloatArray]:
    """Who goes for the step tries it; also what came of it, nan where it was let pass."""
    goes = _luck(day, 1).random(PEOPLE) < life.chance_of_approach(crowd, step, p)
    # What they put it down to depends on what came of it: so the same try is looked at once before.
    _after, ahead = life.attempt(crowd, step, _luck(day, 2), p)
    causes = _put_down(ahead.efficacy, ahead.outcome, levers.attribution, p)
    after, tried = life.attempt(crowd, step, _luck(day, 2), p, who=goes, seen=causes)
    return after, tried.outcome


def _put_down(sure: FloatArray, outcome: FloatArray, attributed: int, p: Parameters) -> Seen:
    """What they put an outcome down to: what people guess, moved towards one end by the lever."""
    moved = attributed / 50.0 - 1.0
    share, end = abs(moved), float(moved > 0.0)
    good = outcome > sure
    guess = attribution.internal_share(sure, good, 0.0, p)
    return Seen(
        outcome=np.nan,
        internal=(1.0 - share) * guess + share * np.where(good, end, 1.0),
        stable=(1.0 - share) * (1.0 - p.passing_share) + share * (1.0 - end),
        controllable=share * end,
    )


def _sure(crowd: Crowd, ladder: Met, p: Parameters) -> FloatArray:
    """How sure each is of each step, apart from the mood of the hour."""
    return life.efficacy(crowd._replace(mood=0.0 * crowd.mood), ladder, p)


def _middle(shares: FloatArray) -> Middle:
    over_steps = shares.mean(axis=0)
    low, high = np.quantile(over_steps, (0.25, 0.75))
    return Middle(float(over_steps.mean()), float(low), float(high))


def _luck(day: int, what: int) -> np.random.Generator:
    """Chance that is the same on the same day in every month."""
    return np.random.default_rng((_SEED, day, what))
