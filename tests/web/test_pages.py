"""Every page: there for whom it is meant, and for nobody else."""

import gzip
import re
from datetime import UTC, datetime
from html.parser import HTMLParser
from uuid import uuid4

import httpx
import pytest
from fastapi.routing import APIRoute
from tests.conftest import join
from tests.databases import SetClock, counted
from tests.web.stage import PASSWORD, Past, Visitor, path_of, served

from rung.adapters.database import DatabaseStore
from rung.app.accounts import people
from rung.app.climbing import ladders
from rung.app.keeping import archive
from rung.app.ports import Services
from rung.errors import RungError, StoreUnavailable
from rung.web import Settings, create_app
from rung.web.failures import status_of
from rung.web.routes import ALL
from rung.words import LANGUAGES

OPEN = {"/about", "/how-this-works", "/welcome", "/sign-in", "/static/{name}", "/favicon.ico"}
OPEN |= {
    "/join",
    "/language",
    "/welcome/passkey/begin",
    "/welcome/passkey/finish",
    "/join/passkey/begin",
    "/join/passkey/finish",
    "/sign-in/passkey/begin",
    "/sign-in/passkey/finish",
    "/sign-in/with",
    "/sign-in/with/{provider}/return",
    "/welcome/with",
    "/join/with",
    "/calendar/{token}.ics",
    "/report/{code}",
    "/sw.js",
    "/manifest.webmanifest",
    "/offline",
}
FOR_SCRIPTS = {"/pocket", "/outbox"}
"""Where a script asks, which is told so instead of being sent away."""
MANIFEST = "/manifest.webmanifest"
MOST_QUERIES = 15
FIRST_PAGE_BYTES = 60_000


def paths_of(past: Past) -> list[str]:
    """The address of every page of a person."""
    base = f"/ladders/{past.ladder}"
    step = past.steps[5]
    parts: tuple[str, ...] = ("", "/steps", f"/steps/{step}", "/judge", "/see", f"/see?step={step}")
    parts += (f"/log?step={step}", f"/prepare?step={step}")
    more = [f"{base}{part}" for part in parts]
    return [
        "/",
        "/data",
        "/you",
        "/you/sign-in",
        "/start",
        "/start/codes",
        "/start/limits",
        "/about",
        "/how-this-works",
        "/how-this-works?dial=90&attribution=0&similarity=80&coping=yes&credibility=70&reappraisal=100",
        "/ladders",
        "/ladders/new",
        "/library",
        "/library/phone-calls",
        "/ladders/across",
        "/sources",
        "/sources/mastery",
        "/sources/mastery?doubted=1",
        "/sources/models",
        "/sources/encouragement",
        "/sources/body",
        "/body",
        "/body/reappraise",
        "/body/breathe",
        "/reminders",
        "/you/device",
        "/esteem",
        "/offline",
        *more,
    ]


@pytest.mark.parametrize("language", [language.code for language in LANGUAGES])
def test_every_page_is_there_in_every_language(robin: Visitor, past: Past, language: str) -> None:
    step = f"/ladders/{past.ladder}/steps/{past.steps[6]}"
    robin.send_form(f"{step}/conditions", condition=["notes", "pressure", "unfamiliar"])
    robin.cookies.delete("rung-language")
    robin.headers["accept-language"] = language
    assert f'<html lang="{language}' in robin.page("/about")
    assert [path for path in paths_of(past) if robin.get(path).status_code != 200] == []


def test_every_page_of_a_person_sends_a_stranger_to_sign_in(stranger: Visitor, past: Past) -> None:
    # The routers themselves: what an application lists as its routes may be the routers alone.
    every = [route for router in ALL for route in router.routes if isinstance(route, APIRoute)]
    routes = [route for route in every if route.path not in OPEN]
    assert len(routes) > 80
    named = {"ladder_id": past.ladder, "step_id": past.steps[0]}
    for route in routes:
        path = re.sub(r"{(\w+)}", lambda found: named.get(found[1], str(uuid4())), route.path)
        query = f"?step={past.steps[0]}" if path.endswith(("/log", "/prepare")) else ""
        for method in route.methods or ():
            answer = stranger.request(method, path + query)
            if route.path in FOR_SCRIPTS:
                assert answer.status_code == 401, (method, path)
            else:
                assert path_of(answer) == "/sign-in", (method, path)


