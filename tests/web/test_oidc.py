"""Signing in by a provider, over real HTTP: Rung here, and a provider in a process of its own there."""

import io
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from fastapi import FastAPI
from tests.web import oidc_provider
from tests.web.stage import NAME, PASSWORD, Visitor, path_of, served, session_of

from rung.adapters.clock import SystemClock
from rung.adapters.database import DatabaseStore
from rung.adapters.database.resealing import reseal
from rung.adapters.logs import logging_as
from rung.adapters.oidc import OidcProviders
from rung.adapters.oidc_settings import oidc_settings
from rung.adapters.vault import AesVault, new_key, read_keys
from rung.app.accounts import identities, invitations, people
from rung.app.accounts.credentials import issuer_digests, name_keys
from rung.app.accounts.sessions import Visit
from rung.app.ports import Services
from rung.web import Settings, create_app

OTHER = "Ben"


class Example:
    """The provider, as a test sees it."""

    def __init__(self, address: str) -> None:
        self.address = address

    def told(self, **how: object) -> None:
        """Let it behave like this from now on."""
        assert httpx.post(f"{self.address}/control", json=how).status_code == 200

    def settings(self, **more: object) -> dict[str, str]:
        one = {
            "name": "Example & Sons",
            "key": "example",
            "issuer": self.address,
            "client_id": oidc_provider.CLIENT,
            "secret_env": "EXAMPLE",
            **more,
        }
        redirect = one.pop("redirect", False)
        second = {"name": "Away", "issuer": "https://away.example", "client_id": "x"}
        told = {"providers": [one, second], "redirect": redirect}
        return {"RUNG_OIDC": json.dumps(told), "EXAMPLE": oidc_provider.SECRET}


@pytest.fixture(scope="module")
def process() -> Iterator[str]:
    command = [sys.executable, str(Path(oidc_provider.__file__))]
    started = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert started.stdout
    yield started.stdout.readline().strip()
    started.kill()
    started.communicate()


@pytest.fixture
def example(process: str) -> Iterator[Example]:
    found = Example(process)
    found.told()
    yield found
    found.told()


Open = Callable[..., Services]


@pytest.fixture
def with_providers(sqlite_services: Services, example: Example) -> Open:
    """The services with the provider in them, and with the hour that it goes by."""

    def made(**settings: object) -> Services:
        read = oidc_settings(example.settings(**settings))
        assert read
        return replace(sqlite_services, clock=SystemClock(), providers=OidcProviders(read))

    return made


@pytest.fixture
def now_services(with_providers: Open) -> Services:
    return with_providers()


@pytest.fixture
def app(now_services: Services) -> FastAPI:
    return create_app(now_services, Settings())


@pytest.fixture
def robin(stranger: Visitor, now_services: Services) -> Visitor:
    """Somebody with a password, signed in just now."""
    people.welcome(now_services, NAME, PASSWORD)
    session_of(stranger, now_services)
    return stranger


def led_to(page: httpx.Response) -> str:
    """Where the page between leads."""
    assert page.status_code == 200, page.text
    found = re.search(r'http-equiv="refresh" content="0;url=([^"]+)"', page.text)
    assert found, page.text
    return unescape(found[1])


def back_from(address: str, user: str, browser: httpx.Client | None = None) -> str:
    """Sign in at the provider, over its own page; where it sends the browser back to."""
    with browser or httpx.Client() as client:
        asked = client.get(address)
        if asked.status_code == 200:
            hidden = re.findall(r'type=hidden name="([^"]+)" value="([^"]*)"', asked.text)
            form = {name: unescape(value) for name, value in hidden}
            login = "{0.scheme}://{0.netloc}/login".format(urlsplit(address))
            asked = client.post(login, data={**form, "user": user})
    assert asked.status_code == 303, asked.text
    return asked.headers["location"]


def arrive(visitor: Visitor, back: str) -> httpx.Response:
    """Come back, as a browser does from another host."""
    return visitor.get(back, headers={"sec-fetch-site": "cross-site", "origin": ""})


def through(visitor: Visitor, path: str, user: str = "robin", **form: str) -> httpx.Response:
    """There and back again."""
    return arrive(visitor, back_from(led_to(visitor.send_form(path, provider="example", **form)), user))


