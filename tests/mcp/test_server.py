"""An assistant's server as a process of its own, asked by a client of the protocol, before a real Rung."""

import asyncio
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from mcp import Client, StdioServerParameters

from rung.adapters.wiring import open_services
from rung.app import evidence
from rung.app.accounts import people, tokens
from rung.app.accounts.sessions import Visit
from rung.app.climbing import ladders
from rung.app.model import Did, LadderId, Reflection
from rung.app.policies import Scope

HERE = Visit(solo=True)
READING = (Scope.READ_LADDERS, Scope.READ_EVIDENCE)


class Running:
    """A Rung with one person and two ladders, and the assistants that they let in."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.services = open_services(folder)
        self.me = people.welcome(self.services, "Ana", "correct horse").id
        self.talk = ladders.name_ladder(
            self.services, self.me, "Give a talk", ["Alone", "To Sam", "On stage"]
        )
        self.song = ladders.name_ladder(self.services, self.me, "Sing", ["Hum", "Sing"])
        event = evidence.record(self.services, self.me, self.talk.id, self.talk.steps[0].id, Did.DONE)
        evidence.reflect(self.services, self.me, event, Reflection(what_helped="Notes in hand"))
        command = [
            sys.executable,
            "-m",
            "rung.cli.main",
            "serve",
            "--no-open",
            "--no-reminders",
            "--port",
            "0",
        ]
        self.process = subprocess.Popen([*command, "--data", str(folder)], stdout=subprocess.PIPE, text=True)
        assert self.process.stdout
        found = re.match(r"Rung is at (http://[^/ ]+)", self.process.stdout.readline())
        assert found
        self.url = found[1]
        self.calls = folder / "noted" / "calls.jsonl"

    def asked(
        self,
        *questions: tuple[str, dict[str, Any]],
        scopes: tuple[Scope, ...] = READING,
        write: bool = False,
        only: LadderId | None = None,
    ) -> tuple[list[str], list[Any]]:
        """The names of the tools that are offered, and what each question is answered."""
        chosen = None if only is None else [only]
        token = tokens.make_token(self.services, self.me, HERE, "an assistant", scopes, chosen, 1)
        arguments = ["-m", "rung.cli.main", "mcp", "--url", self.url, "--calls", str(self.calls)]
        server = StdioServerParameters(
            command=sys.executable,
            args=[*arguments, *(["--write"] if write else [])],
            env={"RUNG_TOKEN": token},
        )

        async def ask() -> tuple[list[str], list[Any]]:
            async with Client(server) as client:
                offered = [tool.name for tool in (await client.list_tools()).tools]
                return offered, [await client.call_tool(name, about) for name, about in questions]

        # In a thread of its own: where tests share a process, a browser's loop may run in this one.
        with ThreadPoolExecutor(1) as aside:
            return aside.submit(asyncio.run, ask()).result()


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    server = Running(tmp_path_factory.mktemp("server"))
    yield server
    server.process.terminate()
    server.process.communicate()


def test_an_assistant_reads_ladders_evidence_and_the_next_step(running: Running) -> None:
    ladder = {"ladder": str(running.talk.id)}
    offered, (mine, step, standing, events) = running.asked(
        ("ladders", {}), ("next_step", ladder), ("standing", ladder), ("events", ladder)
    )
    assert offered == ["who_for", "ladders", "plans", "next_step", "standing", "events"]
    assert [one["name"] for one in mine.structured_content["result"]] == ["Give a talk", "Sing"]
    steps = [str(one.id) for one in running.talk.steps]
    assert step.structured_content["step"] in steps
    assert step.structured_content["reasons"][0]["text"]
    assert [one["step"] for one in standing.structured_content["steps"]] == steps
    assert {one["kind"] for one in events.structured_content["result"]} >= {"choice", "attempt"}


def test_words_are_told_where_the_token_reads_them_and_not_offered_where_not(running: Running) -> None:
    offered, (words,) = running.asked(("words", {}), scopes=(Scope.READ_TEXTS,))
    assert offered == ["who_for", "words"]
    assert words.structured_content["result"][0]["texts"] == {"what_helped": "Notes in hand"}


def test_nothing_that_changes_something_is_there_unless_asked_for(running: Running) -> None:
    everything = tuple(Scope)
    offered, (refused,) = running.asked(
        ("log_try", {"ladder": str(running.song.id), "step": str(running.song.steps[0].id), "did": "done"}),
        scopes=everything,
    )
    assert "log_try" not in offered
    assert refused.is_error
    offered, _none = running.asked(scopes=READING, write=True)
    assert "log_try" not in offered
    assert evidence_of(running, running.song.id) == []


def test_with_write_it_logs_judges_plans_and_takes_back(running: Running) -> None:
    ladder, step = str(running.song.id), str(running.song.steps[0].id)
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    _offered, answers = running.asked(
        ("judge", {"ladder": ladder, "sure": {step: 70}}),
        ("log_try", {"ladder": ladder, "step": step, "did": "done"}),
        (
            "plan_step",
            {"ladder": ladder, "step": step, "at": tomorrow, "where": "Kitchen"},
        ),
        ("make_ladder", {"name": "Swim", "steps": ["One length", "Ten lengths"]}),
        scopes=tuple(Scope),
        write=True,
    )
    assert [one.is_error for one in answers] == [False] * 4
    logged = answers[1].structured_content["id"]
    assert len(evidence_of(running, running.song.id)) >= 2
    plan = answers[2].structured_content["id"]
    _offered, answers = running.asked(
        ("take_back", {"event": logged}), ("drop_plan", {"plan": plan}), scopes=tuple(Scope), write=True
    )
    assert [one.is_error for one in answers] == [False] * 2
    assert "attempt" not in evidence_of(running, running.song.id)


def test_a_token_for_one_ladder_finds_no_other_one(running: Running) -> None:
    _offered, (mine, other) = running.asked(
        ("ladders", {}), ("next_step", {"ladder": str(running.song.id)}), only=running.talk.id
    )
    assert [one["name"] for one in mine.structured_content["result"]] == ["Give a talk"]
    assert other.is_error
    assert "Sing" not in str(other.content)


def test_what_is_wrong_is_told_with_what_to_do(running: Running) -> None:
    _offered, (nothing, refused) = running.asked(
        ("next_step", {"ladder": "nothing"}),
        ("make_ladder", {"name": "Kill myself", "steps": ["Soon"]}),
        scopes=tuple(Scope),
        write=True,
    )
    assert nothing.is_error
    assert refused.is_error
    assert "Look at the ids" in nothing.content[0].text
    assert "Crisis lines" in refused.content[0].text
    assert "Kill myself" not in [one.name for one in ladders.ladders_of(running.services, running.me)]


def test_each_call_is_noted_with_ids_and_without_words(running: Running) -> None:
    running.calls.unlink(missing_ok=True)
    running.asked(
        ("next_step", {"ladder": str(running.talk.id)}),
        ("next_step", {"ladder": "a word of somebody"}),
        ("make_ladder", {"name": "Dance with Sam", "steps": ["Alone"]}),
        scopes=tuple(Scope),
        write=True,
    )
    noted = [json.loads(line) for line in running.calls.read_text().splitlines()]
    assert [(one["tool"], one["came"]) for one in noted] == [
        ("next_step", "asked"),
        ("next_step", "answered"),
        ("next_step", "asked"),
        ("next_step", "refused: 404"),
        ("make_ladder", "asked"),
        ("make_ladder", "answered"),
    ]
    assert noted[0]["ladder"] == str(running.talk.id)
    assert "Sam" not in running.calls.read_text()
    assert "a word" not in running.calls.read_text()
    assert running.calls.stat().st_mode & 0o077 == 0


def evidence_of(running: Running, ladder: LadderId) -> list[str]:
    return [event.kind for event in evidence.log_of(running.services, running.me, ladder)]


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "rung.cli.main", "mcp", *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False, timeout=60)


@pytest.mark.parametrize(
    "file, told",
    [
        (None, "There is no token"),
        ("", "There is no token"),
        ("\xff\xfe", "holds no token"),
        ("rung_wrong", "token"),
    ],
)
def test_without_a_good_token_it_does_not_start(
    running: Running, tmp_path: Path, file: str | None, told: str
) -> None:
    path = tmp_path / "token"
    options = [] if file is None else ["--token-file", str(path)]
    if file is not None:
        path.write_bytes(file.encode("latin-1"))
    done = run("--url", running.url, "--calls", str(tmp_path / "calls"), *options)
    assert done.returncode == 1
    assert told in done.stderr
    assert "Traceback" not in done.stderr


def test_where_calls_cannot_be_noted_it_does_not_start(running: Running, tmp_path: Path) -> None:
    token = tokens.make_token(running.services, running.me, HERE, "an assistant", READING, None, 1)
    (tmp_path / "file").touch()
    done = run("--url", running.url, "--calls", str(tmp_path / "file" / "calls"), RUNG_TOKEN=token)
    assert done.returncode == 1
    assert "cannot be noted" in done.stderr
