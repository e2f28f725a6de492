"""How soon the signs of `rung.engine.loops` are seen, and how often they are seen where there is nothing.

Simulated people (`caught`) live through a quarter, and the filter reads their logs as it reads anybody's
(`watching`). For each sign, and for the rules of thumb beside it:

    false alarms   share of steady people of whom it is said at any time in the quarter
    found          share of those caught of whom it is said within 1, 2, 3, 5, 8 occasions that they let
                   pass (of a loop), or attempts (of over-reach and stuck steps), since it began
    days           median from the beginning until it is said; who is not found counts as later than all
    ROC            highest score of steady people in the quarter against that of those caught, in 28 days
                   since

Steady people, of a loop: who go for at least half of what is due; of over-reach: who are at most half a
logit surer than it works; of a stuck step: whose step works at least every other time. Thresholds are
learned on other people (`calibrate`). Intervals hold 95 %: Wilson's for shares, 400 resamplings of people
for the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from rung.engine.parameters import Parameters
from rung.engine.scales import FloatArray
from rung.engine.simulation.policies import BoolArray
from rung.research.caught import AT_LARGE, LOOP, OVER_REACH, STEADY, STUCK, Lived, World
from rung.research.watching import KINDS, RULES, Watched, watch

__all__ = [
    "WITHIN",
    "AtLarge",
    "Found",
    "Group",
    "Limits",
    "Measured",
    "Share",
    "calibrate",
    "measure",
    "share",
]

WITHIN = (1, 2, 3, 5, 8)
_FALSE_ALARMS = 0.05
_ROC_DAYS = 28
_DRAWS = 400


class Limits(NamedTuple):
    """Evidence from which each sign is spoken of."""

    loop: float
    over_reach: float
    stuck: float

    @classmethod
    def of(cls, p: Parameters) -> Limits:
        """Those in use."""
        return cls(p.loop_limit, p.over_reach_limit, p.stuck_limit)


class Share(NamedTuple):
    """A number with its interval of 95 %."""

    value: float
    low: float
    high: float


class Found(NamedTuple):
    """One detector of one sign."""

    sign: str
    detector: str
    threshold: float
    steady: int
    caught: int
    false_alarms: Share
    within: dict[int, Share]
    """Occasions or attempts: share found by then."""
    days: Share
    """Median; inf where fewer than half are found."""
    area: Share
    """Under the ROC."""
    roc: list[tuple[float, float]]
    """False alarms and found, over thresholds."""


class Group(NamedTuple):
    """False alarms and what is found within 3, of some of the people, for a loop."""

    name: str
    steady: int
    caught: int
    false_alarms: Share
    within_3: Share


class AtLarge(NamedTuple):
    """Signs of one kind among people at large: of how many it is said, and against what is true."""

    sign: str
    people: int
    said: Share
    false: Share


class Measured(NamedTuple):
    """Everything that was measured."""

    people: int
    """Of each world."""
    days: int
    limits: Limits
    detectors: list[Found]
    groups: list[Group]
    at_large: list[AtLarge]


def calibrate(
    people: int,
    seed: int,
    *,
    days: int = 90,
    workers: int = 1,
    progress: Callable[[int], object] | None = None,
) -> Limits:
    """The lowest limits at which 5 in 100 steady people at most have a false alarm in the quarter."""
    watched = watch(people, World(STEADY, days), _seed(seed, 1, 0), workers=workers, progress=progress)
    limits = []
    for place, kind in enumerate(KINDS):
        highest = np.sort(watched.evidence[place].max(axis=0)[_steady(watched.lived, kind)])
        allowed = int(_FALSE_ALARMS * highest.size)
        limits.append(float(np.nextafter(highest[highest.size - 1 - allowed], np.inf)))
    return Limits(*limits)


def _seed(seed: int, *stream: int) -> int:
    """Reports and calibrations of one seed never meet the same people."""
    return int(np.random.SeedSequence([seed, *stream]).generate_state(1)[0])


def measure(
    people: int,
    seed: int,
    *,
    days: int = 90,
    p: Parameters | None = None,
    workers: int = 1,
    progress: Callable[[int], object] | None = None,
) -> Measured:
    """Everything, of `people` in each of seven worlds."""
    p = p or Parameters()
    limits = Limits.of(p)
    sparse = World(STEADY, days, a_week=(0.5, 2.0), judged_every=28, told=0.6)
    worlds = {
        STEADY: World(STEADY, days),
        LOOP: World(LOOP, days),
        OVER_REACH: World(OVER_REACH, days),
        STUCK: World(STUCK, days),
        AT_LARGE: World(AT_LARGE, days),
        "sparse": sparse,
        "sparse loop": replace(sparse, happens=LOOP),
    }
    seen: dict[str, Watched] = {}
    for place, (name, world) in enumerate(worlds.items()):

        def show(done: int, before: int = place * people) -> None:
            if progress:
                progress(before + done)

        seen[name] = watch(people, world, _seed(seed, 0, place), p, workers=workers, progress=show)
    random = np.random.default_rng(_seed(seed, 2))
    detectors = [
        found
        for place, kind in enumerate(KINDS)
        for found in _detectors(kind, limits[place], seen[STEADY], seen[kind], random)
    ]
    at_large = [_at_large(place, seen[AT_LARGE], limits[place]) for place in range(3)]
    return Measured(people, days, limits, detectors, list(_groups(seen, limits.loop)), at_large)


def _steady(lived: Lived, kind: str) -> BoolArray:
    """Of whom a sign of this kind would be a false alarm."""
    steady: BoolArray = lived.usual >= 0.5
    if kind == STUCK:
        steady = lived.working.mean(axis=0) >= 0.5
    elif kind == OVER_REACH:
        steady = lived.over.mean(axis=0) <= 0.5
    return steady


def _to_be_found(lived: Lived, kind: str) -> BoolArray:
    if kind != LOOP:
        return np.ones(lived.caught_on.size, dtype=bool)
    return (lived.usual >= 0.5) & (lived.later < 0.5 * lived.usual)


def _detectors(
    kind: str, limit: float, steady: Watched, caught_ones: Watched, random: np.random.Generator
) -> Iterator[Found]:
    place = KINDS.index(kind)
    calm = steady.of(_steady(steady.lived, kind))
    those = caught_ones.of(_to_be_found(caught_ones.lived, kind))
    yield _found(
        kind, "sequential test", limit, calm.evidence[place], those.evidence[place], those.lived, random
    )
    for rule in RULES[kind]:
        least = 2.0 if "failures" in rule else 3.0
        yield _found(kind, rule, least, calm.rules[rule], those.rules[rule], those.lived, random)


def _found(
    kind: str,
    detector: str,
    threshold: float,
    calm: FloatArray,
    scores: FloatArray,
    lived: Lived,
    random: np.random.Generator,
) -> Found:
    alarms = calm.max(axis=0) >= threshold
    events, days = _until(kind, scores, lived, threshold)
    negative, positive = calm.max(axis=0), _highest_since(scores, lived.caught_on)
    medians = [_median(random.choice(days, days.size)) for _ in range(_DRAWS)] if days.size else [np.nan]
    areas = [
        _area(random.choice(negative, negative.size), random.choice(positive, positive.size))
        for _ in range(_DRAWS)
    ]
    return Found(
        kind,
        detector,
        threshold,
        negative.size,
        days.size,
        share(alarms),
        {count: share(events <= count) for count in WITHIN},
        _spread(_median(days), medians),
        _spread(_area(negative, positive), areas),
        _roc(negative, positive),
    )


def _until(kind: str, scores: FloatArray, lived: Lived, threshold: float) -> tuple[FloatArray, FloatArray]:
    """Occasions let pass (attempts) and days from the beginning until it is said; inf where it is not.

    Without those of whom it was said already on the day before.
    """
    since = np.arange(len(scores))[:, None] >= lived.caught_on
    said = since & (scores >= threshold)
    ever, day = said.any(axis=0), said.argmax(axis=0)
    counted = since & ((lived.went == 0.0) if kind == LOOP else np.isfinite(lived.outcome))
    events = counted.cumsum(axis=0)[day, np.arange(day.size)]
    fresh = scores[lived.caught_on - 1, np.arange(day.size)] < threshold
    return np.where(ever, events, np.inf)[fresh], np.where(ever, day - lived.caught_on, np.inf)[fresh]


def _median(days: FloatArray) -> float:
    """The lower of two middle ones; inf counts as later than all."""
    return float(np.quantile(days, 0.5, method="lower")) if days.size else np.nan


def _highest_since(scores: FloatArray, caught_on: np.typing.NDArray[np.int64]) -> FloatArray:
    days = np.arange(len(scores))[:, None]
    since = (days >= caught_on) & (days < caught_on + _ROC_DAYS)
    highest: FloatArray = np.where(since, scores, 0.0).max(axis=0)
    return highest


def _area(negative: FloatArray, positive: FloatArray) -> float:
    """Chance that somebody caught scores higher than somebody steady; ties count half (Mann, Whitney)."""
    ordered = np.sort(negative)
    below = np.searchsorted(ordered, positive, "left") + np.searchsorted(ordered, positive, "right")
    return float(below.mean() / (2.0 * negative.size))


def _roc(negative: FloatArray, positive: FloatArray) -> list[tuple[float, float]]:
    thresholds = np.unique(np.concatenate([negative, positive]))[::-1]
    thresholds = thresholds[:: max(1, thresholds.size // 200)]
    curve = [(float((negative >= at).mean()), float((positive >= at).mean())) for at in thresholds]
    return [(0.0, 0.0), *curve, (1.0, 1.0)]


def share(hits: BoolArray) -> Share:
    """A share with Wilson's interval.

    >>> share(np.array([True, False, False, False])).value
    0.25
    """
    n, z = hits.size, 1.959964
    if not n:
        return Share(np.nan, np.nan, np.nan)
    mean = float(hits.mean())
    middle = (mean + z * z / (2 * n)) / (1 + z * z / n)
    reach = z / (1 + z * z / n) * (mean * (1 - mean) / n + z * z / (4 * n * n)) ** 0.5
    return Share(mean, max(0.0, middle - reach), min(1.0, middle + reach))


def _spread(value: float, draws: list[float]) -> Share:
    low, high = np.quantile(np.array(draws, dtype=np.float64), [0.025, 0.975], method="nearest")
    return Share(value, float(low), float(high))


def _groups(seen: dict[str, Watched], limit: float) -> Iterator[Group]:
    """Of a loop: by how often people usually go for it, how often something is due, and who logs little."""
    calm, those = seen[STEADY], seen[LOOP]
    for low, high in ((0.0, 0.3), (0.3, 0.5), (0.5, 0.7), (0.7, 0.9), (0.9, 1.01)):
        name = f"go for {100 * low:.0f} to {100 * min(high, 1.0):.0f} of 100"
        parts = [(watched.lived.usual >= low) & (watched.lived.usual < high) for watched in (calm, those)]
        yield _group(name, calm.of(parts[0]), those.of(parts[1]), limit, is_usual=False)
    for low, high in ((2.0, 3.5), (3.5, 5.5), (5.5, 8.0)):
        name = f"{low:g} to {min(high, 7.0):g} occasions a week"
        parts = [(_a_week(watched) >= low) & (_a_week(watched) < high) for watched in (calm, those)]
        yield _group(name, calm.of(parts[0]), those.of(parts[1]), limit)
    name = "0.5 to 2 occasions a week, 6 of 10 logged, judged every 28 days"
    yield _group(name, seen["sparse"], seen["sparse loop"], limit)


def _a_week(watched: Watched) -> FloatArray:
    often: FloatArray = 7.0 * np.isfinite(watched.lived.went).mean(axis=0)
    return often


def _group(name: str, calm: Watched, those: Watched, limit: float, *, is_usual: bool = True) -> Group:
    if is_usual:
        calm = calm.of(_steady(calm.lived, LOOP))
        those = those.of(those.lived.usual >= 0.5)
    those = those.of(those.lived.later < 0.5 * those.lived.usual)
    events, _ = _until(LOOP, those.evidence[0], those.lived, limit)
    alarms = calm.evidence[0].max(axis=0) >= limit
    return Group(name, alarms.size, events.size, share(alarms), share(events <= 3))


def _at_large(place: int, watched: Watched, limit: float) -> AtLarge:
    said = watched.evidence[place] >= limit
    ever, first = said.any(axis=0), said.argmax(axis=0)
    false = np.zeros_like(ever)
    for person in np.flatnonzero(ever):
        day = int(first[person])
        since = int(watched.since[place, day, person])
        false[person] = watched.lived.is_false(KINDS[place], int(person), since, day)
    return AtLarge(KINDS[place], ever.size, share(ever), share(false))
