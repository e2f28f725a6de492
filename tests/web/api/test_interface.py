"""The interface as a program uses it: logging, reading, pages, keys, limits, problems."""

import json
from datetime import datetime
from typing import Any
from uuid import uuid4

import httpx
import pytest
from tests.databases import SetClock
from tests.web.api.conftest import HERE, LetIn
from tests.web.api.stage import Life, another_ladder, new_event
from tests.web.stage import served

from rung.app import evidence, outlook
from rung.app.accounts import tokens
from rung.app.climbing import ladders, plans
from rung.app.model import Did, EventId, LadderId, PersonId, Reflection
from rung.app.policies import Scope
from rung.app.ports import Services
from rung.app.programs import repeating
from rung.web import Settings, create_app
from rung.web.api import create_api
from rung.web.limits import MOST, Limits


def test_a_ladder_is_made_climbed_and_put_away(rung: httpx.Client) -> None:
    made = rung.post("/ladders", json={"name": "Give a talk", "steps": ["Alone", "To Sam", "On stage"]})
    assert made.status_code == 201
    ladder, steps = made.json()["id"], made.json()["steps"]
    assert made.headers["location"] == f"/api/v1/ladders/{ladder}"
    judged = rung.post(f"/ladders/{ladder}/judgements", json={"ratings": dict.fromkeys(steps, 60)})
    assert len(judged.json()["ids"]) == 3
    tried = rung.post(f"/ladders/{ladder}/steps/{steps[0]}/attempts", json={"did": "done"})
    assert tried.status_code == 201
    proposed = rung.get(f"/ladders/{ladder}/next-step").json()
    assert proposed["step"] in steps
    assert proposed["chance"]["low"] < proposed["chance"]["mean"] < proposed["chance"]["high"]
    assert any(reason["id"] == "rated" and "60" in reason["text"] for reason in proposed["reasons"])
    state = rung.get(f"/ladders/{ladder}/state").json()["steps"][0]
    assert (state["judged"], state["tried"], state["worked"]) == (0.6, 1, 1)
    assert state["efficacy"] != state["ability"]
    added = rung.post(f"/ladders/{ladder}/steps", json={"names": ["To two"], "after": steps[1]}).json()
    assert rung.patch(f"/ladders/{ladder}/steps/{added['steps'][0]}", json={"place": 4}).status_code == 204
    names = [step["name"] for step in rung.get(f"/ladders/{ladder}/steps").json()["items"]]
    assert names == ["Alone", "To Sam", "On stage", "To two"]
    for change in ({"name": "Give the talk"}, {"wanted_chance": 0.9}, {"archived": True}):
        assert rung.patch(f"/ladders/{ladder}", json=change).status_code == 204
    now = rung.get(f"/ladders/{ladder}").json()
    assert (now["name"], now["wanted_chance"]) == ("Give the talk", 0.9)
    assert now["archived_at"]
    assert rung.get("/ladders").json()["items"] == []
    assert len(rung.get("/ladders?archived=true").json()["items"]) == 1


def test_what_is_answered_is_what_the_pages_stand_on(
    rung: httpx.Client, mine: Life, services: Services, ana: PersonId
) -> None:
    today = outlook.today(services, ana, LadderId(mine.ladder_id))
    told = rung.get(f"/ladders/{mine.ladder_id}/next-step").json()
    assert today.recommendation.task is not None
    assert told["step"] == today.recommendation.task.name
    assert told["chance"]["mean"] == pytest.approx(today.recommendation.chance.mean)
    assert [reason["id"] for reason in told["reasons"]] == [one.id for one in today.recommendation.reasons]


@pytest.mark.parametrize(
    "change",
    [
        {"name": "Rehearse"},
        {"conditions": ["watched", "alone"]},
        {"retired": True},
    ],
    ids=str,
)
def test_a_step_is_changed_in_one_thing(rung: httpx.Client, mine: Life, change: dict[str, Any]) -> None:
    path = f"/ladders/{mine.ladder_id}/steps/{mine.step_id}"
    assert rung.patch(path, json=change).status_code == 204
    steps = rung.get(f"/ladders/{mine.ladder_id}/steps").json()["items"]
    step = next(one for one in steps if one["id"] == mine.step_id)
    assert step["name"] == change.get("name", "Topaz b")
    assert set(step["conditions"]) == set(change.get("conditions", ()))
    assert (step["retired_at"] is not None) == change.get("retired", False)
    two = {"name": "Two", "retired": False}
    assert rung.patch(path, json=two).status_code == 422