def test_what_is_somebody_elses_looks_like_what_does_not_exist(
    robin: Visitor, sqlite_services: Services
) -> None:
    ben = join(sqlite_services, "Ben")
    theirs = ladders.name_ladder(sqlite_services, ben, "Sing", ["Hum", "Sing"])
    step = theirs.steps[0].id
    for part in ("", "/steps", "/judge", "/see", f"/log?step={step}"):
        seen = robin.get(f"/ladders/{theirs.id}{part}")
        missing = robin.get(f"/ladders/{uuid4()}{part}")
        assert seen.status_code == missing.status_code == 404
        assert seen.text == missing.text
    for part in ("/rename", "/archive", "/steps", "/judge", f"/steps/{step}/retire", f"/log?step={step}"):
        fields = {"name": "x", "names": "x", "did": "done", "step": str(step), "rating": "50"}
        seen = robin.send_form(f"/ladders/{theirs.id}{part}", **fields)
        assert seen.status_code == 404, part
    assert ladders.ladder(sqlite_services, ben, theirs.id) == theirs


@pytest.mark.parametrize(
    "path", ["/nowhere", "/ladders/1", "/attempts/x/reflect", "/static/none.css", "/?step=no"]
)
def test_an_address_that_leads_nowhere_says_so_calmly(robin: Visitor, path: str) -> None:
    response = robin.get(path)
    assert response.status_code == 404
    assert "There is nothing here" in response.text
    assert "tel:988" in response.text


def test_a_wrong_password_keeps_the_name_and_says_what_was_wrong(stranger: Visitor, past: Past) -> None:
    response = stranger.send_form("/sign-in", name="Robin", password="wrong horse")
    assert response.status_code == 403
    assert "The name and the password do not match." in response.text
    assert 'value="Robin"' in response.text
    assert "wrong horse" not in response.text


def test_the_password_is_changed_and_the_account_deleted_with_the_password_alone(robin: Visitor) -> None:
    short = robin.send_form("/you/password", new="short")
    assert "use at least 8" in short.text
    changed = robin.send_form("/you/password", new="battery staple horse")
    assert "Your password is set" in robin.page(path_of(changed))
    assert "Nothing was deleted" in robin.send_form("/data/delete", password="wrong horse").text
    gone = path_of(robin.send_form("/data/delete", password="battery staple horse"))
    assert "is deleted" in robin.page(gone)
    assert path_of(robin.get("/")) == "/welcome"


def test_a_name_that_must_wait_is_not_told_that_its_password_is_wrong(robin: Visitor) -> None:
    for _ in range(people.MOST_TRIES):
        robin.send_form("/data/delete", password="wrong horse")
    for path in ("/data/delete", "/you/confirm"):
        page = robin.send_form(path, password=PASSWORD).text
        assert "Too many wrong tries for this name: try again in 15 minutes." in page
        assert "That is not" not in page


def test_a_mere_link_does_not_say_that_the_password_was_changed(robin: Visitor) -> None:
    for path in ("/data?said=password", "/you/sign-in?said=password", "/you?said=password"):
        assert "is set" not in robin.page(path)
    changed = robin.send_form("/you/password", new="battery staple horse")
    assert "Your password is set" in robin.page(path_of(changed))
    assert "is set" not in robin.page("/you/sign-in")


def test_everything_can_be_taken_along_and_brought_back(robin: Visitor, past: Past) -> None:
    archive = robin.get("/data/archive")
    assert archive.headers["content-disposition"] == 'attachment; filename="rung-2026-11-23.zip"'
    assert "immutable" not in archive.headers["cache-control"]
    before = robin.page(f"/ladders/{past.ladder}")
    back = robin.post("/data/archive", files={"file": ("rung.zip", archive.content)})
    assert "It is here" in robin.page(path_of(back))
    assert robin.page(f"/ladders/{past.ladder}") == before


