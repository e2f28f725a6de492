"""The filter's algebra against the brute-force joint Gaussian of everything at once."""

from __future__ import annotations

import numpy as np
import pytest

from rung.engine.gaussian import Gaussian, condition, extend, forget, move, project, scale, transform
from rung.engine.scales import FloatArray


def brute_force_and_filter(seed: int, steps: int = 12) -> tuple[Gaussian, Gaussian]:
    """The same random history taken in step by step, and by conditioning one large joint Gaussian.

    Every number is a weighted sum of independent base numbers w: the first state, the noise of each
    step, the noise of each reading. The joint of state and readings is then exact linear algebra.
    """
    generator = np.random.default_rng(seed)
    size, base = 4, 4 + 2 * steps
    root = generator.normal(size=(size, size))
    g = Gaussian(generator.normal(size=size), root @ root.T)
    state = np.zeros((size, base))
    state[:, :size] = root
    state_mean = g.mean.copy()
    readings: list[tuple[FloatArray, float, float]] = []
    for step in range(steps):
        h = generator.normal(size=size)
        index = int(generator.integers(size))
        noise, change, slope = generator.uniform(0.1, 1.0), generator.normal(), 0.3 * generator.normal()
        if step % 2:
            matrix = np.eye(size) + 0.3 * generator.normal(size=(size, size))
            g = transform(g, matrix, index, noise)
            state, state_mean = matrix @ state, matrix @ state_mean
        else:
            mean_before = g.mean.copy()
            g = move(g, index, change, noise, h, slope)
            row = slope * h
            state_mean = state_mean.copy()
            state_mean[index] += change + row @ (state_mean - mean_before)
            state = state.copy()
            state[index] += row @ state
        state = state.copy()
        state[index, size + step] += noise**0.5
        doubt, seen = generator.uniform(0.2, 2.0), generator.normal()
        mean, variance = project(g, h)
        gain = variance / (variance + doubt)
        g = condition(g, h, mean + gain * (seen - mean), variance * (1.0 - gain))
        reading = h @ state
        reading[size + steps + step] += doubt**0.5
        readings.append((reading, float(h @ state_mean), seen))
    told = np.array([reading for reading, _, _ in readings])
    gap = np.array([seen - expected for _, expected, seen in readings])
    across = state @ told.T @ np.linalg.inv(told @ told.T)
    return g, Gaussian(state_mean + across @ gap, state @ state.T - across @ told @ state.T)


@pytest.mark.parametrize("seed", range(20))
def test_step_by_step_equals_the_joint_gaussian(seed: int) -> None:
    filtered, exact = brute_force_and_filter(seed)
    np.testing.assert_allclose(filtered.mean, exact.mean, rtol=1e-7, atol=1e-8)
    np.testing.assert_allclose(filtered.covariance, exact.covariance, rtol=1e-7, atol=1e-7)


def test_a_number_added_and_left_out_again_changes_nothing() -> None:
    g = Gaussian(np.array([1.0, 2.0]), np.array([[2.0, 0.5], [0.5, 1.0]]))
    back = forget(extend(g, 3.0, 4.0), 2)
    np.testing.assert_array_equal(back.mean, g.mean)
    np.testing.assert_array_equal(back.covariance, g.covariance)


def test_scaling_one_number_scales_its_sd() -> None:
    g = Gaussian(np.array([1.0, 2.0]), np.array([[2.0, 0.5], [0.5, 1.0]]))
    half = scale(g, 1, 0.5)
    np.testing.assert_allclose(half.mean, [1.0, 1.0])
    np.testing.assert_allclose(half.covariance, [[2.0, 0.25], [0.25, 0.25]])


def test_nothing_is_written_to_what_was_given() -> None:
    g = Gaussian(np.array([1.0, 2.0]), np.array([[2.0, 0.5], [0.5, 1.0]]))
    before = (g.mean.copy(), g.covariance.copy())
    h = np.array([1.0, -1.0])
    for after in (condition(g, h, 0.0, 0.1), move(g, 0, 1.0, 1.0, h, -0.5), transform(g, np.eye(2), 0, 1.0)):
        assert after is not g
    np.testing.assert_array_equal(g.mean, before[0])
    np.testing.assert_array_equal(g.covariance, before[1])
