"""The first visit: whoever makes the account of a server that others can reach knows its code."""

from collections.abc import Iterator

import pytest
from tests.web.stage import NAME, PASSWORD, Visitor, path_of, served

from rung.app.accounts import people
from rung.app.ports import Services
from rung.web import Settings, create_app

CODE = "0123456789abcdef"


@pytest.fixture
def visitor(sqlite_services: Services) -> Iterator[Visitor]:
    """Somebody at a new server that can be reached from elsewhere."""
    app = create_app(sqlite_services, Settings(welcome_code=CODE))
    with served(app) as url, Visitor(url) as found:
        yield found


@pytest.mark.parametrize("code", ["", CODE[:-1], CODE[:-1] + "e", "ü"])
def test_without_the_code_nobody_makes_the_account(
    visitor: Visitor, sqlite_services: Services, code: str
) -> None:
    response = visitor.send_form("/welcome", name=NAME, password=PASSWORD, code=code)
    assert response.status_code == 422
    assert 'id="code-fault"' in response.text
    assert f'value="{NAME}"' in response.text
    assert CODE not in response.text
    assert people.is_new(sqlite_services)


def test_the_printed_address_fills_the_code_in(visitor: Visitor) -> None:
    assert f'name="code" type="text" value="{CODE}"' in visitor.page(f"/welcome?code={CODE}")
    assert path_of(visitor.send_form("/welcome", name=NAME, password=PASSWORD, code=f" {CODE} ")) == "/start"


def test_a_server_with_its_account_asks_for_no_code(visitor: Visitor, sqlite_services: Services) -> None:
    people.welcome(sqlite_services, NAME, PASSWORD)
    assert path_of(visitor.get(f"/welcome?code={CODE}")) == "/sign-in"
    assert path_of(visitor.send_form("/welcome", name="Eve", password=PASSWORD)) == "/sign-in"
    assert visitor.send_form("/welcome", name="Eve", password=PASSWORD, code=CODE).status_code == 409


def test_on_this_machine_alone_there_is_no_code(stranger: Visitor) -> None:
    assert 'name="code"' not in stranger.page("/welcome?code=1")
    assert path_of(stranger.send_form("/welcome", name=NAME, password=PASSWORD)) == "/start"
