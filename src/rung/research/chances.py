"""Chances of choices and outcomes fitted to training people: what evidence weighs, and how people differ.

    y ~ sigmoid(b_i . x),   b_i ~ N(m, S),   S diagonal,   m ~ N(theory, doubt^2)

The evidence x of every answered question, and theory, doubt and spread of its weights, are those of
the engine's `chances`. m and S by empirical Bayes (Laird & Ware 1982, Biometrics 38:963; with Laplace's
approximation as outcomes are not Gaussian: Breslow & Clayton 1993, JASA 88:9), in rounds of EM: the weights
b_i of each of n people at their most likely given m and S, with covariance V_i, and then

    m = (n / S + 1 / doubt^2)^-1 (sum b_i / S + theory / doubt^2)
    S = (sum ((b_i - m)^2 + V_i) + 4 spread^2) / (n + 4)

until a round moves no mean and no sd by more than .001; every second round reaches further along the way
(Varadhan & Roland 2008, Scand J Statist 35:335). What a log does not tell stays as theory has it: evidence
that never varies, and all of it where there is nobody to learn from. The dispersion is

    phi = 1 - sum y (1 - y) / sum p (1 - p)

which is what E y (1 - y) = p (1 - p) (1 - phi) says of an outcome with mean p and variance phi p (1 - p):
exactly 1 where all outcomes are 0 or 1. A new person starts from N(m, S + C), C the covariance of what is
not known of m.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from rung.engine.prediction.chances import (
    ATTEMPT,
    CHOICE,
    Evidence,
    Weights,
    chance,
    evidence_of,
    learned,
    theory,
)
from rung.engine.prediction.memory import Memory, remembered
from rung.engine.scales import FloatArray, information, sigmoid
from rung.errors import InvalidInput
from rung.research.series import Series, Target

__all__ = ["FittedChances", "evidence_seen", "fit_chances"]

_CYCLES = 60
"""Of two rounds and a reach each."""
_ARRIVED = 1e-3
_FURTHEST = 8.0
"""Times a round that one reach goes at most."""
_WEIGHT = 4.0
"""People that the assumed spread counts for."""
_STEPS = 30
_LONGEST = 4.0
"""Logits that one step of Newton's method may move a forecast."""
_CLOSE = 1e-5
_LEAST_VARIANCE, _LEAST_DISPERSION = 1e-6, 0.01
_TOGETHER = 50_000
"""Questions worked on at a time, to bound memory."""
_EVIDENCE: dict[Target, tuple[Evidence, ...]] = {"choice": CHOICE, "attempt": ATTEMPT}


class _Answers(NamedTuple):
    """The answered questions of one target of one person, in order."""

    rows: FloatArray
    """Evidence, shape (n, k)."""
    values: FloatArray
    """Answers, 0 to 1, shape (n,)."""
    places: tuple[int, ...]


class _Group(NamedTuple):
    """People with n answers each."""

    rows: FloatArray
    """Evidence, shape (people, n, k)."""
    values: FloatArray
    """Answers, shape (people, n)."""


class FittedChances(NamedTuple):
    """What evidence weighs for somebody who is not known yet."""

    weights: Weights

    def predict(self, series: Series, target: Target) -> FloatArray:
        """Chance of each of `series.scored(target)`, learning the person's own weights from row to row."""
        rows, values, places = _answered(series, target)
        weights, said = self.weights, dict.fromkeys(places, 0.0)
        for place, row, value in zip(places, rows, values.tolist(), strict=True):
            said[place] = chance(weights, row)
            weights = learned(weights, row, value)
        return np.array([said[place] for place in series.scored(target)], dtype=np.float64)


