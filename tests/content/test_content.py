"""The content itself: every file satisfies its schema, and says what it must."""

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from rung.content import crisis_line, ladder_templates

CONTENT = Path(str(files("rung.content")))
LADDERS = sorted((CONTENT / "ladders").iterdir())


def read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def faults(schema: str, content: Any) -> list[str]:
    checker = Draft202012Validator(read(CONTENT / schema), format_checker=Draft202012Validator.FORMAT_CHECKER)
    return [f"{fault.json_path}: {fault.message}" for fault in checker.iter_errors(content)]


@pytest.mark.parametrize("schema", ["ladder.schema.json", "crisis_lines.schema.json"])
def test_each_schema_is_itself_valid(schema: str) -> None:
    Draft202012Validator.check_schema(read(CONTENT / schema))


@pytest.mark.parametrize("path", LADDERS, ids=lambda path: path.name)
def test_a_ladder_template_satisfies_its_schema_and_is_named_by_its_file(path: Path) -> None:
    content = read(path)
    assert faults("ladder.schema.json", content) == []
    assert path.name == f"{content['id']}.json"


def test_the_crisis_lines_satisfy_their_schema() -> None:
    assert faults("crisis_lines.schema.json", read(CONTENT / "crisis_lines.json")) == []


def test_the_schemas_refuse_what_they_should() -> None:
    ladder = read(LADDERS[0])
    assert faults("ladder.schema.json", {**ladder, "steps": ladder["steps"][:7]})
    assert faults("ladder.schema.json", {**ladder, "licence": "CC-BY-NC-4.0"})
    lines = read(CONTENT / "crisis_lines.json")
    assert faults("crisis_lines.schema.json", {**lines, "lines": [{**lines["lines"][0], "numbers": []}]})
    assert faults("crisis_lines.schema.json", {**lines, "lines": [{**lines["lines"][0], "checked": "soon"}]})


def test_every_ladder_file_is_loaded() -> None:
    assert {template.id for template in ladder_templates()} == {path.stem for path in LADDERS}


def test_a_country_has_one_entry() -> None:
    countries = [line["country"] for line in read(CONTENT / "crisis_lines.json")["lines"]]
    assert countries == sorted(set(countries))


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


def test_every_step_is_short_enough_for_a_phone_and_needs_no_full_stop() -> None:
    steps = [step for template in ladder_templates() for step in template.steps]
    assert all(len(step.split()) <= 15 and not step.endswith(".") for step in steps)


def test_the_plans_read_on_from_if_and_then() -> None:
    plans = [plan for template in ladder_templates() for plan in template.if_then]
    assert plans
    for plan in plans:
        assert not plan.situation.lower().startswith("if ")
        assert not plan.response.lower().startswith("then ")
        assert plan.response[0].islower()
