"""Letting somebody in: offers, bonds with consents, links, what was read, and what others left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from rung.app.model import LadderId, PersonId
from rung.app.policies import Role
from rung.app.sharing.fields import Field

__all__ = [
    "KINDS_LEFT",
    "LEFT_STATES",
    "VIEWS",
    "Bond",
    "Bonds",
    "Consent",
    "Group",
    "GroupWeek",
    "Groups",
    "Left",
    "LeftByOthers",
    "Link",
    "Links",
    "Offer",
    "Offers",
    "Read",
    "Reads",
    "Snoozes",
]

VIEWS = ("caseload", "ladder", "sheet", "report", "study", "group")
"""Where somebody else looked."""
KINDS_LEFT = ("step", "split", "bridge", "homework", "comment", "praise", "story")
"""What a coach can leave: proposed steps, something to do, a comment, an encouragement, a story."""
LEFT_STATES = ("open", "taken", "declined")


@dataclass(frozen=True, slots=True)
class Offer:
    """An open invitation between two people; its code itself is never stored."""

    person: PersonId
    """Who made it."""
    id: str
    token_hash: bytes
    role: Role
    """What the one who is let in will be."""
    lets_in: bool
    """True where the one who made it lets the other in; False where they ask to be let in."""
    label: str
    """Whom it is for, in the words of who made it."""
    created_at: datetime
    expires_at: datetime
    group: str | None = None
    uses: int = 1
    """How many people may still take it."""


@dataclass(frozen=True, slots=True)
class Consent:
    """What is shown of one ladder, and until when."""

    ladder: LadderId
    fields: frozenset[Field]
    given_at: datetime
    until: datetime | None = None
    """The moment from which it is shown no more; None = until it is taken back."""

    def stands(self, now: datetime) -> bool:
        """Whether it holds at a moment."""
        return self.until is None or now < self.until


@dataclass(frozen=True, slots=True)
class Bond:
    """Somebody whom a person let in."""

    person: PersonId
    """Who lets in, and may end it at any time."""
    id: str
    other: PersonId
    role: Role
    created_at: datetime
    supervised: bool = False
    """Whether the coach's supervisor may read along."""
    group: str | None = None
    consents: tuple[Consent, ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """A secret address of one report; the address itself is never stored."""

    person: PersonId
    id: str
    token_hash: bytes
    ladder: LadderId
    fields: frozenset[Field]
    created_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Read:
    """One look that somebody else took."""

    person: PersonId
    id: str
    at: datetime
    reader: str
    """Their name at that time, and what they are to the person; empty for whoever had a link."""
    view: str
    ladder: LadderId | None
    fields: frozenset[Field]


@dataclass(frozen=True, slots=True)
class Left:
    """Something that somebody else proposed, said or shared, for the person to take or leave."""

    person: PersonId
    id: str
    by: PersonId | None
    """None where they are gone."""
    ladder: LadderId
    kind: str
    state: str
    made_at: datetime
    content: Mapping[str, object] = field(default_factory=dict)
    """`who` it is from, and what the kind needs, as JSON values."""
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class GroupWeek:
    """A week of a group as it was counted, once; None where fewer than five people stand behind a number."""

    begins: str
    """Its Monday, as 2026-11-23."""
    active: int | None
    """People who tried or judged something: the number rounded down to fives."""
    tries: float | None
    """Tries for each of them, on average, to halves."""
    worked: float | None
    """Share of tries that worked, on average over people, to tenths."""
    change: int | None
    """Change of how sure they are, in points of 100, on average over people, to fives."""


@dataclass(frozen=True, slots=True)
class Group:
    """A class or a ward: its lead sees numbers of five and more."""

    person: PersonId
    """Who leads it."""
    id: str
    name: str
    created_at: datetime
    figures: tuple[GroupWeek, ...] = ()
    """The weeks that were counted, oldest first."""


class Offers(Protocol):
    """Open invitations between people."""

    def of(self, person: PersonId) -> list[Offer]:
        """All that a person made, oldest first."""

    def find(self, token_hash: bytes) -> Offer | None:
        """The one of this code."""

    def add(self, offer: Offer) -> None:
        """Store a new one."""

    def use(self, offer: Offer) -> bool:
        """Use it once, and forget it with its last use; False where somebody else was faster."""

    def remove(self, offer: Offer) -> bool:
        """Forget it; False where it was gone already."""

    def remove_expired(self, moment: datetime) -> None:
        """Drop what expired before the moment."""


class Bonds(Protocol):
    """Who let whom in, with the consents."""

    def of(self, person: PersonId) -> list[Bond]:
        """Whom the person let in, oldest first."""

    def held_by(self, other: PersonId, roles: Sequence[Role]) -> list[Bond]:
        """Who let this one in, as one of these roles, oldest first."""

    def supervised_by(self, supervisor: PersonId) -> list[Bond]:
        """Bonds of people with coaches whom this one supervises, where the person agreed."""

    def in_group(self, leader: PersonId, group: str) -> list[Bond]:
        """Those of a group."""

    def put(self, bond: Bond) -> None:
        """Store the bond with its consents as they are now."""

    def remove(self, bond: Bond) -> None:
        """End it: it and its consents are gone."""


class Links(Protocol):
    """Secret addresses of reports."""

    def of(self, person: PersonId) -> list[Link]:
        """All of a person, oldest first."""

    def find(self, token_hash: bytes) -> Link | None:
        """The one of this address, expired or not."""

    def add(self, link: Link) -> None:
        """Store a new one."""

    def remove(self, person: PersonId, link_id: str) -> None:
        """Make it good for nothing."""

    def remove_expired(self, moment: datetime) -> None:
        """Drop what expired before the moment."""


class Reads(Protocol):
    """Every look that somebody else took."""

    def add(self, reads: Sequence[Read]) -> None:
        """Note that somebody looked."""

    def add_once(self, reads: Sequence[Read]) -> None:
        """Note those looks that are not noted yet under their id."""

    def of(self, person: PersonId, limit: int, before: datetime | None = None) -> list[Read]:
        """The last looks at a person's things, newest first."""


class LeftByOthers(Protocol):
    """What others proposed, said and shared."""

    def of(
        self, person: PersonId, ladder: LadderId | None = None, states: Sequence[str] = LEFT_STATES
    ) -> list[Left]:
        """What was left with a person, newest first."""

    def get(self, person: PersonId, left_id: str) -> Left | None:
        """One of them."""

    def open_by(self, by: PersonId) -> list[Left]:
        """What somebody left and nobody answered yet, of all people."""

    def put(self, left: Left) -> None:
        """Store it as it is now."""

    def remove(self, person: PersonId, left_id: str) -> None:
        """Delete it."""


class Snoozes(Protocol):
    """Whom a coach does not want to see in the caseload for a while."""

    def of(self, person: PersonId, now: datetime) -> dict[PersonId, datetime]:
        """Until when, by whom it is about; those that are over are left out."""

    def put(self, person: PersonId, about: PersonId, until: datetime | None) -> None:
        """Set it to end then; None = at once."""


class Groups(Protocol):
    """Classes and wards."""

    def of(self, person: PersonId) -> list[Group]:
        """Those that a person leads, oldest first."""

    def get(self, person: PersonId, group: str) -> Group | None:
        """One of them."""

    def put(self, group: Group) -> None:
        """Store it."""

    def remove(self, person: PersonId, group: str) -> None:
        """Delete it with its bonds."""
