"""Who was let in, who looked, and what others left, as JSON to be read: it is no part of what comes back.

Whom somebody lets in is decided about people of this server, and anew on another one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from rung.app.keeping.belongings.values import written
from rung.app.model import PersonId
from rung.app.ports import Bond, Group, Left, Link, Offer, Read, Transaction
from rung.app.sharing.fields import Field

__all__ = ["MOST_LOOKS", "Shared", "shared_in", "shared_to_json"]

MOST_LOOKS = 20_000
"""Looks in one export, the newest: so that it stays a file that comes back in."""


@dataclass(frozen=True, slots=True)
class Shared:
    """What one person let others see, and what came of it."""

    bonds: Sequence[Bond] = ()
    """With those whom they let in."""
    names: Mapping[PersonId, str] = field(default_factory=dict)
    offers: Sequence[Offer] = ()
    links: Sequence[Link] = ()
    groups: Sequence[Group] = ()
    """That they lead."""
    left: Sequence[Left] = ()
    looks: Sequence[Read] = ()


def shared_in(tx: Transaction, person: PersonId) -> Shared:
    """All of it, as it stands now."""
    bonds = tx.bonds.of(person)
    return Shared(
        bonds=bonds,
        names=tx.people.names([bond.other for bond in bonds]),
        offers=tx.offers.of(person),
        links=tx.links.of(person),
        groups=tx.groups.of(person),
        left=tx.left.of(person),
        looks=tx.reads.of(person, MOST_LOOKS),
    )


def shared_to_json(shared: Shared) -> dict[str, object]:
    """All of it, to be read."""
    return {
        "let_in": [_bond(bond, shared.names.get(bond.other, "")) for bond in shared.bonds],
        "invitations": [
            {"for": offer.label, "role": offer.role.value, "until": written(offer.expires_at)}
            for offer in shared.offers
        ],
        "reports": [
            {"ladder": link.ladder, "shows": _fields(link.fields), "until": written(link.expires_at)}
            for link in shared.links
        ],
        "groups": [{"name": group.name, "since": written(group.created_at)} for group in shared.groups],
        "left": [
            {
                "ladder": left.ladder,
                "kind": left.kind,
                "state": left.state,
                "at": written(left.made_at),
                "content": dict(left.content),
            }
            for left in shared.left
        ],
        "looks": [
            {
                "at": written(look.at),
                "who": look.reader,
                "where": look.view,
                "ladder": look.ladder,
                "saw": _fields(look.fields),
            }
            for look in shared.looks
        ],
    }


def _bond(bond: Bond, name: str) -> dict[str, object]:
    return {
        "name": name,
        "role": bond.role.value,
        "since": written(bond.created_at),
        "supervised": bond.supervised,
        "sees": [
            {
                "ladder": consent.ladder,
                "shows": _fields(consent.fields),
                "since": written(consent.given_at),
                "until": written(consent.until),
            }
            for consent in bond.consents
        ],
    }


def _fields(fields: Iterable[Field]) -> list[str]:
    return sorted(field.value for field in fields)
