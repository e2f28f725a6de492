"""Many people at once: the same evidence and habits as for one, as arrays over people.

Events of many people come as columns. Each person's events of one domain are a track; all tracks take
their first event together, then their second, and so on, so that the work of a step is shared by everyone
who is still there. Tests hold this against the same functions fed with one person's events one by one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rung.engine import affect
from rung.engine.parameters import Parameters
from rung.engine.prediction import evidence, habits
from rung.engine.prediction.evidence import UNKNOWN, Seen
from rung.engine.prediction.habits import Population
from rung.engine.prediction.rows import NAMES, Memory, row
from rung.engine.scales import FloatArray

__all__ = ["Crowd", "Judged", "expect", "judged"]

Places = NDArray[np.intp]


class Crowd(NamedTuple):
    """Events of many people, one array of shape (events,) each; a person's events in order of time."""

    person: Places
    domain: Places
    task: Places
    kind: NDArray[np.str_]
    columns: Mapping[str, FloatArray]
    """The columns of a log that have numbers in them, with `time`; NaN where a cell is empty."""


class Judged(NamedTuple):
    """Every judgement that has an earlier one of its person and domain, in the order of the crowd."""

    place: Places
    """Of the judgement among the events, shape (n,)."""
    person: Places
    rows: FloatArray
    """The evidence before it, shape (n, k)."""
    last: FloatArray
    """x: the judgement before it, shape (n,)."""
    change: FloatArray
    """y - x, shape (n,)."""


def judged(crowd: Crowd, p: Parameters) -> Judged:
    """The evidence before each judgement."""
    # Domains are numbered over all people, so that a track has one number.
    track = _numbered(crowd.person, crowd.domain)
    steps = list(_steps(track))
    seen = _seen(crowd, p)
    memory = _memory(crowd, track, seen)
    said = crowd.kind == "judgement"
    place = _again(track, said)
    found = np.empty(len(track), np.intp)
    found[place] = np.arange(len(place))
    rows, last = np.empty((len(place), len(NAMES))), np.empty(len(place))
    state = evidence.begun(p, np.zeros(steps[0].size if steps else 0))
    for now in steps:
        state = _taken(state, slice(now.size))
        here = _taken(seen, now)
        asked = np.flatnonzero(said[now] & (state.said.count > 0.0))
        if asked.size:
            some = slice(None) if asked.size == now.size else asked
            at, before, memories = now[some], _taken(state, some), _taken(memory, now[some])
            to = found[at]
            last[to] = before.said.last
            numbers = np.empty((len(NAMES), at.size))
            difficulty = _at(here.difficulty, some)
            for place_in_row, number in enumerate(row(before, difficulty, here.time[some], memories)):
                numbers[place_in_row] = number
            rows[to] = numbers.T
        state = evidence.after(state, here, p)
    return Judged(place, crowd.person[place], rows, last, crowd.columns["value"][place] - last)


def expect(known: Judged, population: Population) -> tuple[FloatArray, FloatArray]:
    """Mean and sd of each change before it is seen, every person learned judgement by judgement."""
    # Personal numbers that are nought in every row say nothing: they are left out.
    used = np.array([known.rows[:, place].any() for place in habits.OWN])
    population = population._replace(spread=population.spread[np.ix_(used, used)])
    means, sds = np.empty(len(known.change)), np.empty(len(known.change))
    state: Any = None
    for now in _steps(known.person):
        state = habits.begun(population, now.size) if state is None else _taken(state, slice(now.size))
        told = habits.expected(state, known.rows[now].T, population, habits.OWN[used])
        means[now], sds[now] = told.mean, told.sd
        state = habits.learned(state, told, known.change[now], population)
    return means, sds


def _numbered(one: Places, other: Places) -> Places:
    """The pairs of two numbers, from 0 up."""
    pairs = one * (other.max(initial=0) + 1) + other
    return np.unique(pairs, return_inverse=True)[1]


def _again(track: Places, said: NDArray[np.bool_]) -> Places:
    """Places of the judgements but the first of each track."""
    places = np.flatnonzero(said)
    later = np.ones(len(places), np.bool_)
    later[np.unique(track[places], return_index=True)[1]] = False
    return places[later]


def _steps(group: Places) -> Iterator[Places]:
    """Places of the first event of each group, of the second, ...; whoever has most comes first in each."""
    order = np.argsort(group, kind="stable")
    begins = np.flatnonzero(np.diff(group[order], prepend=-1))
    lengths = np.diff(begins, append=len(order))
    longest = np.argsort(-lengths, kind="stable")
    starts, lengths = begins[longest], lengths[longest]
    for step in range(int(lengths[0]) if lengths.size else 0):
        there = int(np.searchsorted(-lengths, -step, side="left"))
        yield order[starts[:there] + step]


def _at(column: Any, places: Places | slice) -> Any:
    return column[..., places] if isinstance(column, np.ndarray) else column


def _taken(group: Any, places: Places | slice) -> Any:
    """Some people of every array of a named tuple."""
    return type(group)(
        *(_taken(part, places) if isinstance(part, tuple) else _at(part, places) for part in group)
    )


