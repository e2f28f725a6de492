"""What is at hand today: where somebody stands, what they planned, and what has come to be reminded of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from rung.app.accounts.preferences import preferences_in
from rung.app.climbing.plans import still_to_do
from rung.app.model import PersonId
from rung.app.outlook import Today, todays_in
from rung.app.policies import Action, permitted
from rung.app.ports import Plan, Services
from rung.app.reminding.reminders import DueNow, waiting_in

__all__ = ["AtHand", "at_hand"]


@dataclass(frozen=True, slots=True)
class AtHand:
    """All that the page Today stands on, at one moment."""

    todays: tuple[Today, ...]
    """Each ladder that is not put away, oldest first."""
    plans: tuple[Plan, ...]
    """By their time, those left open last."""
    reminders: tuple[DueNow, ...]
    """Longest waiting first."""
    at: datetime


def at_hand(services: Services, actor: PersonId) -> AtHand:
    """What is at hand for the actor, read at one moment of the store."""
    now = services.clock.now()
    with services.store.reading() as tx:
        ladders = tx.ladders.of(actor)
        made = tx.plans.of(actor, ("planned",))
        reminders = tx.reminders.of(actor)
        decided = preferences_in(tx, actor) if reminders else None
        permitted(actor, Action.READ_EVIDENCE, tx.people.get(actor), "account")
        todays = todays_in(services, tx, actor, ladders)
    waiting = waiting_in(reminders, ladders, made, decided, now) if decided else []
    return AtHand(tuple(todays), tuple(still_to_do(made, ladders)), tuple(waiting), now)
