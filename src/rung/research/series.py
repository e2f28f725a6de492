"""One person's events as a model meets them: in row order, with the rows that are to be predicted.

A scored row is predicted from the rows of the same person before it, and from its own `task`, `domain`,
`time` and `difficulty`; never from anything later or from its own `value` (docs/evidence-log.md).

    judgement   every one that has an earlier one of the same person and domain
    choice      every one
    attempt     every one whose outcome is known and that has an earlier event of the same person and domain
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from rung.engine.events import Event

__all__ = ["TARGETS", "Series", "Target"]

Target: TypeAlias = Literal["judgement", "choice", "attempt"]
TARGETS: tuple[Target, ...] = ("judgement", "choice", "attempt")


@dataclass(frozen=True, slots=True)
class Series:
    """The events of one person in row order."""

    person: str
    events: tuple[Event, ...]
    rows: tuple[int, ...]
    """0-based row of each event in the log's file."""

    def scored(self, target: Target) -> tuple[int, ...]:
        """Places in `events` that are predicted for a target."""
        seen: set[tuple[str, str]] = set()
        places = []
        for place, event in enumerate(self.events):
            if event.kind == target and event.value is not None and _may_be_scored(event, seen):
                places.append(place)
            seen |= {(event.domain, "any"), (event.domain, event.kind)}
        return tuple(places)


def _may_be_scored(event: Event, seen: Iterable[tuple[str, str]]) -> bool:
    needed = {"judgement": (event.domain, "judgement"), "attempt": (event.domain, "any")}.get(event.kind)
    return needed is None or needed in set(seen)
