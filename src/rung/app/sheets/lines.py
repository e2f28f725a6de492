"""What stands on a sheet: plain facts, by the part that they belong to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from rung.app.deeds import Deed
from rung.app.history import Fear
from rung.app.model import Did, Ladder, Step, StepId
from rung.app.ports import Plan
from rung.app.sharing.fields import ALL_FIELDS, Field
from rung.engine import Estimate
from rung.engine.measures import Change, Congruence, Noise

__all__ = ["Focus", "Goals", "Moved", "Sheet", "StepLine", "Told"]


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step that is climbed."""

    step: Step
    place: int
    """From 1, the easiest."""
    before: float | None = None
    """The judgement that stood when the time began, 0 to 1."""
    rating: float | None = None
    """The judgement that stands at its end."""
    is_new: bool = False
    """True where that was given in this time."""
    sure: Estimate | None = None
    """How sure the person is of it at the end."""
    tried: int = 0
    worked: int = 0
    """Tries of this time, and those of them that worked as a whole."""
    tried_ever: int = 0
    worked_ever: int = 0
    """The same up to its end, whenever they were."""


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody made of one deed."""

    step: StepId
    at: datetime
    did: Did | None = None
    """What became of it; None where that is not shown."""
    cause: str = ""
    """Id of the answer to what made it so."""
    texts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Moved:
    """How judgements moved from those that stood at the beginning to those that were given since."""

    steps: int
    """How many steps were judged before and since."""
    before: float
    after: float
    """Means over these steps, 0 to 1."""
    change: Change
    """Of the mean, against the noise of such a mean."""
    noise: Noise
    """Of one judgement."""
    single: tuple[tuple[Step, Change], ...]
    """Steps that moved by more than the noise of one judgement, easiest first."""


@dataclass(frozen=True, slots=True)
class Goals:
    """Scaled goals, as they stood at the end."""

    names: tuple[str, ...] | None
    """None where words are not shown."""
    words: tuple[str, ...] | None
    """What the level reached looks like; None where words are not shown."""
    levels: tuple[int, ...]
    noted_at: datetime
    score: float
    first: float | None = None
    """The score that was noted first, where that was another time."""
    first_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Focus:
    """Something worth looking at, and the numbers that speak for it; `focus.RULES` lists the kinds."""

    kind: str
    step: Step | None = None
    below: Step | None = None
    numbers: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One ladder between two sessions; a part that is not shown is None."""

    ladder: Ladder
    since: datetime
    until: datetime
    made_at: datetime
    fields: frozenset[Field]
    """What is shown."""
    plans: tuple[Plan, ...] | None = None
    """Those that were for this time, by their time."""
    deeds: tuple[Deed, ...] | None = None
    """Of this time, oldest first."""
    steps: tuple[StepLine, ...] = ()
    """Easiest first; the columns that are not shown are empty."""
    fears: tuple[Fear, ...] | None = None
    told: tuple[Told, ...] | None = None
    """Newest first."""
    moved: Moved | None = None
    """None where nothing was judged both before and since."""
    matched: Congruence | None = None
    """Of this time."""
    matched_ever: Congruence | None = None
    """Up to its end."""
    goals: Goals | None = None
    focus: tuple[Focus, ...] = ()
    is_empty: bool = False
    """True where nothing was judged, tried or let pass up to the end, of what is shown."""

    @property
    def hidden(self) -> frozenset[Field]:
        """What is not shown."""
        return ALL_FIELDS - self.fields

    def count(self, *dids: Did) -> int:
        """How often this became of a step in this time."""
        return sum(deed.did in dids for deed in self.deeds or ())
