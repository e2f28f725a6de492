"""Every door of the pages, read from the application itself, and lives with one of everything."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode
from uuid import uuid4

import httpx
from fastapi.openapi.utils import get_openapi
from sqlalchemy import select
from tests.conftest import join
from tests.web.stage import Visitor

from rung.adapters.database import DatabaseStore
from rung.adapters.database.schema import metadata
from rung.app import esteem, evidence, sources
from rung.app.accounts import invitations, recovery, sessions, tokens
from rung.app.accounts.sessions import Visit
from rung.app.climbing import ladders, plans
from rung.app.climbing.plans import Draft
from rung.app.coaching import leaving
from rung.app.model import Did, Ladder, PersonId, Reflection
from rung.app.policies import Role, Scope
from rung.app.ports import Bond, Consent, Passkey, Services, Subscription, Webhook
from rung.app.reminding import channels, reminders
from rung.app.reminding.occasions import Rule
from rung.app.sharing import consenting, groups, inviting, reports
from rung.app.sharing.fields import ALL_FIELDS, Field
from rung.content.domains import domains
from rung.web import Settings, create_app
from rung.web.routes import ALL

__all__ = [
    "SHOWS_A_SECRET",
    "UUIDS",
    "Door",
    "Life",
    "Stage",
    "attempts",
    "doors",
    "id_kinds",
    "let_in",
    "live",
    "rows_of",
]

FORM = "application/x-www-form-urlencoded"
ENDS_THE_VISIT = {"/sign-out", "/data/delete"}
NEEDS_A_FILE = {("post", "/data/archive")}
SHOWS_A_SECRET = {
    "/start/codes",
    "/you/codes",
    "/you/invitations",
    "/you/tokens",
    "/sharing/invite",
    "/sharing/reports",
    "/groups/{group_id}/invite",
    "/studies/invite",
    "/coach/ask",
}
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
    "scopes": "read:ladders",
    "which": "some",
    "url": "https://program.example/",
    "kinds": "ladder.changed",
    "role": "coach",
    "kind": "homework",
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
    token: str = field(default_factory=lambda: str(uuid4()))
    webhook: str = field(default_factory=lambda: str(uuid4()))
    bond: str = field(default_factory=lambda: str(uuid4()))
    """With somebody whom they let in."""
    coached: str = field(default_factory=lambda: str(uuid4()))
    """With somebody who let them in."""
    offer: str = field(default_factory=lambda: str(uuid4()))
    link: str = field(default_factory=lambda: str(uuid4()))
    group: str = field(default_factory=lambda: str(uuid4()))
    left: str = field(default_factory=lambda: str(uuid4()))
    noted_at: str = "2001-02-03T04:05:06+00:00"

    def ids_for(self, path: str, name: str) -> list[str]:
        """What may stand in a field of a door; nothing where the field is for no id."""
        deeds = [self.attempt, self.state, self.heard]
        match name:
            case "ladder_id" | "ladder" | "ladders" | "away":
                return [self.ladder]
            case "step_id" | "step" | "steps" | "after" | "retired" | "restored":
                return [self.step]
            case "event_id" | "kept" | "taken" | "put" | "skipped":
                return deeds
            case "bond_id":
                return [self.bond, self.coached]
            case "offer_id" | "link_id" | "group_id" | "left_id":
                return [getattr(self, name.removesuffix("_id"))]
            case "show" if path in ("/let-in", "/sharing/{bond_id}"):
                return [f"{self.ladder}/outcomes"]
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
                return [getattr(self, kind) for kind in id_kinds(path)]
        return []

    def all(self) -> list[str]:
        return [str(value) for value in vars(self).values()]


def id_kinds(path: str) -> list[str]:
    """What the field `id` of a door names; nothing where it names what the form itself makes."""
    kinds = {
        "passkeys": ["passkey"],
        "sessions": ["session"],
        "invitations": ["invitation"],
        "/reminders/plan": ["plan"],
        "/reminders/push": ["browser"],
        "/you/tokens/take-back": ["token"],
        "/you/webhooks/": ["webhook"],
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
    app = create_app(services, Settings(most_changes=0))
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
    tokens.make_token(services, person, Visit(token), f"{word} watch", list(Scope), None, 30)
    (program,) = tokens.tokens_of(services, person, Visit(token)).found
    webhook = Webhook(
        person, str(uuid4()), f"{word} hook", f"https://{word}.example/", "", frozenset(), now, now
    )
    with services.store.writing(person) as tx:
        tx.webhooks.put(webhook)
    other, client = join(services, f"{word} coach"), join(services, f"{word} client")
    bond = let_in(services, person, other, made, *ALL_FIELDS)
    theirs = ladders.name_ladder(services, client, f"{word} of a client", ["a", "b"])
    coached = let_in(services, client, person, theirs, *ALL_FIELDS)
    inviting.invite(services, person, Role.COACH, lets_in=True, label=f"{word} label")
    reports.make_link(services, person, made.id, ALL_FIELDS, 30)
    left = leaving.propose_step(services, other, person, made.id, f"{word} bridge", step.id)
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
        token=program.id,
        webhook=webhook.id,
        bond=bond.id,
        coached=coached.id,
        offer=inviting.offers_of(services, person, lets_in=True)[0].id,
        link=reports.links_of(services, person)[0][0].id,
        group=groups.make_group(services, person, f"{word} class").id,
        left=left.id,
        noted_at=esteem.esteem_of(services, person).notes[0].at.astimezone(UTC).isoformat(),
    )


def let_in(
    services: Services, person: PersonId, other: PersonId, ladder: Ladder, *fields: Field, **options: object
) -> Bond:
    """Let somebody in, and show them fields of a ladder."""
    role = Role(str(options.get("role", Role.COACH)))
    now, until = services.clock.now(), options.get("until")
    shown = Consent(ladder.id, frozenset(fields), now, until if isinstance(until, datetime) else None)
    if role is Role.LEADER:
        group = groups.make_group(services, other, "A class")
        code = inviting.invite(services, other, role, lets_in=False, group=group.id)
        return inviting.accept(services, person, code, [shown])
    bond = inviting.accept(services, other, inviting.invite(services, person, role, lets_in=True))
    supervised = bool(options.get("supervised", False))
    return consenting.consent(services, person, bond.id, [shown], supervised=supervised)


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
        is_a_day = name == "until" and not door.path.startswith("/reminders")
        if name == "bond_id" and door.path.startswith("/coach"):
            own = [self.his.coached]
        return "" if is_said or is_a_day else next(iter(own), GOOD.get(name, ""))

    def told(self, response: httpx.Response, life: Life) -> tuple[int, str, str]:
        """What an answer tells, apart from the ids that it repeats."""
        parts = []
        for text in (response.headers.get("location", ""), response.text):
            for id in life.all():
                text = text.replace(id, "ID").replace(quote(id, safe=""), "ID")
            parts.append(UUIDS.sub("ID", text))
        is_alike = response.request.method == "GET" or response.status_code >= 400
        return response.status_code, parts[0], parts[1] if is_alike else ""


def attempts(
    door: Door, hers: Life, nobodys: Life, *, alone: bool = True
) -> Iterator[tuple[dict[str, str], dict[str, str]]]:
    """The ids to try at a door: hers, and nobody's in the same places; each one alone, and all at once."""
    found = {
        name: list(zip(hers.ids_for(door.path, name), nobodys.ids_for(door.path, name), strict=True))
        for name in door.places
    }
    found = {name: ids for name, ids in found.items() if ids}
    if alone or len(found) == 1:
        for name, ids in found.items():
            for known, unknown in ids:
                yield {name: known}, {name: unknown}
    if len(found) > 1:
        for number in range(max(map(len, found.values()))):
            together = {name: ids[number % len(ids)] for name, ids in found.items()}
            yield (
                {name: known for name, (known, _unknown) in together.items()},
                {name: unknown for name, (_known, unknown) in together.items()},
            )
