"""See, ladders beside each other and self-esteem in a real browser: rules, both directions, and on paper."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page
from tests.databases import SetClock
from tests.web.browser.test_accessible import DESKTOP, PHONE, SIZES, VIEWS, look
from tests.web.stage import Past

from rung.app import esteem, evidence
from rung.app.climbing import ladders
from rung.app.model import Did
from rung.app.ports import Services

CUT_OFF = """() => [...document.querySelectorAll('svg.chart')].flatMap(chart => {
  const frame = chart.getBoundingClientRect()
  return [...chart.querySelectorAll('text')].filter(one => {
    const box = one.getBoundingClientRect()
    return box.left < frame.left - 1 || box.right > frame.right + 1 || box.bottom > frame.bottom + 1
  }).map(one => one.textContent)
})"""
"""Words of charts that stand out of their chart."""


@pytest.fixture
def paths(past: Past, sqlite_services: Services, clock: SetClock) -> list[str]:
    """The pages with everything that they can show: a loop, a second ladder, answers on self-esteem."""
    other = ladders.name_ladder(
        sqlite_services, past.person, "Drive on the motorway again", ["sit", "go", "far"]
    )
    evidence.judge(sqlite_services, past.person, other.id, {step.id: 40 for step in other.steps})
    esteem.turn_on(sqlite_services, past.person)
    for value in (3, 5, 4):
        esteem.note(sqlite_services, past.person, value)
        clock.move(days=7)
        evidence.record(sqlite_services, past.person, past.ladder, past.steps[5], Did.AVOIDED)
    evidence.record(sqlite_services, past.person, past.ladder, past.steps[5], Did.AVOIDED)
    base = f"/ladders/{past.ladder}/see"
    return [base, f"{base}?step={past.steps[3]}&range=3-months", "/ladders/across", "/esteem"]


@VIEWS
@SIZES
@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_pages_keep_every_rule_in_both_directions(
    open_browser: Callable[..., BrowserContext],
    sign_in: Callable[[BrowserContext], Page],
    address: str,
    paths: list[str],
    scheme: str,
    size: dict[str, int],
    language: str,
) -> None:
    context = open_browser(color_scheme=scheme, viewport=size)
    context.add_cookies([{"name": "rung-language", "value": language, "url": address}])
    page = sign_in(context)
    for path in paths:
        look(page, path)
        assert page.evaluate("document.documentElement.dir") == ("rtl" if language == "ar" else "ltr")
        assert page.evaluate(CUT_OFF) == [], path


def test_a_step_is_chosen_without_script(
    open_browser: Callable[..., BrowserContext],
    sign_in: Callable[[BrowserContext], Page],
    paths: list[str],
) -> None:
    page = sign_in(open_browser(viewport=PHONE, java_script_enabled=False))
    page.goto(paths[0])
    page.get_by_role("link", name="3 months").click()
    page.get_by_label("What to look at").select_option(label="4. Say it to Sam, who interrupts me")
    page.get_by_role("button", name="Show").click()
    page.get_by_role("paragraph").filter(has_text="Of this step you are").wait_for()
    assert "range=3-months" in page.url
    page.goto("/esteem")
    page.get_by_role("radio", name="5").check(force=True)
    page.get_by_role("button", name="Keep my answer").click()
    page.get_by_text("It counts for nothing else in Rung.").wait_for()


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_ladder_prints_on_two_pages_in_light_colours_without_ways_to_elsewhere(
    open_browser: Callable[..., BrowserContext],
    sign_in: Callable[[BrowserContext], Page],
    address: str,
    paths: list[str],
    language: str,
) -> None:
    context = open_browser(color_scheme="dark", viewport=DESKTOP)
    context.add_cookies([{"name": "rung-language", "value": language, "url": address}])
    page = sign_in(context)
    page.goto(paths[0])
    paper = page.pdf(format="A4", prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", paper)) <= 2
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.locator("svg.chart").first.is_visible()
    for hidden in ("nav", "main form", "main summary", "main .way", "footer"):
        for one in page.locator(hidden).all():
            assert not one.is_visible(), hidden
