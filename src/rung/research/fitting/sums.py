"""What a fit needs to know of the judgements: sums per person, and per part of the people.

With F a person's rows of evidence (n, k), Z the columns of F that people weigh each in their own way (n, r)
and d the changes (n,), the likelihood of the mixed model depends on the data only through F'F, F'd, d'd, n.
Those of a person are enough for their own weights; totals over people for the rest, so that people can be
fitted in parts, on one machine or many, and what is added up is small.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np

from rung.engine.prediction.crowd import Judged
from rung.engine.prediction.habits import PERSONAL
from rung.engine.prediction.rows import NAMES
from rung.engine.scales import FloatArray

__all__ = ["OWN", "People", "Totals", "added", "people_of"]

OWN = [NAMES.index(name) for name in PERSONAL]
"""Places of the personal numbers in a row."""


class People(NamedTuple):
    """Sums of n people who judged, in the order of their numbers."""

    grams: FloatArray
    """Z'F, shape (n, r, k)."""
    cross: FloatArray
    """Z'd, shape (n, r)."""
    total: FloatArray
    """F'F, shape (k, k), over all of them."""
    total_cross: FloatArray
    """F'd, shape (k,)."""
    squares: float
    """d'd."""
    judgements: int


class Totals(NamedTuple):
    """What a step of the fit needs of a part of the people: plain sums, which add up over parts."""

    information: FloatArray
    """sum F' W^-1 F, shape (k, k)."""
    score: FloatArray
    """sum F' W^-1 d, shape (k,)."""
    spread: FloatArray
    """sum of E[own own'], shape (r, r)."""
    errors: float
    """sum of E|d - F weights - Z own|^2."""
    log_likelihood: float
    curvature: FloatArray
    """sum (Z' W^-1 Z)^2, element by element, shape (r, r): twice the information on the spread."""
    people: int
    judgements: int


def added(parts: Iterable[Totals]) -> Totals:
    """The totals of all parts together."""
    columns: Any = zip(*parts, strict=True)
    return Totals(*(sum(column[1:], start=column[0]) for column in columns))


def people_of(known: Judged) -> People:
    """Sums per person."""
    k, r = len(NAMES), len(OWN)
    order = np.argsort(known.person, kind="stable")
    rows, change = known.rows[order], known.change[order]
    begins = np.flatnonzero(np.diff(known.person[order], prepend=-1))
    own = rows[:, OWN]
    parts = list(zip(begins, np.append(begins, len(order))[1:], strict=True))
    grams = np.array([own[a:b].T @ rows[a:b] for a, b in parts]).reshape(-1, r, k)
    cross = np.array([own[a:b].T @ change[a:b] for a, b in parts]).reshape(-1, r)
    return People(grams, cross, rows.T @ rows, rows.T @ change, float(change @ change), len(change))
