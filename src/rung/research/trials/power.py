"""A design's differences and power, from many simulated trials, and the sample size that it takes.

Two stages, with trials of their own: first as many as wanted at the size of the design; then further ones
with about as many people as a power of 90 % takes, from which every smaller sample size is read too. The size
comes from the first stage by formula, and the second checks it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import NamedTuple

import numpy as np

from rung import __version__
from rung.engine.parameters import Parameters
from rung.engine.scales import FloatArray
from rung.research.fitting.workers import Workers, in_turn
from rung.research.trials.blocks import Done, Key, block, blocks_of
from rung.research.trials.design import Design, sizes_of
from rung.research.trials.results import (
    Contrast,
    Curve,
    Group,
    Planned,
    Reading,
    Sizing,
    share_of,
    shares_of,
)
from rung.research.trials.running import BASELINE
from rung.research.trials.sizing import WANTED, by_formula, grid, sizing

__all__ = ["Bar", "is_primary", "plan"]

Bar = Callable[[str, int], AbstractContextManager[Callable[[int], object]]]
"""Opens a progress bar with a title and a total; what it gives is called with the amount done."""

_CAUTION = (
    "These differences are the model's, and are no evidence of what a real trial would find: the power is"
    " right only as far as they are. Take the size of the difference from a pilot or from earlier trials;"
    " take from here how doses, drop-out, baselines and measures bear on it."
)
_MOST = 2000
"""People in an arm of ratio 1, beyond which no curve is simulated."""
_WITHOUT = 300
"""Where they end if the primary measure shows no difference."""
_ROOM = 1.15
_WORK = 4e8
"""Things that happen to one person, in all trials of the second stage."""
_FEWEST_TRIALS = 100


class _Pooled(NamedTuple):
    """All blocks of a stage together."""

    trials: int
    g: dict[Key, FloatArray]
    adjusted_g: dict[Key, FloatArray]
    found: dict[Key, list[int]]
    adjusted_found: dict[Key, list[int]]
    readings: dict[tuple[str, float], tuple[FloatArray, FloatArray]]
    left: FloatArray


@contextmanager
def _silent(title: str, total: int) -> Iterator[Callable[[int], object]]:
    yield lambda done: None


def plan(
    design: Design,
    trials: int = 1000,
    *,
    seed: int = 0,
    p: Parameters | None = None,
    workers: Workers | None = None,
    bar: Bar = _silent,
) -> Planned:
    """Run the trials of a design, and further ones to see how many people they take."""
    p, work = p or Parameters(), workers or in_turn()
    people = design.trial.people
    first = _run("Running trials", design, trials, (people,), 0, seed, p, work, bar)
    contrasts = tuple(_contrast(design, key, first) for key in first.g)
    sizes = _sizes(design, contrasts)
    more = _further(design, trials, sizes[-1])
    second = _run("Looking at sample sizes", design, more, sizes, 1, seed, p, work, bar)
    curves = tuple(_curve(design, key, sizes, second) for key in second.g)
    measure, day = design.primary
    return Planned(
        name=design.trial.name,
        note=design.trial.note,
        source=design.trial.source,
        version=__version__,
        seed=seed,
        trials=trials,
        alpha=design.trial.alpha,
        primary=measure.name,
        primary_day=day,
        people=people,
        arms=tuple(
            Group(arm.name, size, float(left))
            for arm, size, left in zip(
                design.arms, sizes_of(design.arms, people), first.left.mean(axis=0), strict=True
            )
        ),
        readings=tuple(_readings(design, first)),
        contrasts=contrasts,
        curve_trials=more,
        curves=curves,
        sizings=tuple(_sizings(design, contrasts, curves)),
        caution=_CAUTION,
    )


def _run(
    title: str,
    design: Design,
    trials: int,
    sizes: tuple[int, ...],
    stage: int,
    seed: int,
    p: Parameters,
    workers: Workers,
    bar: Bar,
) -> _Pooled:
    parts = blocks_of(design, trials, sizes, seed=seed, stage=stage, by_intention_alone=stage > 0)
    with bar(title, len(parts)) as show:
        done = workers.over(
            block, parts, design, p, name=lambda part: f"block {part.number + 1} of the trials", progress=show
        )
    return _pooled(trials, done)


def _pooled(trials: int, done: Sequence[Done]) -> _Pooled:
    first = done[0]
    return _Pooled(
        trials,
        {key: np.concatenate([one.g[key] for one in done]) for key in first.g},
        {key: np.concatenate([one.adjusted_g[key] for one in done]) for key in first.adjusted_g},
        {key: _summed([one.found[key] for one in done]) for key in first.found},
        {key: _summed([one.adjusted_found[key] for one in done]) for key in first.adjusted_found},
        {
            key: (
                np.concatenate([one.readings[key][0] for one in done]),
                np.concatenate([one.readings[key][1] for one in done]),
            )
            for key in first.readings
        },
        np.concatenate([one.left for one in done]),
    )


def _summed(counts: Sequence[Sequence[int]]) -> list[int]:
    return [sum(column) for column in zip(*counts, strict=True)]


def _contrast(design: Design, key: Key, pooled: _Pooled) -> Contrast:
    measure, day, one, other, analysis = key
    g = pooled.g[key][np.isfinite(pooled.g[key])]
    low, high = np.percentile(g, [2.5, 97.5]).tolist() if len(g) else (None, None)
    adjusted = pooled.adjusted_g.get(key)
    return Contrast(
        measure,
        day,
        design.arms[one].name,
        design.arms[other].name,
        analysis,
        _mean(g),
        float(g.std(ddof=1) / len(g) ** 0.5) if len(g) > 1 else None,
        low,
        high,
        share_of(pooled.found[key][-1], pooled.trials),
        None if adjusted is None else _mean(adjusted),
        None if adjusted is None else share_of(pooled.adjusted_found[key][-1], pooled.trials),
    )


def _mean(values: FloatArray) -> float | None:
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else None


def _readings(design: Design, pooled: _Pooled) -> Iterator[Reading]:
    for (measure, day), (means, spreads) in pooled.readings.items():
        for place, arm in enumerate(design.arms):
            yield Reading(
                measure,
                None if day == BASELINE else day,
                arm.name,
                _mean(means[:, place]),
                _mean(spreads[:, place]),
            )


def _sizes(design: Design, contrasts: Sequence[Contrast]) -> tuple[int, ...]:
    """Sample sizes of the curves: a little further than a power of 90 % of what is primary takes."""
    formulas: list[int | None] = []
    end = _WITHOUT
    for contrast in contrasts:
        if contrast.analysis == "intention to treat":
            ratio = _ratio(design, contrast)
            found = [by_formula(contrast, wanted, design.trial.alpha, ratio) for wanted in WANTED]
            formulas += found
            if is_primary(design, contrast) and found[-1] is not None:
                end = round(_ROOM * found[-1])
    return grid(max(design.trial.people, min(end, _MOST)), [*formulas, design.trial.people])


def is_primary(design: Design, contrast: Contrast | Curve) -> bool:
    """Whether it is of the first two arms, on the primary measure and day."""
    measure, day = design.primary
    wanted = (measure.name, day, design.arms[0].name, design.arms[1].name)
    return (contrast.measure, contrast.day, contrast.one, contrast.other) == wanted


def _ratio(design: Design, contrast: Contrast | Curve) -> tuple[float, float]:
    ratios = {arm.name: arm.ratio for arm in design.arms}
    return ratios[contrast.one], ratios[contrast.other]


def _further(design: Design, trials: int, people: int) -> int:
    """How many trials the second stage has, so that it is over in seconds."""
    each = design.work * sum(sizes_of(design.arms, people))
    return max(min(trials, _FEWEST_TRIALS), min(trials, int(_WORK / each)))


def _curve(design: Design, key: Key, sizes: tuple[int, ...], pooled: _Pooled) -> Curve:
    measure, day, one, other, _ = key
    adjusted = pooled.adjusted_found.get(key)
    return Curve(
        measure,
        day,
        design.arms[one].name,
        design.arms[other].name,
        sizes,
        shares_of(pooled.found[key], pooled.trials),
        None if adjusted is None else shares_of(adjusted, pooled.trials),
    )


def _sizings(design: Design, contrasts: Sequence[Contrast], curves: Sequence[Curve]) -> Iterator[Sizing]:
    by_intention = [contrast for contrast in contrasts if contrast.analysis == "intention to treat"]
    for contrast, curve in zip(by_intention, curves, strict=True):
        for wanted in WANTED:
            yield sizing(contrast, curve, wanted, design.trial.alpha, _ratio(design, contrast))
