"""The page of reminders in a real browser: nothing that axe finds fault with; push, as far as one can see."""

from collections.abc import Callable
from dataclasses import replace
from datetime import time, timedelta
from uuid import uuid4

import pytest
from fastapi import FastAPI
from playwright.sync_api import BrowserContext, Page, expect
from tests.app.reminding.stage import NotingMail, NotingPush
from tests.databases import SetClock
from tests.web.browser.test_accessible import DESKTOP, PHONE, SIZES, VIEWS, look
from tests.web.stage import Past

from rung.app.accounts.preferences import set_preferences
from rung.app.ports import Plan, Senders, Services
from rung.app.reminding.channels import make_feed, subscribe
from rung.app.reminding.occasions import Rule
from rung.app.reminding.reminders import make_reminder, switch_reminder
from rung.web import Settings, create_app

KEY = "BEl62iUYgUivxIkv69yViEuiBIa-Ib9-SkvMeAtA3LFgDzkrxZJjSgSnfckjBJuBkr3qBUYIHBQFLXYp5Nksh8U"


@pytest.fixture
def sending(sqlite_services: Services) -> Services:
    push = NotingPush(public_key=KEY)
    return replace(sqlite_services, senders=Senders(NotingMail(), push, "https://rung.example.org"))


@pytest.fixture
def app(sending: Services) -> FastAPI:
    return create_app(sending, Settings())


@pytest.fixture
def full(sending: Services, past: Past, clock: SetClock) -> Past:
    """Everything that the page can show at once."""
    person = past.person
    for step, days in ((5, (1, 3)), (6, (0,)), (7, tuple(range(7)))):
        rule = Rule((time(10, 1), time(18, 30)), days=days)
        one = make_reminder(
            sending, person, "step", past.ladder, past.steps[step], rule, zone="Europe/Berlin"
        )
        if step == 6:
            switch_reminder(sending, person, one.id, False)
    set_preferences(sending, person, email="robin@example.org", quiet_from="22:00", quiet_to="07:00")
    make_feed(sending, person)
    subscribe(sending, person, endpoint="https://push.example/1", p256dh="p", auth="a", agent="Firefox Linux")
    at = clock.moment + timedelta(days=2)
    with sending.store.writing(person) as tx:
        tx.plans.put(Plan(str(uuid4()), person, past.ladder, past.steps[4], clock.moment, at))
    clock.move(minutes=10)
    return past


@VIEWS
@SIZES
def test_the_page_with_everything_on_it(
    open_browser: Callable[..., BrowserContext],
    sign_in: Callable[[BrowserContext], Page],
    sending: Services,
    full: Past,
    scheme: str,
    size: dict[str, int],
) -> None:
    page = sign_in(open_browser(color_scheme=scheme, viewport=size))
    look(page, "/reminders?said=made")
    page.get_by_label("Once", exact=True).check()
    expect(page.get_by_label("On this day")).to_be_visible()
    expect(page.get_by_label("Tuesday", exact=True)).to_be_hidden()
    set_preferences(sending, full.person, paused_until="2026-12-24")
    look(page, f"/reminders?ladder={full.ladder}&step={full.steps[2]}")


@VIEWS
def test_the_page_with_nothing_on_it_and_after_a_fault(
    open_browser: Callable[..., BrowserContext],
    sign_in: Callable[[BrowserContext], Page],
    past: Past,
    scheme: str,
) -> None:
    page = sign_in(open_browser(color_scheme=scheme, viewport=PHONE))
    look(page, "/reminders")
    page.get_by_role("button", name="Remind me").click()
    page.get_by_text("Choose at least one day of the week").wait_for()


def test_right_to_left_nothing_is_cut_off(
    open_browser: Callable[..., BrowserContext],
    sign_in: Callable[[BrowserContext], Page],
    address: str,
    full: Past,
) -> None:
    context = open_browser(viewport=PHONE)
    context.add_cookies([{"name": "rung-language", "value": "ar", "url": address}])
    look(sign_in(context), "/reminders")


def test_a_reminder_is_made_without_script(
    open_browser: Callable[..., BrowserContext], sign_in: Callable[[BrowserContext], Page], past: Past
) -> None:
    page = sign_in(open_browser(java_script_enabled=False, viewport=DESKTOP))
    page.goto("/reminders")
    expect(page.get_by_text("This browser cannot do that, or not without script.")).to_be_visible()
    page.get_by_label("Tuesday", exact=True).check(force=True)
    page.get_by_role("button", name="Remind me").click()
    page.get_by_role("heading", name="What you asked for").wait_for()
    expect(page.get_by_text("Tomorrow, 18:30")).to_be_visible()


WORKER = """
self.registration = { showNotification: async (title, options) => { self.shown = [title, options]; } };
self.clients = { matchAll: async () => [], openWindow: async (address) => { self.opened = address; } };
self.handlers = {};
self.addEventListener = (name, handler) => { self.handlers[name] = handler; };
"""


@pytest.fixture
def worker(open_browser: Callable[..., BrowserContext], app: FastAPI) -> Page:
    """The service worker's part, on a stage of its own: handlers, and what they do."""
    page = open_browser().new_page()
    page.goto("/about")
    source = app.state.site.assets.at(app.state.site.assets.url("push-worker.js")).content.decode()
    page.evaluate(f"(() => {{ const self = window.stage = {{ location }}; {WORKER}\n{source} }})()")
    return page


FIRE = """async ([name, event]) => {
  const waits = [];
  const given = { ...event, waitUntil: (one) => waits.push(one) };
  if (event.text !== undefined) given.data = { json: () => JSON.parse(event.text) };
  if (event.navigate) given.notification = { close() {}, data: { navigate: event.navigate } };
  stage.handlers[name](given);
  await Promise.all(waits);
  return [stage.shown ?? null, stage.opened ?? null, waits.length];
}"""


