"""Rules for the next step that coaches and apps use today: the rivals of Rung's planner.

They pick steps, and nothing else; `Helped` adds every source on every day to any of them.
"""

from __future__ import annotations

import numpy as np

from rung.engine.scales import FloatArray
from rung.engine.simulation.climbs import Knowing, Truth, own_choice
from rung.engine.simulation.policies import (
    ASSURANCE,
    MODEL,
    REAPPRAISAL,
    Advice,
    BoolArray,
    IntArray,
    Policy,
    View,
)

__all__ = [
    "RULES",
    "EasiestFirst",
    "FixedOrder",
    "FourCells",
    "HardestTolerable",
    "Helped",
    "Random",
    "SelfChosen",
    "Staircase",
]

_SURE = 0.5
"""Judgement from which somebody counts as sure; an assumption."""
_FIRM = 2.0
"""Times that a step has to work before the easiest-first rule leaves it; an assumption."""


class FixedOrder:
    """Every step of the ladder in its order, each until it has worked once."""

    name = "fixed order"

    def advise(self, view: View) -> Advice:
        """The first step that has not worked yet; the last one where all have."""
        return Advice(_first(view.worked == 0.0))


class EasiestFirst:
    """Always the step that the person is surest of, among those that have not worked twice."""

    name = "easiest first"

    def advise(self, view: View) -> Advice:
        """The step judged highest that has worked less than twice; the last one where all have."""
        ratings = np.where(view.worked < _FIRM, _ratings(view, 0.5), -1.0)
        ratings[-1] = np.where(view.worked.min(axis=0) >= _FIRM, 2.0, ratings[-1])
        return Advice(ratings.argmax(axis=0))


class HardestTolerable:
    """The hardest step that the person says to be sure enough of (exposure's "as hard as you can bear")."""

    name = "hardest tolerable"

    def __init__(self, tolerable: float = 0.4) -> None:
        """`tolerable` is the judgement from which a step is taken: .3 and .4 do best in our scenes."""
        self.tolerable = tolerable

    def advise(self, view: View) -> Advice:
        """The hardest step judged at least so; the easiest where none is."""
        return Advice(_last(_ratings(view, 0.0) >= self.tolerable))


class Random:
    """Any step."""

    name = "random"

    def advise(self, view: View) -> Advice:
        """A draw."""
        return Advice(view.random.integers(view.steps, size=view.people))


class Staircase:
    """One up after a success, one down after a failure; the same again where it was let pass."""

    name = "staircase"

    def advise(self, view: View) -> Advice:
        """From the easiest up."""
        return Advice(_moved(view, _has_worked(view), _has_failed(view)))


class FourCells:
    """Muoviti! (Baretta et al. 2019): harder where done and sure, easier where neither, else the same."""

    name = "four cells (Muoviti!)"

    def advise(self, view: View) -> Advice:
        """By the last outcome and the last judgement of that step."""
        done, sure = _has_worked(view), view.at(view.ratings, view.last) >= _SURE
        return Advice(_moved(view, done & sure, ~done & ~sure & (view.day > 0)))


class SelfChosen:
    """What the person would pick on their own."""

    name = "self-chosen"

    def advise_knowing(self, view: View, truth: Truth) -> Advice:
        """A draw by how sure they feel, and what a step is worth."""
        return Advice(own_choice(truth, view.random))


class Helped:
    """A rule's step, with every source before it: a model and the heartbeat read anew each day, an assurance
    every other day.

    No rule says so; it shows how much of a difference comes from the sources alone.
    """

    def __init__(self, rule: Policy) -> None:
        self.name = f"{rule.name}, helped"
        self._rule = rule

    def advise(self, view: View) -> Advice:
        """The rule's step."""
        assured = ASSURANCE * (view.day % 2 == 0)
        return self._rule.advise(view)._replace(before=MODEL + REAPPRAISAL + assured)


RULES: tuple[Policy | Knowing, ...] = (
    FixedOrder(),
    EasiestFirst(),
    HardestTolerable(),
    Random(),
    Staircase(),
    FourCells(),
    SelfChosen(),
)
"""All that pick steps alone."""


def _ratings(view: View, unknown: float) -> FloatArray:
    return np.nan_to_num(view.ratings, nan=unknown)


def _has_worked(view: View) -> BoolArray:
    worked: BoolArray = view.went & (np.nan_to_num(view.outcome, nan=0.0) >= 0.5)
    return worked


def _has_failed(view: View) -> BoolArray:
    failed: BoolArray = view.went & (np.nan_to_num(view.outcome, nan=1.0) < 0.5)
    return failed


def _moved(view: View, up: BoolArray, down: BoolArray) -> IntArray:
    """One step up, one down, or the last one again."""
    moved: IntArray = np.clip(view.last + up.astype(np.int64) - down, 0, view.steps - 1)
    return moved


def _first(these: BoolArray) -> IntArray:
    """The first row that is true for each person; the last row where none is."""
    return np.where(these.any(axis=0), these.argmax(axis=0), len(these) - 1)


def _last(these: BoolArray) -> IntArray:
    """The last row that is true for each person; the first row where none is."""
    return np.where(these.any(axis=0), len(these) - 1 - these[::-1].argmax(axis=0), 0)
