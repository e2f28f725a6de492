"""How long reading a large log takes, and how much memory it needs.

Writes a CSV with every column of the format in its header and about six of them filled, reads it in a
process of its own for each way of reading, and compares with a plain `csv.DictReader` loop that checks
nothing. Run: `python benchmarks/read_log.py --rows 1000000`.
"""

from __future__ import annotations

import argparse
import csv
import multiprocessing
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import TypeVar

import numpy as np

from rung.engine.events import COLUMNS
from rung.log import check_log, read_chunks, read_log

T = TypeVar("T")
_NAMES = [column.name for column in COLUMNS]
_KINDS = np.array(["judgement", "attempt", "feedback"])


def write_example(path: Path, rows: int, seed: int = 0) -> None:
    """A seeded log of people who judge, try and are told, 100 rows each, in the order of time."""
    random = np.random.default_rng(seed)
    values = random.integers(0, 101, rows) / 100
    tasks = random.integers(1, 13, rows)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(_NAMES)
        for row, (value, task) in enumerate(zip(values.tolist(), tasks.tolist(), strict=True)):
            known = [
                f"person-{row // 100:06d}",
                "talks",
                f"step {task}",
                row,
                _KINDS[row % 3],
                value,
                task / 4 - 1.5,
            ]
            writer.writerow(known + [""] * (len(_NAMES) - len(known)))


def read_whole(path: Path) -> int:
    """Read and check everything, hold it by column."""
    return len(read_log(path))


def read_in_chunks(path: Path) -> int:
    """Read and check everything, hold a chunk."""
    return sum(len(chunk) for chunk in read_chunks(path))


def check_only(path: Path) -> int:
    """Check everything, hold nothing."""
    return check_log(path).rows


def read_as_events(path: Path) -> int:
    """Read and check everything, then make every event once."""
    return sum(1 for _ in read_log(path).events())


def read_as_dicts(path: Path) -> int:
    """The plain loop: dictionaries of texts, nothing checked, nothing held."""
    with path.open(newline="", encoding="utf-8") as file:
        return sum(1 for _ in csv.DictReader(file))


WAYS: dict[str, Callable[[Path], int]] = {
    "csv.DictReader, unchecked": read_as_dicts,
    "read_log": read_whole,
    "read_log, then events()": read_as_events,
    "read_chunks": read_in_chunks,
    "check_log": check_only,
}


def measured(way: str, path: Path) -> tuple[int, float, float]:
    """Rows, seconds, and the growth of peak memory in MB; to be called in a fresh process."""
    before = _peak_mb()
    start = time.perf_counter()
    rows = WAYS[way](path)
    return rows, time.perf_counter() - start, _peak_mb() - before


def _peak_mb() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1e6 if sys.platform == "darwin" else 1e3)


def _in_fresh_process(work: Callable[..., T], *arguments: object) -> T:
    """The peak of a process counts what its parent held when it was started: so the parent holds nothing."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as fresh:
        return fresh.submit(work, *arguments).result()


def main() -> None:
    """Print one row a way of reading."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    rows: int = parser.parse_args().rows
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "example.csv")
        _in_fresh_process(write_example, path, rows)
        print(f"{rows:,} rows, {len(_NAMES)} columns, {path.stat().st_size / 1e6:.0f} MB\n")
        print(f"{'':28}{'seconds':>9}{'ratio':>8}{'peak MB':>9}")
        plain = 0.0
        for way in WAYS:
            _, seconds, megabytes = _in_fresh_process(measured, way, path)
            plain = plain or seconds
            print(f"{way:28}{seconds:9.2f}{seconds / plain:8.2f}{megabytes:9.0f}")


if __name__ == "__main__":
    main()
