"""Every page in a real browser: nothing that axe finds fault with, nothing cut off, targets large enough."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import time, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from fastapi import FastAPI
from playwright.sync_api import BrowserContext, Page
from tests.conftest import join
from tests.databases import SetClock
from tests.web.stage import Past

from rung.app import esteem, sources
from rung.app.accounts import tokens
from rung.app.accounts.invitations import invite
from rung.app.accounts.sessions import Visit
from rung.app.climbing import ladders, plans
from rung.app.evidence import judge, record
from rung.app.model import Did
from rung.app.policies import Role, Scope
from rung.app.ports import Consent, GroupWeek, Services
from rung.app.reminding.occasions import Rule
from rung.app.reminding.reminders import make_reminder
from rung.app.sharing import consenting, groups, inviting, reports
from rung.app.sharing.fields import ALL_FIELDS
from rung.app.sharing.looks import note_look

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 900}

VIEWS = pytest.mark.parametrize("scheme", ["light", "dark"])
SIZES = pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])

# A policy without inline script also stops the test's own helper: it runs in the page, past the policy.
OPTIONS = {
    "resultTypes": ["violations"],
    "runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"],
}

OPEN_ALL = """() =>
  [...document.querySelectorAll("details:not([open])")].map(one => one.open = true).length"""
TARGETS = "main button, main .button, header a, main summary, main .way, main input"
SMALL = f"""() => [...document.querySelectorAll({TARGETS!r})]
  .filter(one => one.type !== 'hidden' && one.checkVisibility())
  .map(one => [one.outerHTML.slice(0, 80), one.getBoundingClientRect()])
  .filter(([, box]) => box.height < 43.5 || box.width < 43.5).map(([html]) => html)"""


def look(page: Page, path: str) -> None:
    """Open a page with everything unfolded, and hold it against every rule."""
    answer = page.goto(path)
    # Another part of the page that is open already is no answer of the server.
    assert answer is None or answer.status < 500, path
    for unfold in (False, True):
        if unfold and not page.evaluate(OPEN_ALL):
            continue
        found = Axe().run(page, options=OPTIONS)
        faults = [
            (v["id"], [node["html"][:200] for node in v["nodes"]]) for v in found.response["violations"]
        ]
        assert faults == [], path
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), f"{path} is cut off"
    assert page.evaluate(SMALL) == [], path


NO_PAGES = {
    "/calendar/{token}.ics",
    "/coach/{bond_id}/{ladder_id}/sheet.pdf",
    "/data/archive",
    "/favicon.ico",
    "/ladders/{ladder_id}/sheet.pdf",
    "/log",
    "/manifest.webmanifest",
    "/pocket",
    "/static/{name}",
    "/sw.js",
}
"""What is no page: files, what scripts ask for, and an address that leads to another one."""
LOOKED_AT_ELSEWHERE = {
    "/coach",
    "/coach/{bond_id}",
    "/coach/{bond_id}/{ladder_id}",
    "/coach/{bond_id}/{ladder_id}/sheet",
    "/from-others",
    "/ladders/{ladder_id}/scaling",
    "/ladders/{ladder_id}/sheet",
    "/server",
    "/server/restore",
    "/sign-in/with/{provider}",
    "/sign-in/with/{provider}/return",
}
"""Pages that need more than one person's past: each in a module of its own beside this one."""


