"""What a log line tells, and what it keeps to itself."""

import io
import json
import logging
import sqlite3
from typing import Any

import pytest

from rung.adapters.logs import REQUEST, kind_of_log, logging_as
from rung.errors import InvalidInput, SealBroken, StoreUnavailable

ours, theirs = logging.getLogger("rung.test"), logging.getLogger("somebody.else")


def logged(kind: str) -> Any:
    """What comes of a few lines: text, or the objects."""
    stream = io.StringIO()
    with logging_as(kind, stream):
        yield_lines()
    lines = stream.getvalue().splitlines()
    return [json.loads(line) for line in lines] if kind == "json" else stream.getvalue()


def yield_lines() -> None:
    ours.info("Nothing much")
    ours.error("It failed: %s", InvalidInput("'my mother' is no number"))
    ours.error("The store failed: %s", StoreUnavailable("The database cannot be used"))
    theirs.warning("A row %s of %s", "about my mother", "ana")
    try:
        try:
            int("my mother")
        except ValueError as error:
            raise KeyError("ana@example.org") from error
    except KeyError:
        ours.exception("A request failed")


def test_a_line_of_json_tells_type_and_places_of_an_exception_and_not_its_message() -> None:
    told = logged("json")
    assert [line["level"] for line in told] == ["info", "error", "error", "warning", "error"]
    assert [line["message"] for line in told] == [
        "Nothing much",
        "It failed: InvalidInput",
        "The store failed: The database cannot be used",
        "A row %s of %s",
        "A request failed",
    ]
    assert {line["event"] for line in told} == {"rung.test", "somebody.else"}
    assert all(line["time"].endswith("Z") for line in told)
    raised = told[-1]["exception"]
    assert [one["type"] for one in raised] == ["KeyError", "ValueError"]
    assert raised[0]["frames"][0].startswith("adapters/test_logs.py:")
    assert raised[0]["frames"][0].endswith(" yield_lines")


def test_a_line_of_text_says_the_same() -> None:
    told = logged("text")
    assert "ERROR rung.test: It failed: InvalidInput\n" in told
    assert "  KeyError\n    adapters/test_logs.py:" in told
    assert "mother" not in told
    assert "ana" not in told


def test_unless_asked_for_warnings_alone_are_told() -> None:
    told = logged("")
    assert "Nothing much" not in told
    assert "A request failed" in told


def test_what_is_logged_within_a_request_carries_its_id() -> None:
    stream = io.StringIO()
    mark = REQUEST.set("1a2b")
    with logging_as("json", stream):
        ours.warning("Something")
    REQUEST.reset(mark)
    assert json.loads(stream.getvalue())["request_id"] == "1a2b"


@pytest.mark.parametrize(
    "error, told",
    [
        (sqlite3.OperationalError("database is locked"), "database is locked"),
        (sqlite3.IntegrityError("UNIQUE: ana@example.org"), "IntegrityError"),
        (SealBroken("A sealed text was changed"), "A sealed text was changed"),
        (StoreUnavailable("The database\ncannot be used"), "The database cannot be used"),
    ],
)
def test_what_speaks_of_the_database_as_a_whole_is_told(error: Exception, told: str) -> None:
    stream = io.StringIO()
    with logging_as("json", stream):
        ours.error("%s", error)
    assert json.loads(stream.getvalue())["message"] == told


def test_afterwards_everything_is_as_it_was() -> None:
    before = (list(logging.getLogger().handlers), logging.getLogger("rung").level)
    logged("json")
    assert (list(logging.getLogger().handlers), logging.getLogger("rung").level) == before


def test_an_unknown_form_is_refused() -> None:
    assert [kind_of_log({}), kind_of_log({"RUNG_LOG": " Text "})] == ["", "text"]
    with pytest.raises(InvalidInput, match="write text or json"):
        kind_of_log({"RUNG_LOG": "syslog"})
