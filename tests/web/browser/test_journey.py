"""The whole loop in a real browser: with script, without script, and by keyboard alone."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from tests.web.stage import NAME, PASSWORD, Past

PHONE = {"width": 390, "height": 844}


@pytest.mark.parametrize("with_script", [True, False], ids=["with script", "without script"])
def test_from_the_first_visit_to_what_the_record_says(
    open_browser: Callable[..., BrowserContext], with_script: bool
) -> None:
    page = open_browser(viewport=PHONE, java_script_enabled=with_script).new_page()
    page.goto("/")
    expect(page).to_have_url(re.compile("/welcome$"))
    page.get_by_label("Your name here").fill(NAME)
    if with_script:
        page.get_by_text("Use a password instead").click()
    page.get_by_label("A password").fill(PASSWORD)
    page.get_by_role("button", name="Begin").click()
    page.get_by_role("link", name="Skip", exact=True).click()
    page.get_by_role("link", name="Skip", exact=True).click()
    page.get_by_role("link", name="Begin").click()

    page.get_by_label("In your own words").fill("Ask my landlord to fix the heating")
    page.get_by_role("button", name="Make a ladder for it").click()
    page.get_by_role("textbox").fill("Write it down\nSay it to a friend\nAsk")
    page.get_by_role("button", name="Put them on the ladder").click()
    page.get_by_role("link", name="Say how sure I am of each").click()

    for name, rating in (("Write it down", "80"), ("Say it to a friend", "60"), ("Ask", "30")):
        page.get_by_role("spinbutton", name=name, exact=True).fill(rating)
    expect(page.get_by_role("slider", name="Ask", exact=True)).to_have_count(1 if with_script else 0)
    page.get_by_role("button", name="That is how it is now").click()
    expect(page.get_by_text("That is how sure you are")).to_be_visible()
    expect(
        page.get_by_role("list", name=re.compile("from the goal down")).get_by_role("listitem")
    ).to_have_count(3)

    page.get_by_role("link", name="I did something about it").click()
    page.get_by_role("button", name="Done It worked.").click()
    expect(page.get_by_role("heading", name="It worked.")).to_be_visible()
    page.get_by_label("What did you do that made it work?").fill("I sat down at once")
    page.get_by_role("radio", name="What I did").check()
    page.get_by_text("Your body").click()
    page.get_by_role("spinbutton", name="How strongly was it going?").fill("7")
    page.get_by_role("radio", name="I’m ready").check()
    page.get_by_role("button", name="Finish").click()
    expect(page.get_by_text("It counts towards what Rung proposes next")).to_be_visible()

    page.get_by_role("button", name="Not today").first.click()
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_text("Taken back")).to_be_visible()
    page.get_by_text("Why this one?").click()
    expect(page.get_by_text("that you chose").first).to_be_visible()
    page.get_by_role("link", name=re.compile("^The ladder")).click()
    page.get_by_role("link", name="See how it has gone").click()
    expect(page.get_by_role("paragraph").get_by_text("1 of 3 steps have worked")).to_be_visible()
    page.get_by_role("contentinfo").get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Welcome back")).to_be_visible()


def test_the_slider_and_its_number_follow_each_other(
    open_browser: Callable[..., BrowserContext], sign_in: Callable[[BrowserContext], Page], past: Past
) -> None:
    page = sign_in(open_browser(viewport=PHONE))
    page.goto(f"/ladders/{past.ladder}/judge")
    slider, box = page.get_by_role("slider").first, page.get_by_role("spinbutton").first
    expect(box).to_have_value("")
    slider.focus()
    page.keyboard.press("ArrowRight")
    expect(box).to_have_value("60")
    box.fill("85")
    expect(slider).to_have_value("90")
    expect(box).to_have_value("85")


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the thing of this name has the focus."""
    named = "(document.activeElement.getAttribute('aria-label') || document.activeElement.textContent).trim()"
    for _ in range(60):
        page.keyboard.press("Tab")
        if name in page.evaluate(named):
            return
    raise AssertionError(f"{name!r} is not reached by Tab")


def test_a_try_is_logged_and_looked_back_on_by_keyboard_alone(
    open_browser: Callable[..., BrowserContext], sign_in: Callable[[BrowserContext], Page], past: Past
) -> None:
    page = sign_in(open_browser(viewport=PHONE))
    page.goto("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the page"
    page.keyboard.press("Enter")
    tab_to(page, "Why this one?")
    page.keyboard.press("Enter")
    expect(page.get_by_text("that you chose").first).to_be_visible()
    tab_to(page, "I did something about it")
    page.keyboard.press("Enter")
    expect(page.get_by_text("How did it go?")).to_be_visible()
    tab_to(page, "Partly")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Some of it worked.")).to_be_visible()
    page.get_by_label("What did you do that made it work?").focus()
    page.keyboard.type("I stayed")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("radio", name="Too little practice so far", exact=True)).to_be_checked()
    tab_to(page, "Finish")
    page.keyboard.press("Enter")
    expect(page.get_by_text("It counts towards what Rung proposes next")).to_be_visible()


def test_nothing_is_cut_off_on_the_narrowest_phone(
    open_browser: Callable[..., BrowserContext], sign_in: Callable[[BrowserContext], Page], past: Past
) -> None:
    page = sign_in(open_browser(viewport={"width": 320, "height": 568}))
    base = f"/ladders/{past.ladder}"
    parts = ("", "/steps", "/judge", "/see", f"/log?step={past.steps[5]}")
    for path in ["/", "/data", "/about", "/ladders/new", *(f"{base}{part}" for part in parts)]:
        page.goto(path)
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), path


def test_the_pages_can_be_used_from_right_to_left(
    open_browser: Callable[..., BrowserContext], sign_in: Callable[[BrowserContext], Page], past: Past
) -> None:
    page = sign_in(open_browser(viewport=PHONE))
    for path in ("/", f"/ladders/{past.ladder}", f"/ladders/{past.ladder}/steps"):
        page.goto(path)
        page.evaluate("document.documentElement.dir = 'rtl'")
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), path
