import contextlib
import threading
import unicodedata
from dataclasses import replace
from datetime import timedelta
from typing import Literal
from uuid import uuid4

import pytest
from sqlalchemy import func, select
from tests.conftest import join
from tests.databases import SetClock

from rung.adapters.database import DatabaseStore, metadata
from rung.app import evidence
from rung.app.accounts import people
from rung.app.accounts.sessions import Visit
from rung.app.climbing import ladders
from rung.app.model import Did, PersonId, Reflection
from rung.app.ports import Services
from rung.errors import (
    ConfirmationNeeded,
    Conflict,
    InvalidInput,
    NotFound,
    SignInFailed,
    TooManyTries,
)

PASSWORD = "correct horse"


class NoPasswords:
    """For who must not cost the server a hash."""

    def hash(self, password: str) -> str:
        raise AssertionError("a password is hashed")

    def is_right(self, password_hash: str | None, password: str) -> bool:
        raise AssertionError("a password is compared")

    def is_outdated(self, password_hash: str) -> bool:
        raise AssertionError("a hash is looked at")

    def is_easily_guessed(self, password: str, *known: str) -> bool:
        return False


def test_a_new_server_has_no_account_until_the_first_person_comes(services: Services) -> None:
    assert people.is_new(services)
    people.welcome(services, "Ana", PASSWORD)
    assert not people.is_new(services)


def test_the_first_account_keeps_its_name_as_it_was_typed(services: Services) -> None:
    account = people.welcome(services, "  Ana María ", PASSWORD)
    assert account.name == "Ana María"
    assert people.account_of(services, account.id) == account


def test_a_second_welcome_is_refused(services: Services, ana: PersonId) -> None:
    unused = replace(services, passwords=NoPasswords())
    with pytest.raises(Conflict, match="sign in"):
        people.welcome(unused, "Ben", PASSWORD)


