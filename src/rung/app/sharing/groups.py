"""Groups: whoever leads one sees numbers of five people and more, counted once for each week that is over.

A week is counted the first time that its lead looks after it ended, from people who were counted before it
began and still are, and is kept as it was counted. So no two numbers are made of the same week and different
people, and nobody can be found as their difference. Each number stands on five people at least, each of whom
weighs the same, and is rounded. docs/decisions/0033-sharing.md says what remains.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from statistics import fmean
from uuid import uuid4

from rung.app.model import LadderId, PersonId
from rung.app.policies import Action, Actor, Part, Role, may, permitted
from rung.app.ports import Bond, Group, GroupWeek, Offer, Read, Services, Transaction
from rung.app.sharing.actors import grants_of
from rung.app.sharing.consenting import SHOWN_TO
from rung.app.wording import checked_name
from rung.engine.events import Event
from rung.errors import Conflict
from rung.words import _

__all__ = ["LEAST", "MOST_GROUPS", "WEEKS", "GroupSeen", "end_group", "group_of", "groups_of", "make_group"]

LEAST = 5
"""People behind a number."""
WEEKS = 4
"""Weeks that are shown."""
MOST_GROUPS = 20

_WEEK = timedelta(days=7)
_MOST, _LEAST_SHARE = 0.9, 0.1
"""A share beyond these would tell of everybody in it."""


@dataclass(frozen=True, slots=True)
class GroupSeen:
    """A group as its lead sees it."""

    group: Group
    members: int
    weeks: tuple[GroupWeek, ...]
    """The last ones, newest first."""
    offers: tuple[Offer, ...]
    """Links into it that are open."""


def make_group(services: Services, actor: PersonId, name: str) -> Group:
    """Make a group that the actor leads."""
    group = Group(actor, str(uuid4()), checked_name(name, _("The name")), services.clock.now())
    with services.store.writing(actor) as tx:
        permitted(actor, Action.SHARE, tx.people.get(actor), "account")
        if len(tx.groups.of(actor)) >= MOST_GROUPS:
            raise Conflict(_("You lead as many groups as Rung keeps for one person: end one first"))
        tx.groups.put(group)
    return group


def groups_of(services: Services, actor: PersonId) -> list[tuple[Group, int]]:
    """The groups that the actor leads, each with the number of its members, oldest first."""
    with services.store.reading() as tx:
        return [(group, len(tx.bonds.in_group(actor, group.id))) for group in tx.groups.of(actor)]


def group_of(services: Services, actor: PersonId, group_id: str) -> GroupSeen:
    """One of them, its weeks that are over counted: whoever is counted anew finds it among the looks."""
    now = services.clock.now()
    with services.store.reading() as tx:
        group = permitted(actor, Action.SHARE, tx.groups.get(actor, group_id), "page")
        has_new = bool(_uncounted(group, now))
    if has_new:
        with services.store.writing(actor) as tx:
            group = permitted(actor, Action.SHARE, tx.groups.get(actor, group_id), "page")
            group = _counted(services, tx, group, now)
    with services.store.reading() as tx:
        members = len(tx.bonds.in_group(actor, group_id))
        offers = [one for one in tx.offers.of(actor) if one.group == group_id and now < one.expires_at]
    return GroupSeen(group, members, group.figures[: -WEEKS - 1 : -1], tuple(offers))


def end_group(services: Services, actor: PersonId, group_id: str) -> None:
    """End a group: nobody is in it any more, and nothing of it is kept."""
    with services.store.writing(actor) as tx:
        permitted(actor, Action.SHARE, tx.groups.get(actor, group_id), "page")
        tx.groups.remove(actor, group_id)


def _uncounted(group: Group, now: datetime) -> list[datetime]:
    """The Mondays of the weeks that are over and were not counted yet, oldest first."""
    today = datetime.combine(now.astimezone(UTC).date(), time(), UTC)
    this_week = today - timedelta(days=today.weekday())
    begins = [this_week - number * _WEEK for number in range(WEEKS, 0, -1)]
    known = {week.begins for week in group.figures}
    return [begin for begin in begins if begin >= group.created_at and _key(begin) not in known]


def _counted(services: Services, tx: Transaction, group: Group, now: datetime) -> Group:
    bonds = tx.bonds.in_group(group.person, group.id)
    weeks = _uncounted(group, now)
    # Those who were counted before the last of these weeks are in one of them.
    counted = _members(group.person, bonds, weeks[-1], now) if weeks else {}
    logs = {
        person: [entry.event for entry in entries]
        for person, entries in tx.evidence.logs(list(counted)).items()
    }
    made = list(group.figures)
    for begin in weeks:
        of_week = _members(group.person, bonds, begin, now)
        lived = [_Lived.of(logs[person], chosen, begin) for person, chosen in of_week.items()]
        made.append(_week(begin, lived))
    account = tx.people.get(group.person)
    reader = f"{account.name if account else ''} ({Role.LEADER.value})"
    tx.reads.add(
        [
            Read(person, str(uuid4()), now, reader, "group", ladder, SHOWN_TO[Role.LEADER])
            for person, chosen in counted.items()
            for ladder in sorted(chosen)
        ]
    )
    group = replace(group, figures=tuple(sorted(made, key=lambda week: week.begins))[-2 * WEEKS :])
    tx.groups.put(group)
    return group


def _members(
    leader: PersonId, bonds: Sequence[Bond], begin: datetime, now: datetime
) -> dict[PersonId, set[LadderId]]:
    """Who is counted in a week, with which ladders: those that were so before it began, and are so now."""
    actor = Actor(leader, tuple(grants_of(bonds, now)))
    found: dict[PersonId, set[LadderId]] = {}
    for bond in bonds:
        for consent in bond.consents:
            parts = [Part(bond.person, consent.ladder, field) for field in SHOWN_TO[Role.LEADER]]
            if consent.given_at <= begin and all(may(actor, Action.COUNT, part) for part in parts):
                found.setdefault(bond.person, set()).add(consent.ladder)
    return found


@dataclass(frozen=True, slots=True)
class _Lived:
    """What one person did in a week, on the ladders that are counted."""

    is_active: bool
    tries: int
    worked: float | None
    """Share of the tries of which it is known."""
    change: float | None
    """Of the steps that were judged in it and before."""

    @classmethod
    def of(cls, events: Sequence[Event], ladders: set[LadderId], begin: datetime) -> _Lived:
        """One person's week."""
        since, until = begin.timestamp(), (begin + _WEEK).timestamp()
        own = [event for event in events if event.domain in ladders and event.time < until]
        week = [event for event in own if event.time >= since]
        tries = [event for event in week if event.kind == "attempt"]
        known = [event.value for event in tries if event.value is not None]
        changes = list(_changes(own, since))
        return cls(
            is_active=bool(tries) or any(event.kind == "judgement" for event in week),
            tries=len(tries),
            worked=sum(value >= 1.0 for value in known) / len(known) if known else None,
            change=fmean(changes) if changes else None,
        )


def _changes(events: Sequence[Event], since: float) -> Iterator[float]:
    """The change of each step, from its last judgement before a moment to its last one after."""
    before: dict[tuple[str, str], float] = {}
    after: dict[tuple[str, str], float] = {}
    for event in events:
        if event.kind == "judgement" and event.value is not None:
            (before if event.time < since else after)[event.domain, event.task] = event.value
    return (value - before[step] for step, value in after.items() if step in before)


def _week(begin: datetime, lived: Sequence[_Lived]) -> GroupWeek:
    active = [one for one in lived if one.is_active]
    worked = _mean([one.worked for one in active if one.worked is not None])
    change = _mean([one.change for one in active if one.change is not None])
    tries = _mean([float(one.tries) for one in active])
    return GroupWeek(
        begins=_key(begin),
        active=len(active) // LEAST * LEAST or None,
        tries=None if tries is None else round(2 * tries) / 2,
        worked=None if worked is None else min(max(round(worked, 1), _LEAST_SHARE), _MOST),
        change=None if change is None else round(100 * change / 5) * 5,
    )


def _mean(values: Sequence[float]) -> float | None:
    return fmean(values) if len(values) >= LEAST else None


def _key(begin: datetime) -> str:
    return begin.date().isoformat()
