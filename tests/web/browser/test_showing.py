"""How this works in a real browser: the month follows the levers, with and without a script."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from tests.web.browser.test_accessible import DESKTOP, PHONE, SIZES, VIEWS, look
from tests.web.browser.test_see import CUT_OFF

MOVED = "/how-this-works?similarity=80&coping=yes&credibility=70"
LINE = "svg.chart .d-line"


def line(page: Page) -> str:
    return page.locator(LINE).get_attribute("points") or ""


@VIEWS
@SIZES
@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_page_keeps_every_rule_in_both_directions(
    open_browser: Callable[..., BrowserContext],
    address: str,
    scheme: str,
    size: dict[str, int],
    language: str,
) -> None:
    context = open_browser(color_scheme=scheme, viewport=size)
    context.add_cookies([{"name": "rung-language", "value": language, "url": address}])
    page = context.new_page()
    for path in ("/how-this-works", MOVED):
        look(page, path)
        assert page.evaluate("document.documentElement.dir") == ("rtl" if language == "ar" else "ltr")
        assert page.evaluate(CUT_OFF) == [], path


def test_the_levers_are_set_without_script(open_browser: Callable[..., BrowserContext]) -> None:
    page = open_browser(viewport=PHONE, java_script_enabled=False).new_page()
    page.goto("/how-this-works")
    before = line(page)
    heart = page.get_by_role("spinbutton", name="How they read a fast heart")
    heart.fill("90")
    page.get_by_label("Who struggled with it at first").check()
    page.get_by_role("button", name="Show").last.click()
    page.wait_for_url("**/how-this-works?**reappraisal=90**")
    assert "coping=yes" in page.url
    expect(heart).to_have_value("90")
    assert line(page) != before


def test_the_month_follows_a_lever_which_keeps_the_focus_and_says_what_came_of_it(
    open_browser: Callable[..., BrowserContext],
) -> None:
    page = open_browser(viewport=DESKTOP).new_page()
    page.goto("/how-this-works")
    expect(page.get_by_role("button", name="Show")).to_have_count(0)
    before, told = line(page), page.get_by_role("status").filter(has_text="After a month")
    expect(told).not_to_contain_text("With the levers at rest")
    page.get_by_text("The numbers as a table").click()
    lever = page.get_by_role("slider", name="How far they believe somebody who says")
    lever.focus()
    page.keyboard.press("End")
    expect(told).to_contain_text("With the levers at rest")
    expect(page.get_by_role("spinbutton", name="How far they believe somebody who says")).to_have_value("100")
    expect(lever).to_be_focused()
    expect(page.get_by_role("table")).to_be_visible()
    expect(page.get_by_text("told that they can")).to_be_visible()
    page.wait_for_url("**credibility=100**")
    after = line(page)
    assert after != before
    page.reload()
    assert line(page) == after
    page.get_by_role("link", name="Put every lever back to rest").click()
    page.wait_for_url("**/how-this-works")
    assert line(page) == before


def test_where_rung_cannot_be_reached_it_says_so_and_the_picture_stays(
    open_browser: Callable[..., BrowserContext],
) -> None:
    context = open_browser(viewport=DESKTOP)
    page = context.new_page()
    page.goto("/how-this-works")
    before = line(page)
    context.set_offline(True)
    page.get_by_role("slider", name="How they read a fast heart").focus()
    page.keyboard.press("Home")
    expect(page.get_by_text("Rung cannot be reached, and only it can compute the month")).to_be_visible()
    assert line(page) == before
    context.set_offline(False)
    page.keyboard.press("End")
    expect(page.get_by_role("status").filter(has_text="With the levers at rest")).to_be_visible()
    assert line(page) != before


def test_the_picture_stays_in_sight_on_a_phone(open_browser: Callable[..., BrowserContext]) -> None:
    page = open_browser(viewport=PHONE).new_page()
    page.goto("/how-this-works")
    lever = page.get_by_role("slider", name="How they read a fast heart")
    lever.evaluate("one => one.scrollIntoView({ block: 'center' })")
    expect(page.locator("svg.chart")).to_be_in_viewport(ratio=0.9)
    chart, slider = page.locator("figure").bounding_box(), lever.bounding_box()
    assert chart
    assert slider
    assert chart["y"] + chart["height"] <= slider["y"]
