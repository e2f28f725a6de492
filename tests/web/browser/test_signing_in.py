"""Passkeys with the browser's own virtual authenticator, and every page about the account under axe."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import BrowserContext, CDPSession, Page, expect
from tests.databases import SetClock
from tests.web.browser.test_accessible import DESKTOP, OPTIONS, PHONE, SIZES, VIEWS, look
from tests.web.stage import NAME, PASSWORD, Past

from rung.app.accounts import invitations, people, recovery
from rung.app.accounts.sessions import Visit
from rung.app.ports import Services

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def device_of(page: Page) -> tuple[CDPSession, str]:
    """Give the browser a device that makes passkeys, and says yes at once."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable", {"enableUI": False})
    return session, new_device(session)


def new_device(session: CDPSession) -> str:
    made: dict[str, Any] = session.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    return str(made["authenticatorId"])


def lose(session: CDPSession, device: str) -> None:
    session.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": device})


ASKED_ALONE = "delete PublicKeyCredential.isConditionalMediationAvailable"
"""The virtual device says yes at once to what the name's field offers: here only the button is to ask."""


def is_in(page: Page) -> None:
    expect(page.get_by_role("navigation", name="Main")).to_be_visible()


def sign_out(page: Page) -> None:
    page.get_by_role("contentinfo").get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Welcome back")).to_be_visible()


def test_a_life_with_passkeys(open_browser: Callable[..., BrowserContext], clock: SetClock) -> None:
    page = open_browser(viewport=PHONE, timezone_id="America/Lima").new_page()
    page.add_init_script(ASKED_ALONE)
    session, first = device_of(page)
    page.goto("/welcome")
    page.get_by_role("button", name="Make a passkey").click()
    assert page.get_by_label("Your name here").evaluate("one => one.validity.valueMissing")
    page.get_by_label("Your name here").fill(NAME)
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="Language and time")).to_be_visible()
    expect(page.get_by_label("Time zone")).to_have_value("America/Lima")
    page.get_by_role("button", name="Keep, and go on").click()
    page.get_by_role("button", name="Show me ten codes").click()
    shown = page.locator(".codes code")
    expect(shown).to_have_count(10)
    codes = shown.all_inner_texts()
    assert len(set(codes)) == 10
    page.get_by_role("link", name="I have kept them").click()
    page.get_by_role("link", name="Begin").click()
    is_in(page)

    sign_out(page)
    page.get_by_role("button", name="Sign in with a passkey").click()
    is_in(page)

    lose(session, first)
    clock.move(minutes=1)
    second = new_device(session)
    page.goto("/you/sign-in")
    page.get_by_role("button", name="Make another passkey").click()
    expect(page.get_by_text("Your new passkey is kept")).to_be_visible()
    keys = page.locator("section", has=page.get_by_role("heading", name="Passkeys"))
    expect(keys.locator("li")).to_have_count(2)
    keys.locator("summary").first.click()
    keys.get_by_role("button", name="Remove it").first.click()
    expect(page.get_by_text("The passkey is removed")).to_be_visible()
    expect(keys.locator("li")).to_have_count(1)

    sign_out(page)
    page.get_by_role("button", name="Sign in with a passkey").click()
    is_in(page)
    lose(session, second)
    sign_out(page)
    page.get_by_text("Use a recovery code").click()
    card = page.locator("details", has_text="Use a recovery code")
    card.get_by_label("Your name here").fill(NAME)
    card.get_by_label("One of your recovery codes").fill(codes[3].upper())
    card.get_by_role("button", name="Sign in with the code").click()
    expect(page.get_by_text("You are in, and that code is used up")).to_be_visible()
    expect(page.get_by_text("9 codes are unused")).to_be_visible()

    new_device(session)
    page.get_by_role("button", name="Make another passkey").click()
    expect(page.get_by_text("Your new passkey is kept")).to_be_visible()


def test_a_passkey_can_be_taken_up_where_the_name_is_typed(
    open_browser: Callable[..., BrowserContext],
) -> None:
    page = open_browser(viewport=PHONE).new_page()
    device_of(page)
    page.goto("/welcome")
    page.get_by_label("Your name here").fill(NAME)
    page.get_by_role("button", name="Make a passkey").click()
    expect(page.get_by_role("heading", name="Language and time")).to_be_visible()
    page.get_by_role("contentinfo").get_by_role("button", name="Sign out").click()
    # The virtual device takes up what the field offers without being asked.
    expect(page).to_have_url(re.compile("/$"))
    is_in(page)


def test_a_stale_sign_in_is_confirmed_with_the_passkey(
    open_browser: Callable[..., BrowserContext], clock: SetClock
) -> None:
    page = open_browser(viewport=DESKTOP).new_page()
    device_of(page)
    page.goto("/welcome")
    page.get_by_label("Your name here").fill(NAME)
    page.get_by_role("button", name="Make a passkey").click()
    expect(page.get_by_role("heading", name="Language and time")).to_be_visible()
    clock.move(minutes=11)
    page.goto("/data")
    page.get_by_role("checkbox", name="Yes, all of it").check()
    page.get_by_role("button", name="Delete everything").click()
    page.get_by_role("button", name="Confirm with a passkey").click()
    expect(page).to_have_url(re.compile("/data$"))
    page.get_by_role("checkbox", name="Yes, all of it").check()
    page.get_by_role("button", name="Delete everything").click()
    expect(page.get_by_text("everything in it is deleted")).to_be_visible()


