"""Ladders, their steps, the library and judging in a real browser: looked at, dragged, without script."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from tests.databases import SetClock
from tests.web.browser.test_accessible import DESKTOP, PHONE, SIZES, VIEWS, look
from tests.web.stage import Past

from rung.app import evidence
from rung.app.climbing import ladders, steps
from rung.app.model import Did
from rung.app.ports import Services

OpenBrowser = Callable[..., BrowserContext]
SignIn = Callable[[BrowserContext], Page]

LONG = "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichenverleihung " * 2


def names(services: Services, past: Past) -> list[str]:
    return [step.name for step in ladders.ladder(services, past.person, past.ladder).climbing]


@VIEWS
@SIZES
def test_every_page_of_ladders_can_be_used_by_everybody(
    open_browser: OpenBrowser,
    sign_in: SignIn,
    sqlite_services: Services,
    past: Past,
    clock: SetClock,
    scheme: str,
    size: dict[str, int],
) -> None:
    services, me, base = sqlite_services, past.person, f"/ladders/{past.ladder}"
    steps.set_conditions(services, me, past.ladder, past.steps[6], ["notes", "pressure", "unfamiliar"])
    steps.rename_step(services, me, past.ladder, past.steps[7], LONG)
    steps.retire_step(services, me, past.ladder, past.steps[0])
    clock.move(hours=1)
    evidence.record(services, me, past.ladder, past.steps[5], Did.TRIED)
    away = ladders.name_ladder(services, me, "Learn to swim", ["Swim"]).id
    ladders.archive_ladder(services, me, away)
    empty = ladders.name_ladder(services, me, "Sing").id
    page = sign_in(open_browser(color_scheme=scheme, viewport=size))
    for path in (
        "/ladders",
        f"/ladders?away={away}",
        "/ladders/new",
        base,
        f"/ladders/{away}",
        f"{base}/steps?retired={past.steps[0]}",
        f"{base}/steps/{past.steps[1]}",
        f"{base}/steps/{past.steps[7]}",
        f"{base}/steps/{past.steps[0]}",
        f"{base}/judge",
        f"{base}/judge?steps={past.steps[3]}",
        f"/ladders/{empty}/steps",
        f"/ladders/{empty}/steps?take=phone-calls",
        "/library",
        f"/library?q=xyzzy&ladder={empty}",
        "/library/difficult-conversation",
        f"/library/phone-calls?ladder={empty}",
    ):
        look(page, path)


def test_twelve_rungs_stand_on_two_phone_screens(
    open_browser: OpenBrowser, sign_in: SignIn, sqlite_services: Services, past: Past
) -> None:
    twelve = [f"{number} minutes of it, at home" for number in range(1, 13)]
    made = ladders.name_ladder(sqlite_services, past.person, "Sing", twelve)
    evidence.judge(sqlite_services, past.person, made.id, {step.id: 40 for step in made.steps})
    page = sign_in(open_browser(viewport=PHONE))
    page.goto(f"/ladders/{made.id}")
    box = page.get_by_role("list", name=re.compile("from the goal down")).bounding_box()
    assert box
    assert box["height"] <= 2 * PHONE["height"]


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_a_step_is_dragged_to_another_place(
    open_browser: OpenBrowser, sign_in: SignIn, sqlite_services: Services, past: Past, size: dict[str, int]
) -> None:
    before = names(sqlite_services, past)
    page = sign_in(open_browser(viewport=size))
    page.goto(f"/ladders/{past.ladder}/steps")
    grips = page.locator("[data-grip]")
    expect(grips).to_have_count(9)
    drag(page, 2, 4)
    expect(page).to_have_url(re.compile(f"#step-{past.steps[6]}$"))
    moved = [*before[:4], before[6], *before[4:6], *before[7:]]
    assert names(sqlite_services, past) == moved


def test_a_drag_that_is_given_up_changes_nothing(
    open_browser: OpenBrowser, sign_in: SignIn, sqlite_services: Services, past: Past
) -> None:
    before = names(sqlite_services, past)
    page = sign_in(open_browser(viewport=DESKTOP))
    page.goto(f"/ladders/{past.ladder}/steps")
    drag(page, 2, 4, lets_go=False)
    lines = page.locator("[data-order] > li .quiet")
    expect(lines).not_to_have_text(before[::-1])
    page.keyboard.press("Escape")
    expect(lines).to_have_text(before[::-1])
    page.mouse.up()
    assert names(sqlite_services, past) == before


def drag(page: Page, start: int, end: int, *, lets_go: bool = True) -> None:
    """Take a line of the list by its grip, and carry it below another one."""
    grips, lines = page.locator("[data-grip]"), page.locator("[data-order] > li")
    lines.nth(end).scroll_into_view_if_needed()
    grip, line = grips.nth(start).bounding_box(), lines.nth(end).bounding_box()
    assert grip
    assert line
    page.mouse.move(grip["x"] + grip["width"] / 2, grip["y"] + grip["height"] / 2)
    page.mouse.down()
    page.mouse.move(line["x"] + 20, line["y"] + line["height"] - 4, steps=8)
    if lets_go:
        page.mouse.up()


@pytest.mark.parametrize("with_script", [True, False], ids=["with script", "without script"])
def test_from_the_library_to_a_judged_ladder(
    open_browser: OpenBrowser, sign_in: SignIn, past: Past, with_script: bool
) -> None:
    page = sign_in(open_browser(viewport=PHONE, java_script_enabled=with_script))
    page.goto("/ladders")
    page.get_by_role("link", name="Look through the library").click()
    page.get_by_label("What do you put off?").fill("I am scared of phoning people")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name=re.compile("phone", re.IGNORECASE)).first.click()
    page.get_by_label("In your own words").fill("Call the bank about the fee")
    page.get_by_role("button", name="Start this ladder").click()
    expect(page.get_by_role("heading", name="How sure are you that you can do this")).to_be_visible()
    sure = page.get_by_role("button", name="That is how it is now")
    sure.wait_for()
    boxes = page.locator("main form > ol input[name=rating]")
    for number in range(boxes.count()):
        boxes.nth(number).fill(str(95 - 7 * number))
    page.get_by_text("What do you fear about it?").first.click()
    page.get_by_role("spinbutton", name="How likely is it to go badly?").first.fill("50")
    page.get_by_role("spinbutton", name="How bad would that be?").first.fill("80")
    page.get_by_text("What do you have to manage it with?").click()
    page.get_by_label("People, time, notes, what worked before").fill("A quiet room")
    sure.click()
    expect(page.get_by_text("That is how sure you are")).to_be_visible()
    page.get_by_role("listitem").get_by_role("link").first.click()
    expect(page.get_by_role("heading", name="How it stands")).to_be_visible()


@pytest.mark.parametrize("with_script", [True, False], ids=["with script", "without script"])
def test_steps_are_built_from_conditions_and_edited_before_they_are_put_on(
    open_browser: OpenBrowser, sign_in: SignIn, sqlite_services: Services, past: Past, with_script: bool
) -> None:
    made = ladders.name_ladder(sqlite_services, past.person, "Zing")
    page = sign_in(open_browser(viewport=PHONE, java_script_enabled=with_script))
    page.goto(f"/ladders/{made.id}/steps")
    page.get_by_text("Build it from what makes it harder").click()
    page.get_by_label("What you do").fill("Say what I would change")
    people = page.get_by_role("group", name="People")
    people.get_by_label("Easier").fill("to a friend")
    people.get_by_label("Harder").fill("to my manager")
    page.get_by_role("button", name="Show me the steps").last.click()
    area = page.get_by_label("One step on each line, easiest first")
    expect(area).to_have_value(re.compile("- Say what I would change, to a friend\n- Say what.*manager"))
    area.fill("Write it down\n" + area.input_value())
    page.get_by_role("button", name="Put them on the ladder").click()
    expect(page.get_by_role("link", name="Say what I would change, to my manager")).to_be_visible()
    page.get_by_role("link", name="Say what I would change, to a friend").click()
    page.get_by_text("Its conditions").click()
    page.get_by_label("with notes in hand").check()
    page.get_by_role("button", name="Keep it like this").click()
    expect(page.get_by_text("Kept.")).to_be_visible()
    page.get_by_role("button", name="Retire it").click()
    page.get_by_role("button", name="Put it back").click()
    expect(page.get_by_text("is on the ladder again")).to_be_visible()
