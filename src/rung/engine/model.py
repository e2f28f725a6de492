"""The engine's front: a person in, a newer person out, and what can be asked of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from rung.engine import asking, forecasting, loops, planning
from rung.engine.asking import Questions
from rung.engine.events import Event, check_event, in_order
from rung.engine.filtering import observe
from rung.engine.forecasting import Calibration, Estimate, Generality, Ladder, Level
from rung.engine.loops import Sign
from rung.engine.parameters import Parameters
from rung.engine.planning import Recommendation
from rung.engine.situation import Task
from rung.engine.state import Person
from rung.errors import InvalidEvent

__all__ = ["Engine"]


@dataclass(frozen=True, slots=True)
class Engine:
    """The model with its parameters. Holds no state: people are values that go in and come out.

    Wherever `at` (seconds, UTC) is given, the answer is for that moment; before the last event, or
    without it, the answer is as of the last event.

    >>> ladder = Ladder.of("talks", "say it to a friend", "say it to the team", "say it on stage")
    >>> engine, ana = Engine(), Person()
    >>> ana = engine.observe(ana, Event("ana", "talks", "say it to a friend", 0.0, "judgement", 0.7))
    >>> ana = engine.observe(ana, Event("ana", "talks", "say it on stage", 60.0, "judgement", 0.2))
    >>> engine.next_step(ana, ladder, wanted_chance=0.9).task.name
    'say it to a friend'
    """

    parameters: Parameters = field(default_factory=Parameters)

    def observe(self, person: Person, event: Event) -> Person:
        """The person after one more event.

        Raises `InvalidEvent` with every fault of the event, and `EventOutOfOrder` where it is older
        than the last one: then replay the log.
        """
        return observe(person, _checked(event), self.parameters)

    def replay(self, events: Iterable[Event], person: Person | None = None) -> Person:
        """The person after all events of theirs, put into canonical order first.

        Raises `InvalidEvent` for an event with faults, and where the events are not all of one person.
        """
        now, of = Person() if person is None else person, None
        for event in in_order(map(_checked, events)):
            if of is None:
                of = event.person
            elif event.person != of:
                raise InvalidEvent(
                    [f"person: {event.person!r} stands among the events of {of!r}: replay one by one"]
                )
            now = observe(now, event, self.parameters)
        return now

    def efficacy(self, person: Person, task: Task, at: float | None = None) -> Estimate:
        """How sure the person is that they can do the task, 0 to 1."""
        return forecasting.efficacy(person, task, at, self.parameters)

    def chance_of_success(self, person: Person, task: Task, at: float | None = None) -> Estimate:
        """Chance that an ordinary attempt at the task works, 0 to 1."""
        return forecasting.chance_of_success(person, task, at, self.parameters)

    def chance_of_approach(self, person: Person, task: Task, at: float | None = None) -> Estimate:
        """Chance that the person goes for the task when it is due, 0 to 1."""
        return forecasting.chance_of_approach(person, task, at, self.parameters)

    def chance_of_choosing(self, person: Person, task: Task, other: Task, at: float | None = None) -> float:
        """Chance that the person picks `task` over `other`, 0 to 1."""
        return forecasting.chance_of_choosing(person, task, other, at, self.parameters)

    def belief(self, person: Person, domain: str, at: float | None = None) -> Estimate:
        """Efficacy belief of a domain as a whole, in logits."""
        return forecasting.belief(person, domain, at, self.parameters)

    def ability(self, person: Person, domain: str, at: float | None = None) -> Estimate:
        """Ability in a domain as a whole, in logits, from outcomes alone."""
        return forecasting.ability(person, domain, at, self.parameters)

    def level(self, person: Person, ladder: Ladder, at: float | None = None) -> Level:
        """The hardest step that the person is judged able to do."""
        return forecasting.level(person, ladder, at, self.parameters)

    def strength(self, person: Person, ladder: Ladder, at: float | None = None) -> Estimate:
        """Mean efficacy over the ladder, 0 to 1."""
        return forecasting.strength(person, ladder, at, self.parameters)

    def prospects(self, person: Person, ladder: Ladder, at: float | None = None) -> Estimate:
        """Mean chance of success over the ladder, 0 to 1."""
        return forecasting.prospects(person, ladder, at, self.parameters)

    def ladder_seen(self, person: Person, domain: str) -> Ladder:
        """The tasks of a domain that came up in the log, easiest first (the 48 seen last)."""
        return forecasting.ladder_seen(person, domain, self.parameters)

    def generality(self, person: Person, at: float | None = None) -> Generality:
        """How many of the person's domains are believed in."""
        return forecasting.generality(person, at, self.parameters)

    def calibration(self, person: Person, domain: str, at: float | None = None) -> Calibration:
        """Belief against success in a domain."""
        return forecasting.calibration(person, domain, at, self.parameters)

    def next_step(
        self, person: Person, ladder: Ladder, wanted_chance: float = 0.75, at: float | None = None
    ) -> Recommendation:
        """One next step with its reasons, and what else could be done."""
        return planning.next_step(person, ladder, wanted_chance, at, self.parameters)

    def signs(self, person: Person, ladder: Ladder, at: float | None = None) -> tuple[Sign, ...]:
        """Signs that stand of a loop of letting pass, of over-reach, or of a stuck step."""
        return loops.signs(person, ladder, at, self.parameters)

    def questions(self, person: Person, ladder: Ladder, at: float | None = None) -> Questions:
        """The steps to ask about, the one first whose answer tells most, and what leaving out the rest loses.

        >>> ladder = Ladder.of("talks", "to a friend", "to the team", "on stage")
        >>> told = Engine().questions(Person(), ladder)
        >>> [question.task.name for question in told.asked]
        ['to the team', 'to a friend', 'on stage']
        """
        return asking.questions(person, ladder, at, self.parameters)


_PLAIN = (float, type(None), str)


def _checked(event: Event) -> Event:
    """The event with plain floats, whatever sort of number came in; `InvalidEvent` with all its faults."""
    if any(type(value) not in _PLAIN for value in event):
        plain = (value if value is None or isinstance(value, str) else float(value) for value in event)
        event = Event._make(plain)
    check_event(event)
    return event
