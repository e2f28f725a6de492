"""Every policy on every scene, with the same people, in blocks over workers.

The people of a block are drawn from a seed of their own, the same for every policy and scene: so differences
are paired, and neither the number of workers nor what else is run moves a result. More people leave the first
ones as they were.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from rung.engine.parameters import Parameters
from rung.engine.scales import FloatArray
from rung.engine.simulation import climb
from rung.engine.simulation.climbs import Climb, Climbed, Knowing, Truth
from rung.engine.simulation.policies import ASSURANCE, MODEL, REAPPRAISAL, Advice, BoolArray, Policy, View
from rung.errors import InvalidInput
from rung.research.fitting.workers import Workers, in_turn
from rung.research.planning.contestants import Contestant
from rung.research.planning.worlds import Scene

__all__ = ["AT_ONCE", "Fared", "Key", "Said", "Watched", "fare"]

AT_ONCE = 25
"""People in a block."""

Key: TypeAlias = tuple[str, str]
"""Names of the scene and of the policy."""


class Said(NamedTuple):
    """How often each person was advised what while on the way; every array has shape (n,)."""

    days: FloatArray
    models: FloatArray
    assurances: FloatArray
    reappraisals: FloatArray
    bridges: FloatArray


class Fared(NamedTuple):
    """What became of people under a policy; arrays have shape (n,), those by day (days,)."""

    days: FloatArray
    """To the goal step; who did not come there counts with the whole horizon."""
    arrived: FloatArray
    """1 or 0."""
    gave_up: FloatArray
    """1 or 0."""
    attempts: FloatArray
    passed: FloatArray
    """Occasions let pass."""
    efficacy: FloatArray
    """For the goal step at the end, 0 to 1."""
    chance: FloatArray
    """That the goal step works at the end."""
    off: FloatArray
    """|mean efficacy - mean chance| over the ladder at the end."""
    arrived_by_day: FloatArray
    """Share at the goal."""
    efficacy_by_day: FloatArray
    chance_by_day: FloatArray
    said: Said


class Watched:
    """A policy, and a note of how often it advises what."""

    def __init__(self, policy: Policy | Knowing) -> None:
        self.name = policy.name
        self.reads_log = getattr(policy, "reads_log", False)
        self.last: Advice | None = None
        """What was advised on the last day."""
        self._policy = policy
        self._counts: FloatArray = np.zeros((len(Said._fields), 0))
        if isinstance(policy, Knowing):
            self.advise_knowing = self._advise_knowing

    @property
    def said(self) -> Said:
        """How often, up to now."""
        return Said(*self._counts)

    def advise(self, view: View) -> Advice:
        """The policy's advice."""
        policy: Any = self._policy
        return self._noted(policy.advise, view)

    def _advise_knowing(self, view: View, truth: Truth) -> Advice:
        policy: Any = self._policy
        return self._noted(policy.advise_knowing, view, truth)

    def _noted(self, ask: Callable[..., Any], view: View, *more: object) -> Advice:
        try:
            advice = ask(view, *more)
        except InvalidInput:
            raise
        except Exception as error:
            raise InvalidInput(
                f"policy {self.name!r} failed on day {view.day}: {type(error).__name__}: {error}"
            ) from error
        if not isinstance(advice, Advice):
            raise InvalidInput(f"policy {self.name!r} must answer an Advice, it answered {advice!r}")
        if not view.day:
            self._counts = np.zeros((len(Said._fields), view.people))
        self._counts += np.array([view.active & each for each in _parts(advice, view.people)])
        self.last = advice
        return advice


def _parts(advice: Advice, people: int) -> list[BoolArray]:
    before = np.broadcast_to(advice.before, (people,))
    sources = [before & source > 0 for source in (MODEL, ASSURANCE, REAPPRAISAL)]
    return [np.ones(people, dtype=bool), *sources, np.broadcast_to(advice.bridge, (people,))]


class _Part(NamedTuple):
    """Some people, one scene, one policy."""

    scene: Scene
    contestant: Contestant
    number: int
    people: int


def fare(
    scenes: Sequence[Scene],
    policies: Sequence[Contestant],
    people: int,
    seed: int = 0,
    *,
    parameters: Parameters | None = None,
    workers: Workers | None = None,
    progress: Callable[[int], object] | None = None,
) -> dict[Key, Fared]:
    """What becomes of so many people on each scene by each policy.

    `progress` is called with the blocks done, of `len(scenes) * len(policies) * ceil(people / AT_ONCE)`.
    Raises `InvalidInput` for a policy that fails, or answers what is no advice.
    """
    starts = range(0, people, AT_ONCE)
    parts = [
        _Part(scene, contestant, number, min(AT_ONCE, people - start))
        for scene in scenes
        for contestant in policies
        for number, start in enumerate(starts)
    ]
    with workers or in_turn() as work:
        found = work.over(_fared, parts, seed, parameters, name=_name, progress=progress)
    return {
        (parts[first].scene.name, parts[first].contestant.name): _joined(found[first : first + len(starts)])
        for first in range(0, len(parts), len(starts))
    }


def _name(part: _Part) -> str:
    return f"block {part.number + 1} of {part.scene.name} by {part.contestant.name}"


def _fared(part: _Part, seed: int, parameters: Parameters | None) -> Fared:
    policy = Watched(part.contestant.make())
    own = np.random.SeedSequence(seed, spawn_key=(part.number,))
    setting = part.scene.climb
    try:
        ended = climb(policy, part.people, setting, seed=own, parameters=parameters)
    except ValueError as error:
        raise InvalidInput(str(error)) from error
    return _of(ended, setting, policy.said)


def _of(ended: Climbed, setting: Climb, said: Said) -> Fared:
    days = ended.days(float(setting.days))
    by_day = np.arange(1, setting.days + 1)[:, None]
    return Fared(
        days,
        1.0 - np.isnan(ended.reached),
        1.0 - np.isnan(ended.gave_up),
        ended.attempts,
        ended.passed,
        ended.efficacy,
        ended.chance,
        np.abs(ended.strength - ended.prospects),
        (ended.reached <= by_day).mean(axis=1),
        _to_the_end(ended.efficacy_by_day, setting.days),
        _to_the_end(ended.chance_by_day, setting.days),
        said,
    )


def _to_the_end(means: FloatArray, days: int) -> FloatArray:
    """Where everybody had arrived or given up, the last mean stands for the days after."""
    whole: FloatArray = np.append(means, np.full(days - len(means), means[-1]))
    return whole


def _joined(blocks: Sequence[Fared]) -> Fared:
    """Blocks as one: people side by side, and means by day weighed by people."""
    sizes = np.array([len(block.days) for block in blocks], dtype=np.float64)
    joined: dict[str, Any] = {}
    for name in Fared._fields[:-1]:
        values = [getattr(block, name) for block in blocks]
        is_by_day = name.endswith("_by_day")
        joined[name] = sizes @ np.array(values) / sizes.sum() if is_by_day else np.concatenate(values)
    said = Said(*(np.concatenate(each) for each in zip(*(block.said for block in blocks), strict=True)))
    return Fared(**joined, said=said)
