"""Scaled goals: what each level looks like, where each goal stands, and the T-score in plain words."""

from __future__ import annotations

from dataclasses import dataclass

from rung.app.model import Ladder
from rung.app.ports import Scaling
from rung.app.scaling import MOST_GOALS, WEIGHTS, scores_of
from rung.engine.measures import LEVELS
from rung.web.views.records import Table
from rung.web.views.sheet_measures import level_words, score_words
from rung.words import _, day, later, number

__all__ = ["GoalView", "LevelView", "ScalingView", "scaling_view"]

_WEIGHTS = {1: later("counts once"), 2: later("counts twice"), 3: later("counts three times")}

MOST_LINES = 12
"""Scores of the table: the newest."""


@dataclass(frozen=True, slots=True)
class LevelView:
    """One level of a goal."""

    value: str
    label: str
    words: str
    is_reached: bool


@dataclass(frozen=True, slots=True)
class GoalView:
    """One goal with its levels, the furthest first."""

    id: str
    name: str
    weight: str
    field: str
    """What its level is called in the form that notes it."""
    levels: tuple[LevelView, ...]


@dataclass(frozen=True, slots=True)
class ScalingView:
    """The whole page."""

    name: str
    href: str
    goals: tuple[GoalView, ...]
    score: str
    """What the last score says; empty before there is one."""
    noted: str
    table: Table | None
    is_open: bool
    """True where goals can still be added and taken out."""
    has_room: bool
    weights: tuple[tuple[str, str], ...]
    labels: tuple[tuple[int, str], ...]
    """Place and name of each level that is to be described, the furthest first."""


def scaling_view(ladder: Ladder, scaling: Scaling) -> ScalingView:
    """Everything that the page shows."""
    scores = scores_of(scaling)
    last = scaling.noted[-1] if scaling.noted else None
    lines = tuple((day(one.at), number(round(one.attainment))) for one in reversed(scores[-MOST_LINES:]))
    title = _("T-scores")
    reached = last.levels if last else (None,) * len(scaling.goals)
    return ScalingView(
        name=ladder.name,
        href=f"/ladders/{ladder.id}",
        goals=tuple(
            GoalView(
                goal.id,
                goal.name,
                _(_WEIGHTS[goal.weight]),
                f"level_{place}",
                tuple(
                    LevelView(str(level), level_words(level), words, level == reached[place])
                    for level, words in reversed(list(zip(LEVELS, goal.levels, strict=True)))
                ),
            )
            for place, goal in enumerate(scaling.goals)
        ),
        score=score_words(scores[-1].attainment) if scores else "",
        noted=_("Noted on %(day)s.", day=day(last.at)) if last else "",
        table=Table(title, (_("day"), _("T-score")), lines) if len(scores) > 1 else None,
        is_open=not scaling.noted,
        has_room=len(scaling.goals) < MOST_GOALS,
        weights=tuple((str(weight), _(_WEIGHTS[weight])) for weight in WEIGHTS),
        labels=tuple((place, level_words(level)) for place, level in reversed(list(enumerate(LEVELS)))),
    )
