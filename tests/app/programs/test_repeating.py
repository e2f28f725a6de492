"""Asking the same once more: one key, one answer, for a day, also when many ask at the same moment."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select
from tests.databases import SetClock

from rung.adapters.database import DatabaseStore
from rung.adapters.database.schema import answers
from rung.app.accounts import tokens
from rung.app.accounts.sessions import Visit
from rung.app.model import PersonId
from rung.app.policies import Scope
from rung.app.ports import KeptAnswer, Services, Token
from rung.app.programs import repeating
from rung.errors import Conflict, InvalidInput


@pytest.fixture
def token(services: Services, ana: PersonId) -> Token:
    secret = tokens.make_token(services, ana, Visit(solo=True), "x", list(Scope), None, 30)
    found = tokens.find_token(services, secret)
    assert found
    return found


def rows(services: Services) -> list[bytes]:
    assert isinstance(services.store, DatabaseStore)
    with services.store.engine.connect() as connection:
        return [bytes(one or b"") for one in connection.scalars(select(answers.c.answer))]


def test_an_answer_comes_back_for_a_day_and_is_sealed(
    services: Services, token: Token, clock: SetClock
) -> None:
    kept = repeating.begin(services, token, "k", b"asked")
    assert kept.answer is None
    repeating.finish(services, kept, "my secret answer")
    assert b"secret" not in rows(services)[0]
    clock.move(hours=23)
    assert repeating.begin(services, token, "k", b"asked").answer == "my secret answer"
    with pytest.raises(InvalidInput, match="something else"):
        repeating.begin(services, token, "k", b"asked otherwise")
    clock.move(hours=2)
    assert repeating.begin(services, token, "k", b"asked otherwise").answer is None


def test_of_many_who_ask_at_once_one_does_it(services: Services, token: Token) -> None:
    def ask(_number: int) -> KeptAnswer | None:
        try:
            return repeating.begin(services, token, "k", b"asked")
        except Conflict:
            return None

    with ThreadPoolExecutor(8) as pool:
        taken = [one for one in pool.map(ask, range(16)) if one]
    assert len(taken) == 1


def test_a_key_that_was_given_up_or_left_behind_is_free(
    services: Services, token: Token, clock: SetClock
) -> None:
    repeating.give_up(services, repeating.begin(services, token, "k", b"asked"))
    repeating.begin(services, token, "k", b"asked otherwise")
    with pytest.raises(Conflict):
        repeating.begin(services, token, "k", b"asked otherwise")
    clock.move(minutes=1)
    assert repeating.begin(services, token, "k", b"asked otherwise").answer is None


def test_what_was_kept_goes_with_the_token(services: Services, ana: PersonId, token: Token) -> None:
    kept = repeating.begin(services, token, "k", b"asked")
    tokens.revoke(services, ana, token.id)
    repeating.finish(services, kept, "too late")
    assert rows(services) == []
