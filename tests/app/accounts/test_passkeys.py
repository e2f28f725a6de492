"""Passkeys with a real authenticator in software: what opens an account, and what does not."""

import contextlib
import copy
import threading
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from tests.authenticator import HERE, Authenticator
from tests.databases import SetClock

from rung.adapters.database import DatabaseStore
from rung.adapters.database.schema import challenges
from rung.app.accounts import invitations, passkeys, people, sessions
from rung.app.accounts.passkeys import Ceremony
from rung.app.accounts.sessions import Visit
from rung.app.model import PersonId
from rung.app.ports import Place, Services
from rung.errors import (
    ConfirmationNeeded,
    Conflict,
    InvalidInput,
    NotFound,
    RungError,
    SignInFailed,
    TooManyTries,
)

PASSWORD = "correct horse"


@dataclass
class Person:
    id: PersonId
    device: Authenticator
    visit: Visit


def arrive(services: Services, name: str = "Ana", code: str | None = None) -> Person:
    """Make an account with a passkey."""
    device = Authenticator()
    begun = passkeys.begin_account(services, HERE, name, code)
    token = passkeys.make_account(
        services, HERE, name, code, begun.token, device.make(begun), "Firefox on Linux", "Firefox"
    )
    account = people.whoami(services, token)
    assert account is not None
    return Person(account.id, device, Visit(token))


def sign_in(services: Services, device: Authenticator) -> str:
    begun = passkeys.begin_sign_in(services, HERE)
    return passkeys.sign_in_with_passkey(services, HERE, begun.token, device.use(begun))


def add(services: Services, person: Person, device: Authenticator) -> None:
    begun = passkeys.begin_adding(services, person.id, HERE, person.visit)
    passkeys.add_passkey(services, person.id, HERE, begun.token, device.make(begun), "My phone", person.visit)


def test_an_account_is_made_with_a_passkey_and_opened_by_it_alone(services: Services) -> None:
    ana = arrive(services)
    assert people.account_of(services, ana.id).name == "Ana"
    assert people.ways_in(services, ana.id).has_password is False
    opened = people.whoami(services, sign_in(services, ana.device))
    assert opened is not None
    assert opened.id == ana.id
    for password in ("", "x", PASSWORD):
        with pytest.raises(SignInFailed, match="do not match"):
            people.sign_in(services, "Ana", password)


def test_the_browser_is_asked_for_a_passkey_that_needs_no_name(services: Services) -> None:
    asked: Any = passkeys.begin_account(services, HERE, "Ana", None).options
    assert asked["rp"]["id"] == "localhost"
    assert asked["authenticatorSelection"]["residentKey"] == "required"
    assert asked["authenticatorSelection"]["userVerification"] == "preferred"
    assert asked["attestation"] == "none"
    sign_in_options: Any = passkeys.begin_sign_in(services, HERE).options
    assert sign_in_options.get("allowCredentials", []) == []


def test_of_two_first_accounts_that_were_begun_one_is_made(services: Services) -> None:
    first, second = (passkeys.begin_account(services, HERE, name, None) for name in ("Ana", "Ben"))
    for name, begun in (("Ana", first), ("Ben", second)):
        answer = Authenticator().make(begun)
        with contextlib.suppress(Conflict):
            passkeys.make_account(services, HERE, name, None, begun.token, answer, "x")
    assert people.account_named(services, "Ana")
    with pytest.raises(NotFound):
        people.account_named(services, "Ben")
    with pytest.raises(Conflict):
        passkeys.begin_account(services, HERE, "Carla", None)


def test_a_passkey_serves_the_name_that_it_was_begun_for_and_no_other(services: Services) -> None:
    begun = passkeys.begin_account(services, HERE, "Ana", None)
    with pytest.raises(SignInFailed, match="once more"):
        passkeys.make_account(services, HERE, "Eve", None, begun.token, Authenticator().make(begun), "x")
    assert people.is_new(services)


