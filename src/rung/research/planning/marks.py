"""The marks that the planner was to reach, stated before it was measured, and whether it does.

A mark is held against the measured number; its interval says how sure that is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from rung.research.planning.contestants import Contestant
from rung.research.planning.draws import least, mean, ratio
from rung.research.planning.worlds import AVOIDING, DOUBTING
from rung.research.resampling import Draws, Measure, measure

__all__ = ["Mark", "marks_of"]

_FEWER, _WORSE, _FROM_ORACLE = 0.75, 1.05, 1.2
_ROUNDING = 1e-9

_Means = Mapping[tuple[str, str], Mapping[str, Draws]]
"""By scene and policy, and then by name of the outcome."""


class Mark(NamedTuple):
    """One number that was to be reached."""

    policy: str
    aim: str
    where: str
    """The scene."""
    bound: float
    value: Measure
    is_reached: bool
    """Whether the measured number is at most the bound."""
    is_open: bool
    """Whether the interval has the bound in it."""

    @property
    def verdict(self) -> str:
        """In a word or two."""
        return ("reached" if self.is_reached else "missed") + (", open" if self.is_open else "")


def marks_of(scenes: Sequence[str], policies: Sequence[Contestant], means: _Means) -> list[Mark]:
    """All that can be said with these scenes and policies, of Rung and of Rung without parts."""
    own = [policy.name for policy in policies if policy.role in ("Rung", "part")]
    return [mark for name in own for mark in _marks(name, scenes, policies, means)]


def _marks(
    policy: str, scenes: Sequence[str], policies: Sequence[Contestant], means: _Means
) -> Iterator[Mark]:
    rivals = [one.name for one in policies if one.is_rival]
    names = {one.name for one in policies}
    if rivals:
        against = {scene: _against(policy, scene, rivals, means) for scene in scenes}
        for scene in (DOUBTING.name, AVOIDING.name):
            if scene in against:
                aim = "days, of the best rule's: a quarter fewer"
                yield _mark(policy, aim, scene, _FEWER, against[scene])
        worst = max(against, key=lambda scene: against[scene].value)
        aim = f"days, of the best rule's, where it does worst of {len(scenes)}: never over 5 % more"
        yield _mark(policy, aim, worst, _WORSE, against[worst])
    if "staircase" in names:
        passed = {
            scene: ratio(means[scene, policy]["passed"], means[scene, "staircase"]["passed"])
            for scene in scenes
        }
        worst = max(passed, key=lambda scene: passed[scene].value)
        aim = "occasions let pass, of the staircase's, where it does worst: fewer"
        yield _mark(policy, aim, worst, 1.0, passed[worst], is_strict=True)
    if "oracle" in names:
        ratios = [ratio(means[scene, policy]["days"], means[scene, "oracle"]["days"]) for scene in scenes]
        aim = "days, of the oracle's, on average: within 20 %"
        yield _mark(policy, aim, f"{len(scenes)} scenes", _FROM_ORACLE, mean(ratios))


def _against(policy: str, scene: str, rivals: Sequence[str], means: _Means) -> Draws:
    best = least([means[scene, rival]["days"] for rival in rivals])
    return ratio(means[scene, policy]["days"], best)


def _mark(policy: str, aim: str, where: str, bound: float, found: Draws, *, is_strict: bool = False) -> Mark:
    value, low, high = measured = measure(found)
    is_open = low is not None and high is not None and low <= bound < high
    limit = bound - _ROUNDING if is_strict else bound + _ROUNDING
    return Mark(policy, aim, where, bound, measured, value is not None and value <= limit, is_open)
