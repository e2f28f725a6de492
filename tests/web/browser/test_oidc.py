"""Signing in by a provider in a real browser: over its page and back, under the content security policy."""

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from fastapi import FastAPI
from playwright.sync_api import Browser, ConsoleMessage, Page
from tests.web.browser.test_accessible import OPTIONS
from tests.web.stage import NAME, PASSWORD, PATIENCE
from tests.web.test_oidc import Example, Open, example, process, with_providers

from rung.app.accounts import people
from rung.web import Settings, create_app

__all__ = ["example", "process", "with_providers"]


@pytest.fixture
def app(with_providers: Open) -> FastAPI:
    services = with_providers()
    people.welcome(services, NAME, PASSWORD)
    return create_app(services, Settings())


def has_no_fault(page: Page) -> bool:
    found = Axe().run(page, options=OPTIONS)
    assert [fault["id"] for fault in found.response["violations"]] == []
    return not page.evaluate("document.documentElement.scrollWidth > innerWidth")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_there_and_back_through_the_provider(
    chromium: Browser, address: str, example: Example, scheme: str
) -> None:
    # Not by `open_browser`: that lets no request go elsewhere, and this one must.
    context = chromium.new_context(
        base_url=address,
        viewport={"width": 390, "height": 844},
        color_scheme="dark" if scheme == "dark" else "light",
    )
    context.set_default_timeout(PATIENCE * 1000)
    page = context.new_page()
    complaints: list[str] = []

    def note(said: ConsoleMessage) -> None:
        # The provider has no icon; what a policy forbids is told in other words.
        if said.type in ("error", "warning") and "Failed to load" not in said.text:
            complaints.append(said.text)

    page.on("console", note)
    page.goto("/sign-in")
    page.get_by_label("Your name here").first.fill(NAME)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(f"{address}/")
    page.goto("/you/sign-in")
    page.get_by_role("button", name="Add an account at Example & Sons").click()
    page.get_by_label("Your name").fill("robin")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_text("You can sign in with that account from now on.").wait_for()
    assert page.url == f"{address}/you/sign-in"
    assert has_no_fault(page)
    page.get_by_role("contentinfo").get_by_role("button", name="Sign out").click()
    page.get_by_role("heading", name="Welcome back").wait_for()
    assert has_no_fault(page)
    # The provider knows the browser still, and asks nothing.
    page.get_by_role("button", name="Sign in with Example & Sons").click()
    page.wait_for_url(f"{address}/")
    page.get_by_role("link", name="You", exact=True).wait_for()
    context.close()
    assert complaints == []


def test_without_a_script_the_way_is_the_same(chromium: Browser, address: str, example: Example) -> None:
    context = chromium.new_context(base_url=address, java_script_enabled=False)
    context.set_default_timeout(PATIENCE * 1000)
    page = context.new_page()
    page.goto("/sign-in")
    page.get_by_role("button", name="Sign in with Example & Sons").click()
    page.get_by_label("Your name").fill("mallory")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", name="That did not sign you in").wait_for()
    page.get_by_role("link", name="To the ways in").click()
    page.get_by_role("heading", name="Welcome back").wait_for()
    context.close()