def linked(visitor: Visitor, user: str = "robin") -> None:
    assert path_of(through(visitor, "/you/identities/add", user)) == "/you/sign-in"


# There and back


def test_an_account_is_linked_and_then_opens_the_door(robin: Visitor, now_services: Services) -> None:
    linked(robin)
    page = robin.page("/you/sign-in")
    assert "You can sign in with that account from now on." in page
    assert "Example &amp; Sons" in page
    assert "robin · Added" in page
    robin.send_form("/sign-out")
    assert path_of(robin.get("/you")) == "/sign-in"
    assert "Sign in with Example &amp; Sons" in robin.page("/sign-in?stay=yes")
    assert path_of(through(robin, "/sign-in/with")) == "/"
    assert "a password; 1 account elsewhere" in robin.page("/you").lower()


def test_the_way_there_carries_what_the_book_asks_for(stranger: Visitor, robin: Visitor) -> None:
    address = led_to(robin.send_form("/sign-in/with", provider="example"))
    asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    assert asked["response_type"] == "code"
    assert asked["scope"] == "openid profile"
    assert asked["code_challenge_method"] == "S256"
    assert len(asked["code_challenge"]) == 43
    assert len(asked["state"]) == 43
    assert len(asked["nonce"]) == 64
    assert asked["redirect_uri"].endswith("/sign-in/with/example/return")
    again = led_to(robin.send_form("/sign-in/with", provider="example"))
    for name in ("state", "nonce", "code_challenge"):
        assert parse_qs(urlsplit(again).query)[name] != [asked[name]]


def test_the_cookie_for_the_way_is_out_of_reach_of_scripts_and_short_lived(robin: Visitor) -> None:
    sent = robin.send_form("/sign-in/with", provider="example").headers["set-cookie"]
    assert re.match(r"rung-leaving=[\w=-]+; HttpOnly; Max-Age=600; Path=/sign-in/with; SameSite=lax$", sent)


def test_somebody_who_is_invited_joins_with_an_account_elsewhere(
    robin: Visitor, address: str, now_services: Services
) -> None:
    code = invitations.invite_as_operator(now_services)
    with Visitor(address) as ben:
        page = ben.page(f"/join?code={code}")
        assert "Begin with Example &amp; Sons" in page
        assert path_of(through(ben, "/join/with", "ben", name=OTHER, code=code)) == "/start"
        assert f'value="{OTHER}"' in ben.page("/you")
        # There is no other way in: it stays, and nothing else is asked of a new account.
        assert "This is your only way in" in ben.page("/you/sign-in")
        identity = field_of_removal(now_services, OTHER)
        assert ben.send_form("/you/identities/remove", id=identity).status_code == 409
        assert path_of(ben.send_form("/you/password", new="battery staple")) == "/you/sign-in"
        assert path_of(ben.send_form("/you/identities/remove", id=identity)) == "/you/sign-in"
        assert "That account is removed" in ben.page("/you/sign-in")
        ben.send_form("/sign-out")
        assert through(ben, "/sign-in/with", "ben").status_code == 403


def field_of_removal(services: Services, name: str) -> str:
    person = people.account_named(services, name).id
    with services.store.reading() as tx:
        return tx.identities.of(person)[0].subject.hex()


def test_the_first_account_of_a_server_may_be_made_with_one(
    stranger: Visitor, now_services: Services, address: str
) -> None:
    assert "Begin with Example" in stranger.page("/welcome")
    assert path_of(through(stranger, "/welcome/with", name="Robin")) == "/start"
    assert people.account_named(now_services, "robin")
    with Visitor(address) as late:
        assert late.send_form("/welcome/with", provider="example", name="Ben").status_code == 409


def test_the_first_account_needs_the_code_of_the_server(now_services: Services) -> None:
    app = create_app(now_services, Settings(welcome_code="sesame"))
    with served(app) as url, Visitor(url) as visitor:
        refused = visitor.send_form("/welcome/with", provider="example", name="Robin", code="open")
        assert refused.status_code == 422
        assert path_of(through(visitor, "/welcome/with", name="Robin", code="sesame")) == "/start"


# Whom it lets in