@pytest.fixture
def lived(sqlite_services: Services, clock: SetClock, past: Past) -> Past:
    """A past that has something for every page: ladders, each source, plans, a reminder, answers."""
    services, me, ladder = sqlite_services, past.person, past.ladder
    other = ladders.name_ladder(
        services, me, "Drive on the motorway again", ("Sit in the car", "Drive", "Far")
    )
    judge(services, me, other.id, {step.id: 50 for step in other.steps})
    record(services, me, other.id, other.steps[0].id, Did.DONE)
    ladders.archive_ladder(services, me, ladders.name_ladder(services, me, "Swim a length").id)
    sources.hear(services, me, ladder, "Sam", "You waited.", 0.8, 1.0, "Tuesday")
    sources.read_story(services, me, ladder, "ruth-one-sentence", 0.67)
    sources.see_somebody(services, me, ladder, "Nadia", "She read it out.", 1.0, 0.67, True, past.steps[6])
    sources.note_state(services, me, ladder, 0.8, 0.5, "Cold hands")
    at = clock.now() + timedelta(hours=1)
    plans.make(services, me, ladder, past.steps[5], plans.Draft(at=at, if_text="he sighs", then_text="wait"))
    make_reminder(services, me, "step", ladder, past.steps[6], Rule((time(9, 30),), days=(0,)), zone="UTC")
    esteem.turn_on(services, me)
    for value in (3, 5):
        esteem.note(services, me, value)
        clock.move(days=7)
    return past


def main_pages(past: Past) -> list[str]:
    """The pages that somebody sees every week."""
    base = f"/ladders/{past.ladder}"
    return [
        "/",
        base,
        f"{base}/steps",
        f"{base}/steps/{past.steps[5]}",
        f"{base}/judge",
        f"{base}/see",
        f"{base}/prepare?step={past.steps[6]}",
        f"{base}/log?step={past.steps[5]}",
        "/ladders",
        "/sources",
        "/reminders",
        "/you",
    ]


def other_pages(services: Services, past: Past) -> list[str]:
    """All the others, and those above as they are while there is little to show."""
    me, base = past.person, f"/ladders/{past.ladder}"
    empty = ladders.name_ladder(services, me, "Sing").id
    offered = ladders.name_ladder(services, me, "Tell my boss what I would change").id
    new = ladders.name_ladder(services, me, "Call the dentist", ("Look up the number", "Call")).id
    away = next(one.id for one in ladders.ladders_of(services, me) if one.archived_at)
    plan = plans.make(services, me, past.ladder, past.steps[6], plans.Draft(who="Sam"))
    tokens.make_token(services, me, Visit(solo=True), "My watch", list(Scope), None, 30)
    looks_back = [
        f"/attempts/{record(services, me, past.ladder, past.steps[6], did)}/reflect?saved=1"
        for did in (Did.DONE, Did.TRIED, Did.AVOIDED)
    ]
    return [
        *looks_back,
        *(f"/ladders/{one}" for one in (empty, new, away)),
        *(f"/ladders/{one}/steps" for one in (empty, offered, new)),
        f"/ladders/{new}/judge",
        f"/ladders/{empty}/see",
        f"{base}/nowhere",
        f"{base}/see?step={past.steps[3]}",
        f"/plans/{plan.id}",
        "/ladders/new",
        "/ladders/across",
        "/library",
        "/library?q=xyz",
        "/library/saying-no",
        "/body",
        f"/body/reappraise?ladder={past.ladder}&step={past.steps[6]}",
        "/body/breathe",
        "/sources/mastery",
        f"/sources/models?ladder={past.ladder}",
        f"/sources/encouragement?ladder={past.ladder}",
        f"/sources/body?ladder={past.ladder}",
        f"/sources/body?ladder={new}",
        "/esteem",
        "/data",
        "/about",
        "/how-this-works",
        "/offline",
        "/start",
        "/start/codes",
        "/start/limits",
        "/you/device",
        "/you/sign-in",
        "/you/tokens",
        "/you/webhooks",
        "/nowhere",
    ]


