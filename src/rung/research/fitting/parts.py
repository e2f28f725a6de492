"""A fit over people in parts, for logs past one process or one machine.

A part holds whole people. Whoever works on it reads it, and writes the sums of its people (`sums.People`)
into pieces: files in a folder that every worker can reach, each of a bounded number of people of one fold.
A step of the fit then adds the totals of the pieces in their order,

    totals = sum over pieces of totals(piece, guess)

so that what travels is a guess one way and a few small arrays the other, and the result does not depend on
who did what. Memory is bounded by a part while it is read, and by a piece afterwards. To leave a fold out
is to leave its pieces out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from rung.engine.parameters import Parameters
from rung.engine.prediction.crowd import Crowd, judged
from rung.engine.scales import FloatArray
from rung.log import Log, read_log, replaced
from rung.research.fitting.crowds import crowd_of, some_of, versus_of
from rung.research.fitting.mixed import Fit, Guess, fit, totals
from rung.research.fitting.sums import People, Totals, added, people_of
from rung.research.fitting.workers import Workers
from rung.research.folds import FOLDS, folds_of

__all__ = [
    "Bound",
    "Folded",
    "LogPart",
    "Part",
    "Piece",
    "SavedPart",
    "batches",
    "fit_pieces",
    "parts_of",
    "save_part",
    "weighed",
]

_PEOPLE = 2_000
_EVENTS = 200_000
"""Bounds of a piece, which keep the work on one below some 200 MB."""
_ERRAND = 500
"""People whose totals take many times as long as the way to a worker and back."""


class Folded(NamedTuple):
    """Some people, and who of them belongs to which fold."""

    crowd: Crowd
    fold: NDArray[np.intp]
    """Of each event's person, shape (events,)."""
    versus: NDArray[np.intp] | None = None
    """Number of the task that was not chosen, -1 where there is none; None where no choice has one."""
    log: int = 0
    """Number of the log, which tells people with the same number apart."""


class Part(Protocol):
    """Some people as a whole, wherever they are kept. It travels to workers: small, and to be pickled."""

    @property
    def name(self) -> str:
        """What to call it in a message."""

    def read(self) -> Folded:
        """Its people."""


class Bound(NamedTuple):
    """At most so many events of a log, of whole people who are drawn at random; of one person at least."""

    events: int
    seed: int = 0


@dataclass(frozen=True)
class LogPart:
    """The people of a log file, read by whoever works on it."""

    path: Path
    folds: int = FOLDS
    log: int = 0
    """Number among all logs."""
    bound: Bound | None = None
    """How much of it is read; None for all."""

    @property
    def name(self) -> str:
        """The file's name."""
        return self.path.name

    def read(self) -> Folded:
        """Its people, dealt into folds."""
        return _dealt(read_log(self.path), self.folds, self.log, self.bound)


@dataclass(frozen=True)
class SavedPart:
    """People in a file of numbers alone, as `parts_of` saves them."""

    name: str
    path: Path

    def read(self) -> Folded:
        """Its people."""
        with np.load(self.path) as saved:
            columns = {name.removeprefix("."): saved[name] for name in saved.files if name.startswith(".")}
            person, domain, task, kind = (saved[name] for name in ("person", "domain", "task", "kind"))
            versus = saved["versus"] if "versus" in saved.files else None
            return Folded(
                Crowd(person, domain, task, kind, columns), saved["fold"], versus, int(saved["log"])
            )


class Piece(NamedTuple):
    """Where the sums of some people of one fold are, and the little that a fit must know beforehand."""

    name: str
    path: Path
    fold: int
    people: int
    judgements: int
    """That have an earlier one."""
    squares: FloatArray
    """Sums of the squared numbers of their rows, shape (k,)."""
    square: float
    """And of the squared changes."""


def parts_of(
    log: Log,
    name: str,
    folder: Path,
    parts: int = 1,
    folds: int = FOLDS,
    number: int = 0,
    bound: Bound | None = None,
) -> list[SavedPart]:
    """The people of a log, dealt into folds and then into parts, each saved in a folder of their own.

    `number` is that of the log among all logs.
    """
    folder.mkdir()
    everyone = _dealt(log, folds, number, bound)
    saved = []
    for place in range(parts):
        rows = np.flatnonzero(everyone.crowd.person % parts == place)
        if rows.size:
            title = f"{name}, part {place + 1} of {parts}" if parts > 1 else name
            saved.append(save_part(title, folder / f"{place:06}.npz", everyone, rows))
    return saved


def save_part(name: str, path: Path, folded: Folded, rows: NDArray[np.intp]) -> SavedPart:
    """Some of the events, in a file."""
    some = some_of(folded.crowd, rows)
    content: dict[str, Any] = {f".{column}": values for column, values in some.columns.items()}
    content |= {"person": some.person, "domain": some.domain, "task": some.task, "kind": some.kind}
    content |= {"fold": folded.fold[rows], "log": folded.log}
    if folded.versus is not None:
        content["versus"] = folded.versus[rows]
    with replaced(path) as file:
        np.savez(file, **content)
    return SavedPart(name, path)


