"""Steps built from parts and from conditions: one thing more, or harder, at a time."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rung.app.climbing.grading import DIMENSIONS, Range, from_components, from_conditions
from rung.errors import InvalidInput

words = st.text("abcdefgh ", min_size=1, max_size=12).map(str.strip).filter(bool)
ranges = st.dictionaries(st.sampled_from(list(DIMENSIONS)), st.builds(Range, words, words))


def test_parts_come_first_and_then_all_of_them() -> None:
    assert from_components(["Open", "Show the figures"]) == [
        "Open",
        "Show the figures",
        "All of it together",
        "All of it, as it will really be",
    ]


@pytest.mark.parametrize("parts", [[], ["one"]])
def test_one_part_is_no_part(parts: list[str]) -> None:
    with pytest.raises(InvalidInput, match="two parts"):
        from_components(parts)


def test_one_thing_at_a_time_gets_harder() -> None:
    asked = {
        "people": Range("to a friend", "to my manager"),
        "support": Range("with notes", "without notes"),
        "place": Range("at home", ""),
    }
    assert from_conditions("Say what I would change", asked) == [
        "Say what I would change, with notes, at home, to a friend",
        "Say what I would change, without notes, at home, to a friend",
        "Say what I would change, without notes, at home, to my manager",
    ]


def test_an_easier_end_may_be_left_open() -> None:
    assert from_conditions("Run", {"time": Range("", "for an hour")}) == ["Run", "Run, for an hour"]


@pytest.mark.parametrize(
    "act, asked",
    [("", {"time": Range("a", "b")}), ("Run", {}), ("Run", {"time": Range("a", "")}), ("\x00", {})],
)
def test_what_makes_no_sequence_is_told(act: str, asked: dict[str, Range]) -> None:
    with pytest.raises(InvalidInput):
        from_conditions(act, asked)


@given(words, ranges)
def test_every_step_differs_from_the_one_below_in_one_thing(act: str, asked: dict[str, Range]) -> None:
    turning = [name for name, ends in asked.items() if ends.harder != ends.easier]
    if not turning:
        return
    made = from_conditions(act, asked)
    assert len(made) == len(turning) + 1
    for below, above in pairwise(made):
        pairs = list(zip(below.split(", "), above.split(", "), strict=True))
        assert sum(one != other for one, other in pairs) == 1