def fit_chances(training: Sequence[Series], target: Target) -> FittedChances:
    """Estimate what evidence weighs from training people; theory's word where there are none.

    Raises `InvalidInput` for a target that is not answered by yes or no.
    """
    evidence = _evidence(target)
    groups = _groups([_answered(series, target) for series in training])
    if not groups:
        return FittedChances(theory(evidence))
    expected, _, assumed = _priors(evidence)
    people = _People(expected, assumed, 1.0)
    found = [_own_weights(group, np.tile(expected, (len(group.values), 1)), people) for group in groups]

    def again(before: _People) -> _People:
        """One round of EM; `found` remembers where everyone's weights were found."""
        found[:] = [_own_weights(group, own.means, before) for group, own in zip(groups, found, strict=True)]
        return _round(before, found, evidence)

    for _ in range(_CYCLES):
        first = again(people)
        second = again(first)
        people = _further(people, first, second)
        if first.distance(second) < _ARRIVED:
            break
    unsure = _unsure(first, found, evidence)
    return FittedChances(Weights(second.mean, np.diag(second.variance) + unsure, second.dispersion))


def evidence_seen(training: Sequence[Series], target: Target) -> NDArray[np.bool_]:
    """Which evidence was ever other than nought when these people answered, shape (k,)."""
    seen = np.zeros(len(_evidence(target)), np.bool_)
    for series in training:
        seen |= _answered(series, target).rows.any(axis=0)
    return seen


def _evidence(target: Target) -> tuple[Evidence, ...]:
    if target not in _EVIDENCE:
        raise InvalidInput(f"a {target} is not foretold by a chance; {' and '.join(_EVIDENCE)} are")
    return _EVIDENCE[target]


_KNOWN: WeakKeyDictionary[Series, dict[Target, _Answers]] = WeakKeyDictionary()
"""Every fold asks for the evidence of the same people."""


def _answered(series: Series, target: Target) -> _Answers:
    """Every answered question of a person, those too that are not scored: they teach as well."""
    if series not in _KNOWN:
        _KNOWN[series] = _all_answers(series)
    return _KNOWN[series][target]


def _all_answers(series: Series) -> dict[Target, _Answers]:
    found: dict[Target, list[tuple[tuple[float, ...], float, int]]] = {target: [] for target in _EVIDENCE}
    memory = Memory()
    for place, event in enumerate(series.events):
        for target, rows in found.items():
            if event.kind == target and event.value is not None:
                rows.append((evidence_of(memory, series.asked(place)), event.value, place))
        memory = remembered(memory, event)
    return {
        target: _Answers(
            np.array([row for row, _, _ in rows], dtype=np.float64).reshape(-1, len(_EVIDENCE[target])),
            np.array([value for _, value, _ in rows], dtype=np.float64),
            tuple(place for _, _, place in rows),
        )
        for target, rows in found.items()
    }


