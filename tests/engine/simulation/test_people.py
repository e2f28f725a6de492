"""People to do experiments with: the same again by their seed, and what happens to them is kept as a log."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from rung import Engine, Event, Parameters
from rung.cli.logs import log_group
from rung.engine.events import in_order
from rung.engine.simulation import DEPRESSED, Deed, Kind, People, Seen
from rung.log import write_log

TALK = Deed("give a talk", 0.5, "talks", stakes=0.5)


def lived(people: People) -> People:
    """A bit of everything."""
    rehearsal = Deed("rehearse", -1.0, "talks")
    for day in range(4):
        people.judge(TALK)
        people.judge(rehearsal)
        goes = people.choose(TALK)
        people.attempt(TALK, who=goes, seen=Seen(np.nan, internal=0.8, stable=0.3))
        people.attempt(rehearsal, told=False, aid=0.2)
        people.feedback(rehearsal, 0.7, credibility=0.9)
        if day == 1:
            people.watch(TALK, similarity=0.7, coping=1.0)
            people.assure(TALK, 0.8, credibility=0.6)
            people.feel(arousal=0.6, appraisal=0.5, domain="talks")
        people.wait(1.0)
    return people


def test_the_same_seed_makes_the_same_people_and_another_makes_others() -> None:
    one, same, other = (lived(People(50, seed=seed)) for seed in (3, 3, 4))
    for a, b in zip(one.crowd("talks"), same.crowd("talks"), strict=True):
        np.testing.assert_array_equal(a, b)
    assert (one.crowd("talks").belief != other.crowd("talks").belief).any()


def test_a_generator_may_be_given_and_goes_on() -> None:
    random = np.random.default_rng(1)
    one, two = (People(50, seed=random).judge(TALK) for _ in range(2))
    assert (one != two).any()


def test_efficacy_is_a_chance_that_falls_with_difficulty() -> None:
    people = lived(People(200, seed=1))
    easy, hard = (people.efficacy(TALK._replace(difficulty=b)) for b in (-1.0, 1.0))
    assert ((hard > 0.0) & (hard < easy) & (easy < 1.0)).all()


def test_a_difficulty_may_be_of_each_person() -> None:
    people = People(100, seed=1, keeps_log=True)
    own = np.linspace(-2.0, 2.0, 100)
    np.testing.assert_array_equal(
        people.efficacy(Deed(difficulty=own))[7], people.efficacy(Deed(difficulty=float(own[7])))[7]
    )
    people.judge(Deed("it", own))
    assert [event.difficulty for event in people.log()] == own.tolist()


def test_letting_pass_moves_no_belief_and_a_judgement_moves_nothing() -> None:
    people = People(200, seed=1)
    before = people.crowd("talks")
    people.choose(TALK)
    people.judge(TALK)
    for old, new in zip(before, people.crowd("talks"), strict=True):
        np.testing.assert_array_equal(old, new)


def test_unrelated_fields_do_not_know_of_each_other_and_related_ones_share_by_the_square() -> None:
    people = People(100, seed=1, relatedness={("talks", "meetings"): 0.5})
    before = {field: people.crowd(field).belief for field in ("talks", "meetings", "running")}
    people.attempt(TALK)
    moved = {field: people.crowd(field).belief - was for field, was in before.items()}
    np.testing.assert_allclose(moved["meetings"], 0.25 * moved["talks"], atol=1e-12)
    assert (moved["running"] == 0.0).all()


def test_who_doubts_takes_more_blame() -> None:
    people = People(500, seed=1)
    blame, sure = people.put_down(TALK, 0.0), people.efficacy(TALK)
    assert np.corrcoef(blame, sure)[0, 1] < -0.8
    assert (people.put_down(TALK, 1.0, aid=1.0) < 0.01).all()


def test_more_luck_leaves_less_to_ability() -> None:
    found = []
    for luck in (0.0, 3.0):
        people = People(5000, seed=1)
        tried = people.attempt(Deed("it", luck=luck, parts=20))
        found.append(float(np.corrcoef(tried.outcome, people.crowd().ability)[0, 1]))
    assert found[0] > found[1] + 0.2


def test_kinds_differ_as_they_say() -> None:
    doubting = People(5000, seed=1, kind=Kind(belief=-1.5, ability=1.0, spread=0.2))
    crowd = doubting.crowd()
    assert crowd.belief.mean() == pytest.approx(-1.5, abs=0.05)
    assert crowd.ability.mean() == pytest.approx(1.0, abs=0.05)
    assert crowd.ability.std() == pytest.approx(0.2 * Parameters().ability_spread, rel=0.05)
    low = People(5000, seed=1, kind=DEPRESSED).parameters
    assert np.mean(low.weight_good / low.weight_bad) < np.mean(
        doubting.parameters.weight_good / doubting.parameters.weight_bad
    )


def test_just_under_a_third_learn_more_from_good_news() -> None:
    people = People(20_000, seed=1).parameters
    assert np.mean(people.weight_good > people.weight_bad) == pytest.approx(0.33, abs=0.02)


def test_without_a_log_there_is_none() -> None:
    with pytest.raises(ValueError, match="keeps_log=True"):
        People(2).log()


def test_the_log_is_in_order_and_every_event_is_one_that_the_engine_takes() -> None:
    events = list(lived(People(30, seed=5, keeps_log=True)).log())
    assert {event.kind for event in events} == {
        "judgement", "choice", "attempt", "feedback", "model", "persuasion", "state",
    }  # fmt: skip
    engine = Engine()
    for _, own in groupby(events, key=lambda event: event.person):
        told = list(own)
        assert told == in_order(told)
        engine.replay(told)


def test_the_log_passes_the_check_of_log_files(tmp_path: Path) -> None:
    path = tmp_path / "made-up.csv"
    write_log(lived(People(10, seed=5, keeps_log=True)).log(), path)
    done = CliRunner().invoke(log_group, ["check", str(path)])
    assert done.exit_code == 0, done.output


def test_only_those_who_went_for_it_have_an_attempt_in_the_log() -> None:
    people = People(100, seed=2, keeps_log=True)
    goes = people.choose(TALK)
    people.attempt(TALK, who=goes)
    tried = {event.person for event in people.log() if event.kind == "attempt"}
    assert tried == {f"p{place}" for place in np.flatnonzero(goes)}


def told_of(events: list[Event], kind: str) -> list[Event]:
    return [event for event in events if event.kind == kind]


def test_what_was_told_and_what_was_sensed_stand_in_different_columns() -> None:
    people = People(5, seed=2, keeps_log=True)
    people.attempt(TALK)
    people.attempt(TALK, told=False)
    told, sensed = told_of(list(people.log()), "attempt")[:2]
    assert (told.feedback, told.confidence) == (told.value, None)
    assert sensed.feedback is None
    assert sensed.confidence is not None
