"""Recovery codes, invitations, sessions, names and the server of one person."""

import contextlib
import threading
from collections.abc import Callable

import pytest
from tests.authenticator import HERE
from tests.conftest import join
from tests.databases import SetClock

from rung.app.accounts import invitations, passkeys, people, recovery, sessions
from rung.app.accounts.sessions import Visit
from rung.app.accounts.ways_in import overview
from rung.app.model import PersonId
from rung.app.ports import Services
from rung.errors import (
    ConfirmationNeeded,
    Conflict,
    InvalidInput,
    InvalidPassword,
    NotFound,
    SignInFailed,
    TooManyTries,
)

PASSWORD = "correct horse"
BENS = "battery staple"


def visit_of(services: Services, name: str = "Ana", password: str = PASSWORD) -> Visit:
    return Visit(people.sign_in(services, name, password, "Firefox/130.0"))


# Recovery codes


def test_each_recovery_code_opens_the_account_once(services: Services, ana: PersonId) -> None:
    codes = recovery.make_codes(services, ana, visit_of(services))
    assert len(set(codes)) == 10
    typed = f"  {codes[0].upper().replace('-', ' ')} "
    account = people.whoami(services, recovery.sign_in_with_code(services, "ANA", typed))
    assert account is not None
    assert account.id == ana
    assert recovery.codes_left(services, ana) == 9
    with pytest.raises(SignInFailed, match="used before"):
        recovery.sign_in_with_code(services, "Ana", codes[0])
    assert recovery.sign_in_with_code(services, "Ana", codes[1])


def test_a_session_by_a_code_is_fresh_so_that_a_new_way_in_can_be_made(
    services: Services, ana: PersonId, clock: SetClock
) -> None:
    code = recovery.make_codes(services, ana, visit_of(services))[0]
    clock.move(days=100)
    visit = Visit(recovery.sign_in_with_code(services, "Ana", code))
    people.set_password(services, ana, "a better one", visit)
    assert people.sign_in(services, "Ana", "a better one")


def test_new_codes_take_the_place_of_all_older_ones(services: Services, ana: PersonId) -> None:
    visit = visit_of(services)
    old = recovery.make_codes(services, ana, visit)
    new = recovery.make_codes(services, ana, visit)
    assert not set(old) & set(new)
    with pytest.raises(SignInFailed):
        recovery.sign_in_with_code(services, "Ana", old[0])
    assert recovery.sign_in_with_code(services, "Ana", new[0])


def test_codes_are_made_after_a_fresh_sign_in_alone(
    services: Services, ana: PersonId, clock: SetClock
) -> None:
    visit = visit_of(services)
    clock.move(minutes=10)
    with pytest.raises(ConfirmationNeeded):
        recovery.make_codes(services, ana, visit)
    assert recovery.codes_left(services, ana) == 0


def test_the_code_of_somebody_else_opens_nothing(services: Services, ana: PersonId, ben: PersonId) -> None:
    code = recovery.make_codes(services, ana, visit_of(services))[0]
    for name in ("Ben", "Nobody", ""):
        with pytest.raises(SignInFailed, match="do not match"):
            recovery.sign_in_with_code(services, name, code)
    assert recovery.codes_left(services, ana) == 10


def test_tries_at_codes_and_passwords_count_together(services: Services, ana: PersonId) -> None:
    code = recovery.make_codes(services, ana, visit_of(services))[0]
    for _ in range(5):
        with pytest.raises(SignInFailed, match="do not match"):
            people.sign_in(services, "Ana", "wrong horse")
        with pytest.raises(SignInFailed, match="do not match"):
            recovery.sign_in_with_code(services, "Ana", "wrong-code-here")
    with pytest.raises(TooManyTries):
        recovery.sign_in_with_code(services, "Ana", code)
    assert recovery.codes_left(services, ana) == 10


