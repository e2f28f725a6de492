"""How Robin lives: every deed goes through the use cases, at a clock that moves, and is drawn by its chance.

Whether Robin goes for a step, and whether it works, is drawn with the engine's own chances for Robin at that
moment; how sure Robin is, with the engine's efficacy and some noise. So belief and record grow from each
other.
How a try feels is drawn around what came of it (assumptions, for a demonstration alone).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID, uuid5

from numpy.random import Generator

from rung.app import evidence, outlook
from rung.app.beliefs import believer
from rung.app.demonstration.diary import FEARED, HELPED, NEXT, READING
from rung.app.demonstration.story import about
from rung.app.model import VARIED, Did, EventId, Ladder, LadderId, PersonId, Reflection, Step
from rung.app.outlook import StepOutlook
from rung.app.ports import Services
from rung.engine import Task

__all__ = ["MovingClock", "Robin"]

_Item = TypeVar("_Item")

_HESITATION = 0.4
"""How much of what the engine expects to be let pass is: Robin has made up their mind by the time of day."""


@dataclass
class MovingClock:
    """A clock that goes where it is told, and never back."""

    moment: datetime

    def now(self) -> datetime:
        """The moment."""
        return self.moment

    def reach(self, moment: datetime) -> None:
        """Go on to a moment; stay where it is over already."""
        self.moment = max(self.moment, moment)


@dataclass
class Robin:
    """Somebody who climbs ladders."""

    services: Services
    """With the clock that moves."""
    person: PersonId
    clock: MovingClock
    chance: Generator
    key: UUID
    """What all ids are made from."""
    written: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    """What is still to be written, by kind and ladder: no sentence comes twice."""
    readings: list[tuple[str, float, float]] = field(default_factory=lambda: list(reversed(READING)))
    """How the body is still to be read."""
    made: int = 0

    def new_id(self) -> str:
        """The next id: the same ones in the same order, each time."""
        self.made += 1
        return str(uuid5(self.key, str(self.made)))

    def is_drawn(self, chance: float) -> bool:
        """True as often as the chance says."""
        return bool(self.chance.random() < chance)

    def pick(self, items: Sequence[_Item]) -> _Item:
        """One of these."""
        return items[int(self.chance.integers(len(items)))]

    def standing(self, ladder_id: LadderId) -> outlook.Today:
        """Where Robin stands on a ladder at this moment."""
        return outlook.today(self.services, self.person, ladder_id)

    def next_step(self, ladder_id: LadderId, closed: frozenset[str] = frozenset()) -> StepOutlook:
        """What Robin goes for: mostly what is proposed, now and then the step beside it.

        Where the story has not come to that step yet, it is one of the hardest that are open.
        """
        today = self.standing(ladder_id)
        proposal = today.recommendation
        option = proposal.task
        if self.is_drawn(0.15) and proposal.easier:
            option = proposal.easier.task
        elif self.is_drawn(0.1) and proposal.harder:
            option = proposal.harder.task
        found = today.outlook_of(option)
        if found is None or found.step.name in closed:
            return self.pick([step for step in today.steps if step.step.name not in closed][-4:])
        return found

    def go_for(self, ladder: Ladder, step: StepOutlook) -> tuple[Did, EventId]:
        """Let chance decide what becomes of a step, and log it."""
        did = self._drawn(ladder, step)
        worked = sum(deed.did is Did.DONE for deed in step.deeds)
        varied = self.pick(VARIED) if worked >= 2 and self.is_drawn(0.5) else None
        return did, self.log(ladder.id, step.step, did, varied)

    def log(self, ladder_id: LadderId, step: Step, did: Did, varied: str | None = None) -> EventId:
        """Log what became of a step."""
        return evidence.record(
            self.services, self.person, ladder_id, step.id, did, self.new_id(), varied=varied
        )

    def look_back(self, key: str, step: Step, did: Did, event_id: EventId, told: Reflection | None) -> None:
        """Reflect some minutes later, in the words of the story or in some of the diary."""
        self.clock.reach(self.clock.now() + timedelta(minutes=int(self.chance.integers(8, 70))))
        if did in (Did.AVOIDED, Did.SKIPPED):
            if told is not None and told.what_next:
                evidence.reflect(self.services, self.person, event_id, told)
            return
        felt = self._felt(step, did)
        if told is None:
            felt = self._in_words(about(key, step.name), felt, did)
        else:
            numbers = {
                name: value
                for name in ("feared", "happened", "what_helped", "what_next", "what_feared")
                if (value := getattr(told, name)) not in (None, "")
            }
            felt = replace(felt, **numbers)
        evidence.reflect(self.services, self.person, event_id, felt)

    def judge(self, ladder: Ladder, first: tuple[int, int] | None = None, resources: str = "") -> None:
        """Say how sure Robin is of each step, and what there is to fear at those ahead."""
        today = self.standing(ladder.id)
        count = len(today.steps)
        ratings, feared = {}, {}
        for place, one in enumerate(today.steps):
            sure = one.efficacy.mean + self.chance.normal(0.0, 0.05)
            if first is not None:
                easiest, goal = first
                sure = (easiest + (goal - easiest) * place / max(count - 1, 1)) / 100
                sure += self.chance.normal(0.0, 0.04)
            ratings[one.step.id] = 10 * round(min(max(sure, 0.0), 1.0) * 10)
            if 20 <= ratings[one.step.id] <= 60:
                feared[one.step.id] = 10 * round(min(max(1.05 - sure, 0.1), 0.9) * 10)
        evidence.judge(
            self.services, self.person, ladder.id, ratings, feared, self.new_id(), resources=resources
        )

    def text(self, kind: str, key: str) -> str:
        """The next sentence of this kind about something; empty once all are written."""
        left = self.written.get((kind, key))
        if left is None:
            words = {"helped": HELPED, "next": NEXT, "feared": FEARED}[kind][key]
            left = self.written[kind, key] = [
                words[int(place)] for place in self.chance.permutation(len(words))
            ]
        return left.pop() if left else ""

    def _drawn(self, ladder: Ladder, step: StepOutlook) -> Did:
        with self.services.store.reading() as tx:
            person = believer(self.services, tx, self.person)
        task = Task(ladder.id, step.step.id, step.step.difficulty)
        at = self.clock.now().timestamp()
        approach = self.services.engine.chance_of_approach(person, task, at).mean
        if self.is_drawn(_HESITATION * (1.0 - approach)):
            return Did.SKIPPED if self.is_drawn(0.3) else Did.AVOIDED
        if self.is_drawn(step.chance.mean):
            return Did.DONE
        return Did.PARTLY if self.is_drawn(0.5) else Did.TRIED

    def _felt(self, step: Step, did: Did) -> Reflection:
        """Numbers around what came of it."""
        draw = self.chance
        hardness = min(max((step.difficulty + 1.5) / 3.0, 0.0), 1.0)
        arousal = _tenths(0.25 + 0.5 * hardness + draw.normal(0.0, 0.12))
        if did is Did.DONE:
            cause = self.pick(("me", "me", "me", "practice", "practice", "help", "luck"))
            happened = _tenths(abs(draw.normal(0.12, 0.15)))
        else:
            cause = self.pick(("way", "way", "unready", "size", "others", "day"))
            happened = _tenths(draw.normal(0.5 if did is Did.TRIED else 0.35, 0.2))
        calm = {Did.DONE: 0.45, Did.PARTLY: 0.0, Did.TRIED: -0.4}[did] - 0.4 * hardness
        return Reflection(
            aid={"help": 0.67}.get(cause, 0.33 if "help" in step.conditions else 0.0),
            effort=_tenths(0.35 + 0.45 * hardness + draw.normal(0.0, 0.1)),
            internal=1.0 if cause in ("me", "practice", "way", "unready") else 0.0,
            stable=self.pick((1.0, 0.5, 0.5)) if did is Did.DONE else self.pick((0.5, 0.0, 0.0)),
            controllable=self.pick((1.0, 1.0, 0.5)) if cause not in ("luck", "others", "day") else 0.0,
            arousal=arousal,
            appraisal=min(max(round(2 * (calm + draw.normal(0.0, 0.35))) / 2, -1.0), 1.0),
            feared=_tenths(0.1 + 0.45 * hardness + draw.normal(0.0, 0.15)),
            happened=happened,
            cause=cause,
            circumstances="rough" if cause == "day" else "",
        )

    def _in_words(self, key: str, felt: Reflection, did: Did) -> Reflection:
        worked = did is Did.DONE
        helped = self.text("helped", key) if worked and self.is_drawn(0.65) else ""
        later = self.text("next", key) if not worked and self.is_drawn(0.8) else ""
        fear = self.text("feared", key) if self.is_drawn(0.25) else ""
        return replace(felt, what_helped=helped, what_next=later, what_feared=fear)


def _tenths(number: float) -> float:
    return round(min(max(number, 0.0), 1.0), 1)
