"""Means, worst tenths, ratios and marks, against numbers worked out by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from rung.research.planning.comparing import Fared, Said
from rung.research.planning.contestants import contestants
from rung.research.planning.marks import Mark
from rung.research.planning.results import EVERY, Compared, compared
from rung.research.planning.worlds import AVOIDING, DOUBTING

PEOPLE = 40
NAMES = ("Rung", "staircase", "fixed order", "oracle", "oracle, step alone")
POLICIES = [one for one in contestants() if one.name in NAMES]
SPREAD = np.linspace(-10.0, 10.0, PEOPLE)


def fared(days: float, passed: float = 10.0, assured: float = 0.0) -> Fared:
    ones = np.ones(PEOPLE)
    values: dict[str, Any] = dict.fromkeys(Fared._fields, 0.5 * ones)
    by_day = {name: np.linspace(0.0, 0.5, 5) for name in Fared._fields if name.endswith("_by_day")}
    said = Said(10.0 * ones, 0.0 * ones, assured * ones, 0.0 * ones, 0.0 * ones)
    return Fared(**values | by_day | {"days": days + SPREAD, "passed": passed * ones, "said": said})


def found(rung: float = 60.0, passed: float = 5.0) -> Compared:
    table = {
        "Rung": fared(rung, passed, assured=2.0),
        "staircase": fared(100.0),
        "fixed order": fared(80.0),
        "oracle": fared(50.0),
        "oracle, step alone": fared(55.0),
    }
    all_of_it = {(scene.name, name): one for scene in (DOUBTING, AVOIDING) for name, one in table.items()}
    return compared([DOUBTING, AVOIDING], POLICIES, all_of_it, seed=0, wanted=0.75)


def mark(result: Compared, words: str, where: str | None = None) -> Mark:
    return next(mark for mark in result.marks if words in mark.aim and where in (None, mark.where))


def test_means_have_intervals_around_them() -> None:
    row = found().row(DOUBTING.name, "Rung")
    assert row is not None
    assert row.days.value == pytest.approx(60.0)
    assert row.days.low is not None
    assert row.days.high is not None
    assert 57.0 < row.days.low < 60.0 < row.days.high < 63.0
    assert row.worst_days.value == pytest.approx((60.0 + SPREAD[-4:]).mean())
    assert row.worst_efficacy.value == pytest.approx(0.5)
    assert row.advised.assurance == pytest.approx(0.2)
    assert row.best_rival == "fixed order"


def test_a_ratio_is_paired_over_people() -> None:
    row = found(rung=80.0).row(DOUBTING.name, "Rung")
    assert row is not None
    assert row.against_rival is not None
    assert tuple(row.against_rival) == pytest.approx((1.0, 1.0, 1.0))


def test_no_rival_and_no_oracle_is_held_against_itself() -> None:
    result = found()
    rule, oracle = (result.row(DOUBTING.name, name) for name in ("staircase", "oracle"))
    assert rule is not None
    assert oracle is not None
    assert rule.against_rival is None
    assert rule.against_oracle is not None
    assert oracle.against_oracle is None
    assert oracle.against_rival is not None


def test_the_mean_over_scenes_is_a_row_of_its_own() -> None:
    row = found().row(EVERY, "Rung")
    assert row is not None
    assert row.days.value == pytest.approx(60.0)
    assert row.against_oracle is not None
    assert row.against_oracle.value == pytest.approx(1.2)


def test_marks_are_reached_by_what_is_measured() -> None:
    result = found(rung=60.0)
    assert mark(result, "a quarter fewer", AVOIDING.name).value.value == pytest.approx(0.75)
    assert mark(result, "a quarter fewer", AVOIDING.name).is_reached
    assert mark(result, "a quarter fewer", AVOIDING.name).is_open
    assert mark(result, "5 % more").verdict == "reached"
    assert mark(result, "let pass").is_reached
    assert mark(result, "oracle").value.value == pytest.approx(1.2)
    assert {one.policy for one in result.marks} == {"Rung"}


def test_marks_are_missed_by_what_is_measured() -> None:
    result = found(rung=90.0, passed=12.0)
    for words in ("a quarter fewer", "5 % more", "let pass", "oracle"):
        assert mark(result, words).verdict == "missed"


def test_as_many_let_pass_are_not_fewer() -> None:
    assert not mark(found(passed=10.0), "let pass").is_reached


def test_without_rung_there_are_no_marks_and_everything_else_is_told() -> None:
    policies = [one for one in POLICIES if one.role == "rule"]
    result = compared(
        [DOUBTING],
        policies,
        {(DOUBTING.name, one.name): fared(70.0) for one in policies},
        seed=0,
        wanted=0.75,
    )
    assert result.marks == []
    assert [row.policy for row in result.rows] == ["fixed order", "staircase"]
