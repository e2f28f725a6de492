"""Gradient boosting: its features, and what is said where its package is not installed."""

from __future__ import annotations

from typing import NoReturn

import numpy as np
import pytest
from tests.research.rivals.crowd import answers, crowd, series

from rung.engine.events import Event
from rung.errors import MissingExtra
from rung.research.rivals import boosting
from rung.research.rivals.boosting import BOOSTING, FEATURES, lagged


def test_features_are_lags_of_what_the_log_has() -> None:
    told = [
        Event("p", "d", "a", 0.0, "judgement", 0.4, difficulty=1.0),
        Event("p", "d", "b", 1.0, "judgement", 0.6),
        Event("p", "d", "b", 2.0, "attempt", 1.0, feedback=0.0, confidence=0.7),
        Event("p", "d", "b", 3.0, "feedback", 0.8, credibility=0.9),
        Event("p", "d", "a", 4.0, "judgement", 0.6, difficulty=2.0),
    ]
    first, second = lagged(series("p", told))
    nothing = [np.nan] * 4
    of_said = [0.4, *nothing, 0.4, 0.4, 0.0, 1.0, np.nan, 0.0]
    assert first == pytest.approx([*of_said, *[np.nan] * 11, np.nan, 1.0], nan_ok=True)
    of_said = [0.6, 0.4, *nothing[1:], 0.5, 0.46, 0.1, 2.0, 0.4, 0.0]
    of_told = [0.8, 0.0, np.nan, 0.24, 0.4, 0.9]
    of_outcome = [1.0, np.nan, np.nan, 1.0, 0.7]
    assert second == pytest.approx([*of_said, *of_told, *of_outcome, 2.0, np.nan], nan_ok=True)
    assert len(second) == FEATURES


def test_it_learns_a_bend_that_no_straight_line_has() -> None:
    pytest.importorskip("sklearn")
    generator = np.random.default_rng(0)

    def person(name: str) -> list[float]:
        values = [float(generator.random())]
        for _ in range(60):
            values.append(abs(values[-1] - 0.5) * 1.6 + float(generator.normal(0, 0.02)))
            values[-1] = float(np.clip(values[-1] + generator.uniform(0, 0.15), 0, 1))
        return values

    people = [answers(person(f"p{i}"), f"p{i}") for i in range(21)]
    found = BOOSTING.fit(people[1:], "judgement", 0).predict(people[0], "judgement")
    values = np.array([event.value for event in people[0].events[1:]])
    assert np.sqrt(np.mean((found.mean - values) ** 2)) < 0.07
    assert np.mean((values > found.quantiles[:, 9]) & (values < found.quantiles[:, 89])) == pytest.approx(
        0.8, abs=0.15
    )


def test_without_its_package_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_module(name: str) -> NoReturn:
        raise ImportError(name)

    monkeypatch.setattr(boosting, "import_module", no_module)
    with pytest.raises(MissingExtra, match=r"gradient boosting needs .* 'rung\[research\]'"):
        BOOSTING.fit(crowd(2), "judgement", 0)
