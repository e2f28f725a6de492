"""The rules of today do what their words say."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from tests.research.planning.views import column, view

from rung.engine.simulation import ASSURANCE, MODEL, REAPPRAISAL, Knowing, Policy
from rung.research.planning.rules import (
    RULES,
    EasiestFirst,
    FixedOrder,
    FourCells,
    HardestTolerable,
    Helped,
    Random,
    SelfChosen,
    Staircase,
)


def step(rule: Policy, **known: Any) -> int:
    return int(rule.advise(view(**known)).step[0])


def after(last: int, worked: bool | None, **more: Any) -> dict[str, Any]:
    """The day after an attempt that worked or did not, or (None) after letting pass."""
    outcome = np.nan if worked is None else float(worked)
    return {"day": 1, "last": [last], "went": [worked is not None], "outcome": [outcome], **more}


def test_fixed_order_stays_at_a_step_until_it_has_worked() -> None:
    assert step(FixedOrder()) == 0
    assert step(FixedOrder(), worked=column(1, 0, 0, 0), tried=column(1, 5, 0, 0)) == 1
    assert step(FixedOrder(), worked=column(1, 1, 1, 1)) == 3


def test_easiest_first_takes_the_surest_that_is_not_firm() -> None:
    ratings = column(0.6, 0.9, 0.3, 0.1)
    assert step(EasiestFirst(), ratings=ratings) == 1
    assert step(EasiestFirst(), ratings=ratings, worked=column(0, 2, 0, 0)) == 0
    assert step(EasiestFirst(), ratings=ratings, worked=column(2, 2, 2, 2)) == 3


def test_hardest_tolerable_takes_the_hardest_that_is_bearable() -> None:
    assert step(HardestTolerable(), ratings=column(0.9, 0.3, 0.4, 0.3)) == 2
    assert step(HardestTolerable(), ratings=column(0.3, 0.2, 0.1, 0.0)) == 0
    assert step(HardestTolerable(0.2), ratings=column(0.3, 0.2, 0.1, 0.0)) == 1
    assert step(HardestTolerable()) == 0


def test_random_takes_any_step() -> None:
    assert set(Random().advise(view(people=200)).step.tolist()) == {0, 1, 2, 3}


@pytest.mark.parametrize("worked, then", [(True, 2), (False, 0), (None, 1)])
def test_a_staircase_goes_up_after_success_and_down_after_failure(worked: bool | None, then: int) -> None:
    assert step(Staircase(), **after(1, worked)) == then


def test_a_staircase_has_two_ends() -> None:
    assert step(Staircase()) == 0
    assert step(Staircase(), **after(0, False)) == 0
    assert step(Staircase(), **after(3, True)) == 3


@pytest.mark.parametrize(
    "worked, rating, then",
    [(True, 0.7, 2), (True, 0.3, 1), (False, 0.7, 1), (False, 0.3, 0), (None, 0.3, 0), (None, 0.7, 1)],
)
def test_four_cells_moves_only_where_deed_and_judgement_agree(
    worked: bool | None, rating: float, then: int
) -> None:
    assert step(FourCells(), **after(1, worked, ratings=column(0.9, rating, 0.1, 0.1))) == then


def test_nobody_is_asked_what_people_choose_themselves() -> None:
    assert isinstance(SelfChosen(), Knowing)
    assert not isinstance(SelfChosen(), Policy)


def test_help_comes_every_day_and_changes_no_step() -> None:
    helped = Helped(HardestTolerable())
    first, second = (helped.advise(view(day=day, ratings=column(0.9, 0.6, 0.4, 0.1))) for day in (0, 1))
    assert first.step.tolist() == second.step.tolist() == [2]
    assert first.before == MODEL + ASSURANCE + REAPPRAISAL
    assert second.before == MODEL + REAPPRAISAL


def test_every_rule_has_its_own_name_and_is_a_policy() -> None:
    assert len({rule.name for rule in RULES}) == len(RULES)
    assert all(isinstance(rule, Policy | Knowing) for rule in RULES)
