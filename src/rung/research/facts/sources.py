"""Treatments by the four sources: findings 18 to 26.

The phobia studies: people who are able to touch a snake and do not believe it. A ladder of twelve tasks; a
test goes up it until somebody lets one pass or it does not work. Each arm gets as many exposures of the
same length.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rung.engine.parameters import Parameters
from rung.engine.scales import FloatArray, logit
from rung.engine.simulation import Deed, Kind, People, Seen
from rung.research.facts.finding import Numbers
from rung.research.facts.measuring import agreement, effect, ratio, strength
from rung.research.facts.relations import MEDIUM, MINUTES, scale

__all__ = [
    "by_assurance",
    "by_model",
    "by_reading_the_body",
    "by_treatment",
    "by_treatment_half_way",
    "failing_after_assurance",
    "to_another_snake",
    "with_more_models",
]

_AFRAID = Kind("afraid of snakes", belief=-2.0, ability=3.0, appraisal=-0.5)
"""They are able: anybody can touch a snake. What keeps them is doubt, and a body read as "I can't"."""
_STAKES = 0.8
_LADDER = [
    Deed(f"step {place + 1}", float(difficulty), "the snake", _STAKES)
    for place, difficulty in enumerate(np.linspace(-3.0, 3.0, 12))
]
_SIMILAR = 0.5
"""The model is an adult of their own sex, and a stranger who is not afraid."""


def _guided(group: People, ladder: list[Deed]) -> None:
    """Participant modelling: the steps in turn, with help that fades."""
    for step, aid in zip(ladder, np.linspace(0.5, 0.0, len(ladder)), strict=True):
        group.attempt(step, aid=float(aid))
        group.wait(10 * MINUTES)


def _watching(group: People, ladder: list[Deed]) -> None:
    for step in ladder:
        group.watch(step, similarity=_SIMILAR)
        group.wait(10 * MINUTES)


def _nothing(group: People, ladder: list[Deed]) -> None:
    for _ in ladder:
        group.wait(10 * MINUTES)


_ARMS: dict[str, Callable[[People, list[Deed]], None]] = {
    "participant": _guided,
    "modelling": _watching,
    "control": _nothing,
}


class _Tested(NamedTuple):
    """What a test on the ladder found, shape (steps, people)."""

    rated: FloatArray
    done: NDArray[np.bool_]


def _test(group: People) -> _Tested:
    rated = np.array([group.judge(step) for step in _LADDER])
    going = np.ones(group.number, dtype=bool)
    done = []
    for step in _LADDER:
        going = group.choose(step, who=going)
        going = going & (group.attempt(step, who=going).outcome == 1.0)
        done.append(going)
    return _Tested(rated, np.array(done))


def by_treatment(people: int, random: np.random.Generator, p: Parameters) -> Numbers:
    """Twelve exposures; efficacy on the ladder before and a day after, then the test."""
    numbers: dict[str, float] = {}
    for arm, treat in _ARMS.items():
        group = People(people, seed=random, parameters=p, kind=_AFRAID)
        before = strength(group, _LADDER)
        treat(group, _LADDER)
        group.wait(1.0)
        after = _test(group)
        numbers[f"gain, {arm}"] = float(np.mean(after.rated.mean(axis=0) - before))
        numbers[f"steps, {arm}"] = float(after.done.mean())
    participant, modelling, control = (numbers[f"gain, {arm}"] for arm in _ARMS)
    numbers["participant - 1.5 modelling"] = participant - 1.5 * modelling
    numbers["modelling - control"] = modelling - control
    steps = [numbers[f"steps, {arm}"] for arm in _ARMS]
    numbers["steps, participant - modelling"] = steps[0] - steps[1]
    numbers["steps, modelling - control"] = steps[1] - steps[2]
    return numbers


def by_treatment_half_way(people: int, random: np.random.Generator, p: Parameters) -> Numbers:
    """Half the exposures, where judgements still differ: each step's judgement against what was done of it.

    Who rates a step 50 or more (moderately certain) is taken to say that they can do it.
    """
    numbers: dict[str, float] = {}
    for arm, treat in _ARMS.items():
        group = People(people, seed=random, parameters=p, kind=_AFRAID)
        treat(group, _LADDER[::2])
        group.wait(1.0)
        tested = _test(group)
        congruence, kappa = agreement(tested.rated >= 0.45, tested.done)
        numbers |= {f"congruence, {arm}": congruence, f"kappa, {arm}": kappa}
    return numbers


def to_another_snake(people: int, random: np.random.Generator, p: Parameters) -> Numbers:
    """Guided steps with one snake; efficacy with another kind of snake (relatedness .9) before and after."""
    group = People(
        people, seed=random, parameters=p, kind=_AFRAID, relatedness={("the snake", "another snake"): 0.9}
    )
    ladders = [_LADDER, [step._replace(domain="another snake") for step in _LADDER]]
    before = [strength(group, ladder) for ladder in ladders]
    _guided(group, _LADDER)
    group.wait(1.0)
    gains = [
        float(np.mean(strength(group, ladder) - was)) for ladder, was in zip(ladders, before, strict=True)
    ]
    return {"trained": gains[0], "near": gains[1], "share": ratio(gains[1], gains[0])}


def by_model(people: int, random: np.random.Generator, p: Parameters) -> Numbers:
    """Children weak in arithmetic watch a peer who struggles, one who does not, a teacher, or nobody.

    Two tapes of the model; a peer feels alike (.8), a teacher less (.4). Gains are in sd of efficacy
    beforehand.
    """
    shown = {
        "coping peer": (0.8, 1.0, 2),
        "peer": (0.8, 0.0, 2),
        "teacher": (0.4, 0.0, 2),
        "none": (0.0, 0.0, 0),
    }
    gains = {name: _gain(people, random, p, *how) for name, how in shown.items()}
    return {
        **gains,
        "coping - peer": gains["coping peer"] - gains["peer"],
        "peer - teacher": gains["peer"] - gains["teacher"],
        "teacher - none": gains["teacher"] - gains["none"],
    }


def with_more_models(people: int, random: np.random.Generator, p: Parameters) -> Numbers:
    """Such children watch three peers at ease, one who struggles, or one at ease, on one tape each."""
    shown = {"three": (0.8, 0.0, 3), "one coping": (0.8, 1.0, 1), "one": (0.8, 0.0, 1)}
    gains = {name: _gain(people, random, p, *how) for name, how in shown.items()}
    return {
        **gains,
        "three - one coping": gains["three"] - gains["one coping"],
        "one coping - one": gains["one coping"] - gains["one"],
    }


def _gain(
    people: int, random: np.random.Generator, p: Parameters, similarity: float, coping: float, tapes: int
) -> float:
    group = People(
        people, seed=random, parameters=p, kind=Kind("weak in arithmetic", belief=-1.0, ability=-1.0)
    )
    task = Deed("subtraction")
    before = strength(group, scale(task))
    for _ in range(tapes):
        group.watch(task, similarity=similarity, coping=coping)
        group.wait(20 * MINUTES)
    return float(np.mean(strength(group, scale(task)) - before)) / float(before.std())


def by_assurance(people: int, random: np.random.Generator, p: Parameters) -> Numbers:
    """Everybody is told, by somebody whom they believe (.8), that they can do better than they think.

    What is conveyed is one logit above their own judgement. The lift is the difference, in logits of
    efficacy, to the very same people without the assurance: at once, after a week and after four.
    """
    seed = int(random.integers(2**32))
    told, untold = (People(people, seed=seed, parameters=p) for _ in range(2))
    task = Deed("the task")
    told.assure(task, _above(told.efficacy(task)), credibility=0.8)
    lifts = [_apart(told, untold, task)]
    for days in (7.0, 21.0):
        for group in (told, untold):
            group.wait(days)
        lifts.append(_apart(told, untold, task))
    return {
        "day 0": lifts[0],
        "day 7": lifts[1],
        "left at day 7": ratio(lifts[1], lifts[0]),
        "day 28": lifts[2],
    }


def failing_after_assurance(people: int, random: np.random.Generator, p: Parameters) -> Numbers:
    """The same assurance, and then a failure for everybody: what is left of the lift."""
    seed = int(random.integers(2**32))
    told, untold = (People(people, seed=seed, parameters=p) for _ in range(2))
    task = Deed("the task")
    told.assure(task, _above(told.efficacy(task)), credibility=0.8)
    before = _apart(told, untold, task)
    for group in (told, untold):
        group.attempt(task, seen=Seen(0.0))
    return {"before": before, "left": ratio(_apart(told, untold, task), before)}


def _above(sure: FloatArray) -> FloatArray:
    conveyed: FloatArray = 1.0 / (1.0 + np.exp(-(logit(sure) + 1.0)))
    return conveyed


def _apart(told: People, untold: People, task: Deed) -> float:
    return float(np.mean(logit(told.efficacy(task)) - logit(untold.efficacy(task))))


def by_reading_the_body(people: int, random: np.random.Generator, p: Parameters) -> Numbers:
    """A task before others, the heart going (.9): one group reads that as "I can't", one half as ready."""
    task = Deed("a talk to strangers", luck=MEDIUM, parts=20)
    scores = []
    for reading in (-1.0, 0.0):
        group = People(people, seed=random, parameters=p)
        group.feel(arousal=0.9, appraisal=reading)
        scores.append(group.attempt(task).outcome)
    return {"d": effect(scores[1], scores[0])}
