"""Published laws of learning as forecasters: followed along each person's track, their numbers fitted once.

A law has a state that evidence moves and that says what is expected next. The papers fit each person apart
and in hindsight, which a forecast cannot; so every law is given the same one addition, without which all of
them lose to the last answer: *a stated judgement pulls the state towards itself*, the first one wholly, each
later one by a share k. With k = 0 the law stands alone; the fit decides.

All numbers, k among them, by least squares on the training people's judgements, one step ahead: Levenberg-
Marquardt within bounds, from the published values (which they keep where there is nobody to learn from).

Formulas are written once and run on floats, for one person, and on arrays, for everyone and several sets of
numbers at a time. They have no branches: what an event does not say is 0, and so is its flag.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from rung.engine.scales import FloatArray
from rung.research.forecasts import Forecasts
from rung.research.rivals.entry import Entry
from rung.research.rivals.plain import joined
from rung.research.rivals.spread import chances, residual_sd
from rung.research.rivals.tracks import Track, tracks_of
from rung.research.series import Series, Target

__all__ = [
    "ANCHOR",
    "Law",
    "Numbers",
    "Row",
    "State",
    "as_rival",
    "fit_law",
    "follow",
    "kept",
    "least_squares",
    "positive",
    "shift",
]

State: TypeAlias = Any
"""A tuple of numbers: floats, or arrays that broadcast."""
Row: TypeAlias = Mapping[str, Any]
"""Columns of a track at one step, unknown ones 0, and the flag of each as `has_<column>`: 1.0 or 0.0."""
Numbers: TypeAlias = Sequence[Any]
"""The numbers of a law, in their order."""
_Errors: TypeAlias = Callable[[FloatArray], FloatArray]

ANCHOR = (0.5, 0.0, 1.0)
"""Start, least and most of k, the share by which a stated judgement pulls the state."""
_ROUNDS = 25
_STEP = 1e-4
_DAMPING = (1e-4, 1e-2, 1.0, 100.0)
_CLOSE = 1e-5
"""Relative gain of a round below which the fit has arrived."""


class Law(NamedTuple):
    """One published law."""

    bounds: Mapping[str, tuple[float, float, float]]
    """The numbers by name: start, least, most."""
    begin: Callable[[Numbers], State]
    """The state before anything is known."""
    learn: Callable[[State, Row, Numbers], State]
    """The state after an event."""
    expect: Callable[[State, Row, Numbers], Any]
    """What is expected of the event that comes now."""
    pull: Callable[[State, Any, Any, Numbers], State]
    """The state after an expected event, from its surprise (seen - expected; 0 where nothing was) and a 1 at
    the first of a track, else 0."""
    evidence: tuple[str, ...] = ("told",)
    """Columns that move the state."""
    own: tuple[str, ...] = ()
    """Columns of the expected event itself that may be known."""
    targets: tuple[Target, ...] = ("judgement",)


def shift(surprise: Any, is_first: Any, p: Numbers) -> Any:
    """How far a judgement pulls: k, the last of the numbers, times the surprise; wholly at the first."""
    return surprise * (p[-1] + is_first * (1.0 - p[-1]))


class _Steps(NamedTuple):
    """The steps of one track: what moves the state, then what is predicted after it."""

    columns: dict[str, FloatArray]
    seen: FloatArray
    """The value that is predicted, NaN where the step has none."""
    scored: NDArray[np.bool_]
    positions: NDArray[np.intp]
    """Position in the track of the event of `seen`."""


def positive(x: Any) -> Any:
    """The positive part, of a float or an array."""
    return 0.5 * (x + abs(x))


def kept(x: Any, low: float, high: float) -> Any:
    """`x` kept within two bounds, of a float or an array."""
    return 0.5 * (abs(x - low) - abs(x - high) + low + high)


def _steps(law: Law, track: Track, target: Target) -> _Steps:
    """Leave out what the law does not use, and join a predicted event to the evidence just before it."""
    seen = track.columns["said" if target == "judgement" else "outcome"]
    moves = np.zeros(len(seen), dtype=np.bool_)
    for name in law.evidence:
        moves |= ~np.isnan(track.columns[name])
    asked = ~np.isnan(seen)
    used = np.flatnonzero(moves | asked)
    alone = asked[used] & ~moves[used]
    joins = alone & np.r_[False, ~asked[used][:-1]]
    step = np.cumsum(~joins) - 1
    size = int(step[-1]) + 1 if step.size else 0
    columns = {name: np.full(size, np.nan) for name in (*law.evidence, *law.own)}
    for name in law.evidence:
        columns[name][step[~joins]] = track.columns[name][used[~joins]]
    positions = np.full(size, -1)
    positions[step[asked[used]]] = used[asked[used]]
    for name in law.own:
        columns[name] = np.where(positions >= 0, track.columns[name][positions], np.nan)
    values = np.where(positions >= 0, seen[positions], np.nan)
    return _Steps(_flagged(columns), values, _scored(positions, target), positions)


def _flagged(columns: Mapping[str, FloatArray]) -> dict[str, FloatArray]:
    flags = {f"has_{name}": (~np.isnan(column)).astype(np.float64) for name, column in columns.items()}
    return {**{name: np.nan_to_num(column) for name, column in columns.items()}, **flags}


def _scored(positions: NDArray[np.intp], target: Target) -> NDArray[np.bool_]:
    """All but the first judgement of a track; all outcomes but one that is its very first event."""
    asked = positions >= 0
    return asked & (np.cumsum(asked) > 1) if target == "judgement" else asked & (positions > 0)


def follow(law: Law, p: Numbers, columns: Mapping[str, Any], seen: Any) -> list[Any]:
    """What the law expects at each step; `seen` is NaN where nothing is predicted.

    Each column holds a float a step, or an array over people; then the numbers may be arrays over sets too.
    """
    known = np.asarray(seen, dtype=np.float64)
    asked = (~np.isnan(known)).astype(np.float64)
    first = asked * (np.cumsum(asked, axis=0) == 1.0)
    flags = [list(flag) if flag.ndim > 1 else flag.tolist() for flag in (np.nan_to_num(known), asked, first)]
    state, expected = law.begin(p), []
    for *cells, value, is_asked, is_first in zip(*columns.values(), *flags, strict=True):
        row = dict(zip(columns, cells, strict=True))
        state = law.learn(state, row, p)
        said = law.expect(state, row, p)
        expected.append(said)
        state = law.pull(state, is_asked * (value - said), is_first, p)
    return expected


@dataclass(frozen=True, slots=True)
class _Crowd:
    """Everyone's steps side by side: arrays of shape (steps, people), shorter tracks padded with nothing."""

    columns: dict[str, FloatArray]
    seen: FloatArray
    scored: NDArray[np.bool_]

    @classmethod
    def of(cls, steps: Sequence[_Steps]) -> _Crowd:
        length = max(step.seen.size for step in steps)
        columns = {name: np.zeros((length, len(steps))) for name in steps[0].columns}
        seen = np.full((length, len(steps)), np.nan)
        scored = np.zeros((length, len(steps)), dtype=np.bool_)
        for person, own in enumerate(steps):
            for name, column in own.columns.items():
                columns[name][: column.size, person] = column
            seen[: own.seen.size, person] = own.seen
            scored[: own.seen.size, person] = own.scored
        return cls(columns, seen, scored)

    def errors(self, law: Law, sets: FloatArray) -> FloatArray:
        """Errors one step ahead, shape (sets, scored), for sets of numbers of shape (sets, numbers)."""
        numbers = [column[:, None] for column in sets.T]
        expected = follow(law, numbers, self.columns, self.seen)
        shape = (len(expected), len(sets), self.seen.shape[1])
        every = np.empty(shape)
        for step, said in enumerate(expected):
            every[step] = said
        wrong = self.seen[:, None, :] - np.clip(every, 0.0, 1.0)
        return wrong.transpose(1, 0, 2)[:, self.scored]


