"""An account as it looks in month three, to look around in: Robin, four ladders, and what came of them.

Robin is made up, and so are the people around Robin. Everything goes through the use cases that pages use, at
a clock that moves: the log is a valid one, and the engine's state its replay. What happens is drawn by chance
(`living`) but for a few turns that the story tells (`story`, `happenings`). The same seed, end and length
give the same account, down to every id.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from functools import partial
from uuid import UUID, uuid5

from numpy.random import default_rng

from rung.app.accounts.credentials import check_password
from rung.app.accounts.invitations import add_account
from rung.app.climbing import ladders, plans, steps
from rung.app.demonstration.diary import RESOURCES
from rung.app.demonstration.happenings import ZONE, Happenings
from rung.app.demonstration.intents import drafts
from rung.app.demonstration.living import MovingClock, Robin
from rung.app.demonstration.story import LADDERS, LENGTH, PAUSE, TURNS, Course, Turn, is_at_work
from rung.app.model import Account, Did, PersonId, Reflection, StepId
from rung.app.ports import Services
from rung.words import speaking

__all__ = ["LEAST_DAYS", "MOST_DAYS", "NAME", "demonstrate"]

NAME = "Robin"
LEAST_DAYS, MOST_DAYS = 30, 365

_IDS = UUID("8c2f1d5e-7a1b-5b52-9c0e-3f6a4b1d9e70")
_ALL_REFLECTED = 15
"""Days before the end from which on nothing is left without a look back."""
_QUIET_END = 2
"""Days before the end in which the story alone says what happens."""


def demonstrate(
    services: Services,
    password: str,
    end: datetime,
    seed: int = 0,
    days: int = LENGTH,
    progress: Callable[[int], None] = lambda done: None,
) -> Account:
    """Make the account, on a server without any, with a past that ends at a moment; days go to `progress`."""
    check_password(services, password, NAME)
    end = end.astimezone(UTC).replace(second=0, microsecond=0)
    key = uuid5(_IDS, f"{seed} {days} {end.isoformat()}")
    clock = MovingClock(end - timedelta(days=days))
    services = replace(services, clock=clock)
    account = Account(PersonId(str(uuid5(key, "person"))), NAME, clock.now())
    password_hash = services.passwords.hash(password)
    with speaking("en", ZONE):
        with services.store.writing() as tx:
            add_account(services, tx, account, password_hash, None)
        robin = Robin(services, account.id, clock, default_rng(seed), key)
        _Life(robin, end, days).live(progress)
    return account


@dataclass
class _Life(Happenings):
    """The days of the story, one after the other."""

    told: dict[int, list[Turn]] = field(default_factory=dict)
    """What the story tells, by day of the account."""

    def live(self, progress: Callable[[int], None]) -> None:
        """Every day of it."""
        for turn in TURNS:
            self.told.setdefault(self._day_of(turn), []).append(turn)
        told: dict[int, list[int]] = {}
        for day in range(LENGTH):
            told.setdefault(self.on(day), []).append(day)
        for number in range(self.days):
            story = told.get(number, [])
            for day in story:
                self._turn_ladders(day)
                self.mark(day)
            self._spend(number)
            progress(number + 1)
        self.come_to_today()
        self.robin.clock.reach(self.end)

    def _day_of(self, turn: Turn) -> int:
        """The day of the account; what happens at work comes on the Friday before a weekend."""
        number = self.on(turn.day)
        weekday = self.at(number, time(12)).weekday()
        earlier = number - max(weekday - 4, 0)
        return earlier if is_at_work(turn) and earlier >= self.on(turn.day - 2) else number

    def _turn_ladders(self, day: int) -> None:
        """Begin ladders, judge them again, put one away."""
        for course in LADDERS:
            if course.first_day == day:
                self._begin(course)
            elif course.last_day == day:
                self.reach(self.on(day), 20)
                ladders.archive_ladder(self.robin.services, self.robin.person, self.climbed[course.key])
            elif day in course.judged and course.key in self.climbed:
                self.reach(self.on(day), 8 if course.key == "run" else 9)
                resources = {39: RESOURCES[0], 69: RESOURCES[1]}.get(day, "") if course.key == "talk" else ""
                self.robin.judge(self.ladder(course.key), resources=resources)

    def _begin(self, course: Course) -> None:
        robin = self.robin
        self.reach(self.on(course.first_day), 10)
        made = ladders.name_ladder(
            robin.services, robin.person, course.name, course.steps, robin.new_id(), course.template
        )
        self.climbed[course.key] = made.id
        if course.wanted_chance != made.wanted_chance:
            ladders.set_wanted_chance(robin.services, robin.person, made.id, course.wanted_chance)
        for place, under in course.conditions:
            steps.set_conditions(robin.services, robin.person, made.id, made.steps[place].id, under)
        robin.clock.reach(robin.clock.now() + timedelta(minutes=4))
        robin.judge(self.ladder(course.key), first=course.ratings)

    def _spend(self, number: int) -> None:
        """What happens on one day, in order of time, and a plan for the next one in the evening."""
        for at, deed in sorted(self._deeds(number), key=lambda pair: pair[0]):
            if at < self.end:
                self.robin.clock.reach(at)
                deed()
        if number + 1 < self.days - _QUIET_END and self.robin.is_drawn(0.3):
            self._plan_ahead(number)

    def _deeds(self, number: int) -> Iterator[tuple[datetime, Callable[[], None]]]:
        for turn in self.told.get(number, []):
            yield self.at(number, time(turn.hour, 10)), partial(self._tell, turn)
        for course in LADDERS:
            if self._is_due(course, number):
                hour = self._draw_hour(course)
                step_id, at = self.planned.pop(course.key, (None, self.at(number, hour)))
                yield at, partial(self._go, course, step_id, number)

    def _draw_hour(self, course: Course) -> time:
        return time(int(self.robin.chance.integers(*course.hours)), int(self.robin.chance.integers(0, 59)))

    def _is_due(self, course: Course, number: int) -> bool:
        first, last = self.on(course.first_day), self.on(course.last_day)
        if course.key not in self.climbed or not first < number < last or number >= self.days - _QUIET_END:
            return False
        if self._is_quiet(course, number) or any(
            turn.ladder == course.key for turn in self.told.get(number, [])
        ):
            self.planned.pop(course.key, None)
            return False
        if course.key in self.planned:
            return True
        weekday = self.at(number, time(12)).weekday()
        return weekday in course.weekdays and self.robin.is_drawn(course.keenness)

    def _is_quiet(self, course: Course, number: int) -> bool:
        return any(
            self.on(first) <= number < self.on(last) for first, last in (PAUSE, course.told_days) if last
        )

    def _tell(self, turn: Turn) -> None:
        robin, step = self.robin, self.step(turn.ladder, turn.step)
        event_id = robin.log(self.climbed[turn.ladder], step, turn.did)
        told = Reflection(
            feared=turn.feared,
            happened=turn.happened,
            what_helped=turn.helped,
            what_next=turn.next,
            what_feared=turn.fear,
        )
        robin.look_back(turn.ladder, step, turn.did, event_id, told)
        if (turn.ladder, turn.did) == ("talk", Did.DONE):
            self.seen = event_id

    def _go(self, course: Course, step_id: StepId | None, number: int) -> None:
        robin, ladder = self.robin, self.ladder(course.key)
        found = robin.next_step(ladder.id, self._closed(course, number))
        wished = [one for one in robin.standing(ladder.id).steps if one.step.id == step_id]
        found = wished[0] if wished else found
        if found.step.difficulty > 0.0 and robin.is_drawn(0.4):
            self.note_body(ladder)
        did, event_id = robin.go_for(ladder, found)
        if did in (Did.AVOIDED, Did.SKIPPED):
            return
        if robin.is_drawn(0.85) or number >= self.days - _ALL_REFLECTED:
            robin.look_back(course.key, found.step, did, event_id, None)

    def _closed(self, course: Course, number: int) -> frozenset[str]:
        """The steps that the story has not come to yet."""
        return frozenset(step for step, day in course.opens if number < self.on(day))

    def _plan_ahead(self, number: int) -> None:
        """In the evening, for one of the ladders that are due on the next day."""
        robin = self.robin
        weekday = self.at(number + 1, time(12)).weekday()
        due = [
            course
            for course in LADDERS
            if course.key in self.climbed
            and weekday in course.weekdays
            and number + 1 < self.on(course.last_day)
            and not self._is_quiet(course, number + 1)
        ]
        if not due or self._is_quiet(due[0], number):
            return
        course = robin.pick(due)
        self.reach(number, 20)
        at = self.at(number + 1, self._draw_hour(course))
        step = robin.next_step(self.climbed[course.key], self._closed(course, number + 1)).step
        draft = replace(robin.pick(drafts(course.key)), at=at)
        plans.make(robin.services, robin.person, self.climbed[course.key], step.id, draft, robin.new_id())
        self.planned[course.key] = (step.id, at)
