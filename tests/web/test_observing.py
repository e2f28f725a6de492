"""What the operator is told: health, metrics, and logs in which nobody can be found."""

import io
import json
import re
import uuid
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine, text
from starlette.types import ASGIApp
from tests.databases import SetClock
from tests.web.stage import Visitor, field, path_of, served

from rung.adapters.database import DatabaseStore
from rung.adapters.database.readiness import readiness
from rung.adapters.logs import logging_as
from rung.adapters.metrics import PrometheusMetrics
from rung.app.ports import Services
from rung.web import Settings, create_app
from rung.web.observing import Observing, Operator

TOKEN = "a-token-that-is-long-enough"
NAME, PASSWORD = "Zebulon Quartermaine", "seventeen purple walruses"
GOAL = "Tell Ferdinanda that the harpsichord is mine"
STEPS = ("Whisper it to the dachshund", "Mention the metronome", "Ask about the pedals")
NOTE = "Wolfgang frowned, and I thought of the lighthouse"
PLACE = "beside the greenhouse"


def database(services: Services) -> Engine:
    assert isinstance(services.store, DatabaseStore)
    return services.store.engine


@pytest.fixture
def metrics(sqlite_services: Services) -> PrometheusMetrics:
    made = PrometheusMetrics()
    made.watch(database(sqlite_services))
    return made


@pytest.fixture
def operator(sqlite_services: Services, metrics: PrometheusMetrics) -> Operator:
    return Operator(True, True, metrics, TOKEN, readiness(database(sqlite_services)))


@pytest.fixture
def settings() -> Settings:
    return Settings()


@pytest.fixture
def observed(sqlite_services: Services, settings: Settings, operator: Operator) -> ASGIApp:
    app = create_app(sqlite_services, settings)

    @app.get("/broken/{name}")
    def broken(name: str) -> None:
        raise ValueError(f"{name} cannot be read by {NAME}")

    return Observing(app, settings, operator)


@pytest.fixture
def address(observed: ASGIApp) -> Iterator[str]:
    with served(observed) as url:
        yield url


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    stream = io.StringIO()
    with logging_as("json", stream):
        yield stream


def lines(log: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.getvalue().splitlines()]


def live_a_little(visitor: Visitor, clock: SetClock) -> None:
    """The whole loop of one person, wrong turns included, up to the end of the account."""
    visitor.get("/welcome?code=mistyped-cinnamon")
    visitor.send_form("/welcome", name=NAME, password=PASSWORD)
    steps = path_of(visitor.send_form("/ladders/new", name=GOAL))
    visitor.send_form(steps, names="\n".join(STEPS))
    ladder = steps.removesuffix("/steps")
    judge = visitor.page(f"{ladder}/judge")
    ids = re.findall(r'name="step" value="([^"]+)"', judge)
    rated: dict[str, str | list[str]] = {
        "id": field(judge, "id"),
        "step": ids,
        "rating": ["90", "60", "30"],
        "feared": ["", "40", ""],
    }
    visitor.send_form(f"{ladder}/judge", **rated)
    visitor.send_form(f"{ladder}/judge", **{**rated, "rating": ["no number", "", "1000"]})
    today = visitor.page("/")
    way = re.search(r'href="(/ladders/[^"]+/log\?step=[^"]+)"', today)
    assert way
    clock.move(hours=1)
    event_id = field(visitor.page(way[1]), "id")
    reflect = path_of(visitor.send_form(way[1], did="tried", id=event_id)).partition("?")[0]
    visitor.send_form(reflect, cause="me", arousal="7", appraisal="ready", what_helped=NOTE)
    prepare = visitor.page(f"{ladder}/prepare?step={ids[1]}")
    visitor.send_form(f"{ladder}/prepare?step={ids[1]}", id=field(prepare, "id"), place=PLACE)
    for path in ("/", "/ladders", f"{ladder}/see", "/sources", "/you", "/you/sign-in", "/reminders", "/data"):
        visitor.page(path)
    assert visitor.get("/data/archive").status_code == 200
    assert visitor.get(f"/ladders/{uuid.uuid4()}?note={NOTE}").status_code == 404
    assert visitor.get(f"/{NOTE}").status_code == 404
    assert visitor.get(f"/broken/{NOTE}").status_code == 500
    visitor.send_form("/library", goal=GOAL)
    visitor.post("/outbox", content=json.dumps([{"kind": NOTE}]))
    visitor.post(ladder, headers={"origin": "https://elsewhere-cinnamon.example"})
    visitor.send_form("/sign-out")
    visitor.send_form("/sign-in", name=NAME, password="mistyped-cinnamon")
    assert path_of(visitor.send_form("/sign-in", name=NAME, password=PASSWORD)) == "/"
    visitor.send_form("/data/delete", password=PASSWORD, sure="yes")


