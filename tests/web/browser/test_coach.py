"""The loop of a coach and a person in a real browser, and every page of it held against axe."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from tests.app.coaching.bonds import let_in, see, seed_people
from tests.conftest import join
from tests.web.browser.test_accessible import SIZES, VIEWS, look
from tests.web.stage import Past

from rung.app import evidence
from rung.app.accounts import people
from rung.app.coaching import answering, caseload, leaving
from rung.app.model import Did, PersonId
from rung.app.ports import Services
from rung.app.sharing.fields import ALL_FIELDS

SEEN = "You stayed with your sentence when he interrupted you the second time"


@pytest.fixture
def lee(sqlite_services: Services, past: Past) -> PersonId:
    """Somebody else on the server."""
    return join(sqlite_services, "Dr Lee")


@pytest.fixture
def sign_in_lee(sqlite_services: Services, address: str, lee: PersonId) -> Callable[[BrowserContext], Page]:
    """Signs a window in as Dr Lee."""

    def signed_in(context: BrowserContext) -> Page:
        token = people.sign_in(sqlite_services, "Dr Lee", "battery staple")
        context.add_cookies([{"name": "rung", "value": token, "url": address}])
        return context.new_page()

    return signed_in


def test_from_an_invitation_to_homework_that_is_taken(
    open_browser: Callable[..., BrowserContext],
    sign_in: Callable[[BrowserContext], Page],
    sign_in_lee: Callable[[BrowserContext], Page],
    past: Past,
) -> None:
    robin, lee = sign_in(open_browser()), sign_in_lee(open_browser())
    robin.goto("/sharing/invite")
    robin.get_by_role("button", name="Make the link").click()
    link = robin.get_by_label("The link").first.input_value()

    lee.goto(link)
    lee.get_by_role("main").get_by_role("button").last.click()
    lee.goto("/coach")
    expect(lee.get_by_text("They show nothing at the moment.")).to_be_visible()

    robin.goto("/sharing")
    robin.get_by_role("link", name="Choose what Dr Lee sees").click()
    keep = robin.get_by_role("main").get_by_role("button", name="Keep")
    keep.wait_for()
    for box in robin.locator('input[type="checkbox"][name="show"]').all():
        box.check()
    keep.click()
    robin.get_by_role("link", name="See it as they see it").first.click()
    expect(robin.get_by_text("This is what they see, exactly.")).to_be_visible()

    lee.goto("/coach")
    lee.get_by_role("link", name="Robin").click()
    lee.get_by_role("link", name="Open").click()
    lee.get_by_label("A word with it").fill("Before Thursday")
    lee.get_by_role("button", name="Leave it").first.click()
    expect(lee.get_by_text("It is left for them.")).to_be_visible()

    robin.goto("/")
    card = robin.get_by_role("article", name="From Dr Lee")
    expect(card.get_by_text("Before Thursday")).to_be_visible()
    card.get_by_role("button", name="Plan it").click()
    expect(robin.get_by_text("It is planned.")).to_be_visible()

    lee.reload()
    expect(lee.get_by_text("Until next time · planned,")).to_be_visible()
    robin.goto("/sharing/looks")
    expect(robin.get_by_role("main").get_by_text("Dr Lee").first).to_be_visible()


@pytest.fixture
def shared(sqlite_services: Services, past: Past, lee: PersonId) -> str:
    """A caseload with something of everything; the bond with Robin."""
    services, me, ladder = sqlite_services, past.person, past.ladder
    seed_people(services, lee, 9)
    bond = let_in(services, me, lee)
    see(services, me, bond, ladder, ALL_FIELDS)
    for _ in range(4):
        evidence.record(services, me, ladder, past.steps[7], Did.AVOIDED)
    attempt = evidence.record(services, me, ladder, past.steps[4], Did.DONE)
    leaving.propose_step(services, lee, me, ladder, "Say it in the lift", past.steps[3])
    leaving.homework(services, lee, me, ladder, past.steps[6], "Before Thursday")
    leaving.encourage(services, lee, me, ladder, SEEN, 0.6, attempt=attempt)
    leaving.tell_story(services, lee, me, ladder, whom="A colleague", text="She read it from a page.")
    leaving.comment(services, lee, me, ladder, attempt, "You asked first, and then said it.")
    gone = leaving.propose_split(services, lee, me, ladder, past.steps[8], ["Half of it", "All of it"])
    answering.decline(services, me, gone.id, "Too early")
    found = caseload.caseload(services, lee)
    caseload.snooze(services, lee, found.cases[-1].bond, 7)
    return bond


@VIEWS
@SIZES
@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_pages_of_a_coach(
    open_browser: Callable[..., BrowserContext],
    sign_in_lee: Callable[[BrowserContext], Page],
    address: str,
    past: Past,
    shared: str,
    scheme: str,
    size: dict[str, int],
    language: str,
) -> None:
    context = open_browser(color_scheme=scheme, viewport=size)
    context.add_cookies([{"name": "rung-language", "value": language, "url": address}])
    page = sign_in_lee(context)
    base = f"/coach/{shared}"
    for path in ("/coach", "/coach?q=nobody", base, f"{base}/{past.ladder}", f"{base}/{past.ladder}/sheet"):
        look(page, path)


@VIEWS
@SIZES
def test_the_pages_of_the_person(
    open_browser: Callable[..., BrowserContext],
    sign_in: Callable[[BrowserContext], Page],
    past: Past,
    shared: str,
    scheme: str,
    size: dict[str, int],
) -> None:
    page = sign_in(open_browser(color_scheme=scheme, viewport=size))
    preview = f"/sharing/{shared}/preview/{past.ladder}"
    for path in ("/", f"/ladders/{past.ladder}", "/from-others", preview, "/coach"):
        look(page, path)
