"""A report behind a secret address: one ladder, for whoever has the link, until a day.

The link is a random code of 256 bits, of which the store keeps the hash alone. Each look is noted.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import timedelta
from uuid import uuid4

from rung.app.accounts.sessions import token_hash
from rung.app.model import Ladder, LadderId, PersonId
from rung.app.policies import Action, permitted
from rung.app.ports import Link, Services
from rung.app.sharing.fields import Field
from rung.app.sharing.looks import note_look
from rung.errors import Conflict, InvalidInput, NotFound
from rung.words import _

__all__ = ["DAYS", "MOST_LINKS", "end_link", "links_of", "make_link", "open_report"]

DAYS = (1, 7, 30, 90)
MOST_LINKS = 20


def make_link(
    services: Services, actor: PersonId, ladder_id: LadderId, fields: Iterable[Field], days: int
) -> str:
    """Make a link, and return its code, which is shown once."""
    shown = frozenset(fields)
    if not shown:
        raise InvalidInput(_("The report would be empty: choose at least one thing to show"))
    if days not in DAYS:
        raise InvalidInput(_("A link is good for 1, 7, 30 or 90 days: choose one of them"))
    now = services.clock.now()
    with services.store.writing(actor) as tx:
        ladder = permitted(actor, Action.SHARE, tx.ladders.get(actor, ladder_id), "ladder")
        tx.links.remove_expired(now)
        if len(tx.links.of(actor)) >= MOST_LINKS:
            raise Conflict(_("There are as many links as Rung keeps at a time: end one first"))
        code = secrets.token_urlsafe(32)
        tx.links.add(
            Link(actor, str(uuid4()), token_hash(code), ladder.id, shown, now, now + timedelta(days=days))
        )
    return code


def links_of(services: Services, actor: PersonId) -> list[tuple[Link, Ladder]]:
    """The actor's links that are still good, each with its ladder, oldest first."""
    now = services.clock.now()
    with services.store.reading() as tx:
        links = [link for link in tx.links.of(actor) if now < link.expires_at]
        ladders = {ladder.id: ladder for ladder in tx.ladders.of(actor)} if links else {}
    return [(link, ladders[link.ladder]) for link in links]


def end_link(services: Services, actor: PersonId, link_id: str) -> None:
    """Make a link good for nothing; one that is none any more is no fault."""
    with services.store.writing(actor) as tx:
        tx.links.remove(actor, link_id)


def open_report(services: Services, code: str) -> Link:
    """The link of a code, its look noted; `NotFound` where there is none that is good."""
    with services.store.reading() as tx:
        link = tx.links.find(token_hash(code))
    if link is None or services.clock.now() >= link.expires_at:
        raise NotFound(_("There is no such page"))
    note_look(services, link.person, "", "report", link.ladder, link.fields)
    return link