def test_the_log_comes_in_pages_that_what_comes_in_meanwhile_does_not_move(
    rung: httpx.Client, mine: Life, services: Services, ana: PersonId
) -> None:
    expected = [event.id for event in evidence.log_of(services, ana)]
    seen: list[str] = []
    address: str | None = "/events?limit=2"
    while address:
        page = rung.get(address.removeprefix("/api/v1"))
        seen += [one["id"] for one in page.json()["items"]]
        rung.post("/events", json={"events": [new_event(mine)]})
        address = page.links["next"]["url"] if "next" in page.links else None
        assert (page.json()["next_cursor"] is None) == (address is None)
    assert seen == expected


def test_the_changes_tell_what_came_late_was_changed_or_was_taken_back(
    rung: httpx.Client, mine: Life, services: Services, ana: PersonId
) -> None:
    first = rung.get("/changes", params={"limit": 2}).json()
    assert (len(first["items"]), first["has_more"]) == (2, True)
    rest = rung.get("/changes", params={"cursor": first["next_cursor"]}).json()
    assert rest["has_more"] is False
    copy = {one["id"]: one["event"] for one in [*first["items"], *rest["items"]]}
    nothing = rung.get("/changes", params={"cursor": rest["next_cursor"]}).json()
    assert nothing == {"items": [], "next_cursor": rest["next_cursor"], "has_more": False}

    late = {**new_event(mine), "time": "2020-01-01T00:00:00Z"}
    taken_back = new_event(mine)
    rung.post("/events", json={"events": [late, taken_back]})
    evidence.reflect(services, ana, EventId(mine.event_id), Reflection(arousal=0.9))
    rung.delete(f"/events/{taken_back['id']}")
    since = rung.get("/changes", params={"cursor": rest["next_cursor"]}).json()["items"]
    assert [one["id"] for one in since] == [late["id"], mine.event_id, taken_back["id"]]
    assert since[2]["event"] is None
    copy |= {one["id"]: one["event"] for one in since}
    stands = rung.get("/events", params={"limit": 200}).json()["items"]
    assert {id: event for id, event in copy.items() if event} == {one["id"]: one for one in stands}


def test_the_changes_of_another_ladder_leave_no_trace(
    rung: httpx.Client, let_in: LetIn, mine: Life, services: Services, ana: PersonId
) -> None:
    other = ladders.name_ladder(services, ana, "Another", ["a", "b"])
    part = let_in(Scope.READ_EVIDENCE, ladders=[LadderId(mine.ladder_id)])
    before = part.get("/changes").json()
    evidence.record(services, ana, other.id, other.steps[0].id, Did.DONE)
    assert part.get("/changes").json() == before
    whole = rung.get("/changes").json()
    assert len(whole["items"]) > len(before["items"])
    assert part.get("/changes", params={"cursor": whole["next_cursor"]}).status_code == 422
    assert part.get("/changes", params={"domain": other.id}).status_code == 404
    (only,) = {one["ladder"] for one in rung.get("/changes", params={"domain": other.id}).json()["items"]}
    assert only == other.id


def test_the_log_is_asked_by_ladder_moment_and_kind(
    rung: httpx.Client, mine: Life, clock: SetClock, services: Services, ana: PersonId
) -> None:
    other = another_ladder(services, ana)
    assert rung.get("/events", params={"domain": other}).json()["items"] == []
    kinds = {one["kind"] for one in rung.get("/events", params={"domain": mine.ladder_id}).json()["items"]}
    assert kinds == {"judgement", "choice", "attempt"}
    attempts = rung.get("/events", params={"kind": ["attempt", "choice"]}).json()["items"]
    assert [one["kind"] for one in attempts] == ["choice", "attempt"]
    clock.move(hours=1)
    since = clock.now().isoformat()
    assert rung.get("/events", params={"since": since}).json()["items"] == []
    rung.post(f"/ladders/{mine.ladder_id}/steps/{mine.step_id}/attempts", json={"did": "skipped"})
    (only,) = rung.get("/events", params={"since": since}).json()["items"]
    assert (only["kind"], only["context"]) == ("note", "skipped")
    assert datetime.fromisoformat(only["time"]) == clock.now()


