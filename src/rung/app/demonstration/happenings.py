"""What happens to Robin beside what is tried: stories, encouragement, a split step, a bridge, a week away."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from rung.app import sources
from rung.app.accounts.preferences import set_preferences
from rung.app.climbing import ladders, plans, steps
from rung.app.demonstration.intents import drafts
from rung.app.demonstration.living import Robin
from rung.app.demonstration.story import BRIDGE, LENGTH, PAUSE, STUCK, WHOLE, WHOLE_IN_PARTS
from rung.app.model import Did, EventId, Ladder, LadderId, Step, StepId
from rung.app.ports import ReminderId
from rung.app.reminding import reminders
from rung.app.reminding.occasions import Rule, moment_of

__all__ = ["ZONE", "Happenings"]

ZONE = "Europe/London"
"""Where Robin lives."""
FIRST_RUN, NEXT_RUN = (
    "Walk for thirty minutes, a little faster than usual",
    "Run two minutes and walk two, six times over",
)
"""Steps that are planned where a day is no working day."""


@dataclass
class Happenings:
    """Robin, the days of the account, and what is to happen on them."""

    robin: Robin
    end: datetime
    days: int
    climbed: dict[str, LadderId] = field(default_factory=dict)
    planned: dict[str, tuple[StepId, datetime]] = field(default_factory=dict)
    """By ladder: the step that is planned for the next time, and when."""
    reminder: str = ""
    seen: EventId | None = None
    """The attempt that somebody will say something about."""

    def on(self, day: int) -> int:
        """Which day of the account a day of the story is."""
        return day * self.days // LENGTH

    def at(self, number: int, clock: time) -> datetime:
        """A time of a day, counted from the beginning, by Robin's clock."""
        zone = ZoneInfo(ZONE)
        date = self.end.astimezone(zone).date() - timedelta(days=self.days - number)
        return moment_of(date, clock, zone)

    def ladder(self, key: str) -> Ladder:
        """A ladder as it is by now."""
        return ladders.ladder(self.robin.services, self.robin.person, self.climbed[key])

    def step(self, key: str, name: str) -> Step:
        """A step by its name."""
        return next(step for step in self.ladder(key).steps if step.name == name)

    def is_workday(self, number: int) -> bool:
        """True from Monday to Friday."""
        return self.at(number, time(12)).weekday() < 5

    def reach(self, number: int, hour: int, minute: int | None = None) -> None:
        """Go on to a time of a day."""
        shown = int(self.robin.chance.integers(0, 59)) if minute is None else minute
        self.robin.clock.reach(self.at(number, time(hour, shown)))

    def mark(self, day: int) -> None:
        """What happens on this day beside what is tried."""
        marks: dict[int, Callable[[int], None]] = {
            2: self._settle,
            6: self._read_of_marta,
            12: self._be_reminded,
            21: self._split_a_step,
            29: self._hear_uncle_ray,
            33: self._read_of_thuy,
            42: self._build_a_bridge,
            PAUSE[0] - 1: self._pause,
            PAUSE[1]: self._go_on,
            63: self._let_a_plan_go,
            78: self._see_ines,
            79: self._retire_a_step,
            84: self._hear_dana,
        }
        if day in marks:
            marks[day](self.on(day))

    def _settle(self, number: int) -> None:
        self.reach(number, 20)
        set_preferences(
            self.robin.services, self.robin.person, zone=ZONE, quiet_from="21:30", quiet_to="07:30"
        )

    def _read_of_marta(self, number: int) -> None:
        self.reach(number, 12)
        self._read("talk", "marta-four-weekends", 0.67)

    def _read_of_thuy(self, number: int) -> None:
        self.reach(number, 12)
        self._read("speak", "thuy-lab-questions", 0.67)

    def _read(self, key: str, story: str, similarity: float) -> None:
        robin = self.robin
        sources.read_story(
            robin.services, robin.person, self.climbed[key], story, similarity, event_id=robin.new_id()
        )

    def _be_reminded(self, number: int) -> None:
        self.reach(number, 20)
        robin = self.robin
        self.reminder = robin.new_id()
        reminders.make_reminder(
            robin.services,
            robin.person,
            "ladder",
            self.climbed["speak"],
            None,
            Rule((time(8, 30),), days=(0, 2)),
            zone=ZONE,
            reminder_id=self.reminder,
        )

    def _split_a_step(self, number: int) -> None:
        """As `split_step` does, with ids that are the same each time."""
        self.reach(number, 19)
        robin = self.robin
        whole = self.step("talk", WHOLE)
        steps.add_steps(
            robin.services,
            robin.person,
            self.climbed["talk"],
            WHOLE_IN_PARTS,
            after=whole.id,
            batch_id=robin.new_id(),
        )
        steps.retire_step(robin.services, robin.person, self.climbed["talk"], whole.id)

    def _build_a_bridge(self, number: int) -> None:
        self.reach(number, 18)
        robin = self.robin
        below = self.step("speak", "Ask one question in the team meeting")
        steps.add_steps(
            robin.services,
            robin.person,
            self.climbed["speak"],
            [BRIDGE],
            after=below.id,
            batch_id=robin.new_id(),
        )
        bridge = self.step("speak", BRIDGE)
        steps.set_conditions(
            robin.services, robin.person, self.climbed["speak"], bridge.id, ["notes", "watched"]
        )

    def _hear_uncle_ray(self, number: int) -> None:
        self.reach(number, 18)
        robin = self.robin
        sources.hear(
            robin.services,
            robin.person,
            self.climbed["talk"],
            "Uncle Ray",
            "You can do anything if you want to",
            0.9,
            0.0,
            event_id=robin.new_id(),
        )

    def _hear_dana(self, number: int) -> None:
        if self.seen is None:
            return
        self.reach(number, 17)
        robin = self.robin
        sources.hear(
            robin.services,
            robin.person,
            self.climbed["talk"],
            "Dana",
            "You said it in one sentence and then you waited. I could think about it",
            0.9,
            1.0,
            seen="How I said the sentence and did not take it back",
            attempt_id=self.seen,
            event_id=robin.new_id(),
        )

    def _pause(self, number: int) -> None:
        self.reach(number, 21)
        until = self.at(self.on(PAUSE[1]), time(12)).date().isoformat()
        set_preferences(self.robin.services, self.robin.person, paused_until=until)

    def _go_on(self, number: int) -> None:
        self.reach(number, 8)
        set_preferences(self.robin.services, self.robin.person, paused_until="")

    def _let_a_plan_go(self, number: int) -> None:
        self.reach(number, 20)
        robin = self.robin
        goal = self.ladder("speak").climbing[-1]
        at = self.at(number + 7, time(14, 0))
        draft = replace(drafts("speak")[0], at=at)
        made = plans.make(robin.services, robin.person, self.climbed["speak"], goal.id, draft, robin.new_id())
        robin.clock.reach(robin.clock.now() + timedelta(minutes=9))
        plans.put_aside(robin.services, robin.person, made.id)

    def _see_ines(self, number: int) -> None:
        self.reach(number, 19)
        robin = self.robin
        sources.see_somebody(
            robin.services,
            robin.person,
            self.climbed["run"],
            "Ines, from the floor below",
            "61. Walked for two months, then a minute of running. Stopped twice over her hip. Still goes",
            1.0,
            0.67,
            coping=True,
            event_id=robin.new_id(),
        )

    def _retire_a_step(self, number: int) -> None:
        self.reach(number, 19)
        step = self.step("run", "Run twenty-five minutes where people can see me")
        steps.retire_step(self.robin.services, self.robin.person, self.climbed["run"], step.id)

    def note_body(self, ladder: Ladder) -> None:
        """Say how the body is going, before an attempt; each reading comes once."""
        robin = self.robin
        left = robin.readings
        if not left:
            return
        reading, arousal, appraisal = left.pop()
        sources.note_state(
            robin.services, robin.person, ladder.id, arousal, appraisal, reading, robin.new_id()
        )
        robin.clock.reach(robin.clock.now() + timedelta(minutes=12))

    def come_to_today(self) -> None:
        """The last two days: a plan whose time passes, a try to look back at, a plan for tomorrow."""
        robin, last = self.robin, self.days - 1
        self.reach(last - 1, 20)
        for left in plans.planned(robin.services, robin.person):
            plans.put_aside(robin.services, robin.person, left.id)
        key, name = ("speak", STUCK) if self.is_workday(last) else ("run", FIRST_RUN)
        past = replace(drafts(key)[1], at=self.at(last, time(12, 30)))
        step = self.step(key, name)
        plans.make(robin.services, robin.person, self.climbed[key], step.id, past, robin.new_id())
        self.reach(last, 17)
        name = "Say my main sentence to Dana, with my note in my hand"
        tried = self.step(
            "talk", name if self.is_workday(last) else "Say it to a friend who cuts in and disagrees"
        )
        robin.log(self.climbed["talk"], tried, Did.DONE)
        self.reach(last, 20)
        tomorrow = self.days + 1
        key = "talk" if self.is_workday(tomorrow) else "run"
        step = self.ladder("talk").climbing[-1] if key == "talk" else self.step(key, NEXT_RUN)
        hour = 16 if key == "talk" else 8
        coming = replace(drafts(key)[0], at=self.at(tomorrow, time(hour, 0)))
        plans.make(robin.services, robin.person, self.climbed[key], step.id, coming, robin.new_id())
        reminders.reminder_done(robin.services, robin.person, ReminderId(self.reminder))
