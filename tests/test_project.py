"""What holds for the project as a whole: its conventions, kept by tests where no other gate keeps them."""

import ast
import importlib
import itertools
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "src" / "rung"
MODULES = sorted(PACKAGE.rglob("*.py"))


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def git(*arguments: str) -> list[str]:
    command = ["git", "-c", "safe.directory=*", "-C", str(ROOT), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()


def tracked() -> list[Path]:
    """Every file that is in the repository, or would be with the next commit."""
    names = git("ls-files", "--cached", "--others", "--exclude-standard")
    return [ROOT / name for name in names if (ROOT / name).is_file()]


# Modules


LONG: dict[str, str] = {}
"""Modules over 400 lines, each with the reason why it is not two."""


def test_no_module_is_long_without_a_reason() -> None:
    lengths = {name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES}
    assert {name for name, length in lengths.items() if length > 400} == set(LONG)


def test_no_module_has_a_name_that_says_nothing() -> None:
    empty = {"utils", "util", "helpers", "helper", "common", "base", "manager", "misc", "core"}
    assert [name_of(path) for path in MODULES if path.stem.strip("_") in empty] == []


def test_every_module_opens_with_a_sentence() -> None:
    opened = {
        name_of(path): ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) for path in MODULES
    }
    assert [
        name
        for name, text in opened.items()
        if not (text or "").split("\n\n")[0].rstrip().endswith((".", ":"))
    ] == []


def listed_names(path: Path) -> set[str] | None:
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            return set(ast.literal_eval(node.value))
    return None


def file_of(module: str) -> Path:
    place = ROOT / "src" / Path(*module.split("."))
    return place / "__init__.py" if place.is_dir() else place.with_suffix(".py")


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_takes_from_another_only_what_that_one_lists(path: Path) -> None:
    hidden = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "rung":
            listed = listed_names(file_of(node.module))
            names = {alias.name for alias in node.names if not alias.name.startswith("__")}
            names = {name for name in names if not file_of(f"{node.module}.{name}").exists()}
            hidden += [
                f"{node.module}.{name}" for name in sorted(names) if listed is None or name not in listed
            ]
    assert hidden == []


def test_the_package_offers_what_it_lists() -> None:
    rung = importlib.import_module("rung")
    assert {name: getattr(rung, name).__module__.split(".")[0] for name in rung.__all__} == dict.fromkeys(
        rung.__all__, "rung"
    )


# The engine is pure


OUTSIDE_WORLD = {
    "asyncio",
    "datetime",
    "io",
    "logging",
    "multiprocessing",
    "os",
    "pathlib",
    "random",
    "secrets",
    "shutil",
    "socket",
    "subprocess",
    "sys",
    "tempfile",
    "threading",
    "time",
    "urllib",
    "uuid",
}


def imported(tree: ast.AST) -> set[str]:
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add("." * node.level + (node.module or ""))
    return found


def called(tree: ast.AST) -> set[str]:
    return {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}


