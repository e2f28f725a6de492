"""What a policy is asked and answers: which step next, and whether one of the other three sources first.

A policy of one's own needs a `name` and `advise`:

    class OneUp:
        name = "one up after each success"

        def advise(self, view: View) -> Advice:
            worked = view.went & (view.outcome >= 0.5)
            return Advice(np.clip(view.last + worked, 0, view.steps - 1))

Arrays have shape (n,), one number a person, or (k, n), one row a step, easiest first. A policy sees what a
coach or an app can know (plans, judgements, what was done), and never the truth behind it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, Protocol, TypeAlias, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from rung.engine.events import Event
from rung.engine.scales import FloatArray

__all__ = [
    "ASSURANCE",
    "MODEL",
    "NOTHING",
    "REAPPRAISAL",
    "Advice",
    "BoolArray",
    "IntArray",
    "Policy",
    "View",
]

IntArray: TypeAlias = NDArray[np.int64]
BoolArray: TypeAlias = NDArray[np.bool_]

NOTHING, MODEL, ASSURANCE, REAPPRAISAL = 0, 1, 2, 4
"""What comes before the step: nothing, a model seen, an assurance heard, the heartbeat read anew; sums."""


class View(NamedTuple):
    """What is known of each person on the morning of a day."""

    day: int
    difficulties: FloatArray
    """Of the steps, logits, easiest first, shape (k,)."""
    ratings: FloatArray
    """Last judgement of each step, 0 to 1, nan where there is none; shape (k, n)."""
    tried: FloatArray
    """Attempts at each step, shape (k, n)."""
    worked: FloatArray
    """Those that worked."""
    passed: FloatArray
    """Times that each step was let pass."""
    last: IntArray
    """Step of the last occasion that is known of; 0 before the first."""
    went: BoolArray
    """Whether it was gone for; False before the first."""
    outcome: FloatArray
    """What came of it, 0 to 1; nan where it was let pass, and before the first."""
    failures: FloatArray
    """Attempts in a row, up to the last, that did not work."""
    active: BoolArray
    """Who is still on the way: neither at the goal nor given up."""
    events: Callable[[int], list[Event]]
    """What was logged of a person since this was last asked."""
    random: np.random.Generator

    @property
    def steps(self) -> int:
        """How many steps the ladder has."""
        return len(self.difficulties)

    @property
    def people(self) -> int:
        """How many people there are."""
        return len(self.last)

    def at(self, rows: FloatArray, steps: IntArray) -> FloatArray:
        """The number of each person's own step, from rows of shape (k, n)."""
        own: FloatArray = rows[steps, np.arange(self.people)]
        return own


class Advice(NamedTuple):
    """What each person is advised to do today."""

    step: IntArray
    """Index of the step, shape (n,)."""
    before: IntArray | int = NOTHING
    """What comes first."""
    bridge: BoolArray | bool = False
    """True where half the way to the step, from the one below it, is meant."""


@runtime_checkable
class Policy(Protocol):
    """A rule that picks the next step for everybody, once a day."""

    @property
    def name(self) -> str:
        """How it is called in tables."""

    def advise(self, view: View) -> Advice:
        """The advice for one day."""
