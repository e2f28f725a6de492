"""Passkeys, recovery codes, challenges and invitations, in tables."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from rung.adapters.database.schema import challenges, invitations, passkeys, recovery_codes
from rung.adapters.database.sealing import opened, sealed
from rung.app.model import PersonId
from rung.app.ports import Challenge, Invitation, Passkey, Vault

__all__ = ["ChallengesTable", "InvitationsTable", "PasskeysTable", "RecoveryCodesTable"]

_NAME = "passkeys.name"


class PasskeysTable:
    """The passkeys of people."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault

    def of(self, person: PersonId) -> list[Passkey]:
        """All passkeys of the person, oldest first."""
        query = select(passkeys).where(passkeys.c.person == person)
        ordered = query.order_by(passkeys.c.created_at, passkeys.c.id)
        return [self._passkey(row) for row in self._connection.execute(ordered)]

    def count(self, person: PersonId) -> int:
        """How many passkeys the person has."""
        query = select(func.count()).where(passkeys.c.person == person)
        return self._connection.scalar(query) or 0

    def find(self, key_id: bytes) -> Passkey | None:
        """The passkey of this id, whosever it is."""
        row = self._connection.execute(select(passkeys).where(passkeys.c.id == key_id)).one_or_none()
        return None if row is None else self._passkey(row)

    def add(self, passkey: Passkey) -> None:
        """Store a new passkey."""
        self._connection.execute(
            insert(passkeys).values(
                person=passkey.person,
                id=passkey.id,
                public_key=passkey.public_key,
                sign_count=passkey.sign_count,
                name=self._sealed(passkey, passkey.name),
                created_at=passkey.created_at,
                last_used_at=passkey.last_used_at,
            )
        )

    def rename(self, passkey: Passkey, name: str) -> None:
        """Give it another name."""
        self._change(passkey, name=self._sealed(passkey, name))

    def use(self, passkey: Passkey, sign_count: int, at: datetime) -> None:
        """Note that it was used."""
        self._change(passkey, sign_count=sign_count, last_used_at=at)

    def remove(self, passkey: Passkey) -> None:
        """Forget it."""
        self._connection.execute(
            delete(passkeys).where(passkeys.c.person == passkey.person, passkeys.c.id == passkey.id)
        )

    def _change(self, passkey: Passkey, **values: object) -> None:
        change = update(passkeys).where(passkeys.c.person == passkey.person, passkeys.c.id == passkey.id)
        self._connection.execute(change.values(values))

    def _sealed(self, passkey: Passkey, name: str) -> bytes:
        return sealed(self._vault, name, _NAME, passkey.person, passkey.id.hex())

    def _passkey(self, row: Row[Any]) -> Passkey:
        key_id = bytes(row.id)
        return Passkey(
            person=PersonId(row.person),
            id=key_id,
            public_key=bytes(row.public_key),
            sign_count=row.sign_count,
            name=opened(self._vault, row.name, _NAME, row.person, key_id.hex()),
            created_at=row.created_at,
            last_used_at=row.last_used_at,
        )


class RecoveryCodesTable:
    """Codes on paper, each for one sign-in."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def replace(self, person: PersonId, code_hashes: Sequence[bytes]) -> None:
        """Store new codes in place of all older ones."""
        self._connection.execute(delete(recovery_codes).where(recovery_codes.c.person == person))
        rows = [{"person": person, "code_hash": code_hash} for code_hash in code_hashes]
        self._connection.execute(insert(recovery_codes), rows)

    def use(self, person: PersonId, code_hashes: Sequence[bytes], at: datetime) -> bool:
        """Use the code that has one of these hashes up; False where there is none, or it was used."""
        change = update(recovery_codes).where(
            recovery_codes.c.person == person,
            recovery_codes.c.code_hash.in_(code_hashes),
            recovery_codes.c.used_at.is_(None),
        )
        return self._connection.execute(change.values(used_at=at)).rowcount == 1

    def left(self, person: PersonId) -> int:
        """How many codes are still good."""
        query = select(func.count()).where(
            recovery_codes.c.person == person, recovery_codes.c.used_at.is_(None)
        )
        return self._connection.scalar(query) or 0


class ChallengesTable:
    """Ceremonies that were begun."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, challenge: Challenge) -> None:
        """Store a new challenge."""
        self._connection.execute(
            insert(challenges).values(
                token_hash=challenge.token_hash,
                challenge=challenge.challenge,
                person=challenge.person,
                expires_at=challenge.expires_at,
            )
        )

    def take(self, token_hash: bytes) -> Challenge | None:
        """Give the challenge out and forget it, expired or not."""
        taken = delete(challenges).where(challenges.c.token_hash == token_hash)
        row = self._connection.execute(
            taken.returning(challenges.c.challenge, challenges.c.person, challenges.c.expires_at)
        ).one_or_none()
        if row is None:
            return None
        person = None if row.person is None else PersonId(row.person)
        return Challenge(token_hash, bytes(row.challenge), person, row.expires_at)

    def remove_expired(self, moment: datetime) -> None:
        """Drop what expired before the moment."""
        self._connection.execute(delete(challenges).where(challenges.c.expires_at < moment))


class InvitationsTable:
    """Open invitations."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, invitation: Invitation) -> None:
        """Store a new invitation."""
        self._connection.execute(
            insert(invitations).values(
                person=invitation.person,
                token_hash=invitation.token_hash,
                created_at=invitation.created_at,
                expires_at=invitation.expires_at,
                uses=invitation.uses,
            )
        )

    def get(self, token_hash: bytes) -> Invitation | None:
        """The invitation of a token, expired or not."""
        query = select(invitations).where(invitations.c.token_hash == token_hash)
        row = self._connection.execute(query).one_or_none()
        return None if row is None else _invitation(row)

    def of(self, person: PersonId) -> list[Invitation]:
        """The invitations of the person, expired ones too, oldest first."""
        query = select(invitations).where(invitations.c.person == person)
        ordered = query.order_by(invitations.c.created_at, invitations.c.token_hash)
        return [_invitation(row) for row in self._connection.execute(ordered)]

    def use(self, invitation: Invitation) -> bool:
        """Use it once, and forget it with its last use; False where it was gone already."""
        key = (invitations.c.person == invitation.person) & (
            invitations.c.token_hash == invitation.token_hash
        )
        more = update(invitations).where(key, invitations.c.uses > 1).values(uses=invitations.c.uses - 1)
        return self._connection.execute(more).rowcount == 1 or self.remove(invitation)

    def remove(self, invitation: Invitation) -> bool:
        """Forget it; False where it was gone already."""
        removed = delete(invitations).where(
            invitations.c.person == invitation.person, invitations.c.token_hash == invitation.token_hash
        )
        return self._connection.execute(removed).rowcount == 1

    def remove_expired(self, moment: datetime) -> None:
        """Drop what expired before the moment."""
        self._connection.execute(delete(invitations).where(invitations.c.expires_at < moment))


def _invitation(row: Row[Any]) -> Invitation:
    return Invitation(PersonId(row.person), bytes(row.token_hash), row.created_at, row.expires_at, row.uses)