def _dealt(log: Log, folds: int, number: int, bound: Bound | None) -> Folded:
    """Everyone in the log. Each log begins at another fold, so that many small ones fill all of them."""
    crowd = crowd_of(log)
    people = int(crowd.person.max()) + 1 if crowd.person.size else 0
    dealt = np.zeros(people, np.intp)
    for place, fold in enumerate(folds_of(range(people), folds)):
        dealt[list(fold.test)] = (place + number) % folds
    everyone = Folded(crowd, dealt[crowd.person], versus_of(log), number)
    return everyone if bound is None else _some_people(everyone, bound)


def _some_people(everyone: Folded, bound: Bound) -> Folded:
    events = np.bincount(everyone.crowd.person)
    order = np.random.default_rng((bound.seed, everyone.log)).permutation(len(events))
    drawn = order[: max(int(np.searchsorted(np.cumsum(events[order]), bound.events, side="right")), 1)]
    rows = np.flatnonzero(np.isin(everyone.crowd.person, drawn))
    versus = None if everyone.versus is None else everyone.versus[rows]
    return everyone._replace(crowd=some_of(everyone.crowd, rows), fold=everyone.fold[rows], versus=versus)


def weighed(
    parts: Sequence[Part],
    folder: Path,
    workers: Workers,
    p: Parameters,
    progress: Callable[[int], object] | None = None,
) -> list[Piece]:
    """The pieces of all parts, in their order; the folder is one that every worker can write to."""
    places = list(enumerate(parts))
    found = workers.over(_weighed, places, folder, p, name=lambda place: place[1].name, progress=progress)
    return [piece for pieces in found for piece in pieces]


def _weighed(place: tuple[int, Part], folder: Path, p: Parameters) -> list[Piece]:
    number, part = place
    pieces: list[Piece] = []
    for fold, some in batches(part.read()):
        known = judged(some, p)
        if not len(known.change):
            continue
        people = people_of(known)
        path = folder / f"part-{number:06}-{len(pieces):06}.npz"
        with replaced(path) as file:
            content: dict[str, Any] = people._asdict()
            np.savez(file, **content)
        squares = np.diag(people.total).copy()
        counts = (len(people.grams), people.judgements)
        pieces.append(Piece(part.name, path, fold, *counts, squares, people.squares))
    return pieces


def batches(folded: Folded, people: int = _PEOPLE, events: int = _EVENTS) -> Iterator[tuple[int, Crowd]]:
    """Fold by fold, a bounded number of people and events at a time, but at least one whole person."""
    for fold in np.unique(folded.fold).tolist():
        rows = np.flatnonzero(folded.fold == fold)
        rows = rows[np.argsort(folded.crowd.person[rows], kind="stable")]
        begins = np.flatnonzero(np.diff(folded.crowd.person[rows], prepend=-1))
        ends = np.append(begins[1:], len(rows))
        first = 0
        while first < len(begins):
            last = int(np.searchsorted(ends, begins[first] + events, side="right"))
            last = max(first + 1, min(last, first + people))
            yield fold, some_of(folded.crowd, rows[begins[first] : ends[last - 1]])
            first = last


def fit_pieces(
    pieces: Sequence[Piece],
    workers: Workers,
    without: int | None = None,
    progress: Callable[[int], object] | None = None,
) -> Fit:
    """The fit to all pieces but those of one fold; `progress` is called with the number of steps taken."""
    kept = [piece for piece in pieces if piece.fold != without]
    judgements = max(sum(piece.judgements for piece in kept), 1)
    errands = list(_errands(kept))
    steps = 0

    def step(guess: Guess) -> Totals:
        nonlocal steps
        found = added(workers.over(_totals, errands, guess, name=_names))
        steps += 1
        if progress:
            progress(steps)
        return found

    sizes = np.sqrt(sum((piece.squares for piece in kept), start=np.zeros(1)) / judgements)
    return fit(step, sizes, sum(piece.square for piece in kept) / judgements)


def _errands(pieces: Sequence[Piece]) -> Iterator[tuple[Piece, ...]]:
    """Pieces one after the other, as many together as are worth sending somebody."""
    together: tuple[Piece, ...] = ()
    for piece in pieces:
        together += (piece,)
        if sum(piece.people for piece in together) >= _ERRAND:
            yield together
            together = ()
    if together:
        yield together


def _names(pieces: Sequence[Piece]) -> str:
    return ", ".join(dict.fromkeys(piece.name for piece in pieces))


def _totals(pieces: Sequence[Piece], guess: Guess) -> Totals:
    return added([_totals_of(piece, guess) for piece in pieces])


def _totals_of(piece: Piece, guess: Guess) -> Totals:
    with np.load(piece.path) as saved:
        known = People(*(saved[name] for name in People._fields))
    return totals(known._replace(squares=float(known.squares), judgements=int(known.judgements)), guess)
