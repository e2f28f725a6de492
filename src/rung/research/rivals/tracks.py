"""A person's events as the rivals read them: one track of plain numbers for each domain.

Every rival sees the same columns of a log, whatever the study: what was *said* (judgements), *told* (the
`feedback` of attempts, the `value` of feedback events), the true *outcome* (the `value` of attempts), how
far the teller is believed (*trust*), how *sure* of success the person felt, the difficulty, what *others*
did, what was *urged*, and how *calm* the person was. NaN means unknown. Nothing goes from one domain to
another.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import NamedTuple, TypeVar
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from rung.engine.events import Event
from rung.engine.scales import FloatArray
from rung.research.forecasts import Forecasts
from rung.research.series import Series

__all__ = ["Track", "interleaved", "once_per_series", "scored_of", "tracks_of"]

_T = TypeVar("_T")


class Track(NamedTuple):
    """The events of one person in one domain."""

    places: NDArray[np.intp]
    """Place of each event in the series."""
    columns: dict[str, FloatArray]
    """One array for each name above, of shape (events,)."""

    @property
    def judgements(self) -> NDArray[np.intp]:
        """Positions of the judgements in the track; all but the first are predicted."""
        return np.flatnonzero(~np.isnan(self.columns["said"]))

    @property
    def said(self) -> FloatArray:
        """What was judged, in order."""
        return self.columns["said"][self.judgements]


def once_per_series(function: Callable[[Series], _T]) -> Callable[[Series], _T]:
    """Remember the answer for as long as the series lives: every rival and every fold asks for the same."""
    known: WeakKeyDictionary[Series, _T] = WeakKeyDictionary()

    @wraps(function)
    def remembered(series: Series) -> _T:
        if series not in known:
            known[series] = function(series)
        return known[series]

    return remembered


@once_per_series
def tracks_of(series: Series) -> tuple[Track, ...]:
    """The tracks of a person, in the order in which the domains come up."""
    domains: dict[str, list[int]] = {}
    for place, event in enumerate(series.events):
        domains.setdefault(event.domain, []).append(place)
    return tuple(
        Track(np.array(places), _columns([series.events[place] for place in places]))
        for places in domains.values()
    )


def scored_of(tracks: Sequence[Track]) -> NDArray[np.intp]:
    """Places of the judgements that are predicted, track after track."""
    places = [track.places[track.judgements[1:]] for track in tracks]
    return np.concatenate(places) if places else np.empty(0, np.intp)


def interleaved(series: Series, forecasts: Forecasts) -> Forecasts:
    """Forecasts that were made track after track, in the order of the series."""
    tracks = tracks_of(series)
    if len(tracks) < 2:
        return forecasts
    order = np.argsort(scored_of(tracks))
    return Forecasts(*(column[order] for column in forecasts))


def _columns(events: Sequence[Event]) -> dict[str, FloatArray]:
    return {name: np.array(list(map(read, events)), dtype=np.float64) for name, read in _READINGS.items()}


def _of(kind: str, field: str = "value") -> Callable[[Event], float | None]:
    return lambda event: getattr(event, field) if event.kind == kind else None


def _told(event: Event) -> float | None:
    if event.kind == "attempt":
        return event.feedback
    return event.value if event.kind == "feedback" else None


def _calm(event: Event) -> float | None:
    """1 without arousal or where it is read as a challenge, 0 where it is full and read as a threat."""
    if event.kind not in ("state", "attempt") or event.arousal is None:
        return None
    return 1.0 - event.arousal * (1.0 - (event.appraisal or 0.0)) / 2.0


_READINGS: dict[str, Callable[[Event], float | None]] = {
    "said": _of("judgement"),
    "told": _told,
    "outcome": _of("attempt"),
    "sure": _of("attempt", "confidence"),
    "trust": _of("feedback", "credibility"),
    "difficulty": lambda event: event.difficulty,
    "others": _of("model"),
    "urged": _of("persuasion"),
    "calm": _calm,
}
