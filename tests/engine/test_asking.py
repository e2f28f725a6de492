"""Which steps to ask about: what an answer tells, and what leaving out the rest loses."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rung import Engine, Event, Ladder, Parameters, Person, Questions, Task
from rung.engine.asking import questions
from rung.engine.scales import FloatArray, information, sigmoid

ENGINE = Engine()
DAY = 86_400.0
DOMAIN = "talks"
P = Parameters()
NOISE = P.rating_noise**2 + P.rating_step**2 / 12.0

difficulties = st.lists(st.floats(-2.5, 2.5), min_size=1, max_size=6)


def ladder_of(difficulties: list[float]) -> Ladder:
    tasks = (Task(DOMAIN, f"step {place}", difficulty) for place, difficulty in enumerate(difficulties))
    return Ladder(DOMAIN, tuple(tasks))


def judged(person: Person, task: Task, rating: float, at: float = 0.0) -> Person:
    return ENGINE.observe(person, Event("ana", DOMAIN, task.name, at, "judgement", rating, task.difficulty))


@st.composite
def people(draw: st.DrawFn, ladder: Ladder) -> Person:
    """Somebody who judged and tried some of the steps."""
    person = Person()
    for number in range(draw(st.integers(0, 4))):
        task, value = draw(st.sampled_from(ladder.tasks)), draw(st.floats(0.0, 1.0))
        kind = draw(st.sampled_from(("judgement", "attempt")))
        event = Event("ana", DOMAIN, task.name, number * DAY, kind, value, task.difficulty)
        person = ENGINE.observe(person, event._replace(feedback=value if kind == "attempt" else None))
    return person


def names(told: Questions) -> list[str]:
    return [question.task.name for question in told.asked]


@given(st.data())
def test_asking_more_never_tells_less(data: st.DataObject) -> None:
    ladder = ladder_of(data.draw(difficulties))
    told = ENGINE.questions(data.draw(people(ladder)), ladder)
    assert sorted(names(told)) == sorted(task.name for task in ladder.tasks)
    shares = [(0.0, 0.0), *((one.known, one.known_of_steps) for one in told.asked)]
    for (strength, steps), (more, more_of_steps) in itertools.pairwise(shares):
        assert more >= strength - 1e-9
        assert more_of_steps >= steps - 1e-9
    assert shares[-1] == (1.0, 1.0)
    errors = [told.error, *(one.error for one in told.asked)]
    assert errors == sorted(errors, reverse=True)
    assert sum(one.gained for one in told.asked) == pytest.approx(1.0)
    losses = [told.loss(count) for count in range(len(ladder.tasks) + 1)]
    assert losses == sorted(losses, reverse=True)
    assert losses[-1] == 0.0
    assert told.asked[-1].error_of_rest == 0.0


@given(st.data())
def test_the_order_does_not_depend_on_the_names(data: st.DataObject) -> None:
    ladder = ladder_of(data.draw(difficulties))
    renamed = Ladder(DOMAIN, tuple(task._replace(name=task.name[::-1]) for task in ladder.tasks))
    other = dict(zip(names_of(ladder), names_of(renamed), strict=True))
    rated, rating = data.draw(st.sampled_from(ladder.tasks)), data.draw(st.floats(0.0, 1.0))
    one = ENGINE.questions(judged(Person(), rated, rating), ladder)
    two = ENGINE.questions(judged(Person(), rated._replace(name=other[rated.name]), rating), renamed)
    assert [other[name] for name in names(one)] == names(two)
    assert [question[1:] for question in one.asked] == [question[1:] for question in two.asked]


def names_of(ladder: Ladder) -> list[str]:
    return [task.name for task in ladder.tasks]


@given(st.integers(2, 12), st.integers(0, 11), st.integers(0, 10))
def test_a_step_just_judged_is_last(steps: int, place: int, tenths: int) -> None:
    ladder = Ladder.of(DOMAIN, *(f"step {number}" for number in range(steps)))
    task = ladder.tasks[place % steps]
    told = ENGINE.questions(judged(Person(), task, tenths / 10), ladder)
    assert names(told)[-1] == task.name


@given(st.data())
def test_greedy_choice_is_about_as_good_as_the_best_of_all_choices(data: st.DataObject) -> None:
    ladder = ladder_of(data.draw(st.lists(st.floats(-2.5, 2.5), min_size=2, max_size=6)))
    person = data.draw(people(ladder))
    told = ENGINE.questions(person, ladder)
    prior = covariance_of(person, ladder)
    for count, question in enumerate(told.asked, start=1):
        shares = {
            places: known_after(prior, places)
            for places in itertools.combinations(range(len(ladder.tasks)), count)
        }
        chosen = tuple(sorted(ladder.tasks.index(one.task) for one in told.asked[:count]))
        assert question.known == pytest.approx(shares[chosen], abs=1e-6)
        assert shares[chosen] >= 0.97 * max(shares.values())
        assert count > 1 or shares[chosen] == pytest.approx(max(shares.values()), abs=1e-6)


def covariance_of(person: Person, ladder: Ladder) -> FloatArray:
    """Of the ladder's efficacies, by drawing from the state: no formula of the engine's own."""
    state = person.domains.get(DOMAIN)
    known = [] if state is None else [record.name for record in state.tasks]
    spread = P.set_point_spread**2 + P.belief_spread**2
    shared = np.array([[spread]]) if state is None else state.belief.covariance
    rows = np.zeros((len(ladder.tasks), len(shared) + len(ladder.tasks)))
    rows[:, 0] = 1.0
    if state is not None:
        rows[:, 2] = 1.0
    for place, task in enumerate(ladder.tasks):
        rows[place, 3 + known.index(task.name) if task.name in known else len(shared) + place] = 1.0
    everything = np.zeros((rows.shape[1], rows.shape[1]))
    everything[: len(shared), : len(shared)] = shared
    everything[len(shared) :, len(shared) :] = np.eye(len(ladder.tasks)) * P.task_spread**2
    z: FloatArray = rows @ everything @ rows.T
    slopes = np.array([slope_of(person, task, z[i, i]) for i, task in enumerate(ladder.tasks)])
    return z * np.outer(slopes, slopes)


def slope_of(person: Person, task: Task, variance: float) -> float:
    sure = ENGINE.efficacy(person, task).mean
    nodes = np.linspace(-6.0, 6.0, 2001)
    weights = np.exp(-0.5 * nodes**2) / np.exp(-0.5 * nodes**2).sum()
    z = np.log(sure / (1.0 - sure)) + variance**0.5 * nodes
    return float(np.sqrt(weights @ information(sigmoid(z)) ** 2))


def known_after(prior: FloatArray, places: tuple[int, ...]) -> float:
    """Share of the variance of the mean that answers to these steps take away, from the joint Gaussian."""

    def left(answered: list[int]) -> float:
        cross = prior[:, answered]
        among = prior[np.ix_(answered, answered)] + NOISE * np.eye(len(answered))
        return float((prior - cross @ np.linalg.inv(among) @ cross.T).sum())

    before, full = float(prior.sum()), left(list(range(len(prior))))
    return (before - left(list(places))) / (before - full)


def test_half_of_the_questions_of_a_new_ladder_tell_most_of_it() -> None:
    ladder = Ladder.of(DOMAIN, *(f"step {number}" for number in range(12)))
    told = ENGINE.questions(Person(), ladder)
    half = told.asked[5]
    assert 0.94 < half.known < 0.96
    assert 0.80 < half.known_of_steps < 0.85
    assert half.error_of_rest > half.error > told.asked[-1].error
    assert told.enough(0.94) == 6
    assert told.enough(1.0) == told.enough(2.0) == 12
    assert told.loss(6) == pytest.approx(half.error - told.asked[-1].error)
    assert told.loss(0) == pytest.approx(told.error - told.asked[-1].error)
    assert names(told)[:2] == ["step 5", "step 6"], "in the middle there is most to know; of two the easier"


def test_time_brings_back_what_is_not_known() -> None:
    ladder = ladder_of([-1.0, 0.0, 1.0])
    person = Person()
    for task in ladder.tasks:
        person = judged(person, task, 0.5)
    doubts = [ENGINE.questions(person, ladder, days * DAY).doubts for days in (0, 10, 100)]
    assert all(a < b < c for a, b, c in zip(*doubts, strict=True))
    assert ENGINE.questions(person, ladder, -DAY).doubts == doubts[0]


def test_the_error_is_the_one_that_is_found_when_people_are_drawn() -> None:
    """The promise before any answer, against what is left of people who are drawn and answer."""
    random, ladder = np.random.default_rng(3), ladder_of([-1.2, -0.4, 0.4, 1.2])
    told = ENGINE.questions(Person(), ladder)
    asked = [ladder.tasks.index(question.task) for question in told.asked[:2]]
    squares = []
    for _ in range(400):
        belief = np.hypot(P.set_point_spread, P.belief_spread) * random.standard_normal()
        own = P.task_spread * random.standard_normal(4)
        sure = sigmoid(np.array([belief - (task.difficulty or 0.0) for task in ladder.tasks]) + own)
        person = Person()
        for place in asked:
            said = float(np.clip(sure[place] + P.rating_noise * random.standard_normal(), 0.0, 1.0))
            person = judged(person, ladder.tasks[place], said)
        found = np.array([ENGINE.efficacy(person, task).mean for task in ladder.tasks])
        squares.append((found - sure) ** 2)
    assert np.mean(squares) ** 0.5 == pytest.approx(told.asked[1].error, rel=0.1)


def test_a_domain_with_more_tasks_than_are_kept_can_be_asked_about() -> None:
    person = Person()
    for number in range(48):
        person = judged(person, Task(DOMAIN, f"other {number}"), 0.5, float(number))
    told = ENGINE.questions(person, Ladder.of(DOMAIN, "new", "other 0", "other 47"))
    assert names(told)[0] == "new"


def test_a_ladder_without_steps_asks_nothing() -> None:
    told = ENGINE.questions(Person(), Ladder(DOMAIN, ()))
    assert (len(told.asked), len(told.doubts)) == (0, 0)
    assert told.loss(0) == told.error == 0.0
    assert told.enough(0.5) == 0


def test_the_domain_as_a_whole_can_be_asked_about() -> None:
    told = ENGINE.questions(Person(), Ladder(DOMAIN, (Task(DOMAIN),)))
    assert told.asked[0].known == 1.0
    assert told.doubts[0] < ENGINE.questions(Person(), ladder_of([0.0])).doubts[0]


def test_noisier_answers_tell_less() -> None:
    ladder = ladder_of([-1.0, 0.0, 1.0])
    noisy = questions(Person(), ladder, None, replace(P, rating_noise=0.3))
    assert noisy.asked[-1].error > questions(Person(), ladder, None, P).asked[-1].error
    assert noisy.noise > 0.3
