"""Tokens of programs, and the answers that are kept for them, in tables."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from rung.adapters.database.schema import answers, tokens
from rung.adapters.database.sealing import opened, sealed
from rung.app.model import LadderId, PersonId
from rung.app.policies import Scope
from rung.app.ports import KeptAnswer, Token, Vault

__all__ = ["KeptAnswersTable", "TokensTable"]

_NAME = "tokens.name"
_ANSWER = "answers.answer"


class TokensTable:
    """Tokens of people."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault

    def of(self, person: PersonId) -> list[Token]:
        """All tokens of the person, expired ones too, oldest first."""
        query = select(tokens).where(tokens.c.person == person).order_by(tokens.c.created_at, tokens.c.id)
        return [self._token(row) for row in self._connection.execute(query)]

    def get(self, person: PersonId, token_id: str) -> Token | None:
        """One token of the person."""
        query = select(tokens).where(tokens.c.person == person, tokens.c.id == token_id)
        row = self._connection.execute(query).one_or_none()
        return None if row is None else self._token(row)

    def find(self, digest: bytes) -> Token | None:
        """The token of this digest, whosever it is, expired or not."""
        row = self._connection.execute(select(tokens).where(tokens.c.digest == digest)).one_or_none()
        return None if row is None else self._token(row)

    def add(self, token: Token) -> None:
        """Store a new token."""
        self._connection.execute(
            insert(tokens).values(
                person=token.person,
                id=token.id,
                digest=token.digest,
                name=sealed(self._vault, token.name, _NAME, token.person, token.id),
                scopes=" ".join(sorted(token.scopes)),
                ladders=None if token.ladders is None else " ".join(sorted(token.ladders)),
                created_at=token.created_at,
                expires_at=token.expires_at,
                last_used_at=token.last_used_at,
            )
        )

    def use(self, token: Token, at: datetime) -> None:
        """Note that it was used."""
        change = update(tokens).where(tokens.c.person == token.person, tokens.c.id == token.id)
        self._connection.execute(change.values(last_used_at=at))

    def remove(self, token: Token) -> None:
        """Forget it, and the answers that were kept for it."""
        self._connection.execute(
            delete(tokens).where(tokens.c.person == token.person, tokens.c.id == token.id)
        )

    def _token(self, row: Row[Any]) -> Token:
        return Token(
            person=PersonId(row.person),
            id=row.id,
            name=opened(self._vault, row.name, _NAME, row.person, row.id),
            digest=bytes(row.digest),
            scopes=frozenset(map(Scope, row.scopes.split())),
            ladders=None if row.ladders is None else frozenset(map(LadderId, row.ladders.split())),
            created_at=row.created_at,
            expires_at=row.expires_at,
            last_used_at=row.last_used_at,
        )


class KeptAnswersTable:
    """Answers that are kept for a day."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault

    def get(self, person: PersonId, token: str, key_digest: bytes) -> KeptAnswer | None:
        """What is kept under a key."""
        query = select(answers).where(
            answers.c.person == person, answers.c.token == token, answers.c.key_digest == key_digest
        )
        row = self._connection.execute(query).one_or_none()
        if row is None:
            return None
        said = None
        if row.answer is not None:
            said = opened(self._vault, row.answer, _ANSWER, person, token, key_digest.hex())
        return KeptAnswer(person, token, key_digest, bytes(row.request_digest), row.made_at, said)

    def put(self, kept: KeptAnswer) -> None:
        """Keep it, in place of what was there."""
        self.remove(kept)
        said = None
        if kept.answer is not None:
            place = (_ANSWER, kept.person, kept.token, kept.key_digest.hex())
            said = sealed(self._vault, kept.answer, *place)
        self._connection.execute(
            insert(answers).values(
                person=kept.person,
                token=kept.token,
                key_digest=kept.key_digest,
                request_digest=kept.request_digest,
                made_at=kept.made_at,
                answer=said,
            )
        )

    def remove(self, kept: KeptAnswer) -> None:
        """Forget it."""
        self._connection.execute(
            delete(answers).where(
                answers.c.person == kept.person,
                answers.c.token == kept.token,
                answers.c.key_digest == kept.key_digest,
            )
        )

    def remove_before(self, moment: datetime) -> None:
        """Forget what is older."""
        self._connection.execute(delete(answers).where(answers.c.made_at < moment))
