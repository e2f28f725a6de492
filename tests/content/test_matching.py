"""Which template is offered for which goal."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rung.content import ladder_templates, matching_template
from rung.content.templates import LadderTemplate


def named(goal: str) -> str | None:
    template = matching_template(goal)
    return template.id if template else None


@pytest.mark.parametrize(
    "goal",
    [
        "have the difficult conversation with my manager that I have put off for three weeks",
        "Ask my boss for a raise",
        "Talk to my mother about money",
        "Tell my flatmates that I'm moving out",
        "speak to my landlord",
        "say no to my boss",
    ],
)
def test_a_hard_conversation_is_recognised(goal: str) -> None:
    assert named(goal) == "difficult-conversation"


@pytest.mark.parametrize(
    "goal",
    [
        "give a talk",
        "Public speaking",
        "speak up in meetings",
        "PRESENTATIONS",
        "A toast at my sister's wedding",
        "ask a question in class",
    ],
)
def test_speaking_in_front_of_people_is_recognised(goal: str) -> None:
    assert named(goal) == "speaking-in-front-of-people"


@pytest.mark.parametrize(
    "goal", ["my first 5 km", "Run 5K", "running five kilometres", "couch to 5k", "go running"]
)
def test_a_first_run_is_recognised(goal: str) -> None:
    assert named(goal) == "first-5-km"


@pytest.mark.parametrize(
    "goal",
    [
        "",
        "   ",
        "...",
        "the",
        "drive on the motorway again",
        "pass the maths exam",
        "swim 5 km",
        "run a meeting",
        "talk",
    ],
)
def test_no_template_is_offered_where_none_fits_or_two_fit_equally(goal: str) -> None:
    assert named(goal) is None


@pytest.mark.parametrize("template", ladder_templates(), ids=lambda template: template.id)
def test_a_template_fits_its_own_title(template: LadderTemplate) -> None:
    assert matching_template(template.title) == template


KEYWORDS = sorted({word for template in ladder_templates() for word in template.keywords})
SHUFFLED = st.lists(st.sampled_from(KEYWORDS), max_size=8).flatmap(
    lambda words: st.tuples(st.just(words), st.permutations(words + words[:2]))
)


@given(SHUFFLED)
def test_neither_order_nor_case_nor_repetition_matters(both: tuple[list[str], list[str]]) -> None:
    words, shuffled = both
    assert named(" ".join(words)) == named(" ".join(shuffled).upper())


@given(st.text())
def test_any_text_is_answered(goal: str) -> None:
    assert named(goal) in {None, *(template.id for template in ladder_templates())}
