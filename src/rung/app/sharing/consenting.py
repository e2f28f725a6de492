"""What somebody who was let in may see: by ladder and field, until a date, taken back at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from rung.app.model import Ladder, PersonId
from rung.app.policies import Action, Role, permitted
from rung.app.ports import Bond, Consent, Services, Transaction
from rung.app.sharing.fields import ALL_FIELDS, Field
from rung.errors import InvalidInput, NotFound
from rung.words import _

__all__ = [
    "SHOWN_TO",
    "LetIn",
    "bond_of",
    "check_consents",
    "consent",
    "end",
    "let_in",
    "people_with_me",
    "seeing_nothing",
]

STILL_NEW = timedelta(days=7)
"""How long Rung says of somebody who was let in that they see nothing: then it is a decision."""
SHOWN_TO: Mapping[Role, frozenset[Field]] = {
    Role.COACH: ALL_FIELDS,
    Role.SUPERVISOR: frozenset(),
    Role.LEADER: frozenset({Field.JUDGEMENTS, Field.OUTCOMES}),
    Role.RESEARCHER: ALL_FIELDS - {Field.TEXTS},
}
"""What each role can be shown at all. A supervisor sees what the coach's people agree to, and nothing of the
coach; a group's lead sees numbers; a researcher never sees words."""

_BY_NAME = (Role.COACH, Role.SUPERVISOR)


@dataclass(frozen=True, slots=True)
class LetIn:
    """Somebody on the other side of a bond."""

    bond: Bond
    name: str
    """Of the other side; empty for whoever sees numbers or pseudonyms."""
    ladders: tuple[Ladder, ...] = ()
    """The person's ladders, those put away only where they are shown; none where the other side looks."""
    group: str = ""

    def shown(self, now: datetime) -> int:
        """How many ladders are shown at a moment."""
        return sum(1 for consent in self.bond.consents if consent.fields and consent.stands(now))


def let_in(services: Services, actor: PersonId) -> list[LetIn]:
    """Whom the actor let in, oldest first."""
    with services.store.reading() as tx:
        bonds = tx.bonds.of(actor)
        ladders = tx.ladders.of(actor) if bonds else []
        return [_of(tx, bond, bond.other, _shown_or_climbed(bond, ladders)) for bond in bonds]


def seeing_nothing(services: Services, actor: PersonId) -> list[LetIn]:
    """Whom the actor let in within the last week, and who sees nothing yet that they could see."""
    now = services.clock.now()
    with services.store.reading() as tx:
        new = [bond for bond in tx.bonds.of(actor) if now - bond.created_at < STILL_NEW]
        found = [_of(tx, bond, bond.other) for bond in new if SHOWN_TO[bond.role]]
    return [one for one in found if not one.shown(now)]


def people_with_me(services: Services, actor: PersonId, roles: Sequence[Role]) -> list[LetIn]:
    """Who let the actor in as one of these roles, oldest first."""
    with services.store.reading() as tx:
        found = [_of(tx, bond, bond.person) for bond in tx.bonds.held_by(actor, roles)]
    return [one if one.bond.role in _BY_NAME else replace(one, name="") for one in found]


def bond_of(services: Services, actor: PersonId, bond_id: str) -> LetIn:
    """One whom the actor let in."""
    found = [one for one in let_in(services, actor) if one.bond.id == bond_id]
    if not found:
        raise NotFound(_("There is no such page"))
    return found[0]


def consent(
    services: Services,
    actor: PersonId,
    bond_id: str,
    consents: Iterable[Consent],
    *,
    supervised: bool = False,
) -> Bond:
    """Say anew what somebody may see: what is not named is not shown from now on."""
    with services.store.writing(actor) as tx:
        before = _bond(tx, actor, bond_id)
        given = check_consents(tx, actor, before.role, consents)
        kept = {one.ladder: one for one in before.consents}
        given = [_as_before(one, kept.get(one.ladder)) for one in given]
        after = replace(before, consents=tuple(given), supervised=supervised and before.role is Role.COACH)
        tx.bonds.put(after)
    return after


def end(services: Services, actor: PersonId, bond_id: str) -> None:
    """End a bond: nothing is shown from now on. Both sides may; what is ended already is no fault."""
    with services.store.reading() as tx:
        bonds = [*tx.bonds.of(actor), *tx.bonds.held_by(actor, tuple(Role))]
    for bond in bonds:
        if bond.id == bond_id:
            with services.store.writing(bond.person) as tx:
                tx.bonds.remove(bond)


def check_consents(
    tx: Transaction, person: PersonId, role: Role, consents: Iterable[Consent]
) -> list[Consent]:
    """Those that show something, each of a ladder of the person's, cut to what the role may ever see."""
    given = [replace(one, fields=one.fields & SHOWN_TO[role]) for one in consents]
    given = [one for one in given if one.fields]
    known = {ladder.id for ladder in tx.ladders.of(person)} if given else set()
    if any(one.ladder not in known for one in given):
        raise NotFound(_("There is no such ladder"))
    if any(one.until is not None and one.until <= one.given_at for one in given):
        raise InvalidInput(_("The day until which it is shown is over: choose a later one"))
    return given


def _as_before(given: Consent, before: Consent | None) -> Consent:
    """The consent of before where nothing about it changed: it keeps its date."""
    same = before is not None and (before.fields, before.until) == (given.fields, given.until)
    return before if before is not None and same else given


def _shown_or_climbed(bond: Bond, ladders: Iterable[Ladder]) -> tuple[Ladder, ...]:
    shown = {consent.ladder for consent in bond.consents}
    return tuple(ladder for ladder in ladders if ladder.archived_at is None or ladder.id in shown)


def _bond(tx: Transaction, actor: PersonId, bond_id: str) -> Bond:
    found = next((bond for bond in tx.bonds.of(actor) if bond.id == bond_id), None)
    return permitted(actor, Action.SHARE, found, "page")


def _of(tx: Transaction, bond: Bond, whom: PersonId, ladders: tuple[Ladder, ...] = ()) -> LetIn:
    account = tx.people.get(whom)
    group = tx.groups.get(bond.other, bond.group) if bond.group else None
    return LetIn(bond, account.name if account else "", ladders, group.name if group else "")
