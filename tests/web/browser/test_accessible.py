"""Every page in a real browser: nothing that axe finds fault with, nothing cut off, targets large enough."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import BrowserContext, Page
from tests.web.stage import Past

from rung.app import ladders
from rung.app.evidence import record
from rung.app.model import Did
from rung.app.ports import Services

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 900}

VIEWS = pytest.mark.parametrize("scheme", ["light", "dark"])
SIZES = pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])

# A policy without inline script also stops the test's own helper: it runs in the page, past the policy.
OPTIONS = {
    "resultTypes": ["violations"],
    "runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"],
}

OPEN_ALL = "document.querySelectorAll('details').forEach(one => one.open = true)"
TARGETS = "main button, main .button, header a, main summary, main .way, main input"
SMALL = f"""() => [...document.querySelectorAll({TARGETS!r})]
  .filter(one => one.type !== 'hidden' && one.checkVisibility())
  .map(one => [one.outerHTML.slice(0, 80), one.getBoundingClientRect()])
  .filter(([, box]) => box.height < 43.5 || box.width < 43.5).map(([html]) => html)"""


def look(page: Page, path: str) -> None:
    """Open a page with everything unfolded, and hold it against every rule."""
    page.goto(path)
    for unfold in (False, True):
        if unfold:
            page.evaluate(OPEN_ALL)
        found = Axe().run(page, options=OPTIONS)
        faults = [
            (v["id"], [node["html"][:200] for node in v["nodes"]]) for v in found.response["violations"]
        ]
        assert faults == [], path
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), f"{path} is cut off"
    assert page.evaluate(SMALL) == [], path


@VIEWS
@SIZES
def test_pages_of_a_stranger(
    open_browser: Callable[..., BrowserContext], scheme: str, size: dict[str, int]
) -> None:
    page = open_browser(color_scheme=scheme, viewport=size).new_page()
    for path in ("/welcome", "/about", "/nowhere"):
        look(page, path)


@VIEWS
@SIZES
def test_pages_of_a_person(
    open_browser: Callable[..., BrowserContext],
    sign_in: Callable[[BrowserContext], Page],
    sqlite_services: Services,
    past: Past,
    scheme: str,
    size: dict[str, int],
) -> None:
    base = f"/ladders/{past.ladder}"
    empty = ladders.name_ladder(sqlite_services, past.person, "Sing").id
    offered = ladders.name_ladder(sqlite_services, past.person, "Tell my boss what I would change").id
    looks_back = [
        f"/attempts/{record(sqlite_services, past.person, past.ladder, past.steps[6], did)}/reflect?saved=1"
        for did in (Did.TRIED, Did.AVOIDED)
    ]
    page = sign_in(open_browser(color_scheme=scheme, viewport=size))
    parts = ("", "/steps", "/judge", "/see", f"/log?step={past.steps[5]}")
    for path in [f"{base}{part}" for part in parts] + looks_back:
        look(page, path)
    for path in (
        "/",
        "/data",
        "/ladders/new",
        "/about",
        "/sign-in",
        f"/ladders/{empty}",
        f"/ladders/{empty}/see",
    ):
        look(page, path)
    for path in (f"/ladders/{empty}/steps", f"/ladders/{offered}/steps", f"/ladders/{empty}/nowhere"):
        look(page, path)


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