def test_an_answer_counts_once(services: Services) -> None:
    ana = arrive(services)
    begun = passkeys.begin_sign_in(services, HERE)
    answer = ana.device.use(begun)
    assert passkeys.sign_in_with_passkey(services, HERE, begun.token, answer)
    with pytest.raises(SignInFailed, match="once more"):
        passkeys.sign_in_with_passkey(services, HERE, begun.token, answer)


def test_an_answer_sent_many_times_at_once_opens_one_session(services: Services) -> None:
    ana = arrive(services)
    begun = passkeys.begin_sign_in(services, HERE)
    answer = ana.device.use(begun)
    opened: list[str] = []

    def send() -> None:
        with contextlib.suppress(SignInFailed):
            opened.append(passkeys.sign_in_with_passkey(services, HERE, begun.token, answer))

    threads = [threading.Thread(target=send) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(opened) == 1


def test_a_challenge_ends_after_five_minutes(services: Services, clock: SetClock) -> None:
    ana = arrive(services)
    begun = passkeys.begin_sign_in(services, HERE)
    answer = ana.device.use(begun)
    clock.move(minutes=5)
    with pytest.raises(SignInFailed, match="took too long"):
        passkeys.sign_in_with_passkey(services, HERE, begun.token, answer)


def test_a_challenge_for_one_thing_opens_nothing_else(services: Services) -> None:
    ana = arrive(services)
    to_sign_in = passkeys.begin_sign_in(services, HERE)
    to_confirm = passkeys.begin_confirming(services, ana.id, HERE)
    to_add = passkeys.begin_adding(services, ana.id, HERE, ana.visit)
    with pytest.raises(SignInFailed):
        passkeys.sign_in_with_passkey(services, HERE, to_confirm.token, ana.device.use(to_confirm))
    with pytest.raises(SignInFailed):
        passkeys.confirm_with_passkey(
            services, ana.id, HERE, to_sign_in.token, ana.device.use(to_sign_in), ana.visit
        )
    with pytest.raises(SignInFailed):
        passkeys.sign_in_with_passkey(services, HERE, to_add.token, ana.device.use(to_sign_in))


@pytest.mark.parametrize(
    "place",
    [
        Place("localhost", "http://localhost:1"),
        Place("localhost", "https://localhost:8000"),
        Place("evil.example", "https://evil.example"),
        Place("localhost", "http://evil.example"),
    ],
    ids=lambda place: place.origin,
)
def test_a_passkey_that_was_used_on_a_foreign_page_opens_nothing(services: Services, place: Place) -> None:
    ana = arrive(services)
    begun = passkeys.begin_sign_in(services, HERE)
    ana.device.place = place
    with pytest.raises(SignInFailed):
        passkeys.sign_in_with_passkey(services, HERE, begun.token, ana.device.use(begun))
    fresh = passkeys.begin_adding(services, ana.id, HERE, ana.visit)
    with pytest.raises(InvalidInput):
        passkeys.add_passkey(
            services, ana.id, HERE, fresh.token, Authenticator(place).make(fresh), "x", ana.visit
        )


def test_another_key_under_the_same_id_opens_nothing(services: Services) -> None:
    ana = arrive(services)
    forged = Authenticator(id=ana.device.id, handle=ana.device.handle)
    with pytest.raises(SignInFailed):
        sign_in(services, forged)


def test_a_passkey_that_names_somebody_else_opens_nothing(services: Services) -> None:
    ana = arrive(services)
    ana.device.handle = b"x" * 16
    with pytest.raises(SignInFailed):
        sign_in(services, ana.device)


def test_a_copy_of_a_passkey_is_known_by_its_count(services: Services) -> None:
    ana = arrive(services)
    cloned = copy.copy(ana.device)
    for _ in range(2):
        sign_in(services, ana.device)
    with pytest.raises(SignInFailed):
        sign_in(services, cloned)


def test_a_passkey_that_does_not_count_stays_at_nought(services: Services) -> None:
    ana = arrive(services)
    ana.device.counts = False
    for _ in range(3):
        assert sign_in(services, ana.device)
    assert passkeys.passkeys_of(services, ana.id)[0].sign_count == 0


def test_a_second_passkey_opens_the_same_account_and_the_first_may_go(
    services: Services, clock: SetClock
) -> None:
    ana = arrive(services)
    clock.move(minutes=1)
    phone = Authenticator()
    add(services, ana, phone)
    first, second = passkeys.passkeys_of(services, ana.id)
    assert (first.name, second.name) == ("Firefox on Linux", "My phone")
    passkeys.rename_passkey(services, ana.id, second.id.hex(), " Old phone ")
    passkeys.remove_passkey(services, ana.id, first.id.hex(), ana.visit)
    assert [passkey.name for passkey in passkeys.passkeys_of(services, ana.id)] == ["Old phone"]
    assert sign_in(services, phone)
    with pytest.raises(SignInFailed):
        sign_in(services, ana.device)


def test_the_only_way_in_cannot_be_removed(services: Services) -> None:
    ana = arrive(services)
    key = ana.device.id.hex()
    with pytest.raises(Conflict, match="only way in"):
        passkeys.remove_passkey(services, ana.id, key, ana.visit)
    people.set_password(services, ana.id, PASSWORD, ana.visit)
    passkeys.remove_passkey(services, ana.id, key, ana.visit)
    with pytest.raises(Conflict, match="only way in"):
        people.remove_password(services, ana.id, ana.visit)
    assert people.sign_in(services, "Ana", PASSWORD)


def test_of_two_last_ways_in_removed_at_once_one_stays(services: Services) -> None:
    ana = arrive(services)
    people.set_password(services, ana.id, PASSWORD, ana.visit)
    removals = (
        lambda: passkeys.remove_passkey(services, ana.id, ana.device.id.hex(), ana.visit),
        lambda: people.remove_password(services, ana.id, ana.visit),
    )

    def remove(what: Any) -> None:
        with contextlib.suppress(Conflict):
            what()

    threads = [threading.Thread(target=remove, args=(what,)) for what in removals]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert people.ways_in(services, ana.id).count == 1


def test_ways_in_are_changed_by_somebody_who_has_just_shown_that_it_is_them(
    services: Services, clock: SetClock
) -> None:
    ana = arrive(services)
    clock.move(minutes=10)
    assert not sessions.is_fresh(services, ana.id, ana.visit)
    for change in (
        lambda: passkeys.begin_adding(services, ana.id, HERE, ana.visit),
        lambda: passkeys.remove_passkey(services, ana.id, ana.device.id.hex(), ana.visit),
        lambda: people.set_password(services, ana.id, PASSWORD, ana.visit),
        lambda: people.remove_password(services, ana.id, ana.visit),
        lambda: people.delete_account(services, ana.id, visit=ana.visit),
        lambda: people.delete_account(services, ana.id, "", Visit("no such token")),
    ):
        with pytest.raises(ConfirmationNeeded):
            change()
    begun = passkeys.begin_confirming(services, ana.id, HERE)
    token = passkeys.confirm_with_passkey(
        services, ana.id, HERE, begun.token, ana.device.use(begun), ana.visit
    )
    assert people.whoami(services, ana.visit.token) is None, "the new session is in place of the old one"
    people.set_password(services, ana.id, PASSWORD, Visit(token))
    people.delete_account(services, ana.id, PASSWORD)
    assert people.is_new(services)


def test_somebody_elses_fresh_session_changes_nothing_of_mine(services: Services) -> None:
    ana = arrive(services)
    ben = arrive(services, "Ben", invited(services, ana.id))
    with pytest.raises(ConfirmationNeeded):
        people.set_password(services, ana.id, PASSWORD, ben.visit)


def test_an_account_without_a_password_is_deleted_after_a_fresh_sign_in(services: Services) -> None:
    ana = arrive(services)
    people.delete_account(services, ana.id, visit=ana.visit)
    assert people.is_new(services)
    with pytest.raises(SignInFailed):
        sign_in(services, ana.device)


def test_nobody_confirms_with_the_passkey_of_somebody_else(services: Services) -> None:
    ana = arrive(services)
    ben = arrive(services, "Ben", invited(services, ana.id))
    begun = passkeys.begin_confirming(services, ana.id, HERE)
    with pytest.raises(SignInFailed):
        passkeys.confirm_with_passkey(services, ana.id, HERE, begun.token, ben.device.use(begun), ana.visit)
    again = passkeys.begin_confirming(services, ana.id, HERE)
    with pytest.raises(SignInFailed):
        passkeys.confirm_with_passkey(services, ben.id, HERE, again.token, ben.device.use(again), ben.visit)


def test_one_passkey_cannot_be_stored_for_two_people(services: Services) -> None:
    ana = arrive(services)
    ben = arrive(services, "Ben", invited(services, ana.id))
    with pytest.raises(Conflict):
        add(services, ben, ana.device)
    assert len(passkeys.passkeys_of(services, ben.id)) == 1


def test_strangers_begin_no_more_than_so_many_ceremonies_a_minute(
    services: Services, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passkeys, "MOST_OF_STRANGERS", 30)
    ana = arrive(services)
    code = invitations.invite(services, ana.id)
    for _ in range(30):
        passkeys.begin_sign_in(services, HERE)
    with pytest.raises(TooManyTries, match="in a minute"):
        passkeys.begin_sign_in(services, HERE)
    assert passkeys.begin_confirming(services, ana.id, HERE), "a person's own are counted apart"
    assert passkeys.begin_account(services, HERE, "Ben", code), "and so is joining"
    clock.move(minutes=1)
    assert sign_in(services, ana.device)


def test_expired_challenges_are_cleared_away(services: Services, clock: SetClock) -> None:
    ana = arrive(services)
    for _ in range(3):
        passkeys.begin_sign_in(services, HERE)
    clock.move(minutes=6)
    begun = passkeys.begin_sign_in(services, HERE)
    assert isinstance(services.store, DatabaseStore)
    with services.store.engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(challenges)) == 1
    assert passkeys.sign_in_with_passkey(services, HERE, begun.token, ana.device.use(begun))