def test_events_are_appended_once_and_all_or_none(
    rung: httpx.Client, mine: Life, services: Services, ana: PersonId
) -> None:
    first, second = new_event(mine), new_event(mine)
    told = rung.post("/events", json={"events": [first]}).json()["items"]
    assert told == [{"id": first["id"], "is_new": True}]
    again = rung.post("/events", json={"events": [first, second]}).json()["items"]
    assert [one["is_new"] for one in again] == [False, True]
    count = len(evidence.log_of(services, ana))
    other = {**first, "value": 0.0}
    assert rung.post("/events", json={"events": [new_event(mine), other]}).status_code == 409
    late = {**new_event(mine), "time": "2036-01-01T00:00:00Z"}
    answer = rung.post("/events", json={"events": [new_event(mine), late]})
    assert answer.status_code == 422
    assert answer.json()["detail"].startswith("Event 2: The time lies in the future")
    no_step = {**new_event(mine), "task": None}
    assert rung.post("/events", json={"events": [new_event(mine), no_step]}).status_code == 404
    twice = new_event(mine)
    assert rung.post("/events", json={"events": [twice, twice]}).status_code == 422
    assert len(evidence.log_of(services, ana)) == count
    stored = rung.get(f"/events/{first['id']}").json()
    assert (stored["value"], stored["difficulty"]) == (1.0, 0.0)


def test_what_is_appended_fulfils_a_plan_and_what_is_taken_back_counts_no_longer(
    rung: httpx.Client, mine: Life, services: Services, clock: SetClock
) -> None:
    clock.move(minutes=1)
    event = {**new_event(mine), "time": clock.now().isoformat()}
    plan = rung.post("/plans", json={"ladder": mine.ladder_id, "step": mine.step_id, "where": "here"}).json()
    rung.post("/events", json={"events": [event]})
    told = rung.get(f"/plans/{plan['id']}").json()
    assert (told["state"], told["done_by"]) == ("done", event["id"])
    for _ in range(2):
        assert rung.delete(f"/events/{event['id']}").status_code == 204
    assert rung.get(f"/events/{event['id']}").status_code == 404
    assert rung.get(f"/plans/{plan['id']}").json()["state"] == "planned"
    path = f"/ladders/{mine.ladder_id}/steps/{mine.step_id}/attempts"
    logged = {"did": "done", "id": str(uuid4())}
    rung.delete(f"/events/{rung.post(path, json=logged).json()['id']}")
    assert rung.post(path, json=logged).json() == {"id": logged["id"], "is_taken_back": True}


def test_words_need_a_scope_of_their_own(let_in: LetIn, mine: Life) -> None:
    event = {**new_event(mine), "context": "at my uncle's house"}
    let_in(Scope.WRITE_EVIDENCE).post("/events", json={"events": [event]})
    coded = {**new_event(mine), "context": "vary:place"}
    let_in(Scope.WRITE_EVIDENCE).post("/events", json={"events": [coded]})
    numbers, words = let_in(Scope.READ_EVIDENCE), let_in(Scope.READ_EVIDENCE, Scope.READ_TEXTS)
    assert numbers.get(f"/events/{event['id']}").json()["context"] == ""
    assert words.get(f"/events/{event['id']}").json()["context"] == "at my uncle's house"
    assert numbers.get(f"/events/{coded['id']}").json()["context"] == "vary:place"
    (about,) = words.get("/texts").json()["items"]
    assert about == {
        "event": mine.event_id,
        "ladder": mine.ladder_id,
        "texts": {"what_helped": "Topaz helped"},
    }
    assert words.get(f"/events/{mine.event_id}/texts").json() == about
    seen = let_in(Scope.READ_LADDERS).get(f"/plans/{mine.plan_id}").json()
    assert seen["where"] is None
    assert let_in(Scope.READ_LADDERS, Scope.READ_TEXTS).get("/plans").json()["items"][0]["where"]


def test_a_key_brings_the_same_answer_for_a_day(
    rung: httpx.Client, mine: Life, clock: SetClock, services: Services, ana: PersonId
) -> None:
    path = f"/ladders/{mine.ladder_id}/steps/{mine.step_id}/attempts"
    key = {"idempotency-key": "a key"}
    assert rung.post(path, json={"did": "done"}, headers=key).status_code == 422, "a space is no key"
    key = {"idempotency-key": "a-key"}
    first = rung.post(path, json={"did": "done"}, headers=key)
    count = len(evidence.log_of(services, ana))
    clock.move(hours=23)
    again = rung.post(path, json={"did": "done"}, headers=key)
    assert (first.status_code, first.content) == (again.status_code, again.content)
    assert again.headers["idempotency-replayed"] == "true"
    assert "idempotency-replayed" not in first.headers
    assert rung.post(path, json={"did": "tried"}, headers=key).status_code == 422
    assert len(evidence.log_of(services, ana)) == count
    clock.move(hours=2)
    assert rung.post(path, json={"did": "tried"}, headers=key).status_code == 409, (
        "the id follows from the key"
    )


