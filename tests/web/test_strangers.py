"""Every door of the pages, tried by somebody who is signed in and knows all ids of another person.

What they get is what ids that nobody has would give them, and nothing of the other person changes. The doors
are read from the application itself, so that a new one is tried as soon as it is there.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, time, timedelta
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode
from uuid import uuid4

import httpx
import pytest
from fastapi.openapi.utils import get_openapi
from sqlalchemy import select
from tests.databases import SetClock
from tests.web.stage import Visitor, served

from rung.adapters.database import DatabaseStore
from rung.adapters.database.schema import metadata
from rung.app import esteem, evidence, outbox, sources
from rung.app.accounts import invitations, recovery, sessions
from rung.app.accounts.sessions import Visit
from rung.app.climbing import ladders, plans
from rung.app.climbing.plans import Draft
from rung.app.model import Did, PersonId, Reflection
from rung.app.ports import Passkey, Services, Subscription
from rung.app.reminding import channels, reminders
from rung.app.reminding.occasions import Rule
from rung.content.domains import domains
from rung.web import Settings, create_app
from rung.web.routes import ALL

FORM = "application/x-www-form-urlencoded"
ENDS_THE_VISIT = {"/sign-out", "/data/delete"}
NEEDS_A_FILE = {("post", "/data/archive")}
SHOWS_A_SECRET = {"/start/codes", "/you/codes", "/you/invitations"}
"""Pages that say something else each time."""
UUIDS = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")

DOMAIN = domains("en")[0]
GOOD: Mapping[str, str] = {
    "did": "tried",
    "wanted": "90",
    "to": "harder",
    "place": "1",
    "name": "another name",
    "new": "battery staple correct",
    "token": "a token",
    "code": "a code",
    "names": "one more",
    "parts": "one half\nthe other half",
    "act": "say it",
    "support_easier": "with Sam",
    "support_harder": "alone",
    "condition": "watched",
    "rating": "50",
    "where": "at home",
    "value": "4",
    "cause": "me",
    "who": "Sam",
    "said": "You can say this",
    "told": "They said it",
    "works": "8",
    "until": "tomorrow",
    "on": "no",
    "how": "weekly",
    "days": "1",
    "times": "18:30",
    "window": "120",
    "before": "0",
    "alike": "very",
    "coping": "yes",
    "ended": "managed",
    "believed": "very",
    "arousal": "5",
    "appraisal": "ready",
    "story_id": DOMAIN.stories[0].id,
    "domain_id": DOMAIN.id,
    "language": "en",
    "sure": "yes",
    "range": "all",
}
"""Answers that fit: so that it is the ids on which a door decides."""


@dataclass
class Life:
    """What one person has, by the names under which the doors ask for it."""

    ladder: str = field(default_factory=lambda: str(uuid4()))
    step: str = field(default_factory=lambda: str(uuid4()))
    attempt: str = field(default_factory=lambda: str(uuid4()))
    state: str = field(default_factory=lambda: str(uuid4()))
    heard: str = field(default_factory=lambda: str(uuid4()))
    plan: str = field(default_factory=lambda: str(uuid4()))
    reminder: str = field(default_factory=lambda: str(uuid4()))
    browser: str = field(default_factory=lambda: str(uuid4()))
    passkey: str = field(default_factory=lambda: uuid4().hex)
    session: str = field(default_factory=lambda: uuid4().hex * 2)
    invitation: str = field(default_factory=lambda: uuid4().hex * 2)
    noted_at: str = "2001-02-03T04:05:06+00:00"

    def ids_for(self, path: str, name: str) -> list[str]:
        """What may stand in a field of a door; nothing where the field is for no id."""
        deeds = [self.attempt, self.state, self.heard]
        match name:
            case "ladder_id" | "ladder" | "away":
                return [self.ladder]
            case "step_id" | "step" | "steps" | "after" | "retired" | "restored":
                return [self.step]
            case "event_id" | "kept" | "taken" | "put" | "skipped":
                return deeds
            case "plan_id" | "gone":
                return [self.plan]
            case "reminder_id":
                return [self.reminder]
            case "at":
                return [self.noted_at]
            case "way":
                return [f"push:{self.browser}"]
            case "about" if path == "/reminders":
                return [f"step/{self.ladder}/{self.step}", f"ladder/{self.ladder}", f"judge/{self.ladder}"]
            case "about":
                return [f"step:{self.step}", f"attempt:{self.attempt}"]
            case "id":
                return [getattr(self, kind) for kind in _id_kinds(path)]
        return []

    def all(self) -> list[str]:
        return [str(value) for value in vars(self).values()]


def _id_kinds(path: str) -> list[str]:
    """What the field `id` of a door names; nothing where it names what the form itself makes."""
    kinds = {
        "passkeys": ["passkey"],
        "sessions": ["session"],
        "invitations": ["invitation"],
        "/reminders/plan": ["plan"],
        "/reminders/push": ["browser"],
    }
    return next((kind for part, kind in kinds.items() if part in path), [])


class Door(NamedTuple):
    """One thing that can be asked of the application."""

    method: str
    path: str
    places: Mapping[str, str]
    """Where each parameter stands: `path`, `query` or `body`."""
    is_json: bool


def doors(services: Services) -> Iterator[Door]:
    """All of them, as the application describes itself."""
    app = create_app(services, Settings())
    told = get_openapi(title="Rung", version="1", routes=app.routes)
    assert {getattr(route, "path", "") for router in ALL for route in router.routes} == set(told["paths"])
    schemas = told.get("components", {}).get("schemas", {})
    for path, methods in told["paths"].items():
        for method, door in methods.items():
            if path in ENDS_THE_VISIT or (method, path) in NEEDS_A_FILE:
                continue
            places = {one["name"]: one["in"] for one in door.get("parameters", ())}
            content: dict[str, Any] = door.get("requestBody", {}).get("content", {})
            kind = next(iter(content), "")
            schema: dict[str, Any] = content[kind].get("schema", {}) if kind else {}
            schema = schemas[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
            places |= dict.fromkeys(schema.get("properties", ()), "body")
            yield Door(method, path, places, kind == "application/json")


def live(services: Services, person: PersonId, word: str) -> Life:
    """A life with one of everything."""
    made = ladders.name_ladder(services, person, f"{word} ladder", [f"{word} {end}" for end in "abc"])
    step = made.steps[1]
    evidence.judge(services, person, made.id, {one.id: 50 for one in made.steps})
    attempt = evidence.record(services, person, made.id, step.id, Did.TRIED)
    evidence.reflect(services, person, attempt, Reflection(what_helped=f"{word} helped"))
    state = sources.note_state(services, person, made.id, 0.5, 0.5, f"{word} heart")
    heard = sources.hear(services, person, made.id, f"{word} friend", "You can", 0.8, 0.8, "")
    plan = plans.make(
        services,
        person,
        made.id,
        step.id,
        Draft(at=services.clock.now() + timedelta(days=2), where=f"{word} place"),
    )
    rule = Rule((time(18),), (0, 1, 2, 3, 4, 5, 6))
    reminder = reminders.make_reminder(services, person, "step", made.id, step.id, rule)
    esteem.turn_on(services, person)
    esteem.note(services, person, 4)
    channels.make_feed(services, person)
    code = invitations.invite(services, person)
    now = services.clock.now()
    key = Passkey(person, f"{word} key".encode(), b"public", 0, f"{word} phone", now)
    browser = Subscription(str(uuid4()), person, "https://push.example/x", "p", "a", "s", word, now)
    with services.store.writing(person) as tx:
        token = sessions.open_session(services, tx, person, word)
        tx.passkeys.add(key)
        tx.subscriptions.put(browser)
    recovery.make_codes(services, person, Visit(token))
    return Life(
        ladder=made.id,
        step=step.id,
        attempt=attempt,
        state=state,
        heard=heard,
        plan=plan.id,
        reminder=reminder.id,
        browser=browser.id,
        passkey=key.id.hex(),
        session=sessions.token_hash(token).hex(),
        invitation=sessions.token_hash(code).hex(),
        noted_at=esteem.esteem_of(services, person).notes[0].at.astimezone(UTC).isoformat(),
    )


def rows_of(services: Services, person: PersonId) -> dict[str, list[tuple[Any, ...]]]:
    """Everything that the database holds of a person."""
    assert isinstance(services.store, DatabaseStore)
    found = {}
    with services.store.engine.connect() as connection:
        for table in metadata.sorted_tables:
            owner = table.c.id if table.name == "people" else table.c.get("person")
            if owner is not None:
                rows = connection.execute(select(table).where(owner == person))
                found[table.name] = sorted((tuple(map(_plain, row)) for row in rows), key=repr)
    return found


def _plain(value: object) -> object:
    return bytes(value) if isinstance(value, memoryview) else value


@dataclass
class Stage:
    """Ben at the doors, Ana's things, and ids of nobody."""

    services: Services
    ben: Visitor
    token: str
    his: Life
    hers: Life
    nobodys: Life

    def ask(self, door: Door, chosen: Mapping[str, str]) -> httpx.Response:
        """Go through a door with the ids chosen; all else fits."""
        self.ben.cookies.set("rung", self.token, domain="localhost.local")
        path, query, body = door.path, dict[str, str](), dict[str, str]()
        for name, where in door.places.items():
            own = self.his.ids_for(door.path, name)
            value = chosen.get(name) or self._usual(door, name, own)
            if where == "path":
                path = path.replace("{" + name + "}", quote(value or "x", safe=""))
            elif value:
                (query if where == "query" else body)[name] = value
        if query:
            path = f"{path}?{urlencode(query)}"
        if door.is_json:
            answer = {"rawId": "AA", "id": "AA", "type": "public-key", "response": {}}
            return self.ben.request(door.method, path, json={**body, "answer": answer})
        headers = {"content-type": FORM} if door.method == "post" else {}
        return self.ben.request(door.method, path, content=urlencode(body), headers=headers)

    def _usual(self, door: Door, name: str, own: list[str]) -> str:
        if name == "place" and door.places[name] == "path":
            return "models"
        # What a page is merely told to show or to undo is left out, unless it is what is tried.
        is_said = name in ("kept", "taken", "put", "skipped", "away", "gone", "retired", "restored", "at")
        return "" if is_said else next(iter(own), GOOD.get(name, ""))

    def told(self, response: httpx.Response, life: Life) -> tuple[int, str, str]:
        """What an answer tells, apart from the ids that it repeats."""
        parts = []
        for text in (response.headers.get("location", ""), response.text):
            for id in life.all():
                text = text.replace(id, "ID").replace(quote(id, safe=""), "ID")
            parts.append(UUIDS.sub("ID", text))
        is_alike = response.request.method == "GET" or response.status_code >= 400
        return response.status_code, parts[0], parts[1] if is_alike else ""


