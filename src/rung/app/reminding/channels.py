"""The ways on which reminders reach a person: browsers, e-mail, a calendar; and one message to try a way.

A calendar's address is made from the vault's key and the moment it was asked for, so that only a hash of it
is stored and it can still be shown again. Its first letter says whether the calendar may name steps.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from rung.app.accounts.credentials import LONGEST_WITHIN, is_over_limit
from rung.app.accounts.preferences import Preferences, preferences_in
from rung.app.model import Ladder, PersonId
from rung.app.policies import Action, permitted
from rung.app.ports import Feed, Outcome, Plan, Reminder, Services, Subscription, Transaction
from rung.app.reminding.messages import trial_letter
from rung.app.reminding.occasions import Rule, next_moment
from rung.app.reminding.scheduling import has_subject, is_paused_at, zone_for
from rung.app.wording import checked_id
from rung.errors import InvalidInput, NotFound
from rung.words import _, is_zone, speaking, speech

__all__ = [
    "MOST_SUBSCRIPTIONS",
    "CalendarEntry",
    "CalendarSheet",
    "FeedAddress",
    "calendar_of",
    "feed_address_in",
    "make_feed",
    "remove_feed",
    "subscribe",
    "subscription_id",
    "try_way",
    "unsubscribe",
]

MOST_SUBSCRIPTIONS = 10
"""Browsers that a person may let be reminded."""
_LONGEST = {"endpoint": 1000, "p256dh": 100, "auth": 40, "server_key": 100}
_AGENT_CHARACTERS = 200
_LOOKED_UP = 60
"""Addresses of browsers that a person may tell in an hour; each visit to the page of reminders tells one."""
_TRIALS = 6
"""Messages that a person may try in an hour."""
_LONGEST_TOKEN = 60


@dataclass(frozen=True, slots=True)
class FeedAddress:
    """The secret part of a calendar's address."""

    token: str
    names: bool
    """True where its events say which step."""


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """One event of the calendar: once, or every week on the same days."""

    uid: str
    title: str
    text: str
    starts: datetime
    """In the zone by whose clock it comes."""
    days: tuple[int, ...]
    """Weekdays that it comes round on, 0 = Monday; empty = once."""
    made_at: datetime


@dataclass(frozen=True, slots=True)
class CalendarSheet:
    """Everything of a person's calendar."""

    name: str
    link: str
    entries: tuple[CalendarEntry, ...]


def subscribe(
    services: Services,
    actor: PersonId,
    *,
    endpoint: str,
    p256dh: str,
    auth: str,
    server_key: str = "",
    agent: str = "",
    replaces: str = "",
) -> Subscription:
    """Let a browser be reminded; `replaces` is the endpoint that it had before."""
    push = services.senders.push
    if push is None:
        raise InvalidInput(_("This server sends no messages to browsers"))
    given = {"endpoint": endpoint, "p256dh": p256dh, "auth": auth, "server_key": server_key}
    if any(len(text) > _LONGEST[name] for name, text in given.items()):
        raise InvalidInput(_("The browser gave an address that cannot be used: try another browser"))
    made = Subscription(
        id=subscription_id(services, endpoint),
        person=actor,
        endpoint=endpoint,
        p256dh=p256dh,
        auth=auth,
        server_key=server_key or push.public_key,
        agent="".join(character for character in agent if character.isprintable())[:_AGENT_CHARACTERS],
        created_at=services.clock.now(),
    )
    with services.store.writing(actor) as tx:
        permitted(actor, Action.REMIND, tx.people.get(actor), "account")
        # The name in an address is looked up, which can take long where its owner wants it to.
        if is_over_limit(services, tx, f"browsers of {actor}", _LOOKED_UP, LONGEST_WITHIN):
            raise InvalidInput(_("That was tried often enough for now: try it again in an hour"))
    push.check(made)
    with services.store.writing(actor) as tx:
        permitted(actor, Action.REMIND, tx.people.get(actor), "account")
        if replaces and replaces != endpoint:
            tx.subscriptions.remove(actor, subscription_id(services, replaces[: _LONGEST["endpoint"]]))
        others = [one for one in tx.subscriptions.of(actor) if one.id != made.id]
        if len(others) >= MOST_SUBSCRIPTIONS:
            raise InvalidInput(
                _("You have %(most)s browsers here already: take one out first", most=MOST_SUBSCRIPTIONS)
            )
        tx.subscriptions.put(made)
    return made


def unsubscribe(services: Services, actor: PersonId, subscription: str) -> None:
    """Take a browser out; one that is not there is out already."""
    subscription = checked_id(subscription, "The browser's id")
    with services.store.writing(actor) as tx:
        permitted(actor, Action.REMIND, tx.people.get(actor), "account")
        tx.subscriptions.remove(actor, subscription)


def subscription_id(services: Services, endpoint: str) -> str:
    """The id of the subscription with this endpoint: the same browser is stored once."""
    return str(UUID(bytes=services.vault.fingerprints(endpoint, "push endpoint")[0][:16], version=4))


