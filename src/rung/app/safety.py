"""Goals that Rung does not build a ladder for."""

from __future__ import annotations

__all__ = ["screen_goal"]


def screen_goal(text: str) -> None:
    """Raise `RefusedGoal` where the text names a goal that would put somebody in danger."""