def pages_of_sharing(services: Services, past: Past, clock: SetClock) -> list[str]:
    """Somebody let in and somebody who lets in, looks, a report, a group, a study, and what is asked."""
    me, ladder = past.person, past.ladder
    coach, client = join(services, "Dr Lee"), join(services, "Kim")
    bond = inviting.accept(services, coach, inviting.invite(services, me, Role.COACH, lets_in=True))
    consent = Consent(ladder, ALL_FIELDS, clock.now(), clock.now() + timedelta(days=30))
    consenting.consent(services, me, bond.id, [consent])
    inviting.accept(services, me, inviting.invite(services, client, Role.COACH, lets_in=True))
    inviting.invite(services, me, Role.COACH, lets_in=True, label="My tutor")
    note_look(services, me, "Dr Lee (coach)", "ladder", ladder, ALL_FIELDS)
    note_look(services, me, "", "report", ladder, ALL_FIELDS)
    week = GroupWeek("2026-11-16", active=5, tries=1.5, worked=0.8, change=10)
    group = replace(groups.make_group(services, me, "Class 7b"), figures=(week,))
    with services.store.writing(me) as tx:
        tx.groups.put(group)
    inviting.invite(services, me, Role.LEADER, lets_in=False, group=group.id)
    gives = inviting.invite(services, client, Role.RESEARCHER, lets_in=True)
    asks = inviting.invite(services, client, Role.COACH, lets_in=False)
    report = reports.make_link(services, me, ladder, ALL_FIELDS, 7)
    return [
        "/sharing",
        "/sharing/invite",
        "/sharing/looks",
        "/sharing/reports",
        f"/sharing/{bond.id}",
        f"/sharing/{bond.id}?preset=everything",
        f"/sharing/{bond.id}/preview/{ladder}",
        "/let-in",
        f"/let-in?code={gives}",
        f"/let-in?code={asks}",
        "/groups",
        f"/groups/{group.id}",
        "/studies",
        f"/report/{report}",
        "/you",
    ]


MOVED = "/how-this-works?dial=90&attribution=0&similarity=80&coping=yes&credibility=70&reappraisal=100"
AS_A_STRANGER = ("/welcome", "/about", MOVED, "/offline", "/nowhere")
AS_A_GUEST = ("/sign-in", "/join?code=", "/join?code=x", "/let-in?code=")
AFTER_A_WHILE = ("/you/sign-in", "/you/confirm", "/you/tokens", "/you/webhooks")


def test_every_page_is_looked_at(
    app: FastAPI, sqlite_services: Services, clock: SetClock, lived: Past
) -> None:
    seen = [*AS_A_STRANGER, *AS_A_GUEST, *AFTER_A_WHILE]
    seen += main_pages(lived) + other_pages(sqlite_services, lived)
    seen += pages_of_sharing(sqlite_services, lived, clock)
    paths = [path.partition("?")[0] for path in seen]
    pages = {path for path, methods in app.openapi()["paths"].items() if "get" in methods}
    pages -= NO_PAGES | LOOKED_AT_ELSEWHERE
    assert [page for page in pages if not any(_is_of(page, path) for path in paths)] == []


def _is_of(page: str, path: str) -> bool:
    return re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", page), path) is not None


@VIEWS
@SIZES
def test_pages_of_a_stranger(
    open_browser: Callable[..., BrowserContext], scheme: str, size: dict[str, int]
) -> None:
    page = open_browser(color_scheme=scheme, viewport=size).new_page()
    for path in AS_A_STRANGER:
        look(page, path)


@VIEWS
@SIZES
def test_pages_of_a_guest_and_of_somebody_who_signed_in_a_while_ago(
    open_browser: Callable[..., BrowserContext],
    sign_in: Callable[[BrowserContext], Page],
    sqlite_services: Services,
    clock: SetClock,
    past: Past,
    scheme: str,
    size: dict[str, int],
) -> None:
    code = invite(sqlite_services, past.person)
    context = open_browser(color_scheme=scheme, viewport=size)
    page = context.new_page()
    for path in AS_A_GUEST:
        look(page, path.replace("code=", f"code={code}") if path.endswith("=") else path)
    page = sign_in(context)
    clock.move(minutes=11)
    for path in AFTER_A_WHILE:
        look(page, path)


