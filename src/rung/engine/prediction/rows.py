"""A row of numbers: all that a judgement is forecast from, each in units of the rating.

A number is nought where nothing is known, so that a log without a column simply says nothing by it. `habits`
weighs them: the weights of good and bad are a person's own rates of learning from good and bad news, in
multiples of theory's. With x the last judgement, `few` 1 / sqrt(judgements), and means smooth with weight .4
(quick) and .08 (slow) of the newest:

    one, level, level3                1, x - .5, 4 (x - .5)^3
    full, none                        whether x was (nearly) 1, 0
    mean, quick, slow, before, first  of earlier judgements, each minus x
    few, few_level, repeats           few, times level; share of repeated answers, times level
    days, days_mean                   d / (1 + d) after d days; times mean
    good, bad, borrowed, body         what theory expects since x (`evidence`)
    told, told_up, told_level, told_few   mean of what was told since x, minus x; its positive part; products
    was_told                          whether anything was
    told_last, told_quick, told_slow  what was told last, and its means, minus x
    gap, surprise                     how far the teller flatters; what was told against what was before
    signals                           x if only signals had spoken since the first judgement, minus x
    outcome, outcome_level, was_outcome   the same of true outcomes since x
    last, last_size, last_up, last_few    last outcome minus x; times its size; its positive part; times few
    outcome_quick, outcome_slow       means of outcomes, minus x
    sure                              own sense of success since x, minus x
    difficulty, _last, _level, _change    of the task; times last, level; minus that of the last judgement's
    task, task_mean, like, other      judgements of the same task, of all but after a like outcome (`Memory`)
    task_shown, task_fresh            how it went at this task against the others; since its last judgement
"""

from __future__ import annotations

from typing import Any, NamedTuple

from rung.engine.prediction.evidence import OFTEN, Evidence, Trail, agreed
from rung.engine.scales import logit, sigmoid, where

__all__ = ["CUE_PLACES", "NAMES", "Memory", "row"]

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


NAMES: tuple[str, ...] = (
    "one",
    "level",
    "level3",
    "full",
    "none",
    "mean",
    "quick",
    "slow",
    "before",
    "first",
    "few",
    "few_level",
    "repeats",
    "days",
    "days_mean",
    "good",
    "bad",
    "borrowed",
    "body",
    "told",
    "told_up",
    "told_level",
    "was_told",
    "told_few",
    "told_last",
    "told_quick",
    "told_slow",
    "gap",
    "surprise",
    "signals",
    "outcome",
    "outcome_level",
    "was_outcome",
    "last",
    "last_size",
    "last_up",
    "last_few",
    "outcome_quick",
    "outcome_slow",
    "sure",
    "difficulty",
    "difficulty_last",
    "difficulty_level",
    "difficulty_change",
    "task",
    "task_mean",
    "like",
    "other",
    "task_shown",
    "task_fresh",
)
"""The numbers of a row, in their order (docs/model.md says what each is)."""
CUE_PLACES = [
    NAMES.index(name) for name in ("was_told", "told", "was_outcome", "outcome", "difficulty_change", "other")
]
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
