"""Some whole people of all parts, drawn at random: for what is fitted in one process.

Everyone gets a random number by the seed, the log and their place in it. For each kind of question, people
are taken from the lowest number up until they have answered enough of them. Whoever works on a part finds
those of the part who may be among them, and saves them; who is, is then known from their numbers alone. So
the same people are drawn whatever the parts and the workers, and memory is bounded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import repeat
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rung.engine.events import Event
from rung.engine.prediction.crowd import Crowd
from rung.engine.scales import FloatArray
from rung.research.fitting.crowds import joined, some_of
from rung.research.fitting.parts import Part, SavedPart, save_part
from rung.research.fitting.workers import Workers
from rung.research.series import TARGETS, Series, Target

__all__ = ["ENOUGH", "Sample", "draw", "series_of_sample"]

ENOUGH = 50_000
"""Questions of a kind after which nobody more is taken."""

Places = NDArray[np.intp]


class Sample(NamedTuple):
    """Those who were drawn."""

    crowd: Crowd
    """Their events, people numbered in the order in which they were drawn."""
    versus: Places
    """Number of the task that was not chosen, of each event; -1 where there is none."""
    fold: Places
    """Of each person, shape (people,)."""
    taken: NDArray[np.bool_]
    """Whether they were taken for each of `TARGETS`, shape (people, 3)."""
    people: tuple[int, ...]
    """How many answered any questions of each of `TARGETS`, drawn or not."""

    def of(self, target: Target) -> Places:
        """The people to learn a kind of question from."""
        return np.flatnonzero(self.taken[:, TARGETS.index(target)])

    def people_of(self, target: Target) -> int:
        """How many there are of whom one might, drawn or not."""
        return self.people[TARGETS.index(target)]


class _Drawn(NamedTuple):
    """Who may be taken of a part."""

    part: SavedPart
    person: Places
    """Their numbers there, shape (n,)."""
    draws: FloatArray
    """Their random numbers."""
    counts: Places
    """Questions answered, by `TARGETS`, shape (n, 3)."""
    fold: Places
    people: Places
    """Of all in the part, how many answered any, shape (3,)."""


def draw(
    parts: Sequence[Part],
    folder: Path,
    workers: Workers,
    seed: int = 0,
    enough: int = ENOUGH,
    progress: Callable[[int], object] | None = None,
) -> Sample:
    """Draw people until they have answered `enough` questions of each kind, or everyone is drawn."""
    found = workers.over(
        _drawn,
        list(enumerate(parts)),
        folder,
        seed,
        enough,
        name=lambda place: place[1].name,
        progress=progress,
    )
    counts = np.concatenate([np.empty((0, len(TARGETS)), np.intp), *(one.counts for one in found)])
    order = np.argsort(np.concatenate([np.empty(0), *(one.draws for one in found)]), kind="stable")
    taken = _first(counts[order], enough)
    chosen, taken = order[taken.any(axis=1)], taken[taken.any(axis=1)]
    number = np.full(len(counts), -1)
    number[chosen] = np.arange(len(chosen))
    ends = np.cumsum([len(one.person) for one in found])
    events = [_kept(*one) for one in zip(found, np.split(number, ends[:-1]), strict=True)] if found else []
    crowd = joined([crowd for crowd, _ in events])
    versus = np.concatenate([np.empty(0, np.intp), *(others for _, others in events)])
    rows = np.argsort(crowd.person, kind="stable")
    fold = np.concatenate([np.empty(0, np.intp), *(one.fold for one in found)])
    people = sum((one.people for one in found), start=np.zeros(len(TARGETS), np.intp)).tolist()
    return Sample(some_of(crowd, rows), versus[rows], fold[chosen], taken, tuple(people))


def _drawn(place: tuple[int, Part], folder: Path, seed: int, enough: int) -> _Drawn:
    number, part = place
    folded = part.read()
    counts = _counts(folded.crowd)
    draws = np.random.default_rng((seed, folded.log)).random(len(counts))
    order = np.argsort(draws, kind="stable")
    person = order[_first(counts[order], enough).any(axis=1)]
    saved = save_part(
        part.name,
        folder / f"drawn-{number:06}.npz",
        folded,
        np.flatnonzero(np.isin(folded.crowd.person, person)),
    )
    fold = np.zeros(len(counts), np.intp)
    fold[folded.crowd.person] = folded.fold
    return _Drawn(saved, person, draws[person], counts[person], fold[person], (counts > 0).sum(axis=0))


def _counts(crowd: Crowd) -> Places:
    """Answered questions of each person, by `TARGETS`; of judgements, those that have an earlier one."""
    people = int(crowd.person.max()) + 1 if crowd.person.size else 0
    known = ~np.isnan(crowd.columns["value"])
    counts = np.stack(
        [np.bincount(crowd.person[known & (crowd.kind == target)], minlength=people) for target in TARGETS],
        axis=1,
    )
    said = known & (crowd.kind == "judgement")
    domains = np.unique(np.stack([crowd.person[said], crowd.domain[said]]), axis=1)
    counts[:, TARGETS.index("judgement")] -= np.bincount(domains[0], minlength=people)
    return counts.astype(np.intp)


def _first(counts: Places, enough: int) -> NDArray[np.bool_]:
    """Who is taken for each kind of question, of people in the order of their random numbers."""
    before = np.cumsum(counts, axis=0) - counts
    taken: NDArray[np.bool_] = (counts > 0) & (before < enough)
    return taken


def _kept(drawn: _Drawn, number: Places) -> tuple[Crowd, Places]:
    """The events of those who were drawn, by their new numbers; -1 is who was not. And the other tasks."""
    folded = drawn.part.read()
    crowd = folded.crowd
    numbers = np.full(int(crowd.person.max(initial=0)) + 1, -1)
    numbers[drawn.person] = number
    person = numbers[crowd.person]
    rows = np.flatnonzero(person >= 0)
    versus = np.full(len(person), -1) if folded.versus is None else folded.versus
    return some_of(crowd._replace(person=person), rows), versus[rows]


def series_of_sample(sample: Sample, people: Places) -> list[Series]:
    """Some of those who were drawn, event by event; tasks and domains are called by their numbers."""
    crowd = sample.crowd
    begins = np.searchsorted(crowd.person, people, side="left").tolist()
    ends = np.searchsorted(crowd.person, people, side="right").tolist()
    return [
        Series.of(str(person), _events(sample, slice(begin, end)), range(end - begin))
        for person, begin, end in zip(people.tolist(), begins, ends, strict=True)
    ]


def _events(sample: Sample, rows: slice) -> list[Event]:
    crowd = sample.crowd
    cells: dict[str, Iterable[Any]] = {
        name: _with_none(column[rows].tolist()) for name, column in crowd.columns.items()
    }
    texts = {"person": crowd.person, "domain": crowd.domain, "task": crowd.task, "kind": crowd.kind}
    cells |= {name: map(str, column[rows].tolist()) for name, column in texts.items()}
    others = sample.versus[rows].tolist()
    cells["context"] = ["" if task < 0 else f"versus:{task}" for task in others]
    empty = {name: repeat(value, len(others)) for name, value in Event._field_defaults.items()}
    return list(map(Event._make, zip(*({**empty, **cells}[name] for name in Event._fields), strict=True)))


def _with_none(values: list[float]) -> list[float | None]:
    return [value if value == value else None for value in values]