def test_of_many_first_accounts_at_once_one_is_made(services: Services) -> None:
    made: list[str] = []

    def welcome(name: str) -> None:
        with contextlib.suppress(Conflict):
            made.append(people.welcome(services, name, PASSWORD).name)

    threads = [threading.Thread(target=welcome, args=(f"person {number}",)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 1


@pytest.mark.parametrize("password", ["", "seven77", "x" * 1001])
def test_a_password_too_short_or_too_long_is_refused(services: Services, password: str) -> None:
    with pytest.raises(InvalidInput, match="characters"):
        people.welcome(services, "Ana", password)
    assert people.is_new(services)


@pytest.mark.parametrize(
    "password", ["password1", "Passw0rd!", "iloveyou", "Ximena", "ximena31", "rungrung", "asdfghjkl"]
)
def test_a_password_that_is_among_the_first_to_be_tried_is_refused(services: Services, password: str) -> None:
    with pytest.raises(InvalidInput):
        people.welcome(services, "Ximena", password)
    account = people.welcome(services, "Ximena", PASSWORD)
    token = people.sign_in(services, "Ximena", PASSWORD)
    with pytest.raises(InvalidInput):
        people.set_password(services, account.id, password, Visit(token))
    assert people.sign_in(services, "Ximena", PASSWORD)


@pytest.mark.parametrize("name", ["", "   ", "x" * 201, "A\nna", "A\0na", "\ud800"])
def test_a_name_that_cannot_be_one_is_refused(services: Services, name: str) -> None:
    with pytest.raises(InvalidInput, match="name"):
        people.welcome(services, name, PASSWORD)


@pytest.mark.parametrize("name", ["Ana", "ana", " ANA ", "Ａna"])
def test_the_name_may_be_typed_in_any_case_and_width(services: Services, ana: PersonId, name: str) -> None:
    token = people.sign_in(services, name, PASSWORD)
    account = people.whoami(services, token)
    assert account is not None
    assert account.id == ana


@pytest.mark.parametrize(
    "name, password", [("Ana", "wrong horse"), ("Ben", PASSWORD), ("", ""), ("Ana", "\ud800" * 2000)]
)
def test_a_wrong_name_or_password_is_told_in_the_same_words(
    services: Services, ana: PersonId, name: str, password: str
) -> None:
    with pytest.raises(SignInFailed, match=r"^The name and the password do not match$"):
        people.sign_in(services, name, password)


def test_a_password_is_checked_for_a_name_nobody_has_too(services: Services, ana: PersonId) -> None:
    checked: list[str | None] = []

    class Watched:
        def is_right(self, password_hash: str | None, password: str) -> bool:
            checked.append(password_hash)
            return services.passwords.is_right(password_hash, password)

        hash = services.passwords.hash
        is_outdated = services.passwords.is_outdated
        is_easily_guessed = services.passwords.is_easily_guessed

    watched = replace(services, passwords=Watched())
    for name in ("Ana", "Nobody"):
        with pytest.raises(SignInFailed):
            people.sign_in(watched, name, "wrong horse")
    assert [bool(password_hash) for password_hash in checked] == [True, False]


def test_an_unknown_token_is_nobody(services: Services, ana: PersonId) -> None:
    assert people.whoami(services, "no such token") is None
    assert people.whoami(services, "\ud800") is None


def test_a_session_ends_thirty_days_after_it_was_last_used(
    services: Services, clock: SetClock, ana: PersonId
) -> None:
    token = people.sign_in(services, "Ana", PASSWORD)
    for _ in range(4):
        clock.move(days=29)
        assert people.whoami(services, token)
    clock.move(days=30)
    assert people.whoami(services, token) is None


def test_a_session_in_constant_use_ends_after_half_a_year(
    services: Services, clock: SetClock, ana: PersonId
) -> None:
    token = people.sign_in(services, "Ana", PASSWORD)
    for _ in range(179):
        clock.move(days=1)
        assert people.whoami(services, token)
    clock.move(days=1)
    assert people.whoami(services, token) is None


def test_signing_out_ends_one_session(services: Services, ana: PersonId) -> None:
    here, there = (people.sign_in(services, "Ana", PASSWORD) for _ in range(2))
    people.sign_out(services, here)
    people.sign_out(services, here)
    assert people.whoami(services, here) is None
    assert people.whoami(services, there)


def test_signing_out_everywhere_ends_all_of_ones_own_sessions(
    services: Services, ana: PersonId, ben: PersonId
) -> None:
    tokens = [people.sign_in(services, "Ana", PASSWORD) for _ in range(3)]
    bens = people.sign_in(services, "Ben", "battery staple")
    people.sign_out_everywhere(services, ana)
    assert [people.whoami(services, token) for token in tokens] == [None] * 3
    assert people.whoami(services, bens)


def test_a_new_password_ends_the_other_sessions(services: Services, ana: PersonId) -> None:
    here, there = (people.sign_in(services, "Ana", PASSWORD) for _ in range(2))
    people.set_password(services, ana, "a better one", Visit(here))
    assert people.whoami(services, here)
    assert people.whoami(services, there) is None
    assert people.sign_in(services, "Ana", "a better one")
    with pytest.raises(SignInFailed):
        people.sign_in(services, "Ana", PASSWORD)


def test_a_new_password_takes_a_fresh_sign_in(services: Services, clock: SetClock, ana: PersonId) -> None:
    token = people.sign_in(services, "Ana", PASSWORD)
    clock.move(minutes=9)
    people.set_password(services, ana, PASSWORD, Visit(token))
    clock.move(minutes=1)
    with pytest.raises(ConfirmationNeeded):
        people.set_password(services, ana, "a better one", Visit(token))
    with pytest.raises(SignInFailed):
        people.confirm(services, ana, "wrong horse", Visit(token))
    fresh = people.confirm(services, ana, PASSWORD, Visit(token))
    assert people.whoami(services, token) is None
    people.set_password(services, ana, "a better one", Visit(fresh))
    assert people.sign_in(services, "Ana", "a better one")


def test_after_ten_wrong_passwords_a_name_must_wait(
    services: Services, clock: SetClock, ana: PersonId
) -> None:
    for _ in range(10):
        with pytest.raises(SignInFailed, match="do not match"):
            people.sign_in(services, "Ana", "wrong horse")
        clock.move(seconds=30)
    with pytest.raises(TooManyTries, match="try again in 10 minutes"):
        people.sign_in(services, "Ana", PASSWORD)
    clock.move(minutes=10)
    assert people.sign_in(services, "Ana", PASSWORD)


def test_a_name_nobody_has_must_wait_all_the_same(services: Services, ana: PersonId) -> None:
    for _ in range(10):
        with pytest.raises(SignInFailed, match="do not match"):
            people.sign_in(services, "Nobody", "wrong horse")
    with pytest.raises(SignInFailed, match="try again in 15 minutes"):
        people.sign_in(services, "nobody", "wrong horse")
    assert people.sign_in(services, "Ana", PASSWORD)


def test_a_right_password_forgets_the_wrong_ones(services: Services, ana: PersonId) -> None:
    for _ in range(3):
        for _ in range(9):
            with pytest.raises(SignInFailed, match="do not match"):
                people.sign_in(services, "Ana", "wrong horse")
        assert people.sign_in(services, "Ana", PASSWORD)


def test_many_tries_at_once_count_as_many(services: Services, ana: PersonId) -> None:
    told: list[str] = []

    def guess() -> None:
        try:
            people.sign_in(services, "Ana", "wrong horse")
        except SignInFailed as failure:
            told.append(str(failure))

    threads = [threading.Thread(target=guess) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum("do not match" in words for words in told) == 10
    assert sum("Too many" in words for words in told) == 6


def test_wrong_passwords_for_deleting_are_counted_too(services: Services, ana: PersonId) -> None:
    for _ in range(10):
        with pytest.raises(SignInFailed, match="do not match"):
            people.delete_account(services, ana, "wrong horse")
    with pytest.raises(TooManyTries):
        people.delete_account(services, ana, PASSWORD)


def test_a_clock_set_back_locks_nobody_out(services: Services, clock: SetClock, ana: PersonId) -> None:
    for _ in range(10):
        with pytest.raises(SignInFailed):
            people.sign_in(services, "Ana", "wrong horse")
    clock.move(days=-1)
    assert people.sign_in(services, "Ana", PASSWORD)


def rows_of(services: Services, person: PersonId) -> dict[str, int]:
    """How many rows of each table are the person's; of the tries at passwords, all."""
    assert isinstance(services.store, DatabaseStore)
    counts = {}
    with services.store.engine.connect() as connection:
        for table in metadata.sorted_tables:
            query = select(func.count()).select_from(table)
            if table.name != "tries":
                query = query.where(table.c["id" if table.name == "people" else "person"] == person)
            counts[table.name] = connection.scalar(query) or 0
    return counts


def live_a_little(services: Services, person: PersonId) -> None:
    """Put a row of the person into every table."""
    ladder = ladders.name_ladder(services, person, "Talks", ["Say hello", "Give a talk"])
    evidence.judge(services, person, ladder.id, {step.id: 50 for step in ladder.steps})
    event_id = evidence.record(services, person, ladder.id, ladder.steps[0].id, Did.DONE)
    evidence.reflect(services, person, event_id, Reflection(what_helped="I wrote it down", aid=0.5))
    assert isinstance(services.store, DatabaseStore)
    now, a_id, some = services.clock.now(), str(uuid4()), person.encode()
    other = join(services)
    rows: dict[str, dict[str, object]] = {
        "passkeys": {"id": some, "public_key": b"x", "sign_count": 0, "name": b"x", "created_at": now},
        "recovery_codes": {"code_hash": b"x"},
        "challenges": {"token_hash": some, "challenge": b"x", "expires_at": now},
        "invitations": {"token_hash": some, "created_at": now, "expires_at": now},
        "preferences": {"content": b"x"},
        "plans": {
            "id": a_id,
            "ladder": ladder.id,
            "step": ladder.steps[0].id,
            "state": "done",
            "made_at": now,
            "content": b"x",
        },
        "esteem": {"at": now, "value": 4},
        "reminders": {"id": a_id, "content": b"x"},
        "deliveries": {"reminder": a_id, "due_at": now, "channel": "mail", "state": "sent", "tries": 1},
        "subscriptions": {"id": a_id, "content": b"x", "created_at": now},
        "feeds": {"token_hash": some, "created_at": now},
        "tokens": {
            "id": a_id,
            "digest": some,
            "name": b"x",
            "scopes": "read:ladders",
            "created_at": now,
            "expires_at": now,
        },
        "answers": {"token": a_id, "key_digest": b"x", "request_digest": b"x", "made_at": now},
        "webhooks": {
            "id": a_id,
            "kinds": "ladder.changed",
            "content": b"x",
            "created_at": now,
            "looked_at": now,
            "seen": 0,
        },
        "notices": {
            "id": a_id,
            "webhook": a_id,
            "kind": "test",
            "about": "{}",
            "happened_at": now,
            "state": "sent",
            "tries": 1,
            "answer": "200",
        },
    }
    rows |= {
        "identities": {"issuer": b"x", "subject": some, "label": b"x", "created_at": now},
        "scalings": {"ladder": ladder.id, "content": b"x"},
        "meetings": {"ladder": ladder.id, "at": now},
        "groups": {"id": a_id, "name": b"x", "created_at": now, "figures": "[]"},
        "offers": {
            "id": a_id,
            "token_hash": some,
            "role": "coach",
            "lets_in": True,
            "label": b"x",
            "created_at": now,
            "expires_at": now,
            "uses": 1,
        },
        "bonds": {"id": a_id, "other": other, "role": "coach", "supervised": False, "created_at": now},
        "consents": {"bond": a_id, "ladder": ladder.id, "fields": "texts", "given_at": now},
        "links": {
            "id": a_id,
            "token_hash": some,
            "ladder": ladder.id,
            "fields": "texts",
            "created_at": now,
            "expires_at": now,
        },
        "reads": {"id": a_id, "at": now, "reader": b"x", "view": "ladder", "fields": "texts"},
        "left_by_others": {
            "id": a_id,
            "by": other,
            "ladder": ladder.id,
            "kind": "step",
            "state": "open",
            "made_at": now,
            "content": b"x",
        },
        "snoozes": {"about": other, "until": now},
    }
    with services.store.engine.connect() as connection:
        for name, row in rows.items():
            connection.execute(metadata.tables[name].insert().values(person=person, **row))
        connection.commit()


def test_deleting_an_account_leaves_no_row_of_it_in_any_table(
    services: Services, ana: PersonId, ben: PersonId
) -> None:
    for person, name, password in ((ana, "Ana", PASSWORD), (ben, "Ben", "battery staple")):
        live_a_little(services, person)
        people.sign_in(services, name, password)
    with pytest.raises(SignInFailed):
        people.sign_in(services, "Ana", "wrong horse")
    before = rows_of(services, ben)
    assert all(rows_of(services, ana).values()), "every table has a row to delete"
    people.delete_account(services, ana, PASSWORD)
    assert not any(rows_of(services, ana).values())
    assert {**before, "tries": 0} == rows_of(services, ben)


def test_a_deleted_account_is_gone_for_every_use(services: Services, ana: PersonId) -> None:
    token = people.sign_in(services, "Ana", PASSWORD)
    people.delete_account(services, ana, PASSWORD)
    assert people.whoami(services, token) is None
    assert people.is_new(services)
    with pytest.raises(NotFound):
        people.account_of(services, ana)
    with pytest.raises(NotFound):
        people.delete_account(services, ana, PASSWORD)


def test_deleting_takes_the_password(services: Services, ana: PersonId) -> None:
    with pytest.raises(SignInFailed):
        people.delete_account(services, ana, "wrong horse")
    assert people.account_of(services, ana)


def test_expired_sessions_are_cleared_away(services: Services, clock: SetClock, ana: PersonId) -> None:
    people.sign_in(services, "Ana", PASSWORD)
    clock.moment += timedelta(days=200)
    people.sign_in(services, "Ana", PASSWORD)
    assert rows_of(services, ana)["sessions"] == 1


def test_two_people_sign_in_apart(services: Services, ana: PersonId) -> None:
    carla = join(services, "Carla")
    account = people.whoami(services, people.sign_in(services, "carla", "battery staple"))
    assert account is not None
    assert account.id == carla


def test_a_name_without_end_is_unknown_and_costs_no_more_than_a_long_one(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    longest = "n" * 200
    people.welcome(services, longest, PASSWORD)
    folded: list[int] = []
    normalize = unicodedata.normalize

    def measured(form: Literal["NFC", "NFD", "NFKC", "NFKD"], text: str) -> str:
        folded.append(len(text))
        return normalize(form, text)

    monkeypatch.setattr(unicodedata, "normalize", measured)
    for name in (longest + "n", longest * 100, "a" + "\u0301\u0323" * 200_000):
        with pytest.raises(SignInFailed, match="do not match"):
            people.sign_in(services, name, PASSWORD)
    assert people.sign_in(services, f"  {longest} ", PASSWORD)
    assert max(folded) <= 201
