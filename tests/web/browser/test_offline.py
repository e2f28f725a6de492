"""Without a network, in a real browser: nothing is lost, nothing is doubled, nothing of a page is kept."""

import re
import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, BrowserContext, Page, expect
from starlette.types import Message, Receive, Scope, Send
from tests.conftest import join
from tests.databases import SetClock
from tests.web.browser.conftest import CHROMIUMS, FLAGS
from tests.web.browser.test_accessible import look
from tests.web.stage import GOAL, NAME, PASSWORD, PATIENCE, STEPS, Past

from rung.app import evidence
from rung.app.accounts import people
from rung.app.model import EventId
from rung.app.ports import Services
from rung.engine import Event

PHONE = {"width": 390, "height": 844}
OpenBrowser = Callable[..., BrowserContext]
SignIn = Callable[[BrowserContext], Page]


class House:
    """A server that can go away and come back under its address, and lose its answers on the way."""

    def __init__(self, app: FastAPI) -> None:
        self.app = app
        self.port = 0
        self.loses_answers = False
        self.is_behind_a_broken_gateway = False
        self.sendings = 0

    @property
    def address(self) -> str:
        return f"http://localhost:{self.port}"

    def start(self) -> None:
        listener = socket.create_server(("127.0.0.1", self.port))
        self.port = listener.getsockname()[1]
        config = uvicorn.Config(
            self._answer, interface="asgi3", log_level="critical", ws="none", lifespan="off"
        )
        self.server = uvicorn.Server(config)
        self.thread = threading.Thread(target=self.server.run, kwargs={"sockets": [listener]}, daemon=True)
        self.thread.start()

    def stop(self) -> None:
        self.server.force_exit = self.server.should_exit = True
        self.thread.join(timeout=10)
        assert not self.thread.is_alive()

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self.is_behind_a_broken_gateway:
            await send({"type": "http.response.start", "status": 502, "headers": []})
            await send({"type": "http.response.body", "body": b"Bad gateway"})
            return
        if scope["path"] != "/outbox":
            await self.app(scope, receive, send)
            return
        self.sendings += 1
        if not self.loses_answers:
            await self.app(scope, receive, send)
            return

        async def swallow(message: Message) -> None:
            pass

        await self.app(scope, receive, swallow)
        headers = [(b"content-type", b"application/json"), (b"content-length", b"999")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"{", "more_body": False})


@pytest.fixture(autouse=True)
def clock_of_the_browser(clock: SetClock) -> None:
    """The server's clock goes with the browser's, which tells when something was done."""
    clock.moment = datetime.now(UTC)


@pytest.fixture
def house(app: FastAPI) -> Iterator[House]:
    made = House(app)
    made.start()
    yield made
    if made.thread.is_alive():
        made.stop()


@pytest.fixture
def address(house: House) -> str:
    """Where the application answers; it can go away."""
    return house.address


@pytest.fixture
def robin(open_browser: OpenBrowser, sign_in: SignIn, past: Past, clock: SetClock) -> Page:
    """Somebody who has opened Today once, on a phone."""
    page = sign_in(open_browser(viewport=PHONE))
    return ready(page)


def ready(page: Page) -> Page:
    """Open Today, and wait until the browser could do without a network."""
    page.goto("/")
    until(
        page,
        """const keys = (await Promise.all((await caches.keys()).map(async (name) =>
             (await (await caches.open(name)).keys()).map((one) => one.url)))).flat();
           // A page that came before the worker claimed its clients is not controlled; the next one is.
           const worker = (await navigator.serviceWorker.getRegistration())?.active;
           return worker?.state === 'activated' && keys.some((url) => url.endsWith('/offline'))
             && keys.length > 8 && await rungOutbox.kept('pocket');""",
    )
    return page


def until(page: Page, condition: str) -> None:
    """Wait until the script that tells it says so."""
    page.evaluate(
        f"""async () => {{
          const ask = async () => {{ {condition} }};
          // A page that is just coming has no script yet.
          const holds = () => ask().catch(() => false);
          const late = Date.now() + {PATIENCE * 1000};
          while (!(await holds()) && Date.now() < late)
            await new Promise((resolve) => setTimeout(resolve, 20));
          if (!(await holds())) throw new Error('it never came to that');
        }}"""
    )


def waiting(page: Page, count: int) -> None:
    """Wait until the page says how much waits."""
    expect(page.locator("#waiting")).to_have_text(f"{count} waiting to be sent" if count else "")


