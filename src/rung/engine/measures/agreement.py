"""Whether two sortings of the same things agree by more than chance; of judgement and act: microanalysis.

    kappa = (p_o - p_e) / (1 - p_e),    p_o = sum(w_ij p_ij),    p_e = sum(w_ij p_i. p_.j)

p_ij is the share sorted as i by one and as j by the other. Plain kappa (Cohen 1960,
doi:10.1177/001316446002000104) has w = 1 on the diagonal and 0 beside it; weighted kappa (Cohen 1968,
doi:10.1037/h0026256) gives part of the agreement to what is near: w = 1 - |i - j| / (k - 1) (linear) or
1 - (i - j)^2 / (k - 1)^2 (quadratic). Standard errors for many things are those of Fleiss, Cohen & Everitt
1969, doi:10.1037/h0028106: with W_ij = sum_j(p_.j w_ij) + sum_i(p_i. w_ij) of row i and column j,

    n (1 - p_e)^4 var  = sum(p_ij [w_ij (1 - p_e) - W_ij (1 - p_o)]^2) - (p_o p_e - 2 p_e + p_o)^2
    n (1 - p_e)^2 var0 = sum(p_i. p_.j [w_ij - W_ij]^2) - p_e^2                  (where only chance agrees)

Microanalysis holds each judgement against the act that followed, step by step (Bandura, Adams & Beyer 1977,
doi:10.1037/0022-3514.35.3.125): rather sure (50 of 100 or more) against managed. The share that matches
is high by itself where nearly everything works, so that the share that saying the same each time would
have matched, and kappa, stand beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rung.errors import InvalidInput

__all__ = ["Agreement", "Congruence", "Weights", "agreement", "congruence", "counts_of"]

Weights = Literal["none", "linear", "quadratic"]

_Z = 1.959963984540054
"""Half-width, in standard errors, of an interval of 95 %."""
_EDGE = 1e-12
_RATHER = 0.5
"""Judgement from which one is rather sure than unsure, and outcome from which a step counts as managed."""


class Agreement(NamedTuple):
    """How far two sortings of the same things agree."""

    things: int
    observed: float
    """Share that agrees, partial agreement included."""
    expected: float
    """Share that chance alone would let agree."""
    kappa: float
    error: float
    """Standard error of kappa."""
    error_if_chance: float
    """Standard error that kappa would have if chance alone made things agree."""

    @property
    def interval(self) -> tuple[float, float]:
        """Where kappa lies with a chance of 95 %, for many things; kept within -1 and 1."""
        return max(self.kappa - _Z * self.error, -1.0), min(self.kappa + _Z * self.error, 1.0)


class Congruence(NamedTuple):
    """Judgement against act over several tries."""

    tries: int
    matched: int
    """Tries of which judgement and act agree."""
    base: int
    """Tries that would have matched by saying each time what happens most often."""
    agreement: Agreement | None
    """None where either never varied: then nothing can be told from chance."""


def counts_of(first: Sequence[int], second: Sequence[int], kinds: int) -> NDArray[np.float64]:
    """How often things were sorted as i by the one and as j by the other; kinds are 0 to `kinds` - 1.

    >>> counts_of([0, 0, 1], [0, 1, 1], 2).tolist()
    [[1.0, 1.0], [0.0, 1.0]]
    """
    if len(first) != len(second):
        raise InvalidInput("Both must have sorted the same things")
    if any(not 0 <= kind < kinds for kind in (*first, *second)):
        raise InvalidInput(f"Kinds are numbers from 0 to {kinds - 1}")
    table = np.zeros((kinds, kinds))
    np.add.at(table, (np.asarray(first, dtype=int), np.asarray(second, dtype=int)), 1.0)
    return table


def agreement(table: ArrayLike, weights: Weights = "none") -> Agreement | None:
    """Kappa of a table of counts; None where chance alone would let all agree, or there is nothing.

    >>> found = agreement([[75, 1, 4], [5, 4, 1], [0, 0, 10]])
    >>> round(found.observed, 2), round(found.expected, 2), round(found.kappa, 2)
    (0.89, 0.66, 0.68)
    """
    counts = np.asarray(table, dtype=float)
    if counts.ndim != 2 or counts.shape[0] != counts.shape[1] or not counts.size:
        raise InvalidInput("A table of agreement has as many rows as columns")
    if not np.isfinite(counts).all() or (counts < 0).any():
        raise InvalidInput("A table of agreement holds counts, 0 or more")
    total = counts.sum()
    if not total:
        return None
    w = _weights(len(counts), weights)
    p = counts / total
    rows, columns = p.sum(axis=1), p.sum(axis=0)
    by_chance = np.outer(rows, columns)
    observed, expected = float((w * p).sum()), float((w * by_chance).sum())
    if 1.0 - expected < _EDGE:
        return None
    means = (w @ columns)[:, None] + (rows @ w)[None, :]
    inner = (p * (w * (1.0 - expected) - means * (1.0 - observed)) ** 2).sum()
    inner -= (observed * expected - 2.0 * expected + observed) ** 2
    inner_if_chance = (by_chance * (w - means) ** 2).sum() - expected**2
    return Agreement(
        things=round(total),
        observed=observed,
        expected=expected,
        kappa=(observed - expected) / (1.0 - expected),
        error=float(np.sqrt(max(inner, 0.0) / total)) / (1.0 - expected) ** 2,
        error_if_chance=float(np.sqrt(max(inner_if_chance, 0.0) / total)) / (1.0 - expected),
    )


def congruence(judged: Sequence[float], outcomes: Sequence[float], threshold: float = _RATHER) -> Congruence:
    """Each judgement (0 to 1) against the outcome (0 to 1) of the try that followed it.

    >>> found = congruence([0.9, 0.8, 0.2, 0.3], [1.0, 1.0, 0.0, 1.0])
    >>> found.matched, found.base, found.agreement.kappa
    (3, 3, 0.5)
    """
    said = [int(rating >= threshold) for rating in judged]
    done = [int(outcome >= _RATHER) for outcome in outcomes]
    table = counts_of(said, done, 2)
    worked = sum(done)
    has_varied = len(set(said)) == len(set(done)) == 2
    return Congruence(
        tries=len(done),
        matched=round(float(np.trace(table))),
        base=max(worked, len(done) - worked),
        agreement=agreement(table) if has_varied else None,
    )


def _weights(kinds: int, weights: Weights) -> NDArray[np.float64]:
    if weights == "none" or kinds == 1:
        return np.eye(kinds)
    apart = np.abs(np.subtract.outer(np.arange(kinds), np.arange(kinds))) / (kinds - 1)
    return 1.0 - (apart if weights == "linear" else apart**2)
