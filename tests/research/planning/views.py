"""Views made by hand: what a policy sees of a few people."""

from __future__ import annotations

from typing import Any

import numpy as np

from rung.engine.simulation import View


def view(steps: int = 4, people: int = 1, **known: Any) -> View:
    """The morning of the first day, but for what is said otherwise; lists become arrays."""
    nothing = np.zeros((steps, people))
    before = View(
        day=0,
        difficulties=np.linspace(-1.0, 1.0, steps),
        ratings=np.full((steps, people), np.nan),
        tried=nothing,
        worked=nothing,
        passed=nothing,
        last=np.zeros(people, dtype=np.int64),
        went=np.zeros(people, dtype=bool),
        outcome=np.full(people, np.nan),
        failures=np.zeros(people),
        active=np.ones(people, dtype=bool),
        events=lambda person: [],
        random=np.random.default_rng(0),
    )
    said: Any = {name: np.array(value) if isinstance(value, list) else value for name, value in known.items()}
    return before._replace(**said)


def column(*values: float) -> Any:
    """Numbers of the steps of one person."""
    return np.array(values)[:, None]
