"""What holds of every rival, whatever it believes."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import pytest
from tests.research.packages import skip_without_its_package
from tests.research.rivals.crowd import answers, crowd, series

from rung.engine.events import Event
from rung.errors import InvalidInput
from rung.research.forecasts import Forecasts, Rival
from rung.research.leaks import looks_ahead
from rung.research.rivals import ALL, named
from rung.research.rivals.fitted import FITTED
from rung.research.series import TARGETS, Series, Target

RIVALS: tuple[Rival, ...] = (FITTED, *ALL)
EVERY = [
    pytest.param(rival, target, id=f"{rival.name}-{target}") for rival in RIVALS for target in rival.targets
]
LEARN_NOTHING_FROM_OTHERS = ("Rung (defaults)", "Rung (theory alone)", "fixed constants", "adversary")


def forecasts(rival: Rival, target: Target, training: Sequence[Series], person: Series) -> Forecasts:
    skip_without_its_package(rival.name)
    return rival.fit(training, target, 0).predict(person, target)


def check(found: Forecasts, person: Series, target: Target) -> None:
    count = len(person.scored(target))
    assert found.mean.shape == found.sd.shape == (count,)
    assert found.quantiles.shape == (count, 99 if target == "judgement" else 0)
    for column in found:
        assert np.isfinite(column).all()
    assert ((found.mean >= 0) & (found.mean <= 1)).all()
    if target == "judgement":
        assert (found.sd > 0).all()
        assert (np.diff(found.quantiles, axis=1) >= 0).all()
        assert ((found.quantiles >= 0) & (found.quantiles <= 1)).all()
    else:
        assert (found.sd == 0).all()


@pytest.mark.parametrize(("rival", "target"), EVERY)
def test_forecasts_have_their_shape_and_range(rival: Rival, target: Target) -> None:
    *training, person = crowd(6)
    assert len(person.scored(target)) > 5
    check(forecasts(rival, target, training, person), person, target)


@pytest.mark.parametrize(("rival", "target"), EVERY)
def test_a_forecast_knows_neither_its_own_row_nor_what_comes_later(rival: Rival, target: Target) -> None:
    *training, person = crowd(6)
    forecasts(rival, target, training, person)
    model = rival.fit(training, target, 0)
    for place in person.scored(target)[::3]:
        assert not looks_ahead(model, person, target, place, np.random.default_rng(place))


@pytest.mark.parametrize(("rival", "target"), EVERY)
def test_a_fit_repeated_says_the_same(rival: Rival, target: Target) -> None:
    *training, person = crowd(6)
    first, again = (forecasts(rival, target, training, person) for _ in range(2))
    for one, other in zip(first, again, strict=True):
        assert np.array_equal(one, other)


@pytest.mark.parametrize(("rival", "target"), EVERY)
def test_another_person_in_between_changes_nothing(rival: Rival, target: Target) -> None:
    *training, person, other = crowd(7)
    alone = forecasts(rival, target, training, person)
    model = rival.fit(training, target, 0)
    model.predict(other, target)
    for one, after in zip(alone, model.predict(person, target), strict=True):
        assert np.array_equal(one, after)


@pytest.mark.parametrize(("rival", "target"), EVERY)
@pytest.mark.parametrize("count", [0, 1, 2])
def test_hardly_anybody_to_learn_from_is_enough(rival: Rival, target: Target, count: int) -> None:
    person = crowd(1, seed=5)[0]
    check(forecasts(rival, target, crowd(count), person), person, target)


@pytest.mark.parametrize(("rival", "target"), EVERY)
def test_a_log_without_any_column_that_may_be_left_out_will_do(rival: Rival, target: Target) -> None:
    *training, person = crowd(5, sparse=True)
    check(forecasts(rival, target, training, person), person, target)


@pytest.mark.parametrize(("rival", "target"), EVERY)
def test_a_person_with_nothing_to_predict_gets_no_forecast(rival: Rival, target: Target) -> None:
    person = series("new", [Event("new", "talks", "", 0.0, "judgement", 0.5)])
    check(forecasts(rival, target, crowd(3), person), person, target)
    nobody = series("nobody", [])
    check(forecasts(rival, target, crowd(3), nobody), nobody, target)


@pytest.mark.parametrize("rival", [rival for rival in RIVALS if "judgement" in rival.targets])
@pytest.mark.parametrize("value", [0.0, 0.3, 1.0])
def test_people_who_always_answer_the_same_are_believed_but_not_too_much(rival: Rival, value: float) -> None:
    training = [answers([value] * 8, f"p{number}") for number in range(4)]
    person = answers([value] * 8)
    found = forecasts(rival, "judgement", training, person)
    check(found, person, "judgement")
    if rival.name not in LEARN_NOTHING_FROM_OTHERS:
        assert found.mean == pytest.approx(value, abs=0.02)


@pytest.mark.parametrize("rival", [rival for rival in RIVALS if "attempt" in rival.targets])
@pytest.mark.parametrize("value", [0.0, 0.4, 1.0])
def test_outcomes_that_are_always_the_same_leave_no_warning(rival: Rival, value: float) -> None:
    people = [
        series(name, [Event(name, "d", "t", float(time), "attempt", value) for time in range(9)])
        for name in "abc"
    ]
    check(forecasts(rival, "attempt", people[1:], people[0]), people[0], "attempt")


@pytest.mark.parametrize("rival", [rival for rival in RIVALS if "choice" in rival.targets])
@pytest.mark.parametrize("value", [0.0, 1.0])
def test_choices_that_are_always_the_same_leave_no_warning(rival: Rival, value: float) -> None:
    people = [
        series(name, [Event(name, "d", "t", float(time), "choice", value) for time in range(9)])
        for name in "abc"
    ]
    check(forecasts(rival, "choice", people[1:], people[0]), people[0], "choice")


def test_every_rival_has_a_name_of_its_own_a_source_and_a_target() -> None:
    assert len({rival.name for rival in RIVALS}) == len(RIVALS)
    for rival in RIVALS:
        assert rival.source
        assert set(rival.targets) <= set(TARGETS)


def test_rivals_are_found_by_name_in_the_order_asked_for() -> None:
    one, two = named(["persistence", "constant"])
    assert (one.name, two.name) == ("persistence", "constant")
    with pytest.raises(InvalidInput, match=f"no rival 'oracle'; there are: {re.escape(ALL[0].name)},"):
        named(["oracle"])
