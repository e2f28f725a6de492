"""Asking the same once more: a program names what it asks by a key, and gets the same answer for a day.

The key is taken before anything is done. Whoever asks with it meanwhile is told to wait; whoever asks
something else with it is refused. Where the server dies in between, the key is free again after a minute,
and ids that are made from it see to it that nothing is made twice.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid5

from rung.app.ports import KeptAnswer, Services, Token
from rung.errors import Conflict, InvalidInput
from rung.words import _

__all__ = ["KEPT", "begin", "finish", "give_up", "id_from", "key_digest"]

KEPT = timedelta(hours=24)
_ABANDONED = timedelta(minutes=1)


def begin(services: Services, token: Token, key: str, request: bytes) -> KeptAnswer:
    """Take a key for what is asked; the answer is in what comes back where it was given before."""
    now = services.clock.now()
    asked = KeptAnswer(token.person, token.id, key_digest(key), _digest(request), now)
    with services.store.writing(token.person) as tx:
        tx.kept_answers.remove_before(now - KEPT)
        kept = tx.kept_answers.get(token.person, token.id, asked.key_digest)
        if kept is None or (kept.answer is None and now - kept.made_at >= _ABANDONED):
            tx.kept_answers.put(asked)
            return asked
    if kept.request_digest != asked.request_digest:
        raise InvalidInput(
            _("This Idempotency-Key stands for something else that was asked: use a new key for a new thing")
        )
    if kept.answer is None:
        raise Conflict(
            _("What was asked with this Idempotency-Key is still being done: ask again in a moment")
        )
    return kept


def finish(services: Services, kept: KeptAnswer, answer: str) -> None:
    """Keep the answer."""
    with services.store.writing(kept.person) as tx:
        # Somebody may have taken the token back meanwhile, and then nothing is kept.
        if tx.tokens.get(kept.person, kept.token) is not None:
            tx.kept_answers.put(replace(kept, answer=answer))


def give_up(services: Services, kept: KeptAnswer) -> None:
    """Nothing came of it: the key may be used again."""
    with services.store.writing(kept.person) as tx:
        tx.kept_answers.remove(kept)


def id_from(token: Token, key: str) -> str:
    """The id of what is made under a key: the same however often it is asked."""
    return str(uuid5(UUID(token.id), key))


def key_digest(key: str) -> bytes:
    """What is stored of a key."""
    return _digest(key.encode())


def _digest(content: bytes) -> bytes:
    return hashlib.sha256(content).digest()
