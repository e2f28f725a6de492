"""Who is simulated: people of one population, and kinds of people who differ from it in stated ways.

    set point ~ N(mean, 1^2),  ability ~ N(mean, 1.2^2),  r(set point, ability) = .7
    belief ~ N(set point, .8^2)
    d ~ N(0, 1^2),  e ~ N(0, .7^2),  r(d, e) = .7    what makes one task easier for somebody
    weight_good * speed * ratio^.5,  weight_bad * speed * ratio^-.5
                   speed ~ Gamma(mean 1, sd .5),  ln ratio ~ N(0, .92^2)
    bias to approach ~ N(mean, 1.5^2)

Every number is one of `Parameters`, whose sources stand there; that the draws are Gaussian or Gamma is an
assumption.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import partial
from types import MappingProxyType
from typing import Any

import numpy as np

from rung.engine.parameters import Parameters
from rung.engine.scales import FloatArray
from rung.engine.simulation.crowd import Crowd

__all__ = ["DEPRESSED", "Kind", "born", "individual", "task_offsets"]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of people: how they differ from the population at large.

    >>> Kind("able but doubting", belief=-1.5, ability=1.0).belief
    -1.5
    """

    name: str = "people at large"
    belief: float = 0.0
    """Logits added to set points, and so to beliefs."""
    ability: float = 0.0
    """Logits added to abilities."""
    bias: float = 0.0
    """Logits added to the bias to approach."""
    appraisal: float = 0.0
    """How a bodily state is read from the start: -1 threat to 1 challenge."""
    spread: float = 1.0
    """Factor on how widely beliefs and abilities differ between them."""
    values: Mapping[str, float] = field(default_factory=dict)
    """Parameters that are different for them."""
    source: str = ""
    """Where this comes from."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "values", MappingProxyType(dict(self.values)))

    def __reduce__(self) -> tuple[Any, ...]:
        given = {each.name: getattr(self, each.name) for each in fields(self)}
        return partial(Kind, **given | {"values": dict(self.values)}), ()

    def parameters(self, p: Parameters) -> Parameters:
        """The parameters of such people."""
        return p.with_values(self.values, "assumption", self.source or self.name) if self.values else p


DEPRESSED = Kind(
    "depressive learning style",
    values={"weight_good": 0.68, "weight_bad": 1.32, "external_good": 0.45, "external_bad": 0.10,
            "own_sense_weight": 0.4},
    source="less learned from good news (Czekalla 2024), failure put down to oneself and success not"
    " (Sweeney 1986), own successes blunted (Katyal 2025); the sizes are choices",
)  # fmt: skip


def individual(p: Parameters, number: int, random: np.random.Generator) -> Parameters:
    """Parameters in which the learning rates differ from person to person: arrays of shape (number,)."""
    shape = 1.0 / p.learning_spread**2 if p.learning_spread else None
    speed = random.gamma(shape, 1.0 / shape, number) if shape else np.ones(number)
    ratio = np.exp(0.5 * p.valence_spread * random.standard_normal(number))
    return p.varied(
        {"weight_good": p.weight_good * speed * ratio, "weight_bad": p.weight_bad * speed / ratio}
    )


def born(number: int, kind: Kind, random: np.random.Generator, p: Parameters) -> Crowd:
    """People in a domain of which they have no evidence yet."""
    able, sure = _linked(number, p.ability_spread, p.set_point_spread, random, p)
    set_point = p.prior_belief + kind.belief + kind.spread * sure
    nothing = np.zeros(number)
    bias = kind.bias + p.approach_spread * random.standard_normal(number)
    return Crowd(
        belief=set_point + kind.spread * p.belief_spread * random.standard_normal(number),
        set_point=set_point,
        mood=p.mood_spread * random.standard_normal(number),
        lift=nothing,
        openness=np.full(number, p.openness),
        trust=np.ones(number),
        arousal=nothing,
        appraisal=np.full(number, kind.appraisal),
        ability=p.prior_ability + kind.ability + kind.spread * able,
        practised=nothing,
        idle_days=nothing,
        attempts=nothing,
        models_seen=nothing,
        bias=bias,
    )


def task_offsets(
    number: int, random: np.random.Generator, p: Parameters, spread: float = 1.0
) -> tuple[FloatArray, FloatArray]:
    """How much easier a task is to believe in (d) and to do (e) for each person than its difficulty says."""
    able, believed = _linked(number, p.ability_task_spread, p.task_spread, random, p)
    return spread * believed, spread * able


def _linked(
    number: int, able_spread: float, sure_spread: float, random: np.random.Generator, p: Parameters
) -> tuple[Any, Any]:
    able, own = random.standard_normal(number), random.standard_normal(number)
    link = p.belief_ability_link
    return able_spread * able, sure_spread * (link * able + (1.0 - link**2) ** 0.5 * own)
