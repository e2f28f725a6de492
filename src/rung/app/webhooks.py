"""Webhooks: addresses that a person lets know that something happened, in ids and kinds, never in words.

Making one asks for a fresh sign-in, as a token does. Messages are signed in the way of Standard Webhooks
(https://www.standardwebhooks.com), with a secret that is shown once; `webhooks_telling` sends them.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

from rung.app.accounts.sessions import Visit, check_fresh, is_fresh_in
from rung.app.model import PersonId
from rung.app.policies import Action, permitted
from rung.app.ports import Notice, Services, Webhook
from rung.app.webhooks_telling import fingerprints_of, send_now
from rung.app.wording import checked_id, checked_name
from rung.errors import Conflict, InvalidInput
from rung.words import _, ngettext

__all__ = [
    "KINDS",
    "MOST_WEBHOOKS",
    "TEST",
    "Seen",
    "add_webhook",
    "remove_webhook",
    "try_webhook",
    "webhooks_of",
]

KINDS = ("attempt.recorded", "judgement.recorded", "evidence.changed", "ladder.changed")
"""What can be told: a try, an answer to how sure one is, an event looked back on or taken back or put back,
and a ladder made or changed."""
TEST = "test"
MOST_WEBHOOKS = 5
LONGEST_URL = 500
SHOWN = 20
"""Messages of each webhook that the page shows."""
KEPT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Seen:
    """The webhooks of a person, each with what it was told last."""

    webhooks: tuple[tuple[Webhook, tuple[Notice, ...]], ...]
    is_fresh: bool
    can_tell: bool
    """False where this server sends nothing."""


def webhooks_of(services: Services, actor: PersonId, visit: Visit) -> Seen:
    """The actor's webhooks, oldest first."""
    with services.store.reading() as tx:
        permitted(actor, Action.CHANGE_ACCOUNT, tx.people.get(actor), "account")
        found = tuple(
            (webhook, tuple(tx.webhooks.notices(actor, webhook.id, SHOWN)))
            for webhook in tx.webhooks.of(actor)
        )
        return Seen(found, is_fresh_in(services, tx, actor, visit), services.notifier is not None)


def add_webhook(
    services: Services,
    actor: PersonId,
    visit: Visit,
    name: str,
    url: str,
    kinds: Collection[str],
    webhook_id: str | None = None,
) -> str:
    """Let an address know from now on; the secret that its messages are signed with, to be shown once."""
    if services.notifier is None:
        raise Conflict(_("This server sends no messages to programs"))
    name, url = checked_name(name, _("The name")), url.strip()
    if not set(kinds) or set(kinds) - set(KINDS):
        raise InvalidInput(_("Say what it is told: choose at least one"))
    if len(url) > LONGEST_URL:
        raise InvalidInput(_("The address is too long"))
    services.notifier.check(url)
    key = str(uuid4()) if webhook_id is None else checked_id(webhook_id, _("The webhook's id"))
    secret = "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()
    now = services.clock.now()
    with services.store.writing(actor) as tx:
        permitted(actor, Action.CHANGE_ACCOUNT, tx.people.get(actor), "account")
        check_fresh(services, tx, actor, visit)
        count = len(tx.webhooks.of(actor))
        if tx.webhooks.get(actor, key) is not None:
            raise Conflict(_("This was kept already, and its secret shown once"))
        if count >= MOST_WEBHOOKS:
            raise Conflict(
                ngettext(
                    "You have %(count)s address already: remove one first",
                    "You have %(count)s addresses already: remove one first",
                    count,
                )
            )
        tx.webhooks.put(
            Webhook(
                person=actor,
                id=key,
                name=name,
                url=url,
                secret=secret,
                kinds=frozenset(kinds),
                created_at=now,
                looked_at=now,
                seen=tx.evidence.standing(actor),
                ladders=fingerprints_of(tx.ladders.of(actor)),
            )
        )
    return secret


def remove_webhook(services: Services, actor: PersonId, webhook_id: str) -> None:
    """Tell it nothing any more; what it was told is forgotten."""
    wanted = checked_id(webhook_id, _("The webhook's id"))
    with services.store.writing(actor) as tx:
        found = permitted(actor, Action.CHANGE_ACCOUNT, tx.webhooks.get(actor, wanted), "webhook")
        tx.webhooks.remove(found)


def try_webhook(services: Services, actor: PersonId, webhook_id: str) -> None:
    """Send it a message of the kind `test` at once."""
    wanted, now = checked_id(webhook_id, _("The webhook's id")), services.clock.now()
    with services.store.writing(actor) as tx:
        webhook = permitted(actor, Action.CHANGE_ACCOUNT, tx.webhooks.get(actor, wanted), "webhook")
        waiting = [one for one in tx.webhooks.notices(actor, webhook.id, SHOWN) if one.kind == TEST]
        if any(one.happened_at > now - timedelta(seconds=10) for one in waiting):
            raise Conflict(_("It was tested a moment ago: wait ten seconds"))
        notice = Notice(actor, str(uuid4()), webhook.id, TEST, {}, now, due_at=now)
        tx.webhooks.tell([notice])
    send_now(services, actor, notice.id)
