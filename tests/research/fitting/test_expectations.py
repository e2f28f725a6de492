"""Tables of cases are learned from some people and tried on others, fold by fold."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from rung.engine.events import Event
from rung.engine.parameters import Parameters
from rung.engine.prediction.cases import NONE, expected
from rung.engine.prediction.crowd import expect
from rung.engine.prediction.model import Model
from rung.log import Log
from rung.research.fitting.expectations import EVERYONE, Expectations, learn_tables
from rung.research.fitting.parts import parts_of
from rung.research.fitting.samples import draw
from rung.research.fitting.workers import in_turn
from rung.research.folds import folds_of

PEOPLE, ROUNDS = 40, 12
POPULATION = Model.default().judgements


def sudden(seed: int = 0, others: int = -1) -> list[Event]:
    """People who take no notice of what they are told up to .5, and jump beyond; no line is like that.

    With `others`, those of the first fold are other people.
    """
    fold = next(iter(folds_of(range(PEOPLE)))).test
    events = []
    for person in range(PEOPLE):
        random = np.random.default_rng((seed if others < 0 or person not in fold else others, person))
        for turn in range(ROUNDS):
            told = float(random.random())
            said = 0.3 + 0.4 * (told > 0.5) + 0.02 * float(random.normal())
            who = f"p{person:02}"
            events.append(Event(who, "talks", "", 2.0 * turn, "attempt", None, feedback=told))
            events.append(Event(who, "talks", "", 2.0 * turn + 1.0, "judgement", said))
    return events


@lru_cache(maxsize=2)
def made(others: int = -1) -> Expectations:
    with TemporaryDirectory() as folder, in_turn() as workers:
        parts = parts_of(Log.of(sudden(others=others)), "log", Path(folder, "parts"))
        sample = draw(parts, Path(folder), workers)
    return Expectations(sample, POPULATION, {0: POPULATION._replace(noise=0.5)}, Parameters())


def test_the_regression_of_each_fold_is_that_of_its_population() -> None:
    found = made()
    for fold, population in [(EVERYONE, POPULATION), (0, POPULATION._replace(noise=0.5)), (1, POPULATION)]:
        means, sds = expect(found.known, population)
        assert found.of(fold).regression.tolist() == means.tolist()
        assert found.of(fold).sd.tolist() == sds.tolist()


def test_who_is_held_out_is_expected_by_tables_that_are_not_learned_from_them() -> None:
    found, known = made().of(1), made().known
    held = (made().fold == 1)[known.person]
    wanted = expected(found.cases, known.rows[held], found.regression[held])
    assert found.mean[held].tolist() == wanted.tolist()
    others = made(others=9)
    assert others.of(0).cases.values.tolist() == made().of(0).cases.values.tolist()
    assert others.of(1).cases.values.tolist() != made().of(1).cases.values.tolist()


def test_tables_that_find_what_a_line_cannot_are_better() -> None:
    learned = learn_tables(made(), NONE)
    assert learned is not None
    assert (learned.people, learned.answers) == (PEOPLE, PEOPLE * (ROUNDS - 1))
    assert len(learned.fitted.values) > 0
    assert learned.held_out is not None
    assert learned.held_out.people == PEOPLE
    error = learned.held_out.scores["squared error"]
    assert error.fitted.value is not None
    assert error.given.value is not None
    assert error.fitted.value < 0.6 * error.given.value
    assert learned.held_out.is_better


def test_tables_are_no_better_than_themselves() -> None:
    both = learn_tables(made(), NONE)
    assert both is not None
    again = learn_tables(made(), both.fitted)
    assert again is not None
    assert again.held_out is not None
    assert not again.held_out.is_better


def test_each_one_has_their_own_rows() -> None:
    found = made()
    rows = [found.rows(person) for person in range(PEOPLE)]
    assert sorted(np.concatenate(rows).tolist()) == list(range(len(found.known.change)))
    assert all((found.known.person[mine] == person).all() for person, mine in enumerate(rows))
    assert all((np.diff(found.known.place[mine]) > 0).all() for mine in rows)
