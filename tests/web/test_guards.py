"""What the pages refuse: foreign names, foreign forms, bodies that are too large, changes without an end."""

import socket

import httpx
import pytest
from fastapi import FastAPI
from tests.conftest import join
from tests.databases import SetClock
from tests.web.stage import NAME, PASSWORD, Past, Visitor, path_of, served, session_of

from rung.app.accounts import people
from rung.app.climbing import ladders
from rung.app.ports import Services
from rung.errors import InvalidInput
from rung.web import Settings, create_app


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "", "127.0.0.1.evil.example:80", "[::2]"]
)
def test_a_name_that_is_not_ours_gets_nothing(stranger: Visitor, host: str) -> None:
    response = stranger.get("/about", headers={"host": host})
    assert response.status_code == 421
    assert "Rung does not answer to that name" in response.text


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8000", "127.0.0.1:1", "[::1]:8000", "[::1]"])
def test_the_names_of_this_machine_are_ours(stranger: Visitor, host: str) -> None:
    assert stranger.get("/about", headers={"host": host}).status_code == 200


FOREIGN = [
    {"origin": "https://evil.example"},
    {"origin": "null"},
    {"origin": "http://["},
    {"origin": "http://localhost:1"},
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"},
    {"sec-fetch-site": "none"},
    {"origin": "https://evil.example", "sec-fetch-site": "same-origin"},
    {},
]


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
def test_a_form_that_is_not_ours_changes_nothing(
    address: str, robin: Visitor, past: Past, sqlite_services: Services, headers: dict[str, str]
) -> None:
    with httpx.Client(base_url=address, cookies=robin.cookies, headers=headers) as forger:
        response = forger.post("/ladders/new", data={"name": "Forged"})
    assert response.status_code == 403
    assert "did not come from a page of Rung" in response.text
    assert len(ladders.ladders_of(sqlite_services, past.person)) == 1


def test_a_form_of_ours_may_say_so_by_either_header(address: str, robin: Visitor) -> None:
    reloaded = {"origin": address, "sec-fetch-site": "none"}
    for headers in ({"origin": address}, {"sec-fetch-site": "same-origin"}, reloaded):
        with httpx.Client(base_url=address, cookies=robin.cookies, headers=headers) as browser:
            assert browser.post("/ladders/new", data={"name": "Sing"}).status_code == 303


def test_a_body_over_the_limit_is_refused_by_its_length(robin: Visitor) -> None:
    response = robin.send_form("/ladders/new", name="x" * (Settings().largest_form + 1))
    assert response.status_code == 413