@pytest.fixture
def stage(services: Services, ana: PersonId, ben: PersonId, clock: SetClock) -> Iterator[Stage]:
    hers = live(services, ana, "Topaz")
    clock.move(hours=1)
    his = live(services, ben, "Running")
    clock.move(days=8)
    with services.store.writing(ben) as tx:
        token = sessions.open_session(services, tx, ben)
    with served(create_app(services, Settings())) as url, Visitor(url) as visitor:
        yield Stage(services, visitor, token, his, hers, Life())


def attempts(door: Door, hers: Life, nobodys: Life) -> Iterator[tuple[dict[str, str], dict[str, str]]]:
    """The ids to try at a door: hers, and nobody's in the same places; one alone, and all at once."""
    every: list[tuple[str, str, str]] = [
        (name, known, unknown)
        for name in door.places
        for known, unknown in zip(
            hers.ids_for(door.path, name), nobodys.ids_for(door.path, name), strict=True
        )
    ]
    for name, known, unknown in every:
        yield {name: known}, {name: unknown}
    if len({name for name, *_ids in every}) > 1:
        yield {name: known for name, known, _ in every}, {name: unknown for name, _, unknown in every}


def test_who_knows_all_ids_of_another_person_learns_and_changes_nothing(stage: Stage, ana: PersonId) -> None:
    before = rows_of(stage.services, ana)
    tried = 0
    for door in doors(stage.services):
        for hers, nobodys in attempts(door, stage.hers, stage.nobodys):
            known = stage.ask(door, hers)
            unknown = stage.ask(door, nobodys)
            tried += 1
            assert known.status_code < 500, (door, hers)
            assert "Topaz" not in known.text, (door, hers)
            if door.path not in SHOWS_A_SECRET:
                assert stage.told(known, stage.hers) == stage.told(unknown, stage.nobodys), (door, hers)
        assert rows_of(stage.services, ana) == before, door
    assert tried > 100


