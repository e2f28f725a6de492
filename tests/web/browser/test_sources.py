"""The pages of the four sources in a real browser: accessible, without script, and on paper."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from tests.databases import SetClock
from tests.web.browser.test_accessible import DESKTOP, PHONE, SIZES, VIEWS, look
from tests.web.stage import NAME, PASSWORD, Past

from rung.app import evidence, sources
from rung.app.accounts import people
from rung.app.climbing import ladders
from rung.app.model import EventId, Reflection
from rung.app.ports import Services

PATHS = (
    "/sources",
    "/sources/mastery",
    "/sources/mastery?doubted=1",
    "/sources/mastery?words=nowhere",
    "/sources/models",
    "/sources/models?domain=saying-no",
    "/sources/encouragement",
    "/sources/body",
)


@pytest.fixture
def told(sqlite_services: Services, clock: SetClock, past: Past) -> Past:
    """A past that has something of each source in it."""
    services, me, ladder = sqlite_services, past.person, past.ladder
    attempts = [one.id for one in evidence.log_of(services, me, ladder) if one.kind == "attempt"]
    evidence.reflect(
        services, me, EventId(attempts[-1]), Reflection(arousal=0.9, appraisal=-1.0, what_helped="A card")
    )
    sources.hear(services, me, ladder, "Sam", "You can do it", 0.9, 0.33)
    clock.move(days=4)
    sources.hear(
        services, me, ladder, "Sam", "You waited.", 0.8, 1.0, "Tuesday", attempt_id=EventId(attempts[-1])
    )
    sources.read_story(services, me, ladder, "ruth-one-sentence", 0.67)
    sources.see_somebody(services, me, ladder, "Nadia", "She read it out.", 1.0, 0.67, True, past.steps[6])
    sources.note_state(services, me, ladder, 0.8, 0.5, "Cold hands")
    return past


@VIEWS
@SIZES
def test_pages_of_the_four_sources(
    open_browser: Callable[..., BrowserContext],
    sign_in: Callable[[BrowserContext], Page],
    sqlite_services: Services,
    told: Past,
    scheme: str,
    size: dict[str, int],
) -> None:
    page = sign_in(open_browser(color_scheme=scheme, viewport=size))
    for path in PATHS:
        look(page, path)
    empty = ladders.name_ladder(sqlite_services, told.person, "Sing", ["hum"])
    for path in PATHS:
        look(page, f"{path}{'&' if '?' in path else '?'}ladder={empty.id}")


@VIEWS
def test_pages_of_somebody_without_a_ladder(
    open_browser: Callable[..., BrowserContext],
    sign_in: Callable[[BrowserContext], Page],
    sqlite_services: Services,
    scheme: str,
) -> None:
    people.welcome(sqlite_services, NAME, PASSWORD)
    page = sign_in(open_browser(color_scheme=scheme, viewport=PHONE))
    for path in PATHS:
        look(page, path)


def test_all_of_it_works_without_script(
    open_browser: Callable[..., BrowserContext], sign_in: Callable[[BrowserContext], Page], past: Past
) -> None:
    page = sign_in(open_browser(viewport=DESKTOP, java_script_enabled=False))
    page.goto("/sources")
    page.get_by_role("link", name="Read about them").click()
    story = page.get_by_role("article").first
    story.get_by_text("Read on").click()
    story.get_by_label("Fairly").check()
    story.get_by_role("button", name="Keep").click()
    expect(page.get_by_text("Kept. It counts from now on.")).to_be_visible()
    expect(page.get_by_text("Fairly like you. Struggled first.")).to_be_visible()
    page.get_by_role("status").get_by_role("button", name="Take it back").click()
    expect(page.get_by_text("Taken back. It counts no longer.")).to_be_visible()
    expect(page.get_by_text("Fairly like you. Struggled first.")).to_have_count(0)

    page.goto("/sources/encouragement")
    page.get_by_label("Who said it?").fill("Sam")
    page.get_by_label("What exactly did they say?").fill("You kept your voice level.")
    page.get_by_label("What had they seen you do?").fill("The round on Friday")
    page.get_by_label("What is it about?").select_option(index=1)
    page.get_by_role("spinbutton").fill("8")
    page.get_by_label("Very much").check()
    page.get_by_role("button", name="Keep").click()
    expect(page.get_by_text("fresh", exact=True)).to_be_visible()

    page.goto("/sources/body")
    page.get_by_label("8", exact=True).check()
    page.get_by_label("rather ready").check()
    page.get_by_role("button", name="Keep").click()
    expect(page.get_by_text("8 of 10, read as “rather ready”")).to_be_visible()


def test_the_bank_is_printed_without_what_only_a_screen_needs(
    open_browser: Callable[..., BrowserContext], sign_in: Callable[[BrowserContext], Page], told: Past
) -> None:
    page = sign_in(open_browser(viewport=DESKTOP))
    page.goto("/sources/mastery")
    page.emulate_media(media="print")
    expect(page.get_by_text("A card")).to_be_visible()
    for gone in (page.get_by_role("search"), page.get_by_role("banner"), page.get_by_role("contentinfo")):
        expect(gone).to_have_count(0)