def test_a_sign_in_that_went_stale_on_the_open_page_leads_to_the_question(
    open_browser: Callable[..., BrowserContext],
    sign_in: Callable[[BrowserContext], Page],
    clock: SetClock,
    past: Past,
) -> None:
    page = sign_in(open_browser(viewport=PHONE))
    page.goto("/you/sign-in")
    clock.move(minutes=11)
    page.get_by_role("button", name="Make a passkey").click()
    expect(page.get_by_role("heading", name="Confirm that it is you")).to_be_visible()
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_text("For ten minutes you can change")).to_be_visible()


def test_who_has_no_passkey_here_is_told_so_and_takes_the_password(
    open_browser: Callable[..., BrowserContext], past: Past
) -> None:
    page = open_browser(viewport=PHONE).new_page()
    device_of(page)
    page.goto("/sign-in")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("alert")).to_have_text(re.compile("take the other way"))
    page.get_by_label("Your name here").first.fill(NAME)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Welcome back")


def test_somebody_joins_by_an_invitation_and_chooses_another_language_before(
    open_browser: Callable[..., BrowserContext],
    sign_in: Callable[[BrowserContext], Page],
    past: Past,
) -> None:
    page = sign_in(open_browser(viewport=PHONE))
    page.goto("/you")
    page.get_by_role("button", name="Make a link").click()
    link = page.get_by_label("The link").input_value()
    guest = open_browser(viewport=PHONE).new_page()
    device_of(guest)
    guest.goto(link)
    guest.get_by_role("button", name="Deutsch").click()
    expect(guest).to_have_url(link)
    expect(guest.locator("html")).to_have_attribute("lang", "de")
    guest.get_by_role("button", name="English").click()
    guest.get_by_label("Your name here").fill(NAME.upper())
    guest.get_by_role("button", name="Make a passkey").click()
    expect(guest.get_by_role("alert")).to_have_text(re.compile("has this name already"))
    guest.get_by_label("Your name here").fill("Gil")
    guest.get_by_role("button", name="Make a passkey").click()
    expect(guest.get_by_role("heading", name="Language and time")).to_be_visible()
    again = open_browser(viewport=PHONE).new_page()
    again.goto(link)
    expect(again.get_by_role("heading", name="This invitation is not open any more")).to_be_visible()


def test_without_script_the_password_is_there_at_once(open_browser: Callable[..., BrowserContext]) -> None:
    page = open_browser(viewport=PHONE, java_script_enabled=False).new_page()
    page.goto("/welcome")
    expect(page.get_by_label("A password")).to_be_visible()
    expect(page.get_by_role("button", name="Make a passkey")).to_have_count(0)
    page.goto("/about")


def test_under_an_address_without_a_name_the_page_says_where_passkeys_work(
    open_browser: Callable[..., BrowserContext], address: str
) -> None:
    port = urlsplit(address).port
    numbered = f"http://127.0.0.1:{port}"
    context = open_browser(viewport=PHONE, base_url=address)
    page = context.new_page()
    response = page.request.get(f"{numbered}/welcome")
    assert f"http://localhost:{port}" in response.text()
    assert "data-passkey" not in response.text()


@VIEWS
@SIZES
def test_the_pages_about_the_account(
    open_browser: Callable[..., BrowserContext],
    sign_in: Callable[[BrowserContext], Page],
    sqlite_services: Services,
    clock: SetClock,
    past: Past,
    scheme: str,
    size: dict[str, int],
) -> None:
    code = invitations.invite(sqlite_services, past.person)
    page = open_browser(color_scheme=scheme, viewport=size).new_page()
    for path in ("/sign-in", f"/join?code={code}", "/join?code=x"):
        look(page, path)
    page = sign_in(open_browser(color_scheme=scheme, viewport=size))
    token = people.sign_in(sqlite_services, NAME, PASSWORD, "Mozilla/5.0 (Android 14) Firefox/130.0")
    recovery.make_codes(sqlite_services, past.person, Visit(token))
    device_of(page)
    page.goto("/you/sign-in")
    page.get_by_role("button", name="Make a passkey").click()
    expect(page.get_by_text("Your new passkey is kept")).to_be_visible()
    for path in ("/you", "/you/sign-in", "/start", "/start/codes", "/start/limits", "/data"):
        look(page, path)
    clock.move(minutes=11)
    for path in ("/you/sign-in", "/you/confirm"):
        look(page, path)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_codes_and_links_that_are_shown_once(
    open_browser: Callable[..., BrowserContext],
    sign_in: Callable[[BrowserContext], Page],
    past: Past,
    scheme: str,
) -> None:
    page = sign_in(open_browser(color_scheme=scheme, viewport=PHONE))
    for start, button in (("/start/codes", "Show me ten codes"), ("/you", "Make a link")):
        page.goto(start)
        page.get_by_role("button", name=button).click()
        page.get_by_role("link", name=re.compile("^I have")).wait_for()
        found = Axe().run(page, options=OPTIONS)
        assert [fault["id"] for fault in found.response["violations"]] == []
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
