"""One person's events as a model meets them: in order of time, with the rows that are to be predicted.

A scored row is predicted from the rows of the same person before it, and from its own `task`, `domain`,
`time` and `difficulty`; never from anything later or from its own `value` (docs/evidence-log.md).

    judgement   every one that has an earlier one of the same person and domain
    choice      every one
    attempt     every one whose outcome is known and that has an earlier event of the same person and domain

In a choice between two tasks the log names the chosen one in `task`, so that the row tells its own outcome.
It is turned here: `task` is the first of the two by their text, `versus:` names the other one, `value` says
whether the first was chosen, and `difficulty` (which is the chosen one's) is left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from rung.engine.events import Event, asked, turned

__all__ = ["TARGETS", "Series", "Target"]

Target: TypeAlias = Literal["judgement", "choice", "attempt"]
TARGETS: tuple[Target, ...] = ("judgement", "choice", "attempt")


@dataclass(frozen=True, eq=False)
class Series:
    """The events of one person in order of time; those of one moment in the order of the file."""

    person: str
    events: tuple[Event, ...]
    rows: tuple[int, ...]
    """0-based row of each event in the log's file."""
    mirrored: frozenset[int] = frozenset()
    """Places of choices in which the log has the second task as the chosen one."""
    _scored: dict[Target, tuple[int, ...]] = field(default_factory=dict, init=False, repr=False)

    @classmethod
    def of(cls, person: str, events: Sequence[Event], rows: Sequence[int]) -> Series:
        """The events of a person as they stand in a file, put in order, choices between two tasks turned."""
        order = sorted(range(len(events)), key=lambda place: (events[place].time, rows[place]))
        told = [events[place] for place in order]
        asked = tuple(map(turned, told))
        mirrored = [place for place, event in enumerate(told) if event.task != asked[place].task]
        return cls(person, asked, tuple(rows[place] for place in order), frozenset(mirrored))

    def scored(self, target: Target) -> tuple[int, ...]:
        """Places in `events` that are predicted for a target."""
        if target not in self._scored:
            self._scored[target] = tuple(_scored(self.events, target))
        return self._scored[target]

    def asked(self, place: int) -> Event:
        """All that a forecast of an event may know of the event itself; a scored row has nothing else."""
        return asked(self.events[place])


def _scored(events: Sequence[Event], target: Target) -> list[int]:
    places = []
    seen: set[str] = set()
    for place, event in enumerate(events):
        if event.kind == target and event.value is not None and (target == "choice" or event.domain in seen):
            places.append(place)
        if target == "attempt" or event.kind == target:
            seen.add(event.domain)
    return places
