"""What the server does for browsers without a network: worker, manifest, shell, pocket, and what was kept."""

import json
import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI
from tests.conftest import join
from tests.databases import SetClock, counted
from tests.web.stage import GOAL, NAME, STEPS, Past, Visitor, make_past, served, session_of

from rung.app import evidence
from rung.app.accounts import people
from rung.app.model import EventId
from rung.app.ports import Services
from rung.web import Settings, create_app
from rung.web.forms import ReflectionForm

Item = dict[str, Any]


@pytest.fixture
def app(services: Services) -> FastAPI:
    """Served on both databases."""
    return create_app(services, Settings(most_changes=0))


@pytest.fixture
def past(services: Services, clock: SetClock) -> Past:
    return make_past(services, clock)


@pytest.fixture
def robin(stranger: Visitor, services: Services, past: Past) -> Visitor:
    session_of(stranger, services)
    return stranger


def key(visitor: Visitor) -> str:
    found: str = visitor.get("/pocket").json()["accounts"][0]
    return found


def sent(visitor: Visitor, *items: object, status: int = 200) -> list[Item]:
    found: list[Item] = posted(visitor, json.dumps(items).encode(), status)["answers"]
    return found


def posted(visitor: Visitor, body: bytes, status: int = 200) -> dict[str, Any]:
    response = visitor.post("/outbox", content=body, headers={"content-type": "application/json"})
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/json"
    found: dict[str, Any] = response.json()
    return found


@pytest.fixture
def logged(robin: Visitor, past: Past, clock: SetClock) -> Item:
    clock.move(hours=1)
    return {
        "id": str(uuid4()),
        "account": key(robin),
        "kind": "log",
        "at": clock.now().isoformat(),
        "ladder": past.ladder,
        "step": past.steps[6],
        "did": "tried",
        "fields": {},
    }


def looked_back(logged: Item, **fields: object) -> Item:
    common = {name: logged[name] for name in ("account", "at")}
    return {**common, "id": str(uuid4()), "kind": "reflect", "event": logged["id"], "fields": fields}


def judged(logged: Item, **more: object) -> Item:
    common = {name: logged[name] for name in ("account", "at", "ladder")}
    rated = {"ratings": {logged["step"]: "70"}, "feared": {}, "fields": {}}
    return {**common, **rated, "id": str(uuid4()), "kind": "judge", **more}


def test_each_item_is_answered_and_leads_where_its_form_would_have_led(
    robin: Visitor, past: Past, logged: Item, services: Services
) -> None:
    skipped = {**logged, "id": str(uuid4()), "did": "skipped"}
    said = looked_back(logged, what_next="Ask first", cause="way", circumstances=["rough"], feared="40")
    rated = judged(logged, ratings={past.steps[0]: "95", past.steps[1]: 90}, feared={past.steps[0]: "20"})
    answers = sent(robin, said, logged, skipped, rated)
    assert [answer["state"] for answer in answers] == ["stored"] * 4
    form = f"/ladders/{past.ladder}/log?step={past.steps[6]}"
    forms = [
        robin.send_form(f"/attempts/{logged['id']}/reflect", what_next="Ask first", cause="way"),
        robin.send_form(form, did="tried", id=logged["id"]),
        robin.send_form(form, did="skipped", id=skipped["id"]),
        robin.send_form(
            f"/ladders/{past.ladder}/judge", id=str(uuid4()), step=[past.steps[0]], rating=["95"], feared=[""]
        ),
    ]
    assert [answer["next"] for answer in answers] == [form.headers["location"] for form in forms]
    found = {found.id: found for found in evidence.log_of(services, past.person)}[logged["id"]]
    assert (found.value, found.internal) == (0.0, 1.0)


def test_what_is_sent_twice_is_known_and_what_was_taken_back_leads_there(
    robin: Visitor, logged: Item
) -> None:
    assert [answer["state"] for answer in sent(robin, logged, logged)] == ["stored", "known"]
    robin.send_form(f"/attempts/{logged['id']}/take-back")
    (answer,) = sent(robin, logged)
    assert (answer["state"], answer["next"]) == ("known", f"/?taken={logged['id']}")
    (answer,) = sent(robin, {**logged, "did": "done"})
    assert answer["state"] == "refused"
    assert "stands for something else" in answer["reason"]


