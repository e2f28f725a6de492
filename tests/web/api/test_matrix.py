"""Every operation of the interface, with every scope, on one's own things, somebody else's and nobody's."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import httpx
import pytest
from tests.web.api.conftest import LetIn
from tests.web.api.stage import REQUESTS, Life, another_ladder

from rung.app.keeping import archive
from rung.app.model import LadderId, PersonId
from rung.app.policies import Scope
from rung.app.ports import Services

pytestmark = pytest.mark.usefixtures("mine", "theirs")
NOBODYS = Life()


class Operation(NamedTuple):
    """One thing that can be asked."""

    id: str
    method: str
    path: str
    scopes: tuple[str, ...]

    def about(self, life: Life) -> tuple[str, Any]:
        """Its path and its content, for one life."""
        content = REQUESTS[self.id]
        return self.path.format(**vars(life)), content(life) if content else None

    @property
    def names_something(self) -> bool:
        """True where an id is part of what is asked."""
        return (
            self.about(NOBODYS)[0] != self.path
            or "domain" in str(self.about(NOBODYS))
            or (self.id == "create_plan")
        )

    def ask(self, program: httpx.Client, life: Life) -> httpx.Response:
        """Ask it."""
        path, content = self.about(life)
        return program.request(self.method, path, json=content)


def operations(program: httpx.Client) -> Iterator[Operation]:
    """All of them, as the interface describes itself."""
    for path, methods in program.get("/openapi.json").json()["paths"].items():
        for method, one in methods.items():
            scopes = tuple(one["security"][0]["token"])
            yield Operation(one["operationId"], method.upper(), path, scopes)


@pytest.fixture
def every(rung: httpx.Client) -> list[Operation]:
    """All operations, those that take something away last."""
    found = sorted(operations(rung), key=lambda one: one.method == "DELETE")
    assert {one.id for one in found} == set(REQUESTS)
    assert all(len(one.scopes) == 1 or one.id == "whoami" for one in found)
    return found


def told(response: httpx.Response, life: Life) -> tuple[int, str]:
    """What an answer tells, apart from the ids that it repeats."""
    text = response.text
    for id in vars(life).values():
        text = text.replace(id, "ID")
    return response.status_code, text


@pytest.mark.parametrize("scope", list(Scope))
def test_a_scope_opens_what_it_says_and_nothing_else(
    let_in: LetIn, every: list[Operation], mine: Life, scope: Scope
) -> None:
    program = let_in(scope)
    for one in every:
        response = one.ask(program, mine)
        if not one.scopes or scope in one.scopes:
            assert response.is_success, (one, response.text)
        else:
            assert response.status_code == 403, one
            assert one.scopes[0] in response.json()["detail"]
        if scope is not Scope.READ_LADDERS:
            assert "Topaz a" not in response.text, one
            assert "Topaz ladder" not in response.text, one
        if scope is not Scope.READ_TEXTS:
            assert "Topaz helped" not in response.text, one
            assert "Topaz place" not in response.text, one


@pytest.mark.parametrize("scope", list(Scope))
def test_a_scope_that_is_missing_tells_nothing_of_what_there_is(
    let_in: LetIn, every: list[Operation], mine: Life, theirs: Life, scope: Scope
) -> None:
    program = let_in(scope)
    for one in every:
        if scope not in one.scopes and one.scopes:
            answers = {told(one.ask(program, life), life) for life in (mine, theirs, NOBODYS)}
            assert len(answers) == 1, one


def test_what_is_somebody_elses_looks_like_what_is_nobodys(
    rung: httpx.Client, every: list[Operation], theirs: Life, services: Services
) -> None:
    with services.store.reading() as tx:
        ben = next(
            person for person in tx.people.first(2) if tx.ladders.get(person, LadderId(theirs.ladder_id))
        )
    before = archive.export_archive(services, ben)
    for one in every:
        hers, nobodys = one.ask(rung, theirs), one.ask(rung, NOBODYS)
        assert "Opal" not in hers.text, one
        if one.names_something:
            assert hers.status_code == 404, (one, hers.text)
            assert told(hers, theirs) == told(nobodys, NOBODYS), one
    for name in ("/events", "/texts"):
        hers, nobodys = (rung.get(name, params={"domain": life.ladder_id}) for life in (theirs, NOBODYS))
        assert told(hers, theirs) == told(nobodys, NOBODYS)
        assert hers.status_code == 404
    assert archive.export_archive(services, ben) == before


def test_a_token_for_some_ladders_sees_no_other_one(
    let_in: LetIn, every: list[Operation], mine: Life, services: Services, ana: PersonId
) -> None:
    program = let_in(ladders=[another_ladder(services, ana)])
    before = archive.export_archive(services, ana)
    for one in every:
        if one.id == "create_ladder":
            assert one.ask(program, mine).status_code == 403
            continue
        response = one.ask(program, mine)
        assert "Topaz" not in response.text, one
        if one.names_something:
            assert response.status_code == 404, (one, response.text)
            assert told(response, mine) == told(one.ask(program, NOBODYS), NOBODYS), one
        for id in vars(mine).values():
            assert response.is_error or id not in response.text, one
    assert archive.export_archive(services, ana) == before


def test_a_token_for_a_ladder_does_there_what_its_scopes_say(
    let_in: LetIn, every: list[Operation], mine: Life
) -> None:
    program = let_in(ladders=[LadderId(mine.ladder_id)])
    for one in every:
        response = one.ask(program, mine)
        assert response.is_success is (one.id != "create_ladder"), (one, response.text)


def test_without_a_good_token_nothing_opens(
    address: str, every: list[Operation], mine: Life, password: str
) -> None:
    wrong = f"rung_{'x' * 43}"
    for headers in ({}, {"authorization": f"Bearer {wrong}"}, {"authorization": "Basic YTpi"}):
        with httpx.Client(
            base_url=f"{address}/api/v1", headers=headers, cookies={"rung": password}
        ) as program:
            for one in every:
                response = one.ask(program, mine)
                assert response.status_code == 401, one
                assert response.headers["www-authenticate"].startswith("Bearer"), one
                assert response.headers["content-type"] == "application/problem+json", one
