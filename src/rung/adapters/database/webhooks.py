"""Webhooks, and what they are told, in tables."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from rung.adapters.database.schema import events, notices, webhooks
from rung.adapters.database.sealing import opened, sealed
from rung.app.model import PersonId
from rung.app.ports import Happening, Notice, Vault, Webhook

__all__ = ["WebhooksTable"]

_PLACE = "webhooks.content"


class WebhooksTable:
    """Addresses that are told what happens."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault

    def of(self, person: PersonId) -> list[Webhook]:
        """The webhooks of the person, oldest first."""
        query = select(webhooks).where(webhooks.c.person == person)
        ordered = query.order_by(webhooks.c.created_at, webhooks.c.id)
        return [self._webhook(row) for row in self._connection.execute(ordered)]

    def get(self, person: PersonId, webhook_id: str) -> Webhook | None:
        """One webhook of the person."""
        query = select(webhooks).where(webhooks.c.person == person, webhooks.c.id == webhook_id)
        row = self._connection.execute(query).one_or_none()
        return None if row is None else self._webhook(row)

    def put(self, webhook: Webhook) -> None:
        """Store it as it is now."""
        content = {
            "name": webhook.name,
            "url": webhook.url,
            "secret": webhook.secret,
            "ladders": dict(webhook.ladders),
        }
        values = {
            "kinds": " ".join(sorted(webhook.kinds)),
            "content": sealed(self._vault, json.dumps(content), _PLACE, webhook.person, webhook.id),
            "created_at": webhook.created_at,
            "looked_at": webhook.looked_at,
            "seen": webhook.seen,
        }
        key = (webhooks.c.person == webhook.person) & (webhooks.c.id == webhook.id)
        if self._connection.execute(update(webhooks).where(key).values(values)).rowcount == 0:
            self._connection.execute(insert(webhooks).values(person=webhook.person, id=webhook.id, **values))

    def remove(self, webhook: Webhook) -> None:
        """Forget it, and all that it was told."""
        self._connection.execute(
            delete(webhooks).where(webhooks.c.person == webhook.person, webhooks.c.id == webhook.id)
        )

    def longest_unseen(self, count: int) -> list[tuple[PersonId, str]]:
        """The webhooks that were looked at longest ago."""
        query = select(webhooks.c.person, webhooks.c.id).order_by(webhooks.c.looked_at).limit(count)
        return [(PersonId(row.person), row.id) for row in self._connection.execute(query)]

    def happenings(self, person: PersonId, after: int, count: int) -> list[Happening]:
        """Entries of the log that came after one, oldest first."""
        wanted = (
            events.c.number,
            events.c.kind,
            events.c.domain,
            events.c.task,
            events.c.id,
            events.c.revision,
            events.c.withdrawn,
            events.c.recorded_at,
        )
        query = select(*wanted).where(events.c.person == person, events.c.number > after)
        rows = self._connection.execute(query.order_by(events.c.number).limit(count))
        return [Happening._make(row) for row in rows]

    def tell(self, notices_: Sequence[Notice]) -> None:
        """Store what is to be told."""
        if notices_:
            self._connection.execute(insert(notices), [_values(notice) for notice in notices_])

    def notices(self, person: PersonId, webhook_id: str, count: int) -> list[Notice]:
        """What a webhook was told, newest first."""
        query = select(notices).where(notices.c.person == person, notices.c.webhook == webhook_id)
        newest = query.order_by(notices.c.happened_at.desc(), notices.c.id).limit(count)
        return [_notice(row) for row in self._connection.execute(newest)]

    def due(self, moment: datetime, count: int) -> list[tuple[PersonId, str]]:
        """What is to be sent by now, longest waiting first."""
        query = select(notices.c.person, notices.c.id).where(notices.c.due_at <= moment)
        rows = self._connection.execute(query.order_by(notices.c.due_at, notices.c.id).limit(count))
        return [(PersonId(row.person), row.id) for row in rows]

    def soonest(self) -> datetime | None:
        """When there is next something to send."""
        first = select(notices.c.due_at).where(notices.c.due_at.is_not(None)).order_by(notices.c.due_at)
        found: datetime | None = self._connection.scalar(first.limit(1))
        return found

    def claim(self, person: PersonId, notice_id: str, moment: datetime, until: datetime) -> Notice | None:
        """Take a notice that is due, so that nobody else sends it until then; None where somebody has it."""
        key = (notices.c.person == person) & (notices.c.id == notice_id)
        change = update(notices).where(key, notices.c.due_at <= moment, notices.c.state == "waiting")
        taken = self._connection.execute(change.values(due_at=until, tries=notices.c.tries + 1))
        if taken.rowcount != 1:
            return None
        return _notice(self._connection.execute(select(notices).where(key)).one())

    def settle(self, notice: Notice) -> None:
        """Note what became of it."""
        key = (notices.c.person == notice.person) & (notices.c.id == notice.id)
        self._connection.execute(
            update(notices)
            .where(key)
            .values(state=notice.state, due_at=notice.due_at, done_at=notice.done_at, answer=notice.answer)
        )

    def forget_before(self, person: PersonId, webhook_id: str, moment: datetime) -> None:
        """Drop settled notices that are older."""
        self._connection.execute(
            delete(notices).where(
                notices.c.person == person,
                notices.c.webhook == webhook_id,
                notices.c.state != "waiting",
                notices.c.happened_at < moment,
            )
        )

    def _webhook(self, row: Row[Any]) -> Webhook:
        said = json.loads(opened(self._vault, row.content, _PLACE, row.person, row.id))
        return Webhook(
            person=PersonId(row.person),
            id=row.id,
            name=said["name"],
            url=said["url"],
            secret=said["secret"],
            kinds=frozenset(row.kinds.split()),
            created_at=row.created_at,
            looked_at=row.looked_at,
            seen=row.seen,
            ladders=said["ladders"],
        )


def _values(notice: Notice) -> dict[str, Any]:
    return {
        "person": notice.person,
        "id": notice.id,
        "webhook": notice.webhook,
        "kind": notice.kind,
        "about": json.dumps(dict(notice.about)),
        "happened_at": notice.happened_at,
        "state": notice.state,
        "tries": notice.tries,
        "due_at": notice.due_at,
        "done_at": notice.done_at,
        "answer": notice.answer,
    }


def _notice(row: Row[Any]) -> Notice:
    return Notice(
        person=PersonId(row.person),
        id=row.id,
        webhook=row.webhook,
        kind=row.kind,
        about=json.loads(row.about),
        happened_at=row.happened_at,
        state=row.state,
        tries=row.tries,
        due_at=row.due_at,
        done_at=row.done_at,
        answer=row.answer,
    )
