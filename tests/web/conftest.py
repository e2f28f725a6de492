"""A served application for the tests of the pages."""

from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from tests.databases import SetClock
from tests.web.stage import Past, Visitor, make_past, served, session_of

from rung.app.ports import Services
from rung.web import Settings, create_app


@pytest.fixture
def app(sqlite_services: Services) -> FastAPI:
    return create_app(sqlite_services, Settings(most_changes=0))


@pytest.fixture
def address(app: FastAPI) -> Iterator[str]:
    """Where the application answers."""
    with served(app) as url:
        yield url


@pytest.fixture
def stranger(address: str) -> Iterator[Visitor]:
    """Somebody who is not signed in."""
    with Visitor(address) as visitor:
        yield visitor


@pytest.fixture
def past(sqlite_services: Services, clock: SetClock) -> Past:
    """A person with a ladder and four weeks of evidence."""
    return make_past(sqlite_services, clock)


@pytest.fixture
def robin(stranger: Visitor, sqlite_services: Services, past: Past) -> Visitor:
    """That person, signed in."""
    session_of(stranger, sqlite_services)
    return stranger