HOSTILE: dict[str, Callable[[Item], object]] = {
    "no object": lambda item: [item],
    "a text": lambda item: "log",
    "null": lambda item: None,
    "no kind": lambda item: {**item, "kind": None},
    "a kind of its own": lambda item: {**item, "kind": "delete"},
    "a kind that is a list": lambda item: {**item, "kind": ["log"]},
    "an id that is none": lambda item: {**item, "id": "1"},
    "an id that is a number": lambda item: {**item, "id": 7},
    "the id of nothing": lambda item: {**item, "id": "00000000-0000-0000-0000-000000000000"},
    "half a character": lambda item: {**item, "id": "\ud800"},
    "no time": lambda item: {**item, "at": None},
    "a time without a zone": lambda item: {**item, "at": "2026-11-23T09:00:00"},
    "a time before all times": lambda item: {**item, "at": "0001-01-01T00:00:00+14:00"},
    "a time after all times": lambda item: {**item, "at": "9999-12-31T23:59:59-14:00"},
    "a time that is a number": lambda item: {**item, "at": 1e308},
    "an endless time": lambda item: {**item, "at": "2" * 10000},
    "no ladder": lambda item: {**item, "ladder": None},
    "a ladder that is none": lambda item: {**item, "ladder": str(uuid4())},
    "a step that is none": lambda item: {**item, "step": str(uuid4())},
    "a step that is an object": lambda item: {**item, "step": {"id": item["step"]}},
    "a deed that is none": lambda item: {**item, "did": "won"},
    "a deed that is a list": lambda item: {**item, "did": ["done"]},
    "fields that are none": lambda item: {**item, "fields": [1]},
    "a field that is not known": lambda item: {**item, "fields": {"person": "x"}},
    "ratings that are none": lambda item: judged(item, ratings=[1]),
    "no ratings": lambda item: judged(item, ratings={}),
    "too much": lambda item: judged(item, ratings={item["step"]: "101"}),
    "a rating that is no number": lambda item: judged(item, ratings={item["step"]: "nan"}),
    "a rating without an end": lambda item: judged(item, ratings={item["step"]: "1e999"}),
    "a rating that is true": lambda item: judged(item, ratings={item["step"]: True}),
    "a step without an id": lambda item: judged(item, ratings={"\ud800": "5"}),
    "a fear without a rating": lambda item: judged(item, ratings={}, feared={item["step"]: "5"}),
    "half a fear": lambda item: judged(item, likely={item["step"]: "5"}),
    "an answer that is none": lambda item: looked_back(item, cause="fate"),
    "an answer that is an object": lambda item: looked_back(item, cause={"a": 1}),
    "an arousal that is none": lambda item: looked_back(item, arousal="11"),
    "a text too long": lambda item: looked_back(item, what_next="x" * 4001),
    "a text with half a character": lambda item: looked_back(item, what_next="\ud800"),
    "a text with a hole": lambda item: looked_back(item, what_next="a\0b"),
}


def test_a_hostile_item_is_refused_with_its_reason_and_takes_nothing_with_it(
    robin: Visitor, past: Past, logged: Item, services: Services
) -> None:
    sent(robin, logged)
    for fault, spoil in HOSTILE.items():
        count = len(evidence.log_of(services, past.person))
        is_about_it = any(word in fault for word in ("text", "answer", "arousal"))
        bad = spoil(logged if is_about_it else {**logged, "id": str(uuid4())})
        answers = sent(robin, bad, {**logged, "id": str(uuid4())})
        assert [answer["state"] for answer in answers] == ["refused", "stored"], fault
        assert answers[0]["reason"].endswith("."), fault
        assert len(evidence.log_of(services, past.person)) == count + 2, fault


BODIES = [
    (b"", 422),
    (b"{", 422),
    (b"{}", 422),
    (b"null", 422),
    (b"[NaN]", 422),
    (b"[Infinity]", 422),
    (b"[1" + b"0" * 5000 + b"]", 422),
    (b"[" * 100_000, 422),
    (b'[{"a":' * 50_000 + b"1" + b"}]" * 50_000, 413),
    (b'{"a":' * 20_000 + b"1" + b"}" * 20_000, 422),
    (b"\xff\xfe", 422),
    (b"[" + b"1," * 200 + b"1]", 422),
    (b'["' + b"x" * 262_144 + b'"]', 413),
]


def test_a_body_that_is_none_is_refused_as_a_whole(robin: Visitor) -> None:
    for body, status in BODIES:
        assert posted(robin, body, status)["reason"]


def test_an_empty_sending_has_no_answers(robin: Visitor) -> None:
    assert sent(robin) == []


def test_deep_json_within_the_limits_is_refused_item_by_item(robin: Visitor, logged: Item) -> None:
    deep: object = "x"
    for _ in range(500):
        deep = {"a": deep}
    answers = sent(robin, {**logged, "fields": deep}, logged)
    assert [answer["state"] for answer in answers] == ["refused", "stored"]


def test_nobody_sends_for_somebody_else(
    robin: Visitor, past: Past, logged: Item, services: Services, address: str
) -> None:
    ben = join(services, "Ben")
    with Visitor(address) as other:
        other.cookies.set("rung", people.sign_in(services, "Ben", "battery staple"), domain="localhost.local")
        assert [answer["state"] for answer in sent(other, logged)] == ["foreign"]
        mine = {**logged, "account": key(other)}
        assert [answer["state"] for answer in sent(other, mine)] == ["refused"]
        event = next(one for one in evidence.log_of(services, past.person) if one.kind == "attempt")
        said = {**looked_back(mine, what_next="x"), "event": event.id}
        assert [answer["state"] for answer in sent(other, said)] == ["waits"]
    assert evidence.log_of(services, ben) == []
    assert "what_next" not in evidence.texts_of(services, past.person, EventId(event.id))


