"""What a coach's caseload costs with 1, 30 and 500 people: queries, bytes, and milliseconds here.

The people are made in a temporary folder, each with a ladder and eight weeks of two tries and a judgement a
week. `shown`: they show all of it (then their saved state is used), or all but what they wrote (then
each is made anew of what is shown). The page is asked for once after a start, when nothing is remembered and
the looks are noted, and then nine times. Run: `python benchmarks/caseload.py`.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path

from fastapi.testclient import TestClient

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.pages import counted
from tests.app.coaching.bonds import keep_states, seed_people

from rung.adapters.wiring import open_services
from rung.app.accounts import people
from rung.app.ports import Services
from rung.app.sharing.fields import ALL_FIELDS, Field
from rung.web import Settings, create_app

PASSWORD = "benchmark caseload"
ROUNDS = 9
SHOWN = {"all": ALL_FIELDS, "in part": ALL_FIELDS - {Field.TEXTS}}


def main() -> None:
    """Print the table."""
    print(
        f"{'people':>6} {'shown':<8} {'queries':>7} {'again':>5} {'page, kB':>9} {'first, ms':>10} {'ms':>7}"
    )
    for count in (1, 30, 500):
        for name, fields in SHOWN.items():
            with tempfile.TemporaryDirectory() as folder:
                services = open_services(Path(folder), None, {})
                coach = people.welcome(services, "Lee", PASSWORD).id
                keep_states(services, seed_people(services, coach, count, fields))
                print(f"{count:>6} {name:<8} {measured(services)}")
                services.store.close()


def measured(services: Services) -> str:
    """The page once, and then again and again."""
    client = TestClient(create_app(services, Settings()), base_url="http://localhost")
    client.cookies.set("rung", people.sign_in(services, "Lee", PASSWORD))
    start = time.perf_counter()
    with counted(services) as first:
        answer = client.get("/coach")
    took = 1000 * (time.perf_counter() - start)
    assert answer.status_code == 200
    with counted(services) as again:
        client.get("/coach")
    rounds = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        client.get("/coach")
        rounds.append(1000 * (time.perf_counter() - start))
    size = len(answer.content) / 1000
    return f"{len(first):>7} {len(again):>5} {size:>9.1f} {took:>10.0f} {statistics.median(rounds):>7.1f}"


if __name__ == "__main__":
    main()
