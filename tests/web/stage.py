"""What the tests of the pages stand on: a real server, a visitor, a ladder with a past."""

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx
import uvicorn
from starlette.types import ASGIApp
from tests.databases import SetClock

from rung.app import evidence
from rung.app.accounts import people
from rung.app.climbing import ladders
from rung.app.model import Did, LadderId, PersonId, Reflection, StepId
from rung.app.ports import Services

PATIENCE = 60.0
"""Seconds in which an answer must come: nothing is measured here, and a machine may be busy."""
NAME, PASSWORD = "Robin", "correct horse battery"
GOAL = "Have the difficult conversation with my manager that I have put off for three weeks"
STEPS = (
    "Write down in one sentence what I want to change",
    "Say it aloud, alone, three times",
    "Say it to Sam, who only listens",
    "Say it to Sam, who interrupts me",
    "Bring up one small thing in our weekly call",
    "Ask my manager for twenty minutes on Tuesday",
    "Say one thing I’d change, with notes in hand",
    "Stay in it when he disagrees",
    "Have the whole conversation",
)


@contextmanager
def served(app: ASGIApp) -> Iterator[str]:
    """The application on a free port of this machine; its address."""
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(app, log_level="critical", ws="none", lifespan="off")
    server = uvicorn.Server(config)
    # The socket listens already, so whoever connects early waits for the server instead of failing.
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        yield f"http://localhost:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(timeout=10)


class Visitor(httpx.Client):
    """A browser without a screen: keeps cookies, says where forms come from, follows no redirect."""

    def __init__(self, address: str) -> None:
        headers = {"origin": address, "sec-fetch-site": "same-origin"}
        super().__init__(base_url=address, headers=headers, timeout=PATIENCE)

    def send_form(self, path: str, **fields: str | list[str]) -> httpx.Response:
        """Post a form."""
        return self.post(path, data=fields)

    def page(self, path: str) -> str:
        """A page that is there."""
        response = self.get(path)
        assert response.status_code == 200, (path, response.status_code)
        return response.text


def path_of(response: httpx.Response) -> str:
    """Where a redirect leads."""
    assert response.status_code == 303, (response.status_code, response.text)
    return response.headers["location"]


def field(html: str, name: str) -> str:
    """The value of the first hidden field of that name."""
    found = re.search(rf'name="{name}" value="([^"]*)"', html)
    assert found
    return found[1]


def session_of(visitor: Visitor, services: Services) -> None:
    """Sign the visitor in, without the page for it."""
    host = urlsplit(str(visitor.base_url)).hostname or ""
    visitor.cookies.set("rung", people.sign_in(services, NAME, PASSWORD), domain=f"{host}.local")


@dataclass
class Past:
    """A person with a ladder that they have been climbing for four weeks."""

    person: PersonId
    ladder: LadderId
    steps: list[StepId]


def make_past(services: Services, clock: SetClock) -> Past:
    """Four weeks on one ladder, up to the moment at which the clock stands."""
    clock.move(days=-28)
    me = people.welcome(services, NAME, PASSWORD).id
    made = ladders.name_ladder(services, me, GOAL, STEPS)
    past = Past(me, made.id, [step.id for step in made.steps])
    _judge(services, past, 90, 70, 55, 40, 45, 35, 25, 15, 10)
    for days, place, did, reflection in _DEEDS:
        clock.move(days=days)
        event_id = evidence.record(services, me, made.id, past.steps[place], did)
        if reflection:
            evidence.reflect(services, me, event_id, reflection)
    _judge(services, past, 100, 90, 80, 65, 60, 50, 40, 30, 20)
    clock.move(days=28 - sum(days for days, *_ in _DEEDS))
    return past


def _judge(services: Services, past: Past, *ratings: int) -> None:
    rated = dict(zip(past.steps, ratings, strict=True))
    evidence.judge(services, past.person, past.ladder, rated, {past.steps[4]: 60, past.steps[6]: 70})


def _went(feared: float, happened: float, arousal: float = 0.6) -> Reflection:
    return Reflection(internal=1.0, feared=feared, happened=happened, arousal=arousal, appraisal=0.5)


_DEEDS = (
    (1, 0, Did.DONE, Reflection(internal=1.0)),
    (1, 1, Did.DONE, Reflection(internal=1.0)),
    (1, 1, Did.DONE, Reflection(internal=1.0)),
    (2, 1, Did.DONE, Reflection(internal=1.0)),
    (2, 2, Did.PARTLY, _went(0.5, 0.2)),
    (2, 2, Did.DONE, _went(0.4, 0.1)),
    (1, 3, Did.AVOIDED, None),
    (1, 3, Did.TRIED, _went(0.6, 0.5, 0.8)),
    (2, 3, Did.DONE, _went(0.6, 0.2, 0.7)),
    (2, 2, Did.DONE, Reflection(internal=1.0)),
    (2, 3, Did.DONE, _went(0.5, 0.1)),
    (2, 4, Did.AVOIDED, None),
    (2, 4, Did.DONE, _went(0.6, 0.1, 0.8)),
    (4, 4, Did.DONE, _went(0.4, 0.1)),
    (1, 5, Did.DONE, None),
)
