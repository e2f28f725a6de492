"""Ladders, the evidence log, and the cache of what is derived from it."""

from __future__ import annotations

from collections.abc import Collection, Container, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from rung.app.model import EventId, Ladder, LadderId, PersonId
from rung.engine import Event

__all__ = ["Entry", "EvidenceLog", "Ladders", "SavedState", "States"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One revision of one event, as it stands in the log."""

    event: Event
    recorded_at: datetime
    revision: int = 1
    withdrawn: bool = False
    """True where the person took the event back; it stays in the table, and out of the log as read."""
    reflected: bool = False
    """True from the first reflection on, even an empty one."""
    extra: Mapping[str, object] = field(default_factory=dict)
    """Columns that the format does not know, as JSON values; they survive a round trip."""

    @property
    def person(self) -> PersonId:
        """Whose it is."""
        return PersonId(self.event.person)


@dataclass(frozen=True, slots=True)
class SavedState:
    """What the engine made of a person's log, kept so that it need not be replayed."""

    version: str
    """Model and parameters that made it: a state of another version is never used."""
    stands_on: int
    """Number of the person's last entry that went into it."""
    state: str
    """The engine's own JSON."""


class Ladders(Protocol):
    """Ladders with their steps."""

    def of(self, person: PersonId) -> list[Ladder]:
        """All ladders of the person, archived ones too, oldest first."""

    def get(self, person: PersonId, ladder_id: LadderId) -> Ladder | None:
        """One ladder of the person."""

    def of_many(self, people: Sequence[PersonId], ladders: Sequence[LadderId]) -> list[Ladder]:
        """Those of these ladders that belong to these people, oldest first."""

    def put(self, ladder: Ladder) -> None:
        """Store the ladder and its steps as they are now; steps are never deleted."""


class EvidenceLog(Protocol):
    """The append-only log, and the sealed texts beside it."""

    def append(self, entries: Sequence[Entry]) -> None:
        """Add entries; a revision that exists already is a `Conflict`."""

    def log(self, person: PersonId, domain: str | None = None, since: float | None = None) -> list[Entry]:
        """The log as read: the latest revision of each event that is not withdrawn, in canonical order."""

    def logs(
        self, people: Sequence[PersonId], since: float | None = None, *, whole: Container[PersonId] = ()
    ) -> dict[PersonId, list[Entry]]:
        """The logs of many people as read; who has none is there with an empty one.

        With `since` (seconds since 1970) they begin then, but for those people who are in `whole`.
        """

    def changes(
        self, person: PersonId, domains: Collection[str], after: tuple[str, int] | None, count: int
    ) -> list[Entry] | None:
        """The next events as they stand, those taken back too, by when their last revision came.

        `after` is the id and the revision of the last one that is known; None where there is no such one.
        """

    def revisions(self, person: PersonId, ids: Sequence[str]) -> dict[str, list[Entry]]:
        """Every revision of these events, first to last; ids that do not exist are left out."""

    def has_evidence(self, person: PersonId, domain: str) -> bool:
        """True where the domain has events, withdrawn ones too."""

    def standing(self, person: PersonId) -> int:
        """Number of the person's last entry; 0 for an empty log."""

    def standings(self, people: Sequence[PersonId]) -> dict[PersonId, int]:
        """The same of many people; who has an empty log is left out."""

    def latest(self, person: PersonId) -> Event | None:
        """The last event of the log as read, in canonical order."""

    def outcomes(self, person: PersonId, domain: str, task: str, until: float) -> list[float]:
        """What came of the attempts at a task, up to and with a moment; unknown outcomes are left out."""

    def arousal_of_last(self, person: PersonId, outcome: float, least: float, before: float) -> float | None:
        """Arousal of the last attempt before a moment that had this outcome and at least this arousal."""

    def texts(self, person: PersonId, ids: Sequence[str] | None = None) -> dict[EventId, dict[str, str]]:
        """What the person wrote about these events (None = about any), by event and field."""

    def put_texts(self, person: PersonId, event_id: EventId, texts: Mapping[str, str]) -> None:
        """Replace texts about an event; an empty text deletes what was there."""


class States(Protocol):
    """The cache of derived states: may be lost at any time, and is never older than the log it names."""

    def get(self, person: PersonId) -> SavedState | None:
        """The saved state of a person."""

    def of_many(self, people: Sequence[PersonId]) -> dict[PersonId, SavedState]:
        """The saved states of many people; who has none is left out."""

    def put(self, person: PersonId, saved: SavedState) -> None:
        """Replace the saved state."""

    def drop(self, person: PersonId) -> None:
        """Forget the saved state."""
