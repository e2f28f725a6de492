"""What each page costs: queries, bytes, and milliseconds here, with the demo's account of three months.

The account is made in a temporary folder; each page is asked for once to warm up and then nine times, through
the whole application without a network between. Bytes are those of the page, and of all that it loads the
first time, as they go over the wire (static files packed). Run: `python benchmarks/pages.py`.
"""

from __future__ import annotations

import argparse
import re
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from fastapi.testclient import TestClient
from sqlalchemy import event

from rung.adapters.database import DatabaseStore
from rung.adapters.wiring import open_services
from rung.app.accounts.people import account_named, sign_in
from rung.app.climbing.ladders import ladders_of
from rung.app.demonstration import NAME, demonstrate
from rung.app.ports import Services
from rung.web import Settings, create_app

PASSWORD = "benchmark pages"
ROUNDS = 9


@contextmanager
def counted(services: Services) -> Iterator[list[str]]:
    """The queries of a block."""
    assert isinstance(services.store, DatabaseStore)
    queries: list[str] = []

    def note(*arguments: object) -> None:
        if str(arguments[2]).startswith(("SELECT", "INSERT", "UPDATE", "DELETE")):
            queries.append(str(arguments[2]))

    event.listen(services.store.engine, "before_cursor_execute", note)
    try:
        yield queries
    finally:
        event.remove(services.store.engine, "before_cursor_execute", note)


def pages_of(services: Services) -> list[str]:
    """The address of each kind of page."""
    person = account_named(services, NAME).id
    ladder = max(ladders_of(services, person), key=lambda one: len(one.steps))
    base, step = f"/ladders/{ladder.id}", ladder.climbing[-2].id
    own = ("", "/steps", "/judge", "/see", f"/see?step={step}", f"/steps/{step}")
    return [
        "/",
        "/ladders",
        *(f"{base}{part}" for part in own),
        f"{base}/log?step={step}",
        f"{base}/prepare?step={step}",
        "/ladders/across",
        "/library",
        "/sources",
        "/sources/mastery?doubted=1",
        "/sources/models",
        "/sources/encouragement",
        "/sources/body",
        "/body/reappraise",
        "/reminders",
        "/you",
        "/you/sign-in",
        "/data",
        "/how-this-works",
        "/how-this-works?similarity=80&coping=yes&credibility=70",
        "/pocket",
        "/offline",
    ]


def main() -> None:
    """Print the table."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--days", type=int, default=90, help="days that the account has been used")
    days = arguments.parse_args().days
    with tempfile.TemporaryDirectory() as folder:
        services = open_services(Path(folder), None, {})
        demonstrate(services, PASSWORD, datetime.now(UTC), days=days)
        client = TestClient(create_app(services, Settings()), base_url="http://localhost")
        client.cookies.set("rung", sign_in(services, NAME, PASSWORD))
        print(f"{'page':<34} {'queries':>7} {'page, kB':>9} {'first time, kB':>15} {'ms':>7}")
        for path in pages_of(services):
            client.get(path)
            with counted(services) as queries:
                answer = client.get(path)
            assert answer.status_code == 200, (path, answer.status_code)
            took = []
            for _ in range(ROUNDS):
                start = time.perf_counter()
                client.get(path)
                took.append(1000 * (time.perf_counter() - start))
            loaded = set(re.findall(r'(?:href|src)="(/static/[^"]+\.(?:css|js|svg))"', answer.text))
            whole = len(answer.content) + sum(
                int(client.get(url).headers["content-length"]) for url in loaded
            )
            name = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "…", path)
            sizes = f"{len(answer.content) / 1000:>9.1f} {whole / 1000:>15.1f}"
            print(f"{name:<34} {len(queries):>7} {sizes} {statistics.median(took):>7.1f}")
        services.store.close()


if __name__ == "__main__":
    main()
