"""Rung's planner as a policy: the real filter reads each person's log, the real planner is asked each day."""

from __future__ import annotations

import numpy as np

from rung.engine import Engine, Ladder, Person, Task
from rung.engine.dynamics import SECONDS_PER_DAY
from rung.engine.parameters import Parameters
from rung.engine.planning.ways import SOURCES
from rung.engine.simulation.climbs import DOMAIN, step_names
from rung.engine.simulation.policies import NOTHING, Advice, View

__all__ = ["Planner"]


class Planner:
    """What the app proposes, taken as it comes: the step, the bridge where it saves days, what helps first.

    A bridge that the app proposes below a resting step, too, becomes a step of the person's own ladder.
    """

    reads_log = True

    def __init__(
        self,
        wanted: float = 0.75,
        *,
        bridges: bool = True,
        sources: bool = True,
        parameters: Parameters | None = None,
        name: str = "Rung",
    ) -> None:
        """`wanted` is the dial; without `bridges` or `sources` those are not taken up."""
        self.name, self._wanted = name, wanted
        self._bridges, self._sources = bridges, sources
        self._engine = Engine(parameters or Parameters())
        self._names: list[str] = []
        self._people: list[Person] = []
        self._ladders: list[dict[int, Task]] = []
        """Of each person, by place: even ones are bridges, the next odd one the step above."""

    def advise(self, view: View) -> Advice:
        """One recommendation for each person who is on the way."""
        if view.day == 0:
            self._names = step_names(view.steps)
            steps = {
                2 * place + 1: Task(DOMAIN, self._names[place], float(difficulty))
                for place, difficulty in enumerate(view.difficulties)
            }
            self._people = [Person()] * view.people
            self._ladders = [dict(steps) for _ in range(view.people)]
        step, before = np.zeros((2, view.people), dtype=np.int64)
        bridge = np.zeros(view.people, dtype=bool)
        for person in np.flatnonzero(view.active):
            step[person], before[person], bridge[person] = self._advise(int(person), view)
        return Advice(step, before, bridge)

    def _advise(self, person: int, view: View) -> tuple[int, int, bool]:
        state = self._people[person] = self._engine.replay(view.events(person), self._people[person])
        rungs = self._ladders[person]
        ladder = Ladder(DOMAIN, tuple(rungs[place] for place in sorted(rungs)))
        now = max((view.day + 1) * SECONDS_PER_DAY, state.time or 0.0)
        said = self._engine.next_step(state, ladder, self._wanted, at=now)
        place = self._names.index(said.task.name if said.task else self._names[0])
        if self._bridges and said.bridge is not None and (said.bridge.sooner or said.resting):
            above = self._names.index(said.bridge.above.name)
            if above < view.steps and 2 * above not in rungs:
                rungs[2 * above] = Task(DOMAIN, self._names[above + view.steps], said.bridge.difficulty)
                if said.bridge.sooner:
                    place = above + view.steps
        before = sum(1 << SOURCES.index(source) for source in said.before) if self._sources else NOTHING
        return place % view.steps, before, place >= view.steps
