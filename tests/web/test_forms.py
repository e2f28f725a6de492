"""Forms: what was wrong stands beside its field, and what was typed is still there."""

import re
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.web.stage import Past, Visitor

from rung.app import evidence
from rung.app.ports import Services
from rung.errors import InvalidInput
from rung.web.forms import (
    AGAIN,
    AMOUNTS,
    CAUSES,
    HANDS,
    READINGS,
    ReflectionForm,
    choice,
    lines,
    number,
    parsed,
    percent,
)


def fault_of(html: str, field: str) -> str:
    """What is said to be wrong with a field that points to it."""
    assert re.search(
        rf'id="{field}"[^>]* aria-invalid="true"[^>]* aria-describedby="[^"]*{field}-fault', html
    )
    found = re.search(rf'id="{field}-fault">([^<]+)<', html)
    assert found
    return found[1]


def test_an_empty_name_is_asked_for_again(robin: Visitor) -> None:
    response = robin.send_form("/ladders/new", name="  ")
    assert response.status_code == 422
    assert "write at least one character" in fault_of(response.text, "name")


def test_a_name_that_is_too_long_is_kept_to_be_shortened(robin: Visitor) -> None:
    response = robin.send_form("/ladders/new", name="long " * 50)
    assert "200 is the most" in fault_of(response.text, "name")
    assert "long " * 49 in response.text


def test_steps_that_do_not_fit_are_not_added_in_part(robin: Visitor, past: Past) -> None:
    path = f"/ladders/{past.ladder}/steps"
    response = robin.send_form(path, names=f"Fine\n{'x' * 201}")
    assert "New step 2 has 201 characters" in fault_of(response.text, "names")
    assert "Fine" in response.text
    assert "Fine" not in robin.page(path)
    assert "at most 40 steps" in fault_of(robin.send_form(path, names="One more\n" * 32).text, "names")
    assert "One more" not in robin.page(path)
    assert "There is no step yet" in fault_of(robin.send_form(path, names=" \n").text, "names")


def test_splitting_takes_two(robin: Visitor, past: Past) -> None:
    step = past.steps[3]
    response = robin.send_form(f"/ladders/{past.ladder}/steps/{step}/split", parts="One alone")
    assert "at least two steps" in fault_of(response.text, "parts")
    assert "One alone" in response.text


def test_a_rating_out_of_range_stands_beside_its_step(
    robin: Visitor, past: Past, sqlite_services: Services
) -> None:
    before = evidence.log_of(sqlite_services, past.person)
    response = robin.send_form(
        f"/ladders/{past.ladder}/judge",
        step=list(past.steps[:3]),
        rating=["50", "150", "many"],
        feared=["", "", ""],
    )
    assert response.status_code == 422
    assert "from 0 to 100" in fault_of(response.text, f"rating-{past.steps[1]}")
    assert "is not a number" in fault_of(response.text, f"rating-{past.steps[2]}")
    assert 'value="50"' in response.text
    assert evidence.log_of(sqlite_services, past.person) == before


def test_a_page_of_ratings_left_empty_asks_for_one(robin: Visitor, past: Past) -> None:
    path = f"/ladders/{past.ladder}/judge"
    empty: dict[str, str | list[str]] = {"step": list(past.steps[:2]), "rating": ["", ""], "feared": ["", ""]}
    for fields in (empty, dict[str, str | list[str]]()):
        response = robin.send_form(path, **fields)
        assert response.status_code == 422
        assert "Say how sure you are of at least one step." in response.text
    response = robin.send_form(path, step=list(past.steps[:2]), rating=["50", ""], feared=["", "70"])
    assert "say how sure you are, too" in fault_of(response.text, f"rating-{past.steps[1]}")


def test_a_reflection_that_does_not_fit_keeps_what_was_written(robin: Visitor, past: Past) -> None:
    log = f"/ladders/{past.ladder}/log?step={past.steps[5]}"
    path = robin.send_form(log, did="tried").headers["location"].partition("?")[0]
    response = robin.send_form(path, arousal="11", what_next="Choose a quieter moment", cause="day")
    assert "from 0 to 10" in fault_of(response.text, "arousal")
    assert "Choose a quieter moment" in response.text
    assert re.search(r'value="day" checked', response.text)
    response = robin.send_form(path, what_next="x" * 4001)
    assert "4,000 is the most" in response.text


@pytest.mark.parametrize(("text", "found"), [("", None), (" 70 ", 70), ("0", 0), ("99.6", 100), ("12,4", 12)])
def test_a_percentage_is_read_as_people_write_it(text: str, found: int | None) -> None:
    assert percent(text) == found


@given(st.text())
def test_any_text_is_a_number_in_range_or_told_to_be_none(text: str) -> None:
    with suppress(InvalidInput):
        found = number(text, 10)
        assert found is None or 0 <= found <= 10


@pytest.mark.parametrize("options", [CAUSES, AGAIN, HANDS, AMOUNTS, READINGS])
def test_every_answer_has_its_number(options: dict[str, tuple[str, float]]) -> None:
    assert [choice(options, key) for key in options] == [value for _, value in options.values()]
    assert choice(options, "") is None
    with pytest.raises(InvalidInput, match="none of the answers"):
        choice(options, "something else")


def test_a_form_left_empty_says_nothing_about_the_attempt() -> None:
    reflection, faults = parsed(ReflectionForm())
    assert faults == {}
    assert {getattr(reflection, name) for name in ("aid", "effort", "internal", "arousal", "feared")} == {
        None
    }


@given(st.text())
def test_lines_hold_something_each(text: str) -> None:
    assert all(line and line == line.strip() for line in lines(text))
