"""Whole trajectories, pinned: a change of the model shows here, and is then meant or a mistake."""

from __future__ import annotations

import pytest

from rung import Engine, Event, Ladder, Person
from rung.engine.state import STATE_VERSION

DAY = 86_400.0
LADDER = Ladder.of("talk", "write it down", "say it to a friend", "say one thing", "say it all")


def event(kind: str, place: int, day: float, value: float | None = None, **more: object) -> Event:
    task = LADDER.tasks[place]
    return Event("ana", "talk", task.name, day * DAY, kind, value, task.difficulty, **more)  # type: ignore[arg-type]


A_MONTH = [
    event("judgement", 0, 0, 0.8),
    event("judgement", 1, 0.01, 0.6),
    event("judgement", 2, 0.02, 0.3, feared=0.7),
    event("judgement", 3, 0.03, 0.1, feared=0.9),
    event("choice", 0, 1, 1.0),
    event("attempt", 0, 1.01, 1.0, feedback=1.0, internal=0.9, effort=0.6),
    event("persuasion", 1, 2, 0.8, credibility=0.7),
    event("state", 1, 3, arousal=0.8, appraisal=-0.5),
    event("attempt", 1, 3.001, 0.0, feedback=0.0, stable=0.3, controllable=0.8, arousal=0.8, appraisal=-0.5),
    event("model", 1, 5, 1.0, similarity=0.7, coping=1.0),
    event("choice", 1, 8, 0.0),
    event("attempt", 1, 10, 1.0, feedback=1.0, aid=0.3),
    event("feedback", 1, 11, 0.9, credibility=0.8),
    event("attempt", 2, 20, 0.5, confidence=0.6),
    event("note", 2, 21),
    event("judgement", 2, 30, 0.6),
]

# Raise `STATE_VERSION` whenever these numbers change: states that the app has saved are then made anew.
PINNED_AT_STATE_VERSION = 3
# After each event: belief (logits), ability (logits), openness, lift, efficacy of the last step.
PINNED = """
0.1716 0.0000 1.5000 0.0000 0.2094
0.0814 0.0000 1.5000 0.0000 0.1949
-0.0815 0.0000 1.5001 0.0000 0.1706
-0.2583 0.0000 1.5001 0.0000 0.0957
-0.2579 0.0000 1.5040 0.0000 0.0958
-0.1018 0.3318 1.3073 0.0000 0.1102
-0.1020 0.3317 1.3113 0.4317 0.1601
-0.1022 0.3316 1.3153 0.3426 0.1124
-0.3669 -0.2099 1.2441 0.1713 0.0758
-0.2965 -0.2101 1.2521 0.1079 0.1019
-0.2949 -0.2105 1.2641 0.0540 0.0972
-0.0884 0.1225 1.1080 0.0340 0.1149
0.0337 0.1223 0.9967 0.0270 0.1271
0.1337 0.2106 0.9528 0.0034 0.1358
0.1325 0.2103 0.9568 0.0027 0.1356
0.7669 0.2080 0.9928 0.0003 0.2257
"""


def trajectory() -> list[tuple[float, ...]]:
    engine, person = Engine(), Person()
    rows: list[tuple[float, ...]] = []
    for happened in A_MONTH:
        person = engine.observe(person, happened)
        state = person.domains["talk"]
        last = engine.efficacy(person, LADDER.tasks[3]).mean
        belief, ability = state.belief.mean, state.ability.mean
        rows.append((float(belief[0]), float(ability[0]), state.openness, float(belief[2]), last))
    return rows


def test_a_month_of_one_person_is_as_pinned() -> None:
    pinned = [tuple(map(float, line.split())) for line in PINNED.strip().splitlines()]
    for happened, row, expected in zip(A_MONTH, trajectory(), pinned, strict=True):
        assert row == pytest.approx(expected, abs=5e-5), happened


def test_the_pins_are_of_this_version_of_the_state() -> None:
    assert PINNED_AT_STATE_VERSION == STATE_VERSION


def test_worked_example_of_the_docs() -> None:
    """One success at a neutral task, never judged: the numbers that docs/model.md walks through."""
    engine = Engine()
    person = engine.observe(Person(), Event("ana", "talk", "", 0.0, "attempt", 1.0, feedback=1.0))
    state = person.domains["talk"]
    # credit .83 (internal .80), gain 1.0909, weight .8, surprise .5
    assert state.belief.mean[0] == pytest.approx(1.5 / 1.375 * (0.8 + 0.2 * 0.15) * 0.8 * 0.5, abs=1e-9)
