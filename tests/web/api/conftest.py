"""A served interface, two people with a life each, and programs with tokens of any scope."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import httpx
import pytest
from fastapi import FastAPI
from tests.conftest import join
from tests.web.api.stage import Life, live
from tests.web.stage import PATIENCE, served

from rung.app.accounts import people, tokens
from rung.app.accounts.sessions import Visit
from rung.app.model import LadderId, PersonId
from rung.app.policies import Scope
from rung.app.ports import Services
from rung.web import Settings, create_app

HERE = Visit(solo=True)
LetIn = Callable[..., httpx.Client]


@pytest.fixture
def services(sqlite_services: Services) -> Services:
    return sqlite_services


@pytest.fixture
def app(services: Services) -> FastAPI:
    return create_app(services, Settings())


@pytest.fixture
def address(app: FastAPI) -> Iterator[str]:
    with served(app) as url:
        yield url


@pytest.fixture
def mine(services: Services, ana: PersonId) -> Life:
    return live(services, ana, "Topaz")


@pytest.fixture
def theirs(services: Services, ana: PersonId) -> Life:
    return live(services, join(services, "Ben"), "Opal")


@pytest.fixture
def let_in(services: Services, address: str, ana: PersonId) -> Iterator[LetIn]:
    """Lets a program in for Ana, with the scopes given (or all), for the ladders given (or all)."""
    with ExitStack() as stack:

        def made(*scopes: Scope, ladders: list[LadderId] | None = None) -> httpx.Client:
            secret = tokens.make_token(
                services, ana, HERE, "a program", scopes or tuple(Scope), ladders, days=30
            )
            headers = {"authorization": f"Bearer {secret}"}
            return stack.enter_context(
                httpx.Client(base_url=f"{address}/api/v1", headers=headers, timeout=PATIENCE)
            )

        yield made


@pytest.fixture
def rung(let_in: LetIn) -> httpx.Client:
    """A program that may do everything for Ana."""
    return let_in()


@pytest.fixture
def password(services: Services, ana: PersonId) -> str:
    """A session of Ana's in a browser."""
    return people.sign_in(services, "Ana", "correct horse")
