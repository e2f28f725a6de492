"""Whom to call in a crisis."""

import json
import re
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from rung.content import crisis_line

CONTENT = files("rung.content")


def read(name: str) -> Any:
    return json.loads((CONTENT / name).read_text(encoding="utf-8"))


LINES = read("crisis_lines.json")["lines"]


def faults(content: Any) -> list[str]:
    schema = read("crisis_lines.schema.json")
    checker = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    return [f"{fault.json_path}: {fault.message}" for fault in checker.iter_errors(content)]


def test_the_crisis_lines_satisfy_their_schema() -> None:
    Draft202012Validator.check_schema(read("crisis_lines.schema.json"))
    assert faults(read("crisis_lines.json")) == []


def test_the_schema_refuses_what_it_should() -> None:
    content = read("crisis_lines.json")
    line = content["lines"][0]
    wrong: tuple[dict[str, Any], ...] = (
        {"numbers": []},
        {"numbers": ["call us"]},
        {"checked": "soon"},
        {"source": "http://example.org"},
    )
    for change in wrong:
        assert faults({**content, "lines": [{**line, **change}]}), change


def test_at_least_thirty_countries_have_a_line_and_each_has_one() -> None:
    countries = [line["country"] for line in LINES]
    assert countries == sorted(set(countries))
    assert len(countries) >= 30


@pytest.mark.parametrize("line", LINES, ids=lambda line: line["country"])
def test_who_was_checked_says_where(line: dict[str, Any]) -> None:
    assert (line["checked"] is None) == (line["checked_in"] is None)
    if line["checked_in"]:
        assert re.fullmatch(r"https?://\S+|[\w.-]+/[\w.-]+ \S+", line["checked_in"])


@pytest.mark.parametrize("line", LINES, ids=lambda line: line["country"])
def test_a_line_is_told_without_cheer_and_its_hours_as_the_others_are(line: dict[str, Any]) -> None:
    assert "!" not in line["name"]
    assert re.fullmatch(r"|day and night|\d+ [ap]m to (\d+ [ap]m|midnight)", line["hours"])


def test_the_document_tells_of_how_many_countries_there_is_a_line() -> None:
    page = " ".join((Path(__file__).parents[2] / "docs" / "content.md").read_text(encoding="utf-8").split())
    assert f"`crisis_lines.json` has one for {len(LINES)} countries" in page


def test_the_united_states_call_988() -> None:
    line = crisis_line("US")
    assert (line.numbers, line.text, line.emergency) == (("988",), "988", "911")


def test_a_country_is_found_in_any_case() -> None:
    assert crisis_line(" gb ") == crisis_line("GB")
    assert crisis_line("GB").name == "Samaritans"


@pytest.mark.parametrize("country", ["", "ZZ", "United States", "../US"])
def test_a_country_without_a_line_gets_the_directory(country: str) -> None:
    line = crisis_line(country)
    assert line.url == "https://findahelpline.com"
    assert line.numbers == ()
    assert line.emergency == ""