def since(services: Services, past: Past, known: list[Event]) -> list[Event]:
    """What came in, without the approaches that are stored with attempts."""
    ids = {event.id for event in known}
    found = [event for event in evidence.log_of(services, past.person) if event.id not in ids]
    return [event for event in found if not (event.kind == "choice" and event.value == 1.0)]


class Line:
    """The two ways to be without a network: the device has none, or the server is gone."""

    def __init__(self, kind: str, context: BrowserContext, house: House) -> None:
        self.kind, self.context, self.house = kind, context, house

    def cut(self) -> None:
        if self.kind == "no network":
            self.context.set_offline(True)
        else:
            self.house.stop()

    def mend(self, page: Page) -> None:
        if self.kind == "no network":
            self.context.set_offline(False)
        else:
            self.house.start()
            # The browser has noticed nothing: the next look at the page sends.
            page.evaluate("dispatchEvent(new Event('online'))")


KINDS = pytest.mark.parametrize("kind", ["no network", "no server"])


@KINDS
def test_what_is_logged_judged_and_looked_back_on_without_a_network_arrives_once(
    robin: Page, house: House, past: Past, sqlite_services: Services, kind: str
) -> None:
    line = Line(kind, robin.context, house)
    known = evidence.log_of(sqlite_services, past.person)
    robin.goto(f"/ladders/{past.ladder}/log?step={past.steps[6]}")
    line.cut()
    # A page that was open already.
    robin.get_by_role("button", name="Tried").click()
    expect(robin.get_by_role("heading", name="It did not work this time.")).to_be_visible()
    waiting(robin, 1)
    robin.get_by_label("What would you do differently").fill("Ask for the notes first")
    robin.get_by_role("radio", name="How I went about it").check()
    robin.get_by_role("button", name="Finish").click()
    expect(robin.get_by_role("heading", name="Kept on this device")).to_be_visible()
    waiting(robin, 2)
    # A page that cannot be reached.
    robin.goto("/")
    expect(robin.get_by_role("heading", name="No network just now")).to_be_visible()
    robin.get_by_role("link", name="I did something about it").click()
    robin.get_by_role("button", name="Done").click()
    expect(robin.get_by_role("heading", name="It worked.")).to_be_visible()
    waiting(robin, 3)
    robin.goto(f"/ladders/{past.ladder}/judge")
    robin.get_by_role("spinbutton", name=STEPS[0], exact=True).fill("95")
    robin.get_by_role("spinbutton", name=STEPS[8], exact=True).fill("25")
    robin.get_by_role("button", name="That is how it is now").click()
    waiting(robin, 4)
    expect(robin.get_by_text(f"How sure you are: {GOAL}")).to_be_visible()
    robin.reload()
    waiting(robin, 4)
    assert since(sqlite_services, past, known) == []

    line.mend(robin)
    until(robin, "return (await rungOutbox.items()).length === 0")
    waiting(robin, 0)
    came = since(sqlite_services, past, known)
    assert sorted((event.kind, event.value) for event in came) == [
        ("attempt", 0.0),
        ("attempt", 1.0),
        ("judgement", 0.25),
        ("judgement", 0.95),
    ]
    tried = next(event for event in came if event.value == 0.0)
    texts = evidence.texts_of(sqlite_services, past.person, EventId(tried.id))
    assert texts["what_next"] == "Ask for the notes first"
    robin.goto("/")
    expect(robin.get_by_role("link", name="I did something about it")).to_be_visible()


def test_it_survives_that_everything_is_closed(
    chromium: Browser, house: House, past: Past, sqlite_services: Services, tmp_path: Path
) -> None:
    known = evidence.log_of(sqlite_services, past.person)

    def opened() -> BrowserContext:
        context = chromium.browser_type.launch_persistent_context(
            tmp_path / "profile", executable_path=_path(chromium), args=FLAGS, base_url=house.address
        )
        context.set_default_timeout(PATIENCE * 1000)
        return context

    context = opened()
    token = people.sign_in(sqlite_services, NAME, PASSWORD)
    context.add_cookies([{"name": "rung", "value": token, "url": house.address, "expires": 4_000_000_000}])
    page = ready(context.new_page())
    house.stop()
    page.goto("/")
    page.get_by_role("link", name="I did something about it").click()
    page.get_by_role("button", name="Partly").click()
    page.get_by_label("What did you do that made it work?").fill("I began")
    page.get_by_role("button", name="Finish").click()
    waiting(page, 2)
    context.close()

    context = opened()
    page = context.new_page()
    page.goto("/")
    waiting(page, 2)
    context.close()

    house.start()
    context = opened()
    page = context.new_page()
    page.goto("/")
    until(page, "return (await rungOutbox.items()).length === 0")
    waiting(page, 0)
    came = since(sqlite_services, past, known)
    assert [(event.kind, event.value) for event in came] == [("attempt", 0.5)]
    assert evidence.texts_of(sqlite_services, past.person, EventId(came[0].id))["what_helped"] == "I began"
    context.close()


