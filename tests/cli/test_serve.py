"""`rung serve` as a process of its own: how it starts, whom it lets in first, and how it ends."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from click.testing import CliRunner
from tests.cli.incomplete import run_without

from rung.adapters.wiring import open_services
from rung.app.accounts import invitations, people
from rung.cli.main import cli

ENDS = 60
"""Seconds after which a server that was told to stop counts as one that never will."""


def _has_ipv6() -> bool:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        return False
    return True


IPV6 = _has_ipv6()

Start = Callable[..., tuple[subprocess.Popen[str], str]]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts a server on a free port and a new data folder; gives the process and the printed address."""
    started: list[subprocess.Popen[str]] = []

    def one(*options: str, **environment: str) -> tuple[subprocess.Popen[str], str]:
        command = [sys.executable, "-m", "rung.cli.main", "serve", "--no-open", "--port", "0"]
        process = subprocess.Popen(
            [*command, "--data", str(tmp_path / "data"), *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, **environment},
        )
        started.append(process)
        assert process.stdout
        told = process.stdout.readline()
        found = re.match(r"Rung is at (\S+)  ", told)
        assert found, (told, process.communicate())
        return process, found[1]

    yield one
    for process in started:
        process.kill()
        process.communicate()


def begin(address: str, **fields: str) -> httpx.Response:
    """Fill in the welcome form."""
    origin = "{0.scheme}://{0.netloc}".format(urlsplit(address))
    form = {"name": "Sam", "password": "correct horse", **fields}
    return httpx.post(f"{origin}/welcome", data=form, headers={"origin": origin})


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "Ctrl+C"])
def test_a_server_that_is_told_to_stop_leaves_everything_in_the_one_file(
    start: Start, tmp_path: Path, told: signal.Signals
) -> None:
    process, address = start()
    assert begin(address).status_code == 303
    process.send_signal(told)
    said, complaints = process.communicate(timeout=ENDS)
    assert (process.returncode, complaints) == (0, "")
    assert "Abort" not in said
    assert sorted(path.name for path in (tmp_path / "data").iterdir()) == ["rung.db", "secret.key"]


def test_a_server_stops_although_somebody_sends_slowly(start: Start) -> None:
    process, address = start()
    place = urlsplit(address)
    head = f"POST /sign-in HTTP/1.1\r\nHost: {place.netloc}\r\nOrigin: http://{place.netloc}\r\n"
    head += "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 9\r\nExpect: 100-continue\r\n"
    with socket.create_connection((place.hostname or "", place.port or 0), timeout=ENDS) as slow:
        slow.sendall(f"{head}\r\n".encode())
        # The server asks for the body: from here on the request is under way.
        assert b"100" in slow.recv(100)
        slow.sendall(b"name=")
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=ENDS)
    assert process.returncode == 0


def test_a_new_server_that_others_can_reach_asks_for_the_printed_code(start: Start) -> None:
    process, address = start("--host", "0.0.0.0")
    assert re.match(r"http://localhost:\d+/welcome\?code=\w{16}$", address)
    assert httpx.get(address).status_code == 200
    assert begin(address).status_code == 422
    code = address.rpartition("=")[2]
    assert begin(address, code=code).status_code == 303
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=ENDS)
    assert "welcome" not in start("--host", "0.0.0.0")[1]


def test_a_new_server_behind_another_one_asks_for_the_code_too(start: Start) -> None:
    assert "/welcome?code=" in start(RUNG_HOSTS="rung.example.org")[1]


def test_on_this_machine_alone_the_address_is_plain(start: Start) -> None:
    assert re.match(r"http://localhost:\d+/$", start()[1])


def test_alone_on_a_machine_the_account_is_made_by_itself(start: Start) -> None:
    process, address = start("--solo")
    assert re.match(r"http://localhost:\d+/start$", address)
    assert "Language and time" in httpx.get(address).text
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=ENDS)
    again = start("--solo")[1]
    assert re.match(r"http://localhost:\d+/$", again)
    assert 'value="You"' in httpx.get(f"{again}you").text


@pytest.mark.parametrize(
    "options, environment",
    [
        (["--host", "0.0.0.0"], {}),
        (["--host", "192.168.1.5"], {}),
        ([], {"RUNG_HOSTS": "rung.example.org"}),
    ],
)
def test_alone_means_on_this_machine(tmp_path: Path, options: list[str], environment: dict[str, str]) -> None:
    command = ["serve", "--solo", "--no-open", "--port", "0", "--data", str(tmp_path / "data"), *options]
    done = CliRunner().invoke(cli, command, env=environment)
    assert done.exit_code == 1
    assert "this machine alone" in done.output
    assert not (tmp_path / "data").exists()


def test_a_server_of_several_people_does_not_become_one_persons(tmp_path: Path) -> None:
    services = open_services(tmp_path)
    people.welcome(services, "Sam", "correct horse")
    people.join(services, invitations.invite_as_operator(services), "Ben", "battery staple")
    services.store.close()
    command = ["serve", "--solo", "--no-open", "--port", "0", "--data", str(tmp_path)]
    done = CliRunner().invoke(cli, command)
    assert done.exit_code == 1
    assert "More than one person has an account here" in done.output


@pytest.mark.parametrize(
    "host, shown", [("127.0.0.2", r"127\.0\.0\.2"), ("0:0:0:0:0:0:0:1", r"\[::1\]"), ("::", r"\[::1\]")]
)
def test_a_server_answers_under_the_address_that_it_prints(start: Start, host: str, shown: str) -> None:
    if ":" in host and not IPV6:
        pytest.skip("This machine has no IPv6")
    address = start("--host", host)[1].partition("welcome")[0]
    assert re.match(rf"http://{shown}:\d+/$", address)
    assert httpx.get(f"{address}about").status_code == 200


@pytest.mark.parametrize("missing", ["uvicorn", "fastapi", "sqlalchemy"])
def test_without_the_parts_of_the_app_it_says_what_to_install(tmp_path: Path, missing: str) -> None:
    done = run_without(missing, "serve", "--no-open", "--data", str(tmp_path / "data"))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "Error: The app needs an optional part of Rung: pip install 'rung[app]'\n"
