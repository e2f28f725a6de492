"""Accounts, sessions and tries at passwords, in tables."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, exists, insert, select, update

from rung.adapters.database.parts import parts
from rung.adapters.database.schema import people, sessions, tries
from rung.adapters.database.sealing import opened, sealed
from rung.app.model import Account, PersonId
from rung.app.ports import Credentials, Session, Vault

__all__ = ["PeopleTable", "SessionsTable"]

_NAME = "people.name"


class PeopleTable:
    """Accounts, and the tries at their passwords."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault
        self.has_removed = False
        """True once an account was removed in this transaction."""

    def any(self) -> bool:
        """True once there is an account."""
        return bool(self._connection.scalar(select(exists(select(people.c.id)))))

    def first(self, count: int) -> list[PersonId]:
        """The oldest accounts, as many of them as asked for."""
        query = select(people.c.id).order_by(people.c.created_at, people.c.id).limit(count)
        return [PersonId(person) for person in self._connection.scalars(query)]

    def add(self, account: Account, credentials: Credentials) -> None:
        """Store a new account."""
        self._connection.execute(
            insert(people).values(
                id=account.id,
                name=sealed(self._vault, account.name, _NAME, account.id),
                name_key=credentials.name_key,
                password_hash=credentials.password_hash,
                created_at=account.created_at,
            )
        )

    def get(self, person: PersonId) -> Account | None:
        """The account of a person."""
        query = select(people.c.name, people.c.created_at).where(people.c.id == person)
        row = self._connection.execute(query).one_or_none()
        if row is None:
            return None
        return Account(person, opened(self._vault, row.name, _NAME, person), row.created_at)

    def names(self, people_asked: Sequence[PersonId]) -> dict[PersonId, str]:
        """The names of many people; who has no account is left out."""
        query = select(people.c.id, people.c.name)
        return {
            PersonId(row.id): opened(self._vault, row.name, _NAME, row.id)
            for part in parts(people_asked)
            for row in self._connection.execute(query.where(people.c.id.in_(part)))
        }

    def find(self, name_keys: Sequence[bytes]) -> Credentials | None:
        """The credentials that stand under one of these keys."""
        return self._credentials(_credentials_query().where(people.c.name_key.in_(name_keys)))

    def credentials(self, person: PersonId) -> Credentials | None:
        """The credentials of a person."""
        return self._credentials(_credentials_query().where(people.c.id == person))

    def set_password(self, person: PersonId, password_hash: str) -> None:
        """Replace the password hash."""
        self._connection.execute(
            update(people).where(people.c.id == person).values(password_hash=password_hash)
        )

    def rename(self, person: PersonId, name: str, name_key: bytes) -> None:
        """Give the account another name."""
        values = {"name": sealed(self._vault, name, _NAME, person), "name_key": name_key}
        self._connection.execute(update(people).where(people.c.id == person).values(values))

    def remove(self, person: PersonId) -> None:
        """Delete the person; the foreign keys delete every row that belongs to them."""
        self._connection.execute(delete(people).where(people.c.id == person))
        self.has_removed = True

    def add_try(self, name_key: bytes, at: datetime) -> None:
        """Count one try at a password, or at anything else that is counted."""
        self._connection.execute(insert(tries).values(name_key=name_key, tried_at=at))

    def tries(self, name_keys: Sequence[bytes], since: datetime) -> list[datetime]:
        """When passwords were tried since then, oldest first."""
        query = (
            select(tries.c.tried_at)
            .where(tries.c.name_key.in_(name_keys), tries.c.tried_at > since)
            .order_by(tries.c.tried_at)
        )
        return list(self._connection.scalars(query))

    def forget_tries(self, name_keys: Sequence[bytes]) -> None:
        """Drop the tries under these keys."""
        self._connection.execute(delete(tries).where(tries.c.name_key.in_(name_keys)))

    def forget_tries_before(self, moment: datetime) -> None:
        """Drop all tries that are older."""
        self._connection.execute(delete(tries).where(tries.c.tried_at < moment))

    def _credentials(self, query: Select[Any]) -> Credentials | None:
        row = self._connection.execute(query).first()
        return None if row is None else Credentials(row.id, bytes(row.name_key), row.password_hash)


class SessionsTable:
    """Signed-in browsers."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault

    def add(self, session: Session) -> None:
        """Store a new session."""
        self._connection.execute(
            insert(sessions).values(
                token_hash=session.token_hash,
                person=session.person,
                created_at=session.created_at,
                last_seen_at=session.last_seen_at,
                expires_at=session.expires_at,
                agent=self._sealed(session) if session.agent else None,
            )
        )

    def get(self, token_hash: bytes) -> Session | None:
        """The session of a token, expired or not."""
        row = self._connection.execute(select(sessions).where(sessions.c.token_hash == token_hash)).first()
        return None if row is None else self._session(row)

    def visitor(self, token_hash: bytes) -> tuple[Session, Account] | None:
        """The same with the account that it speaks for."""
        account = (people.c.name, people.c.created_at.label("joined_at"))
        query = select(sessions, *account).join_from(sessions, people, sessions.c.person == people.c.id)
        row = self._connection.execute(query.where(sessions.c.token_hash == token_hash)).first()
        if row is None:
            return None
        name = opened(self._vault, row.name, _NAME, row.person)
        return self._session(row), Account(PersonId(row.person), name, row.joined_at)

    def of(self, person: PersonId) -> list[Session]:
        """All sessions of the person, the one used last first."""
        query = select(sessions).where(sessions.c.person == person)
        ordered = query.order_by(sessions.c.last_seen_at.desc(), sessions.c.created_at.desc())
        return [self._session(row) for row in self._connection.execute(ordered)]

    def see(self, token_hash: bytes, last_seen_at: datetime, expires_at: datetime) -> None:
        """Note that the session is in use."""
        self._connection.execute(
            update(sessions)
            .where(sessions.c.token_hash == token_hash)
            .values(last_seen_at=last_seen_at, expires_at=expires_at)
        )

    def remove(self, token_hash: bytes) -> None:
        """End one session."""
        self._connection.execute(delete(sessions).where(sessions.c.token_hash == token_hash))

    def remove_all(self, person: PersonId, keep: bytes | None = None) -> None:
        """End all sessions of a person, but for the one to keep."""
        ended = delete(sessions).where(sessions.c.person == person)
        self._connection.execute(ended if keep is None else ended.where(sessions.c.token_hash != keep))

    def remove_expired(self, moment: datetime) -> None:
        """Drop what expired before the moment."""
        self._connection.execute(delete(sessions).where(sessions.c.expires_at < moment))

    def _sealed(self, session: Session) -> bytes:
        return sealed(self._vault, session.agent, "sessions.agent", session.person, session.token_hash.hex())

    def _session(self, row: Row[Any]) -> Session:
        person, token_hash = PersonId(row.person), bytes(row.token_hash)
        agent = ""
        if row.agent is not None:
            agent = opened(self._vault, row.agent, "sessions.agent", person, token_hash.hex())
        return Session(person, token_hash, row.created_at, row.last_seen_at, row.expires_at, agent)


def _credentials_query() -> Select[Any]:
    return select(people.c.id, people.c.name_key, people.c.password_hash)
