"""Charts with time from left to right: belief with what happened, the ladder filling, self-esteem apart."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from rung.web.charts.drawing import (
    BOTTOM,
    LEFT,
    RIGHT,
    Mark,
    chart,
    dates,
    disc,
    grid,
    height_of,
    line,
    points,
    shape,
    text,
    thread,
    time_scale,
)
from rung.words import _, later, number

__all__ = [
    "BeliefPoint",
    "EventPoint",
    "MarkPoint",
    "TickPoint",
    "belief_chart",
    "esteem_chart",
    "filling_chart",
]

_THREADS = {
    "persuasion": later("encouraged"),
    "model": later("saw somebody do it"),
    "state": later("how the body was"),
}
_THREAD_HEIGHT = 32
_ROW = 22


@dataclass(frozen=True, slots=True)
class BeliefPoint:
    """Belief at one moment, 0 to 1, with its band."""

    at: datetime
    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class MarkPoint:
    """One attempt on the time axis."""

    at: datetime
    did: Mark


@dataclass(frozen=True, slots=True)
class TickPoint:
    """One judgement, 0 to 1."""

    at: datetime
    rating: float


@dataclass(frozen=True, slots=True)
class EventPoint:
    """An encouragement, a model or a bodily state."""

    at: datetime
    kind: str


def belief_chart(
    belief: Sequence[BeliefPoint],
    attempts: Sequence[MarkPoint],
    title: str,
    about: str,
    ticks: Sequence[TickPoint] = (),
    events: Sequence[EventPoint] = (),
) -> Markup:
    """Belief over time with its band, the judgements in it, and on threads below it what happened."""
    first = min(point.at for point in belief)
    last = max([point.at for point in belief] + [mark.at for mark in attempts])
    x = time_scale(first, last)
    upper = [(x(point.at), height_of(point.high)) for point in belief]
    lower = [(x(point.at), height_of(point.low)) for point in reversed(belief)]
    middle = [(x(point.at), height_of(point.mean)) for point in belief]
    tries = [(x(mark.at), mark.did) for mark in attempts if mark.did != "skipped"]
    rows = [(_("what you did"), tries)] if tries else []
    rows += [
        (_(words), found)
        for kind, words in _THREADS.items()
        if (found := [(x(event.at), kind) for event in events if event.kind == kind])
    ]
    threads = [part for place, (words, found) in enumerate(rows) for part in _row(place, words, found)]
    foot = BOTTOM + 20 + _THREAD_HEIGHT * len(rows)
    parts = [
        *grid(_("how sure")),
        f'<polygon class="d-band" points="{points(upper + lower)}"/>',
        f'<polyline class="d-line" points="{points(middle)}"/>',
        *_ticks(ticks, x),
        *(disc("d-mean", at, y, 3) for at, y in middle[-1:]),
        *threads,
        *dates(first, last, foot),
    ]
    return chart("belief", title, about, parts, foot + 8)


def _row(place: int, words: str, found: Sequence[tuple[float, str]]) -> list[str]:
    y = BOTTOM + 16 + _THREAD_HEIGHT * place
    return [text(LEFT, y + 2, words, "left"), *thread(found, y + 13)]


def _ticks(ticks: Sequence[TickPoint], x: Callable[[datetime], float]) -> list[str]:
    # A judgement is given in tens: many of one moment lie on each other.
    spots = {(round(x(tick.at) / 3), round(tick.rating * 50)): tick for tick in ticks}
    return [shape("judgement", x(tick.at), height_of(tick.rating)) for tick in spots.values()]


def filling_chart(
    firsts: Sequence[datetime | None], first: datetime, last: datetime, title: str, about: str
) -> Markup:
    """The ladder, the easiest step at the bottom: dotted until it worked for the first time, then whole."""
    x = time_scale(first, last)
    count = len(firsts)
    foot = 8 + _ROW * count
    parts = [line("d-wood", end, 4, end, foot) for end in (LEFT + 4, RIGHT - 4)]
    for place, worked in enumerate(firsts, start=1):
        y = foot - _ROW * (place - 0.5)
        parts.append(text(LEFT - 6, y + 4, number(place), "right"))
        start = RIGHT - 8 if worked is None else x(worked)
        parts.append(line("d-rung", LEFT + 8, y, start, y))
        if worked is not None:
            parts.append(line("d-rung firm", min(start, RIGHT - 14), y, RIGHT - 8, y))
    return chart("filling", title, about, [*parts, *dates(first, last, foot + 16)], foot + 24)


def esteem_chart(answers: Sequence[tuple[datetime, int]], top: int, title: str, about: str) -> Markup:
    """Answers from 1 to `top` over time, as outlined dots: another thing than belief, and drawn otherwise."""
    first, last = answers[0][0], answers[-1][0]
    x = time_scale(first, last)

    def y(answer: int) -> float:
        return height_of((answer - 1) / (top - 1))

    parts = [line("d-grid", LEFT, y(answer), RIGHT, y(answer)) for answer in range(1, top + 1)]
    parts += [text(LEFT - 6, y(answer) + 4, number(answer), "right") for answer in (1, (top + 1) // 2, top)]
    corners = points([(x(at), y(answer)) for at, answer in answers])
    parts.append(f'<polyline class="d-rule" fill="none" points="{corners}"/>')
    parts += [disc("d-open", x(at), y(answer), 4.5) for at, answer in answers]
    return chart("esteem", title, about, [*parts, *dates(first, last, BOTTOM + 20)], BOTTOM + 28)
