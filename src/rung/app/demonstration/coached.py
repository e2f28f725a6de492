"""A coach with thirty people, to look around in: Dr Lee, and how it went for each of them.

All of them are made up. How they climbed is simulated (`rung.engine.simulation`): people who live by the
engine's own functions follow a plain advice, or not. Some are given a turn in the end (`_TURNS`), so that
there is one of everything to see; they show different things, and one shows nothing. The same seed, end and
length give the same people, down to every id.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Literal
from uuid import UUID, uuid5

import numpy as np

from rung.app.accounts.credentials import check_password, name_keys
from rung.app.accounts.invitations import add_account
from rung.app.beliefs import append_entries
from rung.app.climbing.places import evenly
from rung.app.coaching import answering, leaving
from rung.app.demonstration.living import MovingClock
from rung.app.model import WANTED_CHANCES, Account, EventId, Ladder, LadderId, PersonId, Step, StepId
from rung.app.policies import Role
from rung.app.ports import Bond, Consent, Credentials, Entry, Services
from rung.app.sharing.fields import ALL_FIELDS, Field
from rung.content.domains import Domain, domains
from rung.engine import Event
from rung.engine.simulation.climbs import Climb
from rung.engine.simulation.daily import climb_told
from rung.engine.simulation.policies import Advice, View
from rung.words import local, speaking

__all__ = ["COACH", "PEOPLE", "demonstrate_coach"]

COACH = "Dr Lee"
PEOPLE = (
    "Mika", "Amal", "Bruno", "Chiara", "Dilek", "Elif", "Farid", "Greta", "Hana", "Ines",
    "Jonas", "Kofi", "Lena", "Malik", "Nuria", "Omar", "Pia", "Quentin", "Rosa", "Samir",
    "Tilda", "Umut", "Vera", "Wanjiru", "Ximena", "Yusuf", "Zoe", "Anouk", "Boris", "Clara",
)  # fmt: skip
"""First names of nobody; the first of them can sign in as well."""

ZONE = "UTC"
_IDS = UUID("8c2f1d5e-7a1b-5b52-9c0e-3f6a4b1d9e71")
_STEPS = 6
_A_DAY = 86_400.0

Turn = Literal["", "quiet", "passes", "fails", "falls", "stays"]
_TURNS: tuple[Turn, ...] = ("", "passes", "stays", "quiet", "", "stays", "fails", "", "falls", "")
"""What happens to each in the end, over and over."""

_PRACTICE = frozenset({Field.JUDGEMENTS, Field.OUTCOMES})
_SHOWN: tuple[frozenset[Field], ...] = (
    ALL_FIELDS,
    _PRACTICE,
    _PRACTICE | {Field.ATTRIBUTIONS},
    ALL_FIELDS - {Field.TEXTS},
    frozenset({Field.OUTCOMES}),
)
_SHOWS_NOTHING = 22


class _OneUp:
    """The step that worked last, or the one above it after it has worked twice."""

    name = "one up after two successes"

    def advise(self, view: View) -> Advice:
        firm = (view.worked >= 2).cumprod(axis=0).sum(axis=0)
        return Advice(np.clip(firm, 0, len(view.difficulties) - 1).astype(np.int64))


@dataclass(frozen=True, slots=True)
class _Life:
    """One person as they are made."""

    number: int
    account: Account
    ladder: Ladder
    events: tuple[Event, ...]


def demonstrate_coach(
    services: Services,
    password: str,
    end: datetime,
    seed: int = 0,
    days: int = 90,
    progress: Callable[[int], None] = lambda done: None,
) -> Account:
    """Make the coach and the people, on a server without any; how many of them are made goes to `progress`.

    The password is the coach's and that of the first person.
    """
    check_password(services, password, COACH)
    end = end.astimezone(UTC).replace(second=0, microsecond=0)
    key = uuid5(_IDS, f"{seed} {days} {end.isoformat()}")
    start = end - timedelta(days=days)
    clock = MovingClock(end)
    services = replace(services, clock=clock)
    coach = Account(PersonId(str(uuid5(key, "coach"))), COACH, start)
    with speaking("en", ZONE):
        with services.store.writing() as tx:
            add_account(services, tx, coach, services.passwords.hash(password), None)
        lives = _lives(key, seed, start, days)
        for life in lives:
            _settle(services, key, coach, life, password, end)
            progress(life.number + 1)
        _leave(services, coach.id, lives)
    return coach


def _lives(key: UUID, seed: int, start: datetime, days: int) -> list[_Life]:
    """The people with their ladders, and what they tell of how it went."""
    setting = Climb(steps=_STEPS, days=days, occasions=0.3, follows=0.7, asked_again=10, ends=False)
    told: defaultdict[int, list[Event]] = defaultdict(list)
    for event in climb_told(_OneUp(), len(PEOPLE), setting, seed=seed):
        told[int(event.person.removeprefix("p"))].append(event)
    library = domains("en")
    lives = []
    for number, name in enumerate(PEOPLE):
        own = uuid5(key, name)
        joined = start + timedelta(days=(7 * number) % (days // 3 or 1), hours=number % 9 + 8)
        account = Account(PersonId(str(uuid5(own, "person"))), name, joined)
        ladder = _ladder(own, account, library[number % len(library)])
        events = tuple(_own(own, ladder, told[number], start + timedelta(hours=number % 9 + 8), joined))
        lives.append(_Life(number, account, ladder, events))
    return lives


def _ladder(own: UUID, account: Account, domain: Domain) -> Ladder:
    count = len(domain.steps)
    chosen = [domain.steps[round(place * (count - 1) / (_STEPS - 1))] for place in range(_STEPS)]
    steps = tuple(
        Step(StepId(str(uuid5(own, f"step {place}"))), step.name, at, conditions=step.conditions)
        for place, (step, at) in enumerate(zip(chosen, evenly(_STEPS), strict=True))
    )
    key = LadderId(str(uuid5(own, "ladder")))
    return Ladder(
        key, account.id, domain.title, WANTED_CHANCES[1], account.created_at, None, steps, domain.id
    )


def _own(own: UUID, ladder: Ladder, told: Sequence[Event], start: datetime, joined: datetime) -> list[Event]:
    """What was simulated, as events of this person and ladder, from the day on which they joined."""
    places = {f"step {place + 1:02d}": step for place, step in enumerate(ladder.steps)}
    found = []
    for number, event in enumerate(told):
        step = places.get(event.task)
        at = start.timestamp() + event.time
        if step is None or at < joined.timestamp():
            continue
        key = str(uuid5(own, f"event {number}"))
        event = event._replace(person=ladder.person, domain=ladder.id, task=step.id, id=key, time=at)
        found.append(event._replace(difficulty=step.difficulty))
    return found


def _turned(life: _Life, end: datetime) -> list[Event]:
    """What they tell, with the turn that it takes in the end."""
    turn = _TURNS[life.number % len(_TURNS)]
    events = [event for event in life.events if event.time < end.timestamp()]
    if not turn:
        return events
    days = 24 if turn == "quiet" else 16
    before = [event for event in events if event.time < end.timestamp() - days * _A_DAY]
    if turn == "quiet" or not before:
        return before
    judged = [event for event in before if event.kind == "judgement"]
    if turn == "falls":
        return [*events, *_judged_lower(life, judged, end)]
    tried = {event.task for event in before if event.kind == "attempt" and event.value == 1.0}
    steps = life.ladder.steps
    step = next((step for step in steps if step.id not in tried), steps[-1])
    if turn == "stays":
        step = next((step for step in reversed(steps[:-1]) if step.id in tried), steps[0])
    return [*before, *_met(life, step, turn, end)]


def _judged_lower(life: _Life, judged: Sequence[Event], end: datetime) -> list[Event]:
    last = {event.task: event for event in judged if event.value is not None}
    at = end.timestamp() - 2 * _A_DAY
    return [
        event._replace(
            time=at,
            value=max(0.0, round((event.value or 0.0) - 0.6, 1)),
            id=str(uuid5(UUID(life.ladder.id), f"lower {task}")),
        )
        for task, event in last.items()
    ]


def _met(life: _Life, step: Step, turn: Turn, end: datetime) -> list[Event]:
    """One step, met again and again: let pass, tried in vain, or done each time."""
    found = []
    for number in range(5):
        at = end.timestamp() - (14 - 3 * number) * _A_DAY
        key = uuid5(UUID(life.ladder.id), f"met {number}")
        went, worked = turn != "passes", float(turn == "stays")
        event = Event(
            life.account.id,
            life.ladder.id,
            step.id,
            at,
            "choice",
            value=float(went),
            difficulty=step.difficulty,
            id=str(uuid5(key, "choice")),
        )
        found.append(event)
        if went:
            found.append(event._replace(kind="attempt", value=worked, feedback=worked, id=str(key)))
    return found


def _settle(services: Services, key: UUID, coach: Account, life: _Life, password: str, end: datetime) -> None:
    """Store the person, what they tell, and what they show the coach."""
    events = sorted(_turned(life, end), key=lambda event: event.time)
    can_sign_in = life.number == 0
    fields = frozenset[Field]() if life.number == _SHOWS_NOTHING else _SHOWN[life.number % len(_SHOWN)]
    given = (Consent(life.ladder.id, fields, life.account.created_at),) if fields else ()
    bond = Bond(
        life.account.id,
        str(uuid5(key, f"bond {life.number}")),
        coach.id,
        Role.COACH,
        life.account.created_at,
        consents=given,
    )
    with services.store.writing() as tx:
        secret = services.passwords.hash(password) if can_sign_in else ""
        names = name_keys(services, life.account.name)
        tx.people.add(life.account, Credentials(life.account.id, names[0], secret))
        tx.ladders.put(life.ladder)
        if events:
            append_entries(services, tx, life.account.id, [Entry(event, end) for event in events])
        tx.bonds.put(bond)


def _leave(services: Services, coach: PersonId, lives: Sequence[_Life]) -> None:
    """What the coach left: some of it waits, some was taken."""
    first, second, third = lives[0], lives[1], lives[2]
    tries = [event for event in first.events if event.kind == "attempt" and event.value == 1.0]
    today = local(services.clock.now()).date()
    if tries:
        leaving.encourage(
            services,
            coach,
            first.account.id,
            first.ladder.id,
            "You went back to it after it had not worked, and changed only the beginning of it.",
            0.6,
            attempt=EventId(tries[-1].id),
            confirmed=True,
        )
    step = first.ladder.steps[2].id
    leaving.homework(
        services, coach, first.account.id, first.ladder.id, step, "Before Thursday is best.", today
    )
    leaving.propose_split(
        services,
        coach,
        second.account.id,
        second.ladder.id,
        second.ladder.steps[-1].id,
        ["The first half of it", "All of it, with somebody there"],
    )
    left = leaving.homework(services, coach, third.account.id, third.ladder.id, third.ladder.steps[1].id)
    answering.take(services, third.account.id, left.id)
