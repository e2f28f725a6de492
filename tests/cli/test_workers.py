"""`rung serve --workers` on PostgreSQL: processes that share one socket, one memory and one count."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from click.testing import CliRunner
from tests.conftest import Databases

from rung.cli.main import cli

ENDS = 60
"""Seconds after which a server that was told to stop counts as one that never will."""
TOKEN = "a-token-that-is-long-enough"
WORKERS = 2


class Running:
    """A server with several workers, and what is known of it."""

    def __init__(self, process: subprocess.Popen[str], address: str) -> None:
        self.process = process
        self.origin = "{0.scheme}://{0.netloc}".format(urlsplit(address))
        self.code = address.rpartition("=")[2]

    def children(self) -> set[int]:
        """The processes that answer."""
        found = set()
        for status in Path("/proc").glob("[0-9]*/status"):
            with suppress(OSError):
                if f"\nPPid:\t{self.process.pid}\n" in status.read_text():
                    command = (status.parent / "cmdline").read_text()
                    if "resource_tracker" not in command:
                        found.add(int(status.parent.name))
        return found

    def get(self, path: str, **headers: str) -> httpx.Response:
        """Over a connection of its own, which any of the processes may take."""
        return httpx.get(f"{self.origin}{path}", headers=headers, timeout=ENDS)

    def metrics(self) -> str:
        told = self.get("/metrics", authorization=f"Bearer {TOKEN}")
        assert told.status_code == 200
        return told.text


Start = Callable[..., Running]


@pytest.fixture
def start(tmp_path: Path, postgresql: Databases) -> Iterator[Start]:
    started: list[subprocess.Popen[str]] = []

    def one(*options: str, **environment: str) -> Running:
        command = [sys.executable, "-m", "rung.cli.main", "serve", "--no-open", "--port", "0"]
        command += ["--data", str(tmp_path / "data"), "--database", postgresql.bare()]
        process = subprocess.Popen(
            [*command, "--workers", str(WORKERS), *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={
                **os.environ,
                "RUNG_METRICS": TOKEN,
                "RUNG_HEALTH": "yes",
                "TMPDIR": str(tmp_path),
                **environment,
            },
        )
        started.append(process)
        assert process.stdout
        told = process.stdout.readline()
        found = re.match(r"Rung is at (\S+)  ", told)
        assert found, (told, process.communicate())
        return Running(process, found[1])

    yield one
    for process in started:
        process.kill()
        process.communicate()


pytestmark = [
    pytest.mark.postgresql,
    pytest.mark.skipif(not Path("/proc").exists(), reason="Looks for processes in /proc"),
]


def test_several_workers_answer_with_one_memory_and_one_count(start: Start) -> None:
    server = start(RUNG_HOSTS="rung.example.org")
    assert server.get("/readyz").text == "ready\n"
    form = {"name": "Sam", "password": "correct horse", "code": server.code}
    made = httpx.post(f"{server.origin}/welcome", data=form, headers={"origin": server.origin}, timeout=ENDS)
    assert made.status_code == 303
    token = made.cookies["rung"]
    # Each of these goes to whichever process is free: all of them know who it is.
    answers = [server.get("/you", cookie=f"rung={token}") for _number in range(24)]
    assert {answer.status_code for answer in answers} == {200}
    assert 'rung_requests_total{method="GET",route="/you",status="2xx"} 24.0' in server.metrics()
    assert re.search(r"^rung_resident_memory_bytes \d", server.metrics(), re.MULTILINE)


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "Ctrl+C"])
def test_all_end_when_the_first_is_told_to(start: Start, tmp_path: Path, told: signal.Signals) -> None:
    server = start()
    server.get("/healthz")
    children = server.children()
    assert len(children) == WORKERS
    server.process.send_signal(told)
    _said, complaints = server.process.communicate(timeout=ENDS)
    assert (server.process.returncode, complaints) == (0, "")
    assert [child for child in children if Path(f"/proc/{child}").exists()] == []
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


def test_a_worker_that_dies_is_replaced(start: Start) -> None:
    server = start()
    server.get("/healthz")
    first = server.children()
    os.kill(min(first), signal.SIGKILL)
    until(lambda: min(first) not in server.children() and len(server.children()) == WORKERS)
    assert {server.get("/readyz").status_code for _number in range(9)} == {200}
    assert "rung_resident_memory_bytes" in server.metrics()


def test_the_workers_end_where_the_first_process_is_killed(start: Start) -> None:
    server = start()
    server.get("/healthz")
    children = server.children()
    server.process.kill()
    server.process.wait(ENDS)
    until(lambda: not any(Path(f"/proc/{child}").exists() for child in children))


def test_every_worker_logs_its_requests_in_one_form(start: Start) -> None:
    server = start(RUNG_LOG="json")
    for _number in range(12):
        server.get("/about")
    server.process.send_signal(signal.SIGTERM)
    _said, told = server.process.communicate(timeout=ENDS)
    lines = [json.loads(line) for line in told.splitlines()]
    assert [line["route"] for line in lines] == ["/about"] * 12
    assert len({line["request_id"] for line in lines}) == 12


def until(is_so: Callable[[], bool]) -> None:
    """Wait for processes to come or go, as long as a broken one would take."""
    waiter = subprocess.Popen(["sleep", str(ENDS)])
    try:
        while not is_so():
            assert waiter.poll() is None, "It never came"
    finally:
        waiter.kill()
        waiter.wait()


@pytest.mark.parametrize(
    "options, told",
    [
        ([], "Several workers need PostgreSQL"),
        (["--database", "sqlite:///{folder}/other.db"], "Several workers need PostgreSQL"),
        (["--solo", "--database", "postgresql://nowhere/rung"], "one process: leave out --workers"),
    ],
)
def test_several_workers_are_refused_where_they_would_not_help(
    tmp_path: Path, options: list[str], told: str
) -> None:
    given = [option.format(folder=tmp_path) for option in options]
    data = tmp_path / "data"
    done = CliRunner().invoke(cli, ["serve", "--no-open", "--data", str(data), "--workers", "2", *given])
    assert done.exit_code == 1
    assert told in done.output
    assert not data.exists()
