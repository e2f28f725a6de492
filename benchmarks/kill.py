"""Kill a process that writes, at random moments, as often as is wanted: is all there that it said was stored?

Each round starts a process that logs, judges, looks back, plans and takes back with two threads, and says so
after each. At a random moment it is killed (SIGKILL), and the database is looked through: everything that it
said is there; everything that is there is whole (an attempt has its choice, a reflection all of its texts, a
ladder all of its steps, every text opens); and the saved state equals a replay of the log. At the end SQLite
looks through its own file. The first fault ends it, with the round that `--seed` brings about again.

Run: `python -m benchmarks.kill --times 1000 --database sqlite`, or `postgresql`, which is started for it.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import random
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from uuid import uuid4

from sqlalchemy import text

from rung.adapters.database import DatabaseStore
from rung.adapters.wiring import open_services
from rung.app import evidence
from rung.app.beliefs import believer
from rung.app.climbing import ladders, plans
from rung.app.climbing.plans import Draft
from rung.app.model import PLAN_STATES, Account, Did, EventId, LadderId, PersonId, Reflection
from rung.app.ports import Credentials, Services

STEPS = ("say it alone", "say it to a friend", "say it to the team", "say it on stage")
WORDS = Reflection(aid=0.5, what_helped="I took my time", what_next="the same with somebody else")
ROUNDS_EACH = 10
"""Rounds for one person: a log that grows without end would make every look slower."""
LONGEST_LIFE = 0.3
"""Seconds that a process goes on writing at most, after the first that it stored."""
PATIENCE = 60.0
PRELOADED = ["rung.adapters.wiring", "rung.app.beliefs", "rung.app.climbing.plans", "rung.app.evidence"]
DEEDS = (Did.DONE, Did.PARTLY, Did.TRIED, Did.AVOIDED)

Said = tuple[str, str]
"""What a process says that it stored: the kind and the id."""
Say = Callable[[str, str], None]


def write(folder: str, url: str, person: str, ladder: str, seed: int, pipe: Connection) -> None:
    """Write without end; runs in a process of its own, until that is killed."""
    services = open_services(Path(folder), url)
    lock = threading.Lock()

    def say(kind: str, thing: str) -> None:
        with lock:
            pipe.send((kind, thing))

    def live(chance: random.Random) -> None:
        while True:
            _do_something(services, PersonId(person), LadderId(ladder), chance, say)

    _do_something(services, PersonId(person), LadderId(ladder), random.Random(seed), say)
    for number in range(2):
        threading.Thread(target=live, args=[random.Random(seed + number)], daemon=True).start()
    threading.Event().wait()


def _do_something(
    services: Services, me: PersonId, ladder: LadderId, chance: random.Random, say: Say
) -> None:
    step = chance.choice(ladders.ladder(services, me, ladder).steps).id
    match chance.randrange(8):
        case 0:
            say("ladder", ladders.name_ladder(services, me, "another", STEPS).id)
        case 1:
            judged = evidence.judge(services, me, ladder, {step: chance.randrange(101)}, resources="a friend")
            for event in judged:
                say("event", event)
        case 2:
            say("plan", plans.make(services, me, ladder, step, Draft(where="at home", who="Sam")).id)
        case _:
            event = evidence.record(services, me, ladder, step, chance.choice(DEEDS))
            say("event", event)
            if chance.random() < 0.5:
                evidence.reflect(services, me, event, _fitting(services, me, event))
                say("reflected", event)
            if chance.random() < 0.2:
                say("taking back", event)
                evidence.take_back(services, me, event)
                say("taken back", event)


def _fitting(services: Services, me: PersonId, event: EventId) -> Reflection:
    """Of a step let pass there is no outcome to explain."""
    is_attempt = any(one.id == event and one.kind == "attempt" for one in evidence.log_of(services, me))
    return WORDS if is_attempt else Reflection(what_helped=WORDS.what_helped, what_next=WORDS.what_next)


def faults(services: Services, me: PersonId, said: list[Said]) -> list[str]:
    """What is lost or half there."""
    with services.store.writing(me):
        pass  # PostgreSQL may still be busy with what the killed process had asked for.
    log = evidence.log_of(services, me)
    known = {event.id for event in log}
    kinds = {event.id: event.kind for event in log}
    found = _lost(services, me, said, known)
    attempts = sorted(event.time for event in log if event.kind == "attempt")
    approaches = sorted(event.time for event in log if event.kind == "choice" and event.value == 1.0)
    if attempts != approaches:
        found.append(f"{len(attempts)} attempts, and {len(approaches)} approaches")
    with services.store.reading() as tx:
        for event, words in tx.evidence.texts(me).items():
            whole = {"what_helped", "what_next"} if kinds.get(event) != "judgement" else {"resources"}
            if set(words) != whole:
                found.append(f"of the texts of {event} there are {sorted(words)}")
        if believer(services, tx, me) != services.engine.replay(log):
            found.append("the saved state is not what the log says")
        found += [f"{one.id} has {len(one.steps)} steps" for one in tx.ladders.of(me) if len(one.steps) != 4]
    return found


def _lost(services: Services, me: PersonId, said: list[Said], known: set[str]) -> list[str]:
    told: defaultdict[str, set[str]] = defaultdict(set)
    for kind, thing in said:
        told[kind].add(thing)
    # Of what was being taken back when the process was killed, either may be true.
    open_to_both = told["taking back"]
    with services.store.reading() as tx:
        texts = {str(event) for event, words in tx.evidence.texts(me).items() if words}
        there = {str(one.id) for one in tx.ladders.of(me)}
        planned = {one.id for one in tx.plans.of(me, PLAN_STATES)}
    return [
        *(f"event {one} is lost" for one in told["event"] - open_to_both - known),
        *(f"event {one} is back" for one in told["taken back"] & known),
        *(f"the words of {one} are lost" for one in told["reflected"] - open_to_both - texts),
        *(f"ladder {one} is lost" for one in told["ladder"] - there),
        *(f"plan {one} is lost" for one in told["plan"] - planned),
    ]


def round_of(folder: Path, url: str, person: PersonId, ladder: LadderId, chance: random.Random) -> list[Said]:
    """Let a process write, and kill it; what it had said by then."""
    context = multiprocessing.get_context("forkserver")
    ours, theirs = context.Pipe(duplex=False)
    seed = chance.randrange(2**32)
    process = context.Process(target=write, args=(str(folder), url, person, ladder, seed, theirs))
    process.start()
    theirs.close()
    if not ours.poll(PATIENCE):
        raise RuntimeError("the process that writes does not start")
    time.sleep(chance.random() * LONGEST_LIFE)
    process.kill()
    process.join()
    said: list[Said] = []
    try:
        while True:
            said.append(ours.recv())
    except (EOFError, OSError):
        return said
    finally:
        ours.close()


def _somebody(services: Services) -> tuple[PersonId, LadderId]:
    account = Account(PersonId(str(uuid4())), "Ana", services.clock.now())
    with services.store.writing(account.id) as tx:
        tx.people.add(account, Credentials(account.id, account.id.encode(), ""))
    return account.id, ladders.name_ladder(services, account.id, "Talks", STEPS).id


@contextmanager
def address_of(database: str, folder: Path) -> Iterator[str]:
    """The address of a new database of this kind, or of the one that was named."""
    if database == "sqlite":
        yield f"sqlite:///{folder}/rung.db"
    elif database == "postgresql":
        from tests.databases import new_database, postgresql_binaries, postgresql_server

        binaries = postgresql_binaries()
        if binaries is None:
            sys.exit("PostgreSQL is not installed: apt-get install postgresql")
        with postgresql_server(binaries) as server:
            yield new_database(server, "rung")
    else:
        yield database


def run(folder: Path, url: str, times: int, seed: int) -> dict[str, object]:
    """All rounds; what was said and found."""
    chance, said_of, began = random.Random(seed), Counter[str](), time.perf_counter()
    multiprocessing.get_context("forkserver").set_forkserver_preload(PRELOADED)
    services = open_services(folder, url)
    try:
        for number in range(times):
            if number % ROUNDS_EACH == 0:
                person, ladder = _somebody(services)
                said: list[Said] = []
            new = round_of(folder, url, person, ladder, chance)
            said += new
            said_of.update(kind for kind, _ in new)
            wrong = faults(services, person, said)
            if wrong:
                return {"killed": number + 1, "seed": seed, "faults": wrong, "acknowledged": said_of}
            if sys.stderr.isatty():
                print(f"\r{number + 1} of {times}", end="", file=sys.stderr)
        wrong = _integrity(services)
    finally:
        services.store.close()
    seconds = round(time.perf_counter() - began, 1)
    return {
        "killed": times,
        "seed": seed,
        "faults": wrong,
        "acknowledged": said_of,
        "seconds": seconds,
    }


def _integrity(services: Services) -> list[str]:
    """What SQLite finds in its own file."""
    assert isinstance(services.store, DatabaseStore)
    if services.store.engine.dialect.name != "sqlite":
        return []
    with services.store.engine.connect() as connection:
        found = [str(one) for one in connection.execute(text("PRAGMA integrity_check")).scalars()]
        orphans = connection.execute(text("PRAGMA foreign_key_check")).all()
    return [one for one in found if one != "ok"] + [f"{one} belongs to nothing" for one in orphans]


def main() -> None:
    """Kill, and tell."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--times", type=int, default=100)
    arguments.add_argument(
        "--database", default="sqlite", help="sqlite, postgresql, or the URL of an empty database"
    )
    arguments.add_argument("--seed", type=int, default=1)
    asked = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder, address_of(asked.database, Path(folder)) as url:
        done = run(Path(folder), url, asked.times, asked.seed)
    print(json.dumps(done, indent=2))
    sys.exit(1 if done["faults"] else 0)


if __name__ == "__main__":
    main()
