"""The hierarchical Gaussian filter: a belief, and a second one about how fast the first one moves.

    level       <- level + N(0, exp(volatility + w1))          at every event that tells something
    volatility  <- volatility + N(0, exp(w2))
    judgements      told = level + N(0, 1 / p_told)       judgement = level + N(0, 1 / p_said)
    outcomes        P(1) = 1 / (1 + exp(-level))

Mathys et al. 2011, 10.3389/fnhum.2011.00039 (outcomes) and 2014, 10.3389/fnhum.2014.00825 (numbers); several
inputs to one level: Weber et al. 2023, 10.48550/arXiv.2305.10937. The updates are those of pyhgf, in the
variant that it calls unbounded: in the others a rating far from the expected one makes a precision negative.

What a person says counts as an input too, so that the filter has what `laws` gives to every law; the first
judgement is where the level starts, with precision p_said. It is read as the laws are: the expected level,
with a residual of one size. What the filter itself says of its uncertainty is the person's, not ours.

For outcomes the level starts at N(m, 1 / p). The coupling of the two levels is 1, and the volatility starts
at N(0, 1), as in pyhgf. All other numbers by least squares on the training people, one step ahead: the best
of a coarse grid, then Levenberg-Marquardt. That one event is one step of time, where the fit starts and how
far it may go are assumptions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from itertools import product
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rung.engine.scales import FloatArray
from rung.errors import MissingExtra
from rung.research.forecasts import Forecasts, Model
from rung.research.rivals.entry import Entry
from rung.research.rivals.laws import least_squares
from rung.research.rivals.plain import joined
from rung.research.rivals.spread import chances, residual_sd
from rung.research.rivals.tracks import Track, tracks_of
from rung.research.series import Series, Target

__all__ = ["HGF"]


class _Filter(NamedTuple):
    """What is filtered for one target."""

    inputs: tuple[str, ...]
    """Columns that move the level. The last one is predicted; each is the network's node of that number."""
    bounds: Mapping[str, tuple[float, float, float]]
    """The numbers by name: start, least, most. Precisions and volatilities are logarithms."""
    grid: tuple[tuple[float, ...], ...]
    """Where the fit may start, for each number."""
    build: Callable[[Any], None]
    """Adds the nodes to a network of pyhgf."""
    begin: Callable[[Any, Any, Any, Callable[[Any], Any]], None]
    """Sets nodes to numbers and to the first judgement; the last argument is the exponential function."""


def _judgement_nodes(network: Any) -> None:
    network.add_nodes(n_nodes=2)
    network.add_nodes(value_children=[0, 1])
    network.add_nodes(volatility_children=2)


def _begin_judgements(nodes: Any, numbers: Any, first: Any, exp: Callable[[Any], Any]) -> None:
    nodes[0]["precision"] = exp(numbers[2])
    nodes[1]["precision"] = exp(numbers[3])
    nodes[2] |= {"mean": first, "precision": exp(numbers[3]), "tonic_volatility": numbers[0]}
    nodes[3]["tonic_volatility"] = numbers[1]


def _outcome_nodes(network: Any) -> None:
    network.add_nodes(kind="binary-state")
    network.add_nodes(value_children=0)
    network.add_nodes(volatility_children=1)


def _begin_outcomes(nodes: Any, numbers: Any, first: Any, exp: Callable[[Any], Any]) -> None:
    nodes[1] |= {"mean": numbers[2], "precision": exp(numbers[3]), "tonic_volatility": numbers[0]}
    nodes[2]["tonic_volatility"] = numbers[1]


_FILTERS: dict[Target, _Filter] = {
    "judgement": _Filter(
        ("told", "said"),
        {
            "w1": (-6.0, -16.0, 0.0),
            "w2": (-6.0, -12.0, 2.0),
            "told": (2.0, -6.0, 12.0),
            "said": (4.0, -2.0, 12.0),
        },
        ((-9.0, -6.0, -3.0), (-8.0, -3.0, 1.0), (-1.0, 2.0), (2.0, 5.0)),
        _judgement_nodes,
        _begin_judgements,
    ),
    "attempt": _Filter(
        ("outcome",),
        {"w1": (-4.0, -16.0, 2.0), "w2": (-6.0, -12.0, 2.0), "m": (0.0, -6.0, 6.0), "p": (0.0, -4.0, 6.0)},
        ((-8.0, -4.0, -1.0), (-8.0, -3.0, 1.0), (0.0, 1.0), (-1.0, 1.0)),
        _outcome_nodes,
        _begin_outcomes,
    ),
}


class _Steps(NamedTuple):
    """One track as the filter takes it."""

    values: FloatArray
    """Shape (steps, inputs), NaN where an input says nothing."""
    first: float
    """The first judgement of the track, which is no step; 0 where outcomes are predicted."""
    scored: NDArray[np.bool_]
    places: NDArray[np.intp]
    """Place in the series of each step."""