def test_nobody_comes_in_by_an_identity_that_no_account_has(robin: Visitor, address: str) -> None:
    with Visitor(address) as stranger:
        page = through(stranger, "/sign-in/with", "mallory")
        assert page.status_code == 403
        assert "Nobody here signs in with this account at Example &amp; Sons" in page.text
        assert path_of(stranger.get("/")) == "/sign-in"


def test_nobody_is_known_by_a_name_or_an_address_that_a_provider_tells(
    robin: Visitor, example: Example, address: str
) -> None:
    linked(robin)
    same = {"preferred_username": "robin", "email": "robin@example.org", "email_verified": True, "name": NAME}
    example.told(claims=same)
    with Visitor(address) as mallory:
        assert through(mallory, "/sign-in/with", "mallory").status_code == 403


def test_one_identity_is_of_one_account(robin: Visitor, address: str, now_services: Services) -> None:
    linked(robin)
    again = through(robin, "/you/identities/add")
    assert (again.status_code, "You sign in with this account already" in again.text) == (409, True)
    code = invitations.invite_as_operator(now_services)
    with Visitor(address) as ben:
        taken = through(ben, "/join/with", "robin", name=OTHER, code=code)
        assert (taken.status_code, "Somebody here has this account already" in taken.text) == (409, True)
        # The invitation was not used up by that.
        assert path_of(through(ben, "/join/with", "ben", name=OTHER, code=code)) == "/start"
        taken = through(ben, "/you/identities/add", "robin")
        assert (taken.status_code, "Somebody else here signs in with this" in taken.text) == (409, True)


@pytest.mark.parametrize("code", ["", "made-up"])
def test_nobody_joins_without_an_invitation(robin: Visitor, address: str, code: str) -> None:
    with Visitor(address) as ben:
        assert ben.send_form("/join/with", provider="example", name=OTHER, code=code).status_code == 404


def test_an_invitation_taken_back_in_the_meantime_lets_nobody_in(
    robin: Visitor, address: str, now_services: Services
) -> None:
    code = invitations.invite_as_operator(now_services)
    with Visitor(address) as ben:
        page = ben.send_form("/join/with", provider="example", name=OTHER, code=code)
        me = people.account_named(now_services, NAME).id
        (one,) = invitations.invitations_of(now_services, me)
        invitations.take_back(now_services, me, one.token_hash.hex())
        assert arrive(ben, back_from(led_to(page), "ben")).status_code == 404


# One answer, one browser, one purpose


def test_an_answer_counts_once_and_in_the_browser_that_asked(robin: Visitor, address: str) -> None:
    linked(robin)
    back = back_from(led_to(robin.send_form("/sign-in/with", provider="example")), "robin")
    with Visitor(address) as mallory:
        assert arrive(mallory, back).status_code == 403
        led_to(mallory.send_form("/sign-in/with", provider="example"))
        assert arrive(mallory, back).status_code == 403
    token = robin.cookies.get("rung-leaving")
    assert path_of(arrive(robin, back)) == "/"
    assert "rung-leaving" not in robin.cookies
    robin.cookies.set("rung-leaving", token or "", domain="localhost.local", path="/sign-in/with")
    again = arrive(robin, back)
    assert (again.status_code, "That took too long, or was sent before" in again.text) == (403, True)


def test_what_was_begun_for_one_person_is_done_for_nobody_else(
    robin: Visitor, address: str, now_services: Services
) -> None:
    back = back_from(led_to(robin.send_form("/you/identities/add", provider="example")), "mallory")
    people.join(now_services, invitations.invite_as_operator(now_services), OTHER, PASSWORD)
    robin.send_form("/sign-out")
    robin.send_form("/sign-in", name=OTHER, password=PASSWORD)
    assert arrive(robin, back).status_code == 403
    assert "mallory" not in robin.page("/you/sign-in")


@pytest.mark.parametrize("token", ["", "x", "%FC", "AQID", "A" * 4000])
def test_a_token_that_is_none_opens_nothing(robin: Visitor, token: str) -> None:
    back = "/sign-in/with/example/return?code=x&state=y"
    if token:
        robin.headers["cookie"] = f"rung-leaving={token}"
    assert arrive(robin, back).status_code == 403


