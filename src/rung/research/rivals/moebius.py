"""Belief in log odds, moved by noisy signals as by Bayes' rule with weights.

    logit b <- delta logit b + beta_H L pos(2 f - 1) - beta_L L pos(1 - 2 f)

f is the signal (1 good, 0 bad), L = logit q its log likelihood ratio with q its reliability (`credibility`;
.75 where the log does not know it, which the betas then make up for). All three weights are 1 for Bayes.
Möbius, Niederle, Niehaus & Rosenblat 2022, Management Science 68(11) (working paper 10.3386/w17014), found
delta .924, beta_H .370, beta_L .302 on the updates that `published_updates` selects. Belief stays within .01
and .99 here, since a log odds has no 0 and no 1.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from rung.engine.scales import FloatArray, logit, sigmoid
from rung.research.rivals.laws import Law, Numbers, Row, State, as_rival, kept, positive, shift
from rung.research.rivals.tracks import Track, tracks_of
from rung.research.series import Series

__all__ = ["MOEBIUS", "Update", "published_fit", "published_updates"]

_USUAL = 0.75
_EDGE = 0.01
_HIGHEST = float(np.log((1.0 - _EDGE) / _EDGE))


def _inside(log_odds: Any) -> Any:
    return kept(log_odds, -_HIGHEST, _HIGHEST)


def _begin(p: Numbers) -> State:
    return (p[0] * 0.0,)


def _learn(state: State, row: Row, p: Numbers) -> State:
    (x,) = state
    reliability = row["trust"] + (1.0 - row["has_trust"]) * _USUAL
    ratio = positive(_inside(logit(reliability)))
    signal = 2.0 * row["told"] - 1.0
    moved = p[0] * x + ratio * (p[1] * positive(signal) - p[2] * positive(-signal))
    return (_inside(x + row["has_told"] * (moved - x)),)


def _expect(state: State, row: Row, p: Numbers) -> Any:
    return sigmoid(state[0])


def _pull(state: State, surprise: Any, is_first: Any, p: Numbers) -> State:
    return (_inside(logit(sigmoid(state[0]) + shift(surprise, is_first, p))),)


MOEBIUS = as_rival(
    "logit update (Möbius)",
    "Möbius, Niederle, Niehaus & Rosenblat 2022, Management Science 68(11); 10.3386/w17014",
    Law(
        {
            "delta": (0.924, 0.0, 1.2),
            "beta_H": (0.370, 0.0, 3.0),
            "beta_L": (0.302, 0.0, 3.0),
            "k": (0.9, 0.0, 1.0),
        },
        _begin,
        _learn,
        _expect,
        _pull,
        ("told", "trust"),
    ),
)


class Update(NamedTuple):
    """One belief, the signal that followed, and the belief after it."""

    before: float
    signal: float
    reliability: float
    after: float

    @property
    def is_wrong(self) -> bool:
        """True where belief moved against the signal."""
        return (self.after - self.before) * (self.signal - 0.5) < 0.0


def published_updates(people: Sequence[Series], signals: int = 4) -> list[Update]:
    """The updates of the published fit, from those domains of a person in which all of this holds:

    there are as many signals as the study gave, none of them moved belief the wrong way, at least one
    moved it, and every belief is strictly between 0 and 1.
    """
    found = (list(_updates(track)) for series in people for track in tracks_of(series))
    return [
        update for updates in found if len(updates) == signals and _is_kept(updates) for update in updates
    ]


def _is_kept(updates: Sequence[Update]) -> bool:
    inside = all(0.0 < belief < 1.0 for update in updates for belief in (update.before, update.after))
    moved = any(update.before != update.after for update in updates)
    return inside and moved and not any(update.is_wrong for update in updates)


def _updates(track: Track) -> Iterator[Update]:
    before = signal = None
    for told, trust, said in zip(
        *(track.columns[name].tolist() for name in ("told", "trust", "said")), strict=True
    ):
        if told == told:
            signal = told, trust
        if said == said:
            if before is not None and signal is not None:
                yield Update(before, *signal, said)
            before, signal = said, None


def published_fit(updates: Sequence[Update]) -> tuple[FloatArray, float]:
    """delta, beta_H and beta_L by least squares in log odds, and R² about the mean."""
    before, signal, reliability, after = np.array(updates, dtype=np.float64).T
    ratio = logit(reliability)
    rows = np.column_stack([logit(before), ratio * (signal > 0.5), -ratio * (signal < 0.5)])
    weights, *_ = np.linalg.lstsq(rows, logit(after), rcond=None)
    errors, apart = logit(after) - rows @ weights, logit(after) - logit(after).mean()
    return weights, float(1.0 - errors @ errors / (apart @ apart))