@pytest.mark.parametrize("text", ["not json", "{}", "[]", "null", '{"notification": null}'])
def test_a_push_that_says_nothing_shows_something_all_the_same(worker: Page, text: str) -> None:
    (title, _options), _opened, waits = worker.evaluate(FIRE, ["push", {"text": text}])
    assert (title, waits) == ("Rung", 1)


def test_a_push_shows_what_it_says_and_replaces_its_like(worker: Page) -> None:
    text = '{"web_push": 8030, "notification": {"title": "T", "body": "B", "tag": "x", "navigate": "/y"}}'
    (title, options), _opened, _waits = worker.evaluate(FIRE, ["push", {"text": text}])
    assert (title, options["body"], options["tag"], options["data"]) == ("T", "B", "x", {"navigate": "/y"})


@pytest.mark.parametrize(
    "navigate, path",
    [
        ("https://elsewhere.example/ladders/1/judge?a=b", "/ladders/1/judge?a=b"),
        ("/reminders", "/reminders"),
        ("//elsewhere.example/x", "/x"),
        ("https://elsewhere.example//evil.example/x", "/evil.example/x"),
        ("javascript:alert(1)", "/alert(1)"),
        ("https://[", "/"),
    ],
)
def test_a_click_opens_a_page_of_this_server_and_no_other(
    worker: Page, address: str, navigate: str, path: str
) -> None:
    _shown, opened, waits = worker.evaluate(FIRE, ["notificationclick", {"navigate": navigate}])
    assert opened.startswith(f"{address}/")
    assert opened == f"{address}{path}" or navigate.startswith("javascript")
    assert waits == 1


PUSH = """(() => {
  const sent = window.sent = [];
  let held = null;
  const key = () => window.serverKey;
  const made = (options) => ({
    options: { applicationServerKey: options.applicationServerKey.buffer ?? options.applicationServerKey },
    unsubscribe: async () => { held = null; },
    toJSON: () => ({ endpoint: `https://push.example/${sent.length}`, keys: { p256dh: "p", auth: "a" } }),
  });
  window.pushManager = {
    getSubscription: async () => held,
    subscribe: async (options) => (held = made(options)),
  };
  Object.defineProperty(Notification, "permission", { get: () => window.allowed ?? "granted" });
  Notification.requestPermission = async () => window.allowed ?? "granted";
})()"""


def test_a_browser_is_switched_on_and_off_from_the_page(
    open_browser: Callable[..., BrowserContext],
    sign_in: Callable[[BrowserContext], Page],
    sending: Services,
    past: Past,
) -> None:
    page = sign_in(open_browser())
    page.add_init_script(PUSH)
    page.goto("/reminders")
    page.get_by_role("button", name="Notify me in this browser").click()
    page.get_by_role("button", name="No longer in this browser").wait_for()
    with sending.store.reading() as tx:
        (one,) = tx.subscriptions.of(past.person)
    assert one.server_key == KEY
    page.get_by_role("button", name="No longer in this browser").click()
    page.get_by_role("button", name="Notify me in this browser").wait_for()
    with sending.store.reading() as tx:
        assert tx.subscriptions.of(past.person) == []


def test_a_dropped_subscription_is_made_anew_and_no_ghost_is_kept(
    open_browser: Callable[..., BrowserContext],
    sign_in: Callable[[BrowserContext], Page],
    sending: Services,
    past: Past,
) -> None:
    page = sign_in(open_browser())
    page.add_init_script(PUSH)
    page.goto("/reminders")
    page.get_by_role("button", name="Notify me in this browser").click()
    page.get_by_role("button", name="No longer in this browser").wait_for()
    # The stage forgets its subscription with each page: the page makes it anew, in the place of the old one.
    with page.expect_response("**/reminders/push"):
        page.reload()
    with sending.store.reading() as tx:
        assert len(tx.subscriptions.of(past.person)) == 1


def test_what_was_taken_out_elsewhere_is_not_brought_back(
    open_browser: Callable[..., BrowserContext],
    sign_in: Callable[[BrowserContext], Page],
    sending: Services,
    past: Past,
) -> None:
    page = sign_in(open_browser())
    page.add_init_script(PUSH)
    page.goto("/reminders")
    page.get_by_role("button", name="Notify me in this browser").click()
    page.get_by_role("button", name="No longer in this browser").wait_for()
    page.get_by_role("button", name="Take it out").click()
    page.get_by_role("button", name="Notify me in this browser").wait_for()
    page.reload()
    page.get_by_role("button", name="Notify me in this browser").wait_for()
    with sending.store.reading() as tx:
        assert tx.subscriptions.of(past.person) == []


def test_where_notifications_are_blocked_the_page_says_so(
    open_browser: Callable[..., BrowserContext], sign_in: Callable[[BrowserContext], Page], past: Past
) -> None:
    page = sign_in(open_browser())
    page.add_init_script(f"window.allowed = 'denied'; {PUSH}")
    page.goto("/reminders")
    page.get_by_text("Notifications of this page are blocked.").wait_for()


def test_on_an_iphone_it_asks_to_install_first(
    open_browser: Callable[..., BrowserContext], sign_in: Callable[[BrowserContext], Page], past: Past
) -> None:
    page = sign_in(open_browser(user_agent="Mozilla/5.0 (iPhone; CPU iPhone OS 18_4 like Mac OS X)"))
    page.add_init_script("delete window.PushManager; delete window.pushManager")
    page.goto("/reminders")
    page.get_by_text("add Rung to the Home Screen first").wait_for()