def test_a_key_is_of_one_token_and_free_after_a_refusal(let_in: LetIn, mine: Life) -> None:
    one, other = let_in(), let_in()
    key = {"idempotency-key": "k"}
    assert one.post("/ladders", json={"name": ""}, headers=key).status_code == 422
    made = [program.post("/ladders", json={"name": "Sing"}, headers=key) for program in (one, other)]
    assert [answer.status_code for answer in made] == [201, 201]
    assert made[0].json()["id"] != made[1].json()["id"]


def test_what_is_still_being_done_is_not_done_twice(
    rung: httpx.Client, services: Services, ana: PersonId, clock: SetClock
) -> None:
    (token,) = tokens.tokens_of(services, ana, HERE).found
    body = json.dumps({"name": "Sing"}).encode()
    asked = b"POST /api/v1/ladders?\n" + body
    repeating.begin(services, token, "k", asked)
    headers = {"idempotency-key": "k", "content-type": "application/json"}
    waiting = rung.post("/ladders", content=body, headers=headers)
    assert waiting.status_code == 409
    assert waiting.headers["retry-after"] == "1"
    clock.move(minutes=2)
    assert rung.post("/ladders", content=body, headers=headers).status_code == 201


def test_kept_answers_are_sealed_and_go_with_the_token(
    rung: httpx.Client, services: Services, ana: PersonId
) -> None:
    rung.post("/ladders", json={"name": "Sing"}, headers={"idempotency-key": "k"})
    (token,) = tokens.tokens_of(services, ana, HERE).found
    tokens.revoke(services, ana, token.id)
    assert rung.get("/whoami").status_code == 401
    with services.store.reading() as tx:
        assert tx.kept_answers.get(ana, token.id, repeating.key_digest("k")) is None


def test_a_token_that_asks_too_often_is_told_when_to_go_on(
    services: Services, clock: SetClock, ana: PersonId
) -> None:
    limits = Limits(clock, most=2)
    assert [limits.ask("a").left for _ in range(3)] == [1, 0, -1]
    assert limits.ask("b").left == 1
    clock.move(seconds=59)
    assert limits.ask("a").seconds == 1
    clock.move(seconds=1)
    assert limits.ask("a").left == 1
    secret = tokens.make_token(services, ana, HERE, "wild", list(Scope), None, 1)
    app = create_api(services, most=1)
    with (
        served(app) as url,
        httpx.Client(base_url=url, headers={"authorization": f"Bearer {secret}"}) as program,
    ):
        assert program.get("/whoami").headers["ratelimit"] == '"token";r=0;t=60'
        over = program.get("/whoami")
        assert over.status_code == 429
        assert over.headers["retry-after"] == "60"
        assert over.json()["what_to_do"] == "Wait as long as Retry-After says."
        clock.move(minutes=1)
        assert program.get("/whoami").status_code == 200


def test_every_answer_says_what_is_left(rung: httpx.Client) -> None:
    for path in ("/whoami", "/nowhere", f"/ladders/{uuid4()}"):
        assert rung.get(path).headers["ratelimit-policy"] == f'"token";q={MOST};w=60'


def test_what_has_not_changed_is_not_sent_again(rung: httpx.Client, mine: Life) -> None:
    for path in ("/ladders", f"/ladders/{mine.ladder_id}", "/events", "/plans", "/whoami"):
        mark = rung.get(path).headers["etag"]
        same = rung.get(path, headers={"if-none-match": f'"other", {mark}'})
        assert (same.status_code, same.content) == (304, b""), path
    rung.patch(f"/ladders/{mine.ladder_id}", json={"wanted_chance": 0.9})
    changed = rung.get("/ladders", headers={"if-none-match": mark})
    assert changed.status_code == 200
    assert changed.headers["cache-control"] == "private, no-cache"
    assert "etag" not in rung.get(f"/ladders/{mine.ladder_id}/state").headers


