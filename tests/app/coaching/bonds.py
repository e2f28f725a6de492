"""Two people who found each other: a coach, and a person who lets them see something."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from tests.conftest import join
from tests.databases import SetClock

from rung.app import evidence
from rung.app.beliefs import state_version
from rung.app.climbing import ladders
from rung.app.model import Account, Did, EventId, Ladder, LadderId, PersonId, Reflection, Step, StepId
from rung.app.policies import Role
from rung.app.ports import Bond, Consent, Credentials, Entry, SavedState, Services
from rung.app.sharing import consenting, inviting
from rung.app.sharing.fields import ALL_FIELDS, Field
from rung.engine import Event

__all__ = ["STEPS", "Pair", "keep_states", "let_in", "pair", "see", "seed_people"]

STEPS = ("Write it down", "Say it to a friend", "Say it to the team", "Say it on stage")
_KEY = UUID("11111111-2222-5333-8444-555555555555")


@dataclass
class Pair:
    """A person with a ladder, and their coach."""

    services: Services
    clock: SetClock
    person: PersonId
    coach: PersonId
    ladder: Ladder
    bond: str

    @property
    def steps(self) -> list[StepId]:
        return [step.id for step in self.ladder.steps]

    def log(self, place: int, did: Did, days: float = 0.0, made_of_it: Reflection | None = None) -> EventId:
        """Something that becomes of a step, some days later."""
        self.clock.move(days=days)
        event = evidence.record(self.services, self.person, self.ladder.id, self.steps[place], did)
        if made_of_it:
            evidence.reflect(self.services, self.person, event, made_of_it)
        return event

    def judge(self, *ratings: int, days: float = 0.0) -> None:
        """How sure the person is of each step, some days later."""
        self.clock.move(days=days)
        rated = dict(zip(self.steps, ratings, strict=True))
        evidence.judge(self.services, self.person, self.ladder.id, rated)

    def judge_one_by_one(self, *ratings: int) -> None:
        """The same, a minute apart: what is of one moment comes in the order of its random ids."""
        for step, rating in zip(self.steps, ratings, strict=True):
            self.clock.move(minutes=1)
            evidence.judge(self.services, self.person, self.ladder.id, {step: rating})

    def show(self, *fields: Field, until: datetime | None = None) -> None:
        """Consent to these fields, and no others."""
        see(self.services, self.person, self.bond, self.ladder.id, fields, until)


def pair(services: Services, clock: SetClock, person: PersonId) -> Pair:
    """The person with a ladder of four steps, and a coach whom they let see all of it."""
    coach = join(services, "Dr Lee")
    ladder = ladders.name_ladder(services, person, "Speak up", STEPS)
    bond = let_in(services, person, coach)
    made = Pair(services, clock, person, coach, ladder, bond)
    made.show(*ALL_FIELDS)
    return made


def let_in(services: Services, person: PersonId, other: PersonId, role: Role = Role.COACH) -> str:
    """A bond by an offer that is taken; it shows nothing yet."""
    code = inviting.invite(services, person, role, lets_in=True)
    return inviting.accept(services, other, code).id


def see(
    services: Services,
    person: PersonId,
    bond: str,
    ladder: LadderId,
    fields: Iterable[Field],
    until: datetime | None = None,
) -> None:
    """What may be seen of a ladder through a bond, in place of what could be seen."""
    shown = frozenset(fields)
    given = [Consent(ladder, shown, services.clock.now(), until)] if shown else []
    consenting.consent(services, person, bond, given, supervised=True)


def seed_people(
    services: Services,
    coach: PersonId,
    count: int,
    fields: frozenset[Field] = ALL_FIELDS,
    weeks: int = 8,
    first: int = 0,
) -> list[PersonId]:
    """Many people of a coach at once, each with a ladder and some weeks of evidence, in one transaction."""
    now = services.clock.now()
    made = []
    with services.store.writing() as tx:
        for number in range(first, first + count):
            person = PersonId(str(uuid5(_KEY, f"person {number}")))
            tx.people.add(
                Account(person, f"Person {number:03}", now), Credentials(person, f"key {number}".encode(), "")
            )
            ladder = _ladder(person, number, now - timedelta(weeks=weeks))
            tx.ladders.put(ladder)
            tx.evidence.append([Entry(event, now) for event in _life(ladder, number, now, weeks)])
            consent = Consent(ladder.id, fields, now)
            tx.bonds.put(
                Bond(person, str(uuid5(_KEY, f"bond {number}")), coach, Role.COACH, now, consents=(consent,))
            )
            made.append(person)
    return made


def _ladder(person: PersonId, number: int, at: datetime) -> Ladder:
    steps = tuple(
        Step(StepId(str(uuid5(_KEY, f"{number} step {place}"))), f"Step {place}", -1.5 + place)
        for place in range(4)
    )
    key = LadderId(str(uuid5(_KEY, f"ladder {number}")))
    return Ladder(key, person, f"Ladder {number}", 0.75, at, None, steps)


def _life(ladder: Ladder, number: int, now: datetime, weeks: int) -> list[Event]:
    """Two tries a week and a judgement; every fifth lets pass in the end, every fifth falls silent."""
    events, kind = [], number % 5
    for day in range(7 * weeks):
        at = (now - timedelta(days=7 * weeks - day)).timestamp()
        late = day > 7 * (weeks - 3)
        if kind == 1 and late:
            break
        step = ladder.steps[min(day // 20, 3)]
        base = Event(ladder.person, ladder.id, step.id, at, "choice", difficulty=step.difficulty)
        key = str(uuid5(_KEY, f"{number} {day}"))
        if day % 7 == 0:
            for place, one in enumerate(ladder.steps):
                value = 0.8 - 0.2 * place - (0.3 if kind == 2 and late and place < 3 else 0.0)
                rated = base._replace(task=one.id, kind="judgement", value=max(value, 0.0))
                events.append(rated._replace(difficulty=one.difficulty, id=str(uuid5(UUID(key), one.id))))
        elif day % 7 in (2, 5):
            if kind == 3 and late:
                events.append(base._replace(value=0.0, id=key))
            else:
                events.append(base._replace(value=1.0, id=str(uuid5(UUID(key), "approach"))))
                events.append(base._replace(kind="attempt", value=1.0, feedback=1.0, id=key))
    return events


def keep_states(services: Services, people: Iterable[PersonId]) -> None:
    """Save everybody's state, as whoever uses the app has one."""
    for person in people:
        with services.store.writing(person) as tx:
            known = services.engine.replay(entry.event for entry in tx.evidence.log(person))
            made_by, number = state_version(services.engine), tx.evidence.standing(person)
            tx.states.put(person, SavedState(made_by, number, known.to_json()))
