"""One trial after another: who gets what, who leaves, and what is measured when."""

from __future__ import annotations

from math import sqrt

import numpy as np
import pytest
from tests.research.trials.designs import design

from rung.engine.effort import chance_of_quitting
from rung.engine.parameters import Parameters
from rung.engine.scales import FloatArray
from rung.research.trials.design import Design
from rung.research.trials.running import BASELINE, Ran, run

LEAVING = "[drop_out]\na_day = 0.05\n\n[ladders]"


def ran(planned: Design, trials: int = 30, people: int = 20, seed: int = 0) -> Ran:
    return run(planned, trials, people, np.random.SeedSequence(seed))


def gained(one: Ran, arm: int, measure: str = "efficacy", day: float = 9.0) -> FloatArray:
    change = one.values[measure, day] - one.values[measure, BASELINE]
    mean: FloatArray = change[one.arms == arm]
    return mean


def test_the_same_seed_gives_the_same_trials_and_another_one_others() -> None:
    first, again, other = ran(design()), ran(design()), ran(design(), seed=1)
    for key, values in first.values.items():
        assert np.array_equal(values, again.values[key])
    assert not np.array_equal(first.values["efficacy", 9.0], other.values["efficacy", 9.0])


def test_people_are_dealt_out_at_random_in_the_sizes_of_the_arms() -> None:
    arms = ran(design(('name = "watching"', 'name = "watching"\nratio = 1.5'))).arms
    assert arms.shape == (30, 50)
    assert set(map(tuple, np.apply_along_axis(np.bincount, 1, arms).tolist())) == {(20, 30)}
    assert len({tuple(row) for row in arms.tolist()}) == 30
    assert abs((arms == 0).mean(axis=0) - 0.4).max() < 4.5 * sqrt(0.24 / 30)


def test_arms_are_alike_before_anything_is_done() -> None:
    one = ran(design(), trials=200)
    before = one.values["efficacy", BASELINE]
    means = [before[one.arms == arm].mean() for arm in (0, 1)]
    assert means[0] == pytest.approx(means[1], abs=4 * before.std() * sqrt(2 / 4000))


def test_a_dose_reaches_its_own_arm_alone() -> None:
    both = ('[[arms.doses]]\nkind = "model"\ntask = "touch"\ndays = [0, 2]\ntimes = 3', "")
    raised = ('kind = "attempt"\ntask = "touch"', 'kind = "model"\ntask = "touch"\nsimilarity = 1.0')
    quiet = ('kind = "score"\ntask = "touch"', 'kind = "judgement"\ntask = "touch"')
    one = ran(design(both, raised, quiet), trials=200)
    assert gained(one, 0).mean() > 0.02
    assert abs(gained(one, 1).mean()) < 4 * gained(one, 1).std() / sqrt(4000)


def test_doses_that_are_not_attended_do_nothing() -> None:
    full = ran(design(), trials=100)
    none = ran(design(('kind = "attempt"', 'kind = "attempt"\nattendance = 0.0')), trials=100)
    half = ran(design(('kind = "attempt"', 'kind = "attempt"\nattendance = 0.5')), trials=100)
    spread = [float(np.std(gained(one, 0))) for one in (none, half, full)]
    assert spread[0] < spread[1] < spread[2]


def test_people_leave_at_the_chance_of_a_day() -> None:
    one = ran(design(("[ladders]", LEAVING)), trials=200)
    gone = np.isfinite(one.left).mean()
    assert gone == pytest.approx(1 - 0.95**9, abs=4 * sqrt(0.25 / 8000))
    assert set(np.unique(one.left).tolist()) == {2.0, 9.0, np.inf}


def test_an_arm_has_its_own_chance_to_leave() -> None:
    own = ('name = "watching"', 'name = "watching"\ndrop_out = 0.0')
    one = ran(design(("[ladders]", LEAVING), own), trials=50)
    assert np.isfinite(one.left[one.arms == 0]).mean() > 0.3
    assert np.isinf(one.left[one.arms == 1]).all()


def test_doubt_makes_people_leave_as_the_engine_has_it() -> None:
    leaving = ("[ladders]", '[drop_out]\nfrom_doubt = true\ntask = "touch"\n\n[ladders]')
    sure, unsure = (
        ran(
            design(leaving, ("[[tasks]]", f"[people]\nbelief = {belief}\nspread = 0.0\n\n[[tasks]]")),
            trials=50,
        )
        for belief in (3.0, -3.0)
    )
    shares = [float(np.isfinite(one.left).mean()) for one in (sure, unsure)]
    assert shares[0] < shares[1]
    most, least = (1 - (1 - chance_of_quitting(x, Parameters())) ** 9 for x in (0.0, 1.0))
    assert least < shares[0] < shares[1] < most


def test_who_left_is_measured_only_if_followed() -> None:
    followed = ran(design(("[ladders]", LEAVING)))
    lost = ran(design(("[ladders]", LEAVING.replace("\n\n", "\nfollowed = false\n\n"))))
    assert not np.isnan(followed.values["efficacy", 9.0]).any()
    assert np.array_equal(np.isnan(lost.values["efficacy", 9.0]), lost.left <= 9.0)
    assert not np.isnan(lost.values["efficacy", BASELINE]).any()


def test_who_left_gets_no_more_doses() -> None:
    everyone = ("[ladders]", "[drop_out]\na_day = 1.0\n\n[ladders]")
    late = ("days = [0, 2]", "days = [2]")
    still = ('kind = "score"\ntask = "touch"', 'kind = "judgement"\ntask = "touch"')
    one = ran(design(everyone, late, ("days = [0, 2]", "days = [2]"), still), trials=200)
    for arm in (0, 1):
        assert abs(gained(one, arm).mean()) < 4 * gained(one, arm).std() / sqrt(4000)