def test_a_body_over_the_limit_is_refused_while_it_is_read(robin: Visitor) -> None:
    chunks = (b"name=" + b"x" * 65536 for _ in range(Settings().largest_form // 65536 + 1))
    kind = {"content-type": "application/x-www-form-urlencoded"}
    assert robin.post("/ladders/new", content=chunks, headers=kind).status_code == 413


def test_a_body_whose_end_is_said_in_two_ways_is_refused_and_its_connection_closed(robin: Visitor) -> None:
    host = robin.base_url.netloc.decode()
    head = (
        f"POST /sign-in HTTP/1.1\r\nHost: {host}\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    hidden = f"0\r\n\r\nGET /about HTTP/1.1\r\nHost: {host}\r\n\r\n"
    with socket.create_connection((robin.base_url.host, robin.base_url.port or 80), timeout=20) as line:
        line.sendall((head + hidden).encode())
        answer = b"".join(iter(lambda: line.recv(65536), b""))
    assert answer.startswith(b"HTTP/1.1 400")
    assert answer.count(b"HTTP/1.1 ") == 1


@pytest.mark.parametrize("charset", ["utf-7", "unicode_escape", "utf-8; charset=utf-7", "utf-8x", "*=x", ""])
def test_a_form_in_another_encoding_is_refused(robin: Visitor, charset: str) -> None:
    content = b'--x\r\nContent-Disposition: form-data; name="name"\r\n\r\n+2AA-\\ud800\r\n--x--\r\n'
    headers = {"content-type": f"multipart/form-data; boundary=x; charset={charset}"}
    assert robin.post("/ladders/new", content=content, headers=headers).status_code == 400
    for right in ("UTF-8", '"utf-8"', "utf8; boundary=x"):
        headers = {"content-type": f"multipart/form-data; boundary=x; charset={right}"}
        assert robin.post("/ladders/new", content=content, headers=headers).status_code == 303


@pytest.mark.parametrize("referer", ["http://localhost/\\evil.example", "http://localhost//evil.example"])
def test_no_page_leads_back_to_another_host(robin: Visitor, referer: str) -> None:
    answer = robin.post("/ladders/new", data={"name": "x", "id": "no id"}, headers={"referer": referer})
    refused = robin.post("/ladders/new", data={"name": "Cut my wrists"}, headers={"referer": referer})
    faulty = robin.post("/reminders/plan", data={"id": "\0"}, headers={"referer": referer})
    for page in (answer, refused, faulty):
        assert page.status_code >= 400
        assert "evil.example" not in page.text


def test_a_large_body_is_read_of_those_who_are_signed_in_alone(address: str, robin: Visitor) -> None:
    large = b"x" * (Settings().largest_form + 1)
    assert robin.post("/data/archive", files={"file": ("a.zip", large)}).status_code == 422
    with Visitor(address) as nobody:
        response = nobody.post("/data/archive", files={"file": ("a.zip", large)})
        assert response.status_code == 401
        assert "Sign in first" in response.text
        head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.zip"\r\n\r\n'
        chunks = (part for part in (head, large))
        kind = {"content-type": "multipart/form-data; boundary=x"}
        assert nobody.post("/data/archive", content=chunks, headers=kind).status_code == 413
        nobody.cookies.set("rung", "a token that opens nothing", domain="localhost.local")
        chunks = (part for part in (head, large))
        assert nobody.post("/data/archive", content=chunks, headers=kind).status_code == 413
        assert nobody.post("/data/archive", files={"file": ("a.zip", large)}).status_code == 413


def test_every_answer_carries_the_policy(robin: Visitor) -> None:
    for path in ("/", "/about", "/nowhere", "/static/none"):
        headers = robin.get(path).headers
        assert "unsafe" not in headers["content-security-policy"]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert headers["cache-control"] == "no-store"
        assert "strict-transport-security" not in headers


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(stranger: Visitor, past: Past) -> None:
    cookie = stranger.send_form("/sign-in", name=NAME, password=PASSWORD).headers["set-cookie"].lower()
    assert cookie.startswith("rung=")
    assert {"httponly", "samesite=lax", "path=/"} <= set(cookie.split("; "))
    assert "secure" not in cookie


def test_over_https_the_cookie_is_bound_to_it(past: Past, sqlite_services: Services) -> None:
    app = create_app(sqlite_services, Settings(https=True))
    with served(app) as url, Visitor(url) as visitor:
        assert visitor.send_form("/sign-in", name=NAME, password=PASSWORD).status_code == 403
        origin = {"origin": url.replace("http:", "https:")}
        response = visitor.post("/sign-in", data={"name": NAME, "password": PASSWORD}, headers=origin)
        assert path_of(response) == "/"
        assert response.headers["set-cookie"].startswith("__Host-rung=")
        assert "secure" in response.headers["set-cookie"].lower()
        assert "max-age" in response.headers["strict-transport-security"]


def test_settings_come_from_the_environment_and_say_what_is_wrong() -> None:
    read = Settings.from_environment(
        {"RUNG_HOSTS": " Rung.example.org ,", "RUNG_HTTPS": "yes", "RUNG_COUNTRY": "at"}
    )
    assert (read.allowed_hosts[-1], read.https, read.country) == ("rung.example.org", True, "AT")
    assert Settings.from_environment({}) == Settings()
    hosts = Settings.from_environment({"RUNG_HOSTS": "192.168.1.5, [fe80::1]"}).allowed_hosts
    assert hosts[-2:] == ("192.168.1.5", "[fe80::1]")
    with pytest.raises(InvalidInput, match="RUNG_HTTPS is 'perhaps'"):
        Settings.from_environment({"RUNG_HTTPS": "perhaps"})
    with pytest.raises(InvalidInput, match="RUNG_COUNTRY is 'Austria'"):
        Settings.from_environment({"RUNG_COUNTRY": "Austria"})


@pytest.mark.parametrize(
    "host", ["rung.example.org:8443", "https://x.org", "x.org/rung", "fe80::1", "bücher.example", "*"]
)
def test_a_host_that_no_browser_sends_is_told_at_the_start(host: str) -> None:
    with pytest.raises(InvalidInput, match="write a host alone"):
        Settings.from_environment({"RUNG_HOSTS": f"rung.example.org, {host}"})


def test_trace_is_answered_by_nothing(robin: Visitor) -> None:
    for path in ("/", "/about", "/api/v1/ladders", "/nowhere"):
        answer = robin.request("TRACE", path, headers={"x-told": "a secret"})
        assert answer.status_code >= 400
        assert "a secret" not in answer.text


def test_nothing_watches_the_application(app: FastAPI) -> None:
    kept = getattr(app, "_telemetry", {})
    assert [name for name, value in kept.items() if value] == []


def test_a_session_that_sends_without_an_end_waits_and_no_other(
    sqlite_services: Services, past: Past, clock: SetClock
) -> None:
    join(sqlite_services, "Ben")
    app = create_app(sqlite_services, Settings(most_changes=2))
    with served(app) as address, Visitor(address) as robin, Visitor(address) as ben:
        session_of(robin, sqlite_services)
        token = people.sign_in(sqlite_services, "Ben", "battery staple")
        ben.cookies.set("rung", token, domain="localhost.local")
        sent = [robin.send_form("/ladders/new", name="Sing") for _ in range(4)]
        assert [answer.status_code for answer in sent] == [303, 303, 429, 429]
        assert sent[-1].headers["retry-after"] == "60"
        assert "That was a lot at once" in sent[-1].text
        assert len(ladders.ladders_of(sqlite_services, past.person)) == 3
        assert robin.get("/").status_code == 200
        assert ben.send_form("/ladders/new", name="Sing").status_code == 303
        with Visitor(address) as elsewhere:
            session_of(elsewhere, sqlite_services)
            assert elsewhere.send_form("/ladders/new", name="Sing").status_code == 303
        clock.move(minutes=1)
        assert robin.send_form("/ladders/new", name="Sing").status_code == 303
