"""Every policy on every scene with the same people."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import pytest
from tests.research.planning.views import view

from rung.engine.simulation import ASSURANCE, MODEL, Advice, View
from rung.engine.simulation.climbs import Truth
from rung.errors import InvalidInput, RungError
from rung.research.fitting.workers import processes
from rung.research.planning.comparing import AT_ONCE, Fared, Watched, fare
from rung.research.planning.contestants import Contestant, contestants
from rung.research.planning.oracle import Oracle
from rung.research.planning.planner import Planner
from rung.research.planning.rules import HardestTolerable, Helped, Staircase
from rung.research.planning.worlds import AVOIDING, DOUBTING, SCENES, Scene

EVERYBODY = {one.name: one for one in contestants()}


def brief(scene: Scene, days: int, **changes: Any) -> Scene:
    return scene._replace(climb=replace(scene.climb, days=days, **changes))


def same(one: Fared, other: Fared, first: int | None = None) -> bool:
    people = [name for name in Fared._fields if name != "said" and not name.endswith("_by_day")]
    return all(np.array_equal(getattr(one, name)[:first], getattr(other, name)[:first]) for name in people)


SHORT = [brief(DOUBTING, 20), brief(AVOIDING, 20)]
FAST = [EVERYBODY["staircase"], EVERYBODY["self-chosen"]]


def test_the_same_seed_gives_the_same_and_another_seed_does_not() -> None:
    one, again, other = (fare(SHORT, FAST, 30, seed) for seed in (4, 4, 5))
    assert all(same(one[key], again[key]) for key in one)
    assert not any(same(one[key], other[key]) for key in one)


def test_neither_workers_nor_what_else_is_run_move_a_result() -> None:
    alone = fare(SHORT[:1], FAST[:1], AT_ONCE + 5, 4)
    beside = fare(SHORT, FAST, AT_ONCE + 5, 4, workers=processes(2))
    ((key, fared),) = alone.items()
    assert same(fared, beside[key])
    np.testing.assert_array_equal(fared.arrived_by_day, beside[key].arrived_by_day)


def test_more_people_leave_the_first_ones_as_they_were() -> None:
    few, many = (fare(SHORT[:1], FAST[:1], people, 4) for people in (AT_ONCE, 2 * AT_ONCE + 3))
    ((key, fared),) = few.items()
    assert len(many[key].days) == 2 * AT_ONCE + 3
    assert same(fared, many[key], AT_ONCE)


def test_what_became_of_people_hangs_together() -> None:
    fared = fare([SHORT[0]], [EVERYBODY["hardest tolerable"]], 60, 1)[DOUBTING.name, "hardest tolerable"]
    assert ((fared.days == 20.0) | (fared.arrived == 1.0)).all()
    assert (fared.arrived + fared.gave_up <= 1.0).all()
    assert fared.arrived_by_day[-1] == pytest.approx(fared.arrived.mean())
    assert (np.diff(fared.arrived_by_day) >= 0.0).all()
    assert len(fared.efficacy_by_day) == len(fared.chance_by_day) == 20
    np.testing.assert_array_equal(fared.attempts + fared.passed, fared.said.days)


def test_what_is_advised_is_counted_for_those_on_the_way() -> None:
    watched = Watched(Helped(Staircase()))
    for day in range(4):
        watched.advise(view(people=2, day=day, active=[True, day < 1]))
    said = watched.said
    assert said.days.tolist() == [4.0, 1.0]
    assert said.models.tolist() == said.reappraisals.tolist() == [4.0, 1.0]
    assert said.assurances.tolist() == [2.0, 1.0]
    assert said.bridges.tolist() == [0.0, 0.0]


class Noting(Planner):
    """Rung's planner, and a note of what it says."""

    def __init__(self, noted: list[Advice]) -> None:
        super().__init__()
        self.noted = noted

    def advise(self, view: View) -> Advice:
        self.noted.append(super().advise(view))
        return self.noted[-1]


def test_the_planner_advises_no_assurance_on_two_occasions_running() -> None:
    noted: list[Advice] = []
    noting = Contestant("noting", partial(Noting, noted), "own", "")
    fare([brief(DOUBTING, 30)], [noting], 8, 2)
    assured = np.array([np.asarray(advice.before) & ASSURANCE > 0 for advice in noted])
    assert assured.sum() >= 5
    assert not (assured[1:] & assured[:-1]).any()
    assert any((np.asarray(advice.before) & MODEL > 0).any() for advice in noted)
    assert any(np.any(advice.bridge) for advice in noted)


def test_without_bridges_and_sources_the_planner_advises_steps_alone() -> None:
    key = DOUBTING.name, "Rung, step alone"
    said = fare([brief(DOUBTING, 10)], [EVERYBODY[key[1]]], 4, 2)[key].said
    assert said.days.sum() > 0.0
    assert sum(float(each.sum()) for each in said[1:]) == 0.0


def test_the_oracle_is_no_worse_than_any_rule_in_a_small_run() -> None:
    policies = [EVERYBODY["oracle, step alone"], *(one for one in EVERYBODY.values() if one.role == "rule")]
    found = fare([DOUBTING], policies, AT_ONCE, 0)
    days = {name: fared.days.mean() for (_, name), fared in found.items()}
    assert min(days, key=lambda name: days[name]) == "oracle, step alone"


class Looking(Oracle):
    """The oracle within Rung's limits, and a note of who was advised to leap."""

    def __init__(self, leaps: list[int], wanted: float | None) -> None:
        super().__init__(wanted=wanted)
        self.leaps = leaps

    def advise_knowing(self, view: View, truth: Truth) -> Advice:
        advice = super().advise_knowing(view, truth)
        held = (view.worked > 0) | (np.nan_to_num(view.ratings) >= 0.5)
        footing = np.where(held, np.arange(view.steps)[:, None], -1).max(axis=0)
        self.leaps.append(int((view.active & (advice.step > footing + 1)).sum()))
        return advice


@pytest.mark.parametrize(("wanted", "leaps"), [(0.75, False), (None, True)])
def test_the_oracle_leaps_unless_it_keeps_to_the_limits(wanted: float | None, leaps: bool) -> None:
    noted: list[int] = []
    looking = Contestant("looking", partial(Looking, noted, wanted), "oracle", "")
    fare([brief(DOUBTING, 20)], [looking], 8, 2)
    assert (sum(noted) > 0) is leaps


def test_every_scene_can_be_climbed_by_rung_and_by_the_oracle() -> None:
    found = fare([brief(scene, 2) for scene in SCENES], [EVERYBODY["Rung"], EVERYBODY["oracle"]], 2, 0)
    assert all((fared.attempts + fared.passed >= 1.0).all() for fared in found.values())


class Faulty(HardestTolerable):
    """Answers what it is told to answer."""

    name = "faulty"

    def __init__(self, answer: Any) -> None:
        super().__init__()
        self.answer = answer

    def advise(self, view: View) -> Any:
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.mark.parametrize(
    "answer, told",
    [
        (Advice(np.array([9])), "step must hold 1 whole numbers, 0 to 9|0 to 4"),
        (Advice(np.array([0, 0])), "step must hold"),
        (None, "must answer an Advice"),
        (KeyError("nowhere"), r"policy 'faulty' failed on day 0: KeyError: 'nowhere'"),
    ],
)
def test_a_policy_that_fails_is_told_at_once(answer: Any, told: str) -> None:
    faulty = Contestant("faulty", partial(Faulty, answer), "own", "")
    with pytest.raises((InvalidInput, RungError), match=told):
        fare([brief(DOUBTING, 2, steps=5)], [faulty], 1, 0)