def test_a_packed_log_is_brought_back_too(robin: Visitor) -> None:
    log = b"person,domain,task,time,kind,value\nme,talks,to a friend,2026-05-01T09:00:00Z,judgement,0.4\n"
    back = robin.post("/data/archive", files={"file": ("diary.CSV.gz", gzip.compress(log))})
    assert path_of(back) == "/data?said=imported"
    assert "talks" in robin.page("/")


@pytest.mark.parametrize("name", ["rung.zip", "log.csv", "log.csv.gz", "log.jsonl", ""])
def test_a_file_that_cannot_be_read_is_told_beside_its_field(robin: Visitor, name: str) -> None:
    response = robin.post("/data/archive", files={"file": (name or "x", b"\x00nothing")})
    assert response.status_code == 422
    assert 'id="file-fault"' in response.text


def test_a_mere_link_does_not_say_that_the_account_is_gone(stranger: Visitor, past: Past) -> None:
    assert "is deleted" not in stranger.page("/sign-in?gone=1")


def test_a_page_that_leads_back_to_no_address_is_there_all_the_same(robin: Visitor) -> None:
    response = robin.post("/ladders/new", data={"name": "hurt myself"}, headers={"referer": "http://["})
    assert response.status_code == 422
    assert 'href="/">Put it in other words' in response.text


def test_signing_out_ends_the_session(robin: Visitor) -> None:
    token = robin.cookies["rung"]
    assert path_of(robin.send_form("/sign-out")) == "/sign-in"
    robin.cookies.set("rung", token, domain="localhost.local")
    assert path_of(robin.get("/")) == "/sign-in"


@pytest.mark.parametrize(
    ("country", "number"), [("US", "tel:988"), ("AT", "tel:142"), ("ZZ", "https://findahelpline.com")]
)
def test_the_crisis_line_of_the_country_is_at_the_foot_of_every_page(
    sqlite_services: Services, country: str, number: str
) -> None:
    with served(create_app(sqlite_services, Settings(country=country))) as url, Visitor(url) as visitor:
        for path in ("/welcome", "/about"):
            foot = visitor.page(path).partition("<footer")[2]
            assert number in foot


def test_each_error_of_the_tree_has_a_status() -> None:
    def tree(kind: type[RungError]) -> list[type[RungError]]:
        return [kind, *(found for child in kind.__subclasses__() for found in tree(child))]

    for kind in tree(RungError):
        assert 400 <= status_of(kind.__new__(kind)) < 600, kind


