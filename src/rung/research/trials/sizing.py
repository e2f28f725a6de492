"""How many people a power takes: by formula from the simulated difference, and by the simulated curve.

Power grows with the number of people, so a curve of simulated shares is first made to rise: neighbours that
fall are replaced by their mean (isotonic regression, Barlow et al. 1972). Between two sizes it is a straight
line in log n.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from rung.research.trials.results import Contrast, Curve, Share, Sizing
from rung.research.trials.student import smallest

__all__ = ["WANTED", "by_formula", "grid", "reached", "rising", "sizing"]

WANTED = (0.8, 0.9)
_FEWEST = 4
_POINTS = 18
_ERRORS = 2.0
"""A difference nearer to none than so many standard errors is not told from none."""


def grid(most: int, more: Sequence[int | None]) -> tuple[int, ...]:
    """Sample sizes from 4 to `most`, ever further apart, and these as far as they lie between.

    >>> grid(8, [6, None, 100])
    (4, 5, 6, 7, 8)
    """
    steps = np.geomspace(min(_FEWEST, most), most, _POINTS).round().astype(int).tolist()
    return tuple(sorted({*steps, *(size for size in more if size is not None and 2 <= size <= most)}))


def rising(shares: Sequence[float]) -> list[float]:
    """The rising curve that is nearest to these.

    >>> rising([0.1, 0.4, 0.2, 0.5])
    [0.1, 0.3, 0.3, 0.5]
    """
    levels: list[tuple[float, int]] = []
    for share in shares:
        levels.append((share, 1))
        while len(levels) > 1 and levels[-2][0] > levels[-1][0]:
            (last, count), (before, others) = levels.pop(), levels.pop()
            levels.append(((last * count + before * others) / (count + others), count + others))
    return [round(level, 12) for level, count in levels for _ in range(count)]


def reached(sizes: Sequence[int], shares: Sequence[float], wanted: float) -> int | None:
    """The size at which a curve reaches a power; None where it does not.

    >>> reached([10, 20, 40], [0.5, 0.7, 0.9], 0.8)
    29
    """
    curve = rising(shares)
    place = next((place for place, share in enumerate(curve) if share >= wanted), None)
    if place is None or place == 0:
        return None if place is None else sizes[0]
    low, high = curve[place - 1], curve[place]
    start, end = math.log(sizes[place - 1]), math.log(sizes[place])
    return math.ceil(math.exp(start + (end - start) * (wanted - low) / (high - low)) - 1e-9)


def sizing(
    contrast: Contrast, curve: Curve, wanted: float, alpha: float, ratio: tuple[float, float]
) -> Sizing:
    """What one contrast takes; `ratio` has the sizes of its arms as multiples of that of ratio 1."""
    formulas = [by_formula(contrast, wanted, alpha, ratio, share) for share in (1.0, 0.75, 0.5)]
    low, value, high = (
        reached(curve.sizes, [getattr(share, side) for share in curve.power], wanted)
        for side in ("high", "value", "low")
    )
    adjusted = curve.adjusted_power
    return Sizing(
        contrast.measure,
        contrast.day,
        contrast.one,
        contrast.other,
        wanted,
        formulas[0],
        _at(curve, formulas[0]),
        value,
        low,
        high,
        None if adjusted is None else reached(curve.sizes, [share.value for share in adjusted], wanted),
        formulas[1],
        formulas[2],
    )


def by_formula(
    contrast: Contrast, wanted: float, alpha: float, ratio: tuple[float, float], share: float = 1.0
) -> int | None:
    """People in an arm of ratio 1 if the true difference is this share of that of the trials.

    None where so many trials cannot tell the difference from none, or it would take over 100,000.
    """
    g, error = contrast.g, contrast.error
    if g is None or error is None or abs(g) < _ERRORS * error:
        return None
    own = smallest(share * g, wanted, alpha, ratio[1] / ratio[0])
    return None if own is None else max(2, math.ceil(own / ratio[0]))


def _at(curve: Curve, size: int | None) -> Share | None:
    return curve.power[curve.sizes.index(size)] if size in curve.sizes else None
