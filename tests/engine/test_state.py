"""A saved state: read back exactly, or refused with what to do."""

from __future__ import annotations

import json

import pytest

from rung import Engine, Event, Person
from rung.errors import InvalidState

PERSON = Engine().replay(
    [
        Event("ana", "talks", "one", 0.0, "judgement", 0.4),
        Event("ana", "talks", "one", 10.0, "choice", 1.0),
        Event("ana", "talks", "one", 10.0, "attempt", 1.0, feedback=1.0),
    ],
    Person(relatedness={("talks", "meetings"): 0.5}),
)


def test_a_person_is_the_same_after_json() -> None:
    back = Person.from_json(PERSON.to_json())
    assert back == PERSON
    assert hash(back) == hash(PERSON)
    assert back.domains["talks"].tasks == PERSON.domains["talks"].tasks
    assert back.domains["talks"].windows == PERSON.domains["talks"].windows
    assert back.domains["talks"][-3:] == PERSON.domains["talks"][-3:]


def test_the_saved_text_is_plain_json_that_names_its_format() -> None:
    content = json.loads(PERSON.to_json())
    assert (content["format"], content["version"]) == ("rung-person", 3)
    assert list(content["domains"]) == ["meetings", "talks"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "{}",
        '{"format": "rung-person", "version": 0}',
        '{"format": "rung-person", "version": 2}',
    ],
)
def test_anything_else_is_refused_with_what_to_do(text: str) -> None:
    with pytest.raises(InvalidState, match="replay the log"):
        Person.from_json(text)


def test_a_state_whose_numbers_do_not_match_its_tasks_is_refused() -> None:
    content = json.loads(PERSON.to_json())
    content["domains"]["talks"]["tasks"] = []
    with pytest.raises(InvalidState, match="do not match"):
        Person.from_json(json.dumps(content))


@pytest.mark.parametrize("related", [{("a", "a"): 0.5}, {("a", "b"): 1.5}])
def test_relatedness_is_a_share_of_two_domains(related: dict[tuple[str, str], float]) -> None:
    with pytest.raises(InvalidState, match="relatedness"):
        Person(relatedness=related)


def test_a_person_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        PERSON.domains["talks"] = PERSON.domains["talks"]  # type: ignore[index]
