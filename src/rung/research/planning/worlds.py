"""Who climbs, and by which rule they learn: the scenes in which policies are compared.

Kinds of people follow what goes wrong between belief and ability; their sizes are assumptions. In the other
worlds people learn by a published rule that the filter does not assume, so that a planner cannot win by
knowing the simulator. With efficacy SE and outcome y:

    delta rule     SE <- SE + r (y - SE)                  r = .25 up, .35 down, times the person's own speed
    counting       SE <- SE + (y - SE) / (10 + n)         n attempts before
    good news      as the theory, with good news weighing 1.2 and bad .8
    confirmation   as the theory; what speaks against the set point counts half
    last times     SE <- SE + (y - SE) / 2
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from rung.engine import mastery
from rung.engine.parameters import Parameters
from rung.engine.scales import FloatArray, logit
from rung.engine.simulation.climbs import Climb
from rung.engine.simulation.crowd import Crowd
from rung.engine.simulation.population import DEPRESSED, Kind

__all__ = [
    "AVOIDING",
    "DOUBTING",
    "PERSONAS",
    "SCENES",
    "WORLDS",
    "Scene",
    "by_confirmation",
    "by_counting",
    "by_delta_rule",
    "by_good_news",
    "by_last_times",
]

_GOOD, _BAD = 0.8, 1.2
"""Mean weights of good and bad news, which the delta rule's mean rates stand for."""


class Scene(NamedTuple):
    """Some people and their ladder: one row of the comparison."""

    name: str
    climb: Climb
    meaning: str


def _kind(name: str, belief: float, ability: float, bias: float = 0.0, appraisal: float = 0.0) -> Kind:
    return Kind(name, belief=belief, ability=ability, bias=bias, appraisal=appraisal, spread=0.6)


DOUBTING = Scene(
    "able but doubting", Climb(_kind("able but doubting", -1.2, 1.2)), "ability well above belief"
)
AVOIDING = Scene(
    "anxious and avoiding",
    Climb(_kind("anxious and avoiding", -0.8, 0.8, bias=-0.7, appraisal=-0.6), stakes=0.8),
    "doubt rouses them, they read it as threat, and let pass what others would go for",
)
PERSONAS = (
    DOUBTING,
    Scene("sure but unable", Climb(_kind("sure but unable", 1.2, -0.4)), "belief above ability"),
    AVOIDING,
    Scene(
        DEPRESSED.name,
        Climb(
            Kind(
                DEPRESSED.name,
                belief=-0.6,
                ability=0.6,
                spread=0.6,
                values=DEPRESSED.values,
                source=DEPRESSED.source,
            )
        ),
        "learn less from success than from failure, and put failure down to themselves",
    ),
    Scene("steady", Climb(_kind("steady", 0.3, 0.5)), "belief about as high as ability"),
    Scene(
        "sparse loggers",
        Climb(_kind("sparse loggers", -0.6, 0.8), logs=0.35),
        "a third of what happens is told",
    ),
    Scene(
        "own way", Climb(_kind("own way", -0.6, 0.8), follows=0.4), "follow the advice on two days of five"
    ),
)
"""Kinds of people; all learn by the rule that the filter assumes."""


def by_delta_rule(
    crowd: Crowd, efficacy: FloatArray, outcome: FloatArray, credit: FloatArray, p: Parameters
) -> FloatArray:
    """Two rates on the scale of ratings, .25 up, .35 down, whatever the cause (Müller-Pinzler 2022)."""
    up, down = 0.25 * p.weight_good / _GOOD, 0.35 * p.weight_bad / _BAD
    rate = np.where(outcome > efficacy, up, down)
    return _way(efficacy, efficacy + np.minimum(rate, 0.9) * (outcome - efficacy))


def by_counting(
    crowd: Crowd, efficacy: FloatArray, outcome: FloatArray, credit: FloatArray, p: Parameters
) -> FloatArray:
    """Every outcome counts alike, after nine made up beforehand: a Beta belief (Rouault et al. 2019)."""
    return _way(efficacy, efficacy + (outcome - efficacy) / (10.0 + crowd.attempts))


def by_good_news(
    crowd: Crowd, efficacy: FloatArray, outcome: FloatArray, credit: FloatArray, p: Parameters
) -> FloatArray:
    """Good news counts for more than bad, the weights the other way round (Dorfman et al. 2019)."""
    swapped = np.where(outcome > efficacy, _BAD / _GOOD, _GOOD / _BAD)
    return mastery.shift(crowd.openness, efficacy, outcome, credit * swapped, p)


def by_confirmation(
    crowd: Crowd, efficacy: FloatArray, outcome: FloatArray, credit: FloatArray, p: Parameters
) -> FloatArray:
    """What speaks against the belief that somebody began with counts half (Schröder et al. 2024)."""
    against = (outcome - efficacy) * crowd.set_point < 0.0
    return mastery.shift(crowd.openness, efficacy, outcome, credit * np.where(against, 0.5, 1.0), p)


def by_last_times(
    crowd: Crowd, efficacy: FloatArray, outcome: FloatArray, credit: FloatArray, p: Parameters
) -> FloatArray:
    """The last few times are nearly all that counts: half of the way each time (Teodorescu & Erev 2014)."""
    return _way(efficacy, efficacy + 0.5 * (outcome - efficacy))


def _way(efficacy: FloatArray, wanted: FloatArray) -> FloatArray:
    """From one efficacy to another, logits; neither nearer than .02 to nought or one."""
    way: FloatArray = logit(np.clip(wanted, 0.02, 0.98)) - logit(np.clip(efficacy, 0.02, 0.98))
    return way


_AT_LARGE = Kind("people at large", belief=-0.8, ability=0.9, spread=0.6)

WORLDS = tuple(
    Scene(name, Climb(_AT_LARGE, learn=learn), meaning)
    for name, learn, meaning in (
        ("delta rule", by_delta_rule, "two rates on the scale of ratings, whatever the cause"),
        ("counting", by_counting, "every outcome counts alike, and ever less"),
        ("good news", by_good_news, "good news counts for more than bad"),
        ("confirmation", by_confirmation, "what speaks against the first belief counts half"),
        ("last times", by_last_times, "the last few times are nearly all that counts"),
    )
)
"""People who doubt somewhat, and learn otherwise than the filter assumes."""

SCENES = PERSONAS + WORLDS
