"""Some trials of a design, run and compared: the part of the work that one worker does at a time.

The seed of a block is its own child of the seed of everything, so that neither the number of workers nor
what else is run moves it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple, TypeAlias

import numpy as np

from rung.engine.parameters import Parameters
from rung.engine.scales import FloatArray
from rung.research.trials.comparing import Compared, Sample, compare
from rung.research.trials.design import Design, sizes_of
from rung.research.trials.results import Analysis
from rung.research.trials.running import BASELINE, Ran, run

__all__ = ["Block", "Done", "Key", "block", "blocks_of"]

_PEOPLE = 20_000
"""About so many are simulated at once."""

Key: TypeAlias = tuple[str, float, int, int, Analysis]
"""Measure, day, the places of two arms, and who is counted."""


class Block(NamedTuple):
    """What is to be run."""

    stage: int
    number: int
    trials: int
    people: int
    """In an arm of ratio 1."""
    sizes: tuple[int, ...]
    """Sample sizes up to `people`, in order; the last one is `people`."""
    seed: int
    by_intention_alone: bool


class Done(NamedTuple):
    """What came of it; arrays have shape (trials, ...)."""

    g: Mapping[Key, FloatArray]
    """At the last size."""
    adjusted_g: Mapping[Key, FloatArray]
    found: Mapping[Key, list[int]]
    """In how many trials the difference is significant, by size."""
    adjusted_found: Mapping[Key, list[int]]
    readings: Mapping[tuple[str, float], tuple[FloatArray, FloatArray]]
    """Mean and sd of those measured, of shape (trials, arms)."""
    left: FloatArray
    """Share that had left by the end, of shape (trials, arms)."""


def blocks_of(
    design: Design,
    trials: int,
    sizes: tuple[int, ...],
    *,
    seed: int,
    stage: int,
    by_intention_alone: bool = False,
) -> list[Block]:
    """So many trials in blocks that fit into memory."""
    at_once = max(1, _PEOPLE // sum(sizes_of(design.arms, sizes[-1])))
    starts = range(0, trials, at_once)
    return [
        Block(stage, number, min(at_once, trials - start), sizes[-1], sizes, seed, by_intention_alone)
        for number, start in enumerate(starts)
    ]


def block(part: Block, design: Design, p: Parameters) -> Done:
    """Run some trials, and compare their arms."""
    seed = np.random.SeedSequence(part.seed, spawn_key=(part.stage, part.number))
    ran = run(design, part.trials, part.people, seed, p)
    sizes = [sizes_of(design.arms, size) for size in part.sizes]
    g: dict[Key, FloatArray] = {}
    adjusted_g: dict[Key, FloatArray] = {}
    found: dict[Key, list[int]] = {}
    adjusted_found: dict[Key, list[int]] = {}
    for key, compared in _compared(design, ran, sizes, part):
        g[key] = compared.g[:, -1]
        found[key] = (compared.p <= design.trial.alpha).sum(axis=0).tolist()
        if compared.adjusted_g is not None and compared.adjusted_p is not None:
            adjusted_g[key] = compared.adjusted_g[:, -1]
            adjusted_found[key] = (compared.adjusted_p <= design.trial.alpha).sum(axis=0).tolist()
    return Done(g, adjusted_g, found, adjusted_found, _readings(design, ran), _left(design, ran))


def _compared(
    design: Design, ran: Ran, sizes: list[tuple[int, ...]], part: Block
) -> Iterator[tuple[Key, Compared]]:
    for measure in design.measures:
        carried = ran.values.get((measure.name, BASELINE))
        baseline = carried
        for day in measure.days:
            values = ran.values[measure.name, day]
            if carried is not None:
                values = carried = np.where(np.isnan(values), carried, values)
            stayed = (ran.left > day).astype(np.float64)
            kinds: list[tuple[Analysis, FloatArray]] = [("intention to treat", np.ones_like(stayed))]
            if design.loses_people and not part.by_intention_alone:
                kinds.append(("completers", stayed))
            for analysis, counts in kinds:
                samples = _samples(design, ran, values, baseline, counts)
                for one, other in design.pairs:
                    own = [size[one] for size in sizes], [size[other] for size in sizes]
                    yield (
                        (measure.name, day, one, other, analysis),
                        compare(samples[one], samples[other], own),
                    )


def _samples(
    design: Design, ran: Ran, values: FloatArray, baseline: FloatArray | None, counts: FloatArray
) -> list[Sample]:
    trials = len(ran.arms)

    def of(array: FloatArray, place: int) -> FloatArray:
        own: FloatArray = array[ran.arms == place].reshape(trials, -1)
        return own

    return [
        Sample(of(values, place), None if baseline is None else of(baseline, place), of(counts, place))
        for place in range(len(design.arms))
    ]


def _left(design: Design, ran: Ran) -> FloatArray:
    trials = len(ran.arms)
    gone = np.isfinite(ran.left).astype(np.float64)
    shares = [gone[ran.arms == place].reshape(trials, -1).mean(axis=1) for place in range(len(design.arms))]
    return np.stack(shares, axis=1)


def _readings(design: Design, ran: Ran) -> dict[tuple[str, float], tuple[FloatArray, FloatArray]]:
    found = {}
    for key, values in ran.values.items():
        means, spreads = [], []
        for place in range(len(design.arms)):
            own = values[ran.arms == place].reshape(len(values), -1)
            known = ~np.isnan(own)
            count = known.sum(axis=1)
            with np.errstate(divide="ignore", invalid="ignore"):
                mean = np.where(known, own, 0.0).sum(axis=1) / count
                rest = np.where(known, own - mean[:, np.newaxis], 0.0)
                spreads.append(np.sqrt((rest**2).sum(axis=1) / (count - 1)))
            means.append(mean)
        found[key] = np.stack(means, axis=1), np.stack(spreads, axis=1)
    return found