def _path(chromium: Browser) -> str:
    return next(path for path in map(shutil.which, CHROMIUMS) if path)


@pytest.mark.parametrize("step", [0, 6])
def test_an_answer_that_is_lost_does_not_store_anything_twice(
    robin: Page, house: House, past: Past, sqlite_services: Services, step: int
) -> None:
    known = evidence.log_of(sqlite_services, past.person)
    robin.goto(f"/ladders/{past.ladder}/log?step={past.steps[step]}")
    house.loses_answers = True
    robin.get_by_role("button", name="Done").click()
    expect(robin.get_by_role("heading", name="It worked.")).to_be_visible()
    assert len(since(sqlite_services, past, known)) == 1
    robin.get_by_label("What did you do that made it work?").fill("I sat down")
    robin.get_by_role("button", name="Finish").click()
    waiting(robin, 2)
    house.loses_answers = False
    robin.evaluate("dispatchEvent(new Event('online'))")
    until(robin, "return (await rungOutbox.items()).length === 0")
    came = since(sqlite_services, past, known)
    assert [(event.kind, event.value) for event in came] == [("attempt", 1.0)]
    assert evidence.texts_of(sqlite_services, past.person, EventId(came[0].id)) == {
        "what_helped": "I sat down"
    }
    assert house.sendings >= 2


def test_a_gateway_without_a_server_behind_it_is_no_network(
    robin: Page, house: House, past: Past, sqlite_services: Services
) -> None:
    known = evidence.log_of(sqlite_services, past.person)
    house.is_behind_a_broken_gateway = True
    robin.goto("/")
    robin.get_by_role("link", name="I did something about it").click()
    robin.get_by_role("button", name="Done").click()
    waiting(robin, 1)
    house.is_behind_a_broken_gateway = False
    robin.goto("/")
    until(robin, "return (await rungOutbox.items()).length === 0")
    assert [event.value for event in since(sqlite_services, past, known)] == [1.0]


def test_the_caches_hold_no_page_of_anybody(robin: Page, past: Past) -> None:
    for path in (f"/ladders/{past.ladder}", f"/ladders/{past.ladder}/judge", "/you/device", "/"):
        robin.goto(path)
    found = robin.evaluate(
        """async () => {
          const found = [];
          for (const name of await caches.keys()) {
            const cache = await caches.open(name);
            for (const request of await cache.keys()) {
              const answer = await cache.match(request);
              found.push([new URL(request.url).pathname, await answer.text()]);
            }
          }
          return found;
        }"""
    )
    assert [path for path, _ in found if not re.match(r"/static/|/offline$", path)] == []
    assert {path for path, _ in found} > {"/offline"}
    held = [path for path, text in found if any(name in text for name in (GOAL, *STEPS, NAME, past.ladder))]
    assert held == []


def enter(page: Page, house: House, services: Services, name: str = NAME, password: str = PASSWORD) -> None:
    """Sign in, without the page for it, and open Today."""
    token = people.sign_in(services, name, password)
    page.context.add_cookies([{"name": "rung", "value": token, "url": house.address}])
    page.goto("/")


def kept(page: Page, name: str) -> object:
    return page.evaluate(f"rungOutbox.kept({name!r})")


def test_signing_out_clears_the_pocket_and_keeps_what_waits(
    robin: Page, house: House, sqlite_services: Services
) -> None:
    assert kept(robin, "pocket")
    robin.context.set_offline(True)
    robin.goto("/")
    robin.get_by_role("link", name="I did something about it").click()
    robin.get_by_role("button", name="Done").click()
    waiting(robin, 1)
    house.loses_answers = True
    robin.context.set_offline(False)
    robin.goto("/data")
    robin.get_by_role("button", name="Sign out").click()
    expect(robin.get_by_role("heading", name="Welcome back")).to_be_visible()
    expect(robin.locator("#waiting")).to_have_text("1 waiting: sign in to send it")
    until(robin, "return !(await rungOutbox.kept('pocket'))")
    house.loses_answers = False
    enter(robin, house, sqlite_services)
    until(robin, "return (await rungOutbox.items()).length === 0")
    waiting(robin, 0)


