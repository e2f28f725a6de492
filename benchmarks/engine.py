"""How long the engine takes: an event of each kind, a replay, a question, a trip through JSON.

    python benchmarks/engine.py [--events 20000]

Times are of one core and vary with the machine; the last column is the ratio to a plain scalar Kalman
filter that takes in the same number of readings in the same run, and does nothing else.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from functools import partial

from rung import Engine, Event, Ladder, Person, Task
from rung.engine.observation import judgement_likelihood, read

ENGINE = Engine()
LADDER = Ladder.of("talks", *(f"step {number}" for number in range(8)))
LONG = Ladder.of("talks", *(f"step {number}" for number in range(12)))
DAY = 86_400.0


def microseconds(work: Callable[[], object], times: int) -> float:
    """Best of five rounds, for one call."""
    rounds = []
    for _ in range(5):
        start = time.perf_counter()
        for _ in range(times):
            work()
        rounds.append((time.perf_counter() - start) / times)
    return 1e6 * min(rounds)


def history(count: int) -> list[Event]:
    """A person who judges, goes for it, tries, and is told, over and over, on a ladder of eight."""
    kinds = ("judgement", "choice", "attempt", "feedback")
    return [
        Event(
            "ana", "talks", f"step {number % 8}", number * 3600.0, kinds[number % 4],
            0.5 if number % 4 == 0 else float(number % 3 > 0), 0.0,
            feedback=float(number % 3 > 0) if number % 4 == 2 else None,
        )
        for number in range(count)
    ]  # fmt: skip


def scalar_filter(readings: list[float]) -> float:
    """The plainest rival: one number, one gain, no theory."""
    mean, variance = 0.5, 1.0
    for reading in readings:
        variance += 0.01
        gain = variance / (variance + 0.02)
        mean += gain * (reading - mean)
        variance *= 1.0 - gain
    return mean


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="Time the engine.")
    parser.add_argument("--events", type=int, default=20_000)
    count = parser.parse_args().events
    past = history(count)
    readings = [float(number % 3 > 0) for number in range(count)]
    plain = microseconds(lambda: scalar_filter(readings), 1) / count
    person = ENGINE.replay(past[:400])
    now = past[400].time
    rows = [("replay, one event", microseconds(lambda: ENGINE.replay(past), 1) / count)]
    for kind in ("judgement", "attempt", "feedback", "model", "persuasion", "state", "choice", "note"):
        value = None if kind in ("state", "note") else 1.0
        event = Event(
            "ana", "talks", "step 3", now, kind, value, 0.0, feedback=1.0 if kind == "attempt" else None
        )
        rows.append((f"observe: {kind}", microseconds(partial(ENGINE.observe, person, event), 300)))
    told = judgement_likelihood(0.6, ENGINE.parameters)
    rows += [
        ("one reading on the grid", microseconds(lambda: read(0.3, 0.8, told), 3000)),
        ("efficacy of a step", microseconds(lambda: ENGINE.efficacy(person, Task("talks", "step 3")), 1000)),
        ("next step of eight", microseconds(lambda: ENGINE.next_step(person, LADDER), 50)),
        ("next step of twelve", microseconds(lambda: ENGINE.next_step(person, LONG), 50)),
        ("state to JSON and back", microseconds(lambda: Person.from_json(person.to_json()), 100)),
    ]
    print(f"{'':26}{'microseconds':>14}{'ratio to a plain filter':>26}")
    for name, taken in rows:
        print(f"{name:26}{taken:14.1f}{taken / plain:26.0f}")


if __name__ == "__main__":
    main()