def test_a_way_ends_after_ten_minutes(robin: Visitor, now_services: Services) -> None:
    class Later(SystemClock):
        def now(self) -> Any:
            return super().now() + identities.GOOD_FOR + timedelta(seconds=1)

    linked(robin)
    back = "http://localhost/sign-in/with/example/return"
    departure = identities.begin_sign_in(now_services, "example", back)
    answer = parse_qs(urlsplit(back_from(departure.address, "robin")).query)
    later = replace(now_services, clock=Later())
    plain = {name: values[0] for name, values in answer.items()}
    with pytest.raises(Exception, match="took too long"):
        identities.arrive(later, "example", departure.token, plain, Visit())


def test_other_sites_begin_nothing(robin: Visitor) -> None:
    for path in ("/sign-in/with", "/you/identities/add", "/you/confirm/with"):
        sent = robin.post(path, data={"provider": "example"}, headers={"sec-fetch-site": "cross-site"})
        assert sent.status_code == 403


def test_a_provider_that_is_not_set_up_is_not_there(robin: Visitor) -> None:
    assert robin.send_form("/sign-in/with", provider="nobody").status_code == 404
    assert arrive(robin, "/sign-in/with/nobody/return?code=x&state=y").status_code in (403, 404)


# What does not hold


WRONG: dict[str, dict[str, object]] = {
    "another nonce": {"claims": {"nonce": "another"}},
    "no nonce": {"claims": {"nonce": None}},
    "another audience": {"claims": {"aud": "somebody"}},
    "more audiences, for another": {"claims": {"aud": [oidc_provider.CLIENT, "x"], "azp": "x"}},
    "more audiences, for nobody": {"claims": {"aud": [oidc_provider.CLIENT, "x"]}},
    "for another": {"claims": {"azp": "somebody"}},
    "no audience": {"claims": {"aud": None}},
    "another issuer": {"claims": {"iss": "https://elsewhere.example"}},
    "no issuer": {"claims": {"iss": None}},
    "over": {"shift": {"exp": -120}},
    "never over": {"claims": {"exp": None}},
    "from tomorrow": {"shift": {"iat": 86400}},
    "about nobody": {"claims": {"sub": None}},
    "about an empty name": {"claims": {"sub": ""}},
    "about a number": {"claims": {"sub": 7}},
    "another access token": {"claims": {"at_hash": "x"}},
    "a time that is none": {"claims": {"auth_time": "noon"}},
    "unsigned": {"signs": "none"},
    "signed with the secret": {"signs": "secret"},
    "signed with the public key": {"signs": "public key as secret"},
    "signed with a foreign key": {"signs": "another key"},
    "an answer of another issuer": {"answer": {"iss": "https://elsewhere.example"}},
    "an answer of nobody": {"answer": {"iss": None}},
    "no code": {"answer": {"code": None}},
    "a code that was never given": {"answer": {"code": "x"}},
    "another state": {"answer": {"state": "x"}},
    "no state": {"answer": {"state": None}},
    "refused": {"denies": True},
}


@pytest.mark.parametrize("how", WRONG.values(), ids=WRONG)
def test_what_does_not_hold_signs_nobody_in(robin: Visitor, example: Example, how: dict[str, object]) -> None:
    linked(robin)
    robin.send_form("/sign-out")
    example.told(**how)
    log = io.StringIO()
    with logging_as("json", log):
        page = through(robin, "/sign-in/with")
    assert page.status_code == 403
    assert "not you" not in page.text
    assert path_of(robin.get("/you")) == "/sign-in"
    told = log.getvalue()
    assert "cannot be reached" not in told
    assert [word for word in ("robin", "subject of", "@example", oidc_provider.SECRET) if word in told] == []


@pytest.mark.parametrize(
    "how",
    [
        {"document_issuer": "https://elsewhere.example"},
        {"status": 500},
        {"status": 302},
        {"token_endpoint": "http://elsewhere.example/token"},
    ],
)
def test_a_provider_that_is_not_what_it_should_be_is_not_used(
    example: Example, with_providers: Open, how: dict[str, object]
) -> None:
    example.told(**how)
    services = with_providers()
    people.welcome(services, NAME, PASSWORD)
    with served(create_app(services, Settings())) as url, Visitor(url) as visitor:
        page = visitor.send_form("/sign-in/with", provider="example")
        if page.status_code == 200:
            page = arrive(visitor, back_from(led_to(page), "robin"))
        assert page.status_code == 403
        assert "Example &amp; Sons" in page.text


