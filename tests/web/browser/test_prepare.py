"""Preparing a step, and the exercises of the body, in a real browser: by eye, by keyboard, without script."""

import itertools
from collections.abc import Callable
from datetime import timedelta

from playwright.sync_api import BrowserContext, Page, expect
from tests.databases import SetClock
from tests.web.browser.test_accessible import DESKTOP, PHONE, SIZES, VIEWS, look
from tests.web.stage import Past

from rung.app import evidence
from rung.app.climbing import plans
from rung.app.climbing.plans import Draft
from rung.app.ports import Services

Open = Callable[..., BrowserContext]
SignIn = Callable[[BrowserContext], Page]


def prepare(past: Past) -> str:
    return f"/ladders/{past.ladder}/prepare?step={past.steps[6]}"


def reappraise(past: Past) -> str:
    return f"/body/reappraise?ladder={past.ladder}&step={past.steps[6]}"


def planned(services: Services, clock: SetClock, past: Past) -> str:
    whole = Draft(
        at=clock.now() + timedelta(hours=1),
        where="There",
        if_text="my mind goes blank",
        then_text="look at my note",
        obstacle="They cut in",
        then_what="wait",
        who="Sam",
        vary="place",
    )
    made = plans.make(services, past.person, past.ladder, past.steps[6], whole)
    clock.move(hours=2)
    plans.make(services, past.person, past.ladder, past.steps[6], Draft(who="Kim"))
    return made.id


@VIEWS
@SIZES
def test_every_page_can_be_used_by_everybody(
    open_browser: Open,
    sign_in: SignIn,
    sqlite_services: Services,
    clock: SetClock,
    past: Past,
    scheme: str,
    size: dict[str, int],
) -> None:
    plan = planned(sqlite_services, clock, past)
    page = sign_in(open_browser(color_scheme=scheme, viewport=size))
    for path in (
        prepare(past),
        f"{prepare(past)}&saved=true",
        f"/plans/{plan}",
        "/body",
        reappraise(past),
        "/body/breathe",
    ):
        look(page, path)


@VIEWS
def test_every_page_can_be_used_without_script(
    open_browser: Open,
    sign_in: SignIn,
    sqlite_services: Services,
    clock: SetClock,
    past: Past,
    scheme: str,
) -> None:
    planned(sqlite_services, clock, past)
    page = sign_in(open_browser(color_scheme=scheme, viewport=PHONE, java_script_enabled=False))
    page.goto(prepare(past))
    page.get_by_role("radio", name="Tomorrow").check()
    page.get_by_text("Choose one that fits").click()
    page.get_by_role("radio", name="If they cut in").check()
    page.get_by_role("button", name="Save the plan").click()
    expect(page.get_by_text("Your plan is saved.")).to_be_visible()
    expect(page.get_by_role("heading", name="Tomorrow")).to_be_visible()
    expect(page.get_by_text("If they cut in, then I let them finish").first).to_be_visible()
    page.goto(reappraise(past))
    expect(page.get_by_role("button", name="Next")).to_have_count(0)
    page.get_by_role("radio", name="I can feel this, and begin").check()
    page.get_by_role("spinbutton", name="How strongly is your body going now?").fill("6")
    page.get_by_role("radio", name="I’m ready").check()
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_role("heading", name="Kept.")).to_be_visible()
    page.goto("/body/breathe")
    expect(page.get_by_role("button", name="Start")).to_have_count(0)


def test_choosing_a_suggestion_writes_it_into_the_fields(
    open_browser: Open, sign_in: SignIn, sqlite_services: Services, past: Past
) -> None:
    page = sign_in(open_browser(viewport=DESKTOP))
    page.goto(prepare(past))
    expect(page.get_by_label("Day", exact=True)).to_be_hidden()
    expect(page.get_by_label("Time", exact=True)).to_be_hidden()
    page.get_by_role("radio", name="Another day").check()
    expect(page.get_by_label("Day", exact=True)).to_be_visible()
    page.get_by_role("radio", name="Tomorrow").check()
    expect(page.get_by_label("Day", exact=True)).to_be_hidden()
    page.get_by_label("Time", exact=True).fill("18:30")
    page.get_by_text("Choose one that fits").click()
    page.get_by_role("radio", name="If they cut in").check()
    expect(page.get_by_label("If …")).to_have_value("they cut in")
    page.get_by_label("… then I …").fill("wait, and go on")
    page.get_by_role("button", name="Save the plan").click()
    expect(page.get_by_text("If they cut in, then I wait, and go on.")).to_be_visible()
    page.get_by_role("button", name="Let it go").click()
    expect(page.get_by_text("You let this plan go. Nothing counts against you.")).to_be_visible()
    page.get_by_role("button", name="Take it up again").click()
    expect(page.get_by_role("heading", name="Tomorrow, 18:30")).to_be_visible()


