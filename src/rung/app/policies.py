"""Who may do what, in one pure function that every use case asks.

A person may do everything with what is theirs. Somebody else may do what a `Grant` of that person says, as
long as it stands: a coach reads and proposes, a supervisor reads, a group's lead sees numbers of five and
more, a researcher reads the log under a pseudonym. A program acts for its person within its scopes. Who runs
the server looks after it, and reads nobody. What one may not see looks exactly like what does not exist
(`NotFound`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, TypeVar

from rung.app.model import LadderId, PersonId
from rung.app.sharing.fields import Field
from rung.errors import NotFound

__all__ = [
    "OTHERS",
    "SCOPES",
    "Action",
    "Actor",
    "Grant",
    "Owned",
    "Part",
    "Role",
    "Scope",
    "may",
    "permitted",
]


class Action(StrEnum):
    """What somebody may want to do with something."""

    READ_LADDER = "read ladder"
    CHANGE_LADDER = "change ladder"
    RECORD = "record evidence"
    READ_EVIDENCE = "read evidence"
    READ_TEXTS = "read texts"
    CHANGE_EVIDENCE = "change evidence"
    PLAN = "plan a step"
    REMIND = "be reminded"
    NOTE_ESTEEM = "note self-esteem"
    EXPORT = "export"
    IMPORT = "import"
    CHANGE_ACCOUNT = "change account"
    DELETE_ACCOUNT = "delete account"
    INVITE = "invite"
    SHARE = "let somebody in"
    PROPOSE = "propose a step"
    COMMENT = "comment"
    COUNT = "be counted in a group"
    STUDY = "be studied under a pseudonym"
    OPERATE = "look after the server"


class Role(StrEnum):
    """What somebody is to a person who let them in."""

    COACH = "coach"
    SUPERVISOR = "supervisor"
    """Of the person's coach."""
    LEADER = "leader"
    """Of a group that the person is in."""
    RESEARCHER = "researcher"


OTHERS: Mapping[Role, frozenset[Action]] = {
    Role.COACH: frozenset({Action.READ_LADDER, Action.READ_EVIDENCE, Action.PROPOSE, Action.COMMENT}),
    Role.SUPERVISOR: frozenset({Action.READ_LADDER, Action.READ_EVIDENCE}),
    Role.LEADER: frozenset({Action.COUNT}),
    Role.RESEARCHER: frozenset({Action.STUDY}),
}
"""What each role may do, with what it was given."""


class Scope(StrEnum):
    """What a program may do for its person."""

    READ_LADDERS = "read:ladders"
    READ_EVIDENCE = "read:evidence"
    READ_TEXTS = "read:texts"
    WRITE_EVIDENCE = "write:evidence"
    WRITE_LADDERS = "write:ladders"


SCOPES: Mapping[Action, Scope] = {
    Action.READ_LADDER: Scope.READ_LADDERS,
    Action.READ_EVIDENCE: Scope.READ_EVIDENCE,
    Action.READ_TEXTS: Scope.READ_TEXTS,
    Action.RECORD: Scope.WRITE_EVIDENCE,
    Action.CHANGE_EVIDENCE: Scope.WRITE_EVIDENCE,
    Action.PLAN: Scope.WRITE_LADDERS,
    Action.CHANGE_LADDER: Scope.WRITE_LADDERS,
}
"""The scope that each action needs; a program may do nothing else, whatever its scopes."""


class Owned(Protocol):
    """Anything that belongs to a person."""

    @property
    def person(self) -> PersonId:
        """Whose it is."""


@dataclass(frozen=True, slots=True)
class Part:
    """A field of a ladder, or (without one) its name and steps: what somebody else may be shown."""

    person: PersonId
    ladder: LadderId
    field: Field | None = None


@dataclass(frozen=True, slots=True)
class Grant:
    """What one person lets somebody see of one ladder, at this moment."""

    person: PersonId
    """Who lets them."""
    role: Role
    ladder: LadderId
    fields: frozenset[Field]


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, with what others let them see, or through which program."""

    person: PersonId
    grants: tuple[Grant, ...] = ()
    """Those that stand at this moment."""
    scopes: frozenset[Scope] | None = None
    """What a program may do; None where the person acts themselves."""
    ladders: frozenset[LadderId] | None = None
    """The ladders that a program may touch; None = all of the person's."""
    operates: bool = False
    """Whether they look after the server."""


def may(actor: Actor | PersonId, action: Action, subject: Owned) -> bool:
    """Whether the actor may do this with the subject, as things stand at this moment."""
    if not isinstance(actor, Actor):
        actor = Actor(actor)
    if action is Action.OPERATE:
        return actor.operates and actor.scopes is None and actor.person == subject.person
    if actor.scopes is not None:
        return actor.person == subject.person and _is_in_scope(actor, action, subject)
    return actor.person == subject.person or _is_granted(actor, action, subject)


_Subject = TypeVar("_Subject", bound=Owned)


def permitted(actor: Actor | PersonId, action: Action, subject: _Subject | None, what: str) -> _Subject:
    """The subject, or `NotFound` where there is none or the actor may not do this with it."""
    if subject is None or not may(actor, action, subject):
        raise NotFound(f"There is no such {what}")
    return subject


def _is_in_scope(actor: Actor, action: Action, subject: Owned) -> bool:
    if actor.scopes is None or SCOPES.get(action) not in actor.scopes:
        return False
    if actor.ladders is None:
        return True
    return isinstance(subject, Part) and subject.ladder in actor.ladders


def _is_granted(actor: Actor, action: Action, subject: Owned) -> bool:
    """Others see parts of ladders, and nothing else of a person."""
    if not isinstance(subject, Part):
        return False
    return any(
        action in OTHERS[grant.role]
        and (grant.person, grant.ladder) == (subject.person, subject.ladder)
        and (subject.field is None or subject.field in grant.fields)
        for grant in actor.grants
    )