def test_without_a_session_there_is_an_answer_that_a_script_understands(
    stranger: Visitor, past: Past
) -> None:
    posted(stranger, b"[]", 401)
    assert stranger.get("/pocket").status_code == 401


def test_another_site_sends_nothing(robin: Visitor, logged: Item) -> None:
    answer = robin.post("/outbox", json=[logged], headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == 403


def test_the_page_without_a_network_is_the_same_for_everybody(robin: Visitor, address: str) -> None:
    mine = robin.page("/offline")
    with Visitor(address) as other:
        assert other.page("/offline") == mine == robin.page("/offline")
    assert [name for name in (GOAL, *STEPS, NAME) if name in mine] == []
    assert len(mine.encode()) < 60_000


def test_the_page_without_a_network_asks_nothing_that_the_server_does_not_know(robin: Visitor) -> None:
    asked = re.findall(r"<template data-asked=.*?</template>", robin.page("/offline"), re.DOTALL)
    assert len(asked) == 4
    names = {name for one in asked for name in re.findall(r' name="(\w+)"', one)}
    assert names <= set(ReflectionForm.model_fields)
    assert names > {"what_next", "what_helped", "cause", "arousal"}


def test_the_forms_of_the_pages_say_what_they_log(robin: Visitor, past: Past, services: Services) -> None:
    event = next(one for one in evidence.log_of(services, past.person) if one.kind == "attempt")
    for path, kind in (
        (f"/ladders/{past.ladder}/log?step={past.steps[5]}", "log"),
        (f"/ladders/{past.ladder}/judge", "judge"),
        (f"/attempts/{event.id}/reflect", "reflect"),
    ):
        found = re.search(rf'<form[^>]* data-outbox="{kind}"[^>]*>', robin.page(path))
        assert found, path
        wanted = {
            "log": f'data-ladder="{past.ladder}" data-step="{past.steps[5]}"',
            "judge": f'data-ladder="{past.ladder}"',
            "reflect": f'data-event="{event.id}"',
        }[kind]
        assert wanted in found[0]


def test_the_worker_keeps_the_shell_and_what_it_is_made_of(stranger: Visitor) -> None:
    answer = stranger.get("/sw.js")
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["content-type"].startswith("text/javascript")
    listed = re.search(r"const SHELL = \[(.*?)\];", answer.text, re.DOTALL)
    assert listed
    urls = re.findall(r'"([^"]+)"', listed[1])
    assert urls[0] == "/offline"
    for url in urls:
        assert stranger.get(url).status_code == 200
    assert all(url.startswith("/static/") for url in urls[1:])
    for url in re.findall(r'importScripts\("([^"]+)"\)', answer.text):
        assert stranger.get(url).status_code == 200
    assert stranger.get("/sw.js").text == answer.text


def test_another_language_is_another_worker(stranger: Visitor) -> None:
    one = stranger.get("/sw.js", headers={"accept-language": "en"}).text
    other = stranger.get("/sw.js", headers={"accept-language": "ar"}).text
    versions = [re.search(r'VERSION = "(\w+)"', text) for text in (one, other)]
    assert versions[0]
    assert versions[1]
    assert versions[0][1] != versions[1][1]


def test_the_manifest_names_icons_of_the_size_that_they_have(stranger: Visitor) -> None:
    answer = stranger.get("/manifest.webmanifest")
    assert answer.headers["content-type"].startswith("application/manifest+json")
    told = answer.json()
    assert (told["start_url"], told["scope"], told["display"]) == ("/", "/", "standalone")
    assert {"192x192", "512x512"} <= {icon["sizes"] for icon in told["icons"]}
    assert any(icon.get("purpose") == "maskable" for icon in told["icons"])
    for icon in told["icons"]:
        content = stranger.get(icon["src"]).content
        if icon["type"] == "image/png":
            width = int.from_bytes(content[16:20])
            assert f"{width}x{int.from_bytes(content[20:24])}" == icon["sizes"]
    assert [one["url"] for one in told["shortcuts"]] == ["/log", "/"]


def test_the_shortcut_leads_to_the_five_buttons_of_the_next_step(robin: Visitor, past: Past) -> None:
    answer = robin.get("/log")
    assert answer.status_code == 303
    assert answer.headers["location"].startswith(f"/ladders/{past.ladder}/log?step=")


def test_the_pocket_takes_few_queries(robin: Visitor, sqlite_services: Services) -> None:
    with counted(sqlite_services) as queries:
        assert robin.get("/pocket").status_code == 200
    assert len(queries) <= 15


def test_a_sending_of_the_largest_size_is_taken_in(robin: Visitor, logged: Item) -> None:
    items = [{**logged, "id": str(uuid4())} for _ in range(200)]
    answers = sent(robin, *items)
    assert {answer["state"] for answer in answers} == {"stored"}


def test_a_server_of_another_name_answers_nothing(app: FastAPI) -> None:
    with served(app) as url:
        assert httpx.get(f"{url}/sw.js", headers={"host": "evil.example"}).status_code == 421
