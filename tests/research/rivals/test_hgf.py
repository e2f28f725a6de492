"""The hierarchical Gaussian filter: by hand, against pyhgf's own, and where that is not installed."""

from __future__ import annotations

from importlib import import_module
from typing import Any, NoReturn

import numpy as np
import pytest
from tests.research.packages import skip_without_its_package
from tests.research.rivals.crowd import answers, crowd, series

from rung.engine.events import Event
from rung.errors import MissingExtra
from rung.research.rivals import hgf
from rung.research.rivals.hgf import HGF
from rung.research.series import Series, Target


def story(*told: tuple[str, float]) -> Series:
    """Events of one person and domain: kind and value."""
    return series(
        "p", [Event("p", "d", "", float(time), kind, value) for time, (kind, value) in enumerate(told)]
    )


def expected(person: Series, target: Target, **numbers: float) -> list[float]:
    """What the filter expects with these numbers."""
    skip_without_its_package(HGF.name)
    model: Any = HGF.fit([], target, 0)
    found: list[float] = (
        type(model)(np.array(list(numbers.values())), 0.1).predict(person, target).mean.tolist()
    )
    return found


def test_what_is_told_moves_the_level_by_its_share_of_the_precision() -> None:
    person = story(("judgement", 0.4), ("feedback", 1.0), ("judgement", 0.5))
    said, told = np.exp(4.0), np.exp(2.0)
    before = 1.0 / (1.0 / said + np.exp(-5.0))
    assert expected(person, "judgement", w1=-5.0, w2=-4.0, told=2.0, said=4.0) == pytest.approx(
        [0.4 + told / (before + told) * (1.0 - 0.4)]
    )


def test_what_was_said_before_pulls_the_level_too() -> None:
    person = answers([0.4, 0.9, 0.9])
    said = np.exp(4.0)
    before = 1.0 / (1.0 / said + np.exp(-5.0))
    assert expected(person, "judgement", w1=-5.0, w2=-4.0, told=2.0, said=4.0) == pytest.approx(
        [0.4, 0.4 + said / (before + said) * (0.9 - 0.4)]
    )


def test_an_outcome_moves_the_odds_by_the_uncertainty_of_the_level() -> None:
    person = story(("note", 0.0), ("attempt", 1.0), ("attempt", 1.0))
    chance = 1.0 / (1.0 + np.exp(-0.3))
    precision = 1.0 / (1.0 / np.exp(-1.0) + np.exp(-2.0)) + chance * (1.0 - chance)
    then = 0.3 + (1.0 - chance) / precision
    assert expected(person, "attempt", w1=-2.0, w2=-4.0, m=0.3, p=-1.0) == pytest.approx(
        [chance, 1.0 / (1.0 + np.exp(-then))]
    )


def test_whoever_was_surprised_learns_faster_afterwards() -> None:
    def moved(surprise: float) -> float:
        """How far the same news moves the level, after a judgement further off or less."""
        numbers = {"w1": -5.0, "w2": -1.0, "told": 3.0, "said": 4.0}
        told = [("judgement", 0.5), ("judgement", 0.5 + surprise), ("judgement", 0.5)]
        before, after = (
            expected(story(*told, *news, ("judgement", 0.5)), "judgement", **numbers)[-1]
            for news in ([], [("feedback", 1.0)])
        )
        return (after - before) / (1.0 - before)

    assert moved(0.5) > 1.2 * moved(0.05)


def test_outcomes_are_expected_as_by_the_filter_of_pyhgf() -> None:
    skip_without_its_package(HGF.name)
    model = import_module("pyhgf.model")
    outcomes = np.random.default_rng(2).integers(2, size=30).astype(float)
    own = model.HGF(
        n_levels=3,
        model_type="binary",
        update_type="unbounded",
        initial_mean={"1": 0.0, "2": 0.2, "3": 0.0},
        initial_precision={"1": 1.0, "2": float(np.exp(0.5)), "3": 1.0},
        tonic_volatility={"2": -2.0, "3": -3.0},
    )
    with import_module("jax.experimental").enable_x64():
        told = own.input_data(input_data=outcomes).node_trajectories[0]["expected_mean"]
    person = story(*(("attempt", outcome) for outcome in outcomes.tolist()))
    assert expected(person, "attempt", w1=-2.0, w2=-3.0, m=0.2, p=0.5) == pytest.approx(told.tolist()[1:])


def test_the_fit_comes_near_the_filter_that_made_the_answers() -> None:
    generator, numbers = np.random.default_rng(4), {"w1": -5.0, "w2": -2.0, "told": 2.0, "said": 4.0}
    people = []
    for _person in range(12):
        told = [("judgement", float(generator.uniform(0.3, 0.7)))]
        for _ in range(12):
            told += [("feedback", float(generator.random())), ("judgement", 0.0)]
            said = expected(story(*told), "judgement", **numbers)[-1] + generator.normal(0, 0.01)
            told[-1] = ("judgement", float(np.clip(said, 0, 1)))
        people.append(story(*told))
    model: Any = HGF.fit(people, "judgement", 0)
    assert model.sd == pytest.approx(0.01, rel=0.15)


def test_without_its_package_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_module(name: str) -> NoReturn:
        raise ImportError(name)

    monkeypatch.setattr(hgf, "import_module", no_module)
    with pytest.raises(MissingExtra, match=r"HGF needs .* 'rung\[hgf\]'"):
        HGF.fit(crowd(2), "judgement", 0)