@pytest.mark.parametrize(
    ("method", "path", "content", "status", "where"),
    [
        ("GET", "/nowhere", None, 404, ""),
        ("GET", "/nowhere%0A", None, 404, ""),
        ("GET", "/ladders/x", None, 404, "path.ladder_id"),
        ("GET", "/ladders?limit=0", None, 422, "query.limit"),
        ("GET", "/events?cursor=x", None, 422, ""),
        ("GET", "/changes?cursor=WyJ4IiwgdHJ1ZV0", None, 422, ""),
        ("GET", "/changes?cursor=WyJcdWQ4MDAiLCAxXQ", None, 422, ""),
        ("GET", "/ladders?cursor=W10", None, 422, ""),
        ("DELETE", "/ladders", None, 405, ""),
        ("POST", "/ladders", {"name": 1}, 422, "body.name"),
        ("POST", "/ladders", {"name": "Sing", "nix": 1}, 422, "body.nix"),
        ("POST", "/ladders", {"name": "I want to kill myself"}, 422, ""),
        ("POST", "/events", {"events": []}, 422, "body.events"),
    ],
    ids=str,
)
def test_a_problem_says_what_is_wrong_where_and_what_to_do(
    rung: httpx.Client, method: str, path: str, content: Any, status: int, where: str
) -> None:
    answer = rung.request(method, path, json=content)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    assert told["status"] == status
    assert told["type"].startswith("urn:rung:problem:")
    assert told["detail"]
    assert told["what_to_do"]
    assert where in [fault["where"] for fault in told["faults"]] or (not where and not told["faults"])


def test_a_body_that_is_too_large_is_refused_as_a_problem(rung: httpx.Client) -> None:
    limit, kind = Settings().largest_form, {"content-type": "application/json"}
    by_length = rung.post("/ladders", content=b"x" * (limit + 1), headers=kind)
    answers = [by_length]
    for headers in (kind, {**kind, "idempotency-key": "k"}):
        chunks = (b"x" * 65536 for _ in range(limit // 65536 + 1))
        answers.append(rung.post("/ladders", content=chunks, headers=headers))
    for answer in answers:
        assert answer.status_code == 413
        assert answer.headers["content-type"] == "application/problem+json"


def test_no_cookie_opens_the_interface_and_no_foreign_name(
    address: str, password: str, services: Services, ana: PersonId
) -> None:
    of_a_page = {"origin": address, "sec-fetch-site": "same-origin"}
    with httpx.Client(base_url=address, cookies={"rung": password}, headers=of_a_page) as browser:
        assert browser.get("/you").status_code == 200
        assert browser.get("/api/v1/ladders").status_code == 401
        assert browser.post("/api/v1/ladders", json={"name": "Sing"}).status_code == 401
    with httpx.Client(base_url=address) as nobody:
        answer = nobody.post("/api/v1/ladders", json={"name": "Sing"})
        assert (answer.status_code, answer.headers["content-type"]) == (401, "application/problem+json")
        foreign = nobody.get("/api/v1/whoami", headers={"host": "evil.example"})
        assert (foreign.status_code, foreign.json()["status"]) == (421, 421)
        shown = {"authorization": "Bearer x"}
        assert nobody.post("/ladders/new", data={"name": "Sing"}, headers=shown).status_code == 403
    assert ladders.ladders_of(services, ana) == []


def test_a_token_works_where_nobody_signs_in_as_well(
    services: Services, ana: PersonId, clock: SetClock
) -> None:
    secret = tokens.make_token(services, ana, HERE, "mine", list(Scope), None, 1)
    with served(create_app(services, Settings(solo=True))) as url:
        assert httpx.get(f"{url}/api/v1/whoami").status_code == 401
        headers = {"authorization": f"Bearer {secret}"}
        assert httpx.get(f"{url}/api/v1/whoami", headers=headers).json()["person"] == ana
        clock.move(days=1)
        assert httpx.get(f"{url}/api/v1/whoami", headers=headers).status_code == 401


def test_plans_are_listed_by_state_and_let_go(rung: httpx.Client, mine: Life, services: Services) -> None:
    assert [one["id"] for one in rung.get("/plans?state=planned").json()["items"]] == [mine.plan_id]
    assert rung.patch(f"/plans/{mine.plan_id}", json={"state": "dropped"}).status_code == 204
    assert rung.get("/plans?state=planned").json()["items"] == []
    assert rung.get("/plans").json()["items"][0]["state"] == "dropped"
    assert rung.patch(f"/plans/{mine.plan_id}", json={"state": "planned"}).status_code == 204
    assert len(plans.planned(services, rung_person(rung))) == 1


def rung_person(rung: httpx.Client) -> PersonId:
    return PersonId(rung.get("/whoami").json()["person"])
