"""Every door of the pages, tried by somebody who is signed in and knows all ids of another person.

What they get is what ids that nobody has would give them, and nothing of the other person changes. The doors
are read from the application itself, so that a new one is tried as soon as it is there.
"""

import json
from collections.abc import Iterator
from uuid import uuid4

import pytest
from tests.databases import SetClock
from tests.web.doors import SHOWS_A_SECRET, UUIDS, Life, Stage, attempts, doors, id_kinds, live, rows_of
from tests.web.stage import Visitor, served

from rung.app import outbox
from rung.app.accounts import sessions
from rung.app.model import PersonId
from rung.app.ports import Services
from rung.web import Settings, create_app


@pytest.fixture
def stage(services: Services, ana: PersonId, ben: PersonId, clock: SetClock) -> Iterator[Stage]:
    hers = live(services, ana, "Topaz")
    clock.move(hours=1)
    his = live(services, ben, "Running")
    clock.move(days=8)
    with services.store.writing(ben) as tx:
        token = sessions.open_session(services, tx, ben)
    with served(create_app(services, Settings(most_changes=0))) as url, Visitor(url) as visitor:
        yield Stage(services, visitor, token, his, hers, Life())


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
        if "id" in door.places and not id_kinds(door.path):
            for hers, nobodys in zip(stage.hers.all(), stage.nobodys.all(), strict=True):
                if not UUIDS.fullmatch(hers):
                    continue
                told = [stage.ask(door, {"id": id}).status_code for id in (hers, nobodys)]
                assert told[0] == told[1] < 500, (door, hers)
            assert rows_of(stage.services, ana) == before, door
