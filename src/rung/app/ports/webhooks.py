"""Webhooks: addresses that are told what happens, and what became of each telling."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple, Protocol

from rung.app.model import PersonId

__all__ = ["NOTICE_STATES", "Happening", "Notice", "Notifier", "Posted", "Webhook", "Webhooks"]

NOTICE_STATES = ("waiting", "sent", "failed")


@dataclass(frozen=True, slots=True)
class Webhook:
    """One address that is told what happens."""

    person: PersonId
    id: str
    name: str
    url: str
    secret: str
    """What messages are signed with."""
    kinds: frozenset[str]
    """What it is told."""
    created_at: datetime
    looked_at: datetime
    """When it was last looked whether something happened."""
    seen: int = 0
    """Number of the last entry of the log that was looked at."""
    ladders: Mapping[str, str] = field(default_factory=dict)
    """What each ladder looked like, as a digest."""


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing that an address is told; ids and kinds, never words."""

    person: PersonId
    id: str
    webhook: str
    kind: str
    about: Mapping[str, str]
    """Ids by their names."""
    happened_at: datetime
    state: str = "waiting"
    """Of `NOTICE_STATES`."""
    tries: int = 0
    due_at: datetime | None = None
    """When it is to be sent; while it is being sent, when another worker may try."""
    done_at: datetime | None = None
    answer: str = ""
    """What the address answered last, in a word: a status, or why it could not be reached."""


class Happening(NamedTuple):
    """One entry of the log, as far as it is told: no numbers and no words."""

    number: int
    kind: str
    ladder: str
    step: str
    event: str
    revision: int
    withdrawn: bool
    at: datetime


class Posted(NamedTuple):
    """What became of a message."""

    is_taken: bool
    is_worth_another_try: bool
    answer: str


class Webhooks(Protocol):
    """Addresses, and what they are told."""

    def of(self, person: PersonId) -> list[Webhook]:
        """The webhooks of the person, oldest first."""

    def get(self, person: PersonId, webhook_id: str) -> Webhook | None:
        """One webhook of the person."""

    def put(self, webhook: Webhook) -> None:
        """Store it as it is now."""

    def remove(self, webhook: Webhook) -> None:
        """Forget it, and all that it was told."""

    def longest_unseen(self, count: int) -> list[tuple[PersonId, str]]:
        """The webhooks that were looked at longest ago."""

    def happenings(self, person: PersonId, after: int, count: int) -> list[Happening]:
        """Entries of the log that came after one, oldest first."""

    def tell(self, notices: Sequence[Notice]) -> None:
        """Store what is to be told."""

    def notices(self, person: PersonId, webhook_id: str, count: int) -> list[Notice]:
        """What a webhook was told, newest first."""

    def due(self, moment: datetime, count: int) -> list[tuple[PersonId, str]]:
        """What is to be sent by now, longest waiting first."""

    def soonest(self) -> datetime | None:
        """When there is next something to send."""

    def claim(self, person: PersonId, notice_id: str, moment: datetime, until: datetime) -> Notice | None:
        """Take a notice that is due, so that nobody else sends it until then; None where somebody has it."""

    def settle(self, notice: Notice) -> None:
        """Note what became of it."""

    def forget_before(self, person: PersonId, webhook_id: str, moment: datetime) -> None:
        """Drop settled notices that are older."""


class Notifier(Protocol):
    """Brings a message to an address of the public internet."""

    def check(self, url: str) -> None:
        """`InvalidInput` where nothing may be sent there."""

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Posted:
        """Send it, and say what became of it."""