def test_a_person_has_twenty_passkeys_at_most(services: Services, clock: SetClock) -> None:
    ana = arrive(services)
    for _ in range(19):
        add(services, ana, Authenticator())
        clock.move(seconds=2)
    with pytest.raises(Conflict, match="remove one first"):
        add(services, ana, Authenticator())


def test_passkeys_of_others_look_like_those_that_do_not_exist(services: Services) -> None:
    ana = arrive(services)
    ben = arrive(services, "Ben", invited(services, ana.id))
    for key in (ana.device.id.hex(), "00" * 32):
        with pytest.raises(NotFound, match=r"^There is no such passkey$"):
            passkeys.rename_passkey(services, ben.id, key, "x")
        with pytest.raises(NotFound, match=r"^There is no such passkey$"):
            passkeys.remove_passkey(services, ben.id, key, ben.visit)
    with pytest.raises(InvalidInput):
        passkeys.rename_passkey(services, ben.id, "not hex", "x")
    assert passkeys.passkeys_of(services, ana.id)[0].name == "Firefox on Linux"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner, max_size=3),
    max_leaves=8,
)
PARTS = ("id", "rawId", "type", "response")
INNER = ("clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle")


@given(st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_a_browser_answers_is_told_as_an_error_of_ours(
    sqlite_services: Services, data: st.DataObject
) -> None:
    services = sqlite_services
    device = Authenticator()
    begun = Ceremony("t", services.ceremonies.creation(HERE, b"c" * 32, b"h" * 16, "Ana", ()))
    for answer in (device.make(begun), device.use(begun)):
        if data.draw(st.booleans()):
            answer[data.draw(st.sampled_from(PARTS))] = data.draw(JSON)
        else:
            answer["response"][data.draw(st.sampled_from(INNER))] = data.draw(JSON)
        with contextlib.suppress(RungError):
            services.ceremonies.created(HERE, b"c" * 32, answer)
        with contextlib.suppress(RungError):
            services.ceremonies.id_in(answer)


def invited(services: Services, person: PersonId) -> str:
    return invitations.invite(services, person)
