"""Small designs, as files."""

from __future__ import annotations

from rung.research.trials.design import Design
from rung.research.trials.reading import read_design

__all__ = ["PLAIN", "changed", "design"]

PLAIN = """
[trial]
name = "Doing against watching"
people = 20

[[tasks]]
name = "touch"
difficulty = 0.5

[[tasks]]
name = "hold"
difficulty = 1.5

[ladders]
snake = ["touch", "hold"]

[[arms]]
name = "doing"

[[arms.doses]]
kind = "attempt"
task = "touch"
days = [0, 2]
times = 3

[[arms]]
name = "watching"

[[arms.doses]]
kind = "model"
task = "touch"
days = [0, 2]
times = 3

[[measures]]
name = "efficacy"
kind = "judgement"
ladder = "snake"
days = [2, 9]

[[measures]]
name = "score"
kind = "score"
task = "touch"
days = [9]
"""
"""Two arms, two measures, nobody leaves."""


def changed(*changes: tuple[str, str]) -> str:
    """The plain design with some of its text replaced; what is to be replaced must be there."""
    text = PLAIN
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


def design(*changes: tuple[str, str]) -> Design:
    """The same, read."""
    return read_design(changed(*changes))
