"""A step's difficulty gives its place: how difficulties are set when a ladder is built and rebuilt.

Without evidence the steps are spread evenly over -1.5 (easiest) to +1.5 (the goal) logits, a range in
which the chance of success at neutral belief goes from about 8 in 10 to 2 in 10 (assumption). Once there
is evidence, difficulties that stand stay, for the log refers to them: a new or moved step takes the
midpoint of its neighbours, or half a logit beyond the end (assumption).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from rung.errors import InvalidInput

__all__ = ["EASIEST", "HARDEST", "between", "evenly"]

EASIEST = -1.5
HARDEST = 1.5
BEYOND = 0.5


def evenly(count: int) -> tuple[float, ...]:
    """Difficulties of `count` steps without evidence, easiest first; a single step is the goal.

    >>> evenly(4)
    (-1.5, -0.5, 0.5, 1.5)
    """
    if count == 1:
        return (HARDEST,)
    width = HARDEST - EASIEST
    return tuple(EASIEST + width * place / (count - 1) for place in range(count))


def between(easier: float | None, harder: float | None, count: int = 1) -> tuple[float, ...]:
    """Difficulties of `count` new steps between two neighbours (None = beyond the end), easiest first.

    >>> between(0.0, 1.0), between(0.0, None, 2), between(None, 0.0), between(0.0, 1.5, 2)
    ((0.5,), (0.5, 1.0), (-0.5,), (0.5, 1.0))
    """
    if easier is not None and harder is not None:
        width = harder - easier
        found = tuple(easier + width * place / (count + 1) for place in range(1, count + 1))
    elif easier is not None:
        found = tuple(easier + BEYOND * place for place in range(1, count + 1))
    elif harder is not None:
        found = tuple(harder - BEYOND * place for place in range(count, 0, -1))
    else:
        found = evenly(count)
    _check_distinct((easier, *found, harder))
    return found


def _check_distinct(difficulties: Sequence[float | None]) -> None:
    known = [number for number in difficulties if number is not None]
    # Halving a gap some fifty times leaves no number between its ends.
    if any(low >= high for low, high in pairwise(known)):
        raise InvalidInput("These two steps are too close to each other to put another one between them")
