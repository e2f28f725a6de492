"""Everything that the page of reminders shows, in one look at the store."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from rung.app.accounts.preferences import Preferences, preferences_in
from rung.app.model import Ladder, PersonId
from rung.app.policies import Action, permitted
from rung.app.ports import Plan, Reminder, Services, Subscription
from rung.app.reminding.channels import FeedAddress, feed_address_in
from rung.app.reminding.reminders import DueNow, waiting_in

__all__ = ["Overview", "overview"]


@dataclass(frozen=True, slots=True)
class Overview:
    """A person's reminders, and the ways on which they come."""

    now: datetime
    decided: Preferences
    reminders: tuple[Reminder, ...]
    waiting: tuple[DueNow, ...]
    ladders: tuple[Ladder, ...]
    """Archived ones too: a reminder may be about one."""
    plans: tuple[Plan, ...]
    """Neither done nor let go."""
    subscriptions: tuple[Subscription, ...]
    feed: FeedAddress | None
    has_mail: bool
    """True where this server sends e-mail."""
    push_key: str
    """The key that browsers subscribe with; empty where this server sends them nothing."""
    address: str
    """Where people reach Rung."""


def overview(services: Services, actor: PersonId) -> Overview:
    """What the actor decided about being reminded."""
    senders, now = services.senders, services.clock.now()
    with services.store.reading() as tx:
        permitted(actor, Action.REMIND, tx.people.get(actor), "account")
        decided, ladders = preferences_in(tx, actor), tx.ladders.of(actor)
        found = tx.reminders.of(actor)
        plans = tx.plans.of(actor, ["planned"])
        return Overview(
            now=now,
            decided=decided,
            reminders=tuple(found),
            waiting=tuple(waiting_in(found, ladders, plans, decided, now)),
            ladders=tuple(ladders),
            plans=tuple(plans),
            subscriptions=tuple(tx.subscriptions.of(actor)),
            feed=feed_address_in(services, tx, actor),
            has_mail=senders.mail is not None,
            push_key=senders.push.public_key if senders.push else "",
            address=senders.address,
        )
