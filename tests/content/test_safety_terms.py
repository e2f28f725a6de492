"""The terms of the screen: each file satisfies its schema, does little work, and lets the library pass."""

import json
import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from tests.content.safety_goals import FINE, REFUSED

from rung.app.safety import screen_goal

CONTENT = Path(str(files("rung.content")))
FILES = sorted((CONTENT / "safety").glob("*.json"))
DOMAINS = sorted((CONTENT / "domains").rglob("*.json"))
CATALOGUES = sorted((CONTENT.parent / "words" / "catalogues").glob("*.po"))

each_file = pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)


def read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def texts_of(content: object) -> Iterator[str]:
    if isinstance(content, str):
        yield content
    values = content.values() if isinstance(content, dict) else content if isinstance(content, list) else ()
    for value in values:
        yield from texts_of(value)


def patterns_of(content: dict[str, Any]) -> list[str]:
    topics = [pattern for topic in content["topics"] for pattern in (*topic["patterns"], *topic["unless"])]
    return [*content["words"].values(), *content["harmless"], *topics]


def filled(content: dict[str, Any]) -> list[str]:
    """Every pattern but the lists themselves, with the lists in their places."""
    words: dict[str, str] = {}
    for name, pattern in content["words"].items():
        words[name] = re.sub("<([a-z]+)>", lambda found: words[found[1]], pattern)
    own = patterns_of(content)[len(words) :]
    return [re.sub("<([a-z]+)>", lambda found: words[found[1]], pattern) for pattern in own]


@each_file
def test_the_terms_of_a_language_satisfy_the_schema(path: Path) -> None:
    schema = read(CONTENT / "safety.schema.json")
    Draft202012Validator.check_schema(schema)
    faults = [
        f"{each.json_path}: {each.message}" for each in Draft202012Validator(schema).iter_errors(read(path))
    ]
    assert (faults, read(path)["language"]) == ([], path.stem)


def test_every_language_that_rung_speaks_has_terms_and_goals_to_try_them_on() -> None:
    assert {"en", *(path.stem for path in CATALOGUES)} <= {path.stem for path in FILES}
    assert {path.stem for path in FILES} == set(REFUSED) == set(FINE)


@each_file
def test_every_pattern_can_be_read_and_every_list_is_used(path: Path) -> None:
    content = read(path)
    for pattern in filled(content):
        re.compile(pattern)
    used = {name for pattern in patterns_of(content) for name in re.findall("<([a-z]+)>", pattern)}
    assert used == set(content["words"])


@each_file
def test_no_pattern_can_match_one_text_in_very_many_ways(path: Path) -> None:
    """Work grows as a small power of the length of a text, never as two to the power of it.

    For only a letter, a digit or a sign repeats without a bound, and the rest of a text is never repeated.
    """
    for pattern in filled(read(path)):
        unbounded = re.findall(r"(?<!\\w)(?<!\\d)(?<!\.)\*|(?<!\\w)(?<!\\d)\+|\{(?![01],[1-5]\})", pattern)
        assert (pattern, unbounded) == (pattern, [])
        assert not re.search(r"\.\*[^()]*\)[{*+]", pattern)


@pytest.mark.parametrize("path", DOMAINS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_nothing_that_the_library_says_is_refused(path: Path) -> None:
    for text in texts_of(read(path)):
        screen_goal(text)
