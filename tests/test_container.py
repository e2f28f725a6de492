"""The container file and the service unit: as much of them as can be had without a container or systemd.

The very commands of the Dockerfile are run here in folders of their own, in the place of the image's: what is
copied, how it is built, how it starts as a user without a name, and what asks how it is.
"""

import json
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest
import yaml

ROOT = Path(__file__).parent.parent
USER = 10001
ENDS = 60


class Line(NamedTuple):
    """One instruction of the Dockerfile, its continued lines joined."""

    stage: int
    word: str
    rest: str


def instructions() -> list[Line]:
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    joined = re.sub(r"\\\n\s*", "", "\n".join(line for line in text.splitlines() if not line.startswith("#")))
    found, stage = [], -1
    for line in filter(None, joined.splitlines()):
        word, _space, rest = line.partition(" ")
        stage += word == "FROM"
        found.append(Line(stage, word, rest.strip()))
    return found


LINES = instructions()


def only(word: str) -> str:
    """The last stage's instruction of this kind."""
    (found,) = [line.rest for line in LINES if (line.stage, line.word) == (1, word)]
    return found


def settings() -> dict[str, str]:
    pairs = shlex.split(only("ENV"))
    return dict(pair.split("=", 1) for pair in pairs)


def test_the_image_runs_as_nobody_in_particular_with_one_volume() -> None:
    assert only("USER") == f"{USER}:{USER}"
    assert only("VOLUME") == settings()["RUNG_DATA_FOLDER"] == "/data"
    assert only("EXPOSE") == settings()["RUNG_PORT"]
    assert not [line for line in LINES if line.word == "ADD" or "latest" in line.rest]
    secrets = [name for name in settings() if re.search("KEY|PASSWORD|TOKEN|SMTP|OIDC", name)]
    assert secrets == []


def test_only_what_is_built_from_reaches_the_builder() -> None:
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    patterns = [line for line in ignored if line and not line.startswith("#")]
    assert patterns[0] == "*"
    let_in = {pattern.removeprefix("!") for pattern in patterns if pattern.startswith("!")}
    copied = [line.rest.split()[:-1] for line in LINES if line.word == "COPY" and "--from" not in line.rest]
    assert {name for names in copied for name in names} == let_in
    assert all((ROOT / name).exists() for name in let_in)


@pytest.fixture(scope="module")
def image() -> Iterator[Path]:
    """A folder in which the build stage was carried out: opt/rung is what the image gets."""
    if os.environ.get("CI") != "true":
        pytest.skip("It downloads and installs everything, which takes a minute: CI=true runs it")
    if find_spec("ensurepip") is None:
        pytest.skip("This Python makes no environment with pip: apt-get install python3-venv")
    # Not in pytest's folder, which is its owner's alone: whoever the image runs as must be able to come here.
    folder = Path(tempfile.mkdtemp(prefix="rung-image-"))
    folder.chmod(0o755)
    source = folder / "src"
    for line in LINES:
        if line.stage == 0 and line.word == "COPY":
            *names, goal = line.rest.split()
            for name in names:
                place = source / (Path(goal) / name if goal.endswith("/") else goal)
                place.parent.mkdir(parents=True, exist_ok=True)
                whole = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
                whole(ROOT / name, place)
        elif line.stage == 0 and line.word == "RUN":
            command = line.rest.replace("/opt/rung", str(folder / "opt/rung"))
            command = re.sub(r"^python\b", sys.executable, command)
            done = subprocess.run(
                command, shell=True, cwd=source, capture_output=True, text=True, check=False
            )
            assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def other_user(image: Path) -> int | None:
    """The user of the image, where this one may become that, and that one may run this Python."""
    try:
        subprocess.run([image / "opt/rung/bin/python", "-c", ""], user=USER, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return USER


def environment(folder: Path, port: int) -> dict[str, str]:
    """What the image sets, in its folders here."""
    given = {name: value.replace("/opt/rung", str(folder / "opt/rung")) for name, value in settings().items()}
    path = given["PATH"].replace("$PATH", os.environ["PATH"])
    return {**given, "PATH": path, "RUNG_DATA_FOLDER": str(folder / "data"), "RUNG_PORT": str(port)}


def test_what_the_image_is_built_of_starts_and_is_healthy_and_ends(image: Path) -> None:
    user = other_user(image)
    data = image / "data"
    data.mkdir(mode=0o700)
    if user:
        os.chown(data, user, user)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    given = environment(image, port)
    command, probe = json.loads(only("CMD")), json.loads(only("HEALTHCHECK").partition("CMD ")[2])
    who: dict[str, Any] = {"user": user, "group": user, "extra_groups": []} if user else {}
    asked: dict[str, Any] = {"env": given, "cwd": "/", "capture_output": True, "text": True, "check": False}
    assert subprocess.run(probe, **asked, **who).returncode == 1
    server = subprocess.Popen(
        command, env=given, cwd="/", text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **who
    )
    try:
        assert server.stdout
        told = server.stdout.readline()
        assert re.match(rf"Rung is at http://localhost:{port}/welcome\?code=\w+  ", told), (
            server.communicate()
        )
        done = subprocess.run(probe, **asked, **who)
        assert done.returncode == 0, done.stderr
        assert httpx.get(f"http://localhost:{port}/about", timeout=ENDS).status_code == 200
    finally:
        server.send_signal(signal.SIGTERM)
        _said, complaints = server.communicate(timeout=ENDS)
    assert server.returncode == 0, complaints
    assert {"rung.db", "secret.key"} <= {path.name for path in data.iterdir()}
    assert only("STOPSIGNAL") == "SIGTERM"


def test_the_example_with_postgresql_names_what_there_is() -> None:
    composed = yaml.safe_load((ROOT / "contrib" / "compose.yaml").read_text(encoding="utf-8"))
    services = composed["services"]
    assert set(services) == {"rung", "database", "front"}
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [name for name in services["rung"]["environment"] if f"`{name}`" not in readme] == []
    used = {volume.split(":")[0] for one in services.values() for volume in one["volumes"]}
    assert used == set(composed["volumes"])
    assert {network for one in services.values() for network in one["networks"]} == set(composed["networks"])
    assert [name for name, one in services.items() if "ports" in one] == ["front"]
    assert composed["networks"]["back"] == {"internal": True}


UNIT = ROOT / "contrib" / "rung.service"
needs_systemd = pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed")


@needs_systemd
def test_the_service_unit_holds(tmp_path: Path) -> None:
    unit = tmp_path / "rung.service"
    unit.write_text(
        UNIT.read_text(encoding="utf-8").replace("/opt/rung/bin/rung", shutil.which("true") or "")
    )
    done = subprocess.run(["systemd-analyze", "verify", unit], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@needs_systemd
def test_the_service_unit_leaves_little_open() -> None:
    command = ["systemd-analyze", "security", "--offline=yes", "--threshold=20", str(UNIT)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:]
