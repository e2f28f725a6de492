"""What a browser kept while there was no network, and what it may keep to do so.

A device logs under ids and times of its own, and sends later: once or twice, in any order, beside other
devices. Each item goes through the use case that a page would call. What cannot be stored is answered with
its reason, and takes nothing else with it: this is the one request that is as many transactions as items.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid5

from rung.app import evidence, outlook
from rung.app.model import Did, EventId, Ladder, LadderId, PersonId, Reflection, StepId
from rung.app.ports import Services
from rung.app.sent import Sent, is_of
from rung.errors import Conflict, InvalidInput, NotAllowed, NotFound
from rung.words import _

__all__ = [
    "MOST_ITEMS",
    "Answer",
    "Item",
    "Judged",
    "Logged",
    "LookedBack",
    "Pocket",
    "PocketLadder",
    "State",
    "account_keys",
    "pocket",
    "take_in",
]

MOST_ITEMS = 200
"""Items of one sending."""


@dataclass(frozen=True, slots=True)
class Logged:
    """What became of a step."""

    id: EventId
    at: datetime
    ladder: LadderId
    step: StepId
    did: Did
    varied: str | None = None
    """What was different this time, as `evidence.record` takes it."""


@dataclass(frozen=True, slots=True)
class Judged:
    """How sure the person was, 0 to 100, and what they feared."""

    id: EventId
    at: datetime
    ladder: LadderId
    ratings: Mapping[StepId, int]
    feared: Mapping[StepId, int] = field(default_factory=dict)
    resources: str = ""
    """What they have to manage it with, in their words."""


@dataclass(frozen=True, slots=True)
class LookedBack:
    """What the person made of something that they did; the id is that of the looking back."""

    id: EventId
    at: datetime
    event: EventId
    reflection: Reflection


Item = Logged | Judged | LookedBack


class State(StrEnum):
    """What became of an item."""

    STORED = "stored"
    KNOWN = "known"
    """Stored before: sent twice is stored once."""
    WAITS = "waits"
    """What it is about has not come yet."""
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of an item, and why."""

    state: State
    reason: str = ""
    is_clock: bool = False
    """True where it is refused for its time alone."""
    is_taken_back: bool = False
    """True for a deed that was stored before, and taken back since: it stays so."""


@dataclass(frozen=True, slots=True)
class PocketLadder:
    """What it takes to log on one ladder."""

    ladder: Ladder
    next: StepId | None
    """The step that Rung proposes."""
    waiting: tuple[outlook.Deed, ...]
    """Attempts that wait to be looked back on."""


@dataclass(frozen=True, slots=True)
class Pocket:
    """What a browser needs to log without a network."""

    keys: tuple[str, ...]
    """Whose it is, without telling who: today's key, then older ones."""
    ladders: tuple[PocketLadder, ...]


def account_keys(services: Services, person: PersonId) -> tuple[str, ...]:
    """Names of the account for browsers, which tell nothing of it: today's, then those of older keys."""
    return tuple(digest.hex()[:32] for digest in services.vault.fingerprints(person, "account in a browser"))


def pocket(services: Services, actor: PersonId) -> Pocket:
    """The actor's ladders that have steps to climb, as far as it takes to log on them."""
    found = outlook.today_everywhere(services, actor)
    return Pocket(
        account_keys(services, actor),
        tuple(
            PocketLadder(
                today.ladder,
                StepId(today.recommendation.task.name) if today.recommendation.task else None,
                today.waiting,
            )
            for today in found
            if today.steps
        ),
    )


def take_in(services: Services, actor: PersonId, items: Sequence[Item]) -> list[Answer]:
    """Store what a browser kept, and tell of each item what became of it, in the order of the items.

    What was done goes in by its time, and before what was made of it.
    """
    if len(items) > MOST_ITEMS:
        raise InvalidInput(_("That is more than %(count)s at once: send fewer", count=MOST_ITEMS))
    known, ladders = _known(services, actor, items), _ladders(services, actor)
    answers: dict[int, Answer] = {}
    for place in sorted(range(len(items)), key=lambda place: _turn(items[place])):
        item = items[place]
        answers[place] = _clock_fault(services, item, ladders) or _taken(
            services, actor, item, is_known=item.id in known
        )
        if answers[place].state is State.STORED:
            known.add(item.id)
    return [answers[place] for place in range(len(items))]


def _taken(services: Services, actor: PersonId, item: Item, *, is_known: bool) -> Answer:
    try:
        _store(services, actor, item)
    except (InvalidInput, Conflict, NotAllowed, NotFound) as error:
        if isinstance(item, LookedBack) and isinstance(error, NotFound):
            # Whether it was taken back, has not come yet, or is somebody else's, is never told apart.
            return Answer(State.WAITS, _("What this is about is not there, or was taken back"))
        return Answer(State.REFUSED, str(error))
    is_taken_back = is_known and isinstance(item, Logged) and evidence.is_taken_back(services, actor, item.id)
    return Answer(State.KNOWN if is_known else State.STORED, is_taken_back=is_taken_back)


def _store(services: Services, actor: PersonId, item: Item) -> None:
    match item:
        case Logged():
            evidence.record(
                services, actor, item.ladder, item.step, item.did, item.id, item.at, varied=item.varied
            )
        case Judged():
            evidence.judge(
                services,
                actor,
                item.ladder,
                item.ratings,
                item.feared,
                item.id,
                item.at,
                resources=item.resources,
            )
        case LookedBack():
            evidence.reflect(services, actor, item.event, item.reflection, Sent(item.id, item.at))


def _turn(item: Item) -> tuple[bool, datetime]:
    return isinstance(item, LookedBack), item.at


def _known(services: Services, actor: PersonId, items: Sequence[Item]) -> set[EventId]:
    """Ids of the items that were stored before."""
    marks = {item.id: _mark(item) for item in items}
    with services.store.reading() as tx:
        stored = tx.evidence.revisions(actor, sorted(set(marks.values())))
    looked_back = {item.id for item in items if isinstance(item, LookedBack)}
    return {
        id
        for id, mark in marks.items()
        if mark in stored and (id not in looked_back or any(is_of(revision, id) for revision in stored[mark]))
    }


def _mark(item: Item) -> EventId:
    """The id of the event that is there where the item was stored."""
    match item:
        case Logged():
            return item.id
        case Judged():
            first = min(item.ratings, default=StepId(""))
            return EventId(str(uuid5(UUID(item.id), first)))
        case LookedBack():
            return item.event


def _ladders(services: Services, actor: PersonId) -> dict[LadderId, Ladder]:
    with services.store.reading() as tx:
        return {ladder.id: ladder for ladder in tx.ladders.of(actor)}


def _clock_fault(services: Services, item: Item, ladders: Mapping[LadderId, Ladder]) -> Answer | None:
    """Why a time cannot be: a clock that jumped is the one fault that a person can mend from the device."""
    if item.at > services.clock.now() + evidence.SKEW:
        return Answer(
            State.REFUSED, _("By the clock of this device, this was done in the future"), is_clock=True
        )
    ladder = None if isinstance(item, LookedBack) else ladders.get(item.ladder)
    if ladder is not None and item.at < ladder.created_at - evidence.SKEW:
        return Answer(
            State.REFUSED,
            _("By the clock of this device, this was done before there was this ladder"),
            is_clock=True,
        )
    return None