@pytest.mark.parametrize("path", sorted((PACKAGE / "engine").rglob("*.py")), ids=name_of)
def test_the_engine_knows_no_clock_no_chance_and_no_outside(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = {name for name in imported(tree) if not re.match(r"numpy\b|rung\.(engine|errors)\b", name)}
    foreign = {name for name in names if name.split(".")[0] not in sys.stdlib_module_names - OUTSIDE_WORLD}
    assert foreign == set()
    assert (
        called(tree) & {"open", "print", "input", "np.random.default_rng", "numpy.random.default_rng"}
        == set()
    )


# What stands in the repository


def test_no_file_names_a_place_on_one_machine_or_a_package_registry() -> None:
    folders = "|".join(["wo" + "rk", "ro" + "ot", "fa" + "rm", "ho" + "me", "Us" + "ers"])
    hosts = "|".join(["pypi" + r"\.org", "python" + "hosted", r"registry\." + "npmjs", "deb" + r"\.debian"])
    wrong = re.compile(rf"(?:^|[^\w.])/(?:{folders})/|{hosts}".encode(), re.MULTILINE)
    assert [name_of(path) for path in tracked() if wrong.search(path.read_bytes())] == []


def test_every_decision_record_is_in_the_index_under_its_title() -> None:
    folder = ROOT / "docs" / "decisions"
    index = (folder / "README.md").read_text(encoding="utf-8")
    linked = dict(re.findall(r"\[([^\]]+)\]\((\d{4}-[a-z0-9-]+\.md)\)", index))
    records = {path.name: path.read_text(encoding="utf-8").splitlines()[0] for path in folder.glob("0*.md")}
    assert {name: f"# {title}" for title, name in linked.items()} == records
    assert len({name[:4] for name in records}) == len(records)


DOCUMENTS = [path for path in tracked() if path.suffix == ".md"]


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_every_link_of_a_document_leads_somewhere(path: Path) -> None:
    links = re.findall(r"(?:\]\(|src=\")(?!https?:|mailto:|#)([^)#\"\s]+)", path.read_text(encoding="utf-8"))
    assert [link for link in links if not (path.parent / link).exists()] == []


def test_the_readme_names_every_setting_and_no_other() -> None:
    read = {
        name for path in MODULES for name in re.findall(r"\bRUNG_[A-Z_]+\b", path.read_text(encoding="utf-8"))
    }
    assert set(re.findall(r"\bRUNG_[A-Z_]+\b", (ROOT / "README.md").read_text(encoding="utf-8"))) == read


def commands(group: click.Group, name: str) -> Iterator[str]:
    for command in group.commands.values():
        full = f"{name} {command.name}"
        if isinstance(command, click.Group):
            yield from commands(command, full)
        else:
            yield full


def test_the_readme_names_every_command_and_no_other() -> None:
    cli = importlib.import_module("rung.cli.main").cli
    told = re.findall(
        r"^\| `(rung [a-z -]+)`", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert sorted(told) == sorted(commands(cli, "rung"))


def test_there_is_one_version_and_the_changelog_knows_it() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert importlib.import_module("rung").__version__ == project["version"]
    headings = re.findall(r"^## \[(.+?)\]", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert headings[0] in ("Unreleased", project["version"])


# Set-up


def pins(lock: str) -> set[str]:
    lines = (ROOT / "requirements" / lock).read_text(encoding="utf-8").splitlines()
    return {line.removesuffix("\\").strip() for line in lines if re.match(r"[a-z]", line)}


def test_the_locks_agree_so_that_one_environment_serves_both() -> None:
    assert pins("app.txt") < pins("dev.txt")


def test_the_lock_of_the_large_extras_goes_with_that_of_the_developers() -> None:
    versions = [{pin.split(" ;")[0] for pin in pins(lock)} for lock in ("dev.txt", "jax.txt")]
    named = [{version.split("==")[0] for version in known} for known in versions]
    shared = named[0] & named[1]
    assert "numpy" in shared
    assert {version for version in versions[1] if version.split("==")[0] in shared} <= versions[0]


def test_every_requirement_of_the_project_is_in_a_lock() -> None:
    content = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    extras = content["project"]["optional-dependencies"]
    groups = [group for group in content["dependency-groups"]["dev"] if isinstance(group, str)]
    wanted = [*content["project"]["dependencies"], *itertools.chain(*extras.values()), *groups]
    locked = {pin.split("==")[0] for pin in pins("dev.txt") | pins("jax.txt")}
    assert {re.split(r"[\[><=!~ ]", requirement)[0] for requirement in wanted} <= locked


def test_the_wheel_holds_every_file_of_the_package(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        inside = set(wheel.namelist())
    wanted = {path.relative_to(ROOT / "src").as_posix() for path in tracked() if path.is_relative_to(PACKAGE)}
    assert wanted - inside == set()
    assert [name for name in inside if name.endswith(("licenses/LICENSE", "licenses/NOTICE"))]


@pytest.mark.parametrize("script", ["serve", "check"])
def test_the_set_up_says_what_to_install_where_python_is_missing(script: str, tmp_path: Path) -> None:
    checkout = tmp_path / "a folder with spaces"
    checkout.mkdir()
    for name in (script, "pyproject.toml"):
        shutil.copy(ROOT / name, checkout)
    shutil.copytree(ROOT / "requirements", checkout / "requirements")
    environment = {**os.environ, "PYTHON": str(tmp_path / "no-python")}
    done = subprocess.run([checkout / script], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "apt-get install python3 python3-pip" in done.stderr
    assert not (checkout / ".venv").exists()


HEAVY = ("numpy", "fastapi", "sqlalchemy", "jinja2", "rich", "pyarrow", "cryptography", "argon2", "alembic")


@pytest.mark.parametrize("module", ["rung", "rung.cli.main", "rung.content"])
def test_a_module_that_must_start_fast_loads_nothing_heavy(module: str) -> None:
    code = f"import sys, {module}; print(*[name for name in {HEAVY} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_the_command_line_tells_its_commands() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "rung.cli.main", "--help"], capture_output=True, text=True, check=True
    )
    assert "serve" in done.stdout
