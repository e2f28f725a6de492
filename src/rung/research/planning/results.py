"""What came of it: means with intervals, ratios of Rung to the best rival and to the oracle, and the marks.

Intervals of 95 % are bootstraps over people (`resampling`). Every policy meets the same people, and every
number is computed on the same draws of them: so ratios are paired. The best rival is the rule with the fewest
mean days on a scene, and in each draw the best of that draw: Rung is held against whichever rule comes out
best, which is a little better than the best rule really is. The worst-off tenth is the mean of the tenth of
people with the most days, and of the tenth with the lowest efficacy at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from rung import __version__
from rung.engine.parameters import Parameters
from rung.engine.scales import FloatArray
from rung.engine.simulation.policies import IntArray
from rung.research.fitting.workers import Workers
from rung.research.planning.comparing import Fared, Key, fare
from rung.research.planning.contestants import Contestant, Role
from rung.research.planning.draws import least, mean, ratio
from rung.research.planning.marks import Mark, marks_of
from rung.research.planning.worlds import Scene
from rung.research.resampling import Draws, Measure, draw_people, measure

__all__ = ["EVERY", "MEANS", "Advised", "Compared", "Course", "Row", "compare", "compared"]

EVERY = "every scene"
"""Name of the rows that are means over scenes."""
MEANS = ("days", "arrived", "gave_up", "attempts", "passed", "efficacy", "chance", "off")
"""What means are taken of."""
_TENTH = 0.1
_SEED = 1


class Advised(NamedTuple):
    """Of the days on the way, the share on which something was advised."""

    model: float
    assurance: float
    reappraisal: float
    bridge: float


class Row(NamedTuple):
    """One policy on one scene."""

    scene: str
    policy: str
    role: Role
    days: Measure
    """To the goal step; who did not come there counts with the whole horizon."""
    arrived: Measure
    """Share."""
    gave_up: Measure
    """Share."""
    attempts: Measure
    passed: Measure
    """Occasions let pass."""
    efficacy: Measure
    """For the goal step at the end, 0 to 1."""
    chance: Measure
    """That it works."""
    off: Measure
    """Calibration: |mean efficacy - mean chance| over the ladder, at the end."""
    worst_days: Measure
    worst_efficacy: Measure
    against_rival: Measure | None
    """Days of this policy for one of the best rival."""
    best_rival: str | None
    against_oracle: Measure | None
    advised: Advised


class Course(NamedTuple):
    """Day by day: share at the goal, mean efficacy for the goal step, and mean chance that it works."""

    scene: str
    policy: str
    arrived: list[float]
    efficacy: list[float]
    chance: list[float]


class Compared(NamedTuple):
    """Everything that was found."""

    version: str
    people: int
    seed: int
    wanted: float
    scenes: list[tuple[str, str]]
    """Name and meaning."""
    policies: list[tuple[str, Role, str]]
    """Name, part in the contest, and meaning."""
    rows: list[Row]
    marks: list[Mark]
    courses: list[Course]

    def row(self, scene: str, policy: str) -> Row | None:
        """One of the rows."""
        return next((row for row in self.rows if (row.scene, row.policy) == (scene, policy)), None)


def compare(
    scenes: Sequence[Scene],
    policies: Sequence[Contestant],
    people: int,
    seed: int = 0,
    *,
    wanted: float,
    parameters: Parameters | None = None,
    workers: Workers | None = None,
    progress: Callable[[int], object] | None = None,
) -> Compared:
    """Let everybody climb, and say what came of it; `wanted` is where Rung's dial stands."""
    found = fare(scenes, policies, people, seed, parameters=parameters, workers=workers, progress=progress)
    return compared(scenes, policies, found, seed=seed, wanted=wanted)


def compared(
    scenes: Sequence[Scene],
    policies: Sequence[Contestant],
    found: Mapping[Key, Fared],
    *,
    seed: int,
    wanted: float,
) -> Compared:
    """What came of it."""
    people = len(next(iter(found.values())).days)
    weights = np.array(list(draw_people(people, _SEED))).reshape(-1, people)
    tables = [_Scene(scene.name, policies, found, weights) for scene in scenes]
    rows = [row for table in tables for row in table.rows()]
    draws = {(table.name, name): table.means[name] for table in tables for name in table.means}
    if len(tables) > 1:
        rows += [_over_scenes(policy, tables) for policy in policies]
    return Compared(
        version=__version__,
        people=people,
        seed=seed,
        wanted=wanted,
        scenes=[(scene.name, scene.meaning) for scene in scenes],
        policies=[(policy.name, policy.role, policy.meaning) for policy in policies],
        rows=rows,
        marks=marks_of([scene.name for scene in scenes], policies, draws),
        courses=[_course(key, fared) for key, fared in found.items()],
    )


