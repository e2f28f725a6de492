import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from tests.strategies import events

from rung.engine.events import COLUMNS, KINDS, Event, check_event
from rung.errors import InvalidEvent, InvalidLog
from rung.log import json_schema, read_log, table_schema

VALIDATOR = Draft202012Validator(json_schema())
GOOD = {"person": "p", "domain": "d", "time": 0, "kind": "judgement", "value": 0.5}


def as_object(event: Event) -> dict[str, Any]:
    """An event as its line of JSON: what is unknown is left out."""
    return {name: cell for name, cell in event._asdict().items() if cell is not None and cell != ""}


def is_valid_by_check(event: Event) -> bool:
    try:
        check_event(event)
    except InvalidEvent:
        return False
    return True


def is_valid_by_reader(row: dict[str, Any]) -> bool:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "log.jsonl")
        path.write_text(json.dumps(row) + "\n", "utf-8")
        try:
            read_log(path)
        except InvalidLog:
            return False
    return True


@st.composite
def nearly_valid_events(draw: st.DrawFn) -> Event:
    """Events with any of their fields put out of order."""
    event = draw(events(strays=True))
    number = st.none() | st.sampled_from((-2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 1.5))
    changes: dict[str, st.SearchStrategy[Any]] = {
        **{column.name: number for column in COLUMNS if column.type == "number"},
        "person": st.just(""),
        "domain": st.just(""),
        "kind": st.sampled_from([*KINDS, "guess", ""]),
        "context": st.sampled_from(["", "versus:", "versus:other", "quiet"]),
    }
    chosen = draw(st.lists(st.sampled_from(sorted(changes)), max_size=3, unique=True))
    return event._replace(**{name: draw(changes[name]) for name in chosen})


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(json_schema())
    assert json.loads(json.dumps(json_schema())) == json_schema()


@given(events(strays=True))
def test_every_valid_event_fits_the_schema(event: Event) -> None:
    VALIDATOR.validate(as_object(event))


@settings(deadline=None)
@given(nearly_valid_events())
@example(Event("p", "d", "t", 0.0, "choice", value=1.0, context="versus:"))
@example(Event("p", "d", "t", 0.0, "choice", value=1.0, context="versus:\n"))
@example(Event("p", "d", "t", 0.0, "judgement", value=1.0, context="versus:"))
@example(Event("p", "d", "t", 0.0, "state", value=0.0))
@example(Event("p", "d", "t", 0.0, "choice"))
def test_the_schema_the_definition_and_the_reader_agree(event: Event) -> None:
    if event.versus is not None and event.versus == event.task:
        return  # a schema cannot compare two fields: the one rule that it leaves to the reader
    row = as_object(event)
    assert VALIDATOR.is_valid(row) == is_valid_by_check(event) == is_valid_by_reader(row)


@pytest.mark.parametrize(
    "change, is_valid",
    [
        ({}, True),
        ({"extra": [1]}, True),
        ({"time": "2026-05-01T18:30:00Z"}, True),
        ({"value": None}, False),
        ({"value": True}, False),
        ({"value": "0.5"}, False),
        ({"difficulty": None, "task": None, "context": "", "id": ""}, True),
        ({"coping": 1.0}, True),
        ({"coping": 0.5}, False),
        ({"coping": True}, False),
        ({"task": 1}, False),
        ({"person": None}, False),
        ({"person": "x" * 131_073}, False),
        ({"kind": "attempt", "value": None}, True),
        ({"kind": "state", "value": None}, True),
        ({"kind": None}, False),
        ({"time": None}, False),
        ({"time": True}, False),
        ({"id": "123E4567-e89b-12d3-a456-426614174000"}, True),
        ({"id": "00000000-0000-0000-0000-000000000000"}, False),
        ({"id": "123e4567e89b12d3a456426614174000"}, False),
    ],
)
def test_the_schema_and_the_reader_agree_on_types(change: dict[str, Any], is_valid: bool) -> None:
    row = GOOD | change
    assert VALIDATOR.is_valid(row) is is_valid
    assert is_valid_by_reader(row) is is_valid


@pytest.mark.parametrize("name", ["person", "domain", "time", "kind", "value"])
def test_what_is_needed_must_be_there(name: str) -> None:
    row = {key: cell for key, cell in GOOD.items() if key != name}
    assert not VALIDATOR.is_valid(row)
    assert not is_valid_by_reader(row)


def test_the_table_schema_has_a_field_for_each_column() -> None:
    fields = {field["name"]: field for field in table_schema()["fields"]}
    assert list(fields) == [column.name for column in COLUMNS]
    assert fields["appraisal"]["constraints"] == {"minimum": -1, "maximum": 1}
    assert fields["kind"]["constraints"] == {"required": True, "enum": list(KINDS)}
    assert fields["coping"]["constraints"] == {"enum": [0, 1]}
    assert fields["person"]["constraints"] == {"required": True}
    assert fields["time"]["type"] == "any"
    assert fields["id"]["format"] == "uuid"
    assert "constraints" not in fields["difficulty"]
    assert all(field["description"] for field in fields.values())
    assert json.loads(json.dumps(table_schema())) == table_schema()
