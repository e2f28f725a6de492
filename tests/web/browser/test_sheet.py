"""The session sheet and scaled goals in a real browser: by every rule, both ways round, on one page."""

from collections.abc import Callable

import pypdfium2
import pytest
from playwright.sync_api import BrowserContext, Page
from tests.web.browser.test_accessible import DESKTOP, PHONE, SIZES, VIEWS, look
from tests.web.stage import Past

from rung.app import scaling
from rung.app.climbing import ladders
from rung.app.ports import Services
from rung.app.sheets.meetings import keep_session

LEVELS = ["nothing at all", "a little", "as I hope", "more", "much more " * 15]


@pytest.fixture
def paths(past: Past, sqlite_services: Services) -> list[str]:
    """The pages with much on them, and with nothing."""
    services, me = sqlite_services, past.person
    for name in ("Speak up in the weekly call", "x" * 200):
        scaling.add_goal(services, me, past.ladder, name, 3, LEVELS)
    scaling.note(services, me, past.ladder, [-1, 2])
    keep_session(services, me, past.ladder)
    new = ladders.name_ladder(services, me, "Call the dentist", ["Look up the number", "Call"]).id
    open_one = ladders.name_ladder(services, me, "Sing").id
    scaling.add_goal(services, me, open_one, "Sing at all", 1, LEVELS)
    return [f"/ladders/{one}/{page}" for one in (past.ladder, new, open_one) for page in ("sheet", "scaling")]


@VIEWS
@SIZES
@pytest.mark.parametrize("locale", ["en-GB", "ar"])
def test_the_pages_hold_by_every_rule(
    open_browser: Callable[..., BrowserContext],
    sign_in: Callable[[BrowserContext], Page],
    paths: list[str],
    scheme: str,
    size: dict[str, int],
    locale: str,
) -> None:
    page = sign_in(open_browser(color_scheme=scheme, viewport=size, locale=locale))
    for path in paths:
        look(page, path)


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_the_page_prints_on_one_sheet(
    open_browser: Callable[..., BrowserContext],
    sign_in: Callable[[BrowserContext], Page],
    paths: list[str],
    size: dict[str, int],
) -> None:
    page = sign_in(open_browser(color_scheme="dark", viewport=size))
    page.goto(paths[0])
    printed = pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True))
    assert len(printed) == 1
    text = printed[0].get_textpage().get_text_range()
    assert "Step by step" in text
    assert "Keep this as a session" not in text


def test_goals_are_scaled_and_noted_with_the_keyboard_alone(
    open_browser: Callable[..., BrowserContext], sign_in: Callable[[BrowserContext], Page], past: Past
) -> None:
    page = sign_in(open_browser(viewport=PHONE))
    page.goto(f"/ladders/{past.ladder}/scaling")
    page.get_by_label("The goal").fill("Speak up")
    for label in ("Much more", "More", "As", "Less", "Much less"):
        page.get_by_label(f"{label} than expected" if label != "As" else "As expected", exact=True).fill(
            label
        )
    page.get_by_role("button", name="Keep this goal").press("Enter")
    first = page.get_by_role("radio").first
    first.focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Note how far I am now").press("Enter")
    page.get_by_text("T-score 70").wait_for()
