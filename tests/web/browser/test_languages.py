"""The pages in every language: said in it, in its direction, and with nothing cut off on a phone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from tests.web.stage import Past

from rung.app import evidence
from rung.app.model import Did
from rung.app.ports import Services
from rung.words import LANGUAGES, Language

NARROW = {"width": 360, "height": 740}


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.code)
def test_no_page_is_cut_off_in_any_language(
    open_browser: Callable[..., BrowserContext],
    sign_in: Callable[[BrowserContext], Page],
    sqlite_services: Services,
    past: Past,
    language: Language,
) -> None:
    tried = evidence.record(sqlite_services, past.person, past.ladder, past.steps[6], Did.TRIED)
    context = open_browser(viewport=NARROW, locale=language.code)
    page = sign_in(context)
    base, step = f"/ladders/{past.ladder}", past.steps[6]
    paths = ["/", "/ladders", base, f"{base}/steps", f"{base}/steps/{step}", f"{base}/judge", f"{base}/see"]
    paths += [f"{base}/log?step={step}", f"{base}/prepare?step={step}", f"/attempts/{tried}/reflect"]
    paths += ["/sources", "/sources/mastery", "/sources/models", "/sources/encouragement", "/sources/body"]
    paths += ["/body/reappraise", "/body/breathe", "/reminders", "/you", "/you/sign-in", "/data", "/library"]
    paths += ["/ladders/across", "/esteem", "/you/device", "/offline", "/about"]
    paths += ["/how-this-works?similarity=80&coping=yes&credibility=70"]
    for path in paths:
        page.goto(path)
        assert page.locator("html").get_attribute("lang") == language.code
        assert page.locator("html").get_attribute("dir") == language.direction
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), path


def test_a_visitor_is_spoken_to_as_the_browser_asks_and_can_choose_otherwise(
    open_browser: Callable[..., BrowserContext],
) -> None:
    page = open_browser(locale="de-AT", viewport=NARROW).new_page()
    page.goto("/welcome")
    assert page.locator("html").get_attribute("lang") == "de"
    page.get_by_role("button", name="العربية").click()
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    expect(page.locator("html")).to_have_attribute("lang", "ar")