def everything_personal(services: Services) -> set[str]:
    """Words, names and ids of whoever is on the server."""
    with database(services).connect() as connection:
        ids = {
            str(value)
            for table, column in (("people", "id"), ("ladders", "id"), ("steps", "id"), ("events", "id"))
            for (value,) in connection.execute(text(f"SELECT {column} FROM {table}"))
        }
    assert len(ids) >= 6
    return ids


def test_a_whole_loop_leaves_nobody_in_the_logs_or_in_the_numbers(
    observed: ASGIApp,
    sqlite_services: Services,
    clock: SetClock,
    log: io.StringIO,
    metrics: PrometheusMetrics,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ids: set[str] = set()
    send_form = Visitor.send_form

    def noting(visitor: Visitor, path: str, **fields: str | list[str]) -> httpx.Response:
        if path == "/sign-out":
            ids.update(everything_personal(sqlite_services))
            ids.update(str(cookie.value) for cookie in visitor.cookies.jar if len(str(cookie.value)) > 12)
        return send_form(visitor, path, **fields)

    monkeypatch.setattr(Visitor, "send_form", noting)
    with served(observed) as url, Visitor(url) as visitor:
        live_a_little(visitor, clock)
    told = log.getvalue() + metrics.told()[0].decode()
    words = {word for text in (NAME, PASSWORD, GOAL, NOTE, PLACE, *STEPS) for word in text.split()}
    secret = {word for word in words if len(word) >= 6} | ids | {"cinnamon", "127.0.0.1", "localhost"}
    assert {one for one in secret if one.casefold() in told.casefold()} == set()
    requests = [line for line in lines(log) if line["event"] == "request"]
    assert len(requests) >= 30
    assert all(
        set(line) == {"time", "level", "event", "route", "method", "status", "duration_ms", "request_id"}
        for line in requests
    )
    assert {"/ladders/{ladder_id}/judge", "/attempts/{event_id}/reflect", "none"} <= {
        line["route"] for line in requests
    }


def test_what_raises_is_logged_once_under_the_id_that_the_answer_carries(
    observed: ASGIApp, log: io.StringIO
) -> None:
    with served(observed) as url:
        answer = httpx.get(f"{url}/broken/lighthouse")
    assert answer.status_code == 500
    request, failed = lines(log)
    assert failed["request_id"] == request["request_id"] == answer.headers["x-request-id"]
    assert (failed["event"], failed["level"], request["status"]) == ("rung.requests", "error", 500)
    assert failed["exception"][0]["type"] == "ValueError"
    assert failed["exception"][0]["frames"][-1].endswith(" broken")
    assert "lighthouse" not in log.getvalue()


def test_the_interface_for_programs_is_counted_by_its_routes_too(
    stranger: Visitor, metrics: PrometheusMetrics
) -> None:
    stranger.get("/api/v1/openapi.json?token=lighthouse")
    stranger.get("/api/v1/lighthouse")
    told = metrics.told()[0].decode()
    assert 'route="/api/v1/openapi.json"' in told
    assert "lighthouse" not in told


def test_the_id_of_a_request_is_never_one_that_somebody_sent(stranger: Visitor, log: io.StringIO) -> None:
    answer = stranger.get("/about", headers={"x-request-id": "lighthouse"})
    assert re.fullmatch("[0-9a-f]{16}", answer.headers["x-request-id"])
    assert stranger.get("/about").headers["x-request-id"] != answer.headers["x-request-id"]


def test_a_database_that_fails_is_told_by_its_own_words_and_counted(
    stranger: Visitor, sqlite_services: Services, log: io.StringIO, metrics: PrometheusMetrics
) -> None:
    stranger.send_form("/welcome", name=NAME, password=PASSWORD)
    with database(sqlite_services).begin() as connection:
        connection.exec_driver_sql("ALTER TABLE ladders RENAME TO gone")
    assert stranger.get("/").status_code == 503
    assert "no such table" in log.getvalue()
    assert 'rung_database_errors_total{kind="OperationalError"}' in metrics.told()[0].decode()


def test_health_is_told_under_any_name(address: str, sqlite_services: Services) -> None:
    with httpx.Client(base_url=address, headers={"host": "10.0.0.7:8000"}) as probe:
        assert (probe.get("/healthz").status_code, probe.get("/healthz").text) == (200, "alive\n")
        assert (probe.get("/readyz").status_code, probe.get("/readyz").text) == (200, "ready\n")
        assert probe.head("/readyz").status_code == 200
        with database(sqlite_services).begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
        answer = probe.get("/readyz")
        assert (answer.status_code, answer.text) == (503, "the tables are not those of this version\n")
        assert probe.get("/healthz").status_code == 200
        assert probe.get("/about").status_code == 421
        assert probe.post("/healthz").status_code == 421


def test_metrics_are_told_to_who_has_the_token(address: str) -> None:
    right = {"authorization": f"Bearer {TOKEN}"}
    httpx.get(f"{address}/about")
    told = httpx.get(f"{address}/metrics", headers={**right, "host": "10.0.0.7"})
    assert told.status_code == 200
    assert told.headers["content-type"].startswith("text/plain")
    assert 'rung_requests_total{method="GET",route="/about",status="2xx"} 1.0' in told.text
    for sent in (b"", b"Bearer", b"Bearer \xfc", f"Basic {TOKEN}".encode()):
        refused = httpx.get(f"{address}/metrics", headers={b"authorization": sent})
        assert (refused.status_code, refused.headers["www-authenticate"]) == (401, "Bearer")


@pytest.mark.parametrize("host, status", [("localhost:80", 200), ("[::1]", 200), ("evil.example", 421)])
def test_without_a_token_metrics_are_told_under_our_names_alone(
    sqlite_services: Services, settings: Settings, operator: Operator, host: str, status: int
) -> None:
    app = Observing(create_app(sqlite_services, settings), settings, replace(operator, token=""))
    with served(app) as url:
        assert httpx.get(f"{url}/metrics", headers={"host": host}).status_code == status


def test_unless_asked_for_there_is_nothing_of_it(sqlite_services: Services, log: io.StringIO) -> None:
    app = Observing(create_app(sqlite_services), Settings(), Operator())
    with served(app) as url:
        for path in ("/healthz", "/readyz", "/metrics"):
            assert httpx.get(f"{url}{path}").status_code == 404
    assert log.getvalue() == ""


def test_methods_that_nobody_knows_are_counted_as_one(address: str, metrics: PrometheusMetrics) -> None:
    for method in ("BREW", "WHEN"):
        httpx.request(method, f"{address}/about")
    assert 'method="other"' in metrics.told()[0].decode()
    assert "BREW" not in metrics.told()[0].decode()


@pytest.mark.parametrize("given", ["maybe", "short", "with a space and long", "ümlaut-that-is-long-enough"])
def test_a_setting_for_metrics_that_is_neither_is_refused_without_being_told(given: str) -> None:
    with pytest.raises(Exception, match="RUNG_METRICS is neither yes nor no") as refused:
        Settings.from_environment({"RUNG_METRICS": given})
    assert given not in str(refused.value)


def test_settings_say_what_the_operator_is_told() -> None:
    assert not Settings.from_environment({}).metrics
    told = Settings.from_environment({"RUNG_METRICS": TOKEN, "RUNG_HEALTH": "yes"})
    assert (told.health, told.metrics, told.metrics_token) == (True, True, TOKEN)
    assert Settings.from_environment({"RUNG_METRICS": "yes"}).metrics_token == ""
