"""What somebody would try who means harm: every parameter of every page, and the protocol below the pages."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import quote, urlsplit

import httpx
import pytest
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from tests.databases import SetClock
from tests.web.stage import Past, Visitor, make_past, session_of

from rung.app import evidence
from rung.app.ports import Services
from rung.web import Settings, create_app

KEEPS = re.compile(r"/data/delete|/sign-out|/you/sessions|/restore")
"""Left out: what ends the visit, or the account."""
WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE)")

SLEEP = 90
"""Seconds that a probe asks a database to sleep for: nobody waits as long as that for an answer."""
LONGEST_IN_ADDRESS = 1_000

PROBES = {
    "quotes": "'\"`--/*;",
    "a condition": "' OR '1'='1' -- ",
    "a number and a condition": "1 OR 1=1",
    "a union": "') UNION SELECT password_hash, name, id FROM people -- ",
    "a second statement": "'; DROP TABLE people; -- ",
    "a sleep": f"'; SELECT pg_sleep({SLEEP}); -- ",
    "a sleep in a condition": f"1' AND 1=(SELECT 1 FROM pg_sleep({SLEEP})) -- ",
    "a heavy query": "' AND 1=randomblob(900000000) -- ",
    "a script": "<script>alert(1337)</script>",
    "an attribute": "\"'><img src=x onerror=alert(1337)>",
    "a link": "javascript:alert(1337)",
    "a template": "{{ 7*193 }}${7*193}#{7*193}<%= 7*193 %>{% if 1 %}x{% endif %}",
    "a format": "%s%n%(name)s{0.__class__.__init__.__globals__}",
    "a header": "x\r\nX-Injected: yes\r\n\r\n<script>alert(1337)</script>",
    "a path": "../../../../../../etc/passwd",
    "a path, written differently": "..%2f..%2f..%5c..%5cetc%2fpasswd%00.css",
    "another host": "//evil.example/a",
    "another host, by backslash": "/\\evil.example",
    "another address": "https://evil.example/",
    "a command": "$(sleep 90)`sleep 90`|sleep 90&",
    "an entity": '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
    "an operator": '{"$gt": ""}',
    "nothing at all": "\0",
    "half a character": "\ud800",
    "signs that turn": "\u202e\u2066abc\u200b\ufeff",
    "much of one sign": "a" * 20_000,
    "many spaces": " \t" * 5_000 + "x",
    "many digits": "9" * 5_000,
    "a number without end": "1e999",
    "no number": "NaN",
    "a negative number": "-9223372036854775809",
    "a prototype": "__proto__",
}

LINKS = r"""(?:href|src|action)=["']?\s*(?:javascript:|https?:|//|/\\)[^"']*(?:1337|evil)"""
LEAKS = re.compile(
    r"root:.*:0:0|Traceback \(most|sqlite3\.|psycopg|sqlalchemy|syntax error at|\$argon2", re.I
)


@dataclass
class Page:
    """One route: how it is asked, and by what."""

    method: str
    path: str
    in_path: list[str] = field(default_factory=list)
    in_query: list[str] = field(default_factory=list)
    in_form: list[str] = field(default_factory=list)
    is_json: bool = False

    @property
    def parameters(self) -> list[str]:
        return [*self.in_path, *self.in_query, *self.in_form]


def pages_of(app: FastAPI) -> Iterator[Page]:
    """Every route of the application, with all of its parameters."""
    described = get_openapi(title="Rung", version="1", routes=app.routes)
    schemas = described.get("components", {}).get("schemas", {})
    for path, operations in described["paths"].items():
        for method, operation in operations.items():
            if KEEPS.search(path):
                continue
            page = Page(method.upper(), path)
            for one in operation.get("parameters", []):
                {"path": page.in_path, "query": page.in_query}.get(one["in"], []).append(one["name"])
            for kind, content in operation.get("requestBody", {}).get("content", {}).items():
                page.is_json = "json" in kind
                schema = content.get("schema", {})
                name = schema.get("$ref", "").rpartition("/")[2]
                page.in_form += list((schemas.get(name, {}) if name else schema).get("properties", {}))
            yield page


def ask(visitor: Visitor, page: Page, values: dict[str, str]) -> httpx.Response:
    """Ask for a page with these values."""

    def written(text: str) -> str:
        return quote(text.encode("utf-8", "surrogatepass"), safe="")

    def short(text: str) -> str:
        # An address has an end: what is longer than 64 kB never reaches a page.
        return written(text[:LONGEST_IN_ADDRESS])

    path = page.path
    for name in page.in_path:
        path = re.sub(rf"{{{name}(:\w+)?}}", short(values.get(name, "x")).replace("\\", "") or "x", path)
    query = "&".join(f"{name}={short(values[name])}" for name in page.in_query if name in values)
    form = {name: values[name] for name in page.in_form if name in values}
    url = f"{path}?{query}" if query else path
    if page.is_json:
        kind = {"content-type": "application/json"}
        return visitor.request(page.method, url, content=json.dumps(form).encode(), headers=kind)
    content = "&".join(f"{written(name)}={written(value)}" for name, value in form.items())
    kind = {"content-type": "application/x-www-form-urlencoded"} if page.method != "GET" else {}
    return visitor.request(page.method, url, content=content.encode(), headers=kind)


def faults_in(answer: httpx.Response, probe: str) -> list[str]:
    """What an answer tells that it must not."""
    found = []
    if answer.status_code >= 500:
        found.append(f"{answer.status_code}")
    if "x-injected" in answer.headers:
        found.append("a header of the visitor's")
    location = answer.headers.get("location", "/")
    if urlsplit(location).netloc or location.startswith(("//", "/\\")) or not location.startswith("/"):
        found.append(f"leads to {location[:60]}")
    kind = answer.headers.get("content-type", "")
    text = answer.text if kind.startswith(("text/", "application/json")) else ""
    if leak := LEAKS.search(text):
        found.append(f"tells {leak[0]!r}")
    if kind.startswith("text/html"):
        found += [raw for raw in ("<script>alert(1337)", "<img src=x onerror") if raw in text]
        if re.search(LINKS, text):
            found.append("a link of the visitor's")
    if "7*193" in probe and "1351" in text:
        found.append("a template that was filled in")
    return found


@pytest.fixture
def known(past: Past, services: Services) -> dict[str, str]:
    """Ids that are there, by the names under which pages ask for them."""
    log = evidence.log_of(services, past.person)
    attempt = next(event.id for event in log if event.kind == "attempt")
    return {
        "ladder_id": past.ladder,
        "ladder": past.ladder,
        "step_id": past.steps[3],
        "step": past.steps[3],
        "event_id": attempt,
        "did": "tried",
        "to": "harder",
        "wanted": "90",
    }


@pytest.fixture
def app(services: Services) -> FastAPI:
    """Served on both databases."""
    return create_app(services, Settings(most_changes=0))


@pytest.fixture
def past(services: Services, clock: SetClock) -> Past:
    return make_past(services, clock)


@pytest.fixture
def robin(stranger: Visitor, services: Services, past: Past) -> Visitor:
    session_of(stranger, services)
    return stranger


TURNS = 4
"""All probes at all pages take minutes: each page gets every fourth probe, each probe every fourth page."""


def test_no_probe_in_all_parameters_at_once_finds_a_way_in(
    app: FastAPI, robin: Visitor, known: dict[str, str]
) -> None:
    found = {}
    for turn, page in enumerate(pages_of(app)):
        for name, probe in list(PROBES.items())[turn % TURNS :: TURNS]:
            values = {
                one: known[one] if one in page.in_path and one in known else probe for one in page.parameters
            }
            if faults := faults_in(ask(robin, page, values), probe):
                found[f"{page.method} {page.path}, {name}"] = faults
    assert found == {}


def test_what_no_text_may_hold_is_refused_everywhere(
    app: FastAPI, robin: Visitor, known: dict[str, str]
) -> None:
    for page in pages_of(app):
        values = {one: known.get(one, "x") if one in page.in_path else "\0" for one in page.parameters}
        assert ask(robin, page, values).status_code < 500, (page.method, page.path)