def test_what_a_browser_kept_under_ids_of_another_person_learns_and_changes_nothing(
    stage: Stage, ana: PersonId, ben: PersonId
) -> None:
    before, account = rows_of(stage.services, ana), outbox.account_keys(stage.services, ben)[0]
    at = stage.services.clock.now().isoformat()

    def answers(life: Life, id: str) -> object:
        base = {"account": account, "at": at, "fields": {}}
        items = [
            {**base, "id": id, "kind": "log", "ladder": life.ladder, "step": life.step, "did": "done"},
            {**base, "id": id, "kind": "log", "ladder": stage.his.ladder, "step": life.step, "did": "done"},
            {**base, "id": id, "kind": "judge", "ladder": life.ladder, "ratings": {life.step: 90}},
            {**base, "id": id, "kind": "judge", "ladder": stage.his.ladder, "ratings": {life.step: 90}},
            {**base, "id": id, "kind": "reflect", "event": life.attempt},
            {**base, "id": life.attempt, "kind": "reflect", "event": life.heard},
        ]
        stage.ben.cookies.set("rung", stage.token, domain="localhost.local")
        response = stage.ben.post(
            "/outbox", content=json.dumps(items), headers={"content-type": "application/json"}
        )
        assert response.status_code == 200
        return [one["state"] for one in response.json()["answers"]], response.json()

    assert answers(stage.hers, stage.hers.state) == answers(stage.nobodys, stage.nobodys.state)
    assert rows_of(stage.services, ana) == before
    of_another = outbox.account_keys(stage.services, ana)[0]
    item = {"account": of_another, "at": at, "id": str(uuid4()), "kind": "log", "did": "done"}
    told = stage.ben.post("/outbox", json=[{**item, "ladder": stage.hers.ladder, "step": stage.hers.step}])
    assert told.json()["answers"][0]["state"] == "foreign"
    assert rows_of(stage.services, ana) == before


def test_what_is_made_under_an_id_that_another_person_uses_is_ones_own(stage: Stage, ana: PersonId) -> None:
    before = rows_of(stage.services, ana)
    for door in doors(stage.services):
        if "id" in door.places and not _id_kinds(door.path):
            for hers, nobodys in zip(stage.hers.all(), stage.nobodys.all(), strict=True):
                if not UUIDS.fullmatch(hers):
                    continue
                told = [stage.ask(door, {"id": id}).status_code for id in (hers, nobodys)]
                assert told[0] == told[1] < 500, (door, hers)
            assert rows_of(stage.services, ana) == before, door