def _groups(known: Sequence[_Answers]) -> list[_Group]:
    """Those with as many answers together, so that their weights are found at once."""
    by_size: dict[int, list[_Answers]] = {}
    for own in known:
        by_size.setdefault(len(own.values), []).append(own)
    by_size.pop(0, None)
    groups = []
    for size, alike in by_size.items():
        many = max(_TOGETHER // size, 1)
        for start in range(0, len(alike), many):
            rows, values, _ = zip(*alike[start : start + many], strict=True)
            groups.append(_Group(np.array(rows), np.array(values)))
    return groups


class _People(NamedTuple):
    """What people have in common: their weights are N(mean, variance)."""

    mean: FloatArray
    variance: FloatArray
    dispersion: float

    def distance(self, other: _People) -> float:
        """The most that a mean or an sd differs, in logits."""
        gaps = self.mean - other.mean, np.sqrt(self.variance) - np.sqrt(other.variance)
        return float(np.abs(gaps).max())


class _Own(NamedTuple):
    """The weights of a group of people, given what they have in common."""

    means: FloatArray
    """Shape (people, k)."""
    covariances: FloatArray
    """Shape (people, k, k)."""
    whole: float
    """Sum of p (1 - p)."""
    within: float
    """Sum of y (1 - y)."""


def _own_weights(group: _Group, start: FloatArray, people: _People) -> _Own:
    """The most likely weights of each by Newton's method, and their covariance (Laplace)."""
    rows, values = group
    b = start
    for _ in range(_STEPS):
        p = _chances(rows, b)
        slope = (rows.transpose(0, 2, 1) @ (values - p)[..., None])[..., 0] / people.dispersion
        slope -= (b - people.mean) / people.variance
        step = np.linalg.solve(_curve(rows, p, people), slope[..., None])
        moved = np.abs((rows @ step)[..., 0]).max(axis=1)
        b = b + step[..., 0] * np.minimum(1.0, _LONGEST / np.maximum(moved, _CLOSE))[:, None]
        if moved.max() < _CLOSE:
            break
    p = _chances(rows, b)
    covariances: FloatArray = np.linalg.inv(_curve(rows, p, people)).astype(np.float64)
    return _Own(b, covariances, float(information(p).sum()), float(information(values).sum()))


def _chances(rows: FloatArray, b: FloatArray) -> FloatArray:
    return sigmoid((rows @ b[..., None])[..., 0])


def _curve(rows: FloatArray, p: FloatArray, people: _People) -> FloatArray:
    """Precision of the weights of each, shape (people, k, k)."""
    weighed = rows * (information(p) / people.dispersion)[..., None]
    curve: FloatArray = rows.transpose(0, 2, 1) @ weighed + np.diag(1.0 / people.variance)
    return curve


def _round(people: _People, found: Sequence[_Own], evidence: tuple[Evidence, ...]) -> _People:
    """What people have in common by one round of EM, from the weights of each."""
    expected, prior, assumed = _priors(evidence)
    means, covariances = (np.concatenate([own[part] for own in found]) for part in (0, 1))
    count, precision = len(means), 1.0 / people.variance
    mean = (means.sum(axis=0) * precision + expected * prior) / (count * precision + prior)
    squares = ((means - mean) ** 2).sum(axis=0) + np.diagonal(covariances.sum(axis=0))
    variance = np.maximum((squares + _WEIGHT * assumed) / (count + _WEIGHT), _LEAST_VARIANCE)
    share = sum(own.within for own in found) / max(sum(own.whole for own in found), _CLOSE)
    return _People(mean, variance, min(max(1.0 - share, _LEAST_DISPERSION), 1.0))


def _unsure(people: _People, found: Sequence[_Own], evidence: tuple[Evidence, ...]) -> FloatArray:
    """Covariance of what is not known of the mean: each person tells (S + (V^-1 - S^-1)^-1)^-1 of it."""
    covariances = np.concatenate([own.covariances for own in found])
    precision = 1.0 / people.variance
    told = len(covariances) * np.diag(precision) - precision[:, None] * covariances.sum(axis=0) * precision
    unsure: FloatArray = np.linalg.inv(np.diag(_priors(evidence)[1]) + told).astype(np.float64)
    return unsure


def _priors(evidence: tuple[Evidence, ...]) -> tuple[FloatArray, FloatArray, FloatArray]:
    """What theory expects of the mean, how precisely, and the variance it assumes between people."""
    expected, doubt, spread = (np.array([item[part] for item in evidence], np.float64) for part in (2, 3, 4))
    return expected, doubt**-2.0, spread**2


def _further(people: _People, first: _People, second: _People) -> _People:
    """Further along the way of two rounds, the further the straighter it was."""
    way = [np.concatenate([one.mean, np.log(one.variance)]) for one in (people, first, second)]
    pace = way[1] - way[0]
    turn = way[2] - way[1] - pace
    reach = min(max(float(np.linalg.norm(pace)) / max(float(np.linalg.norm(turn)), _CLOSE), 1.0), _FURTHEST)
    mean, spread = np.split(way[0] + 2.0 * reach * pace + reach**2 * turn, 2)
    near = np.log(second.variance)
    return _People(mean, np.exp(np.clip(spread, near - 1.5, near + 1.5)), second.dispersion)
