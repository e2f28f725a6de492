"""The design of a simulated trial: whom it recruits, what each arm gets on which days, and what is measured.

Every key that a design file may have is a field here, with its type, range, unit and meaning; `reading`
checks a file against them, and the tables of docs/trials.md are made from them. Numbers are those of the
evidence log: chances, judgements and help 0 to 1, appraisal -1 to 1, difficulty in logits.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import MISSING, dataclass, field
from itertools import combinations
from typing import Any

from rung.engine.simulation import DEPRESSED, Deed, Kind

__all__ = [
    "ATTEMPT",
    "FEEDBACK",
    "MODEL",
    "PERSUASION",
    "STATE",
    "Arm",
    "Design",
    "Dose",
    "DropOut",
    "Measure",
    "Recruits",
    "Task",
    "Trial",
    "sizes_of",
]

ATTEMPT, FEEDBACK, MODEL, PERSUASION, STATE = "attempt", "feedback", "model", "persuasion", "state"
_DOSES = (ATTEMPT, FEEDBACK, MODEL, PERSUASION, STATE)
_LONGEST = 3650.0
_CAUSES = (ATTEMPT, FEEDBACK)


def _key(
    kind: str,
    meaning: str,
    default: Any = MISSING,
    *,
    low: float | None = None,
    high: float | None = None,
    unit: str = "",
    among: Sequence[str] = (),
    of: Sequence[str] = (),
) -> Any:
    """A key of the file; `among` are the texts that it may be, `of` the kinds of dose that have it."""
    told = {"type": kind, "meaning": meaning, "low": low, "high": high, "unit": unit}
    return field(default=default, metadata={**told, "among": tuple(among), "of": tuple(of)})


def _share(meaning: str, default: Any = None, of: Sequence[str] = ()) -> Any:
    return _key("number", meaning, default, low=0.0, high=1.0, of=of)


def _logits(meaning: str, default: float = 0.0) -> Any:
    return _key("number", meaning, default, low=-6.0, high=6.0, unit="logits")


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """The table `[trial]`."""

    name: str = _key("text", "heading of the report")
    note: str = _key("text", "what stands below the heading", "")
    source: str = _key("text", "the study that it is like", "")
    people: int = _key("whole", "people randomised to an arm of ratio 1", 40, low=2, high=5000)
    alpha: float = _key("number", "chance of a false alarm, two-sided", 0.05, low=0.0001, high=0.5)
    primary: str = _key("text", "the measure that the sample size is for; else the first one", "")
    primary_day: float | None = _key(
        "number", "its day; else its last one", None, low=0.0, high=_LONGEST, unit="days"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Recruits:
    """The table `[people]`: how those who take part differ from people at large."""

    belief: float = _logits("added to everybody's belief")
    ability: float = _logits("added to everybody's ability")
    bias: float = _logits("added to everybody's bias to approach")
    appraisal: float = _key(
        "number", "how a bodily state is read at first: -1 threat to 1 readiness", 0.0, low=-1.0, high=1.0
    )
    spread: float = _key(
        "number", "factor on how widely they differ in belief and ability", 1.0, low=0.0, high=3.0
    )
    depressive: bool = _key("yes or no", "they learn less from good news and more from bad", False)

    def kind(self) -> Kind:
        """As the simulator has it."""
        like = DEPRESSED if self.depressive else Kind()
        return Kind(
            like.name,
            self.belief,
            self.ability,
            self.bias,
            self.appraisal,
            self.spread,
            like.values,
            like.source,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class DropOut:
    """The table `[drop_out]`: who leaves, when, and whether they are still measured."""

    a_day: float = _share("chance that somebody leaves on a day", 0.0)
    from_doubt: bool = _key(
        "yes or no", "people also leave, the more the less sure they are of `task`", False
    )
    task: str = _key("text", "whose efficacy that is; needed with `from_doubt`", "")
    followed: bool = _key(
        "yes or no", "who left is still measured; otherwise their last value is carried forward", True
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One of the tables `[[tasks]]`."""

    name: str = _key("text", "what the rest of the file calls it")
    difficulty: float = _logits("0 = neutral")
    stakes: float = _share("how much doubt rouses somebody before it", 0.0)
    luck: float = _key(
        "number", "sd of what else decides one performance", 0.0, low=0.0, high=5.0, unit="logits"
    )
    parts: int = _key(
        "whole", "parts that work or fail on their own: 20 for a score of 20", 1, low=1, high=1000
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Dose:
    """One of the tables `[[arms.doses]]`: what somebody in this arm does, sees, is told or feels."""

    kind: str = _key("text", "what it is", among=_DOSES)
    days: tuple[float, ...] = _key(
        "days", "days on which it is given", (0.0,), low=0.0, high=_LONGEST, unit="days"
    )
    times: int = _key("whole", "how often in a row on each of them", 1, low=1, high=200)
    task: str = _key("text", "the task in question", "")
    ladder: str = _key("text", "instead of a task: each of this ladder, in order", "")
    attendance: float = _share("chance that somebody gets it on a day", 1.0)
    climbs: bool = _key(
        "yes or no",
        "each person tries their own step of the ladder, and goes one up when it works",
        False,
        of=[ATTEMPT],
    )
    may_pass: bool = _key("yes or no", "people may let it pass, as doubt has it", False, of=[ATTEMPT])
    aid: float = _share("help that all can see", 0.0, of=[ATTEMPT])
    effort: float | None = _share("effort they are made to put in; else that of their belief", of=[ATTEMPT])
    told: bool = _key("yes or no", "they are told how it went; otherwise they sense it", True, of=[ATTEMPT])
    after: str = _key(
        "text",
        "only to those whose last attempt at the task came out so; worked = at least half",
        "any",
        among=("any", "worked", "failed"),
        of=[FEEDBACK],
    )
    outcome: float | None = _share(
        "outcome that is told or shown; else, of feedback, that of the last attempt, and of a model, 1",
        of=[FEEDBACK, MODEL],
    )
    internal: float | None = _share("how far it is put down to the person; else as they would", of=_CAUSES)
    stable: float | None = _share("how far its cause is there to stay", of=_CAUSES)
    controllable: float | None = _share("how far its cause is in their own hands", of=_CAUSES)
    similarity: float = _share("how alike the model is felt to be", 0.5, of=[MODEL])
    coping: float = _share("how far the model struggled first", 0.0, of=[MODEL])
    conveyed: float | None = _share("chance of success that is conveyed; needed", of=[PERSUASION])
    credibility: float = _share("how far it is believed", 0.8, of=[PERSUASION, FEEDBACK])
    arousal: float | None = _share("arousal from now on; it fades within hours", of=[STATE])
    appraisal: float | None = _key(
        "number",
        "how arousal is read from now on: -1 threat to 1 readiness",
        None,
        low=-1.0,
        high=1.0,
        of=[STATE],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Arm:
    """One of the tables `[[arms]]`."""

    name: str = _key("text", "what the report calls it")
    ratio: float = _key("number", "size of the arm, as a multiple of `people`", 1.0, low=0.1, high=10.0)
    drop_out: float | None = _share("chance to leave on a day in this arm, instead of `a_day`")
    doses: tuple[Dose, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One of the tables `[[measures]]`, taken after the doses of its days."""

    name: str = _key("text", "what the report calls it")
    kind: str = _key(
        "text",
        "a judgement of efficacy, a score, steps gone for, or steps gone for and done",
        among=("judgement", "score", "approach", "climb"),
    )
    task: str = _key("text", "the task in question", "")
    ladder: str = _key(
        "text", "instead of a task: a mean over this ladder, or (approach, climb) the number of its steps", ""
    )
    days: tuple[float, ...] = _key("days", "days on which it is taken", low=0.0, high=_LONGEST, unit="days")
    baseline: bool = _key("yes or no", "it is also taken before everything else", True)
    teaches: bool = _key(
        "yes or no", "attempts in a test (score, climb) are experience; otherwise they leave no trace", True
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """A whole file, checked."""

    trial: Trial
    people: Recruits
    drop_out: DropOut
    tasks: Mapping[str, Task]
    ladders: Mapping[str, tuple[str, ...]]
    arms: tuple[Arm, ...]
    measures: tuple[Measure, ...]

    def deed(self, task: str) -> Deed:
        """A task as the simulator has it."""
        found = self.tasks[task]
        return Deed(found.name, found.difficulty, stakes=found.stakes, luck=found.luck, parts=found.parts)

    def deeds(self, item: Dose | Measure) -> tuple[Deed, ...]:
        """The task of a dose or measure, or those of its ladder."""
        return tuple(map(self.deed, self.ladders[item.ladder] if item.ladder else (item.task,)))

    @property
    def primary(self) -> tuple[Measure, float]:
        """What the sample size is for, and on which day."""
        wanted = self.trial.primary or self.measures[0].name
        measure = next(one for one in self.measures if one.name == wanted)
        day = self.trial.primary_day
        return measure, max(measure.days) if day is None else day

    @property
    def pairs(self) -> tuple[tuple[int, int], ...]:
        """Arms that are compared, by their places: each with each, the first two first."""
        return tuple(combinations(range(len(self.arms)), 2))

    @property
    def moments(self) -> tuple[float, ...]:
        """Days on which something happens, or on which somebody may leave out of doubt, in order."""
        days = {day for arm in self.arms for dose in arm.doses for day in dose.days}
        days |= {day for measure in self.measures for day in measure.days}
        if self.drop_out.from_doubt:
            days |= {float(day) for day in range(int(max(days)) + 1)}
        return tuple(sorted(days))

    @property
    def loses_people(self) -> bool:
        """Whether anybody may leave."""
        chances = [self.drop_out.a_day if arm.drop_out is None else arm.drop_out for arm in self.arms]
        return self.drop_out.from_doubt or any(chances)

    @property
    def work(self) -> int:
        """About how many things happen to each person, for an estimate of the time it takes."""
        given = sum(
            len(dose.days) * dose.times * len(self.deeds(dose)) if dose.kind != STATE else len(dose.days)
            for arm in self.arms
            for dose in arm.doses
        )
        taken = sum((len(one.days) + one.baseline) * len(self.deeds(one)) for one in self.measures)
        return given + taken + len(self.moments)


def sizes_of(arms: Sequence[Arm], people: int) -> tuple[int, ...]:
    """How many people are randomised to each arm where an arm of ratio 1 has so many."""
    return tuple(max(2, round(people * arm.ratio)) for arm in arms)
