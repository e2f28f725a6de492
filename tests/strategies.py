"""Valid events for property tests, generated from the one definition of the columns."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from hypothesis import strategies as st

from rung.engine.events import COLUMNS, KINDS, Column, Event, Kind

__all__ = ["events", "logs", "names"]

_NUMBERS = [column for column in COLUMNS if column.type == "number" and column.name != "value"]


def names(*, least: int = 1) -> st.SearchStrategy[str]:
    """Any text that a log can hold: no NUL, no half characters; line breaks, quotes and commas included."""
    alphabet = st.one_of(
        st.sampled_from("ab ,\";:\n\r\t'é"), st.characters(codec="utf-8", exclude_characters="\0")
    )
    return st.text(alphabet, min_size=least, max_size=8)


def _numbers(column: Column) -> st.SearchStrategy[float]:
    if column.binary:
        return st.sampled_from((0.0, 1.0))
    if column.low is None or column.high is None:
        return st.floats(-6, 6)
    return st.one_of(
        st.floats(column.low, column.high), st.sampled_from((column.low, column.high)).map(float)
    )


def _values(kind: Kind) -> st.SearchStrategy[float | None]:
    if kind.value == "empty":
        return st.none()
    if kind.value == "binary":
        return st.sampled_from((0.0, 1.0))
    return st.none() | st.floats(0, 1) if kind.value == "optional" else st.floats(0, 1)


@st.composite
def events(
    draw: st.DrawFn,
    *,
    people: st.SearchStrategy[str] | None = None,
    domains: st.SearchStrategy[str] | None = None,
    tasks: st.SearchStrategy[str] | None = None,
    times: st.SearchStrategy[float] | None = None,
    kinds: Iterable[str] = tuple(KINDS),
    ids: bool = True,
    strays: bool = False,
) -> Event:
    """One valid event.

    Without `people` and so on, texts are wild. `ids=False` leaves `id` empty; with `strays`, columns that
    the kind does not use may be filled too (they are kept, and ignored).
    """
    kind = KINDS[draw(st.sampled_from(tuple(kinds)))]
    task = draw(names(least=0) if tasks is None else tasks)
    used = [column for column in _NUMBERS if strays or kind.name in column.kinds]
    filled = draw(st.lists(st.sampled_from(used), unique=True)) if used else []
    numbers = {column.name: draw(_numbers(column)) for column in filled}
    return Event(
        person=draw(names() if people is None else people),
        domain=draw(names() if domains is None else domains),
        task=task,
        time=draw(st.floats(-4e9, 4e9) if times is None else times),
        kind=kind.name,
        value=draw(_values(kind)),
        context=draw(_contexts(kind, task)),
        id=str(uuid.UUID(int=draw(st.integers(1, 2**128 - 1)))) if ids and draw(st.booleans()) else "",
        **numbers,
    )


def _contexts(kind: Kind, task: str) -> st.SearchStrategy[str]:
    if kind.name != "choice":
        return names(least=0)
    plain = names(least=0).filter(lambda text: not text.startswith("versus:"))
    return plain | names().filter(lambda other: other != task).map("versus:{}".format)


def logs(**chosen: object) -> st.SearchStrategy[list[Event]]:
    """A few valid events in any order, every id at most once; options as for `events`."""
    return st.lists(events(**chosen), max_size=12, unique_by=lambda event: event.id or object())  # type: ignore[arg-type]