def test_the_exercise_goes_screen_by_screen_with_the_keyboard_alone(
    open_browser: Open, sign_in: SignIn, sqlite_services: Services, past: Past
) -> None:
    page = sign_in(open_browser(viewport=PHONE))
    page.goto(reappraise(past))
    titles = [
        "What is it for?",
        "A time when it was like this, and it worked all the same",
        "Read it again",
        "And now?",
    ]
    expect(page.get_by_role("heading", name="Where do you feel it?")).to_be_visible()
    expect(page.get_by_role("heading", name=titles[0], exact=True)).to_be_hidden()
    # Enter in a field goes on to the next screen instead of sending the form.
    page.locator("#before").focus()
    page.keyboard.type("8")
    page.keyboard.press("Enter")
    for title, following in itertools.pairwise(titles):
        expect(page.get_by_role("heading", name=title, exact=True)).to_be_focused()
        page.get_by_role("button", name="Next").press("Enter")
        expect(page.get_by_role("heading", name=following)).to_be_focused()
    page.get_by_role("button", name="Keep it").press("Enter")
    expect(page.get_by_text("Choose how you read it now.")).to_be_visible()
    expect(page.get_by_role("heading", name="And now?")).to_be_visible()
    page.locator("#arousal").focus()
    page.keyboard.type("7")
    page.get_by_role("radio", name="neither").focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    page.get_by_role("button", name="Keep it").press("Enter")
    expect(page.get_by_text("Your body is at 7 of 10. You read it as: rather ready.")).to_be_visible()
    kept = [one for one in evidence.log_of(sqlite_services, past.person) if one.kind == "state"]
    assert [(one.arousal, one.appraisal) for one in kept] == [(0.7, 0.5)]


def test_breathing_moves_for_those_who_want_it_and_counts_for_those_who_do_not(
    open_browser: Open, sign_in: SignIn, past: Past
) -> None:
    for motion in ("no-preference", "reduce"):
        page = sign_in(open_browser(viewport=PHONE, reduced_motion=motion))
        page.clock.install()
        page.goto("/body/breathe")
        page.get_by_role("button", name="Start").press("Enter")
        expect(page.locator(".phase")).to_have_text("Breathe in")
        if motion == "reduce":
            expect(page.locator(".breath svg")).to_be_hidden()
            expect(page.locator(".counts .now")).to_have_text("1")
        else:
            expect(page.locator(".breath svg")).to_be_visible()
            expect(page.locator(".counts").first).to_be_hidden()
        page.clock.run_for(4_500)
        expect(page.locator(".phase")).to_have_text("Breathe out")
        page.clock.run_for(6_000)
        expect(page.locator(".phase")).to_have_text("Breathe in")
        page.clock.run_for(50_000)
        expect(page.locator(".phase")).to_have_text("That is the time. Go on if you like, or begin.")
        expect(page.get_by_role("button", name="Start")).to_be_focused()
        page.get_by_role("button", name="Start").press("Enter")
        page.get_by_role("button", name="Stop").press("Enter")
        expect(page.locator(".phase")).to_have_text("")


def test_the_progress_line_stands_still_under_reduced_motion(
    open_browser: Open, sign_in: SignIn, past: Past
) -> None:
    for motion, is_shown in (("no-preference", True), ("reduce", False)):
        page = sign_in(open_browser(viewport=PHONE, reduced_motion=motion))
        page.goto(reappraise(past))
        expect(page.get_by_role("button", name="Next")).to_be_visible()
        expect(page.locator(".two-minutes")).to_be_visible(visible=is_shown)


def test_nothing_is_cut_off_on_the_narrowest_phone_in_either_direction(
    open_browser: Open, sign_in: SignIn, sqlite_services: Services, clock: SetClock, past: Past
) -> None:
    plan = planned(sqlite_services, clock, past)
    page = sign_in(open_browser(viewport={"width": 320, "height": 568}))
    for path in (prepare(past), f"/plans/{plan}", "/body", reappraise(past), "/body/breathe"):
        page.goto(path)
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        for direction in ("ltr", "rtl"):
            page.evaluate(f"document.documentElement.dir = {direction!r}")
            assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), (path, direction)
