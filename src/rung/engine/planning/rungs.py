"""The steps of a ladder as they stand for a person: chance of success, belief, and the record of each."""

from __future__ import annotations

from typing import NamedTuple

from rung.engine.dynamics import advance, new_domain
from rung.engine.forecasting import Estimate, Ladder, approach_of_met, chance_of_met, log_odds_of_success
from rung.engine.parameters import Parameters
from rung.engine.scales import logit
from rung.engine.situation import Situation, Task, meet
from rung.engine.state import DomainState, Person, TaskRecord

__all__ = [
    "FIRM",
    "GONE_FOR",
    "NEAR",
    "REACH",
    "SURE",
    "Rung",
    "are_all_firm",
    "rungs_of",
    "stands",
    "within_a_step",
]

FIRM = 0.9
"""Chance from which a step stands firm; an assumption."""
NEAR = 0.8
"""Log odds within which a step counts as near the wanted chance (.75 gives .57 to .87); an assumption."""
REACH = 1.5
"""Log odds below the wanted chance down to which a step is likely enough (.75 gives .40); an assumption."""
GONE_FOR = 0.25
"""Chance of approach below which a step is not proposed: what is let pass teaches nothing; an assumption."""
SURE = 0.5
"""Judgement from which a person is rather sure of a step; an assumption."""
_FAILURES = 2
"""Failures in a row after which a step rests. The rules of safety are the app's own: no study sets these
numbers."""
_AVOIDANCES = 3
"""Avoidances in a row after which a step rests."""
_HOPELESS = 3
"""Failures without a success after which nothing harder is proposed."""


class Rung(NamedTuple):
    """One step of the ladder under consideration."""

    place: int
    task: Task
    chance: Estimate
    goes: float
    """Chance that the person goes for it."""
    met: Situation
    able: float
    """Mean log odds of success."""
    lasting: float
    """Log odds of efficacy without what passes."""
    record: TaskRecord
    successes_since: int
    """Successes without help in the domain since this step was last tried or avoided."""

    def away_from(self, wanted: float) -> float:
        """Log odds from the wanted chance; above 0 where it is likelier."""
        return logit(self.chance.mean) - logit(wanted)

    @property
    def has_failed(self) -> bool:
        """Failed so often in a row that it rests, if nothing has worked since."""
        return self.record.failures_in_a_row >= _FAILURES

    @property
    def rests(self) -> bool:
        """Failed or avoided in a row, and too little has worked since; more failures take more."""
        record = self.record
        failed = self.has_failed and self.successes_since < record.failures_in_a_row - 1
        return failed or (record.avoided_in_a_row >= _AVOIDANCES and self.successes_since < 1)

    def is_likely_enough(self, wanted: float) -> bool:
        """Whether its chance is within reach of the wanted one, and it will not most likely be let pass."""
        return self.away_from(wanted) >= -REACH and self.goes >= GONE_FOR

    def is_no_likelier_than(self, other: Rung) -> bool:
        """Whether there is no reason to think that this one goes better: by its chance, or by belief."""
        if other.has_failed or other.is_hopeless:
            return self.chance.mean <= other.chance.mean
        return self.met.efficacy <= other.met.efficacy

    @property
    def is_held(self) -> bool:
        """Whether it has worked, or the person is rather sure of it by their own word."""
        return self.record.worked_at is not None or (self.record.rating or 0.0) >= SURE

    @property
    def is_hopeless(self) -> bool:
        """Tried in vain so often that nothing harder makes sense."""
        return self.record.attempts >= _HOPELESS and self.record.worked_at is None


def stands(person: Person, domain: str, at: float | None, p: Parameters) -> DomainState:
    """The domain at a moment; a stranger's where nothing is known of it."""
    state, moment = person.domains.get(domain), person.time if at is None else at
    if state is None:
        return new_domain(moment or 0.0, p)
    return state if moment is None else advance(state, moment, p)


def rungs_of(state: DomainState, ladder: Ladder, p: Parameters) -> list[Rung]:
    """Every step of the ladder, in its order."""
    records = {record.name: record for record in state.tasks}
    rungs = []
    for place, task in enumerate(ladder.tasks):
        met_by, met = meet(state, task, p)
        record = records.get(task.name, TaskRecord(task.name, 0.0))
        rungs.append(
            Rung(
                place,
                task,
                chance_of_met(met_by, met, p),
                approach_of_met(met_by, met, p).mean,
                met,
                log_odds_of_success(met_by, met, p)[0],
                met.lasting(met_by, p)[0],
                record,
                state.successes - record.successes_then,
            )
        )
    return rungs


def within_a_step(rungs: list[Rung], allowed: list[Rung]) -> list[Rung]:
    """Those allowed that lie at most one step above the footing; the easiest of them where none does.

    The footing is the hardest step that has worked, or that the person judged `SURE` or more the last time.
    That steps are graded, each next to one that is mastered, is how mastery is guided (Bandura 1977,
    10.1037/0033-295X.84.2.191); one step and even odds are assumptions.
    """
    footing = max((rung.place for rung in rungs if rung.is_held), default=-1)
    return [rung for rung in allowed if rung.place <= footing + 1] or allowed[:1]


def are_all_firm(rungs: list[Rung]) -> bool:
    """Whether every step stands firm."""
    return all(rung.chance.mean >= FIRM for rung in rungs)
