"""The library can be read at twelve to fourteen: no text is above grade 8."""

import pytest
from tests.content.reading import grade, syllables

from rung.content.domains import Domain, domains

HIGHEST = 8.0


def test_syllables_are_counted_as_a_dictionary_counts_them() -> None:
    known = {
        1: "run walked makes through phone eyes breathes where scheme don’t 5",
        2: "table wanted changes doing people every safely quiet didn’t driving evening careful nervous 12",
        3: "idea beautiful interview remember deciding radio medicine everyone hospital easier physio",
        4: "conversation difficulty particular presentation education everybody",
        5: "university",
    }
    for count, words in known.items():
        assert [word for word in words.split() if syllables(word) != count] == []


def test_the_grade_is_that_of_the_formula() -> None:
    plain = "The cat sat on the mat. It was a fat cat."
    assert grade([plain]) == pytest.approx(0.39 * 11 / 2 + 11.8 * 11 / 11 - 15.59)
    assert grade(["Organisational responsibilities necessitate comprehensive deliberation."]) > 20


def test_a_text_in_parts_is_as_hard_as_in_one() -> None:
    assert grade(["One two three.", "Four five six"]) == grade(["One two three. Four five six"])


@pytest.mark.parametrize("one", domains(), ids=lambda one: one.id)
def test_every_story_can_be_read_at_school_age(one: Domain) -> None:
    assert {each.id: grade([each.text]) for each in one.stories if grade([each.text]) > HIGHEST} == {}


@pytest.mark.parametrize("one", domains(), ids=lambda one: one.id)
def test_every_other_text_of_a_domain_can_be_read_at_school_age(one: Domain) -> None:
    asked = one.questions
    plans = [f"If {plan.situation}, then I {plan.response}" for plan in one.if_then]
    texts = (
        *(one.title, one.about, one.note, *one.sayings, *(step.name for step in one.steps)),
        *(*one.harder, *one.obstacles, *plans, *asked.worked, *asked.not_yet, *asked.let_pass),
    )
    assert grade(texts) <= HIGHEST
