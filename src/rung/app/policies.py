"""Who may do what, in one pure function that every use case asks.

Rule of today: a person may do everything with what is theirs, and nothing with anybody else's.
What is not theirs looks exactly like what does not exist (`NotFound`).
"""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol, TypeVar

from rung.app.model import PersonId
from rung.errors import NotFound

__all__ = ["Action", "Owned", "may", "permitted"]


class Action(StrEnum):
    """What somebody may want to do with something."""

    READ_LADDER = "read ladder"
    CHANGE_LADDER = "change ladder"
    RECORD = "record evidence"
    READ_EVIDENCE = "read evidence"
    CHANGE_EVIDENCE = "change evidence"
    PLAN = "plan a step"
    REMIND = "be reminded"
    NOTE_ESTEEM = "note self-esteem"
    EXPORT = "export"
    IMPORT = "import"
    CHANGE_ACCOUNT = "change account"
    DELETE_ACCOUNT = "delete account"
    INVITE = "invite"


class Owned(Protocol):
    """Anything that belongs to a person."""

    @property
    def person(self) -> PersonId:
        """Whose it is."""


def may(actor: PersonId, action: Action, subject: Owned) -> bool:
    """Whether the actor may do this with the subject; every action is alike, until there are roles."""
    return actor == subject.person


_Subject = TypeVar("_Subject", bound=Owned)


def permitted(actor: PersonId, action: Action, subject: _Subject | None, what: str) -> _Subject:
    """The subject, or `NotFound` where there is none or the actor may not do this with it."""
    if subject is None or not may(actor, action, subject):
        raise NotFound(f"There is no such {what}")
    return subject