def test_a_provider_that_is_gone_is_told_plainly(robin: Visitor) -> None:
    page = robin.send_form("/sign-in/with", provider="away")
    assert page.status_code == 403
    assert "Away cannot be reached: try again in a minute" in page.text


@pytest.mark.parametrize("how", [{"rotate": True}, {"rotate": True, "curve": True}, {"signs": "unnamed"}])
def test_keys_change(robin: Visitor, example: Example, how: dict[str, object]) -> None:
    linked(robin)
    example.told(**how)
    robin.send_form("/sign-out")
    assert path_of(through(robin, "/sign-in/with")) == "/"


def test_a_key_that_changes_under_the_same_name_is_fetched_anew(
    robin: Visitor, example: Example, with_providers: Open
) -> None:
    example.told(rotate=True, kid="always")
    linked(robin)
    example.told(rotate=True, kid="always")
    robin.send_form("/sign-out")
    assert path_of(through(robin, "/sign-in/with")) == "/"


def test_the_secret_is_sent_as_the_provider_takes_it(example: Example, with_providers: Open) -> None:
    example.told(methods=["client_secret_post"])
    services = with_providers()
    with served(create_app(services, Settings())) as url, Visitor(url) as visitor:
        assert path_of(through(visitor, "/welcome/with", name="Robin")) == "/start"


# Fresh or not


def stale(services: Services, name: str) -> None:
    """Let the sessions of somebody have begun an hour ago."""
    person = people.account_named(services, name).id
    with services.store.writing(person) as tx:
        for one in tx.sessions.of(person):
            tx.sessions.remove(one.token_hash)
            tx.sessions.add(replace(one, created_at=one.created_at - timedelta(hours=1)))


def test_adding_and_removing_ask_for_a_fresh_sign_in(robin: Visitor, now_services: Services) -> None:
    linked(robin)
    identity = field_of_removal(now_services, NAME)
    stale(now_services, NAME)
    assert path_of(robin.send_form("/you/identities/add", provider="example")) == "/you/confirm"
    assert path_of(robin.send_form("/you/identities/remove", id=identity)) == "/you/confirm"
    assert path_of(through(robin, "/you/confirm/with", then="data")) == "/data"
    assert path_of(robin.send_form("/you/identities/remove", id=identity)) == "/you/sign-in"


def test_who_signs_in_without_being_asked_is_not_fresh(
    robin: Visitor, example: Example, now_services: Services
) -> None:
    linked(robin)
    identity = field_of_removal(now_services, NAME)
    robin.send_form("/sign-out")
    example.told(shift={"auth_time": -3600})
    assert path_of(through(robin, "/sign-in/with")) == "/"
    assert path_of(robin.send_form("/you/identities/remove", id=identity)) == "/you/confirm"
    page = through(robin, "/you/confirm/with")
    assert (page.status_code, "did not ask you who you are" in page.text) == (403, True)
    example.told(claims={"auth_time": None})
    assert through(robin, "/you/confirm/with").status_code == 403


def test_confirming_makes_the_provider_ask(robin: Visitor) -> None:
    linked(robin)
    asked = parse_qs(urlsplit(led_to(robin.send_form("/you/confirm/with", provider="example"))).query)
    assert (asked["prompt"], asked["max_age"]) == (["login"], ["0"])


def test_where_a_provider_never_tells_when_coming_back_counts(example: Example, with_providers: Open) -> None:
    services = with_providers(tells_auth_time=False)
    example.told(claims={"auth_time": None})
    with served(create_app(services, Settings())) as url, Visitor(url) as visitor:
        assert path_of(through(visitor, "/welcome/with", name="Robin")) == "/start"
        stale(services, "Robin")
        assert path_of(through(visitor, "/you/confirm/with")) == "/you/sign-in"
        assert path_of(visitor.send_form("/you/password", new="battery staple")) == "/you/sign-in"


def test_nobody_confirms_with_an_account_of_somebody_else(robin: Visitor, now_services: Services) -> None:
    linked(robin)
    stale(now_services, NAME)
    page = through(robin, "/you/confirm/with", "mallory")
    assert (page.status_code, "not the account with which you sign in" in page.text) == (403, True)