def test_a_failing_database_is_told_without_its_details(
    robin: Visitor, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise StoreUnavailable("no host 'db.example' for user rung")

    monkeypatch.setattr(DatabaseStore, "reading", broken)
    response = robin.get("/")
    assert response.status_code == 503
    assert "Rung cannot reach its memory" in response.text
    assert "Nothing is lost." in response.text
    assert "db.example" not in response.text
    assert "db.example" in caplog.text


def test_a_fault_of_ours_is_a_page_with_all_its_headers(
    robin: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("a secret")

    monkeypatch.setattr(DatabaseStore, "reading", broken)
    response = robin.get("/")
    assert response.status_code == 500
    assert "Something went wrong on our side" in response.text
    assert "a secret" not in response.text
    assert "default-src 'self'" in response.headers["content-security-policy"]


def test_no_page_asks_the_database_more_than_it_must(
    robin: Visitor, past: Past, sqlite_services: Services
) -> None:
    counts = {}
    for path in paths_of(past):
        with counted(sqlite_services) as queries:
            robin.page(path)
        counts[path] = len(queries)
    assert {path: number for path, number in counts.items() if number >= MOST_QUERIES} == {}


@pytest.fixture
def long_past(past: Past, sqlite_services: Services, clock: SetClock) -> Past:
    """A thousand more notes and tries on the ladder, each with what was feared."""
    lines = ["person,domain,task,time,kind,value,feared,happened,difficulty"]
    ladder = ladders.ladder(sqlite_services, past.person, past.ladder)
    step = ladder.steps[3]
    start = clock.now().timestamp()
    for number in range(1000):
        moment = datetime.fromtimestamp(start + 60 * number, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        lines.append(f"me,{ladder.id},{step.id},{moment},attempt,{number % 2},0.6,0.2,{step.difficulty}")
    clock.move(days=1)
    archive.import_log(sqlite_services, past.person, "\n".join(lines).encode(), "log.csv")
    return past


def test_a_long_history_makes_no_long_page(robin: Visitor, long_past: Past) -> None:
    page = robin.page(f"/ladders/{long_past.ladder}/see")
    assert re.search(r"Of 1,0\d\d events 240 are shown\.", page)
    assert page.count("<tr>") < 850
    assert re.search(r"It went milder than feared 1,?0\d\d of 1,?0\d\d times\.", page)
    assert re.search(r"Over 1,?0\d\d tries you expected", page)


class Links(HTMLParser):
    """Every file that a page loads, every field, and every attribute it uses."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.loaded: list[str] = []
        self.attributes: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.attributes |= given.keys()
        if tag == "script":
            self.loaded.append(given.get("src") or "inline")
        elif tag == "link" and given.get("rel") != "apple-touch-icon":
            self.loaded.append(given.get("href") or "")
        elif tag in ("style", "img", "iframe", "object"):
            self.loaded.append(f"inline {tag}")


def test_the_first_page_weighs_little_with_all_its_parts(stranger: Visitor) -> None:
    page = stranger.page("/welcome")
    parts = [stranger.get(path).content for path in Links(page).loaded]
    assert len(page.encode()) + sum(map(len, parts)) < FIRST_PAGE_BYTES


def test_no_page_holds_inline_style_or_script_or_loads_from_elsewhere(robin: Visitor, past: Past) -> None:
    for path in paths_of(past):
        links = Links(robin.page(path))
        assert [url for url in links.loaded if not url.startswith("/static/") and url != MANIFEST] == []
        assert [name for name in links.attributes if name == "style" or name.startswith("on")] == []


def test_static_files_are_kept_for_good_and_pages_not_at_all(robin: Visitor) -> None:
    page = robin.get("/")
    assert page.headers["cache-control"] == "no-store"
    for url in set(Links(page.text).loaded) - {MANIFEST}:
        assert "immutable" in robin.get(url).headers["cache-control"], url
    assert robin.get("/favicon.ico").headers["content-type"] == "image/png"


HOSTILE = "\"><script>alert(1)</script>'&amp;<img src=x onerror=alert(1)>{{1111*1111}}"


def texts_in(response: httpx.Response) -> str:
    assert response.status_code < 500
    return response.text


def test_hostile_text_is_shown_as_text(robin: Visitor, past: Past) -> None:
    base = f"/ladders/{past.ladder}"
    robin.send_form(f"{base}/rename", name=HOSTILE)
    robin.send_form(f"{base}/steps/{past.steps[5]}/rename", name=HOSTILE)
    robin.send_form(f"{base}/steps", names=HOSTILE)
    reflect = path_of(robin.send_form(f"{base}/log?step={past.steps[5]}", did="done"))
    words = {"what_helped": HOSTILE, "what_next": HOSTILE}
    robin.send_form(reflect.partition("?")[0], **words)
    pages = [robin.page(path) for path in [*paths_of(past), reflect]]
    pages.append(
        texts_in(robin.send_form(reflect.partition("?")[0], arousal=HOSTILE, feared=HOSTILE, **words))
    )
    pages.append(texts_in(robin.send_form("/ladders/new", name=HOSTILE * 9)))
    pages.append(texts_in(robin.send_form("/sign-in", name=HOSTILE, password=HOSTILE)))
    for page in pages:
        assert "<script>alert" not in page
        assert "<img" not in page
        assert "&#34;&gt;&lt;script&gt;" in page or "1111*1111" not in page
        assert "1234321" not in page


def test_a_page_that_is_not_there_keeps_the_ways_of_whoever_is_signed_in(
    robin: Visitor, stranger: Visitor
) -> None:
    assert 'href="/ladders"' in robin.get("/nowhere").text
    stranger.cookies.clear()
    assert 'href="/ladders"' not in stranger.get("/nowhere").text
