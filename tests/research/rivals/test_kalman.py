"""The random walk against the engine's own Gaussian algebra, and its fit."""

from __future__ import annotations

import numpy as np
import pytest
from tests.research.rivals.crowd import answers

from rung.engine.gaussian import Gaussian, condition, project, transform
from rung.research.rivals.kalman import KALMAN, golden_section, one_step_ahead


def test_means_and_variances_are_those_of_the_joint_gaussian() -> None:
    said = np.random.default_rng(1).random(12)
    r, ratio = 0.04, 0.3
    level = Gaussian(said[:1].copy(), np.array([[r]]))
    one = np.ones(1)
    means, variances = one_step_ahead(said, ratio)
    for number, judgement in enumerate(said[1:]):
        level = transform(level, np.eye(1), 0, ratio * r)
        mean, variance = project(level, one)
        assert means[number] == pytest.approx(mean)
        assert r * variances[number] == pytest.approx(variance + r)
        gain = variance / (variance + r)
        level = condition(level, one, mean + gain * (judgement - mean), variance * (1 - gain))


def test_the_ratio_that_made_the_walk_is_found() -> None:
    generator = np.random.default_rng(2)
    people = []
    for number in range(60):
        level = 0.5 + np.cumsum(generator.normal(0, 0.02, 80))
        people.append(answers((level + generator.normal(0, 0.05, 80)).tolist(), f"p{number}"))
    found = KALMAN.fit(people, "judgement", 0).predict(people[0], "judgement")
    ratio = (0.02 / 0.05) ** 2
    settled = (ratio + np.sqrt(ratio**2 + 4 * ratio)) / 2
    assert found.sd[-1] == pytest.approx(0.05 * np.sqrt(settled + 1), rel=0.03)


def test_golden_section_finds_the_bottom_of_a_valley() -> None:
    assert golden_section(lambda x: (x - 1.3) ** 2, -5.0, 5.0, 60) == pytest.approx(1.3, abs=1e-6)
