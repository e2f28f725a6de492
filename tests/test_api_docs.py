"""The examples of the page about the interface run, against a server that is a process of its own."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from rung.adapters.wiring import open_services
from rung.app.accounts import people, tokens
from rung.app.accounts.sessions import Visit
from rung.app.climbing import ladders
from rung.app.policies import Scope
from rung.app.webhooks_telling import signature_of

PAGE = (Path(__file__).parents[1] / "docs" / "api.md").read_text(encoding="utf-8")


def blocks(language: str) -> str:
    return "\n".join(re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL))


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """What stands on the page, and what stands for it here."""
    folder = tmp_path_factory.mktemp("server")
    services = open_services(folder)
    me = people.welcome(services, "Ana", "correct horse").id
    made = ladders.name_ladder(services, me, "Run", ["One mile", "Two miles"])
    token = tokens.make_token(services, me, Visit(solo=True), "the page", list(Scope), None, 1)
    command = [sys.executable, "-m", "rung.cli.main", "serve", "--no-open", "--no-reminders", "--port", "0"]
    process = subprocess.Popen([*command, "--data", str(folder)], stdout=subprocess.PIPE, text=True)
    assert process.stdout
    found = re.match(r"Rung is at (http://[^/ ]+)", process.stdout.readline())
    assert found
    yield {
        "https://rung.example.org": found[1],
        "rung_…": token,
        "$LADDER": made.id,
        "$STEP": made.steps[0].id,
    }
    process.terminate()
    process.communicate()
    services.store.close()


def filled_in(text: str, told: dict[str, str]) -> str:
    for name, value in told.items():
        text = text.replace(name, value)
    return text


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_the_examples_with_curl_run(told: dict[str, str]) -> None:
    script = "set -eu\n" + filled_in(blocks("sh"), told)
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert '"reasons"' in done.stdout


def test_the_examples_with_python_run(told: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    known: dict[str, object] = {}
    exec(compile(filled_in(blocks("python"), told), "docs/api.md", "exec"), known)
    said = capsys.readouterr().out
    assert "There is no such ladder" in said
    assert "is_new=False" in said
    body, secret = b"{}", "whsec_" + "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    headers = {
        "webhook-id": "m",
        "webhook-timestamp": "1",
        "webhook-signature": signature_of(secret, "m", 1, body),
    }
    is_from_rung = known["is_from_rung"]
    assert callable(is_from_rung)
    assert is_from_rung(secret, headers, body)
    assert not is_from_rung(secret, headers, b"{ }")
