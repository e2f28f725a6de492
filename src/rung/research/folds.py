"""Who is predicted from whom: five folds by person.

Ids are sorted as text, shuffled with `numpy.random.default_rng(0)`, and dealt out in turn: fold = position
mod 5. What a model shares over people comes from the four other folds; a person of the fold starts from it
and is learned event by event. Fewer than five people make as many folds as there are people.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from rung.log import Log
from rung.research.series import Series

__all__ = ["FOLDS", "Fold", "folds_of", "series_of"]

FOLDS = 5


class Fold(NamedTuple):
    """One part of the people, by their place among all series."""

    test: tuple[int, ...]
    training: tuple[int, ...]


def series_of(log: Log) -> list[Series]:
    """Everyone in the log, ids sorted as text."""
    rows = log.file_rows
    return sorted(
        (Series.of(person, events, rows[log.rows(person)].tolist()) for person, events in log.by_person()),
        key=lambda series: series.person,
    )


def folds_of(people: Sequence[object], folds: int = FOLDS) -> Iterator[Fold]:
    """The folds of people who are sorted by their ids."""
    places = list(range(len(people)))
    np.random.default_rng(0).shuffle(places)
    count = min(folds, len(places))
    for number in range(count):
        test = places[number::count]
        yield Fold(tuple(sorted(test)), tuple(sorted(set(places) - set(test))))
