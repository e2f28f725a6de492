"""Tokens: made with a fresh sign-in, stored as digests, good for as much and as long as was said."""

import hashlib
import re

import pytest
from sqlalchemy import select
from tests.databases import SetClock

from rung.adapters.database import DatabaseStore
from rung.adapters.database.schema import tokens as table
from rung.app.accounts import people, tokens
from rung.app.accounts.sessions import Visit
from rung.app.climbing import ladders
from rung.app.model import LadderId, PersonId
from rung.app.policies import Action, Part, Scope, may
from rung.app.ports import Services
from rung.errors import ConfirmationNeeded, Conflict, InvalidInput, NotFound

HERE = Visit(solo=True)


def make(services: Services, person: PersonId, visit: Visit = HERE, name: str = "My watch") -> str:
    return tokens.make_token(services, person, visit, name, [Scope.READ_LADDERS], None, 30)


def test_a_token_is_random_and_the_store_has_its_digest_alone(services: Services, ana: PersonId) -> None:
    secret = make(services, ana)
    assert re.fullmatch(r"rung_[\w-]{43}", secret)
    assert secret != make(services, ana)
    assert isinstance(services.store, DatabaseStore)
    with services.store.engine.connect() as connection:
        rows = connection.execute(select(table)).all()
    assert hashlib.sha256(secret.encode()).digest() in {bytes(row.digest) for row in rows}
    assert secret not in repr(rows)
    assert "My watch" not in repr([bytes(row.name) for row in rows])


def test_a_token_acts_within_its_scopes_and_ladders(services: Services, ana: PersonId) -> None:
    made = ladders.name_ladder(services, ana, "Sing")
    other = ladders.name_ladder(services, ana, "Run")
    secret = tokens.make_token(services, ana, HERE, "x", [Scope.WRITE_EVIDENCE], [made.id], 1)
    found = tokens.find_token(services, secret)
    assert found
    actor = tokens.actor_of(found)
    assert may(actor, Action.RECORD, Part(ana, made.id))
    assert not may(actor, Action.RECORD, Part(ana, other.id))
    assert not may(actor, Action.READ_EVIDENCE, Part(ana, made.id))
    assert not may(actor, Action.CHANGE_ACCOUNT, Part(ana, made.id))


def test_making_one_asks_for_a_fresh_sign_in_and_taking_back_does_not(
    services: Services, ana: PersonId, clock: SetClock
) -> None:
    visit = Visit(people.sign_in(services, "Ana", "correct horse"))
    secret = make(services, ana, visit)
    clock.move(minutes=11)
    with pytest.raises(ConfirmationNeeded):
        make(services, ana, visit)
    (made,) = tokens.tokens_of(services, ana, visit).found
    tokens.revoke(services, ana, made.id)
    assert tokens.find_token(services, secret) is None
    assert tokens.tokens_of(services, ana, visit).found == ()


def test_a_token_ends_when_it_was_said_to(services: Services, ana: PersonId, clock: SetClock) -> None:
    secret = make(services, ana)
    clock.move(days=30, seconds=-1)
    assert tokens.find_token(services, secret)
    clock.move(seconds=1)
    assert tokens.find_token(services, secret) is None
    assert len(tokens.tokens_of(services, ana, HERE).found) == 1, "it stays in the list"


def test_its_last_use_is_known_to_five_minutes(services: Services, ana: PersonId, clock: SetClock) -> None:
    secret = make(services, ana)
    first = clock.now()
    for minutes, used in ((0, 0), (4, 0), (1, 5)):
        clock.move(minutes=minutes)
        tokens.find_token(services, secret)
        (made,) = tokens.tokens_of(services, ana, HERE).found
        assert made.last_used_at
        assert (made.last_used_at - first).total_seconds() == used * 60


@pytest.mark.parametrize("shown", ["", "rung_", "rung_x", f"gung_{'x' * 43}", f"rung_{'x' * 43}\n", "é" * 48])
def test_what_is_no_token_opens_nothing(services: Services, ana: PersonId, shown: str) -> None:
    make(services, ana)
    assert tokens.find_token(services, shown) is None


def test_what_does_not_fit_is_refused(services: Services, ana: PersonId, ben: PersonId) -> None:
    bens = ladders.name_ladder(services, ben, "Sing").id
    scopes = [Scope.READ_LADDERS]
    for days in (0, 366):
        with pytest.raises(InvalidInput, match="1 to 365 days"):
            tokens.make_token(services, ana, HERE, "x", scopes, None, days)
    with pytest.raises(InvalidInput, match="at least one"):
        tokens.make_token(services, ana, HERE, "x", [], None, 1)
    with pytest.raises(InvalidInput, match="at least one, or all"):
        tokens.make_token(services, ana, HERE, "x", scopes, [], 1)
    told = []
    for foreign in (bens, LadderId("6f9b2f3e-7a0c-4a53-9b3b-0d6f5d5c1a11")):
        with pytest.raises(InvalidInput) as refused:
            tokens.make_token(services, ana, HERE, "x", scopes, [foreign], 1)
        told.append(str(refused.value))
    assert told[0] == told[1]


def test_a_form_that_is_sent_twice_makes_one_and_there_are_fifty_at_most(
    services: Services, ana: PersonId
) -> None:
    id = "6f9b2f3e-7a0c-4a53-9b3b-0d6f5d5c1a11"
    tokens.make_token(services, ana, HERE, "x", [Scope.READ_LADDERS], None, 1, id)
    with pytest.raises(Conflict, match="made already"):
        tokens.make_token(services, ana, HERE, "x", [Scope.READ_LADDERS], None, 1, id)
    for _ in range(tokens.MOST_TOKENS - 1):
        make(services, ana)
    with pytest.raises(Conflict, match="You have 50 tokens already"):
        make(services, ana)


def test_nobody_takes_back_what_is_somebody_elses(services: Services, ana: PersonId, ben: PersonId) -> None:
    secret = make(services, ana)
    (made,) = tokens.tokens_of(services, ana, HERE).found
    with pytest.raises(NotFound, match="There is no such token"):
        tokens.revoke(services, ben, made.id)
    assert tokens.find_token(services, secret)