def fit_law(law: Law, training: Sequence[Series], target: Target) -> tuple[list[float], FloatArray]:
    """The law's numbers by least squares one step ahead, and the errors that are left."""
    bounds = np.array(list(law.bounds.values()))
    steps = [_steps(law, track, target) for series in training for track in tracks_of(series)]
    steps = [own for own in steps if own.scored.any()]
    if not steps:
        return bounds[:, 0].tolist(), np.empty(0)
    crowd = _Crowd.of(steps)
    numbers, errors = least_squares(lambda sets: crowd.errors(law, sets), bounds)
    return numbers.tolist(), errors


def least_squares(errors_of: _Errors, bounds: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The numbers whose errors have the least squares, and those errors, by Levenberg-Marquardt.

    `bounds` has a row for each number: start, least, most. `errors_of` takes sets of numbers, shape
    (sets, numbers), and gives their errors, shape (sets, scored).
    """
    numbers, errors = bounds[:, 0], errors_of(bounds[None, :, 0])[0]
    for _ in range(_ROUNDS):
        before = float(errors @ errors)
        numbers, errors = _improved(errors_of, bounds, numbers, errors)
        if float(errors @ errors) > before * (1.0 - _CLOSE):
            break
    return numbers, errors


def _improved(
    errors_of: _Errors, bounds: FloatArray, numbers: FloatArray, errors: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """One step of Levenberg-Marquardt: the best of several dampings, or where it was."""
    reach = bounds[:, 2] - bounds[:, 1]
    inwards = np.where(numbers > bounds[:, 1] + reach / 2.0, -1.0, 1.0) * _STEP * reach
    slopes = (errors_of(numbers + np.diag(inwards)) - errors) / inwards[:, None]
    against = slopes @ errors
    outwards = np.where(against > 0.0, numbers <= bounds[:, 1], numbers >= bounds[:, 2])
    slopes = slopes * ~outwards[:, None]
    square, along = slopes @ slopes.T, slopes @ errors
    scale = np.diag(np.diag(square) + 1e-9 * len(errors))
    steps = [np.linalg.solve(square + damping * scale, -along) for damping in _DAMPING]
    tried = np.clip(numbers + np.array(steps), bounds[:, 1], bounds[:, 2])
    found = errors_of(tried)
    totals = (found * found).sum(axis=1)
    best = int(np.argmin(totals))
    if totals[best] < errors @ errors:
        return tried[best], found[best]
    return numbers, errors


@dataclass(frozen=True, slots=True)
class _Fitted:
    law: Law
    numbers: list[float]
    sd: float

    def predict(self, series: Series, target: Target) -> Forecasts:
        tracks = tracks_of(series)
        steps = [_steps(self.law, track, target) for track in tracks]
        places = joined(
            t.places[s.positions[s.scored]].astype(np.float64) for t, s in zip(tracks, steps, strict=True)
        )
        means = joined(self._means(own) for own in steps)
        return chances(means[np.argsort(places)], target, self.sd)

    def _means(self, steps: _Steps) -> FloatArray:
        columns = {name: column.tolist() for name, column in steps.columns.items()}
        expected = follow(self.law, self.numbers, columns, steps.seen.tolist())
        return np.array(expected, dtype=np.float64)[steps.scored]


def as_rival(name: str, source: str, law: Law) -> Entry:
    """A law as a rival; it predicts with the published numbers where there is nobody to learn from."""

    def fit(training: Sequence[Series], target: Target, seed: int) -> _Fitted:
        numbers, errors = fit_law(law, training, target)
        return _Fitted(law, numbers, residual_sd(errors))

    return Entry(name, source, law.targets, fit, needs_training=False)
