"""Two people find each other: one makes an offer, the other takes it, and a bond is there.

Either side may begin: a person lets somebody in, or a coach asks to be let in. The offer is a link with a
random code of 192 bits, of which the store keeps the hash alone. It is good for one person, once; into a
group or a study, for many. Whoever was let in sees nothing until the person says what: they consent knowing
whom.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

from rung.app.accounts.sessions import token_hash
from rung.app.model import PersonId
from rung.app.policies import Action, Role, permitted
from rung.app.ports import Bond, Consent, Invitation, Offer, Services, Transaction
from rung.app.sharing.consenting import check_consents
from rung.app.wording import LONGEST_NAME
from rung.errors import Conflict, InvalidInput, NotFound
from rung.words import _, ngettext

__all__ = [
    "DAYS",
    "FOR_MANY",
    "MOST_OPEN",
    "Offered",
    "accept",
    "invite",
    "offer_of",
    "offers_of",
    "take_back",
]

DAYS = (1, 7, 14, 30)
"""For how many days an offer can be good."""
MOST_OPEN = 100
"""Open offers of one person: a class, and some more."""
FOR_MANY = 500
"""How many people can take one link into a group or a study."""


@dataclass(frozen=True, slots=True)
class Offered:
    """An offer as the one sees it who may take it."""

    offer: Offer
    name: str
    """Of who made it."""
    is_own: bool
    group: str = ""
    """Name of the group, where it is one."""


def invite(
    services: Services,
    actor: PersonId,
    role: Role,
    *,
    lets_in: bool,
    label: str = "",
    days: int = 14,
    group: str | None = None,
    for_a_stranger: bool = False,
) -> str:
    """Make an offer, and return its code, which is shown once.

    For a stranger it is good for making an account as well.
    """
    if days not in DAYS:
        raise InvalidInput(_("An invitation is good for 1, 7, 14 or 30 days: choose one of them"))
    if lets_in and role is Role.LEADER:
        raise InvalidInput(_("Who leads a group invites into it: ask them for their link"))
    label = " ".join(label.split())[:LONGEST_NAME]
    now = services.clock.now()
    with services.store.writing(actor) as tx:
        permitted(actor, Action.SHARE, tx.people.get(actor), "account")
        if group is not None:
            permitted(actor, Action.SHARE, tx.groups.get(actor, group), "group")
        elif role is Role.LEADER:
            raise InvalidInput(_("Choose the group that they are to join"))
        tx.offers.remove_expired(now)
        _check_room(len(tx.offers.of(actor)))
        code = secrets.token_urlsafe(24)
        until = now + timedelta(days=days)
        uses = FOR_MANY if role in (Role.LEADER, Role.RESEARCHER) and not lets_in else 1
        tx.offers.add(
            Offer(actor, str(uuid4()), token_hash(code), role, lets_in, label, now, until, group, uses)
        )
        if for_a_stranger:
            tx.invitations.add(Invitation(actor, token_hash(code), now, until, uses))
    return code


def offers_of(services: Services, actor: PersonId, *, lets_in: bool) -> list[Offer]:
    """The open offers of the actor, oldest first: those that let in, or those that ask to be let in."""
    now = services.clock.now()
    with services.store.reading() as tx:
        made = tx.offers.of(actor)
    return [offer for offer in made if offer.lets_in == lets_in and now < offer.expires_at]


def take_back(services: Services, actor: PersonId, offer_id: str) -> None:
    """Make an offer good for nothing; one that is none any more is no fault."""
    with services.store.writing(actor) as tx:
        for offer in tx.offers.of(actor):
            if offer.id == offer_id:
                tx.offers.remove(permitted(actor, Action.SHARE, offer, "invitation"))
                _close_joining(tx, offer)


def offer_of(services: Services, actor: PersonId, code: str) -> Offered:
    """The offer of a code; `NotFound` where it is not open any more."""
    with services.store.reading() as tx:
        return _offered(services, tx, actor, code)


def accept(
    services: Services,
    actor: PersonId,
    code: str,
    consents: Iterable[Consent] = (),
    *,
    supervised: bool = False,
) -> Bond:
    """Take an offer. Where it asks to be let in, the actor lets them in, with these consents.

    Only who lets in says what is shown, and whether a supervisor reads along.
    """
    with services.store.reading() as tx:
        whose = _offered(services, tx, actor, code)
    if whose.is_own:
        raise Conflict(_("This is your own invitation: send the link to whom it is for"))
    offer = whose.offer
    person, other = (offer.person, actor) if offer.lets_in else (actor, offer.person)
    with services.store.writing(person) as tx:
        given = () if offer.lets_in else check_consents(tx, person, offer.role, consents)
        # Of one lead somebody is in one group alone: else two groups told of them by their difference.
        if any((bond.other, bond.role) == (other, offer.role) for bond in tx.bonds.of(person)):
            raise Conflict(_("You two are connected already"))
        if not tx.offers.use(offer):
            raise _not_open()
        if offer.uses == 1:
            _close_joining(tx, offer)
        along = supervised and not offer.lets_in and offer.role is Role.COACH
        now = services.clock.now()
        bond = Bond(person, str(uuid4()), other, offer.role, now, along, offer.group, tuple(given))
        tx.bonds.put(bond)
    return bond


def _offered(services: Services, tx: Transaction, actor: PersonId, code: str) -> Offered:
    offer = tx.offers.find(token_hash(code.strip()))
    maker = tx.people.get(offer.person) if offer else None
    if offer is None or maker is None or services.clock.now() >= offer.expires_at:
        raise _not_open()
    group = tx.groups.get(offer.person, offer.group) if offer.group else None
    return Offered(offer, maker.name, offer.person == actor, group.name if group else "")


def _close_joining(tx: Transaction, offer: Offer) -> None:
    """An offer that is gone makes no account any more, either."""
    joining = tx.invitations.get(offer.token_hash)
    if joining is not None:
        tx.invitations.remove(joining)


def _check_room(made: int) -> None:
    if made >= MOST_OPEN:
        raise Conflict(
            ngettext(
                "%(count)s invitation is open already: take one back first",
                "%(count)s invitations are open already: take one back first",
                made,
            )
        )


def _not_open() -> NotFound:
    return NotFound(_("This invitation is not open any more"))
