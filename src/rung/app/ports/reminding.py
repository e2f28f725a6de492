"""Reminders, what was sent of them, where to send it, and what sends it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple, NewType, Protocol

from rung.app.model import LadderId, PersonId, StepId
from rung.app.reminding.occasions import Rule

__all__ = [
    "ABOUT",
    "Deliveries",
    "Delivery",
    "DueReminder",
    "Feed",
    "Feeds",
    "Letter",
    "Mail",
    "Outcome",
    "Push",
    "Reminder",
    "ReminderId",
    "Reminders",
    "Senders",
    "Sent",
    "Subscription",
    "Subscriptions",
]

ReminderId = NewType("ReminderId", str)

ABOUT = ("step", "ladder", "plan", "judge")
"""What a reminder can be about: one step, whatever is next on a ladder, a plan, judging a ladder again."""


@dataclass(frozen=True, slots=True)
class Reminder:
    """When to remind of what, and how far that has come."""

    id: ReminderId
    person: PersonId
    about: str
    """Of `ABOUT`."""
    ladder: LadderId
    step: StepId | None
    plan: str
    """Id of the plan; empty where it is about none. The plan then says when, not the rule."""
    rule: Rule
    zone: str
    """The time zone where it was made, for a person who has decided on none."""
    language: str
    """The language that it was made in, likewise."""
    created_at: datetime
    names: bool = False
    """True where messages may say the name of the step."""
    window: timedelta = timedelta(hours=2)
    """How long after its moment it may still come."""
    before: timedelta = timedelta()
    """How long before the moment of its plan it comes."""
    is_on: bool = True
    next_at: datetime | None = None
    """The next moment of the rule; it is later than every moment that was dealt with."""
    again_at: datetime | None = None
    """The moment that it was put off to."""
    waiting_since: datetime | None = None
    """The moment that waits on the page Today; None once it is done or put off."""
    due_at: datetime | None = None
    """When there is next something to do about it: a moment, or a message to be sent again."""


class DueReminder(NamedTuple):
    """A reminder, and when there is something to do about it."""

    person: PersonId
    id: ReminderId
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message of one reminder for one moment, by one way."""

    person: PersonId
    reminder: ReminderId
    due_at: datetime
    """The moment of the rule: with the reminder and the way, it is the message's identity."""
    channel: str
    """`email`, or `push:` and the id of a subscription."""
    state: str = "waiting"
    """Of `rung.app.model.DELIVERY_STATES`."""
    tries: int = 0
    claimed_until: datetime | None = None
    """Until then nobody else touches it: it is being sent, or waits to be tried again."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """One browser that takes web push."""

    id: str
    person: PersonId
    endpoint: str
    p256dh: str
    auth: str
    server_key: str
    """The public key of the server that it was made for."""
    agent: str
    """What the browser says of itself, for the person to know it by."""
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Feed:
    """That a person has a calendar address; the address itself is not stored."""

    person: PersonId
    token_hash: bytes
    created_at: datetime


class Reminders(Protocol):
    """Reminders of people."""

    def of(self, person: PersonId) -> list[Reminder]:
        """All reminders of the person, oldest first."""

    def get(self, person: PersonId, reminder_id: ReminderId) -> Reminder | None:
        """One reminder of the person."""

    def put(self, reminder: Reminder) -> None:
        """Store the reminder as it is now."""

    def remove(self, person: PersonId, reminder_id: ReminderId) -> None:
        """Delete the reminder, and what was sent of it."""

    def postpone(self, person: PersonId, reminder_id: ReminderId, until: datetime) -> None:
        """Look at the reminder later, without reading it."""

    def soonest(self, most: int) -> list[DueReminder]:
        """Of all people, the reminders with something to do first."""


class Deliveries(Protocol):
    """What is to be sent, and what was."""

    def unsettled(self, person: PersonId, reminder_id: ReminderId) -> list[Delivery]:
        """What is waiting or being sent, oldest first."""

    def add(self, deliveries: Sequence[Delivery]) -> None:
        """Store new ones; those that are there already stay as they are."""

    def claim(self, delivery: Delivery, now: datetime, until: datetime) -> bool:
        """Take it for sending, until a moment; False where somebody else was faster."""

    def settle(
        self, delivery: Delivery, state: str, at: datetime, claimed_until: datetime | None = None
    ) -> None:
        """Say what became of it, unless somebody else has taken it over."""

    def forget_before(self, person: PersonId, reminder_id: ReminderId, moment: datetime) -> None:
        """Drop what is older and settled."""


class Subscriptions(Protocol):
    """Browsers that take web push."""

    def of(self, person: PersonId) -> list[Subscription]:
        """Those of the person, oldest first."""

    def put(self, subscription: Subscription) -> None:
        """Store it as it is now; nobody else has this browser any longer."""

    def remove(self, person: PersonId, subscription_id: str) -> None:
        """Forget it."""


class Feeds(Protocol):
    """Secret addresses of calendars."""

    def get(self, person: PersonId) -> Feed | None:
        """That of the person."""

    def find(self, token_hash: bytes) -> Feed | None:
        """Whose address it is."""

    def put(self, feed: Feed) -> None:
        """Store it in the place of the one before."""

    def remove(self, person: PersonId) -> None:
        """Forget it: the address leads nowhere."""


class Outcome(StrEnum):
    """What became of something that was sent."""

    SENT = "sent"
    LATER = "later"
    """Not now: worth another try."""
    REFUSED = "refused"
    GONE = "gone"
    """Nobody is there any longer."""


class Sent(NamedTuple):
    """What became of something that was sent, and how long to wait at least before another try."""

    outcome: Outcome
    wait: timedelta = timedelta()


@dataclass(frozen=True, slots=True)
class Letter:
    """What a message says, and its identity: the same letter sent twice is seen once."""

    identity: str
    """At most 32 characters of A-Z, a-z, 0-9, - and _."""
    title: str
    body: str
    link: str
    footer: str
    language: str
    direction: str
    lasts: timedelta
    """How long it is worth to be delivered."""


class Mail(Protocol):
    """Sends e-mail."""

    def send(self, letter: Letter, to: str) -> Sent:
        """Send the letter to an address."""


class Push(Protocol):
    """Sends web push."""

    @property
    def public_key(self) -> str:
        """The key that browsers subscribe with."""

    def check(self, subscription: Subscription) -> None:
        """`InvalidInput` where nothing may be sent there."""

    def send(self, letter: Letter, to: Subscription) -> Sent:
        """Send the letter to a browser."""


@dataclass(frozen=True, slots=True)
class Senders:
    """What can send messages here, and where links in them lead."""

    mail: Mail | None = None
    push: Push | None = None
    address: str = "http://localhost:8000"
    """Where people reach Rung, without a slash at the end."""
