"""A row of numbers: all that a judgement is foretold from, each in units of the rating.

A number is nought where nothing is known, so that a log without a column simply says nothing by it. `habits`
weighs them: the weights of good and bad are a person's own rates of learning from good and bad news, in
multiples of theory's. x is the last judgement of the domain; means smooth with weight .4 (quick) and .08
(slow) of the newest.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rung.engine.prediction.evidence import OFTEN, Evidence, Trail, agreed
from rung.engine.scales import logit, sigmoid, where

__all__ = ["CUE_PLACES", "NAMES", "NUMBERS", "Memory", "row"]

_DAY = 86_400.0


class Memory(NamedTuple):
    """What the person said before in the like case; NaN where there was none."""

    task: Any
    """The last judgement of the same task."""
    task_mean: Any
    """The mean of all judgements of the same task."""
    like: Any
    """The mean of judgements of the same task after an outcome like the one just seen: good, bad or none."""
    other: Any
    """1 where the last judgement was of another task, else 0."""
    shown: Any
    """Mean of what was shown of success at the same task, minus that at any task of the domain."""
    fresh: Any
    """Mean of what was shown at the same task since its own last judgement, where another came after that."""


NUMBERS: dict[str, str] = {
    "one": "1",
    "level": "x − .5",
    "level3": "4 (x − .5)³",
    "full": "1 where x is (nearly) 1",
    "none": "1 where x is (nearly) 0",
    "mean": "mean of earlier judgements, minus x",
    "quick": "their quick mean, minus x",
    "slow": "their slow mean, minus x",
    "before": "the last judgement but one, minus x",
    "first": "the first judgement, minus x",
    "few": "1 / √(judgements so far)",
    "few_level": "few times level",
    "repeats": "share of repeated answers beyond .4, times level",
    "days": "d / (1 + d) after d days",
    "days_mean": "days times mean",
    "good": "change that theory expects of news better than believed, since x",
    "bad": "the same of worse news",
    "borrowed": "the same of models and assurances",
    "body": "the same of a bodily state that was not there at x",
    "told": "mean of what was told since x, minus x",
    "told_up": "told where it is positive",
    "told_level": "told times level",
    "was_told": "1 where anything was told since x",
    "told_few": "told times few",
    "told_last": "what was told last, minus x",
    "told_quick": "quick mean of all that was told, minus x",
    "told_slow": "slow mean of it, minus x",
    "gap": "how far what is told lies above what it is about, on average",
    "surprise": "how far it lately lies above what was told before",
    "signals": "x as it would be had only signals spoken since the first judgement, minus x",
    "outcome": "mean of outcomes since x, minus x",
    "outcome_level": "outcome times level",
    "was_outcome": "1 where there was an outcome since x",
    "last": "the last outcome, minus x",
    "last_size": "last times its size",
    "last_up": "last where it is positive",
    "last_few": "last times few",
    "outcome_quick": "quick mean of outcomes, minus x",
    "outcome_slow": "slow mean of them, minus x",
    "sure": "mean of one's own sense of success since x, minus x",
    "difficulty": "of the task, in logits",
    "difficulty_last": "difficulty times last",
    "difficulty_level": "difficulty times level",
    "difficulty_change": "difficulty minus that of the task of x",
    "task": "the last judgement of the same task, minus x",
    "task_mean": "mean of its judgements, minus that of all",
    "like": "mean of its judgements after an outcome like the last one, minus x",
    "other": "1 where x was of another task",
    "task_shown": "mean of what was shown of success at the task, minus that at all tasks",
    "task_fresh": "where x was of another task: what was shown at this one since it was judged, minus x",
}
"""What each number is, in their order."""
NAMES: tuple[str, ...] = tuple(NUMBERS)
CUE_PLACES: NDArray[np.intp] = np.array(
    [NAMES.index(cue) for cue in ("was_told", "told", "was_outcome", "outcome", "difficulty_change", "other")]
)
"""Places of the numbers whose sizes are the cues of a repeated answer, as `answers.CUES` names them."""


def row(e: Evidence, difficulty: Any, time: Any, memory: Memory) -> tuple[Any, ...]:
    """The numbers of `NAMES` before a judgement; there must have been one before in the domain."""
    said, told, outcome = e.said, e.told, e.outcome
    x = said.last
    level = x - 0.5
    hard = where(difficulty == difficulty, difficulty, 0.0)
    few = (1.0 / said.count) ** 0.5
    days = (time - e.time) / _DAY
    days = where(days > 0.0, days, 0.0)
    waited = days / (1.0 + days)
    expected = sigmoid(e.belief)
    body = sigmoid(e.belief + e.body - e.body_then) - expected
    news, result = _fresh(told, x), _fresh(outcome, x)
    last = _unless_new(outcome, outcome.last - x)
    bounded = where(e.first < 0.02, 0.02, where(e.first > 0.98, 0.98, e.first))
    task, task_mean, like = (where(number == number, number, x) for number in memory[:3])
    return (
        1.0 + 0.0 * x,
        level,
        4.0 * level * level * level,
        where(x >= 0.985, 1.0, 0.0),
        where(x <= 0.015, 1.0, 0.0),
        said.mean - x,
        said.quick - x,
        said.slow - x,
        said.before - x,
        e.first - x,
        few,
        few * level,
        (e.repeats - OFTEN) * level,
        waited,
        waited * (said.mean - x),
        e.good,
        e.bad,
        e.borrowed,
        body,
        news,
        where(news > 0.0, news, 0.0),
        news * level,
        where(told.fresh > 0.0, 1.0, 0.0),
        news * few,
        _unless_new(told, told.last - x),
        _unless_new(told, told.quick - x),
        _unless_new(told, told.slow - x),
        e.gap,
        e.surprise,
        sigmoid(logit(bounded) + 0.4 * e.signals) - x,
        result,
        result * level,
        where(outcome.fresh > 0.0, 1.0, 0.0),
        last,
        last * abs(last),
        where(last > 0.0, last, 0.0),
        last * few,
        _unless_new(outcome, outcome.quick - x),
        _unless_new(outcome, outcome.slow - x),
        _fresh(e.sure, x),
        hard,
        hard * last,
        hard * level,
        hard - e.difficulty,
        task - x,
        where(memory.task_mean == memory.task_mean, task_mean - said.mean, 0.0),
        like - x,
        memory.other,
        where(memory.shown == memory.shown, memory.shown, 0.0),
        where(memory.fresh == memory.fresh, memory.fresh, x) - x,
    )


def _fresh(trail: Trail, x: Any) -> Any:
    """Mean of those since the last judgement minus x; 0 without any."""
    fresh = agreed(trail.fresh > 0.0)
    count = where(fresh, trail.fresh, 1.0)
    return where(fresh, trail.total / count - x, 0.0)


def _unless_new(trail: Trail, number: Any) -> Any:
    return where(agreed(trail.count > 0.0), number, 0.0)