def _course(key: Key, fared: Fared) -> Course:
    by_day = (fared.arrived_by_day, fared.efficacy_by_day, fared.chance_by_day)
    return Course(*key, *([round(float(value), 4) for value in values] for values in by_day))


class _Scene:
    """All policies on one scene, on everybody and on each draw of people."""

    def __init__(
        self, name: str, policies: Sequence[Contestant], found: Mapping[Key, Fared], weights: FloatArray
    ) -> None:
        self.name, self.policies = name, policies
        self.fared = {policy.name: found[name, policy.name] for policy in policies}
        self.means = {policy: _means(fared, weights) for policy, fared in self.fared.items()}
        self.rivals = [policy.name for policy in policies if policy.is_rival]

    def rows(self) -> list[Row]:
        """One for each policy."""
        return [self._row(policy) for policy in self.policies]

    def _row(self, policy: Contestant) -> Row:
        draws, rival = self.means[policy.name], self.against_rival(policy)
        best = min(self.rivals, key=lambda name: self.means[name]["days"].value, default=None)
        oracle = self.against_oracle(policy)
        return Row(
            self.name,
            policy.name,
            policy.role,
            **{name: measure(draws[name]) for name in (*MEANS, "worst_days", "worst_efficacy")},
            against_rival=measure(rival) if rival else None,
            best_rival=best if rival else None,
            against_oracle=measure(oracle) if oracle else None,
            advised=self.advised(policy.name),
        )

    def against_rival(self, policy: Contestant) -> Draws | None:
        """Days for one of the best rival; None for a rival itself, and without one."""
        if policy.is_rival or not self.rivals:
            return None
        best = [self.means[name]["days"] for name in self.rivals]
        return ratio(self.means[policy.name]["days"], least(best))

    def against_oracle(self, policy: Contestant) -> Draws | None:
        """Days for one of the oracle."""
        if policy.role == "oracle" or "oracle" not in self.means:
            return None
        return ratio(self.means[policy.name]["days"], self.means["oracle"]["days"])

    def advised(self, policy: str) -> Advised:
        """How often what was advised."""
        said = self.fared[policy].said
        days = float(said.days.sum()) or 1.0
        return Advised(*(float(each.sum()) / days for each in said[1:]))


def _over_scenes(policy: Contestant, tables: Sequence[_Scene]) -> Row:
    """Means over scenes of everything."""
    names = (*MEANS, "worst_days", "worst_efficacy")
    rivals = [one for table in tables if (one := table.against_rival(policy))]
    oracles = [one for table in tables if (one := table.against_oracle(policy))]
    shares = np.mean([table.advised(policy.name) for table in tables], axis=0)
    return Row(
        EVERY,
        policy.name,
        policy.role,
        **{name: measure(mean([table.means[policy.name][name] for table in tables])) for name in names},
        against_rival=measure(mean(rivals)) if rivals else None,
        best_rival=None,
        against_oracle=measure(mean(oracles)) if oracles else None,
        advised=Advised(*map(float, shares)),
    )


def _means(fared: Fared, weights: FloatArray) -> dict[str, Draws]:
    people = len(fared.days)
    found = {
        name: Draws(float(getattr(fared, name).mean()), weights @ getattr(fared, name) / people)
        for name in MEANS
    }
    found["worst_days"] = _worst(fared.days, weights, np.argsort(-fared.days, kind="stable"))
    found["worst_efficacy"] = _worst(fared.efficacy, weights, np.argsort(fared.efficacy, kind="stable"))
    return found


def _worst(values: FloatArray, weights: FloatArray, order: IntArray) -> Draws:
    """Mean of a tenth of people, the first ones in this order."""
    return Draws(
        float(_mean_of_tenth(values[order], np.ones((1, len(values))))[0]),
        _mean_of_tenth(values[order], weights[:, order]),
    )


def _mean_of_tenth(values: FloatArray, times: FloatArray) -> FloatArray:
    """Of the first tenth, on each draw, in which somebody may be several times or not at all."""
    count = _TENTH * len(values)
    before = np.cumsum(times, axis=1) - times
    found: FloatArray = np.minimum(np.clip(count - before, 0.0, None), times) @ values / count
    return found