def test_a_test_that_leaves_no_trace_changes_nobody() -> None:
    tested = (
        'kind = "score"\ntask = "touch"\ndays = [9]',
        'kind = "score"\ntask = "touch"\ndays = [2, 9]\nteaches = false',
    )
    free = (
        'kind = "attempt"\ntask = "touch"\ndays = [0, 2]',
        'kind = "attempt"\ntask = "touch"\ndays = [0]\nattendance = 0.0',
    )
    none = ('[[arms.doses]]\nkind = "model"\ntask = "touch"\ndays = [0, 2]\ntimes = 3', "")
    silent = ran(design(tested, free, none), trials=100)
    taught = ran(design((tested[0], tested[1].replace("\nteaches = false", "")), free, none), trials=100)
    spread = [np.concatenate([gained(one, arm) for arm in (0, 1)]).std() for one in (silent, taught)]
    assert spread[0] < 0.9 * spread[1]


def test_steps_are_counted_up_to_the_one_that_is_let_pass_or_fails() -> None:
    for kind in ("approach", "climb"):
        steps = ('kind = "judgement"', f'kind = "{kind}"')
        values = ran(design(steps), trials=50).values["efficacy", 9.0]
        assert set(np.unique(values).tolist()) == {0.0, 1.0, 2.0}
    climbed, approached = (
        ran(design(('kind = "judgement"', f'kind = "{kind}"')), trials=100)
        .values["efficacy", BASELINE]
        .mean()
        for kind in ("climb", "approach")
    )
    assert climbed < approached


def test_those_who_climb_come_to_higher_steps() -> None:
    able = ("[[tasks]]", "[people]\nability = 3.0\n\n[[tasks]]")
    climb = ('kind = "attempt"\ntask = "touch"', 'kind = "attempt"\nladder = "snake"\nclimbs = true')
    first = ('kind = "judgement"\nladder = "snake"', 'kind = "judgement"\ntask = "hold"')
    one, other = ran(design(able, climb, first), trials=200), ran(design(able, first), trials=200)
    assert gained(one, 0).mean() > gained(other, 0).mean() > 0.0


def test_help_makes_a_success_count_for_less() -> None:
    able = ("[[tasks]]", "[people]\nability = 4.0\n\n[[tasks]]")
    alone, helped = (
        ran(design(able, ('kind = "attempt"', f'kind = "attempt"\naid = {aid}')), trials=100)
        for aid in (0.0, 0.9)
    )
    assert gained(helped, 0).mean() < 0.8 * gained(alone, 0).mean()


def test_people_may_let_it_pass_where_they_may() -> None:
    afraid = ("[[tasks]]", "[people]\nbias = -6.0\nability = 4.0\n\n[[tasks]]")
    made, free = (
        ran(design(afraid, ('kind = "attempt"', f'kind = "attempt"\nmay_pass = {may}')), trials=100)
        for may in ("false", "true")
    )
    assert gained(free, 0).mean() < 0.5 * gained(made, 0).mean()


@pytest.mark.parametrize(
    ("dose", "grows"),
    [
        ('kind = "persuasion"\nconveyed = 0.9\ntask = "touch"', True),
        ('kind = "persuasion"\nconveyed = 0.05\ntask = "touch"', False),
        ('kind = "feedback"\noutcome = 1.0\ntask = "touch"', True),
        ('kind = "feedback"\noutcome = 0.0\ntask = "touch"', False),
        ('kind = "state"\narousal = 1.0\nappraisal = 1.0', True),
        ('kind = "state"\narousal = 1.0\nappraisal = -1.0', False),
        ('kind = "model"\noutcome = 0.0\ntask = "touch"', False),
    ],
)
def test_every_kind_of_dose_does_what_it_should(dose: str, grows: bool) -> None:
    quiet = ('kind = "score"\ntask = "touch"', 'kind = "judgement"\ntask = "touch"')
    one = ran(design(('kind = "attempt"\ntask = "touch"', dose), quiet), trials=100)
    assert (gained(one, 0, day=2.0).mean() > 0.01) == grows
    assert (gained(one, 0, day=2.0).mean() < -0.01) != grows


def test_feedback_on_the_last_attempt_needs_one() -> None:
    late = ("days = [0, 2]\ntimes = 3", "days = [2]\ntimes = 3")
    told = ('kind = "attempt"\ntask = "touch"', 'kind = "feedback"\ntask = "touch"')
    quiet = ('kind = "score"\ntask = "touch"', 'kind = "judgement"\ntask = "touch"')
    one = ran(design(told, late, quiet), trials=100)
    assert abs(gained(one, 0).mean()) < 4 * gained(one, 0).std() / sqrt(2000)


@pytest.mark.parametrize(("after", "grows"), [("worked", True), ("failed", False)])
def test_feedback_may_be_of_what_worked_or_of_what_failed(after: str, grows: bool) -> None:
    kind = f'kind = "feedback"\ntask = "touch"\nafter = "{after}"\ninternal = 1.0\ndays = [0, 2]'
    then = f"\n\n[[arms.doses]]\n{kind}"
    doses = (
        'kind = "attempt"\ntask = "touch"\ndays = [0, 2]\ntimes = 3',
        'kind = "attempt"\ntask = "touch"\ndays = [0, 2]',
    )
    alone = ran(design(doses), trials=200)
    told = ran(design((doses[0], doses[1] + then)), trials=200)
    assert (gained(told, 0).mean() > gained(alone, 0).mean() + 0.01) == grows
    assert (gained(told, 0).mean() < gained(alone, 0).mean() - 0.01) != grows
