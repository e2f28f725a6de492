"""A ladder between two sessions, for the tests of sheets."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from tests.databases import SetClock

from rung.app import evidence, scaling
from rung.app.climbing import ladders, plans
from rung.app.climbing.plans import Draft
from rung.app.model import Did, EventId, Ladder, PersonId, Reflection
from rung.app.ports import Services
from rung.app.sharing.fields import ALL_FIELDS, Field
from rung.app.sheets import Sheet, sheet

IDS = UUID("7d3c3a64-8a55-4a52-8d3e-5a0f3ad1c0de")
LEVELS = ("nothing at all", "a little", "as I hope", "more", "much more")


@dataclass
class Lived:
    """A person and their ladder."""

    services: Services
    clock: SetClock
    person: PersonId
    ladder: Ladder
    told: int = 0
    """How much was told so far: ids follow from it, so that two lives can be alike down to their ids."""

    def _id(self) -> str:
        self.told += 1
        return str(uuid5(IDS, str(self.told)))

    def sheet(self, fields: frozenset[Field] = ALL_FIELDS, weeks: float | None = None) -> Sheet:
        """The sheet up to now."""
        since = None if weeks is None else self.clock.now() - timedelta(weeks=weeks)
        return sheet(self.services, self.person, self.person, self.ladder.id, since, fields=fields)

    def judge(self, *ratings: int, feared: int | None = None) -> None:
        """Judge the steps, easiest first, and what is feared of the first."""
        steps = self.ladder.climbing[: len(ratings)]
        rated = dict(zip([step.id for step in steps], ratings, strict=True))
        fears = None if feared is None else {steps[0].id: feared}
        evidence.judge(self.services, self.person, self.ladder.id, rated, fears, self._id())
        self.clock.move(hours=1)

    def go(self, place: int, did: Did, told: Reflection | None = None) -> EventId:
        """Log what became of a step, and look back on it."""
        step = self.ladder.climbing[place]
        event_id = evidence.record(self.services, self.person, self.ladder.id, step.id, did, self._id())
        if told is not None:
            evidence.reflect(self.services, self.person, event_id, told)
        self.clock.move(hours=5)
        return event_id

    def plan(self, place: int, at: datetime | None = None, where: str = "kitchen") -> None:
        """Plan a step."""
        step = self.ladder.climbing[place]
        plans.make(self.services, self.person, self.ladder.id, step.id, Draft(at=at, where=where), self._id())

    def scale(self, *levels: int) -> None:
        """Scale a goal for each of these levels, and note them."""
        for place in range(len(levels)):
            scaling.add_goal(self.services, self.person, self.ladder.id, f"secret goal {place}", 1, LEVELS)
        scaling.note(self.services, self.person, self.ladder.id, levels)
        self.clock.move(hours=1)


def live(
    services: Services, clock: SetClock, person: PersonId, steps: int = 4, ladder_id: str | None = None
) -> Lived:
    """A ladder of some steps, nothing on it."""
    names = [f"step {place}" for place in range(steps)]
    return Lived(services, clock, person, ladders.name_ladder(services, person, "Talks", names, ladder_id))