def test_an_account_that_is_deleted_leaves_nothing_in_the_browser(robin: Page) -> None:
    robin.context.set_offline(True)
    robin.goto("/")
    robin.get_by_role("link", name="I did something about it").click()
    robin.get_by_role("button", name="Done").click()
    waiting(robin, 1)
    robin.route("**/outbox", lambda route: route.abort())
    robin.context.set_offline(False)
    robin.goto("/about")
    robin.evaluate(
        """(password) => {
          const form = document.createElement('form');
          Object.assign(form, { method: 'post', action: '/data/delete' });
          form.append(Object.assign(document.createElement('input'), { name: 'password', value: password }));
          document.body.append(form);
          form.submit();
        }""",
        PASSWORD,
    )
    expect(robin).to_have_url(re.compile("/sign-in"))
    until(robin, "return (await rungOutbox.items()).length === 0 && !(await rungOutbox.kept('pocket'))")


def test_a_session_that_is_over_loses_nothing(
    robin: Page, house: House, past: Past, sqlite_services: Services
) -> None:
    known = evidence.log_of(sqlite_services, past.person)
    robin.goto(f"/ladders/{past.ladder}/log?step={past.steps[6]}")
    people.sign_out_everywhere(sqlite_services, past.person)
    robin.get_by_role("button", name="Done").click()
    expect(robin.get_by_role("heading", name="Welcome back")).to_be_visible()
    expect(robin.locator("#waiting")).to_have_text("1 waiting: sign in to send it")
    until(robin, "return !(await rungOutbox.kept('pocket'))")
    enter(robin, house, sqlite_services)
    until(robin, "return (await rungOutbox.items()).length === 0")
    waiting(robin, 0)
    assert [event.value for event in since(sqlite_services, past, known)] == [1.0]


def test_another_account_in_the_same_browser_gets_and_sends_nothing_of_the_first(
    robin: Page, past: Past, house: House, sqlite_services: Services
) -> None:
    known = evidence.log_of(sqlite_services, past.person)
    robin.context.set_offline(True)
    robin.goto("/")
    robin.get_by_role("link", name="I did something about it").click()
    robin.get_by_role("button", name="Done").click()
    waiting(robin, 1)
    robin.context.clear_cookies()
    other = join(sqlite_services, "Ben")
    token = people.sign_in(sqlite_services, "Ben", "battery staple")
    robin.context.add_cookies([{"name": "rung", "value": token, "url": house.address}])
    robin.context.set_offline(False)
    robin.goto("/you/device")
    expect(robin.get_by_text("Something waits for somebody else")).to_be_visible()
    waiting(robin, 0)
    until(robin, "return !(await rungOutbox.kept('pocket'))")
    expect(robin.get_by_role("main")).not_to_contain_text(STEPS[5])
    robin.goto("/")
    robin.goto("/you/device")
    expect(robin.get_by_text("Something waits for somebody else")).to_be_visible()
    assert evidence.log_of(sqlite_services, other) == []
    assert since(sqlite_services, past, known) == []
    assert robin.evaluate("rungOutbox.items().then((all) => all.length)") == 1


def test_what_is_refused_is_shown_with_its_reason_and_can_be_removed(
    robin: Page, past: Past, sqlite_services: Services, clock: SetClock
) -> None:
    known = evidence.log_of(sqlite_services, past.person)
    robin.context.set_offline(True)
    robin.goto("/")
    for _ in range(2):
        robin.goto("/")
        robin.get_by_role("link", name="I did something about it").click()
        robin.get_by_role("button", name="Avoided").click()
        expect(robin.get_by_role("heading", name="You let it pass.")).to_be_visible()
    waiting(robin, 2)
    # The browser's clock is far ahead of the server's.
    clock.move(days=-2)
    robin.context.set_offline(False)
    expect(robin.locator("#waiting")).to_have_text("2 could not be sent")
    robin.goto("/you/device")
    expect(robin.get_by_text("this was done in the future")).to_have_count(2)
    robin.get_by_role("button", name="Remove", exact=True).first.click()
    expect(robin.locator("#waiting")).to_have_text("1 could not be sent")
    clock.move(days=2)
    robin.get_by_role("button", name="Send it as done just now").click()
    expect(robin.locator("#waiting")).to_have_text("")
    assert [event.kind for event in since(sqlite_services, past, known)] == ["choice"]