def _steps(track: Track, target: Target) -> _Steps:
    values = np.column_stack([track.columns[name] for name in _FILTERS[target].inputs])
    start, first = -1, 0.0
    if target == "judgement":
        start = int(track.judgements[0]) if track.judgements.size else len(values)
        first = float(track.said[0]) if track.said.size else 0.0
    known = np.flatnonzero(~np.isnan(values).all(axis=1) & (np.arange(len(values)) > start))
    scored = ~np.isnan(values[known, -1]) & (known > 0)
    return _Steps(values[known], first, scored, track.places[known])


def _rounded(count: int) -> int:
    """A little more than `count`, so that few sizes come up and each is compiled once."""
    grain = max(8, 1 << max(count.bit_length() - 3, 0))
    return -(-count // grain) * grain


@dataclass(frozen=True, slots=True)
class _Crowd:
    """Tracks side by side, all of the same length: what is missing at their ends says nothing."""

    target: Target
    values: FloatArray
    """Shape (steps, tracks, inputs)."""
    first: FloatArray
    scored: tuple[NDArray[np.bool_], ...]

    @classmethod
    def of(cls, tracks: Sequence[_Steps], target: Target) -> _Crowd:
        length = _rounded(max(len(own.values) for own in tracks))
        values = np.full((length, _rounded(len(tracks)), len(_FILTERS[target].inputs)), np.nan)
        first = np.zeros(values.shape[1])
        for place, own in enumerate(tracks):
            values[: len(own.values), place], first[place] = own.values, own.first
        return cls(target, values, first, tuple(own.scored for own in tracks))

    def expected(self, numbers: FloatArray) -> FloatArray:
        """What is expected at each scored step, one track after another."""
        with import_module("jax.experimental").enable_x64():
            every = np.asarray(_compiled(self.target)(numbers, self.first, self.values))
        return joined(every[: len(own), place][own] for place, own in enumerate(self.scored))


@cache
def _compiled(target: Target) -> Callable[[FloatArray, FloatArray, FloatArray], Any]:
    """The filter of a target: numbers, first judgements and values to what is expected of the last input."""
    jax, jnp, model = (import_module(name) for name in ("jax", "jax.numpy", "pyhgf.model"))
    kind = _FILTERS[target]
    network: Any = model.Network(update_type="unbounded")
    kind.build(network)
    network.create_belief_propagation_fn()

    def followed(numbers: Any, first: Any, values: Any) -> Any:
        nodes = {place: dict(node) for place, node in network.attributes.items()}
        kind.begin(nodes, numbers, first, jnp.exp)
        known = ~jnp.isnan(values)
        told = tuple(jnp.nan_to_num(values).T[:, :, None])
        rows = (told, tuple(known.T.astype(float)), jnp.ones(len(values)), None)

        def step(nodes: Any, row: Any) -> tuple[Any, Any]:
            after, _ = network.scan_fn(nodes, row)
            return after, after[len(kind.inputs) - 1]["expected_mean"]

        start = jax.tree_util.tree_map(lambda number: jnp.asarray(number, float), nodes)
        return jax.lax.scan(step, start, rows)[1]

    compiled: Callable[[FloatArray, FloatArray, FloatArray], Any] = jax.jit(
        jax.vmap(followed, (None, 0, 1), 1)
    )
    return compiled


@dataclass(frozen=True, slots=True)
class _Fitted:
    numbers: FloatArray
    sd: float

    def predict(self, series: Series, target: Target) -> Forecasts:
        steps = [_steps(track, target) for track in tracks_of(series)]
        steps = [own for own in steps if own.scored.any()]
        if not steps:
            return chances(np.empty(0), target, self.sd)
        places = np.concatenate([own.places[own.scored] for own in steps])
        return chances(_Crowd.of(steps, target).expected(self.numbers)[np.argsort(places)], target, self.sd)


def _fit(training: Sequence[Series], target: Target, seed: int) -> Model:
    try:
        import_module("pyhgf.model")
    except ImportError as missing:
        raise MissingExtra("the HGF", "hgf") from missing
    bounds = np.array(list(_FILTERS[target].bounds.values()))
    steps = [_steps(track, target) for series in training for track in tracks_of(series)]
    steps = [own for own in steps if own.scored.any()]
    if not steps:
        return _Fitted(bounds[:, 0], residual_sd(np.empty(0)))
    crowd = _Crowd.of(steps, target)
    seen = joined(own.values[own.scored, -1] for own in steps)

    def errors_of(sets: FloatArray) -> FloatArray:
        return np.array([seen - np.clip(crowd.expected(numbers), 0.0, 1.0) for numbers in sets])

    tried = np.array(list(product(*_FILTERS[target].grid)))
    totals = (errors_of(tried) ** 2).sum(axis=1)
    numbers, errors = least_squares(errors_of, np.column_stack([tried[totals.argmin()], bounds[:, 1:]]))
    return _Fitted(numbers, residual_sd(errors))


HGF = Entry(
    "HGF",
    "Mathys et al. 2014, 10.3389/fnhum.2014.00825",
    ("judgement", "attempt"),
    _fit,
    needs_training=False,
)