@VIEWS
@SIZES
@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_pages_that_somebody_sees_every_week(
    open_browser: Callable[..., BrowserContext],
    sign_in: Callable[[BrowserContext], Page],
    address: str,
    lived: Past,
    scheme: str,
    size: dict[str, int],
    language: str,
) -> None:
    context = open_browser(color_scheme=scheme, viewport=size)
    context.add_cookies([{"name": "rung-language", "value": language, "url": address}])
    page = sign_in(context)
    for path in main_pages(lived):
        look(page, path)


@VIEWS
@SIZES
def test_all_the_other_pages_of_a_person(
    open_browser: Callable[..., BrowserContext],
    sign_in: Callable[[BrowserContext], Page],
    sqlite_services: Services,
    lived: Past,
    scheme: str,
    size: dict[str, int],
) -> None:
    page = sign_in(open_browser(color_scheme=scheme, viewport=size))
    for path in other_pages(sqlite_services, lived):
        look(page, path)


@VIEWS
@SIZES
@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_pages_about_others(
    open_browser: Callable[..., BrowserContext],
    sign_in: Callable[[BrowserContext], Page],
    address: str,
    sqlite_services: Services,
    clock: SetClock,
    past: Past,
    scheme: str,
    size: dict[str, int],
    language: str,
) -> None:
    context = open_browser(color_scheme=scheme, viewport=size)
    context.add_cookies([{"name": "rung-language", "value": language, "url": address}])
    page = sign_in(context)
    for path in pages_of_sharing(sqlite_services, past, clock):
        look(page, path)


@pytest.mark.parametrize("width", [320, 640], ids=["small phone", "zoomed to 200 %"])
def test_nothing_is_cut_off_on_a_small_screen_or_by_one_long_word(
    open_browser: Callable[..., BrowserContext],
    sign_in: Callable[[BrowserContext], Page],
    sqlite_services: Services,
    lived: Past,
    width: int,
) -> None:
    word = "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen" * 2
    long = ladders.name_ladder(sqlite_services, lived.person, word, (word, f"{word} twice"))
    judge(sqlite_services, lived.person, long.id, {step.id: 50 for step in long.steps})
    record(sqlite_services, lived.person, long.id, long.steps[0].id, Did.DONE)
    long_one = Past(lived.person, long.id, [long.steps[place % 2].id for place in range(9)])
    page = sign_in(open_browser(viewport={"width": width, "height": 450}))
    pages = main_pages(lived) + main_pages(long_one) + [f"/?ladder={long.id}", "/sources/mastery"]
    cut_off = []
    for path in [*pages, "/ladders/across", f"/sources/body?ladder={long.id}"]:
        page.goto(path)
        page.evaluate(OPEN_ALL)
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            cut_off.append(path)
    assert cut_off == []


@VIEWS
def test_what_follows_a_form_with_a_fault(
    open_browser: Callable[..., BrowserContext],
    sign_in: Callable[[BrowserContext], Page],
    past: Past,
    scheme: str,
) -> None:
    page = sign_in(open_browser(color_scheme=scheme, viewport=PHONE, java_script_enabled=True))
    page.goto("/ladders/new")
    page.get_by_label("In your own words").fill("double my dose")
    page.get_by_role("button", name="Make a ladder for it").click()
    page.get_by_role("heading", name="This is not a ladder that Rung builds").wait_for()
    found = Axe().run(page, options=OPTIONS)
    assert [fault["id"] for fault in found.response["violations"]] == []
    page.goto(f"/ladders/{past.ladder}/steps")
    page.get_by_label("Add steps, one on each line").fill("x" * 201)
    page.get_by_role("button", name="Add").click()
    page.get_by_text("has 201 characters").wait_for()
    found = Axe().run(page, options=OPTIONS)
    assert [fault["id"] for fault in found.response["violations"]] == []