def test_the_pocket_can_be_switched_off_and_all_be_removed(robin: Page, past: Past) -> None:
    robin.goto("/you/device")
    box = robin.get_by_label("Keep my ladders on this device")
    expect(box).to_be_checked()
    expect(robin.get_by_role("main")).to_contain_text(GOAL)
    box.uncheck()
    expect(robin.get_by_text("No ladders are kept here.")).to_be_visible()
    robin.goto("/")
    robin.goto("/you/device")
    expect(box).not_to_be_checked()
    until(robin, "return !(await rungOutbox.kept('pocket'))")
    robin.context.set_offline(True)
    robin.goto("/")
    expect(robin.get_by_role("heading", name="There is no network just now")).to_be_visible()
    robin.context.set_offline(False)
    robin.goto("/you/device")
    box.check()
    expect(robin.get_by_role("main")).to_contain_text(GOAL)
    robin.get_by_text("Remove everything from this device").click()
    robin.get_by_role("button", name="Remove it all").click()
    expect(robin.get_by_text("Nothing is kept on this device any more")).to_be_visible()
    until(robin, "return !(await rungOutbox.kept('pocket'))")


@pytest.mark.parametrize("is_offline", [False, True], ids=["online", "offline"])
def test_a_try_is_logged_with_two_taps_from_opening_the_app(
    robin: Page, past: Past, sqlite_services: Services, is_offline: bool
) -> None:
    known = evidence.log_of(sqlite_services, past.person)
    robin.context.set_offline(is_offline)
    robin.goto("/")
    taps = 0
    for role, name in (("link", "I did something about it"), ("button", "Done")):
        robin.get_by_role(role, name=name).first.click()  # type: ignore[arg-type]  # roles are literals
        taps += 1
    expect(robin.get_by_role("heading", name="It worked.")).to_be_visible()
    if is_offline:
        waiting(robin, 1)
        robin.context.set_offline(False)
        waiting(robin, 0)
    assert taps <= 4
    assert [event.kind for event in since(sqlite_services, past, known)] == ["attempt"]


def test_a_try_can_be_taken_back_before_it_is_sent(robin: Page, past: Past) -> None:
    robin.context.set_offline(True)
    robin.goto("/")
    robin.get_by_role("link", name="I did something about it").click()
    robin.get_by_role("button", name="Done").click()
    waiting(robin, 1)
    robin.get_by_role("button", name="Take it back").click()
    waiting(robin, 0)
    expect(robin.get_by_role("heading", name="No network just now")).to_be_visible()


def test_a_form_with_a_fault_says_so_beside_the_field(robin: Page, past: Past) -> None:
    robin.goto(f"/ladders/{past.ladder}/judge")
    robin.get_by_role("button", name="That is how it is now").click()
    expect(robin.get_by_text("Say how sure you are of at least one step")).to_be_visible()
    waiting(robin, 0)


def test_where_nothing_can_be_kept_the_forms_work_as_without_script(
    open_browser: OpenBrowser, sign_in: SignIn, past: Past, sqlite_services: Services
) -> None:
    context = open_browser(viewport=PHONE)
    context.add_init_script("Object.defineProperty(window, 'indexedDB', { value: undefined })")
    page = sign_in(context)
    page.goto(f"/ladders/{past.ladder}/log?step={past.steps[6]}")
    page.get_by_role("button", name="Partly").click()
    expect(page.get_by_role("heading", name="Some of it worked.")).to_be_visible()
    expect(page).to_have_url(re.compile("/reflect"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_have_nothing_that_axe_finds_fault_with(
    open_browser: OpenBrowser, sign_in: SignIn, past: Past, scheme: str
) -> None:
    page = sign_in(open_browser(viewport=PHONE, color_scheme=scheme))
    look(page, "/offline")
    ready(page)
    step = past.steps[5]
    page.context.set_offline(True)
    page.goto("/")
    page.get_by_role("link", name="I did something about it").click()
    page.get_by_role("button", name="Done").click()
    waiting(page, 1)
    for part in ("home", f"log/{past.ladder}/{step}", f"judge/{past.ladder}", "kept"):
        page.goto("about:blank")
        look(page, f"/offline#{part}")
    page.goto("/offline#home")
    page.get_by_role("link", name=STEPS[5]).first.click()
    page.context.set_offline(False)
    waiting(page, 0)
    look(page, "/you/device")


def test_the_page_without_a_network_speaks_the_language_of_the_browser(
    robin: Page, house: House, past: Past
) -> None:
    robin.context.add_cookies([{"name": "rung-language", "value": "ar", "url": house.address}])
    robin.goto("/")
    until(
        robin,
        """await (await navigator.serviceWorker.ready).update();
           return (await (await caches.match('/offline')).text()).includes('dir="rtl"');""",
    )
    robin.context.set_offline(True)
    robin.goto("/")
    expect(robin.locator("html")).to_have_attribute("dir", "rtl")
    expect(robin.locator("[data-view=home] [data-part=log]")).to_be_visible()
    assert not robin.evaluate("document.documentElement.scrollWidth > innerWidth")