def _seen(crowd: Crowd, p: Parameters) -> Seen:
    """`evidence.seen` for every event at once; a column that no event has is one NaN."""
    columns, kind = crowd.columns, crowd.kind
    attempt, feedback = kind == "attempt", kind == "feedback"

    def only(name: str, where: NDArray[np.bool_], otherwise: float = UNKNOWN) -> Any:
        if name not in columns or not where.any():
            return otherwise
        column = np.where(where, columns[name], UNKNOWN)
        known = ~np.isnan(column)
        return np.where(known, column, otherwise) if known.any() else otherwise

    everywhere = np.ones(kind.shape, np.bool_)
    own = attempt | feedback
    told = np.where(feedback, columns["value"], only("feedback", attempt))
    arousal = only("arousal", attempt | (kind == "state"))
    body = arousal if arousal is UNKNOWN else affect.on_belief(arousal, only("appraisal", everywhere, 0.0), p)
    return Seen(
        columns["time"],
        columns.get("difficulty", UNKNOWN),
        only("value", kind == "judgement"),
        told if np.any(~np.isnan(told)) else UNKNOWN,
        np.where(feedback, only("credibility", feedback, 1.0), 1.0),
        only("value", attempt),
        only("confidence", attempt),
        only("aid", own, 0.0),
        only("internal", own),
        only("stable", own),
        only("controllable", own),
        only("value", kind == "model"),
        only("similarity", everywhere, p.similarity_unknown),
        only("coping", everywhere, 0.0),
        only("value", kind == "persuasion"),
        only("credibility", everywhere, p.credibility_unknown),
        body,
    )


def _memory(crowd: Crowd, track: Places, seen: Seen) -> Memory:
    """What the person said before in the like case, for every event that is a judgement."""
    value = crowd.columns["value"]
    said = np.flatnonzero(crowd.kind == "judgement")
    task = _numbered(track, crowd.task)
    like = 3 * task + _outcome_seen(crowd, track)
    memory = np.full((6, len(value)), UNKNOWN)
    memory[0, said], memory[1, said] = _earlier(task[said], value[said])
    memory[2, said] = _earlier(like[said], value[said])[1]
    memory[3, said] = _earlier(track[said], crowd.task[said].astype(np.float64))[0] != crowd.task[said]
    # Where nobody has two tasks in a domain, the task is the domain, and never another than the last one.
    if task.max(initial=0) > track.max(initial=0):
        memory[4], memory[5] = _shown_before(seen, crowd, track, task)
        memory[5, memory[3] == 0.0] = UNKNOWN
    return Memory(*memory)


def _shown_before(seen: Seen, crowd: Crowd, track: Places, task: Places) -> tuple[FloatArray, FloatArray]:
    """How the task went so far against the domain; and the task alone since its last judgement."""
    shown = np.full(len(track), UNKNOWN)
    for column in (seen.outcome, seen.sure, seen.told):
        shown = np.where(column == column, column, shown)
    # A task's stretch ends with a judgement of it, which belongs to the stretch that it ends.
    judged_at = _running(task, (crowd.kind == "judgement").astype(np.float64))
    stretch = _numbered(task, judged_at.astype(np.intp))
    return _mean_so_far(task, shown) - _mean_so_far(track, shown), _mean_so_far(stretch, shown)


def _mean_so_far(group: Places, value: FloatArray) -> FloatArray:
    """Mean of the earlier known values of the same group; NaN where there are none."""
    known = value == value
    count, total = _running(group, known.astype(np.float64)), _running(group, np.where(known, value, 0.0))
    return np.where(count > 0.0, total / np.maximum(count, 1.0), UNKNOWN)


def _running(group: Places, value: FloatArray) -> FloatArray:
    """Sum of the earlier values of the same group."""
    order = np.argsort(group, kind="stable")
    begins = np.flatnonzero(np.diff(group[order], prepend=-1))
    sums = np.cumsum(value[order]) - value[order]
    before = np.repeat(sums[begins], np.diff(begins, append=len(order)))
    found = np.empty(len(order))
    found[order] = sums - before
    return found


def _outcome_seen(crowd: Crowd, track: Places) -> Places:
    """0 without an outcome since the last judgement of the track, 1 after a bad, 2 after a good one."""
    order = np.argsort(track, kind="stable")
    number = np.arange(len(order))
    value, kind, track = crowd.columns["value"][order], crowd.kind[order], track[order]
    outcome = (kind == "attempt") & ~np.isnan(value)
    begins = np.flatnonzero(np.diff(track, prepend=-1))
    floor = np.repeat(begins, np.diff(begins, append=len(order))) - 1
    last = np.maximum(np.maximum.accumulate(np.where(outcome, number, -1)), floor)
    judged_at = np.where(kind == "judgement", number, -1)
    answered = np.maximum.accumulate(np.concatenate([[-1], judged_at[:-1]]))[: len(order)]
    fresh = last > np.maximum(answered, floor)
    good = value[np.maximum(last, 0)] > 0.5
    found = np.empty(len(order), np.intp)
    found[order] = np.where(fresh, 1 + good, 0)
    return found


def _earlier(group: Places, value: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The last and the mean of the earlier values of the same group; NaN where there are none."""
    order = np.argsort(group, kind="stable")
    sorted_group, sorted_value = group[order], value[order]
    new = np.diff(sorted_group, prepend=-1) != 0
    begins = np.flatnonzero(new)
    start = np.repeat(begins, np.diff(begins, append=len(order)))
    sums = np.cumsum(sorted_value) - sorted_value
    count = np.arange(len(order)) - start
    last, mean = np.full(len(value), UNKNOWN), np.full(len(value), UNKNOWN)
    with_earlier = count > 0
    later = np.flatnonzero(with_earlier)
    last[order[later]] = sorted_value[later - 1]
    mean[order[later]] = (sums - sums[start])[later] / count[later]
    return last, mean