def make_feed(services: Services, actor: PersonId, names: bool = False) -> FeedAddress:
    """Make the address of the actor's calendar; one that there was before leads nowhere from now on."""
    with services.store.writing(actor) as tx:
        permitted(actor, Action.REMIND, tx.people.get(actor), "account")
        before, now = tx.feeds.get(actor), services.clock.now()
        if before is not None:
            now = max(now, before.created_at + timedelta(microseconds=1))
        token = _tokens(services, actor, now, names)[0]
        tx.feeds.put(Feed(actor, _hash(token), now))
    return FeedAddress(token, names)


def remove_feed(services: Services, actor: PersonId) -> None:
    """Switch the calendar off."""
    with services.store.writing(actor) as tx:
        permitted(actor, Action.REMIND, tx.people.get(actor), "account")
        tx.feeds.remove(actor)


def feed_address_in(services: Services, tx: Transaction, person: PersonId) -> FeedAddress | None:
    """The address of a person's calendar, to be shown to that person."""
    feed = tx.feeds.get(person)
    if feed is None:
        return None
    for names in (False, True):
        for token in _tokens(services, person, feed.created_at, names):
            if _hash(token) == feed.token_hash:
                return FeedAddress(token, names)
    return None


def calendar_of(services: Services, token: str) -> CalendarSheet:
    """The calendar at a secret address: whoever knows it may read it, and nothing else."""
    if len(token) > _LONGEST_TOKEN:
        raise NotFound("There is no such calendar")
    with services.store.reading() as tx:
        feed = tx.feeds.find(_hash(token))
        if feed is None:
            raise NotFound("There is no such calendar")
        person, now = feed.person, services.clock.now()
        decided, found = preferences_in(tx, person), tx.reminders.of(person)
        ladders = {ladder.id: ladder for ladder in tx.ladders.of(person)}
        plans = tx.plans.of(person, ["planned"])
    language = decided.language or next((one.language for one in found), speech().language.code)
    zone = decided.zone or next((one.zone for one in found), "UTC")
    with speaking(language, zone):
        entries = []
        for reminder in found:
            entries += _of_reminder(reminder, ladders.get(reminder.ladder), decided, token[0] == "n", now)
        if not is_paused_at(decided.paused_until, now, ZoneInfo(zone if is_zone(zone) else "UTC")):
            for plan in plans:
                entries += _of_plan(plan, ladders.get(plan.ladder), ZoneInfo(zone), token[0] == "n")
        return CalendarSheet(_("Rung"), f"{services.senders.address}/", tuple(entries))


def try_way(services: Services, actor: PersonId, way: str) -> Outcome:
    """Send one message now: to the `email` address, or to a subscription (`push:` and its id)."""
    senders = services.senders
    with services.store.writing(actor) as tx:
        permitted(actor, Action.REMIND, tx.people.get(actor), "account")
        decided = preferences_in(tx, actor)
        subscription = next((one for one in tx.subscriptions.of(actor) if f"push:{one.id}" == way), None)
        if subscription is None and not (way == "email" and decided.email):
            raise NotFound("There is no such way")
        if is_over_limit(services, tx, f"reminder trials of {actor}", _TRIALS, LONGEST_WITHIN):
            raise InvalidInput(_("That was tried often enough for now: try it again in an hour"))
    letter = trial_letter(services, way, decided.language or speech().language.code)
    if subscription is None:
        return senders.mail.send(letter, decided.email).outcome if senders.mail else Outcome.REFUSED
    outcome = senders.push.send(letter, subscription).outcome if senders.push else Outcome.REFUSED
    if outcome is Outcome.GONE:
        unsubscribe(services, actor, subscription.id)
    return outcome


def _tokens(services: Services, person: PersonId, at: datetime, names: bool) -> list[str]:
    kind = "n" if names else "p"
    digests = services.vault.fingerprints(f"{kind}/{person}/{at.isoformat()}", "calendar address")
    return [kind + base64.urlsafe_b64encode(digest).decode().rstrip("=") for digest in digests]


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()


def _of_reminder(
    reminder: Reminder, ladder: Ladder | None, decided: Preferences, names: bool, now: datetime
) -> list[CalendarEntry]:
    zone = zone_for(decided.zone, reminder)
    if not reminder.is_on or is_paused_at(decided.paused_until, now, zone) or reminder.about == "plan":
        return []
    if ladder is None or not has_subject(reminder, ladder, None):
        return []
    entries = []
    for clock in reminder.rule.times:
        rule = Rule((clock,), reminder.rule.days, reminder.rule.day)
        starts = next_moment(rule, reminder.created_at, zone)
        if starts is not None:
            entries.append(
                CalendarEntry(
                    uid=f"{reminder.id}-{clock:%H%M}@rung",
                    title=_("Rung: your next step"),
                    text=_name(reminder.step, ladder) if names else "",
                    starts=starts.astimezone(zone),
                    days=reminder.rule.days,
                    made_at=reminder.created_at,
                )
            )
    return entries


def _of_plan(plan: Plan, ladder: Ladder | None, zone: ZoneInfo, names: bool) -> list[CalendarEntry]:
    if ladder is None or ladder.archived_at is not None or plan.at is None:
        return []
    text = _name(plan.step, ladder) if names else ""
    title = _("Rung: your next step")
    return [CalendarEntry(f"{plan.id}@rung", title, text, plan.at.astimezone(zone), (), plan.made_at)]


def _name(step_id: str | None, ladder: Ladder) -> str:
    step = next((one for one in ladder.steps if one.id == step_id), None)
    return step.name if step else ladder.name
