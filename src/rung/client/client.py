"""A person's ladders, evidence and next step, asked of a Rung server by a program that they let in."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, TypeVar
from urllib.parse import quote

from rung.client.asking import Server
from rung.client.things import (
    Appended,
    Change,
    Changes,
    Event,
    Ladder,
    Made,
    NextStep,
    Plan,
    Recorded,
    State,
    Step,
    Texts,
    Whoami,
    made,
    sent,
)

__all__ = ["Client", "Did"]

Did = Literal["done", "partly", "tried", "avoided", "skipped"]
"""What became of a step: `tried` did not work, `avoided` was let pass, `skipped` was put off."""

_AT_ONCE = 200
_Thing = TypeVar("_Thing")


class Client:
    """A server and a token; every method is one request, or one for each page.

    >>> from rung.client import Client
    >>> rung = Client("https://rung.example.org", "rung_…")
    >>> rung.next_step("6f9b2f3e-7a0c-4a53-9b3b-0d6f5d5c1a11").reasons[0].text  # doctest: +SKIP
    'It works about 8 in 10, near the 75 in 100 that you chose.'
    """

    def __init__(
        self,
        url: str,
        token: str,
        *,
        timeout: float = 10.0,
        language: str = "en",
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._server = Server(url, token, timeout, language, sleep)

    def whoami(self) -> Whoami:
        """For whom the token acts, and what it may do."""
        return made(Whoami, self._server.ask("GET", "/whoami"))

    def ladders(self, *, archived: bool = False) -> Iterator[Ladder]:
        """The ladders that the token is for, oldest first.

        >>> [ladder.name for ladder in rung.ladders()]  # doctest: +SKIP
        ['Give the talk in March']
        """
        return self._pages(Ladder, "/ladders", {"archived": "true" if archived else None})

    def ladder(self, ladder: Ladder | str) -> Ladder:
        """One ladder as it is now."""
        return made(Ladder, self._server.ask("GET", _path("ladders", ladder)))

    def create_ladder(self, name: str, steps: Sequence[str] = (), *, template: str = "") -> Made:
        """Make a ladder of these steps, easiest first; the last one is the goal.

        >>> rung.create_ladder("Give the talk", ["Say it alone", "Say it to Sam"]).steps  # doctest: +SKIP
        ('0d6f5d5c-…', '9b3b0d6f-…')
        """
        content = {"name": name, "steps": list(steps), "template": template}
        return made(Made, self._server.ask("POST", "/ladders", content=content))

    def rename_ladder(self, ladder: Ladder | str, name: str) -> None:
        """Give it another name."""
        self._change({"name": name}, "ladders", ladder)

    def set_wanted_chance(self, ladder: Ladder | str, chance: float) -> None:
        """Turn the dial, to 0.6, 0.75 or 0.9: how likely the proposed step should be to work."""
        self._change({"wanted_chance": chance}, "ladders", ladder)

    def archive_ladder(self, ladder: Ladder | str) -> None:
        """Put it away, with its history."""
        self._change({"archived": True}, "ladders", ladder)

    def restore_ladder(self, ladder: Ladder | str) -> None:
        """Take it up again."""
        self._change({"archived": False}, "ladders", ladder)

    def add_steps(self, ladder: Ladder | str, names: Sequence[str], after: Step | str | None = None) -> Made:
        """Put new steps, easiest first, after another one; without one they become the easiest."""
        content = {"names": list(names), **({"after": _id(after)} if after else {})}
        return made(Made, self._server.ask("POST", _path("ladders", ladder, "steps"), content=content))

    def rename_step(self, ladder: Ladder | str, step: Step | str, name: str) -> None:
        """Give the step another name."""
        self._change({"name": name}, "ladders", ladder, "steps", step)

    def move_step(self, ladder: Ladder | str, step: Step | str, place: int) -> None:
        """Move the step among the others, 1 for the easiest."""
        self._change({"place": place}, "ladders", ladder, "steps", step)

    def retire_step(self, ladder: Ladder | str, step: Step | str) -> None:
        """Take the step out of the ladder; its history stays."""
        self._change({"retired": True}, "ladders", ladder, "steps", step)

    def restore_step(self, ladder: Ladder | str, step: Step | str) -> None:
        """Take a retired step up again."""
        self._change({"retired": False}, "ladders", ladder, "steps", step)

    def next_step(self, ladder: Ladder | str) -> NextStep:
        """The step that Rung proposes, with its reasons and its chance."""
        return made(NextStep, self._server.ask("GET", _path("ladders", ladder, "next-step")))

    def state(self, ladder: Ladder | str) -> State:
        """Where the person stands: how sure of each step, and how able, each with its band."""
        return made(State, self._server.ask("GET", _path("ladders", ladder, "state")))

    def record(
        self,
        ladder: Ladder | str,
        step: Step | str,
        did: Did,
        *,
        at: datetime | None = None,
        varied: Literal["", "place", "people", "time"] | None = None,
        id: str | None = None,
    ) -> Recorded:
        """Log what became of a step, as the five buttons of the page do.

        >>> rung.record(ladder, ladder.steps[0], "done").id  # doctest: +SKIP
        '63dc53a1-881d-4b2e-902e-2092adddbadd'
        """
        content = _given(did=did, at=at.isoformat() if at else None, varied=varied, id=id)
        path = _path("ladders", ladder, "steps", step, "attempts")
        return made(Recorded, self._server.ask("POST", path, content=content))

    def judge(
        self,
        ladder: Ladder | str,
        ratings: Mapping[str, int],
        feared: Mapping[str, int] | None = None,
        *,
        at: datetime | None = None,
    ) -> tuple[str, ...]:
        """Keep how sure the person is of steps, 0 to 100, by the ids of the steps; the events' ids."""
        content = _given(ratings=dict(ratings), feared=dict(feared or {}), at=at.isoformat() if at else None)
        return tuple(self._server.ask("POST", _path("ladders", ladder, "judgements"), content=content)["ids"])

    def events(
        self, *, domain: Ladder | str | None = None, since: datetime | None = None, kinds: Iterable[str] = ()
    ) -> Iterator[Event]:
        """The evidence log in its order: of a ladder, since a moment, of kinds.

        >>> sum(event.kind == "attempt" for event in rung.events(domain=ladder))  # doctest: +SKIP
        12
        """
        return self._pages(Event, "/events", {**_filters(domain, since), "kind": tuple(kinds)})

    def changes(self, cursor: str = "", *, domain: Ladder | str | None = None) -> Changes:
        """What came in, was changed or taken back since the cursor of last time: to keep a copy by.

        >>> found = rung.changes(kept_cursor)  # doctest: +SKIP
        >>> [(one.id, one.event is None) for one in found.items]  # doctest: +SKIP
        [('63dc53a1-881d-4b2e-902e-2092adddbadd', False)]
        """
        items: list[Change] = []
        has_more = True
        while has_more:
            query = {"domain": _id(domain) if domain else None, "cursor": cursor, "limit": _AT_ONCE}
            page = self._server.ask("GET", "/changes", query)
            items += [made(Change, one) for one in page["items"]]
            cursor, has_more = page["next_cursor"], page["has_more"]
        return Changes(tuple(items), cursor)

    def event(self, event: Event | str) -> Event:
        """One event as it stands."""
        return made(Event, self._server.ask("GET", _path("events", event)))

    def append(self, events: Sequence[Event]) -> list[Appended]:
        """Append events to the log, each once by its id: up to 200 at a time are stored as a whole."""
        told: list[Appended] = []
        for start in range(0, len(events), _AT_ONCE):
            content = {"events": [sent(event) for event in events[start : start + _AT_ONCE]]}
            answer = self._server.ask("POST", "/events", content=content)
            told += [made(Appended, one) for one in answer["items"]]
        return told

    def take_back(self, event: Event | Recorded | str) -> None:
        """Take an event back: nothing is deleted, and it counts no longer."""
        self._server.ask("DELETE", _path("events", event))

    def texts(self, *, domain: Ladder | str | None = None, since: datetime | None = None) -> Iterator[Texts]:
        """What the person wrote about events, in the order of the log."""
        return self._pages(Texts, "/texts", _filters(domain, since))

    def plans(self, *states: Literal["planned", "done", "dropped"]) -> Iterator[Plan]:
        """Plans in these states, all of them where none is named; oldest first."""
        return self._pages(Plan, "/plans", {"state": states})

    def plan(
        self, ladder: Ladder | str, step: Step | str, *, at: datetime | None = None, **words: str
    ) -> Made:
        """Plan a step: when, and in words `where`, `if_text`, `then_text`, `obstacle`, `then_what`, `who`."""
        when = {"at": at.isoformat()} if at else {}
        content = {"ladder": _id(ladder), "step": _id(step), **when, **words}
        return made(Made, self._server.ask("POST", "/plans", content=content))

    def drop_plan(self, plan: Plan | Made | str) -> None:
        """Let a plan go: it is kept, and asks for nothing any more."""
        self._change({"state": "dropped"}, "plans", plan)

    def _change(self, content: Mapping[str, Any], *parts: Any) -> None:
        self._server.ask("PATCH", _path(*parts), content=content)

    def _pages(self, kind: type[_Thing], path: str, query: Mapping[str, Any]) -> Iterator[_Thing]:
        cursor = ""
        while True:
            page = self._server.ask("GET", path, {**query, "cursor": cursor, "limit": _AT_ONCE})
            yield from (made(kind, one) for one in page["items"])
            cursor = page["next_cursor"]
            if not cursor:
                return


def _id(thing: Any) -> str:
    return thing if isinstance(thing, str) else str(thing.id)


def _path(*parts: Any) -> str:
    return "".join(f"/{quote(_id(part), safe='')}" for part in parts)


def _given(**content: Any) -> dict[str, Any]:
    return {name: value for name, value in content.items() if value is not None}


def _filters(domain: Ladder | str | None, since: datetime | None) -> dict[str, Any]:
    return {"domain": _id(domain) if domain else None, "since": since.isoformat() if since else None}
