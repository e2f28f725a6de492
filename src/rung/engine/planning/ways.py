"""How today may be spent: which step, and whether one of the other three sources comes first.

    model         belief moves before the step (`vicarious`), as by somebody fairly alike who struggled
    assurance     the lift u of an honest assurance (`persuasion`); never twice in a row, and only where an
                  attempt has been made since the last one: it fades, and only doing becomes belief
    reappraisal   the heartbeat read as getting ready (`affect`), where attempts tell of arousal

Each is worth it where looking ahead says that it saves more than `COST` days. What there is to see and to
hear is not known to the engine: the strengths below are assumptions.
"""

from __future__ import annotations

from itertools import combinations
from typing import Literal, NamedTuple, TypeAlias, get_args

import numpy as np

from rung.engine import affect, persuasion, vicarious
from rung.engine.parameters import Parameters
from rung.engine.planning.lookahead import GOAL, Outlook, Today, Value, look_ahead
from rung.engine.planning.rungs import Rung
from rung.engine.scales import FloatArray, logit, sigmoid
from rung.engine.state import DomainState

__all__ = ["CONVEYED", "COST", "SOURCES", "Source", "Way", "ways"]

Source: TypeAlias = Literal["model", "assurance", "reappraisal"]
SOURCES: tuple[Source, ...] = get_args(Source)

COST = 0.1
"""Days that preparing costs."""
SIMILARITY = 0.7
"""Of a model that there is to see."""
CREDIBILITY = 0.7
"""Of the person who gives an assurance."""
CONVEYED = 0.8
"""Chance of success that an honest assurance conveys."""
CALMING = 0.6
"""How far reading the heartbeat anew moves its appraisal towards challenge."""
_BETWEEN = 2
"""Occasions after an assurance before the next one."""


class Way(NamedTuple):
    """One way to spend the day."""

    place: int
    """Of the step; for a bridge, of the step above it."""
    before: tuple[Source, ...]
    """The sources that come first."""
    is_bridge: bool
    days: float
    """Expected to the goal step, giving up counted in."""


class _Candidates(NamedTuple):
    """Steps, then bridges; every array has one number for each."""

    places: list[int]
    are_bridges: list[bool]
    lasting: FloatArray
    passing: FloatArray
    """Log odds that the lift and the bodily state of now add."""
    able: FloatArray
    feared: FloatArray


def ways(
    state: DomainState, rungs: list[Rung], bridges: dict[int, tuple[float, float]], p: Parameters
) -> list[Way]:
    """Every way to spend the day; `bridges` holds lasting and able log odds of a step below a place."""
    candidates = _candidates(state, rungs, bridges, p)
    goal = rungs[-1].record
    needed = max(1, GOAL - int(goal.worked))
    steps = len(rungs)  # bridges are for today: those of tomorrow are left out
    unsure = sum(rung.met.variance for rung in rungs) / steps + p.slope**2 * p.belief_wander**2
    outlook = Outlook(
        candidates.lasting[:steps], candidates.able[:steps], candidates.feared[:steps], state.openness,
        float(state.attempts), state.approach_mean, unsure, state.approach_variance, steps - 1, needed,
    )  # fmt: skip
    return _weighed(state, candidates, look_ahead(outlook, p), p)


def _candidates(
    state: DomainState, rungs: list[Rung], bridges: dict[int, tuple[float, float]], p: Parameters
) -> _Candidates:
    passing = [rung.met.mean - rung.lasting for rung in rungs] + [rungs[0].met.mean - rungs[0].lasting] * len(
        bridges
    )
    return _Candidates(
        [rung.place for rung in rungs] + list(bridges),
        [False] * len(rungs) + [True] * len(bridges),
        np.array([rung.lasting for rung in rungs] + [lasting for lasting, _ in bridges.values()]),
        np.array(passing),
        np.array([logit(rung.chance.mean) for rung in rungs] + [able for _, able in bridges.values()]),
        np.array([rung.record.feared for rung in rungs] + [rungs[place].record.feared for place in bridges]),
    )


def _weighed(state: DomainState, c: _Candidates, value: Value, p: Parameters) -> list[Way]:
    """Every step and bridge after every set of sources that are worth considering."""
    chances = sigmoid(c.lasting + c.passing)
    none = np.zeros_like(chances)
    felt = vicarious.felt_similarity(SIMILARITY, 1.0, p) + none
    shown = vicarious.shift(state.openness + none, chances, 1.0 + none, felt, float(state.models_seen), p)
    lift = persuasion.lift(chances, CONVEYED + none, CREDIBILITY * state.trust, p)
    read = state.read + CALMING * (1.0 - state.read)
    calm, eased = (
        p.slope * (effect(state.roused, read, p) - effect(state.roused, state.read, p)) + none
        for effect in (affect.on_belief, affect.on_performance)
    )
    effects: dict[Source, tuple[FloatArray, FloatArray, FloatArray]] = {
        "model": (p.slope * shown, none, shown),
        "assurance": (p.slope * lift, none, none),
        "reappraisal": (calm, eased, none),
    }
    open_to = [source for source in SOURCES if _is_open(source, state)]
    sets = [chosen for size in range(len(open_to) + 1) for chosen in combinations(open_to, size)]
    total = [
        [sum((effects[source][part] for source in chosen), none) for part in range(3)] for chosen in sets
    ]
    sure, able, learned = (np.array([parts[part] for parts in total]) for part in range(3))
    cost = COST * np.array([[float(len(chosen))] for chosen in sets]) + none
    steps = np.tile(np.arange(chances.size), (len(sets), 1))
    feared = np.tile(c.feared, (len(sets), 1))
    days = value.of(Today(steps, c.lasting + c.passing + sure, c.able + able, feared, learned, cost))
    return [
        Way(place, chosen, is_bridge, float(days[row, column]))
        for row, chosen in enumerate(sets)
        for column, (place, is_bridge) in enumerate(zip(c.places, c.are_bridges, strict=True))
    ]


def _is_open(source: Source, state: DomainState) -> bool:
    if source == "assurance":
        return state.since_assured is None or state.since_assured >= _BETWEEN
    return source == "model" or (state.roused > 0.0 and state.read < 1.0)
