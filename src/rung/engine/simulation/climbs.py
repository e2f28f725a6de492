"""What a climb is: the ladder and the life beside it, the truth behind it, and what became of everybody."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple, Protocol, runtime_checkable

import numpy as np

from rung.engine.parameters import Parameters
from rung.engine.scales import FloatArray
from rung.engine.simulation import crowd as life
from rung.engine.simulation.crowd import Crowd, Learning, Met
from rung.engine.simulation.policies import Advice, IntArray, View
from rung.engine.simulation.population import Kind

__all__ = ["DOMAIN", "Climb", "Climbed", "Knowing", "Truth", "own_choice", "step_names"]

DOMAIN = "it"


@dataclass(frozen=True, slots=True)
class Climb:
    """A ladder and the circumstances of a life beside it.

    >>> Climb(steps=5).difficulties.round(2).tolist()
    [-1.5, -0.75, 0.0, 0.75, 1.5]
    """

    kind: Kind = field(default_factory=Kind)
    steps: int = 10
    easiest: float = -1.5
    hardest: float = 1.5
    """Logits."""
    days: int = 120
    occasions: float = 1.0
    """Chance that a day has an occasion."""
    stakes: float = 0.0
    """0 to 1: how much doubt rouses somebody before a step."""
    follows: float = 1.0
    """Chance to follow the advice; else somebody picks a step on their own."""
    logs: float = 1.0
    """Chance that what happened at an occasion is told to anybody."""
    asked_again: int = 7
    """Days after which the whole ladder is judged again."""
    task_spread: float = 1.0
    """Factor on how much single steps differ from their difficulties for somebody."""
    similarity: float = 0.7
    """Of the models there are to see; they struggled first."""
    credibility: float = 0.7
    """Of the person who gives assurances."""
    calming: float = 0.6
    """How far reading the heartbeat anew moves its appraisal towards challenge, for that day."""
    learn: Learning = life.learn_by_theory
    """The rule by which people learn."""
    ends: bool = True
    """False: nobody arrives or gives up; life goes on for all of the days."""

    @property
    def difficulties(self) -> FloatArray:
        """Of the steps, logits, easiest first, shape (steps,)."""
        return np.linspace(self.easiest, self.hardest, self.steps)


class Truth(NamedTuple):
    """What nobody can know: for an oracle that other policies are measured against."""

    crowd: Crowd
    believed: FloatArray
    """d of each step, then of the bridge below each, shape (2k, n)."""
    able: FloatArray
    """e, likewise."""
    difficulties: FloatArray
    """Of the steps, then of the bridges, shape (2k,)."""
    goal_worked: FloatArray
    climb: Climb
    parameters: Parameters


@runtime_checkable
class Knowing(Protocol):
    """A policy that is shown the truth: an oracle, or what people would pick on their own."""

    @property
    def name(self) -> str:
        """How it is called in tables."""

    def advise_knowing(self, view: View, truth: Truth) -> Advice:
        """The advice for one day."""


class Climbed(NamedTuple):
    """What became of each person; every array has shape (n,), but those by day."""

    reached: FloatArray
    """Day on which the goal step had worked often enough; nan where it had not."""
    gave_up: FloatArray
    """Day; nan for who did not."""
    attempts: FloatArray
    passed: FloatArray
    """Occasions let pass."""
    efficacy: FloatArray
    """For the goal step at the end, 0 to 1, without the mood."""
    chance: FloatArray
    """That the goal step works at the end, 0 to 1."""
    strength: FloatArray
    """Mean efficacy over the steps at the end."""
    prospects: FloatArray
    """Mean chance of success over the steps at the end."""
    efficacy_by_day: FloatArray
    """Mean over people of efficacy for the goal step, shape (days,): up to the last day that anybody lived
    through on the way."""
    chance_by_day: FloatArray
    occasions_by_day: FloatArray
    """How many people had one."""
    attempts_by_day: FloatArray
    """How many of them went for it."""

    def days(self, horizon: float) -> FloatArray:
        """Days to the goal step; who never came there counts with the whole horizon."""
        return np.where(np.isnan(self.reached), horizon, self.reached)


def step_names(steps: int) -> list[str]:
    """Names of the steps in logs, easiest first, then of the bridges below them."""
    names = [f"step {place + 1:02d}" for place in range(steps)]
    return names + [f"before {name}" for name in names]


def own_choice(truth: Truth, random: np.random.Generator) -> IntArray:
    """The step that each person would pick: a draw by `approach_slope` (SE worth), worth rising from .5 to 1.

    People pick what they feel able to do (Bandura 1997), and harder steps are worth more to them; the sizes
    are assumptions.
    """
    p, people, steps = truth.parameters, len(truth.goal_worked), truth.climb.steps
    worth = np.linspace(0.5, 1.0, steps)
    pull = np.empty((steps, people))
    for step in range(steps):
        met = Met(truth.difficulties[step], truth.believed[step], truth.able[step], truth.climb.stakes)
        pull[step] = p.approach_slope * worth[step] * life.efficacy(truth.crowd, met, p)
    chosen: IntArray = np.argmax(pull + random.gumbel(size=pull.shape), axis=0)
    return chosen
