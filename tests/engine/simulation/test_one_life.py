"""Everybody's days, as arrays, are the days of single people by the scalar formulas; and what they tell."""

from __future__ import annotations

import pickle
import runpy
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rung import Engine
from rung.engine.events import in_order
from rung.engine.parameters import Parameters
from rung.engine.simulation import (
    ASSURANCE,
    DEPRESSED,
    MODEL,
    REAPPRAISAL,
    Advice,
    Climb,
    Kind,
    View,
    climb,
)
from rung.engine.simulation import crowd as life
from rung.engine.simulation.crowd import Met
from rung.engine.simulation.daily import climb_told
from rung.engine.simulation.population import born
from rung.research.planning.rules import Staircase

BENCHMARK: dict[str, Any] = runpy.run_path(str(Path(__file__).parents[3] / "benchmarks" / "simulation.py"))
P = Parameters()
LONG = Climb(days=60, ends=False)


class Everything:
    """The next step each time, with all that can come before it, a bridge now and then."""

    name = "everything"

    def advise(self, view: View) -> Advice:
        step = np.full(view.people, view.day % view.steps)
        return Advice(step, np.full(view.people, MODEL | ASSURANCE | REAPPRAISAL), step % 3 == 2)


@pytest.mark.parametrize("kind", [Kind(), DEPRESSED], ids=lambda kind: kind.name)
def test_one_person_lives_the_same_life_by_the_scalar_formulas(kind: Kind) -> None:
    setting = replace(LONG, kind=kind)
    for seed in range(12):
        luck = np.random.default_rng(np.random.SeedSequence(seed).spawn(2)[1])
        (beginning,) = BENCHMARK["everybody"](1, setting, seed, P)
        world = BENCHMARK["World"](setting, kind.parameters(P), luck.standard_normal, luck.random)
        person = BENCHMARK["Person"](world, beginning)
        sure, went = [], []
        for day in range(setting.days):
            world.day = day
            person.live()
            sure.append(person.sure)
            went.append(float(person.went))
        found = climb(Staircase(), 1, setting, seed=seed, parameters=P)
        np.testing.assert_allclose(found.efficacy_by_day, sure, atol=1e-9)
        assert found.attempts_by_day.tolist() == went
        assert (found.attempts[0], found.passed[0]) == (person.tries, person.passed)
        np.testing.assert_allclose(found.chance[0], person.works, atol=1e-9)


def test_agents_of_mesa_say_the_same_as_arrays() -> None:
    pytest.importorskip("mesa")
    there, _, _ = BENCHMARK["as_agents"](300, 40)
    apart = BENCHMARK["errors_apart"](there, BENCHMARK["as_arrays"](300, 40))
    assert max(apart.values()) < 4.5


def test_how_people_stand_may_be_handed_in_or_worked_out() -> None:
    crowd = born(50, Kind(), np.random.default_rng(0), P)._replace(arousal=np.linspace(0.0, 0.5, 50))
    met = Met(0.3, stakes=0.4)
    before = life.standing(crowd, met, P)
    assert (life.chance(crowd, met, P) == life.chance(crowd, met, P, before=before)).all()
    goes = life.chance_of_approach(crowd, met, P)
    assert (goes == life.chance_of_approach(crowd, met, P, before=before)).all()
    one, other = (
        life.attempt(crowd, met, np.random.default_rng(1), P, before=given)[0] for given in (None, before)
    )
    assert all((left == right).all() for left, right in zip(one, other, strict=True))


def test_days_are_counted_whether_life_goes_on_or_ends() -> None:
    for ends in (True, False):
        found = climb(Staircase(), 200, replace(LONG, ends=ends, occasions=0.7), seed=2)
        assert found.efficacy_by_day.shape == found.occasions_by_day.shape == (60,)
        assert found.attempts_by_day.sum() == found.attempts.sum()
        assert found.occasions_by_day.sum() == found.attempts.sum() + found.passed.sum()
        np.testing.assert_allclose(found.efficacy_by_day[-1], found.efficacy.mean())
        assert np.isfinite(found.gave_up).any() == ends


def test_what_is_told_is_what_became_of_the_same_people() -> None:
    setting = Climb(days=30, stakes=0.5)
    found = climb(Everything(), 20, setting, seed=3)
    events = list(climb_told(Everything(), 20, setting, seed=3, logged=5, first=7))
    assert {event.person for event in events} == {f"p{place}" for place in range(7, 12)}
    assert {event.kind for event in events} == {"judgement", "choice", "attempt", "model", "persuasion"}
    for place in range(5):
        own = [event for event in events if event.person == f"p{7 + place}"]
        assert own == in_order(own)
        assert sum(event.kind == "attempt" for event in own) == found.attempts[place]
        assert sum(event.kind == "choice" and event.value == 0.0 for event in own) == found.passed[place]


def test_the_engine_reads_what_is_told_and_finds_the_truth_again() -> None:
    p = Parameters(mood_spread=0.0)
    found = climb(Staircase(), 200, LONG, seed=5, parameters=p)
    events = sorted(
        climb_told(Staircase(), 200, LONG, seed=5, parameters=p), key=lambda event: int(event.person[1:])
    )
    engine, said = Engine(), []
    for _, own in groupby(events, lambda event: event.person):
        person = engine.replay(in_order(own))
        said.append(engine.strength(person, engine.ladder_seen(person, "it")))
    mean, low, high = (np.array([getattr(each, side) for each in said]) for side in ("mean", "low", "high"))
    assert np.corrcoef(mean, found.strength)[0, 1] > 0.97
    assert abs(float(np.mean(mean - found.strength))) < 0.02
    assert 0.75 < float(np.mean((low <= found.strength) & (found.strength <= high))) < 0.99


def test_kinds_go_from_one_process_to_another() -> None:
    assert pickle.loads(pickle.dumps(DEPRESSED)) == DEPRESSED
