"""Many people log at once against a real `rung serve`: how many a second, how long they wait, at what cost.

Each person is signed in on a connection of their own, logs what became of a step, opens the page that this
leads to, and goes back to Today; and again, after `--think` seconds. All are asked for by one process beside
the server, which counts what it takes of the processor itself. At the end the database is asked whether all
is there that the server said was stored.

`--full` does so on a database with a year of data of 1,000 made-up people with two ladders each, who come in
through the import of the app; `--seeded` and `--days` choose smaller ones. That takes some minutes.

Run: `python -m benchmarks.load --database sqlite`, or `postgresql`, which is started for it.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

from benchmarks.kill import address_of

from rung.adapters.wiring import open_services
from rung.app import evidence
from rung.app.accounts.credentials import name_keys
from rung.app.accounts.sessions import open_session
from rung.app.climbing import ladders
from rung.app.keeping.archive import import_log
from rung.app.keeping.log_bytes import log_to_bytes
from rung.app.model import Account, LadderId, PersonId
from rung.app.ports import Credentials, Services
from rung.engine import Event
from rung.engine.simulation.climbs import Climb
from rung.research.planning.populations import told
from rung.research.planning.rules import RULES

STEPS = tuple(f"step {number} of the ladder" for number in range(1, 10))
YEAR = 365
CHUNK = 50
"""Made-up people who are told at a time."""
COST = 0.5
"""Seconds between two looks at the memory of the server."""


@dataclass(frozen=True, slots=True)
class Somebody:
    """Who logs: what the browser shows and asks for."""

    person: PersonId
    cookie: str
    ladder: LadderId
    steps: tuple[str, ...]


@dataclass(slots=True)
class Seen:
    """What the people saw."""

    seconds: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: list[str] = field(default_factory=list)
    logged: int = 0


class Line:
    """A connection to the server, as a browser keeps one: just enough of HTTP/1.1 to cost little."""

    def __init__(self, host: str, port: int, cookie: str) -> None:
        self._host, self._port = host, port
        self._head = (
            f"host: {host}:{port}\r\ncookie: rung={cookie}\r\nsec-fetch-site: same-origin\r\n"
            "accept-language: en\r\n"
        )
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, method: str, path: str, form: str = "") -> tuple[int, str]:
        """Ask for a page; status, and where it leads."""
        if self._streams is None:
            self._streams = await asyncio.open_connection(self._host, self._port)
        reader, writer = self._streams
        kind = "content-type: application/x-www-form-urlencoded\r\n" if form else ""
        size = f"content-length: {len(form)}\r\n\r\n"
        writer.write(f"{method} {path} HTTP/1.1\r\n{self._head}{kind}{size}{form}".encode())
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        length = re.search(r"(?im)^content-length: (\d+)", head)
        location = re.search(r"(?im)^location: (\S+)", head)
        await reader.readexactly(int(length[1]) if length else 0)
        if re.search(r"(?im)^connection: close", head):
            self.close()
        return int(head.split(" ", 2)[1]), location[1] if location else ""

    def close(self) -> None:
        """Hang up."""
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None


async def live(line: Line, somebody: Somebody, until: float, think: float, seen: Seen) -> None:
    """Log, look, go back, think; and again."""
    number = 0
    while time.perf_counter() < until:
        step = somebody.steps[number % len(somebody.steps)]
        did = ("done", "tried", "avoided", "done", "partly")[number % 5]
        number += 1
        log = f"/ladders/{somebody.ladder}/log?step={step}"
        try:
            leads_to = await _timed(line, "log", "POST", log, seen, f"did={did}&id={uuid4()}")
            if leads_to:
                seen.logged += 1
                await _timed(line, "look back", "GET", leads_to, seen)
            await _timed(line, "Today", "GET", "/", seen)
        except (OSError, asyncio.IncompleteReadError) as error:
            seen.errors.append(f"{type(error).__name__}: {error}")
            line.close()
        if think:
            await asyncio.sleep(think)


async def _timed(line: Line, name: str, method: str, path: str, seen: Seen, form: str = "") -> str:
    began = time.perf_counter()
    status, location = await line.ask(method, path, form)
    seen.seconds[name].append(time.perf_counter() - began)
    if status != (303 if method == "POST" else 200):
        seen.errors.append(f"{method} {name}: {status}")
        return ""
    return location


async def all_at_once(address: str, people: list[Somebody], seconds: float, think: float) -> Seen:
    """Let all of them log for some seconds."""
    parts, seen = urlsplit(address), Seen()
    until = time.perf_counter() + seconds
    lines = [Line(parts.hostname or "", parts.port or 80, one.cookie) for one in people]
    await asyncio.gather(
        *(live(line, one, until, think, seen) for line, one in zip(lines, people, strict=True))
    )
    for line in lines:
        line.close()
    return seen


# Who logs, and what is there before


def newcomers(services: Services, number: int) -> list[Somebody]:
    """People with one ladder each, on which nothing has happened."""
    found = []
    for place in range(number):
        me = _account(services, f"newcomer {place}")
        made = ladders.name_ladder(services, me, "Have the conversation", STEPS)
        rated = {step.id: 100 - 10 * rung for rung, step in enumerate(made.steps)}
        evidence.judge(services, me, made.id, rated)
        found.append(_signed_in(services, me))
    return found


def seeded(services: Services, number: int, days: int) -> list[PersonId]:
    """Made-up people who have lived with Rung for so many days, on two ladders each."""
    everybody = []
    now = services.clock.now().timestamp()
    for first in range(0, number, CHUNK):
        size = min(CHUNK, number - first)
        both = [_lived(size, days, seed) for seed in (first, first + number)]
        for place in range(size):
            me = _account(services, f"person {first + place}")
            everybody.append(me)
            for name, lived in zip(("talks", "running"), both, strict=True):
                events = lived.get(f"p{place}", [])
                last = max((event.time for event in events), default=0.0)
                moved = [
                    one._replace(time=one.time - last + now - 3600, domain=name, person=me) for one in events
                ]
                if moved:
                    import_log(services, me, log_to_bytes(moved), "log.csv")
        if sys.stderr.isatty():
            print(f"\r{first + size} of {number} people", end="", file=sys.stderr)
    return everybody


def _lived(number: int, days: int, seed: int) -> dict[str, list[Event]]:
    events: defaultdict[str, list[Event]] = defaultdict(list)
    for event in told(RULES[0], number, replace(Climb(), days=days), number, seed=seed, parameters=None):
        events[event.person].append(event)
    return events


def _account(services: Services, name: str) -> PersonId:
    account = Account(PersonId(str(uuid4())), name, services.clock.now())
    with services.store.writing(account.id) as tx:
        tx.people.add(account, Credentials(account.id, name_keys(services, name)[0], ""))
    return account.id


def _signed_in(services: Services, me: PersonId) -> Somebody:
    ladder = max(ladders.ladders_of(services, me), key=lambda one: len(one.steps))
    with services.store.writing(me) as tx:
        token = open_session(services, tx, me)
    return Somebody(me, token, ladder.id, tuple(step.id for step in ladder.climbing))


# The server


@contextmanager
def serving(folder: Path, url: str, workers: int) -> Iterator[tuple[str, int]]:
    """A server as a process of its own; its address and process."""
    command = [sys.executable, "-m", "rung.cli.main", "serve", "--no-open", "--no-reminders", "--port", "0"]
    command += ["--data", str(folder), "--database", url]
    command += ["--workers", str(workers)] if workers > 1 else []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            said = re.match(r"Rung is at (\S+)", process.stdout.readline())
            if not said:
                sys.exit("The server did not start")
            yield said[1], process.pid
        finally:
            process.terminate()


def _family(process: int) -> list[int]:
    found = [process]
    for task in Path(f"/proc/{process}/task").glob("*/children"):
        for child in task.read_text().split():
            found += _family(int(child))
    return found


def memory_of(process: int) -> float:
    """Megabytes that a process and those under it hold; a page that they share counts for each."""
    total = 0
    for one in _family(process):
        found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{one}/status").read_text())
        total += int(found[1]) if found else 0
    return total / 1000


def processor_of(process: int) -> float:
    """Seconds of processor that they have taken."""
    ticks = 0
    for one in _family(process):
        fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


async def _watched(process: int, highest: list[float]) -> None:
    while True:
        highest.append(memory_of(process))
        await asyncio.sleep(COST)


def _stored(services: Services, people: list[Somebody]) -> int:
    """Attempts and steps let pass that are in the database."""
    return sum(
        sum(event.kind == "attempt" or event.value == 0.0 for event in _deeds(services, one.person))
        for one in people
    )


def _deeds(services: Services, me: PersonId) -> list[Event]:
    return [event for event in evidence.log_of(services, me) if event.kind in ("attempt", "choice")]


def measure(
    services: Services, folder: Path, url: str, people: list[Somebody], asked: argparse.Namespace
) -> dict[str, object]:
    """Serve, ask, and say what was seen."""
    load, before = os.getloadavg()[0], _stored(services, people)
    with serving(folder, url, asked.workers) as (address, process):

        async def watched() -> tuple[Seen, list[float]]:
            highest: list[float] = []
            watch = asyncio.create_task(_watched(process, highest))
            warm = await all_at_once(address, people[:5], 1.0, 0.0)
            cost, began = processor_of(process), resource.getrusage(resource.RUSAGE_SELF)
            seen = await all_at_once(address, people, asked.seconds, asked.think)
            costs.append(processor_of(process) - cost)
            now = resource.getrusage(resource.RUSAGE_SELF)
            costs.append(now.ru_utime + now.ru_stime - began.ru_utime - began.ru_stime)
            seen.logged += warm.logged
            watch.cancel()
            return seen, highest

        costs: list[float] = []
        began = time.perf_counter()
        seen, highest = asyncio.run(watched())
        took = time.perf_counter() - began - 1.0
    count = sum(map(len, seen.seconds.values()))
    return {
        "people at once": len(people),
        "think, s": asked.think,
        "workers": asked.workers,
        "requests": count,
        "requests a second": round(count / took, 1),
        "ms": {name: _spread(values) for name, values in sorted(seen.seconds.items())},
        "errors": len(seen.errors),
        "first errors": seen.errors[:5],
        "stored as said": _stored(services, people) - before == seen.logged,
        "memory, MB": {"at first": round(highest[0]), "at most": round(max(highest))},
        "processor, s": {"server": round(costs[0], 1), "asking": round(costs[1], 1)},
        "load of the machine before": round(load, 2),
    }


def _spread(values: list[float]) -> dict[str, float]:
    ordered = sorted(values)
    at = {"p50": 0.5, "p95": 0.95, "p99": 0.99}
    found = {name: ordered[min(len(ordered) - 1, int(part * len(ordered)))] for name, part in at.items()}
    return {name: round(1000 * value, 1) for name, value in {**found, "most": ordered[-1]}.items()}


def main() -> None:
    """Fill, serve, ask, tell."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--database", default="sqlite", help="sqlite, postgresql, or a URL")
    arguments.add_argument("--people", type=int, default=100, help="who log at once")
    arguments.add_argument("--seconds", type=float, default=20.0)
    arguments.add_argument("--think", type=float, nargs="*", default=[0.0], help="seconds between two deeds")
    arguments.add_argument("--workers", type=int, default=1)
    arguments.add_argument("--seeded", type=int, default=0, help="made-up people who are there before")
    arguments.add_argument("--days", type=int, default=YEAR, help="that those have lived with Rung")
    arguments.add_argument("--full", action="store_true", help="as --seeded 1000 --days 365")
    asked = arguments.parse_args()
    number = 1000 if asked.full else asked.seeded
    with tempfile.TemporaryDirectory() as name, address_of(asked.database, Path(name)) as url:
        folder = Path(name)
        services = open_services(folder, url)
        began = time.perf_counter()
        there = seeded(services, number, asked.days)
        people = [_signed_in(services, me) for me in there[: asked.people]]
        people += newcomers(services, asked.people - len(people))
        taken = time.perf_counter() - began
        events = sum(len(evidence.log_of(services, one.person)) for one in people)
        print(
            json.dumps(
                {
                    "database": urlsplit(url).scheme,
                    "people there": len(there) or asked.people,
                    "events of those who log, each": round(events / len(people)),
                    "made in, s": round(taken),
                }
            )
        )
        for think in asked.think:
            told_now = measure(
                services, folder, url, people, argparse.Namespace(**{**vars(asked), "think": think})
            )
            print(json.dumps(told_now, indent=2), flush=True)
        services.store.close()


if __name__ == "__main__":
    main()
