"""What Prometheus is told."""

from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from tests.adapters.test_mail import LETTER
from tests.conftest import Databases

from rung.adapters.database import connect, database_address
from rung.adapters.database.readiness import readiness
from rung.adapters.metrics import PrometheusMetrics
from rung.app.ports import Letter, Outcome, Senders, Sent


def told(metrics: PrometheusMetrics) -> str:
    return metrics.told()[0].decode()


def test_requests_are_counted_by_route_method_and_class_of_status() -> None:
    metrics = PrometheusMetrics()
    for status in (200, 204, 404, 0):
        metrics.count("/ladders/{ladder_id}", "GET", status, 0.02)
    lines = told(metrics)
    for kind, number in (("2xx", 2), ("4xx", 1), ("none", 1)):
        labels = f'method="GET",route="/ladders/{{ladder_id}}",status="{kind}"'
        assert f"rung_requests_total{{{labels}}} {number}.0" in lines
    assert (
        'rung_request_duration_seconds_bucket{le="0.025",method="GET",route="/ladders/{ladder_id}"} 4.0'
        in lines
    )
    assert metrics.told()[1].startswith("text/plain")


def test_two_countings_know_nothing_of_each_other() -> None:
    PrometheusMetrics().count("/", "GET", 200, 0.1)
    assert "rung_requests_total{" not in told(PrometheusMetrics())


def test_memory_is_told_where_the_system_tells_it() -> None:
    lines = told(PrometheusMetrics()).splitlines()
    held = [float(line.split()[1]) for line in lines if line.startswith("rung_resident_memory_bytes ")]
    assert held[0] > 10_000_000 if Path("/proc/self/statm").exists() else held == [0.0]


class Post:
    """Sends mail to nobody, with one outcome after another."""

    def __init__(self, *outcomes: Outcome | Exception) -> None:
        self.outcomes = list(outcomes)

    def send(self, letter: Letter, to: str) -> Sent:
        outcome = self.outcomes.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return Sent(outcome)


def test_messages_are_counted_by_way_and_outcome() -> None:
    metrics = PrometheusMetrics()
    senders = metrics.counting(Senders(mail=Post(Outcome.SENT, Outcome.SENT, Outcome.LATER, OSError("no"))))
    assert senders.push is None
    assert senders.mail
    assert [senders.mail.send(LETTER, "sam@example.org").outcome for _ in range(3)] == [
        Outcome.SENT,
        Outcome.SENT,
        Outcome.LATER,
    ]
    with pytest.raises(OSError, match="no"):
        senders.mail.send(LETTER, "sam@example.org")
    lines = told(metrics)
    for outcome, number in (("sent", 2), ("later", 1), ("refused", 1)):
        assert f'rung_reminders_total{{outcome="{outcome}",way="mail"}} {number}.0' in lines
    assert "example.org" not in lines


def test_errors_of_the_database_are_counted_by_their_kind(databases: Databases) -> None:
    metrics = PrometheusMetrics()
    database = connect(database_address(Path(), databases.bare()))
    metrics.watch(database)
    with database.connect() as connection, pytest.raises(Exception, match="nowhere"):
        connection.execute(text("SELECT * FROM nowhere"))
    database.dispose()
    kind = "OperationalError" if database.dialect.name == "sqlite" else "ProgrammingError"
    assert f'rung_database_errors_total{{kind="{kind}"}} 1.0' in told(metrics)


def test_a_database_is_ready_once_it_answers_with_todays_tables(databases: Databases) -> None:
    ready, bare = (connect(database_address(Path(), url())) for url in (databases.fresh, databases.bare))
    assert readiness(ready)() == ""
    assert readiness(bare)() == "the tables are not those of this version"
    for database in (ready, bare):
        database.dispose()


def test_a_database_that_is_gone_is_not_ready(tmp_path: Path) -> None:
    database = connect(database_address(tmp_path / "nowhere", None))
    assert readiness(database)() == "the database does not answer"
    with pytest.raises(OperationalError):
        database.connect()