def test_whoever_signs_in_moves_to_the_newest_key(with_providers: Open) -> None:
    services = with_providers()
    assert isinstance(services.store, DatabaseStore)
    old, new = (read_keys(new_key(), "the test")[0] for _ in range(2))
    engine = services.store.engine

    def left(store: DatabaseStore, vault: AesVault) -> int:
        now = replace(services, store=store, vault=vault)
        (issuer, _) = (issuer_digests(now, one.issuer)[0] for one in identities.providers_of(now))
        return reseal(store, vault, lambda name: name_keys(now, name), issuers={issuer}).identities

    for keys, path in (([old], "/welcome/with"), ([new, old], "/sign-in/with"), ([new], "/sign-in/with")):
        vault = AesVault(keys)
        store = DatabaseStore(engine, vault)
        assert left(store, vault) == len(keys) - 1
        now = replace(services, store=store, vault=vault)
        with served(create_app(now, Settings())) as url, Visitor(url) as visitor:
            assert path_of(through(visitor, path, name=NAME)) in ("/", "/start")
            assert "1 account elsewhere" in visitor.page("/you")
        assert left(store, vault) == 0


# On the pages


def test_whoever_wants_to_sign_in_may_be_sent_on_at_once(example: Example, with_providers: Open) -> None:
    services = with_providers(redirect=True)
    people.welcome(services, NAME, PASSWORD)
    with served(create_app(services, Settings())) as url, Visitor(url) as visitor:
        assert led_to(visitor.get("/sign-in")).startswith(f"{example.address}/authorize?")
        assert path_of(visitor.send_form("/sign-out")) == "/sign-in?stay=yes"
        assert "Welcome back" in visitor.page("/sign-in?stay=yes")
        visitor.send_form("/sign-in", name=NAME, password=PASSWORD)
        linked(visitor)


def test_where_it_cannot_be_reached_the_ways_in_are_shown(example: Example, with_providers: Open) -> None:
    example.told(status=500)
    services = with_providers(redirect=True)
    people.welcome(services, NAME, PASSWORD)
    with served(create_app(services, Settings())) as url, Visitor(url) as visitor:
        assert "Welcome back" in visitor.page("/sign-in")


def test_after_signing_out_the_way_out_there_is_shown(robin: Visitor, example: Example) -> None:
    linked(robin)
    robin.send_form("/sign-out")
    through(robin, "/sign-in/with")
    robin.send_form("/sign-out")
    page = robin.page("/sign-in?stay=yes")
    found = re.search(r'href="([^"]+/end-session[^"]*)"', page)
    assert found
    assert unescape(found[1]) == f"{example.address}/end-session?client_id={oidc_provider.CLIENT}"


def test_an_identity_whose_provider_is_not_set_up_any_more_opens_nothing_and_can_go(
    robin: Visitor, now_services: Services
) -> None:
    linked(robin)
    identity = field_of_removal(now_services, NAME)
    without = create_app(replace(now_services, providers=None), Settings())
    with served(without) as url, Visitor(url) as visitor:
        session_of(visitor, now_services)
        assert "A provider that is not set up any more" in visitor.page("/you/sign-in")
        assert visitor.send_form("/you/password/remove").status_code == 409
        assert path_of(visitor.send_form("/you/identities/remove", id=identity)) == "/you/sign-in"
        assert visitor.send_form("/sign-in/with", provider="example").status_code == 404
        assert "account elsewhere" not in visitor.page("/sign-in?stay=yes")


def test_where_nobody_signs_in_no_provider_is_offered(now_services: Services) -> None:
    people.solo_account(now_services)
    with served(create_app(now_services, Settings(solo=True))) as url, Visitor(url) as visitor:
        assert "Example" not in visitor.page("/you/sign-in")
        assert visitor.send_form("/you/identities/add", provider="example").status_code == 404


def test_the_store_does_not_tell_who_somebody_is_elsewhere(robin: Visitor, now_services: Services) -> None:
    linked(robin)
    person = people.account_named(now_services, NAME).id
    with now_services.store.reading() as tx:
        (one,) = tx.identities.of(person)
    assert (len(one.issuer), len(one.subject), one.label) == (32, 32, "robin")
    people.delete_account(now_services, person, PASSWORD)
    with now_services.store.reading() as tx:
        assert tx.identities.of(person) == []
