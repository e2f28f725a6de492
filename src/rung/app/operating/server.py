"""What the operator sees and does on the page of the server; nobody else sees that there is one.

The operator is whose account was made first. They look after the server, and read nobody.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rung.app.accounts.sessions import Visit, check_fresh
from rung.app.model import PersonId
from rung.app.policies import Action, Actor, permitted
from rung.app.ports import Backup, Checked, Finding, Operations, Reason, Restored, Services, Standing
from rung.errors import NotFound

__all__ = [
    "Overview",
    "back_up_now",
    "check_backup",
    "is_operator",
    "look_through",
    "overview",
    "restore_backup",
]


@dataclass(frozen=True, slots=True)
class Overview:
    """What the page of the server shows."""

    standing: Standing
    findings: Sequence[Finding]
    backups: Sequence[Backup]


def is_operator(services: Services, actor: PersonId) -> bool:
    """True for whoever looks after this server."""
    with services.store.reading() as tx:
        return tx.people.first(1) == [actor]


def overview(services: Services, actor: PersonId) -> Overview:
    """How the server stands, what is well at a glance, and its backups, newest first."""
    operations = _operated(services, actor)
    return Overview(operations.standing(), operations.findings(is_thorough=False), operations.backups())


def look_through(services: Services, actor: PersonId) -> Overview:
    """The same, after everything was read."""
    operations = _operated(services, actor)
    return Overview(operations.standing(), operations.findings(is_thorough=True), operations.backups())


def back_up_now(services: Services, actor: PersonId) -> Backup:
    """Make a backup."""
    return _operated(services, actor).back_up(Reason.ASKED)


def check_backup(services: Services, actor: PersonId, name: str) -> Checked:
    """Prove that a backup restores; nothing is changed."""
    return _operated(services, actor).check(name)


def restore_backup(services: Services, actor: PersonId, name: str, visit: Visit) -> Restored:
    """Put a backup in the place of everything; asks for a fresh sign-in."""
    operations = _operated(services, actor)
    with services.store.reading() as tx:
        check_fresh(services, tx, actor, visit)
    return operations.restore(name)


def _operated(services: Services, actor: PersonId) -> Operations:
    who = Actor(actor, operates=is_operator(services, actor))
    with services.store.reading() as tx:
        permitted(who, Action.OPERATE, _Own(actor) if tx.people.get(actor) else None, "page")
    if services.operations is None:
        raise NotFound("There is no such page")
    return services.operations


@dataclass(frozen=True, slots=True)
class _Own:
    """The server, as something of whoever operates it."""

    person: PersonId
