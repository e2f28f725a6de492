"""Which domain is offered, unasked, for which goal."""

from pathlib import Path

import pytest
from tests.content.goals import GOALS, NAMED, NONE

from rung.content import Domain, matching
from rung.content.domains import domains


def named(goal: str) -> str | None:
    domain = matching(goal)
    return domain.id if domain else None


@pytest.mark.parametrize("goal, id", NAMED)
def test_no_goal_is_offered_a_domain_that_it_does_not_belong_to(goal: str, id: str) -> None:
    assert named(goal) in (id, None)


def test_seven_goals_in_eight_are_offered_the_domain_that_they_belong_to() -> None:
    missed = [goal for goal, id in NAMED if named(goal) != id]
    assert len(missed) <= len(NAMED) / 8, missed


def test_every_domain_is_offered_for_most_goals_of_its_kind() -> None:
    shares = {id: sum(named(goal) == id for goal in goals) / len(goals) for id, goals in GOALS.items()}
    assert set(shares) == {each.id for each in domains()}
    assert min(shares.values()) >= 0.6, shares


@pytest.mark.parametrize(
    "goal, id",
    [
        ("have the difficult conversation with my manager that I have put off", "difficult-conversation"),
        ("Ask my boss for a raise", "difficult-conversation"),
        ("Talk to my mother about money", "difficult-conversation"),
        ("Tell my flatmates that I'm moving out", "difficult-conversation"),
        ("speak to my landlord", "difficult-conversation"),
        ("say no to my boss", "saying-no"),
        ("give a talk", "speaking-in-front-of-people"),
        ("Public speaking", "speaking-in-front-of-people"),
        ("speak up in meetings", "speaking-in-front-of-people"),
        ("PRESENTATIONS", "speaking-in-front-of-people"),
        ("A toast at my sister's wedding", "speaking-in-front-of-people"),
        ("ask a question in class", "speaking-in-front-of-people"),
        ("my first 5 km", "first-5-km"),
        ("Run 5K", "first-5-km"),
        ("running five kilometres", "first-5-km"),
        ("couch to 5k", "first-5-km"),
        ("go running", "first-5-km"),
        ("drive on the motorway again", "driving-again"),
        ("pass the maths exam", "maths-exam"),
    ],
)
def test_a_plain_goal_is_recognised(goal: str, id: str) -> None:
    assert named(goal) == id


def test_the_document_tells_how_many_goals_are_recognised() -> None:
    page = " ".join((Path(__file__).parents[2] / "docs" / "content.md").read_text(encoding="utf-8").split())
    right = sum(named(goal) == id for goal, id in NAMED)
    assert (
        f"Of the {len(NAMED)} goals in `tests/content/goals.py` it offers the right domain for {right},"
        in page
    )
    assert f"and leaves {len(NAMED) - right} to the search" in page
    assert f"Of {len(NONE)} goals that belong to no domain, it offers one for none" in page


@pytest.mark.parametrize("goal", NONE)
def test_no_domain_is_offered_where_none_fits_or_two_fit_equally(goal: str) -> None:
    assert named(goal) is None


@pytest.mark.parametrize("domain", domains(), ids=lambda domain: domain.id)
def test_a_domain_fits_its_own_title(domain: Domain) -> None:
    assert matching(domain.title) == domain


@pytest.mark.parametrize("goal, id", NAMED[::7])
def test_neither_case_nor_marks_nor_spaces_matter(goal: str, id: str) -> None:
    plain = goal.replace("'", "’")
    assert named(f"  {plain.upper()} ... ") == named(goal)
    assert named("\n".join(plain.split())) == named(goal)
