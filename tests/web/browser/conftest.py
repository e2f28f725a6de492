"""A real browser, in the themes and sizes that the pages are made for."""

import os
import shutil
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright
from tests.web.stage import NAME, PASSWORD, PATIENCE

from rung.app.accounts import people
from rung.app.ports import Services

CHROMIUMS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"]

expect.set_options(timeout=PATIENCE * 1000)

OpenBrowser = Callable[..., BrowserContext]
_failed = pytest.StashKey[bool]()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("browser")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if call.when == "call":
        item.stash[_failed] = report.failed
    return report


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's own Chromium; without it these tests are skipped, but never in CI."""
    path = next(filter(None, map(shutil.which, CHROMIUMS)), None)
    if path is None:
        told = "Chromium is not installed: apt-get install chromium"
        if os.environ.get("CI") == "true":
            pytest.fail(told)
        pytest.skip(told)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_browser(
    chromium: Browser, address: str, request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[OpenBrowser]:
    """Opens windows on the application; a word on the console, or a request to elsewhere, fails the test."""
    opened: list[BrowserContext] = []
    complaints: list[str] = []

    def note(message: ConsoleMessage) -> None:
        # A page that is missing on purpose is told on the console too.
        if message.type in ("error", "warning") and "Failed to load resource" not in message.text:
            complaints.append(message.text)

    def note_foreign(url: str) -> None:
        if not url.startswith(address):
            complaints.append(url)

    def opener(**options: object) -> BrowserContext:
        settings = {"base_url": address, "reduced_motion": "reduce", **options}
        context = chromium.new_context(**settings)  # type: ignore[arg-type]
        context.set_default_timeout(PATIENCE * 1000)
        context.on("console", note)
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        context.on(
            "request", lambda asked: None if asked.url.startswith(address) else complaints.append(asked.url)
        )
        opened.append(context)
        return context

    yield opener
    if request.node.stash.get(_failed, False):
        for number, page in enumerate(page for context in opened for page in context.pages):
            page.screenshot(path=tmp_path / f"failed-{number}.png", full_page=True)
            print(f"Screenshot: {tmp_path}/failed-{number}.png")
    for context in opened:
        context.close()
    assert complaints == []


@pytest.fixture
def sign_in(sqlite_services: Services, address: str) -> Callable[[BrowserContext], Page]:
    """Signs a window in, without the page for it."""

    def signed_in(context: BrowserContext) -> Page:
        token = people.sign_in(sqlite_services, NAME, PASSWORD)
        context.add_cookies([{"name": "rung", "value": token, "url": address}])
        return context.new_page()

    return signed_in