def test_a_code_sent_many_times_at_once_opens_one_session(services: Services, ana: PersonId) -> None:
    code = recovery.make_codes(services, ana, visit_of(services))[0]
    opened: list[str] = []

    def send() -> None:
        with contextlib.suppress(SignInFailed):
            opened.append(recovery.sign_in_with_code(services, "Ana", code))

    threads = [threading.Thread(target=send) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(opened) == 1


@pytest.mark.parametrize("code", ["", "-", "\0", "\ud800", "x" * 100_000, "ﬀ" * 12, "' OR 1=1 --"])
def test_whatever_is_sent_as_a_code_is_a_wrong_code(services: Services, ana: PersonId, code: str) -> None:
    recovery.make_codes(services, ana, visit_of(services))
    with pytest.raises(SignInFailed, match="do not match"):
        recovery.sign_in_with_code(services, "Ana", code)


# Invitations


def test_an_invitation_makes_one_account(services: Services, ana: PersonId) -> None:
    code = invitations.invite(services, ana)
    assert invitations.is_good(services, f" {code} ")
    carla = people.join(services, code, "Carla", PASSWORD)
    assert people.account_named(services, "carla") == carla
    assert not invitations.is_good(services, code)
    with pytest.raises(NotFound, match="not open any more"):
        people.join(services, code, "Dora", PASSWORD)


def test_an_invitation_ends_after_seven_days(services: Services, ana: PersonId, clock: SetClock) -> None:
    code = invitations.invite(services, ana)
    clock.move(days=7)
    assert not invitations.is_good(services, code)
    assert invitations.invitations_of(services, ana) == []
    with pytest.raises(NotFound):
        people.join(services, code, "Carla", PASSWORD)
    with pytest.raises(NotFound):
        passkeys.begin_account(services, HERE, "Carla", code)


def test_an_invitation_that_is_taken_back_opens_nothing(services: Services, ana: PersonId) -> None:
    code = invitations.invite(services, ana)
    [made] = invitations.invitations_of(services, ana)
    invitations.take_back(services, ana, made.token_hash.hex())
    assert not invitations.is_good(services, code)
    with pytest.raises(NotFound):
        invitations.take_back(services, ana, made.token_hash.hex())


def test_of_many_who_join_at_once_with_one_invitation_one_gets_in(services: Services, ana: PersonId) -> None:
    code = invitations.invite(services, ana)
    made: list[str] = []

    def come(name: str) -> None:
        with contextlib.suppress(NotFound):
            made.append(people.join(services, code, name, PASSWORD).name)

    threads = [threading.Thread(target=come, args=(f"person {number}",)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 1


@pytest.mark.parametrize("code", ["", "x", "\0", "\ud800", "x" * 100_000])
def test_without_an_invitation_nobody_joins_and_no_name_is_told(
    services: Services, ana: PersonId, code: str
) -> None:
    for name in ("Ana", "Carla"):
        with pytest.raises(NotFound, match="not open any more"):
            people.join(services, code, name, PASSWORD)
        with pytest.raises(NotFound, match="not open any more"):
            passkeys.begin_account(services, HERE, name, code)


def test_a_name_that_is_taken_does_not_use_the_invitation_up(services: Services, ana: PersonId) -> None:
    code = invitations.invite(services, ana)
    with pytest.raises(InvalidInput, match="has this name already"):
        people.join(services, code, "ANA", PASSWORD)
    with pytest.raises(InvalidPassword):
        people.join(services, code, "Carla", "short")
    assert people.join(services, code, "Carla", PASSWORD)


def test_an_invitation_does_not_tell_who_is_here(services: Services, ana: PersonId, ben: PersonId) -> None:
    code = invitations.invite(services, ana)
    told: list[str] = []
    for number in range(12):
        with pytest.raises((InvalidInput, TooManyTries)) as failure:
            people.join(services, code, ("Ana", "Ben")[number % 2], PASSWORD)
        told.append(str(failure.value))
    assert sum("Too many names" in words for words in told) == 2


def test_a_person_has_twenty_open_invitations_at_most(services: Services, ana: PersonId) -> None:
    for _ in range(20):
        invitations.invite(services, ana)
    with pytest.raises(Conflict, match="take one back"):
        invitations.invite(services, ana)


def test_the_operator_invites_in_the_name_of_the_first_person(
    services: Services, ana: PersonId, clock: SetClock
) -> None:
    clock.move(minutes=1)
    ben = join(services, "Ben")
    code = invitations.invite_as_operator(services)
    assert len(invitations.invitations_of(services, ana)) == 1
    assert invitations.invitations_of(services, ben) == []
    assert people.join(services, code, "Carla", PASSWORD)


def test_on_a_new_server_there_is_nothing_to_invite_to(services: Services) -> None:
    with pytest.raises(Conflict, match="no account yet"):
        invitations.invite_as_operator(services)


def test_invitations_go_with_the_account_of_who_made_them(
    services: Services, ana: PersonId, ben: PersonId
) -> None:
    code = invitations.invite(services, ben)
    people.delete_account(services, ben, BENS)
    assert not invitations.is_good(services, code)


# Sessions


def test_a_session_knows_its_browser_and_can_be_ended_from_another_one(
    services: Services, ana: PersonId, clock: SetClock
) -> None:
    there = visit_of(services)
    clock.move(minutes=1)
    here = Visit(people.sign_in(services, "Ana", PASSWORD, "Chrome/1 on \0 Linux" + "x" * 1000))
    seen = overview(services, ana, here).sessions
    assert [sessions.is_here(session, here) for session in seen] == [True, False]
    assert seen[0].agent.startswith("Chrome/1 on  Linux")
    assert len(seen[0].agent) == 200
    sessions.end_session(services, ana, seen[1].token_hash.hex())
    assert people.whoami(services, there.token) is None
    assert people.whoami(services, here.token)


def test_all_other_sessions_can_be_ended_at_once(services: Services, ana: PersonId, ben: PersonId) -> None:
    others = [visit_of(services) for _ in range(3)]
    bens = visit_of(services, "Ben", BENS)
    here = visit_of(services)
    sessions.end_other_sessions(services, ana, here)
    assert [people.whoami(services, visit.token) for visit in others] == [None] * 3
    assert people.whoami(services, here.token)
    assert people.whoami(services, bens.token)


def test_a_clock_set_back_makes_no_session_fresh(services: Services, ana: PersonId, clock: SetClock) -> None:
    visit = visit_of(services)
    clock.move(minutes=-5)
    assert not sessions.is_fresh(services, ana, visit)


# Names


def test_a_name_is_changed_and_signs_in_from_then_on(services: Services, ana: PersonId) -> None:
    people.rename(services, ana, " Anita ")
    assert people.account_of(services, ana).name == "Anita"
    assert people.sign_in(services, "anita", PASSWORD)
    with pytest.raises(SignInFailed):
        people.sign_in(services, "Ana", PASSWORD)
    people.rename(services, ana, "ANITA")
    assert people.account_of(services, ana).name == "ANITA"


def test_nobody_takes_the_name_of_somebody_else_nor_tries_many(
    services: Services, ana: PersonId, ben: PersonId, clock: SetClock
) -> None:
    for _ in range(10):
        with pytest.raises(InvalidInput, match="has this name already"):
            people.rename(services, ben, " ana")
    with pytest.raises(TooManyTries):
        people.rename(services, ben, "Ana")
    clock.move(minutes=15)
    with pytest.raises(InvalidInput):
        people.rename(services, ben, "x" * 201)
    assert people.account_of(services, ben).name == "Ben"


# One person, one machine


def test_the_account_of_a_server_of_one_person_is_made_once(services: Services) -> None:
    assert people.only_account(services) is None
    made = people.solo_account(services)
    assert made.name == "You"
    assert people.solo_account(services) == people.only_account(services) == made
    people.set_password(services, made.id, PASSWORD, Visit(solo=True))
    assert people.sign_in(services, "You", PASSWORD)


def test_a_server_of_several_people_is_nobodys_alone(
    services: Services, ana: PersonId, ben: PersonId
) -> None:
    with pytest.raises(Conflict, match="everybody must sign in"):
        people.solo_account(services)
    assert people.only_account(services) is None


def test_without_any_way_in_nobody_signs_in(services: Services) -> None:
    people.solo_account(services)
    for password in ("", "x"):
        with pytest.raises(SignInFailed):
            people.sign_in(services, "You", password)


# What is somebody else's

Door = Callable[[Services, PersonId, Visit, str], object]

DOORS: dict[str, Door] = {
    "sessions.end_session": lambda s, ben, visit, thing: sessions.end_session(s, ben, thing),
    "invitations.take_back": lambda s, ben, visit, thing: invitations.take_back(s, ben, thing),
}


@pytest.mark.parametrize("door", DOORS)
def test_what_is_somebody_elses_looks_like_what_does_not_exist(
    services: Services, ana: PersonId, ben: PersonId, door: str
) -> None:
    anas = visit_of(services)
    code = invitations.invite(services, ana)
    visit = visit_of(services, "Ben", BENS)
    known = {
        "sessions.end_session": sessions.token_hash(anas.token).hex(),
        "invitations.take_back": sessions.token_hash(code).hex(),
    }
    for thing in (known[door], "00" * 32, ""):
        with pytest.raises(NotFound, match=r"^There is no such (session|invitation)$"):
            DOORS[door](services, ben, visit, thing)
    with pytest.raises(InvalidInput):
        DOORS[door](services, ben, visit, "not hex")
    assert people.whoami(services, anas.token)
    assert invitations.is_good(services, code)


def test_somebody_who_is_gone_does_nothing_more(services: Services, ana: PersonId) -> None:
    visit = visit_of(services)
    people.delete_account(services, ana, PASSWORD)
    for act in (
        lambda: recovery.make_codes(services, ana, visit),
        lambda: recovery.codes_left(services, ana),
        lambda: invitations.invite(services, ana),
        lambda: invitations.invitations_of(services, ana),
        lambda: sessions.end_other_sessions(services, ana, visit),
        lambda: sessions.is_fresh(services, ana, visit),
        lambda: overview(services, ana, visit),
        lambda: passkeys.passkeys_of(services, ana),
        lambda: passkeys.begin_adding(services, ana, HERE, visit),
        lambda: passkeys.begin_confirming(services, ana, HERE),
        lambda: people.set_password(services, ana, "a better one", visit),
        lambda: people.remove_password(services, ana, visit),
        lambda: people.rename(services, ana, "x"),
        lambda: people.ways_in(services, ana),
    ):
        with pytest.raises(NotFound, match="no such account"):
            act()
